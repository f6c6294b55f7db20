// The state of things for a screen on the wall: read from across the room, by whoever passes. No names of who is signed in,
// no titles of restricted incidents, nothing to press but the way out.

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { fewNames } from '../../parts/few-names.ts'
import { clockText, durationText, plural } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateShape } from '../../parts/state-mark.tsx'
import { type Incident, incidents, type Overview } from '../../shell/api.ts'
import { AwayNote } from '../../shell/away-note.tsx'
import { useOverview } from '../../shell/frame.tsx'
import { LifeboatNote } from '../../shell/lifeboat-note.tsx'
import { LiveQueries } from '../../shell/live-queries.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import { incidentRoom } from '../../shell/response-api.ts'
import { beganAt, incidentName, incidentStatusWords, severityTone } from '../../shell/words.ts'
import './wall.css'

// More cannot be read from across a room.
const shownIncidents = 4
const shownNeeds = 4

export default function WallPage() {
  const now = useNow()
  const query = useQuery({
    queryKey: ['incidents', 'wall'],
    queryFn: ({ signal }) => incidents.list({ status: 'open', limit: 100 }, signal),
  })
  const overview = useOverview()
  useWayOut()
  useWakeLock()
  const open = [...(query.data?.items ?? [])].sort(
    (a, b) =>
      Number(isPlanned(a)) - Number(isPlanned(b)) ||
      a.severity.localeCompare(b.severity) ||
      beganAt(a).localeCompare(beganAt(b)),
  )
  const shown = open.slice(0, shownIncidents)
  const left = open.length - shown.length
  const more = left > 0 ? `${plural(left, 'more incident')}, less severe or newer.` : null
  return (
    <main className="wall" data-few={shown.length <= 2}>
      <title>Wall · Mainstay</title>
      <header className="wall-head">
        <h1>{headOf(query.data === undefined ? null : open.length)}</h1>
        <p className="wall-clock">
          {clockText(now, now)} <span className="soft">{clockText(now, now, 'UTC')} UTC</span>
        </p>
      </header>
      <LifeboatNote />
      <AwayNote />
      <ProblemNote error={query.error ?? overview.error} retry={() => void query.refetch()} />
      {shown.length > 0 && (
        <ol className="wall-incidents" aria-label="Open incidents">
          {shown.map((each) => (
            <WallIncident key={each.id} incident={each} now={now} />
          ))}
        </ol>
      )}
      {more !== null && <p className="wall-more">{more}</p>}
      {overview.data !== undefined && <Rest overview={overview.data} calm={open.length === 0} />}
      <Link href="/incidents" className="wall-out">
        Leave the wall <kbd>Esc</kbd>
      </Link>
      <LiveQueries me="" />
    </main>
  )
}

const isPlanned = ({ kind }: Incident): boolean => kind === 'scheduled'

function headOf(open: number | null): string {
  if (open === null) return 'Incidents'
  if (open === 0) return 'No incident is open'
  return open === 1 ? '1 incident is open' : `${open} incidents are open`
}

function WallIncident({ incident, now }: { incident: Incident; now: number }) {
  const restricted = incident.kind === 'security'
  const detail = useQuery({
    queryKey: ['incidents', 'one', incident.id, 'wall'],
    queryFn: ({ signal }) => incidents.read(incident.id, signal),
  }).data
  const told = useQuery({
    queryKey: ['incidents', 'updates', incident.id],
    queryFn: ({ signal }) => incidentRoom.updates(incident.id, signal),
    enabled: !restricted,
  }).data?.items[0]
  const commander = detail?.roles.find((each) => each.role === 'commander')?.person
  return (
    <li className="wall-incident" data-severity={isPlanned(incident) ? 'planned' : incident.severity}>
      <p className="wall-severity">
        <StateShape tone={isPlanned(incident) ? 'info' : severityTone(incident.severity)} size={36} />
        <strong>{isPlanned(incident) ? 'Planned work' : incident.severity}</strong>
        <span>{incidentStatusWords[incident.status]}</span>
        {incident.kind === 'drill' && <span>Drill</span>}
        <span className="wall-since">{durationText(Math.max(60_000, now - Date.parse(beganAt(incident))))}</span>
      </p>
      <h2>
        <span className="soft">{incidentName(incident)}</span> {restricted ? 'Restricted incident' : incident.title}
      </h2>
      {!restricted && incident.services.length > 0 && <p className="soft">{fewNames(incident.services, 6)}</p>}
      <p className="wall-facts">
        {detail !== undefined && (
          <span>
            {commander === undefined ? (
              <strong>Nobody leads</strong>
            ) : (
              <>
                Led by <PersonName name={commander} />
              </>
            )}
          </span>
        )}
        {typeof detail?.impact.people === 'number' && (
          <span>{plural(detail.impact.people, 'person', 'people')} hurt</span>
        )}
        {incident.nextUpdateAt !== null && <span>{nextWords(Date.parse(incident.nextUpdateAt) - now)}</span>}
      </p>
      {told !== undefined && told.audience !== 'customer' && <p className="wall-told">{told.text}</p>}
    </li>
  )
}

const nextWords = (left: number): string =>
  left >= 0
    ? `Next update in ${durationText(Math.max(left, 60_000))}`
    : `Update overdue for ${durationText(Math.max(-left, 60_000))}`

/** What else needs a human; incidents stand above. */
function Rest({ overview, calm }: { overview: Overview; calm: boolean }) {
  const needs = overview.needsHuman.filter((each) => each.kind !== 'incident')
  if (needs.length === 0) return <p className={calm ? 'wall-calm' : 'wall-more'}>{overview.calm}</p>
  const left = needs.length - shownNeeds
  return (
    <section className="wall-needs" aria-label="Needs a human now">
      <h2>Needs a human now</h2>
      <ul>
        {needs.slice(0, shownNeeds).map((each) => (
          <li key={`${each.kind} ${each.id}`}>
            <StateShape tone={severityTone(each.severity)} size={20} />
            <span>{each.title}</span>
          </li>
        ))}
        {left > 0 && <li className="soft">and {left} more</li>}
      </ul>
    </section>
  )
}

function useWayOut(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') navigate('/incidents')
    }
    window.addEventListener('keydown', leave)
    return () => window.removeEventListener('keydown', leave)
  }, [navigate])
}

/** The screen stays on, where the browser lets it; asked for again when the page is shown again. */
function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null
    const hold = () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      navigator.wakeLock.request('screen').then(
        (held) => {
          lock = held
        },
        // Refused on battery or by policy: a wall goes on without it.
        () => undefined,
      )
    }
    hold()
    document.addEventListener('visibilitychange', hold)
    return () => {
      document.removeEventListener('visibilitychange', hold)
      void lock?.release()
    }
  }, [])
}
