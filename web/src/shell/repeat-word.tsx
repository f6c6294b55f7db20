// A person's word on a repeat: said, or to be said.
import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Time } from '../parts/time.tsx'
import { learning, problems, type RepeatProposal, refreshLearning, type Verdict } from './learning-api.ts'
import { PersonName } from './person-name.tsx'
import { incidentName } from './words.ts'
import './repeat-word.css'

type Said = NonNullable<RepeatProposal['said']>
interface Named {
  readonly id: string
  readonly number: number
  readonly title: string
}

export function SaidOfRepeat({ said }: { said: Said }) {
  return (
    <p className="soft">
      {said.verdict === 'confirmed' ? 'Confirmed' : 'Rejected'} by <PersonName name={said.by} />, <Time at={said.at} />
      {said.reason !== null && `: ${said.reason}`}
    </p>
  )
}

export function JudgeRepeat({ incident, earlier, said }: { incident: Named; earlier: Named; said: Said | null }) {
  const [, navigate] = useLocation()
  const [asking, setAsking] = useState<Exclude<Verdict, 'confirmed'> | null>(null)
  const [reason, setReason] = useState('')
  const judge = useMutation({
    mutationFn: (verdict: Verdict) =>
      learning.judge(incident.id, {
        earlier: earlier.id,
        verdict,
        ...(verdict === 'confirmed' ? {} : { reason: reason.trim() }),
      }),
    onSuccess: () => {
      setAsking(null)
      setReason('')
      return refreshLearning()
    },
  })
  const open = useMutation({
    mutationFn: () => problems.open({ title: incident.title, incidents: [earlier.id, incident.id] }),
    onSuccess: async (problem) => {
      await refreshLearning()
      navigate(`/learning/problems/${problem.id}`)
    },
  })
  const pair = `${incidentName(incident)} and ${incidentName(earlier)}`
  const ask = (verdict: Exclude<Verdict, 'confirmed'>, word: string) => (
    <button type="button" className="link-button" onClick={() => setAsking(verdict)}>
      {word}
      <span className="sr-only">: {pair}</span>
    </button>
  )
  return (
    <div className="learn-acts">
      {said === null && (
        <>
          <button
            type="button"
            className="link-button"
            disabled={judge.isPending}
            onClick={() => judge.mutate('confirmed')}
          >
            It is a repeat
            <span className="sr-only">: {pair}</span>
          </button>
          {ask('rejected', 'It is something else')}
        </>
      )}
      {said?.verdict === 'confirmed' && (
        <button type="button" className="link-button" disabled={open.isPending} onClick={() => open.mutate()}>
          Open a problem of both
          <span className="sr-only">: {pair}</span>
        </button>
      )}
      {said !== null && ask('undecided', 'Take it back')}
      <ProblemNote error={open.error ?? (asking === null ? judge.error : null)} />
      {asking !== null && (
        <Dialog title={asking === 'rejected' ? 'It is something else' : 'Take it back'} onClose={() => setAsking(null)}>
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault()
              judge.mutate(asking)
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
            <ProblemNote error={judge.error} />
            <Button type="submit" loading={judge.isPending} disabled={reason.trim() === ''}>
              {asking === 'rejected' ? 'Say so' : 'Take it back'}
            </Button>
          </form>
        </Dialog>
      )}
    </div>
  )
}
