// The shared time axis of a service page and the lists its window filters.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { overlaps, type Span } from '../../parts/axis.ts'
import { Choice } from '../../parts/choice.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { fullTime } from '../../parts/format.ts'
import { type Lane, Lanes } from '../../parts/lanes.tsx'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlPatch, useUrlState } from '../../parts/url-state.ts'
import {
  type Alert,
  alerts,
  type Change,
  changes,
  type Incident,
  incidents,
  type Objective,
  objectives,
} from '../../shell/api.ts'
import { alertLook, alertName, beganAt, incidentLook, incidentName, incidentStatusWords } from '../../shell/words.ts'

const ranges = { '6h': 6, '24h': 24, '7d': 168, '30d': 720 } as const
type Range = keyof typeof ranges
const rangeNames: readonly Range[] = ['6h', '24h', '7d', '30d']
const listed = 12

export function ServiceAxis({ service, objectives: slos }: { service: string; objectives: readonly Objective[] }) {
  const [range, setRange] = useUrlState<Range>('range', '24h')
  const [fromText] = useUrlState('from', '')
  const [toText] = useUrlState('to', '')
  const patch = useUrlPatch()
  const now = useNow()
  const axis = useMemo(() => {
    const to = Math.ceil(now / 60_000) * 60_000
    return { from: to - (ranges[range] ?? 24) * 3_600_000, to }
  }, [now, range])
  const window = readWindow(fromText, toText)
  const query = { service, from: new Date(axis.from).toISOString(), to: new Date(axis.to).toISOString(), limit: 500 }
  const alertsQuery = useQuery({
    queryKey: ['alerts', 'service', service],
    queryFn: ({ signal }) => alerts.list({ service, limit: 500 }, signal),
  })
  const incidentsQuery = useQuery({
    queryKey: ['incidents', 'service', service],
    queryFn: ({ signal }) => incidents.list({ service, limit: 100 }, signal),
  })
  const changesQuery = useQuery({
    queryKey: ['changes', 'service', service, range],
    queryFn: ({ signal }) => changes.list(query, signal),
  })
  // One lane for the budget: the objective that is worst off.
  const worst = [...slos].sort((a, b) => (a.budget.remainingRatio ?? 2) - (b.budget.remainingRatio ?? 2))[0]
  const seriesQuery = useQuery({
    queryKey: ['objectives', 'series', worst?.name ?? '', range],
    queryFn: ({ signal }) => objectives.series(worst?.name ?? '', { from: query.from, to: query.to }, signal),
    enabled: worst !== undefined,
  })
  const alertRows = (alertsQuery.data?.items ?? []).filter((each) => overlaps(spanOfAlert(each, axis.to), axis))
  const incidentRows = (incidentsQuery.data?.items ?? []).filter((each) =>
    overlaps(spanOfIncident(each, axis.to), axis),
  )
  const changeRows = changesQuery.data?.items ?? []
  const lanes: readonly Lane[] = [
    {
      kind: 'line',
      title: 'Budget',
      points: (seriesQuery.data?.points ?? []).map((point) => ({
        at: Date.parse(point.at),
        value: point.remainingRatio,
      })),
      note: worst === undefined ? 'No objective' : 'No data in this time',
    },
    {
      kind: 'bars',
      title: 'Alerts',
      bars: alertRows.map((each) => ({
        id: each.id,
        ...spanOfAlert(each, axis.to),
        label: `${alertName(each)} ${each.title}`,
        tone: each.status === 'snoozed' ? 'silenced' : each.severity,
      })),
    },
    {
      kind: 'bars',
      title: 'Incidents',
      bars: incidentRows.map((each) => ({
        id: each.id,
        ...spanOfIncident(each, axis.to),
        label: `${incidentName(each)} ${each.severity} ${each.title}`,
        tone: incidentLook({ ...each, status: 'active' }).tone,
      })),
    },
    {
      kind: 'marks',
      title: 'Changes',
      marks: changeRows.map((each) => ({ id: each.id, at: Date.parse(each.at), label: each.summary })),
    },
  ]
  const inside = (span: Span) => window === null || overlaps(span, window)
  const shownAlerts = alertRows.filter((each) => inside(spanOfAlert(each, axis.to)))
  const shownIncidents = incidentRows.filter((each) => inside(spanOfIncident(each, axis.to)))
  const shownChanges = changeRows.filter((each) => inside({ from: Date.parse(each.at), to: Date.parse(each.at) + 1 }))
  const loading = alertsQuery.isPending || incidentsQuery.isPending || changesQuery.isPending
  return (
    <Section
      title="One time axis"
      aside={
        <>
          {window !== null && (
            <button type="button" className="link-button" onClick={() => patch({ from: null, to: null })}>
              Clear the window
            </button>
          )}
          <Choice
            label="Length of the axis"
            value={range}
            onChange={(next) => {
              setRange(next)
            }}
            options={rangeNames.map((value) => ({ value, title: value }))}
          />
        </>
      }
    >
      <Lanes
        label={`${shownAlerts.length} alerts, ${shownIncidents.length} incidents and ${shownChanges.length} changes; the lists below say the same in words.`}
        axis={axis}
        lanes={lanes}
        window={window}
        onWindow={(next) =>
          patch({
            from: next === null ? null : new Date(next.from).toISOString(),
            to: next === null ? null : new Date(next.to).toISOString(),
          })
        }
      />
      <p className="soft window-words" aria-live="polite">
        {window === null
          ? 'Drag over the axis to look at a part of it.'
          : `From ${fullTime(window.from)} to ${fullTime(window.to)}`}
      </p>
      <ProblemNote
        error={alertsQuery.error ?? incidentsQuery.error ?? changesQuery.error}
        retry={() => {
          void alertsQuery.refetch()
          void incidentsQuery.refetch()
          void changesQuery.refetch()
        }}
      />
      {loading ? (
        <SkeletonRows rows={3} />
      ) : (
        <div className="axis-lists">
          <AlertList rows={shownAlerts} service={service} />
          <IncidentList rows={shownIncidents} />
          <ChangeList rows={shownChanges} />
        </div>
      )}
    </Section>
  )
}

