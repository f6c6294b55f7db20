// All objectives, worst first.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
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
import { objectiveLook } from '../../shell/words.ts'

type StateFilter = 'all' | 'trouble' | 'no-data'
const rankOf = { exhausted: 0, burning: 1, 'no-data': 2, 'no-events': 3, ok: 4 } as const

export default function ObjectivesPage() {
  const [search, setSearch] = useUrlState('search', '')
  const [state, setState] = useUrlState<StateFilter>('state', 'all')
  const [sort, setSort] = useUrlState('sort', 'state')
  const query = useQuery({
    queryKey: ['objectives', 'list', {}],
    queryFn: ({ signal }) => objectives.list({ limit: 500 }, signal),
  })
  const all = query.data?.items ?? []
  const trouble = all.filter((each) => each.state === 'burning' || each.state === 'exhausted').length
  const dark = all.filter((each) => each.state === 'no-data' || each.state === 'no-events').length
  const rows = useMemo(() => {
    const wanted = search.toLowerCase()
    const kept = (query.data?.items ?? []).filter((each) => {
      if (state === 'trouble' && each.state !== 'burning' && each.state !== 'exhausted') return false
      if (state === 'no-data' && each.state !== 'no-data' && each.state !== 'no-events') return false
      return (
        wanted === '' ||
        `${each.displayName} ${each.name} ${each.service} ${each.team ?? ''}`.toLowerCase().includes(wanted)
      )
    })
    return sortRows(kept, sort, {
      name: (row) => row.displayName,
      state: (row) => rankOf[row.state] * 1000 + (row.tier ?? 9) * 10 + (row.budget.remainingRatio ?? 5),
      service: (row) => row.service,
      target: (row) => row.target,
      budget: (row) => row.budget.remainingRatio,
      burn: (row) => row.burn?.rate,
    })
  }, [query.data, search, state, sort])
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
      <PageHead title="Objectives" />
      <div className="toolbar">
        <Choice
          label="State"
          value={state}
          onChange={setState}
          options={[
            { value: 'all', title: 'All', count: all.length },
            { value: 'trouble', title: 'Burning or exhausted', count: trouble },
            { value: 'no-data', title: 'No data', count: dark },
          ]}
        />
        <FilterField value={search} onChange={setSearch} label="Filter objectives" />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={10} />}
      {query.data !== undefined && all.length === 0 && (
        <Empty title="No objective is declared yet." command="mainstay apply -f openslo/">
          An objective says which share of events must be good over which time. OpenSLO v1 files are read as they are.
        </Empty>
      )}
      {all.length > 0 && rows.length === 0 && <Empty title="No objective matches this filter." />}
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
