// Work that policies opened: whose it is, when it is due, and what came of it.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BudgetTask } from '../../../../client/src/operations.gen.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import { policies } from '../../shell/policy-api.ts'
import { SubjectLink } from './subject-link.tsx'
import { WordForm } from './word-form.tsx'

export function Tasks() {
  const query = useQuery({
    queryKey: ['policies', 'tasks'],
    queryFn: ({ signal }) => policies.tasks(signal),
    refetchInterval: 60_000,
  })
  if (query.error === null && (query.data?.items.length ?? 0) === 0) return null
  return (
    <Section title="Tasks">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      <ul className="policy-list">
        {query.data?.items.map((task) => (
          <Line key={task.id} task={task} />
        ))}
      </ul>
    </Section>
  )
}

function Line({ task }: { task: BudgetTask }) {
  const [outcome, setOutcome] = useState<'done' | 'dropped' | null>(null)
  const { owner } = task
  return (
    <li>
      <div className="policy-top">
        {task.overdue && <StateMark tone="warning" word="Overdue" />}
        <strong>{task.title}</strong>
        {outcome === null && (
          <span className="end policy-top">
            <Button variant="default" size="compact-sm" onClick={() => setOutcome('done')}>
              Done
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => setOutcome('dropped')}>
              Drop
            </Button>
          </span>
        )}
      </div>
      <p className="soft">
        {owner === null ? (
          'Nobody owns it'
        ) : owner.kind === 'person' ? (
          <PersonName name={owner.name} />
        ) : (
          `Team ${owner.name}`
        )}
        , due <Time at={task.dueAt} />. <SubjectLink of={task} />: {task.because}
      </p>
      {outcome !== null && (
        <WordForm
          label={outcome === 'done' ? 'What came of it' : 'Why it is dropped'}
          action={outcome === 'done' ? 'It is done' : 'Drop it'}
          send={(note) => policies.closeTask(task.id, outcome, note)}
          onDone={() => setOutcome(null)}
        />
      )}
    </li>
  )
}
