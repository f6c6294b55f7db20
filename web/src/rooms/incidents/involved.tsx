// What the incident is about: services, alerts, and the changes shortly before it.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { FirstFew } from '../../parts/first-few.tsx'
import { presentMs } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { changes, type IncidentDetail } from '../../shell/api.ts'
import { TicketsOf } from '../../shell/tickets-of.tsx'
import { alertName, beganAt, severityTone, severityWord } from '../../shell/words.ts'
import { CallOf } from './call-of.tsx'
import { ChatRoom } from './chat-room.tsx'
import { UnusualAround } from './unusual-around.tsx'

const beforeMs = 2 * 3_600_000

export function Involved({ incident }: { incident: IncidentDetail }) {
  const [service] = incident.services
  const started = Date.parse(beganAt(incident))
  const before = useQuery({
    queryKey: ['changes', 'before-incident', incident.id],
    queryFn: ({ signal }) =>
      changes.list(
        {
          service,
          from: new Date(started - beforeMs).toISOString(),
          to: incident.resolvedAt ?? new Date(presentMs()).toISOString(),
          limit: 50,
        },
        signal,
      ),
    enabled: service !== undefined,
  })
  return (
    <>
      <CallOf incident={incident} />
      <ChatRoom incident={incident} />
      <Section title="Tickets">
        <TicketsOf about={{ kind: 'incident', id: incident.id }} />
      </Section>
      <Section title="Services">
        <FirstFew rows={incident.services} most={12} of="services">
          {(few) => (
            <ul className="rows">
              {few.map((each) => (
                <li key={each}>
                  <Link href={`/services/${each}?range=6h`}>{each}</Link>
                </li>
              ))}
            </ul>
          )}
        </FirstFew>
        {incident.services.length === 0 && <p className="soft">None named yet.</p>}
      </Section>
      <Section title="Alerts">
        <FirstFew rows={openFirst(incident.alerts)} most={12} of="alerts">
          {(few) => (
            <ul className="rows">
              {few.map((alert) => (
                <AlertLine key={alert.id} alert={alert} />
              ))}
            </ul>
          )}
        </FirstFew>
        {incident.alerts.length === 0 && <p className="soft">None linked.</p>}
      </Section>
      <Section title="Changes since two hours before">
        <ProblemNote error={before.error} retry={() => void before.refetch()} />
        <ul className="rows">
          {before.data?.items.map((change) => (
            <li key={change.id}>
              <span className="grow">
                {change.link === null ? change.summary : <a href={change.link}>{change.summary}</a>}
              </span>
              <span className="soft">
                <Time at={change.at} />
              </span>
            </li>
          ))}
        </ul>
        {before.data?.items.length === 0 && <p className="soft">None recorded.</p>}
      </Section>
      {incident.status !== 'planned' && <UnusualAround incident={incident} />}
    </>
  )
}

function openFirst(alerts: IncidentDetail['alerts']): IncidentDetail['alerts'] {
  const over = (status: string) => (status === 'resolved' ? 1 : 0)
  return [...alerts].sort((a, b) => over(a.status) - over(b.status))
}

function AlertLine({ alert }: { alert: IncidentDetail['alerts'][number] }) {
  const over = alert.status === 'resolved'
  return (
    <li>
      <StateMark
        tone={over ? 'ok' : severityTone(alert.severity)}
        word={over ? 'Resolved' : severityWord(alert.severity)}
      />
      <Link href={`/alerts/${alert.id}`} className="grow">
        {alertName(alert)} {alert.title}
      </Link>
    </li>
  )
}
