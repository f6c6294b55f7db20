// Planned work in its room: when it begins and ends, and what is done about it: put off, longer, gone wrong.
import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { useCommands } from '../../parts/command-hooks.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/field.tsx'
import { durationText, toLocalInput } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { Pair } from '../../parts/pair.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { IncidentDetail, Severity } from '../../shell/api.ts'
import { maintenance } from '../../shell/maintenance-api.ts'
import { queries } from '../../shell/queries.ts'
import { incidentRoom } from '../../shell/response-api.ts'
import { isOverIncident, severities } from '../../shell/words.ts'

type OfPlan = Pick<IncidentDetail, 'plan' | 'status' | 'resolvedAt'>

/** What stands in the head of the room, and nothing once it is an incident. */
export function PlannedTimes({ incident }: { incident: OfPlan }) {
  const now = useNow()
  const { plan, status } = incident
  if (plan === null) return null
  const lasts = durationText(Date.parse(plan.endsAt) - Date.parse(plan.startsAt))
  if (status === 'planned')
    return (
      <span>
        Begins <Time at={plan.startsAt} />, for {lasts}
      </span>
    )
  if (isOverIncident(incident)) return null
  const left = Date.parse(plan.endsAt) - now
  return left >= 0 ? (
    <span>
      Until <Time at={plan.endsAt} />
    </span>
  ) : (
    <StateMark tone="warning" word={`Should be over for ${durationText(Math.max(-left, 60_000))}`} />
  )
}

/** In place of the times that are measured of an incident. */
export function PlanSection({ incident }: { incident: IncidentDetail }) {
  const { plan } = incident
  const followed = useQuery({
    queryKey: ['maintenance', 'one', plan?.maintenance],
    queryFn: ({ signal }) => maintenance.read(plan?.maintenance ?? '', signal),
    enabled: plan !== null && plan.maintenance !== null,
    retry: false,
  }).data
  if (plan === null) return null
  const moments: readonly (readonly [string, string | null])[] = [
    ['Planned start', plan.startsAt],
    ['Planned end', plan.endsAt],
    ['Declared', incident.declaredAt],
    ['Over', incident.resolvedAt],
  ]
  return (
    <Section title="Plan">
      <dl className="pairs times">
        {moments.map(([title, at]) => (
          <Pair key={title} title={title}>
            {at === null ? <span className="soft">not yet</span> : <Time at={at} show="clock" />}
          </Pair>
        ))}
        {followed !== undefined && (
          <Pair title="Maintenance">
            <Link href={`/maintenance?window=${followed.window}`}>{followed.title}</Link>
          </Pair>
        )}
      </dl>
      <p className="soft">
        {plan.maintenance === null
          ? 'It follows no maintenance: alerts of its services page as ever.'
          : 'Times and services are those of the maintenance: what is changed here is changed there, too.'}
      </p>
    </Section>
  )
}

type Ask = 'replan' | 'wrong'

export function PlannedActions({ incident, may }: { incident: IncidentDetail; may: boolean }) {
  const [ask, setAsk] = useState<Ask | null>(null)
  const isPlanned = incident.status === 'planned'
  const shown = may && incident.kind === 'scheduled' && !isOverIncident(incident)
  const putOff = isPlanned ? 'Put off' : 'Longer'
  useCommands(
    shown
      ? [
          { id: 'incident.replan', title: putOff, group: 'Incident', keys: 'o', run: () => setAsk('replan') },
          ...(isPlanned
            ? []
            : [
                {
                  id: 'incident.wrong',
                  title: 'It went wrong',
                  group: 'Incident',
                  keys: 'X',
                  run: () => setAsk('wrong'),
                },
              ]),
        ]
      : [],
  )
  if (!shown) return null
  // What is answered late closes its own dialog, not the one that was opened meanwhile.
  const close = (own: Ask) => setAsk((now) => (now === own ? null : now))
  return (
    <>
      <Button variant="default" onClick={() => setAsk('replan')} rightSection={<kbd>o</kbd>}>
        {putOff}
      </Button>
      {!isPlanned && (
        <Button variant="default" onClick={() => setAsk('wrong')} rightSection={<kbd>⇧ x</kbd>}>
          It went wrong
        </Button>
      )}
      {ask === 'replan' && <Replan incident={incident} onClose={() => close('replan')} />}
      {ask === 'wrong' && <WentWrong incident={incident} onClose={() => close('wrong')} />}
    </>
  )
}