function readWindow(from: string, to: string): Span | null {
  const window = { from: Date.parse(from), to: Date.parse(to) }
  return Number.isFinite(window.from) && Number.isFinite(window.to) && window.to > window.from ? window : null
}

function spanOfAlert(alert: Alert, end: number): Span {
  return { from: Date.parse(alert.startedAt), to: alert.resolvedAt === null ? end : Date.parse(alert.resolvedAt) }
}

function spanOfIncident(incident: Incident, end: number): Span {
  return {
    from: Date.parse(beganAt(incident)),
    to: incident.resolvedAt === null ? end : Date.parse(incident.resolvedAt),
  }
}

function AlertList({ rows, service }: { rows: readonly Alert[]; service: string }) {
  return (
    <div>
      <h3>Alerts {rows.length}</h3>
      <ul className="rows">
        {rows.slice(0, listed).map((alert) => {
          const look = alertLook(alert)
          return (
            <li key={alert.id}>
              <StateMark tone={look.tone} word={look.word} />
              <span className="grow">
                <Link href={`/alerts/${alert.id}`}>{alert.title}</Link>
                <br />
                <span className="soft">
                  <Time at={alert.startedAt} show="relative" />
                </span>
              </span>
            </li>
          )
        })}
      </ul>
      {rows.length === 0 && <p className="soft none">None in this time.</p>}
      {rows.length > listed && (
        <Link href={`/alerts?status=all&search=${encodeURIComponent(service)}`}>All {rows.length} in the inbox</Link>
      )}
    </div>
  )
}

function IncidentList({ rows }: { rows: readonly Incident[] }) {
  return (
    <div>
      <h3>Incidents {rows.length}</h3>
      <ul className="rows">
        {rows.slice(0, listed).map((incident) => {
          const look = incidentLook(incident)
          return (
            <li key={incident.id}>
              <StateMark tone={look.tone} word={look.word} />
              <span className="grow">
                <Link href={`/incidents/${incident.id}`}>
                  {incidentName(incident)} {incident.title}
                </Link>
                <br />
                <span className="soft">{incidentStatusWords[incident.status]}</span>
              </span>
            </li>
          )
        })}
      </ul>
      {rows.length === 0 && <p className="soft none">None in this time.</p>}
    </div>
  )
}

function ChangeList({ rows }: { rows: readonly Change[] }) {
  return (
    <div>
      <h3>Changes {rows.length}</h3>
      <ul className="rows">
        {rows.slice(0, listed).map((change) => (
          <li key={change.id}>
            <span className="grow">
              {change.link === null ? (
                change.summary
              ) : (
                <a href={change.link} rel="noreferrer">
                  {change.summary}
                </a>
              )}
            </span>
            <span className="soft">
              <Time at={change.at} show="relative" />
            </span>
          </li>
        ))}
      </ul>
      {rows.length === 0 && <p className="soft none">None in this time.</p>}
    </div>
  )
}
