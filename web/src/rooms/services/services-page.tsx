// All services: filter, sort, and the state of their objectives in one column.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { plural } from '../../parts/format.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { sortRows } from '../../parts/table-rows.ts'
import { useUrlState } from '../../parts/url-state.ts'
import { catalog, type Objective, objectives, type ServiceSummary } from '../../shell/api.ts'
import { objectiveLook } from '../../shell/words.ts'

const order = { exhausted: 0, burning: 1, 'no-data': 2, 'no-events': 3, ok: 4 } as const

/** The state a service shows is that of its worst objective. */
function worstByService(items: readonly Objective[]): ReadonlyMap<string, Objective> {
  const worst = new Map<string, Objective>()
  for (const each of items) {
    const known = worst.get(each.service)
    if (known === undefined || order[each.state] < order[known.state]) worst.set(each.service, each)
  }
  return worst
}

export default function ServicesPage() {
  const [search, setSearch] = useUrlState('search', '')
  const [team, setTeam] = useUrlState('team', '')
  const [tier, setTier] = useUrlState('tier', '')
  const [sort, setSort] = useUrlState('sort', 'name')
  const query = useInfiniteQuery({
    queryKey: ['services', 'list', { search, team, tier }],
    queryFn: ({ signal, pageParam }) =>
      catalog.services(
        {
          search,
          team,
          limit: 500,
          ...(tier === '' ? {} : { tier: Number(tier) }),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
  })
  const states = useQuery({
    queryKey: ['objectives', 'list', {}],
    queryFn: ({ signal }) => objectives.list({ limit: 500 }, signal),
  }).data
  const teams = useQuery({ queryKey: ['services', 'teams'], queryFn: ({ signal }) => catalog.teams(signal) }).data
  const worst = useMemo(() => worstByService(states?.items ?? []), [states])
  const rows = useMemo(() => {
    const all = query.data?.pages.flatMap((page) => page.items) ?? []
    return sortRows(all, sort, {
      name: (row) => row.displayName,
      tier: (row) => row.tier,
      team: (row) => row.team,
      state: (row) => {
        const state = worst.get(row.name)?.state
        return state === undefined ? null : order[state]
      },
    })
  }, [query.data, sort, worst])
  const { hasNextPage, fetchNextPage, isFetching } = query
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const state = (row: ServiceSummary) => {
    const found = worst.get(row.name)
    if (found === undefined) return <span className="soft">No objective</span>
    const look = objectiveLook(found.state, found.level)
    return <StateMark tone={look.tone} word={look.word} />
  }
  const columns: readonly Column<ServiceSummary>[] = [
    { id: 'state', title: 'Objectives', track: '136px', cell: state, sortable: true },
    { id: 'tier', title: 'Tier', track: '48px', cell: (row) => row.tier, sortable: true, end: true },
    {
      id: 'team',
      title: 'Team',
      track: 'minmax(80px, 1fr)',
      cell: (row) => row.team ?? <span className="soft">Nobody</span>,
      sortable: true,
    },
    { id: 'lifecycle', title: 'Lifecycle', track: '104px', cell: (row) => row.lifecycle, from: 760 },
    { id: 'dependsOn', title: 'Depends on', track: '84px', cell: (row) => row.dependsOn.length, end: true, from: 640 },
    {
      id: 'description',
      title: 'What it is',
      track: 'minmax(0, 2fr)',
      cell: (row) => <span className="soft">{row.description}</span>,
      from: 980,
    },
  ]
  const filtered = search !== '' || team !== '' || tier !== ''
  return (
    <>
      <PageHead
        title="Services"
        facts={
          query.data === undefined ? undefined : (
            <span>
              {plural(rows.length, 'service')}
              {hasNextPage ? ' so far' : ''}
            </span>
          )
        }
      />
      <div className="toolbar">
        <FilterField value={search} onChange={setSearch} label="Filter services" />
        <select
          className="plain-select"
          aria-label="Team"
          value={team}
          onChange={(event) => setTeam(event.currentTarget.value)}
        >
          <option value="">All teams</option>
          {teams?.items.map((each) => (
            <option key={each.name} value={each.name}>
              {each.displayName}
            </option>
          ))}
        </select>
        <select
          className="plain-select"
          aria-label="Tier"
          value={tier}
          onChange={(event) => setTier(event.currentTarget.value)}
        >
          <option value="">All tiers</option>
          {['0', '1', '2', '3'].map((each) => (
            <option key={each} value={each}>
              Tier {each}
            </option>
          ))}
        </select>
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={12} />}
      {query.data !== undefined &&
        rows.length === 0 &&
        (filtered ? (
          <Empty title="No service matches this filter." />
        ) : (
          <Empty title="No service is declared yet." command="mainstay apply -f catalog-info.yaml">
            A service is what people use and a team owns. Backstage catalog files are read as they are.
          </Empty>
        ))}
      {rows.length > 0 && (
        <DataTable
          label="Services"
          rows={rows}
          idOf={(row) => row.name}
          href={(row) => `/services/${row.name}`}
          lead={{ title: 'Service', track: 'minmax(140px, 2fr)', cell: (row) => row.displayName, sortable: true }}
          columns={columns}
          sort={sort}
          onSort={setSort}
          onEnd={onEnd}
          compact={(row) => (
            <>
              <span className="compact-top">
                <span className="grow">{row.displayName}</span>
                {state(row)}
              </span>
              <span className="compact-sub">
                <span className="grow">
                  Tier {row.tier}, {row.team ?? 'no team'}
                </span>
              </span>
            </>
          )}
        />
      )}
    </>
  )
}
