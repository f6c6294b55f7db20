// Whether the target can be kept with the services it depends on.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { ratioText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateShape } from '../../parts/state-mark.tsx'
import { journeys, type ObjectiveCeiling } from '../../shell/journey-api.ts'

export function Ceiling({ name }: { name: string }) {
  const query = useQuery({
    queryKey: ['objectives', 'ceiling', name],
    queryFn: ({ signal }) => journeys.ceiling(name, signal),
    refetchInterval: 60_000,
  })
  const { data } = query
  if (query.error !== null) return <ProblemNote error={query.error} retry={() => void query.refetch()} />
  // Nothing to say of what depends on nothing.
  if (data === undefined || data.dependencies.length === 0) return null
  return (
    <Section title="What it depends on">
      <Verdict ceiling={data.ceiling} />
      <ScrollX label="What it depends on">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">Dependency</th>
              <th scope="col">Best promise</th>
              <th scope="col" className="end">
                Promises
              </th>
              <th scope="col" className="end">
                Came to
              </th>
            </tr>
          </thead>
          <tbody>
            {data.dependencies.map((each) => (
              <tr key={each.service}>
                <td>
                  <Link href={`/services/${each.service}`}>{each.service}</Link>
                </td>
                <td>{each.strength === 'hard' ? 'needed' : 'soft, left out'}</td>
                <td>
                  {each.objective === null ? (
                    <span className="soft">promises nothing</span>
                  ) : (
                    <Link href={`/objectives/${each.objective}`}>{each.objective}</Link>
                  )}
                </td>
                <td className="end">{ratioText(each.target)}</td>
                <td className="end">{ratioText(each.attainment)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Section>
  )
}

function Verdict({ ceiling }: Pick<ObjectiveCeiling, 'ceiling'>) {
  if (ceiling.sentence === null) return null
  const above = ceiling.state === 'above-promised' || ceiling.state === 'above-measured'
  return (
    <div className="note">
      <StateShape tone={above ? 'warning' : ceiling.state === 'fits' ? 'ok' : 'info'} />
      <div className="note-body">
        <p className={above ? 'note-title' : undefined}>{ceiling.sentence}</p>
      </div>
    </div>
  )
}
