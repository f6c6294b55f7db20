// Severity, roles with their hand-overs, the times that are measured, and the one next step.

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { peopleInWords } from '../../../../server/src/modules/incidents/core/index.ts'
import { durationText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { Pair } from '../../parts/pair.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { IncidentDetail, IncidentRole } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { type IncidentTime, incidentRoom } from '../../shell/response-api.ts'
import { beganAt, isOpenIncident, isOverIncident, roleName, severityTone } from '../../shell/words.ts'
import { CorrectTime, OfferRole, StateImpact } from './command-dialogs.tsx'
import { nextSentence } from './next-step.ts'
import { PlanSection } from './planned-work.tsx'
import { Readers } from './readers.tsx'
import { type IncidentActions, roles } from './use-incident-actions.tsx'

type Ask =
  | { readonly kind: 'offer'; readonly role: IncidentRole }
  | { readonly kind: 'time'; readonly time: IncidentTime; readonly title: string }
  | { readonly kind: 'impact' }

export function IncidentState({ incident, actions }: { incident: IncidentDetail; actions: IncidentActions }) {
  const open = isOpenIncident(incident)
  const [ask, setAsk] = useState<Ask | null>(null)
  const close = () => setAsk(null)
  const moments: readonly (readonly [string, IncidentTime | null, string | null])[] = [
    ['Harm began', 'impactStartedAt', incident.impactStartedAt],
    ['Detected', 'detectedAt', incident.detectedAt],
    ['Declared', null, incident.declaredAt],
    ['Acknowledged', 'acknowledgedAt', incident.acknowledgedAt],
    ['Mitigated', 'mitigatedAt', incident.mitigatedAt],
    ['Resolved', 'resolvedAt', incident.resolvedAt],
  ]
  const told = incident.measures.timeToFirstUpdate
  if (incident.kind === 'scheduled')
    return (
      <>
        <Section title="Next">
          <p className="next-step">{nextSentence(incident)}</p>
        </Section>
        <PlanSection incident={incident} />
        <Roles incident={incident} actions={actions} onOffer={(role) => setAsk({ kind: 'offer', role })} />
        {ask?.kind === 'offer' && <OfferRole incident={incident} role={ask.role} onClose={close} />}
      </>
    )
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
              Change<kbd>v</kbd>
            </button>
          )}
        </div>
      </Section>
      <Roles incident={incident} actions={actions} onOffer={(role) => setAsk({ kind: 'offer', role })} />
      <Section
        title="Impact"
        aside={
          actions.may && (
            <button type="button" className="link-button" onClick={() => setAsk({ kind: 'impact' })}>
              State it
            </button>
          )
        }
      >
        <p>{incident.impactStatement ?? <span className="soft">Nobody stated it yet.</span>}</p>
        {incident.impact.minutes !== null && (
          <p className="soft">
            {Math.round(incident.impact.minutes)} min{incident.impact.ongoing ? ' and counting' : ''}
          </p>
        )}
        <WhoIsHurt impact={incident.impact} />
      </Section>
      <Section title="Times">
        <dl className="pairs times">
          {moments.map(([title, time, at]) => (
            <Pair key={title} title={title}>
              {at === null ? (
                <span className="soft">{title === 'Harm began' ? 'not known' : 'not yet'}</span>
              ) : (
                <>
                  <Time at={at} show="clock" />
                  {title !== 'Harm began' && Date.parse(at) - Date.parse(beganAt(incident)) >= 1000 && (
                    <span className="soft"> +{durationText(Date.parse(at) - Date.parse(beganAt(incident)))}</span>
                  )}
                </>
              )}{' '}
              {actions.may && time !== null && (
                <button type="button" className="link-button" onClick={() => setAsk({ kind: 'time', time, title })}>
                  Correct<span className="sr-only">: {title}</span>
                </button>
              )}
            </Pair>
          ))}
          <Pair title="First update">
            {told.ms === null ? (
              <span className="soft">{told.kind === 'not-yet' ? 'not yet' : 'none'}</span>
            ) : (
              <>after {durationText(told.ms)}</>
            )}
          </Pair>
        </dl>
      </Section>
      <Readers incident={incident} may={actions.may} />
      {ask?.kind === 'offer' && <OfferRole incident={incident} role={ask.role} onClose={close} />}
      {ask?.kind === 'time' && <CorrectTime incident={incident} time={ask.time} title={ask.title} onClose={close} />}
      {ask?.kind === 'impact' && <StateImpact incident={incident} onClose={close} />}
    </>
  )
}

