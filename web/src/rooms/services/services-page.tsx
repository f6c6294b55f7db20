// All services: filter, sort, and the state of their objectives in one column.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { plural } from '../../parts/format.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { sortRows } from '../../parts/table-rows.ts'
import { useUrlState } from '../../parts/url-state.ts'
import { catalog, type ListedService } from '../../shell/api.ts'
import { usePaged } from '../../shell/paged.ts'
import { objectiveLook } from '../../shell/words.ts'

// Worst first: the order in which somebody should look.
const order: Readonly<Record<string, number>> = {
  exhausted: 0,
  burning: 1,
  expired: 2,
  'no-data': 3,
  'no-events': 4,
  ok: 5,
}

export default function ServicesPage() {
  const [search, setSearch] = useUrlState('search', '')
  const [team, setTeam] = useUrlState('team', '')
  const [tier, setTier] = useUrlState('tier', '')
  const [sort, setSort] = useUrlState('sort', 'name')
  const {
    query,
    rows: loaded,
    onEnd,
  } = usePaged<ListedService>({
    key: ['services', 'list', { search, team, tier }],
    read: (page, signal) =>
      catalog.services({ search, team, ...(tier === '' ? {} : { tier: Number(tier) }), ...page }, signal),
    // The server lists by name; any other order needs all of them.
    whole: sort !== 'name',
  })
  const teams = useQuery({ queryKey: ['services', 'teams'], queryFn: ({ signal }) => catalog.teams(signal) }).data
  const rows = useMemo(
    () =>
      sort === 'name'
        ? loaded
        : sortRows(loaded, sort, {
            name: (row) => row.name,
            tier: (row) => row.tier,
            team: (row) => row.team,
            state: (row) => order[row.objectives?.state ?? ''],
          }),
    [loaded, sort],
  )
  const { hasNextPage } = query
  const state = ({ objectives }: ListedService) => {
    if (objectives === null || objectives.state === null)
      return <span className="soft">{objectives === null ? 'Not known' : 'No objective'}</span>
    const look = objectiveLook(objectives.state, objectives.level)
    return <StateMark tone={look.tone} word={look.word} />
  }
  const columns: readonly Column<ListedService>[] = [
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
          // Its line is there from the start: what is below does not jump.
          query.data === undefined ? (
            <span>&nbsp;</span>
          ) : (
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
