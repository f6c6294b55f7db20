// "Who is paged if it fires at …": the same function as the one that pages.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { durationText, toLocalInput, zoneName } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { catalog, oncall } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'

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
  const [chosen, setChosen] = useState('')
  const [at, setAt] = useState(() => toLocalInput(sundayNight(presentMs())))
  const [urgency, setUrgency] = useState<'high' | 'low'>('high')
  const policy = chosen !== '' ? chosen : (policies.data?.items[0]?.metadata.name ?? '')
  const run = useMutation({
    mutationFn: () => oncall.simulate(policy, { at: new Date(at).toISOString(), urgency }),
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
        <label className="field">
          <span>If it fires by the policy</span>
          <select className="plain-select" value={policy} onChange={(event) => setChosen(event.currentTarget.value)}>
            {policies.data?.items.map((each) => (
              <option key={each.metadata.name} value={each.metadata.name}>
                {each.metadata.name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>at ({zoneName(Intl.DateTimeFormat().resolvedOptions().timeZone)})</span>
          <input
            className="plain-select"
            type="datetime-local"
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
            required
          />
        </label>
        <label className="field">
          <span>urgency</span>
          <select
            className="plain-select"
            value={urgency}
            onChange={(event) => setUrgency(event.currentTarget.value === 'low' ? 'low' : 'high')}
          >
            <option value="high">high, wakes people</option>
            <option value="low">low, can wait</option>
          </select>
        </label>
        <Button type="submit" loading={run.isPending} disabled={policy === ''}>
          Who is paged?
        </Button>
      </form>
      <ProblemNote error={run.error} retry={() => run.mutate()} />
      {run.data !== undefined && (
        <Section title="If nobody answers">
          {run.data.steps.length === 0 && <StateMark tone="critical" word="Nobody would be paged" strong />}
          {run.data.findings.map((finding) => (
            <p key={`${finding.person} ${finding.code} ${finding.sentence}`} className="schedule-sentence">
              <StateMark tone="warning" word={finding.sentence} />
            </p>
          ))}
          <ol className="rows">
            {run.data.steps.map((step) => {
              const after = Date.parse(step.at) - Date.parse(run.data.at)
              return (
                <li key={`${step.at} ${step.person} ${step.contact}`}>
                  <span className="simulated-time">
                    {after < 1000 ? 'at once' : `+${durationText(after)}`}
                    <br />
                    <span className="soft">
                      <Time at={step.at} show="clock" />
                    </span>
                  </span>
                  <span className="grow">
                    <strong>{people.get(step.person)?.title ?? step.person}</strong>{' '}
                    <span className="soft">
                      by {step.channel}, {step.level === null ? 'fallback' : `level ${step.level}`}
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
    </>
  )
}
