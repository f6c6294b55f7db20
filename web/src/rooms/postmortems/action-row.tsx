// One corrective action: who, until when, what proves it, and what its signal says.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/field.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { catalog, objectives } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { actions, type CorrectiveAction, type ProofSignal } from '../../shell/response-api.ts'
import { useMay } from '../../shell/session.tsx'
import { TicketsOf } from '../../shell/tickets-of.tsx'
import { actionKindWords, actionLooks, sizeWords } from './words.ts'

const day = 86_400_000
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
      {ask === 'finish' && <Finish action={action} onClose={() => setAsk(null)} />}
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

function signalSentence(signal: ProofSignal): string {
  const days = Math.max(1, Math.round(signal.windowMs / day))
  const held = days === 1 ? 'a day' : `${days} days`
  return signal.kind === 'objective'
    ? `${signal.objective} stays within its budget for ${held}.`
    : `"${signal.title}" does not open on ${signal.service} for ${held}.`
}

const changed = () => queries.invalidateQueries({ queryKey: ['postmortems'] })

function Finish({ action, onClose }: { action: CorrectiveAction; onClose: () => void }) {
  const [kind, setKind] = useState<'objective' | 'alert'>(action.signal?.kind ?? 'objective')
  const [objective, setObjective] = useState(action.signal?.kind === 'objective' ? action.signal.objective : '')
  const [service, setService] = useState(action.signal?.kind === 'alert' ? action.signal.service : '')
  const [title, setTitle] = useState(action.signal?.kind === 'alert' ? action.signal.title : '')
  const [days, setDays] = useState('14')
  const measured = useQuery({
    queryKey: ['objectives', 'names'],
    queryFn: ({ signal }) => objectives.list({ limit: 500 }, signal),
  }).data
  const services = useQuery({
    queryKey: ['services', 'palette'],
    queryFn: ({ signal }) => catalog.services({ limit: 500 }, signal),
  }).data
  const finish = useMutation({
    mutationFn: () => {
      const windowMs = Math.round(Number(days) * day)
      return actions.finish(
        action.id,
        kind === 'objective' ? { kind, objective, windowMs } : { kind, service, title: title.trim(), windowMs },
      )
    },
    onSuccess: () => {
      onClose()
      return changed()
    },
  })
  const ready = Number(days) > 0 && (kind === 'objective' ? objective !== '' : service !== '' && title.trim() !== '')
  return (
    <Dialog title="What will show that it worked" onClose={onClose}>
      <p>{action.title}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          finish.mutate()
        }}
      >
        <SelectField
          title="The sign"
          data-autofocus
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value === 'alert' ? 'alert' : 'objective')}
        >
          <option value="objective">An objective stays within its budget</option>
          <option value="alert">An alert does not come back</option>
        </SelectField>
        {kind === 'objective' ? (
          <SelectField
            title="Objective"
            value={objective}
            onChange={(event) => setObjective(event.currentTarget.value)}
          >
            <option value="">Choose</option>
            {measured?.items.map((each) => (
              <option key={each.name} value={each.name}>
                {each.displayName}
              </option>
            ))}
          </SelectField>
        ) : (
          <>
            <SelectField title="Service" value={service} onChange={(event) => setService(event.currentTarget.value)}>
              <option value="">Choose</option>
              {services?.items.map((each) => (
                <option key={each.name} value={each.name}>
                  {each.displayName}
                </option>
              ))}
            </SelectField>
            <TextInput
              label="Title of the alert, as it stands in the inbox"
              value={title}
              maxLength={300}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
          </>
        )}
        <TextInput
          label="For how many days"
          type="number"
          min={1}
          max={365}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <p className="soft">Mainstay watches it. If it does not hold, the action is open again.</p>
        <ProblemNote error={finish.error} />
        <Button type="submit" loading={finish.isPending} disabled={!ready}>
          The work is done
        </Button>
      </form>
    </Dialog>
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
