// What workflows did in this incident, what waits for an answer, and one to start by hand.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import type { IncidentDetail } from '../../shell/api.ts'
import { usePaged } from '../../shell/paged.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { type WorkflowRun, type WorkflowTest, workflows } from '../../shell/workflow-api.ts'
import { WorkflowRunCard } from '../../shell/workflow-run.tsx'

// Steps that are tried again change without an entry in the journal.
const lookEveryMs = 15_000

export function WorkflowsOf({ incident }: { incident: IncidentDetail }) {
  const may = useMay('responder')
  const { query, rows } = usePaged<WorkflowRun>({
    key: ['workflows', 'of', incident.id],
    read: (page, signal) => workflows.runs({ ...page, incident: incident.id }, signal),
    everyMs: lookEveryMs,
  })
  return (
    <>
      <Section title="Runs in this incident">
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={3} height={64} />}
        {query.data !== undefined && rows.length === 0 && <p className="soft">No workflow ran in this incident.</p>}
        <ul className="workflow-runs">
          {rows.map((run) => (
            <WorkflowRunCard key={run.id} run={run} may={may} named={false} />
          ))}
        </ul>
      </Section>
      {may && <StartOne incident={incident} />}
    </>
  )
}

function StartOne({ incident }: { incident: IncidentDetail }) {
  const known = useQuery({ queryKey: ['workflows', 'list'], queryFn: ({ signal }) => workflows.list(signal) })
  const [chosen, setChosen] = useState('')
  const items = known.data?.items ?? []
  const name = items.find((each) => each.name === chosen)?.name ?? items[0]?.name ?? ''
  const test = useMutation({ mutationFn: () => workflows.test(name, incident.id) })
  const start = useMutation({
    mutationFn: () => workflows.start(name, incident.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['workflows'] }),
  })
  if (items.length === 0) return <ProblemNote error={known.error} />
  return (
    <Section title="Start one by hand">
      <form
        className="workflow-form"
        onSubmit={(event) => {
          event.preventDefault()
          start.mutate()
        }}
      >
        <label className="field" htmlFor="workflow-to-start">
          <span>Workflow</span>
          <select
            id="workflow-to-start"
            className="plain-select"
            value={name}
            onChange={(event) => {
              setChosen(event.currentTarget.value)
              test.reset()
              start.reset()
            }}
          >
            {items.map((each) => (
              <option key={each.name} value={each.name}>
                {each.title}
              </option>
            ))}
          </select>
        </label>
        <Button variant="default" size="compact-sm" loading={test.isPending} onClick={() => test.mutate()}>
          What would it do?
        </Button>
        <Button type="submit" variant="default" size="compact-sm" loading={start.isPending}>
          Start it
        </Button>
      </form>
      <ProblemNote error={test.error ?? start.error} />
      <div role="status">{test.data !== undefined && <Told test={test.data} />}</div>
    </Section>
  )
}

const words = { run: 'Would be done', ask: 'Would ask', refuse: 'Refused' } as const
const tones = { run: 'ok', ask: 'warning', refuse: 'critical' } as const

function Told({ test }: { test: WorkflowTest }) {
  return (
    <>
      <p>
        <strong>{test.runs ? 'It would run by itself.' : 'It would not run by itself.'}</strong> {test.because}
      </p>
      <ol className="workflow-steps">
        {test.steps.map((step, index) => (
          // A workflow never changes the order of its steps.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index}>
            <StateMark tone={tones[step.would]} word={`${words[step.would]}:`} /> {step.name}
            {step.would !== 'run' && <span className="soft"> · {step.sentence}</span>}
          </li>
        ))}
      </ol>
    </>
  )
}
