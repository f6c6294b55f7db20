// Who of the groups was hit by what: a table that adds up both ways, and when the budget of each is gone.
import { useQuery } from '@tanstack/react-query'
import { numberText, shareText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { Time } from '../../parts/time.tsx'
import { type GroupLedger as Ledger, objectiveRoom } from '../../shell/objective-api.ts'

const most = 5
// A phone shows three numbers beside a name; what is smaller stands together.
const shownCauses = 4

export function GroupLedger({ name }: { name: string }) {
  const query = useQuery({
    queryKey: ['objectives', 'group-ledger', name],
    queryFn: ({ signal }) => objectiveRoom.groupLedger(name, most, signal),
    refetchInterval: 60_000,
  })
  const ledger = query.data
  if (query.error === null && (ledger === undefined || ledger.total === 0)) return null
  return (
    <Section title="Groups by cause">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {ledger !== undefined && (
        <>
          <p className="soft">{ledger.sentence}</p>
          <Table ledger={ledger} />
        </>
      )}
    </Section>
  )
}

function Table({ ledger }: { ledger: Ledger }) {
  const { causes, groups, others, total } = ledger
  const shown = causes.slice(0, shownCauses)
  const rest = causes.length - shown.length
  const cells = (byCause: readonly number[]) => [
    ...shown.map((each, index) => ({ key: each.cause.id ?? each.cause.kind, bad: byCause[index] ?? 0 })),
    ...(rest > 0 ? [{ key: 'rest', bad: byCause.slice(shownCauses).reduce((all, each) => all + each, 0) }] : []),
  ]
  return (
    <ScrollX label="Groups by cause">
      <table className="plain-table tiers">
        <thead>
          <tr>
            <th scope="col">Group</th>
            {shown.map((each) => (
              <th scope="col" className="end" key={each.cause.id ?? each.cause.kind}>
                <span className="cause-name" title={each.cause.label}>
                  {each.cause.label}
                </span>
              </th>
            ))}
            {rest > 0 && (
              <th scope="col" className="end">
                {rest} more
              </th>
            )}
            <th scope="col" className="end">
              All
            </th>
            <th scope="col">Its own budget</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.name}>
              <th scope="row" className="group-name">
                {group.name}
              </th>
              {cells(group.byCause).map((cell) => (
                <td className="end" key={cell.key}>
                  {numberText(cell.bad)}
                </td>
              ))}
              <td className="end">
                {numberText(group.bad)} ({shareText(group.share)})
              </td>
              <td>
                <Forecast group={group} />
              </td>
            </tr>
          ))}
          {others !== null && others.groups + others.bad > 0 && (
            <tr>
              <th scope="row">All others</th>
              {cells(others.byCause).map((cell) => (
                <td className="end" key={cell.key}>
                  {numberText(cell.bad)}
                </td>
              ))}
              <td className="end">
                {numberText(others.bad)} ({shareText(others.share)})
              </td>
              <td />
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <td>The whole objective</td>
            {cells(causes.map((each) => each.bad)).map((cell) => (
              <td className="end" key={cell.key}>
                {numberText(cell.bad)}
              </td>
            ))}
            <td className="end">{numberText(total)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </ScrollX>
  )
}

function Forecast({ group }: { group: Ledger['groups'][number] }) {
  const { forecast, remainingRatio } = group
  if (forecast.at !== null)
    return (
      <>
        gone <Time at={forecast.at} show="relative" />
      </>
    )
  if (forecast.recoversAt !== null)
    return (
      <>
        kept again <Time at={forecast.recoversAt} show="relative" />
      </>
    )
  return <span title={forecast.sentence}>{remainingRatio === null ? '–' : `${shareText(remainingRatio)} left`}</span>
}
