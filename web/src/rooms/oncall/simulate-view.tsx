// "Who is paged if it fires at …": the same function as the one that pages.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { InputField, SelectField } from '../../parts/field.tsx'
import { durationText, toLocalInput, zoneName } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { catalog, oncall, type PolicySimulation, type PolicySpec, type Resource } from '../../shell/api.ts'
import { usePeople, useWebhooks } from '../../shell/directory.ts'
import { PolicyEditor } from './policy-editor.tsx'
import { ReadinessList } from './readiness-list.tsx'

/** Three in the morning of the coming Sunday: the hour in which schedules are wrong. */
function sundayNight(now: number): number {
  const date = new Date(now)
  date.setDate(date.getDate() + ((7 - date.getDay()) % 7 || 7))
  date.setHours(3, 0, 0, 0)
  return date.getTime()
}

export function SimulateView() {
  const policies = useQuery({
    queryKey: ['resources', 'escalation-policies'],
    queryFn: ({ signal }) => catalog.resources('escalation-policies', signal),
  })
  const people = usePeople()
  const webhooks = useWebhooks()
  const [chosen, setChosen] = useState('')
  const [at, setAt] = useState(() => toLocalInput(sundayNight(presentMs())))
  const [urgency, setUrgency] = useState<'high' | 'low'>('high')
  const policy = chosen !== '' ? chosen : (policies.data?.items[0]?.metadata.name ?? '')
  const saved = savedSpec(policies.data?.items.find((each) => each.metadata.name === policy)?.spec)
  const [edited, setEdited] = useState<{ readonly policy: string; readonly spec: PolicySpec } | null>(null)
  const spec = edited?.policy === policy ? edited.spec : null
  const run = useMutation({
    mutationFn: () =>
      oncall.simulate(policy, { at: new Date(at).toISOString(), urgency, ...(spec === null ? {} : { spec }) }),
  })
  if (policies.data?.items.length === 0) {
    return (
      <Empty title="No escalation policy is declared yet." command="mainstay apply -f escalation.yaml">
        A policy says who is paged first, and who when nobody answers.
      </Empty>
    )
  }
  return (
    <>
      <ProblemNote error={policies.error} retry={() => void policies.refetch()} />
      <form
        className="form-row"
        onSubmit={(event) => {
          event.preventDefault()
          run.mutate()
        }}
      >
        <SelectField
          title="If it fires by the policy"
          value={policy}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {policies.data?.items.map((each) => (
            <option key={each.metadata.name} value={each.metadata.name}>
              {each.metadata.name}
            </option>
          ))}
        </SelectField>
        <InputField
          title={<>at ({zoneName(Intl.DateTimeFormat().resolvedOptions().timeZone)})</>}
          type="datetime-local"
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
          required
        />
        <SelectField
          title="urgency"
          value={urgency}
          onChange={(event) => setUrgency(event.currentTarget.value === 'low' ? 'low' : 'high')}
        >
          <option value="high">high, wakes people</option>
          <option value="low">low, can wait</option>
        </SelectField>
        <Button type="submit" loading={run.isPending} disabled={policy === ''}>
          Who is paged?
        </Button>
      </form>
      {saved !== null && (
        <div className="policy-edit">
          <button
            type="button"
            className="link-button"
            aria-expanded={spec !== null}
            onClick={() => setEdited(spec === null ? { policy, spec: saved } : null)}
          >
            {spec === null ? 'Try a change of the policy' : 'Back to the policy as it is saved'}
          </button>
          {spec !== null && (
            <>
              <PolicyEditor spec={spec} onChange={(next) => setEdited({ policy, spec: next })} />
              <p className="soft">This is tried, not saved. To keep it, apply the policy’s document.</p>
            </>
          )}
        </div>
      )}
      <ProblemNote error={run.error} retry={() => run.mutate()} />
      {run.data !== undefined && (
        <Section title="If nobody answers" {...(spec === null ? {} : { aside: 'With the change' })}>
          {run.data.steps.length === 0 && <StateMark tone="critical" word="Nobody would be paged" strong />}
          {run.data.findings.map((finding) => (
            <p key={`${finding.person} ${finding.code} ${finding.sentence}`} className="schedule-sentence finding">
              <StateMark
                tone="warning"
                word={`${people.get(finding.person)?.title ?? finding.person}: ${finding.sentence}`}
              />
            </p>
          ))}
          <ol className="rows">
            {toldIn(run.data).map((step) => {
              const after = Date.parse(step.at) - Date.parse(run.data.at)
              return (
                <li key={`${step.at} ${step.who} ${step.by ?? ''}`}>
                  <span className="simulated-time">
                    {after < 1000 ? 'at once' : `+${durationText(after)}`}
                    <br />
                    <span className="soft">
                      <Time at={step.at} show="clock" />
                    </span>
                  </span>
                  <span className="grow">
                    {step.by === null ? (
                      <span className="policy-target-name">Webhook {webhooks.get(step.who)?.title ?? step.who}</span>
                    ) : (
                      <strong>{people.get(step.who)?.title ?? step.who}</strong>
                    )}{' '}
                    <span className="soft">
                      {step.by === null ? 'is told, ' : `by ${step.by}, `}
                      {step.level === null ? 'fallback' : `level ${step.level}`}
                      {step.round > 1 && `, round ${step.round}`}
                    </span>
                    <br />
                    <span className="soft">{step.because}</span>
                  </span>
                </li>
              )
            })}
          </ol>
          {!run.data.complete && <p className="soft">Cut off here; it would go on.</p>}
        </Section>
      )}
      {run.data !== undefined && <ReadinessList people={run.data.readiness} />}
    </>
  )
}

