// Error-budget policies: what holds up changes now, who let some pass, which work is owed, and what is declared.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { BudgetPolicy, ChangeHold } from '../../../../client/src/operations.gen.ts'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { plural } from '../../parts/format.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { policies } from '../../shell/policy-api.ts'
import { ExceptDialog } from './except-dialog.tsx'
import { Exceptions } from './exceptions.tsx'
import { SubjectLink } from './subject-link.tsx'
import { Tasks } from './tasks.tsx'
import '../../parts/policy-list.css'

// Steps end by measurements, which nothing announces until they do.
const lookEveryMs = 30_000

export default function PoliciesPage() {
  const [service, setService] = useState<string | null>(null)
  const declared = useQuery({
    queryKey: ['policies', 'list'],
    queryFn: ({ signal }) => policies.list(signal),
    refetchInterval: lookEveryMs,
  })
  const holds = useQuery({
    queryKey: ['policies', 'holds'],
    queryFn: ({ signal }) => policies.holds(signal),
    refetchInterval: lookEveryMs,
  })
  const count = holds.data?.items.length
  return (
    <>
      <PageHead
        title="Budget policies"
        sentence={
          count === undefined
            ? undefined
            : count === 0
              ? 'Nothing holds up changes.'
              : `${plural(count, 'freeze or approval', 'freezes and approvals')} in force.`
        }
        actions={
          <Button variant="default" onClick={() => setService('')}>
            Let changes pass
          </Button>
        }
      />
      <Section title="In force">
        <ProblemNote error={holds.error} retry={() => void holds.refetch()} />
        {holds.isPending && <SkeletonRows rows={3} />}
        {count === 0 && <Empty title="No freeze and no approval is in force." />}
        <ul className="policy-list">
          {holds.data?.items.map((hold) => (
            <Hold key={hold.id} hold={hold} onExcept={() => setService(hold.service)} />
          ))}
        </ul>
      </Section>
      <Exceptions />
      <Tasks />
      <Section title="Declared">
        <ProblemNote error={declared.error} retry={() => void declared.refetch()} />
        {declared.isPending && <SkeletonRows rows={4} />}
        {declared.data?.items.length === 0 && (
          <Empty title="No error-budget policy is declared yet." command="mainstay apply -f policy.yaml">
            A policy says beforehand what happens when a budget runs out: who is told, which work is opened, and whether
            changes need an approval or stop.
          </Empty>
        )}
        <ul className="policy-list">
          {declared.data?.items.map((policy) => (
            <Declared key={policy.name} policy={policy} />
          ))}
        </ul>
      </Section>
      {service !== null && <ExceptDialog service={service} onClose={() => setService(null)} />}
    </>
  )
}

function Hold({ hold, onExcept }: { hold: ChangeHold; onExcept: () => void }) {
  const { kind, service, excepted } = hold
  return (
    <li>
      <div className="policy-top">
        {excepted === null ? (
          <StateMark
            tone={kind === 'freeze' ? 'critical' : 'warning'}
            word={kind === 'freeze' ? 'Frozen' : 'Needs an approval'}
            strong
          />
        ) : (
          <StateMark tone="silenced" word="Excepted" strong />
        )}
        <Link href={`/services/${service}`}>{service}</Link>
        <span className="soft">
          since <Time at={hold.since} />
        </span>
        {excepted === null && (
          <span className="end">
            <Button
              variant="default"
              size="compact-sm"
              onClick={onExcept}
              aria-label={`Let changes of ${service} pass`}
            >
              Except
            </Button>
          </span>
        )}
      </div>
      <p>
        <SubjectLink of={hold} />: {hold.sentence} {hold.endsWhen}
      </p>
      <p className="soft">
        {hold.policy}, step {hold.step}.{hold.allows.length > 0 && ` Passes all the same: ${hold.allows.join(', ')}.`}
        {excepted !== null && (
          <>
            {' '}
            {excepted.approvedBy} lets changes pass until <Time at={excepted.until} />: {excepted.reason}
          </>
        )}
      </p>
    </li>
  )
}

function Declared({ policy }: { policy: BudgetPolicy }) {
  return (
    <li>
      <div className="policy-top">
        <strong>{policy.displayName}</strong>
        {policy.entered > 0 ? (
          <StateMark tone="warning" word={`${plural(policy.entered, 'step')} entered`} />
        ) : (
          <StateMark tone="ok" word="Nothing entered" />
        )}
        <span className="soft">{[policy.scope, ...counts(policy)].join(', ')}</span>
      </div>
      {policy.description !== '' && <p>{policy.description}</p>}
      <ol className="policy-steps">
        {policy.steps.map((step) => (
          <li key={step.name}>
            <strong>{step.name}</strong>: {step.sentence}{' '}
            <span className="soft">It {step.actions.map((action) => action.sentence).join('; ')}.</span>
          </li>
        ))}
      </ol>
    </li>
  )
}

/** How many of what it applies to now. */
const counts = ({ objectives, journeys }: BudgetPolicy): readonly string[] => [
  ...(objectives > 0 || journeys.length === 0 ? [plural(objectives, 'objective')] : []),
  ...(journeys.length > 0 ? [plural(journeys.length, 'journey')] : []),
]
