// How the load of the shown weeks falls on people.
import { useQuery } from '@tanstack/react-query'
import { numberText, shareText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { oncall } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'

const hours = (ms: number): string => numberText(Math.round(ms / 3_600_000))

export function LoadTable({ schedule, bounds }: { schedule: string; bounds: { from: string; to: string } }) {
  const people = usePeople()
  const query = useQuery({
    queryKey: ['oncall', 'load', schedule, bounds.from, bounds.to],
    queryFn: ({ signal }) => oncall.load(schedule, bounds, signal),
    placeholderData: (before) => before,
  })
  if (query.data === undefined) return <ProblemNote error={query.error} />
  if (query.data.people.length < 2) return null
  const { unevenness } = query.data
  return (
    <Section
      title="How the load falls"
      aside={unevenness === 0 ? 'Even' : `The most loaded carries ${unevenness} % more than an even share`}
    >
      <ScrollX label="Load of each person">
        <table className="plain-table load-table">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Hours</th>
              <th scope="col">Nights</th>
              <th scope="col">Weekends</th>
              <th scope="col">Holidays</th>
              <th scope="col" title="Nights and weekends count 1.5, holidays 2">
                Weighted share
              </th>
            </tr>
          </thead>
          <tbody>
            {query.data.people.map((each) => (
              <tr key={each.person}>
                <th scope="row">{people.get(each.person)?.title ?? each.person}</th>
                <td>{hours(each.totalMs)}</td>
                <td>{hours(each.nightMs)}</td>
                <td>{hours(each.weekendMs)}</td>
                <td>{hours(each.holidayMs)}</td>
                <td>{shareText(each.share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Section>
  )
}
