// One problem: where it stands, what helps, how it is to be eliminated, and the incidents behind it.
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { Dialog } from '../../parts/dialog.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { FirstFew } from '../../parts/first-few.tsx'
import { plural } from '../../parts/format.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type ProblemRecord, type ProblemState, problems, refreshLearning } from '../../shell/learning-api.ts'
import { problemLooks, problemMoves, problemName } from '../../shell/learning-words.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { useMay } from '../../shell/session.tsx'
import { incidentName } from '../../shell/words.ts'
import { AddToProblem } from './add-to-problem.tsx'
import { WriteProblem } from './write-problem.tsx'
import './learning.css'

const crumb = { title: 'Learning', href: '/learning?view=problems' }

export default function ProblemPage() {
  const { id = '' } = useParams<{ id: string }>()
  const query = useQuery({
    queryKey: ['learning', 'problem', id],
    queryFn: ({ signal }) => problems.read(id, signal),
  })
  if (query.data === undefined)
    return (
      <>
        <PageHead title="Problem" crumb={crumb} />
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={6} />}
      </>
    )
  return <Loaded problem={query.data} />
}

function Loaded({ problem }: { problem: ProblemRecord }) {
  const may = useMay('responder')
  const [writing, setWriting] = useState(false)
  const look = problemLooks[problem.state]
  return (
    <>
      <PageHead
        title={problem.title}
        tab={`${problemName(problem)} ${problem.title}`}
        crumb={crumb}
        sentence={problem.sentence}
        facts={
          <>
            <StateMark tone={look.tone} word={look.word} strong />
            <span>{problemName(problem)}</span>
            {problem.class !== null && <span>{problem.class}</span>}
            {problem.services.length > 0 && <span>{problem.services.join(', ')}</span>}
            <span>
              {problem.owner === null ? 'Nobody owns it' : <PersonName name={problem.owner} />}
              {problem.dueAt !== null && (
                <>
                  , {problem.overdue ? 'was due' : 'due'} <Time at={problem.dueAt} />
                </>
              )}
            </span>
          </>
        }
        actions={may ? <Moves problem={problem} onWrite={() => setWriting(true)} /> : undefined}
      />
      {writing && <WriteProblem problem={problem} onClose={() => setWriting(false)} />}
      <div className="halves">
        <Section title="Workaround">
          <Words text={problem.workaround} none="Nobody has written what helps until it is gone." />
        </Section>
        <Section title="Cause">
          <Words text={problem.cause} none="Not known yet." />
        </Section>
      </div>
      <Plan problem={problem} may={may} />
      <Incidents problem={problem} may={may} />
      <Section title="How it went">
        <ul className="rows stacks">
          {problem.moves.map((move) => (
            <li key={`${move.at} ${move.after}`}>
              <StateMark tone={problemLooks[move.after].tone} word={problemLooks[move.after].word} />
              <span className="grow">
                {move.because}{' '}
                <span className="soft">
                  <PersonName name={move.by} />
                </span>
              </span>
              <span className="soft">
                <Time at={move.at} />
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

function Words({ text, none }: { text: string | null; none: string }) {
  return text === null || text === '' ? <p className="soft">{none}</p> : <p className="problem-text">{text}</p>
}

const needsWords: readonly ProblemState[] = ['open', 'accepted']

function Moves({ problem, onWrite }: { problem: ProblemRecord; onWrite: () => void }) {
  const [asking, setAsking] = useState<ProblemState | null>(null)
  const [note, setNote] = useState('')
  const move = useMutation({
    mutationFn: (to: ProblemState) => problems.move(problem.id, to, note.trim() === '' ? null : note.trim()),
    onSuccess: () => {
      setAsking(null)
      setNote('')
      return refreshLearning()
    },
  })
  return (
    <>
      <Button variant="default" onClick={onWrite}>
        Write
      </Button>
      {problem.next.map((to) => (
        <Button key={to} variant="default" onClick={() => setAsking(to)}>
          {problemMoves[to]}
        </Button>
      ))}
      {asking !== null && (
        <Dialog title={problemMoves[asking]} onClose={() => setAsking(null)}>
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault()
              move.mutate(asking)
            }}
          >
            <Textarea
              data-autofocus
              label={needsWords.includes(asking) ? 'Why' : 'Why, if there is more to say'}
              required={needsWords.includes(asking)}
              rows={3}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <ProblemNote error={move.error} />
            <Button type="submit" loading={move.isPending} disabled={needsWords.includes(asking) && note.trim() === ''}>
              {problemMoves[asking]}
            </Button>
          </form>
        </Dialog>
      )}
    </>
  )
}

const actionLooks = {
  open: { tone: 'warning', word: 'To do' },
  proving: { tone: 'info', word: 'Being proven' },
  proven: { tone: 'ok', word: 'Proven' },
  dropped: { tone: 'silenced', word: 'Dropped' },
} as const
const lookOf = (state: string) => Object.entries(actionLooks).find(([name]) => name === state)?.[1] ?? actionLooks.open

function Plan({ problem, may }: { problem: ProblemRecord; may: boolean }) {
  return (
    <Section title="Elimination plan" aside={plural(problem.linkedActions.length, 'action')}>
      <Words text={problem.plan} none="A plan is made of corrective actions of its postmortems." />
      <ul className="rows stacks">
        {problem.linkedActions.map((action) => (
          <li key={action.id}>
            <StateMark
              tone={action.overdue ? 'critical' : lookOf(action.state).tone}
              word={action.overdue ? 'Overdue' : lookOf(action.state).word}
            />
            <div className="grow">
              <Link href={`/postmortems/${action.postmortem}`}>{action.title}</Link>
              <p className="soft">
                Action {action.number}, <PersonName name={action.owner} />
              </p>
            </div>
            <span className="soft">
              <Time at={action.dueAt} />
            </span>
            {may && <TakeOut problem={problem.id} action={action.id} what={`action ${action.number}`} />}
          </li>
        ))}
      </ul>
      {may && <AddToProblem problem={problem} what="action" />}
    </Section>
  )
}

function Incidents({ problem, may }: { problem: ProblemRecord; may: boolean }) {
  return (
    <Section title="Incidents" aside={plural(problem.incidents, 'incident')}>
      {problem.incidents === 0 && <p className="soft">None belongs to it yet.</p>}
      <FirstFew rows={problem.linkedIncidents} most={20} of="incidents">
        {(shown) => (
          <ul className="rows stacks">
            {shown.map((each) => (
              <li key={each.id}>
                <span>{each.severity}</span>
                <Link className="grow" href={`/incidents/${each.id}`}>
                  {incidentName(each)} {each.title}
                </Link>
                <span className="soft">
                  <Time at={each.beganAt} />
                </span>
                {may && <TakeOut problem={problem.id} incident={each.id} what={incidentName(each)} />}
              </li>
            ))}
          </ul>
        )}
      </FirstFew>
      {may && <AddToProblem problem={problem} what="incident" />}
    </Section>
  )
}

function TakeOut({ problem, what, ...of }: { problem: string; what: string; incident?: string; action?: string }) {
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const unlink = useMutation({
    mutationFn: () => problems.unlink(problem, { ...of, reason: reason.trim() }),
    onSuccess: () => {
      setAsking(false)
      return refreshLearning()
    },
  })
  return (
    <>
      <button type="button" className="link-button" onClick={() => setAsking(true)}>
        Take out<span className="sr-only">: {what}</span>
      </button>
      {asking && (
        <Dialog title={`Take out ${what}`} onClose={() => setAsking(false)}>
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault()
              unlink.mutate()
            }}
          >
            <Textarea
              data-autofocus
              label="Why"
              required
              rows={3}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <ProblemNote error={unlink.error} />
            <Button type="submit" loading={unlink.isPending} disabled={reason.trim() === ''}>
              Take it out
            </Button>
          </form>
        </Dialog>
      )}
    </>
  )
}
