// All service-level agreements: what contracts promise, and how the period that runs stands.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Choice } from '../../parts/choice.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { plural } from '../../parts/format.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type AgreementLine, agreements } from '../../shell/agreement-api.ts'
import { looks } from './agreement-words.ts'
import './agreements.css'

const states = [
  { value: 'declared', title: 'Declared' },
  { value: 'removed', title: 'Removed' },
] as const
type State = (typeof states)[number]['value']

const order: readonly AgreementLine['verdict'][] = ['missed', 'open', 'kept']

const columns: readonly Column<AgreementLine>[] = [
  { id: 'verdict', title: 'Verdict', track: '104px', cell: (row) => <StateMark {...looks[row.verdict]} /> },
  { id: 'customer', title: 'Customer', track: 'minmax(110px, 1fr)', cell: (row) => row.customer },
  { id: 'target', title: 'Promised', track: '88px', end: true, cell: (row) => `${row.targetText} %` },
  { id: 'attained', title: 'Attained', track: '120px', end: true, cell: (row) => row.attainedText, from: 760 },
  { id: 'period', title: 'Period', track: '150px', cell: (row) => row.title ?? row.period, from: 980 },
  {
    id: 'said',
    title: 'What is said of it',
    track: 'minmax(180px, 2fr)',
    cell: (row) => <span className="agreement-near">{nearOf(row)}</span>,
    from: 640,
  },
]

function nearOf({ warning, unsettled, removed, sentence }: AgreementLine): string {
  if (removed) return sentence
  const waits = unsettled === 0 ? null : `${plural(unsettled, 'period')} to settle.`
  return [warning, waits].filter((each) => each !== null).join(' ')
}

export default function AgreementsPage() {
  const [search, setSearch] = useUrlState('search', '')
  const [state, setState] = useUrlState<State>('state', 'declared')
  const query = useQuery({
    queryKey: ['agreements', 'list', state],
    queryFn: ({ signal }) => agreements.list(state, signal),
    refetchInterval: 60_000,
  })
  const rows = useMemo(() => {
    const wanted = search.toLowerCase()
    return (query.data?.items ?? [])
      .filter((row) =>
        `${row.name} ${row.displayName} ${row.customer} ${row.team ?? ''}`.toLowerCase().includes(wanted),
      )
      .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || a.displayName.localeCompare(b.displayName))
  }, [query.data, search])
  const count = query.data?.items.filter((row) => row.warning !== null).length
  return (
    <>
      <PageHead
        title="Agreements"
        sentence={
          count === undefined || query.data?.items.length === 0 || state === 'removed'
            ? undefined
            : count === 0
              ? 'No credit is due or near.'
              : `${plural(count, 'agreement')} with a credit due or near.`
        }
      />
      <div className="toolbar">
        <Choice label="Which" options={states} value={state} onChange={setState} />
        <FilterField value={search} onChange={setSearch} label="Filter agreements" />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} />}
      {query.data !== undefined && rows.length === 0 && search === '' && state === 'removed' && (
        <Empty title="No agreement that was removed had a settled period." />
      )}
      {query.data !== undefined && rows.length === 0 && search === '' && state === 'declared' && (
        <Empty title="No agreement is declared yet." command="mainstay apply -f agreement.yaml">
          A ServiceLevelAgreement says what a contract promises beside an objective: to whom, over which periods, what
          counts as downtime, and what is paid back.
        </Empty>
      )}
      {query.data !== undefined && rows.length === 0 && search !== '' && (
        <Empty title="No agreement matches this filter." />
      )}
      {rows.length > 0 && (
        <DataTable
          label="Agreements"
          rows={rows}
          idOf={(row) => row.name}
          href={(row) => `/agreements/${row.name}`}
          lead={{ title: 'Agreement', track: 'minmax(160px, 2fr)', cell: (row) => row.displayName }}
          columns={columns}
          compactHeight={72}
          compact={(row) => (
            <>
              <span className="compact-top">
                <span className="grow">{row.displayName}</span>
                <StateMark {...looks[row.verdict]} />
              </span>
              <span className="compact-sub">
                <span className="grow">
                  {row.customer}: {row.attainedText} of {row.targetText} %
                </span>
              </span>
            </>
          )}
        />
      )}
    </>
  )
}
