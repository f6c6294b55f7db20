// Who spent the budget: rows by cause that sum to all that was spent.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { durationText, numberText, shareText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { Time } from '../../parts/time.tsx'
import { type Ledger as LedgerReply, type Objective, objectives } from '../../shell/api.ts'
import { shownShares } from './ledger-shares.ts'

type Cause = LedgerReply['rows'][number]['cause']

export function Ledger({ name, budget }: { name: string; budget: Objective['budget'] }) {
  const query = useQuery({
    queryKey: ['objectives', 'ledger', name],
    queryFn: ({ signal }) => objectives.ledger(name, signal),
    refetchInterval: 30_000,
  })
  const ledger = query.data
  const rows = [...(ledger?.rows ?? [])].sort((a, b) => b.bad - a.bad)
  const shares = shownShares(rows.map((row) => row.bad))
  return (
    <Section title="Budget ledger" aside={<span>{numberText(budget.spentBad)} bad events spent</span>}>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} />}
      {ledger !== undefined && rows.length === 0 && <Empty title="Nothing of the budget is spent in this window." />}
      {rows.length > 0 && ledger !== undefined && (
        <ScrollX label="Budget ledger">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Cause</th>
                <th scope="col">When</th>
                <th scope="col" className="end">
                  Lasted
                </th>
                <th scope="col" className="end">
                  Bad events
                </th>
                <th scope="col" className="end">
                  Share
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={`${row.from} ${row.cause.kind} ${row.cause.id ?? ''}`}>
                  <td>
                    <span className="tag">{row.cause.kind}</span> <CauseLink cause={row.cause} />
                  </td>
                  <td>
                    <Time at={row.from} />
                  </td>
                  <td className="end">{durationText(Date.parse(row.to) - Date.parse(row.from))}</td>
                  <td className="end">{numberText(row.bad)}</td>
                  <td className="end">
                    <span className="share-bar" aria-hidden="true">
                      <span style={{ width: `${row.share * 100}%` }} />
                    </span>
                    {shares[index]} %
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={3}>
                  Total
                  {ledger.total !== budget.spentBad && (
                    <span className="soft">
                      {' '}
                      (the head says {numberText(budget.spentBad)}, counted at another moment)
                    </span>
                  )}
                </td>
                <td className="end">{numberText(ledger.total)}</td>
                <td className="end">{shareText(1)}</td>
              </tr>
            </tfoot>
          </table>
        </ScrollX>
      )}
      {ledger !== undefined && (ledger.excluded?.length ?? 0) > 0 && (
        <ul className="taken-out" aria-label="Taken out of the budget">
          {ledger.excluded?.map((each) => (
            <li key={each.id}>
              <span className="tag">{each.mode === 'drop' ? 'not counted' : 'counted as good'}</span> {each.reason}
              <span className="soft">
                {' '}
                · {each.author} · {numberText(each.bad)} bad events taken out
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function CauseLink({ cause }: { cause: Cause }) {
  if (cause.id === null) return <span>{cause.label}</span>
  if (cause.kind === 'incident') return <Link href={`/incidents/${cause.id}`}>{cause.label}</Link>
  if (cause.kind === 'dependency') return <Link href={`/services/${cause.id}`}>{cause.label}</Link>
  return <span>{cause.label}</span>
}
