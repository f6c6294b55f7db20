// Severity, roles, the times that are measured, and the one next step.

import { durationText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { IncidentDetail, IncidentRole } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { beganAt, isOpenIncident, roleName, severityTone } from '../../shell/words.ts'
import { nextSentence } from './next-step.ts'
import { type IncidentActions, roles } from './use-incident-actions.tsx'

export function IncidentState({ incident, actions }: { incident: IncidentDetail; actions: IncidentActions }) {
  const open = isOpenIncident(incident)
  const shown = [...new Set<IncidentRole>([...roles, ...incident.roles.map((each) => each.role)])]
  const moments: readonly (readonly [string, string | null])[] = [
    ['Harm began', incident.impactStartedAt],
    ['Detected', incident.detectedAt],
    ['Declared', incident.declaredAt],
    ['Acknowledged', incident.acknowledgedAt],
    ['Mitigated', incident.mitigatedAt],
    ['Resolved', incident.resolvedAt],
  ]
  return (
    <>
      <Section title="Next">
        <p className="next-step">{nextSentence(incident)}</p>
      </Section>
      <Section title="Severity">
        <div className="severity-line">
          <StateMark tone={severityTone(incident.severity)} word={incident.severity} strong />
          {actions.may && open && (
            <button type="button" className="link-button" onClick={actions.askSeverity}>
              Change <kbd>v</kbd>
            </button>
          )}
        </div>
      </Section>
      <Section title="Roles">
        <ul className="rows">
          {shown.map((role) => {
            const holder = incident.roles.find((each) => each.role === role)
            return (
              <li key={role}>
                <span className="grow">
                  <span className="soft">{roleName(role)}</span>
                  <br />
                  {holder === undefined ? (
                    'Nobody'
                  ) : (
                    <>
                      <strong>
                        <PersonName name={holder.person} />
                      </strong>{' '}
                      <span className="soft">
                        since <Time at={holder.since} show="clock" />
                      </span>
                    </>
                  )}
                </span>
                {actions.may && open && (
                  <button type="button" className="link-button" onClick={() => actions.take(role)}>
                    Take it<span className="sr-only">: {roleName(role)}</span> {role === 'commander' && <kbd>t</kbd>}
                  </button>
                )}
              </li>
            )
          })}
        </ul>
      </Section>
      <Section title="Times">
        <dl className="pairs times">
          {moments.map(([title, at]) => (
            <div key={title} className="pair">
              <dt>{title}</dt>
              <dd>
                {at === null ? (
                  <span className="soft">{title === 'Harm began' ? 'not known' : 'not yet'}</span>
                ) : (
                  <>
                    <Time at={at} show="clock" />
                    {title !== 'Harm began' && (
                      <span className="soft"> +{durationText(Date.parse(at) - Date.parse(beganAt(incident)))}</span>
                    )}
                  </>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  )
}
