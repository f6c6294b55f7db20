// All journeys: what users come to do, promised over the objectives it passes through.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { ratioText, windowText } from '../../parts/format.ts'
import { Meter } from '../../parts/meter.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type JourneySummary, journeys } from '../../shell/journey-api.ts'
import { objectiveLook } from '../../shell/words.ts'

const order: readonly JourneySummary['state'][] = ['exhausted', 'burning', 'expired', 'no-data', 'no-events', 'ok']

const columns: readonly Column<JourneySummary>[] = [
  { id: 'state', title: 'State', track: '120px', cell: (row) => <State journey={row} /> },
  { id: 'target', title: 'Promised', track: '96px', end: true, cell: (row) => ratioText(row.target) },
  { id: 'window', title: 'Window', track: '64px', end: true, cell: (row) => windowText(row.windowMs), from: 760 },
  { id: 'came', title: 'Came to', track: '96px', end: true, cell: (row) => ratioText(row.attainment) },
  { id: 'product', title: 'Product', track: '96px', end: true, cell: (row) => ratioText(row.product), from: 980 },
  {
    id: 'budget',
    title: 'Budget left',
    track: 'minmax(130px, 1fr)',
    cell: (row) => <Meter remaining={row.remainingRatio} label={`Budget left of ${row.displayName}`} />,
  },
]

export default function JourneysPage() {
  const [search, setSearch] = useUrlState('search', '')
  const query = useQuery({
    queryKey: ['journeys', 'list'],
    queryFn: ({ signal }) => journeys.list(signal),
    refetchInterval: 30_000,
  })
  const rows = useMemo(() => {
    const wanted = search.toLowerCase()
    return (query.data?.items ?? [])
      .filter((row) => `${row.name} ${row.displayName} ${row.team ?? ''}`.toLowerCase().includes(wanted))
      .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.displayName.localeCompare(b.displayName))
  }, [query.data, search])
  return (
    <>
      <PageHead title="Journeys" />
      <div className="toolbar">
        <FilterField value={search} onChange={setSearch} label="Filter journeys" />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} />}
      {query.data !== undefined && rows.length === 0 && search === '' && (
        <Empty title="No journey is promised yet." command="mainstay apply -f journeys/">
          Users do not see services: they buy something, and all they pass through must work. A JourneyObjective
          promises that over your objectives.
        </Empty>
      )}
      {query.data !== undefined && rows.length === 0 && search !== '' && (
        <Empty title="No journey matches this filter." />
      )}
      {rows.length > 0 && (
        <DataTable
          label="Journeys"
          rows={rows}
          idOf={(row) => row.name}
          href={(row) => `/journeys/${row.name}`}
          lead={{ title: 'Journey', track: 'minmax(160px, 2fr)', cell: (row) => row.displayName }}
          columns={columns}
          compactHeight={72}
          compact={(row) => (
            <>
              <span className="compact-top">
                <span className="grow">{row.displayName}</span>
                <State journey={row} />
              </span>
              <span className="compact-sub">
                <span className="grow">
                  {ratioText(row.attainment)} of {ratioText(row.target)}
                </span>
                <span className="compact-meter">
                  <Meter remaining={row.remainingRatio} label={`Budget left of ${row.displayName}`} />
                </span>
              </span>
            </>
          )}
        />
      )}
    </>
  )
}

function State({ journey }: { journey: JourneySummary }) {
  const look = objectiveLook(journey.state)
  return <StateMark tone={look.tone} word={look.word} />
}