/** People and machines as they follow each other; a machine has no channel. */
function toldIn({ steps, webhooks }: PolicySimulation) {
  const told: readonly Told[] = [
    ...steps.map((each) => ({ ...each, who: each.person, by: each.channel })),
    ...webhooks.map((each) => ({ ...each, who: each.webhook, by: null })),
  ]
  return told.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

interface Told extends Pick<PolicySimulation['webhooks'][number], 'at' | 'level' | 'round' | 'because'> {
  readonly who: string
  readonly by: string | null
}

/** The part of the document that can be tried; null when it is not what this console knows. */
function savedSpec(spec: Resource['spec'] | undefined): PolicySpec | null {
  if (spec === undefined || !Array.isArray(spec.levels) || typeof spec.fallbackOwner !== 'string') return null
  const levels = spec.levels.flatMap((level: unknown) => readLevel(level) ?? [])
  if (levels.length !== spec.levels.length) return null
  const { repeat, acknowledgementTimeout, pageOnHandOver, fallbackOwner } = spec
  return {
    levels,
    fallbackOwner,
    ...(typeof repeat === 'number' ? { repeat } : {}),
    ...(typeof acknowledgementTimeout === 'string' ? { acknowledgementTimeout } : {}),
    ...(typeof pageOnHandOver === 'boolean' ? { pageOnHandOver } : {}),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function readLevel(level: unknown): PolicySpec['levels'][number] | null {
  if (!isRecord(level) || !Array.isArray(level.notify)) return null
  const notify = level.notify.flatMap((each: unknown): PolicySpec['levels'][number]['notify'] => {
    if (!isRecord(each)) return []
    if (typeof each.person === 'string') return [{ person: each.person }]
    if (typeof each.team === 'string') return [{ team: each.team }]
    if (typeof each.webhook === 'string') return [{ webhook: each.webhook }]
    return typeof each.schedule === 'string' ? [{ schedule: each.schedule }] : []
  })
  if (notify.length === 0) return null
  const strategy = level.strategy === 'round-robin' ? ({ strategy: level.strategy } as const) : {}
  return { notify, ...strategy, ...(typeof level.waitFor === 'string' ? { waitFor: level.waitFor } : {}) }
}
