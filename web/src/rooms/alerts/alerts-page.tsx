// The inbox: what fires, who has it, why. 20,000 rows scroll; details open beside the list.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { compactNumber, plural } from '../../parts/format.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type Alert, alerts } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { SavedViews } from '../../shell/saved-views.tsx'
import { alertLook, alertName } from '../../shell/words.ts'
import { AlertDrawer } from './alert-drawer.tsx'
import { useAlertActions } from './use-alert-actions.tsx'
import './alerts.css'

type Tab = 'open' | 'firing' | 'acknowledged' | 'snoozed' | 'resolved' | 'all'
type Grouping = 'none' | 'service' | 'severity' | 'team'
const groupingNames: readonly Grouping[] = ['none', 'service', 'severity', 'team']

const groupings: Readonly<Record<Exclude<Grouping, 'none'>, (row: Alert) => { id: string; title: string }>> = {
  service: (row) => ({ id: row.service ?? '', title: row.service ?? 'No service' }),
  team: (row) => ({ id: row.team ?? '', title: row.team ?? 'No team' }),
  severity: (row) => ({ id: row.severity, title: row.severity }),
}

interface Narrowed {
  readonly rule: string
  readonly service: string
  readonly team: string
}

function useAlerts(tab: Tab, search: string, { rule, service, team }: Narrowed) {
  const status = tab === 'all' ? null : tab
  const narrowed = {
    ...(rule === '' ? {} : { rule }),
    ...(service === '' ? {} : { service }),
    ...(team === '' ? {} : { team }),
  }
  const query = useInfiniteQuery({
    queryKey: ['alerts', 'list', { status: tab, search, ...narrowed }],
    // Three screens at once, the rest as it is scrolled to.
    queryFn: ({ signal, pageParam }) =>
      alerts.list({ status, search, ...narrowed, limit: pageParam === '' ? 100 : 500, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
  })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  return { query, rows }
}

export default function AlertsPage() {
  const [tab, setTab] = useUrlState<Tab>('status', 'open')
  const [grouping, setGrouping] = useUrlState<Grouping>('group', 'none')
  const [search, setSearch] = useUrlState('search', '')
  const [openId, setOpenId] = useUrlState('alert', '')
  const [rule, setRule] = useUrlState('rule', '')
  const [service, setService] = useUrlState('service', '')
  const [team, setTeam] = useUrlState('team', '')
  const narrowed = [
    { word: 'Rule', value: rule, clear: () => setRule('') },
    { word: 'Service', value: service, clear: () => setService('') },
    { word: 'Team', value: team, clear: () => setTeam('') },
  ].filter(({ value }) => value !== '')
  const [, navigate] = useLocation()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [focusId, setFocusId] = useState<string | null>(null)
  const { query, rows } = useAlerts(tab, search, { rule, service, team })
  const { hasNextPage, fetchNextPage, isFetching } = query
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const targets = useMemo(() => {
    if (selected.size > 0) return rows.filter((row) => selected.has(row.id))
    const single = openId !== '' ? openId : focusId
    return rows.filter((row) => row.id === single)
  }, [rows, selected, openId, focusId])
  const actions = useAlertActions(targets, () => setSelected(new Set()), selected.size === 0)
  const columns: readonly Column<Alert>[] = [
    {
      id: 'severity',
      title: 'State',
      track: '108px',
      cell: (row) => {
        const look = alertLook(row)
        return <StateMark tone={look.tone} word={look.word} />
      },
    },
    {
      id: 'service',
      title: 'Service',
      track: 'minmax(80px, 1fr)',
      from: 640,
      cell: (row) => row.service ?? <span className="soft">–</span>,
    },
    {
      id: 'who',
      title: 'Who has it',
      track: '132px',
      from: 760,
      cell: (row) =>
        row.acknowledgedBy !== null ? (
          <PersonName name={row.acknowledgedBy} />
        ) : row.status === 'firing' ? (
          <strong>Nobody yet</strong>
        ) : (
          <span className="soft">–</span>
        ),
    },
    {
      id: 'incident',
      title: 'Incident',
      track: '84px',
      from: 1100,
      cell: (row) => (row.incident === null ? <span className="soft">–</span> : 'Part of one'),
    },
    { id: 'count', title: 'Signals', track: '60px', end: true, from: 1100, cell: (row) => compactNumber(row.count) },
    { id: 'started', title: 'Since', track: '132px', end: true, cell: (row) => <Time at={row.startedAt} /> },
  ]
  const open = (row: Alert) => {
    if (window.innerWidth < 900) {
      navigate(`/alerts/${row.id}`)
      return true
    }
    setOpenId(openId === row.id ? '' : row.id)
    return true
  }
  return (
    <>
      <PageHead
        title="Alerts"
        actions={
          <>
            <Link href="/alerts/noise">Noise</Link>
            <Link href="/silences">Silences</Link>
            <Link href="/routing">Routing</Link>
          </>
        }
        facts={
          // Its line is there from the start: what is below does not jump.
          query.data === undefined ? (
            <span>&nbsp;</span>
          ) : (
            <span>
              {plural(rows.length, 'alert')}
              {hasNextPage ? ' loaded, more below' : ''}
            </span>
          )
        }
      />
      <div className="toolbar">
        <Choice
          label="Status"
          value={tab}
          onChange={(next) => {
            setTab(next)
            setSelected(new Set())
          }}
          options={[
            { value: 'open', title: 'Open' },
            { value: 'firing', title: 'Firing' },
            { value: 'acknowledged', title: 'Acknowledged' },
            { value: 'snoozed', title: 'Snoozed' },
            { value: 'resolved', title: 'Resolved' },
            { value: 'all', title: 'All' },
          ]}
        />
        <FilterField value={search} onChange={setSearch} label="Search alerts" />
        <select
          className="plain-select"
          aria-label="Group by"
          value={grouping}
          onChange={(event) => setGrouping(groupingNames.find((each) => each === event.currentTarget.value) ?? 'none')}
        >
          <option value="none">No groups</option>
          <option value="service">By service</option>
          <option value="severity">By severity</option>
          <option value="team">By team</option>
        </select>
      </div>
      <SavedViews list="alerts" not={['alert']} />
      {narrowed.map(({ word, value, clear }) => (
        <p key={word} className="filter-mark">
          <span className="soft">{word}</span> {value}
          <button type="button" className="link-button" onClick={clear}>
            Show all
          </button>
        </p>
      ))}
      {actions.problem}
      {selected.size > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label="Selected alerts">
          <strong>{plural(selected.size, 'alert')} selected</strong>
          {actions.buttons}
          <button type="button" className="link-button" onClick={() => setSelected(new Set())}>
            Select none
          </button>
        </div>
      )}
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={12} />}
      {query.data !== undefined && rows.length === 0 && <NoAlerts tab={tab} search={search} />}
      {rows.length > 0 && (
        <DataTable
          label="Alerts"
          rows={rows}
          idOf={(row) => row.id}
          href={(row) => `/alerts/${row.id}`}
          onOpen={open}
          openId={openId === '' ? null : openId}
          lead={{
            title: 'Alert',
            track: 'minmax(150px, 3fr)',
            cell: (row) => (
              <>
                <span className="soft number">{alertName(row)}</span> {row.title} <Flapping row={row} />{' '}
                <PagedWith row={row} />
              </>
            ),
          }}
          columns={columns}
          selection={{ ids: selected, change: setSelected }}
          {...(grouping === 'none' || groupings[grouping] === undefined ? {} : { groupOf: groupings[grouping] })}
          onEnd={onEnd}
          muted={(row) => row.status === 'resolved'}
          compactHeight={76}
          compact={(row) => <CompactAlert row={row} />}
          onActive={setFocusId}
        />
      )}
      {openId !== '' && (
        <AlertDrawer id={openId} onClose={() => setOpenId('')} actions={selected.size > 0 ? null : actions.buttons} />
      )}
    </>
  )
}

