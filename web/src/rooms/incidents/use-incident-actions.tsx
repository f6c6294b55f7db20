// Everything one can do in the room, each by a key: acknowledge, take a role, severity, mitigate, resolve, note.
import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useCommands } from '../../parts/command-hooks.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import {
  type IncidentDetail,
  type IncidentRole,
  type IncidentStatus,
  incidents,
  type Severity,
} from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { isOpenIncident, roleName, severities } from '../../shell/words.ts'
import { stepsFrom } from './next-step.ts'

export const roles = [
  'commander',
  'operations-lead',
  'communications-lead',
  'scribe',
] as const satisfies readonly IncidentRole[]

type Ask =
  | { readonly kind: 'severity' }
  | { readonly kind: 'transition'; readonly to: IncidentStatus; readonly title: string }

export interface IncidentActions {
  readonly may: boolean
  readonly buttons: ReactNode
  readonly problem: ReactNode
  readonly dialog: ReactNode
  readonly take: (role: IncidentRole) => void
  readonly askSeverity: () => void
}

export function useIncidentActions(incident: IncidentDetail): IncidentActions {
  const may = useMay('responder')
  const [ask, setAsk] = useState<Ask | null>(null)
  const run = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => {
      setAsk(null)
      return Promise.all([
        queries.invalidateQueries({ queryKey: ['incidents'] }),
        queries.invalidateQueries({ queryKey: ['overview'] }),
      ])
    },
  })
  const take = (role: IncidentRole) => run.mutate(() => incidents.takeRole(incident.id, role))
  const askSeverity = () => {
    run.reset()
    setAsk({ kind: 'severity' })
  }
  const open = isOpenIncident(incident)
  const steps = stepsFrom(incident.status, incident.next)
  const go = (to: IncidentStatus, title: string) => {
    run.reset()
    setAsk({ kind: 'transition', to, title })
  }
  const hasCommander = incident.roles.some((each) => each.role === 'commander')
  useCommands(
    may
      ? [
          { id: 'incident.command', title: 'Take command', group: 'Incident', keys: 't', run: () => take('commander') },
          ...roles.slice(1).map((role) => ({
            id: `incident.take.${role}`,
            title: `Take the role: ${roleName(role)}`,
            group: 'Incident',
            run: () => take(role),
          })),
          { id: 'incident.severity', title: 'Change the severity', group: 'Incident', keys: 'v', run: askSeverity },
          ...steps.map((step) => ({
            id: `incident.to.${step.to}`,
            title: step.title,
            group: 'Incident',
            keys: step.keys,
            run: () => go(step.to, step.title),
          })),
        ]
      : [],
  )
  const [first, ...others] = steps
  return {
    may,
    take,
    askSeverity,
    problem: ask === null ? <ProblemNote error={run.error} /> : null,
    dialog:
      ask === null ? null : (
        <Dialog title={ask.kind === 'severity' ? 'Change the severity' : ask.title} onClose={() => setAsk(null)}>
          {ask.kind === 'severity' ? (
            <SeverityForm
              now={incident.severity}
              busy={run.isPending}
              onSubmit={(severity, reason) => run.mutate(() => incidents.update(incident.id, { severity, reason }))}
            />
          ) : (
            <NoteForm
              label={
                ask.to === 'resolved'
                  ? incident.status === 'planned'
                    ? 'Why it does not take place'
                    : 'How it ended'
                  : ask.to === 'mitigated'
                    ? 'What stopped the harm'
                    : 'What is known'
              }
              action={ask.title}
              hint={maintenanceHint(incident, ask.to)}
              busy={run.isPending}
              onSubmit={(note) =>
                run.mutate(() => incidents.transition(incident.id, ask.to, note === '' ? null : note))
              }
            />
          )}
          <ProblemNote error={run.error} />
        </Dialog>
      ),
    buttons: !may ? null : (
      <>
        {!hasCommander && open && (
          <Button variant="filled" onClick={() => take('commander')} rightSection={<kbd>t</kbd>}>
            Take command
          </Button>
        )}
        {first !== undefined && (
          <Button
            variant={hasCommander && open ? 'filled' : 'default'}
            onClick={() => go(first.to, first.title)}
            rightSection={<kbd>{keyText(first.keys)}</kbd>}
          >
            {first.title}
          </Button>
        )}
        {others.map((step) => (
          <Button
            key={step.to}
            variant="default"
            onClick={() => go(step.to, step.title)}
            rightSection={<kbd>{keyText(step.keys)}</kbd>}
          >
            {step.title}
          </Button>
        ))}
      </>
    ),
  }
}

const keyText = (key: string) => (/[A-Z]/.test(key) ? `⇧ ${key.toLowerCase()}` : key)

function SeverityForm({
  now,
  busy,
  onSubmit,
}: {
  now: Severity
  busy: boolean
  onSubmit: (severity: Severity, reason: string) => void
}) {
  const [severity, setSeverity] = useState<Severity>(now)
  const [reason, setReason] = useState('')
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(severity, reason.trim())
      }}
    >
      <fieldset className="severity-field row">
        <legend>Severity, now {now}</legend>
        {severities.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="severity"
              checked={severity === each}
              onChange={() => setSeverity(each)}
              data-autofocus={each === now ? true : undefined}
            />
            {each}
          </label>
        ))}
      </fieldset>
      <Textarea
        label="Reason, for the timeline"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
        rows={2}
        maxLength={1000}
      />
      <Button type="submit" loading={busy} disabled={severity === now || reason.trim() === ''}>
        Change to {severity}
      </Button>
    </form>
  )
}

/** What a step does to the maintenance that planned work follows. */
function maintenanceHint({ kind, plan, status }: IncidentDetail, to: IncidentStatus): string | null {
  if (kind !== 'scheduled' || plan === null || plan.maintenance === null) return null
  if (to === 'active') return 'Its maintenance begins with it: its services page nobody.'
  if (to !== 'resolved') return null
  return status === 'planned'
    ? 'Its maintenance is cancelled; customers who were told of it are told.'
    : 'Its maintenance ends with it: what still fires is told.'
}

function NoteForm({
  label,
  action,
  hint,
  busy,
  onSubmit,
}: {
  label: string
  action: string
  hint: string | null
  busy: boolean
  onSubmit: (note: string) => void
}) {
  const [note, setNote] = useState('')
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(note.trim())
      }}
    >
      <Textarea
        data-autofocus
        label={label}
        description="One sentence; it stands in the timeline."
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        rows={3}
        maxLength={2000}
      />
      {hint !== null && <p className="soft">{hint}</p>}
      <Button type="submit" loading={busy}>
        {action}
      </Button>
    </form>
  )
}
