// The budget report of a calendar window: the running period, and those that ended.
import { useQuery } from '@tanstack/react-query'
import { SkeletonRows } from '../../parts/empty.tsx'
import { numberText, ratioText, shareText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { objectiveRoom } from '../../shell/objective-api.ts'

export function Periods({ name }: { name: string }) {
  const query = useQuery({
    queryKey: ['objectives', 'periods', name],
    queryFn: ({ signal }) => objectiveRoom.periods(name, signal),
    refetchInterval: 30_000,
  })
  return (
    <Section title="Periods">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={3} />}
      {query.data !== undefined && (
        <ScrollX label="Periods">
          <table className="plain-table tiers">
            <thead>
              <tr>
                <th scope="col">Kept</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col" className="end">
                  Attained
                </th>
                <th scope="col" className="end">
                  Spent
                </th>
                <th scope="col" className="end">
                  Budget left
                </th>
                <th scope="col" className="end">
                  Measured
                </th>
              </tr>
            </thead>
            <tbody>
              {query.data.items.map((each) => (
                <tr key={each.start}>
                  <td>
                    {each.met === null ? (
                      <StateMark tone="unknown" />
                    ) : (
                      <StateMark
                        tone={each.met ? 'ok' : 'critical'}
                        word={
                          each.state === 'running' ? (each.met ? 'So far' : 'Overspent') : each.met ? 'Kept' : 'Missed'
                        }
                      />
                    )}
                  </td>
                  <td>
                    <Time at={each.start} />
                  </td>
                  <td>
                    <Time at={each.end} />
                  </td>
                  <td className="end">{ratioText(each.attainment)}</td>
                  <td className="end">{numberText(each.spentBad)}</td>
                  <td className="end">
                    {shareText(each.remainingRatio)}
                    {each.state === 'running' && each.projectedRemainingRatio !== each.remainingRatio && (
                      <span className="soft"> · {shareText(each.projectedRemainingRatio)} if the rest is as busy</span>
                    )}
                  </td>
                  <td className="end">{shareText(each.measuredRatio)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Section>
  )
}