function Flapping({ row }: { row: Alert }) {
  if (!row.flapping || row.status === 'resolved') return null
  return (
    <span className="soft" title="It keeps beginning and ending.">
      flapping
    </span>
  )
}

/** One page for one failure: acknowledging one acknowledges all of them. */
function PagedWith({ row }: { row: Alert }) {
  if (row.status === 'resolved') return null
  if (row.pagedWith !== null)
    return (
      <span className="soft" title="One page tells of both; acknowledging one acknowledges both.">
        paged with A-{row.pagedWith.number}
      </span>
    )
  if (row.alsoPaged === 0) return null
  return (
    <span className="soft" title="Its page tells of these as well; acknowledging one acknowledges all.">
      and {row.alsoPaged} more
    </span>
  )
}

function CompactAlert({ row }: { row: Alert }) {
  const look = alertLook(row)
  return (
    <>
      <span className="compact-top">
        <span className="grow">
          {row.title} <Flapping row={row} /> <PagedWith row={row} />
        </span>
      </span>
      <span className="compact-sub">
        <StateMark tone={look.tone} word={look.word} />
        <span className="grow">
          {row.service ?? alertName(row)}
          {row.acknowledgedBy !== null && (
            <>
              , <PersonName name={row.acknowledgedBy} /> has it
            </>
          )}
        </span>
        <Time at={row.startedAt} show="relative" />
      </span>
    </>
  )
}

function NoAlerts({ tab, search }: { tab: Tab; search: string }) {
  if (search !== '')
    return <Empty title={`No alert matches “${search}”.`}>Look under All, or search for the service.</Empty>
  if (tab === 'open' || tab === 'firing') {
    return (
      <Empty
        title="Nothing is firing."
        command={`curl -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '{"signals":[{"dedupKey":"try","summary":"Trying it out","service":"checkout","severity":"warning"}]}' ${window.location.origin}/api/v1/signals`}
      >
        To see an alert arrive, send one yourself:
      </Empty>
    )
  }
  return <Empty title={`No alert is ${tab === 'all' ? 'on record' : tab}.`} />
}