function WhoIsHurt({ impact: { people, regions, customers } }: Pick<IncidentDetail, 'impact'>) {
  return (
    <>
      {people !== null && <p className="soft">{peopleInWords(people)} affected</p>}
      {regions.length > 0 && <p className="soft">In {regions.join(', ')}</p>}
      {customers.length > 0 && <p className="soft">Customers: {customers.join(', ')}</p>}
    </>
  )
}

function Roles({
  incident,
  actions,
  onOffer,
}: {
  incident: IncidentDetail
  actions: IncidentActions
  onOffer: (role: IncidentRole) => void
}) {
  const may = actions.may && !isOverIncident(incident)
  const shown = [...new Set<IncidentRole>([...roles, ...incident.roles.map((each) => each.role)])]
  const answer = useMutation({
    mutationFn: ({ role, accept }: { role: IncidentRole; accept: boolean }) =>
      incidentRoom.answer(incident.id, role, accept),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['incidents'] }),
  })
  return (
    <Section title="Roles">
      <ul className="rows">
        {shown.map((role) => {
          // One person each, except experts and observers.
          const holders = incident.roles.filter((each) => each.role === role)
          const [holder] = holders
          const vacant = incident.vacancies.find((each) => each.role === role && each.endedAt === null)
          const offer = incident.offers.find((each) => each.role === role)
          return (
            <li key={role}>
              <span className="grow">
                <span className="soft">{roleName(role)}</span>
                <br />
                {holder === undefined && 'Nobody'}
                {vacant !== undefined && holder === undefined && (
                  <span className="soft">
                    {vacant.rota === null ? `, and ${vacant.because}` : `, paged ${vacant.rota}`}{' '}
                    <Time at={vacant.pagedAt} show="clock" />
                  </span>
                )}
                {holders.map((each) => (
                  <span key={each.person} className="holder">
                    <strong>
                      <PersonName name={each.person} />
                    </strong>{' '}
                    <span className="soft">
                      since <Time at={each.since} show="clock" />
                    </span>
                  </span>
                ))}
                {offer !== undefined && (
                  <>
                    <br />
                    <span className="soft">
                      Offered to <PersonName name={offer.person} />
                    </span>
                  </>
                )}
              </span>
              {may && offer !== undefined && (
                <span className="item-actions">
                  <button type="button" className="link-button" onClick={() => answer.mutate({ role, accept: true })}>
                    Accept<span className="sr-only">: {roleName(role)}</span>
                  </button>
                  <button type="button" className="link-button" onClick={() => answer.mutate({ role, accept: false })}>
                    Decline<span className="sr-only">: {roleName(role)}</span>
                  </button>
                </span>
              )}
              {may && offer === undefined && (
                <span className="item-actions">
                  <button type="button" className="link-button" onClick={() => actions.take(role)}>
                    Take it<span className="sr-only">: {roleName(role)}</span>
                    {role === 'commander' && <kbd>t</kbd>}
                  </button>
                  {holder !== undefined && (
                    <button type="button" className="link-button" onClick={() => onOffer(role)}>
                      Hand over<span className="sr-only">: {roleName(role)}</span>
                    </button>
                  )}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      <ProblemNote error={answer.error} />
    </Section>
  )
}
