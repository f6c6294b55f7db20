// One run of a workflow: how each step stands, what waits for a person, what can be tried again.
import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { ProblemNote } from '../parts/problem-note.tsx'
import { StateMark, type Tone } from '../parts/state-mark.tsx'
import { Time } from '../parts/time.tsx'
import { queries } from './queries.ts'
import { roleName } from './words.ts'
import { type StepOfRun, type WorkflowRun, workflows } from './workflow-api.ts'
import '../parts/policy-list.css'
import './workflow-run.css'

const refresh = () => queries.invalidateQueries({ queryKey: ['workflows'] })

export const runLooks: Readonly<Record<WorkflowRun['state'], { readonly tone: Tone; readonly word: string }>> = {
  waiting: { tone: 'unknown', word: 'Waiting' },
  running: { tone: 'info', word: 'Running' },
  approval: { tone: 'warning', word: 'Needs an answer' },
  done: { tone: 'ok', word: 'Done' },
  failed: { tone: 'critical', word: 'Did not work' },
  'not-needed': { tone: 'silenced', word: 'Not needed' },
}
const stepLooks: Readonly<Record<StepOfRun['state'], { readonly tone: Tone; readonly word: string }>> = {
  pending: { tone: 'unknown', word: 'To come' },
  calling: { tone: 'info', word: 'Asking' },
  approval: { tone: 'warning', word: 'Needs an answer' },
  done: { tone: 'ok', word: 'Done' },
  failed: { tone: 'critical', word: 'Did not work' },
  refused: { tone: 'critical', word: 'Refused' },
  rejected: { tone: 'silenced', word: 'Not let through' },
  skipped: { tone: 'silenced', word: 'Left out' },
}

export function WorkflowRunCard({ run, may, named }: { run: WorkflowRun; may: boolean; named: boolean }) {
  const look = runLooks[run.state]
  return (
    <li className="workflow-run">
      <div className="policy-top">
        <StateMark tone={look.tone} word={look.word} strong />
        <strong>{run.title}</strong>
        {named && (
          <Link href={`/incidents/${run.incident.id}?view=workflows`}>
            Incident {run.incident.number}: {run.incident.title}
          </Link>
        )}
        <span className="soft end">
          <Time at={run.createdAt} />
        </span>
      </div>
      <p className="soft">
        {run.because}
        {run.state === 'waiting' && run.dueAt !== null && (
          <>
            {' · '}
            It looks again <Time at={run.dueAt} />.
          </>
        )}
      </p>
      {run.state !== 'not-needed' && (
        <ol className="workflow-steps">
          {run.steps.map((step, index) => (
            // A run never changes the order of its steps.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <StepLine key={index} run={run} step={step} number={index + 1} may={may} />
          ))}
        </ol>
      )}
    </li>
  )
}

const again: readonly StepOfRun['state'][] = ['failed', 'refused', 'rejected', 'skipped']

interface StepProps {
  readonly run: WorkflowRun
  readonly step: StepOfRun
  readonly number: number
  readonly may: boolean
}

function StepLine({ run, step, number, may }: StepProps) {
  const retry = useMutation({ mutationFn: () => workflows.retry(run.id, number), onSuccess: refresh })
  const trying = step.state === 'pending' && step.attempts > 0
  const look = trying ? ({ tone: 'warning', word: 'Tried again' } as const) : stepLooks[step.state]
  return (
    <li>
      <div className="workflow-step">
        <StateMark tone={look.tone} word={look.word} />
        <span className="grow">
          {step.name}
          {step.said !== null && <span className="soft"> · {step.said}</span>}
          {trying && step.dueAt !== null && (
            <span className="soft">
              {' '}
              Next <Time at={step.dueAt} />.
            </span>
          )}{' '}
          <StepLink step={step} />
        </span>
        {may && again.includes(step.state) && (
          <Button
            size="compact-sm"
            variant="default"
            loading={retry.isPending}
            onClick={() => retry.mutate()}
            aria-label={`Try again: ${step.name}`}
          >
            Try again
          </Button>
        )}
      </div>
      <ProblemNote error={retry.error} />
      {step.state === 'approval' && <Answer run={run} step={step} number={number} may={may} />}
    </li>
  )
}

function StepLink({ step: { link, kind } }: { step: StepOfRun }) {
  if (link === null) return null
  if (link.startsWith('/')) return <Link href={link}>{kind === 'page' ? 'The page' : 'Look'}</Link>
  return /^https:\/\//.test(link) ? (
    <a href={link} target="_blank" rel="noreferrer">
      {kind === 'call' ? 'Join the call' : 'Look'}
    </a>
  ) : null
}

function Answer({ run, step, number, may }: StepProps) {
  const [text, setText] = useState(step.draft ?? '')
  const decide = useMutation({
    mutationFn: (approve: boolean) =>
      workflows.decide(run.id, number, approve, approve && step.draft !== null ? text.trim() : null),
    onSuccess: refresh,
  })
  const asked = step.approval === null ? 'the commander' : `the ${roleName(step.approval).toLowerCase()}`
  return (
    <div className="workflow-answer">
      <p>
        It waits for {asked} or the commander
        {step.dueAt !== null && (
          <>
            , and is given up <Time at={step.dueAt} />
          </>
        )}
        .
      </p>
      {step.draft !== null && (
        <Textarea
          label="What goes out"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          rows={6}
          maxLength={4_000}
          readOnly={!may}
        />
      )}
      {may && (
        <div className="workflow-acts">
          <Button
            size="compact-sm"
            loading={decide.isPending}
            disabled={step.draft !== null && text.trim() === ''}
            onClick={() => decide.mutate(true)}
            aria-label={`Let it happen: ${step.name}`}
          >
            Let it happen
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={decide.isPending}
            onClick={() => decide.mutate(false)}
            aria-label={`No: ${step.name}`}
          >
            No
          </Button>
        </div>
      )}
      <ProblemNote error={decide.error} />
    </div>
  )
}
