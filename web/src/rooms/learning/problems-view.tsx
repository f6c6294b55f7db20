// The list of problems, and a form for a new one.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FirstFew } from '../../parts/first-few.tsx'
import { plural } from '../../parts/format.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type ProblemRecordSummary, problems, refreshLearning } from '../../shell/learning-api.ts'
import { problemLooks, problemName } from '../../shell/learning-words.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { useMay } from '../../shell/session.tsx'

type Wanted = 'current' | 'eliminated' | 'accepted'
const wantedOptions = [
  { value: 'current', title: 'Not gone' },
  { value: 'eliminated', title: 'Eliminated' },
  { value: 'accepted', title: 'Accepted' },
] as const

export function ProblemsView() {
  const [wanted, setWanted] = useUrlState<Wanted>('state', 'current')
  const [opening, setOpening] = useState(false)
  const may = useMay('responder')
  const query = useQuery({
    queryKey: ['learning', 'problems', wanted],
    queryFn: ({ signal }) => problems.list(wanted, signal),
  })
  useCommands(
    may
      ? [
          {
            id: 'learning.open-problem',
            title: 'Open a problem',
            keys: 'c',
            group: 'This page',
            run: () => setOpening(true),
          },
        ]
      : [],
  )
  const items = query.data?.items ?? []
  return (
    <>
      <div className="toolbar">
        <Choice label="Which problems" value={wanted} onChange={setWanted} options={wantedOptions} />
        {may && (
          <Button variant="default" onClick={() => setOpening(true)}>
            Open a problem
          </Button>
        )}
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} height={56} />}
      {query.data !== undefined && items.length === 0 && (
        <Empty
          title={wanted === 'current' ? 'No problem is open.' : 'None.'}
          command={'mainstay learning open "The pool is too small" --incident 17 --incident 42'}
        >
          A problem is what several incidents have in common. It has a workaround, an owner and a plan made of
          corrective actions, and counts as eliminated when it did not repeat for its time.
        </Empty>
      )}
      <FirstFew rows={items} most={50} of="problems">
        {(shown) => (
          <ul className="rows stacks">
            {shown.map((each) => (
              <Line key={each.id} problem={each} />
            ))}
          </ul>
        )}
      </FirstFew>
      {query.data !== undefined && query.data.nextCursor !== null && <p className="soft">The newest 200.</p>}
      {opening && <OpenProblem onClose={() => setOpening(false)} />}
    </>
  )
}

function Line({ problem }: { problem: ProblemRecordSummary }) {
  const look = problemLooks[problem.state]
  const { open, proving, proven } = problem.actions
  const actions = open + proving + proven
  return (
    <li>
      <StateMark tone={problem.overdue ? 'critical' : look.tone} word={problem.overdue ? 'Overdue' : look.word} />
      <div className="grow">
        <Link href={`/learning/problems/${problem.id}`}>
          <strong>
            {problemName(problem)} {problem.title}
          </strong>
        </Link>
        <p className="soft">
          {plural(problem.incidents, 'incident')}
          {problem.services.length > 0 && ` on ${problem.services.slice(0, 5).join(', ')}`}
          {problem.class !== null && `, ${problem.class}`}.{' '}
          {actions === 0 ? 'No action' : `${proving + proven} of ${plural(actions, 'action')} done`}
          {problem.owner !== null && (
            <>
              , <PersonName name={problem.owner} />
            </>
          )}
          .
        </p>
      </div>
      <span className="soft">{problem.lastSeenAt !== null && <Time at={problem.lastSeenAt} />}</span>
    </li>
  )
}

function OpenProblem({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation()
  const [title, setTitle] = useState('')
  const open = useMutation({
    mutationFn: () => problems.open({ title: title.trim() }),
    onSuccess: async (problem) => {
      await refreshLearning()
      navigate(`/learning/problems/${problem.id}`)
    },
  })
  return (
    <Dialog title="Open a problem" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          open.mutate()
        }}
      >
        <TextInput
          data-autofocus
          label="What is behind the incidents"
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <ProblemNote error={open.error} />
        <Button type="submit" loading={open.isPending} disabled={title.trim() === ''}>
          Open it
        </Button>
      </form>
    </Dialog>
  )
}
