// What the policies of an objective or a journey say: its steps, which is entered, since when, and what was done.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { PolicyEpisode } from '../../../client/src/operations.gen.ts'
import { Section } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { Time } from '../parts/time.tsx'
import { type ObjectivePolicy, policies } from './policy-api.ts'
import '../parts/policy-list.css'

const reads = { objective: policies.ofObjective, journey: policies.ofJourney } as const

/** Nothing is shown where there is no policy: the page of policies says how to declare one. */
export function PoliciesOf({ subject, name }: { subject: keyof typeof reads; name: string }) {
  const query = useQuery({
    queryKey: ['policies', subject, name],
    queryFn: ({ signal }) => reads[subject](name, signal),
    refetchInterval: 60_000,
  })
  if (query.error === null && (query.data?.items.length ?? 0) === 0) return null
  return (
    <Section title="Policy" aside={<Link href="/budget-policies">What holds up changes</Link>}>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.data?.items.map((policy) => (
        <div key={policy.name}>
          <h3>{policy.displayName}</h3>
          <ul className="policy-list">
            {policy.steps.map((step) => (
              <Step key={step.name} step={step} />
            ))}
          </ul>
        </div>
      ))}
    </Section>
  )
}

function Step({ step }: { step: ObjectivePolicy['steps'][number] }) {
  const { entered, last } = step
  return (
    <li>
      <div className="policy-top">
        <StateMark
          tone={entered.length > 0 ? 'warning' : 'ok'}
          word={entered.length > 0 ? 'Entered' : 'Not entered'}
          strong={entered.length > 0}
        />
        <strong>{step.name}</strong>
        <span className="soft">{step.sentence}</span>
      </div>
      {entered.map((episode) => (
        <Stay key={episode.id} episode={episode} />
      ))}
      {entered.length === 0 && (
        <p className="soft">
          Then it {step.actions.map((action) => action.sentence).join('; ')}.
          {last !== null && (
            <>
              {' '}
              Last left <Time at={last.leftAt} />: {last.leftBecause}
            </>
          )}
        </p>
      )}
    </li>
  )
}

function Stay({ episode }: { episode: PolicyEpisode }) {
  return (
    <>
      <p>
        Since <Time at={episode.enteredAt} />: {episode.sentence}
        {episode.clearSince !== null && (
          <span className="soft">
            {' '}
            It has been clear of the level since <Time at={episode.clearSince} />.
          </span>
        )}
      </p>
      {episode.acts.map((act) => (
        <p className="soft" key={`${act.kind} ${act.sentence}`}>
          {act.sentence}
        </p>
      ))}
    </>
  )
}
