// One corrective action: who, until when, what proves it, and what its signal says.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'wouter'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import { actions, type CorrectiveAction } from '../../shell/response-api.ts'
import { useMay } from '../../shell/session.tsx'
import { TicketsOf } from '../../shell/tickets-of.tsx'
import { actionKindWords, actionLooks, changed, signalSentence, sizeWords } from './words.ts'

// Fetched when somebody is done: most who read a postmortem never are.
const FinishAction = lazy(() => import('./finish-action.tsx'))
const sizes = ['S', 'M', 'L'] as const

export function ActionRow({ action, withPostmortem = false }: { action: CorrectiveAction; withPostmortem?: boolean }) {
  const may = useMay('responder')
  const [ask, setAsk] = useState<'finish' | 'dropped' | 'open' | null>(null)
  const look = action.overdue ? { tone: 'warning' as const, word: 'Overdue' } : actionLooks[action.state]
  return (
    <li>
      <StateMark tone={look.tone} word={look.word} />
      <div className="grow">
        <p>
          <strong>{action.title}</strong>
        </p>
        <p className="soft">
          {actionKindWords[action.kind]}, <PersonName name={action.owner} />, due <Time at={action.dueAt} />
          {withPostmortem && (
            <>
              , from <Link href={`/postmortems/${action.postmortem.id}`}>{action.postmortem.title}</Link>
            </>
          )}
        </p>
        {action.state === 'open' && <Size action={action} may={may} />}
        {action.signal !== null && <p className="soft">Proven when {signalSentence(action.signal)}</p>}
        {action.seen !== null && <p className="soft">{action.seen}</p>}
        {action.reopened > 0 && (
          <p className="soft">It did not hold {action.reopened === 1 ? 'once' : `${action.reopened} times`}.</p>
        )}
        <TicketsOf about={{ kind: 'action', id: action.id }} />
      </div>
      {may && (
        <span className="item-actions">
          {action.state === 'open' && (
            <button type="button" className="link-button" onClick={() => setAsk('finish')}>
              Done<span className="sr-only">: {action.title}</span>
            </button>
          )}
          {action.state !== 'dropped' && action.state !== 'proven' && (
            <button type="button" className="link-button" onClick={() => setAsk('dropped')}>
              Drop<span className="sr-only">: {action.title}</span>
            </button>
          )}
          {action.state !== 'open' && (
            <button type="button" className="link-button" onClick={() => setAsk('open')}>
              Reopen<span className="sr-only">: {action.title}</span>
            </button>
          )}
        </span>
      )}
      {ask === 'finish' && (
        <Suspense fallback={null}>
          <FinishAction action={action} onClose={() => setAsk(null)} />
        </Suspense>
      )}
      {(ask === 'dropped' || ask === 'open') && <Change action={action} to={ask} onClose={() => setAsk(null)} />}
    </li>
  )
}

/** What it takes and what it is worth, with the formula as it came out. */
function Size({ action, may }: { action: CorrectiveAction; may: boolean }) {
  const resize = useMutation({
    mutationFn: (text: string) => actions.resize(action.id, sizes.find((each) => each === text) ?? null),
    onSuccess: changed,
  })
  return (
    <>
      <p className="soft">
        Priority {action.priority.perDay}: {action.priority.sentence}
      </p>
      {may && (
        <select
          className="plain-select"
          aria-label={`How much work: ${action.title}`}
          value={action.size ?? ''}
          disabled={resize.isPending}
          onChange={(event) => resize.mutate(event.currentTarget.value)}
        >
          <option value="">Size not known</option>
          {sizes.map((each) => (
            <option key={each} value={each}>
              {sizeWords[each]}
            </option>
          ))}
        </select>
      )}
      <ProblemNote error={resize.error} />
    </>
  )
}

function Change({ action, to, onClose }: { action: CorrectiveAction; to: 'open' | 'dropped'; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const change = useMutation({
    mutationFn: () => actions.change(action.id, to, reason.trim()),
    onSuccess: () => {
      onClose()
      return changed()
    },
  })
  return (
    <Dialog title={to === 'open' ? 'Reopen it' : 'Drop it'} onClose={onClose}>
      <p>{action.title}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <TextInput
          label="Why"
          data-autofocus
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={change.error} />
        <Button type="submit" loading={change.isPending} disabled={reason.trim() === ''}>
          {to === 'open' ? 'Reopen' : 'Drop'}
        </Button>
      </form>
    </Dialog>
  )
}