const iso = (local: string) => new Date(local).toISOString()

async function changed(onClose: () => void): Promise<void> {
  onClose()
  await Promise.all([
    queries.invalidateQueries({ queryKey: ['incidents'] }),
    queries.invalidateQueries({ queryKey: ['maintenance'] }),
    queries.invalidateQueries({ queryKey: ['overview'] }),
  ])
}

function Replan({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const isPlanned = incident.status === 'planned'
  const [from, to] = [Date.parse(incident.plan?.startsAt ?? ''), Date.parse(incident.plan?.endsAt ?? '')]
  const hour = 3_600_000
  const [startsAt, setStartsAt] = useState(() => toLocalInput(from))
  const [endsAt, setEndsAt] = useState(() => toLocalInput(isPlanned ? to : to + hour))
  const [reason, setReason] = useState('')
  const save = useMutation({
    mutationFn: () =>
      incidentRoom.replan(incident.id, {
        ...(isPlanned ? { startsAt: iso(startsAt) } : {}),
        endsAt: iso(endsAt),
        reason: reason.trim(),
      }),
    onSuccess: () => changed(onClose),
  })
  return (
    <Dialog title={isPlanned ? 'Put it off' : 'Let it last longer'} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {isPlanned && (
          <TextInput
            type="datetime-local"
            label="It begins"
            required
            data-autofocus
            value={startsAt}
            onChange={(event) => {
              const next = event.currentTarget.value
              setStartsAt(next)
              // As long as before, unless another end is said.
              if (!Number.isNaN(Date.parse(next))) setEndsAt(toLocalInput(Date.parse(next) + to - from))
            }}
          />
        )}
        <TextInput
          type="datetime-local"
          label="It ends"
          required
          value={endsAt}
          onChange={(event) => setEndsAt(event.currentTarget.value)}
        />
        <TextInput
          label="Why, for the timeline"
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {incident.plan !== null && incident.plan.maintenance !== null && (
          <p className="soft">Its maintenance moves with it; customers who were told of it are told.</p>
        )}
        <ProblemNote error={save.error} />
        <Button
          type="submit"
          loading={save.isPending}
          disabled={reason.trim() === '' || [startsAt, endsAt].some((each) => Number.isNaN(Date.parse(each)))}
        >
          {isPlanned ? 'Put it off' : 'Let it last longer'}
        </Button>
      </form>
    </Dialog>
  )
}

function WentWrong({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [severity, setSeverity] = useState<Severity | ''>('')
  const [began, setBegan] = useState('')
  const turn = useMutation({
    mutationFn: () =>
      incidentRoom.wentWrong(incident.id, {
        reason: reason.trim(),
        ...(severity === '' ? {} : { severity }),
        ...(began === '' ? {} : { startedAt: iso(began) }),
      }),
    onSuccess: () => changed(onClose),
  })
  return (
    <Dialog title="It went wrong" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          turn.mutate()
        }}
      >
        <p>
          From now on it is an incident as any other: workflows begin, it is measured, and updates are promised. The
          timeline stays whole.
          {incident.plan !== null &&
            incident.plan.maintenance !== null &&
            ' Its maintenance ends: alerts that it held back are told.'}
        </p>
        <Textarea
          label="What went wrong"
          required
          rows={3}
          maxLength={500}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <SelectField
          title="Severity"
          value={severity}
          onChange={(event) => setSeverity(severities.find((each) => each === event.currentTarget.value) ?? '')}
        >
          <option value="">As proposed from what is measured</option>
          {severities.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
        <TextInput
          type="datetime-local"
          label="Users began to be hurt, if you know"
          value={began}
          onChange={(event) => setBegan(event.currentTarget.value)}
        />
        <ProblemNote error={turn.error} />
        <Button type="submit" loading={turn.isPending} disabled={reason.trim() === ''}>
          Make it an incident
        </Button>
      </form>
    </Dialog>
  )
}
