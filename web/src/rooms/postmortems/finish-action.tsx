// The work is done: what will show that it worked, and for how long it is watched.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/field.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog, objectives } from '../../shell/api.ts'
import { actions, type CorrectiveAction, type ProofSignal } from '../../shell/response-api.ts'
import { changed, checkWords } from './words.ts'

const day = 86_400_000
const minute = 60_000
type Kind = ProofSignal['kind']
type Check = Extract<ProofSignal, { kind: 'check' }>['check']

const signWords: Readonly<Record<Kind, string>> = {
  objective: 'An objective stays within its budget',
  alert: 'An alert does not come back',
  check: 'A service passes a readiness check',
  drill: 'A drill is mitigated',
}

/** What stands in the form, as text: what was chosen for one kind stays while another is looked at. */
interface Chosen {
  readonly kind: Kind
  readonly objective: string
  readonly service: string
  readonly title: string
  readonly check: Check
  readonly days: string
  readonly minutes: string
}

function chosenOf(signal: ProofSignal | null): Chosen {
  return {
    kind: signal?.kind ?? 'objective',
    objective: signal?.kind === 'objective' ? signal.objective : '',
    service: signal === null || signal.kind === 'objective' ? '' : signal.service,
    title: signal?.kind === 'alert' ? signal.title : '',
    check: signal?.kind === 'check' ? signal.check : 'runbook',
    days: String(signal === null ? 14 : Math.max(1, Math.round(signal.windowMs / day))),
    minutes:
      signal?.kind === 'drill' && signal.mitigatedWithinMs !== null
        ? String(Math.round(signal.mitigatedWithinMs / minute))
        : '',
  }
}

/** Null while something is missing. */
function signalOf({ kind, objective, service, title, check, days, minutes }: Chosen): ProofSignal | null {
  const windowMs = Math.round(Number(days) * day)
  if (!(windowMs > 0)) return null
  if (kind === 'objective') return objective === '' ? null : { kind, objective, windowMs }
  if (service === '') return null
  if (kind === 'alert') return title.trim() === '' ? null : { kind, service, title: title.trim(), windowMs }
  if (kind === 'check') return { kind, service, check, windowMs }
  const mitigatedWithinMs = minutes.trim() === '' ? null : Math.round(Number(minutes) * minute)
  return mitigatedWithinMs !== null && !(mitigatedWithinMs > 0) ? null : { kind, service, windowMs, mitigatedWithinMs }
}

function choiceOf<T extends string>(words: Readonly<Record<T, string>>, text: string, otherwise: T): T {
  for (const each in words) if (each === text) return each
  return otherwise
}

export default function FinishAction({ action, onClose }: { action: CorrectiveAction; onClose: () => void }) {
  const [chosen, setChosen] = useState(() => chosenOf(action.signal))
  const set = (part: Partial<Chosen>) => setChosen((before) => ({ ...before, ...part }))
  const signal = signalOf(chosen)
  const finish = useMutation({
    mutationFn: (proof: ProofSignal) => actions.finish(action.id, proof),
    onSuccess: () => {
      onClose()
      return changed()
    },
  })
  return (
    <Dialog title="What will show that it worked" onClose={onClose}>
      <p>{action.title}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (signal !== null) finish.mutate(signal)
        }}
      >
        <SelectField
          title="The sign"
          data-autofocus
          value={chosen.kind}
          onChange={(event) => set({ kind: choiceOf(signWords, event.currentTarget.value, chosen.kind) })}
        >
          {Object.entries(signWords).map(([kind, word]) => (
            <option key={kind} value={kind}>
              {word}
            </option>
          ))}
        </SelectField>
        {chosen.kind === 'objective' ? (
          <ObjectiveField chosen={chosen} set={set} />
        ) : (
          <ServiceFields chosen={chosen} set={set} />
        )}
        <TextInput
          label={chosen.kind === 'drill' ? 'Held within how many days' : 'For how many days'}
          type="number"
          min={1}
          max={365}
          value={chosen.days}
          onChange={(event) => set({ days: event.currentTarget.value })}
        />
        <p className="soft">
          {chosen.kind === 'drill'
            ? 'The newest drill decides. If it fails, or none is held by then, the action is open again.'
            : 'Mainstay watches it. If it does not hold, the action is open again.'}
        </p>
        <ProblemNote error={finish.error} />
        <Button type="submit" loading={finish.isPending} disabled={signal === null}>
          The work is done
        </Button>
      </form>
    </Dialog>
  )
}

interface Part {
  readonly chosen: Chosen
  readonly set: (part: Partial<Chosen>) => void
}

function ObjectiveField({ chosen, set }: Part) {
  const measured = useQuery({
    queryKey: ['objectives', 'names'],
    queryFn: ({ signal }) => objectives.list({ limit: 500 }, signal),
  }).data
  return (
    <SelectField
      title="Objective"
      value={chosen.objective}
      onChange={(event) => set({ objective: event.currentTarget.value })}
    >
      <option value="">Choose</option>
      {measured?.items.map((each) => (
        <option key={each.name} value={each.name}>
          {each.displayName}
        </option>
      ))}
    </SelectField>
  )
}

function ServiceFields({ chosen, set }: Part) {
  const services = useQuery({
    queryKey: ['services', 'palette'],
    queryFn: ({ signal }) => catalog.services({ limit: 500 }, signal),
  }).data
  return (
    <>
      <SelectField
        title="Service"
        value={chosen.service}
        onChange={(event) => set({ service: event.currentTarget.value })}
      >
        <option value="">Choose</option>
        {services?.items.map((each) => (
          <option key={each.name} value={each.name}>
            {each.displayName}
          </option>
        ))}
      </SelectField>
      {chosen.kind === 'alert' && (
        <TextInput
          label="Title of the alert, as it stands in the inbox"
          value={chosen.title}
          maxLength={300}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
      )}
      {chosen.kind === 'check' && (
        <SelectField
          title="The service"
          value={chosen.check}
          onChange={(event) => set({ check: choiceOf(checkWords, event.currentTarget.value, chosen.check) })}
        >
          {Object.entries(checkWords).map(([check, word]) => (
            <option key={check} value={check}>
              {word}
            </option>
          ))}
        </SelectField>
      )}
      {chosen.kind === 'drill' && (
        <TextInput
          label="Mitigated within how many minutes"
          description="Nothing: however long it takes."
          type="number"
          min={1}
          max={10_080}
          value={chosen.minutes}
          onChange={(event) => set({ minutes: event.currentTarget.value })}
        />
      )}
    </>
  )
}
