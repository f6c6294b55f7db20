// All objectives, worst first.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { burnText, ratioText, windowText } from '../../parts/format.ts'
import { Meter } from '../../parts/meter.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { sortRows } from '../../parts/table-rows.ts'
import { useUrlState } from '../../parts/url-state.ts'
import { type Objective, objectives } from '../../shell/api.ts'
import { usePaged } from '../../shell/paged.ts'
import { objectiveLook } from '../../shell/words.ts'

// To be looked at again is no state; it is chosen in the same place, because one looks for one or the other.
type StateFilter = 'all' | 'trouble' | 'unknown' | 'expired' | 'review'

const isServerSort = (sort: string) => sort === 'state' || sort === 'name'
const serverSort = (sort: string): 'worst' | 'name' => (sort === 'state' ? 'worst' : 'name')
const asked = (state: StateFilter) => (state === 'all' ? {} : state === 'review' ? { review: 'due' } : { state })
const countOf = (count: number | undefined) => (count === undefined ? {} : { count })

export default function ObjectivesPage() {
  const [search, setSearch] = useUrlState('search', '')
  const [state, setState] = useUrlState<StateFilter>('state', 'all')
  const [sort, setSort] = useUrlState('sort', 'state')
  const {
    query,
    rows: loaded,
    onEnd,
  } = usePaged<Objective>({
    key: ['objectives', 'list', { search, state, sort: serverSort(sort) }],
    read: (page, signal) => objectives.list({ search, sort: serverSort(sort), ...asked(state), ...page }, signal),
    // The server lists worst first or by name; any other order needs all of them.
    whole: !isServerSort(sort),
  })
  const counts = useQuery({
    queryKey: ['objectives', 'counts', { search }],
    queryFn: ({ signal }) => objectives.counts({ search }, signal),
    placeholderData: (before) => before,
  }).data
  const rows = useMemo(
    () =>
      isServerSort(sort)
        ? loaded
        : sortRows(loaded, sort, {
            name: (row) => row.name,
            service: (row) => row.service,
            target: (row) => row.target,
            budget: (row) => row.budget.remainingRatio,
            burn: (row) => row.burn?.rate,
          }),
    [loaded, sort],
  )
  /** Offered while there are any: most installations have none. */
  const offered = (value: StateFilter, title: string, count: number | undefined) =>
    state === value || (count ?? 0) > 0 ? [{ value, title, ...countOf(count) }] : []
  const filtered = search !== '' || state !== 'all'
  const columns: readonly Column<Objective>[] = [
    {
      id: 'state',
      title: 'State',
      track: '136px',
      sortable: true,
      cell: (row) => {
        const look = objectiveLook(row.state, row.level)
        return <StateMark tone={look.tone} word={look.word} />
      },
    },
    { id: 'service', title: 'Service', track: 'minmax(80px, 1fr)', cell: (row) => row.service, sortable: true },
    { id: 'target', title: 'Target', track: '92px', end: true, sortable: true, cell: (row) => ratioText(row.target) },
    { id: 'window', title: 'Window', track: '60px', end: true, cell: (row) => windowText(row.windowMs), from: 760 },
    {
      id: 'burn',
      title: 'Burn',
      track: '64px',
      end: true,
      sortable: true,
      cell: (row) => burnText(row.burn?.rate ?? null),
    },
    {
      id: 'budget',
      title: 'Budget left',
      track: 'minmax(130px, 1fr)',
      sortable: true,
      cell: (row) => <Meter remaining={row.budget.remainingRatio} label={`Budget left of ${row.displayName}`} />,
    },
  ]
  return (
    <>
      <PageHead
        title="Objectives"
        actions={
          <>
            <Link href="/objective-reviews">Reviews</Link>
            <Link href="/slo-report">Report of a period</Link>
          </>
        }
      />
      <div className="toolbar">
        <Choice
          label="State"
          value={state}
          onChange={setState}
          options={[
            { value: 'all', title: 'All', ...countOf(counts?.total) },
            {
              value: 'trouble',
              title: 'Burning or exhausted',
              ...countOf(counts && counts.burning + counts.exhausted),
            },
            { value: 'unknown', title: 'No data', ...countOf(counts && counts.noData + counts.noEvents) },
            ...offered('expired', 'Expired', counts?.expired),
            ...offered('review', 'To review', counts?.reviewDue),
          ]}
        />
        <FilterField value={search} onChange={setSearch} label="Filter objectives" />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={10} />}
      {query.data !== undefined && rows.length === 0 && !filtered && (
        <Empty title="No objective is declared yet." command="mainstay apply -f openslo/">
          An objective says which share of events must be good over which time. OpenSLO v1 files are read as they are.
        </Empty>
      )}
      {query.data !== undefined && rows.length === 0 && filtered && <Empty title="No objective matches this filter." />}
      {rows.length > 0 && (
        <DataTable
          label="Objectives"
          rows={rows}
          idOf={(row) => row.name}
          href={(row) => `/objectives/${row.name}`}
          lead={{ title: 'Objective', track: 'minmax(160px, 2fr)', cell: (row) => row.displayName, sortable: true }}
          columns={columns}
          sort={sort}
          onSort={setSort}
          onEnd={onEnd}
          {...(state === 'all' && counts !== undefined ? { total: counts.total } : {})}
          compactHeight={72}
          compact={(row) => {
            const look = objectiveLook(row.state, row.level)
            return (
              <>
                <span className="compact-top">
                  <span className="grow">{row.displayName}</span>
                  <StateMark tone={look.tone} word={look.word} />
                </span>
                <span className="compact-sub">
                  <span className="grow">
                    {row.service}, {ratioText(row.target)}
                  </span>
                  <span className="compact-meter">
                    <Meter remaining={row.budget.remainingRatio} label={`Budget left of ${row.displayName}`} />
                  </span>
                </span>
              </>
            )
          }}
        />
      )}
    </>
  )
}
