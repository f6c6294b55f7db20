// Declaring: one sentence is enough; a kind, a severity with its meaning and what the measurements speak for.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/field.tsx'
import { fullTime } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog, type Severity } from '../../shell/api.ts'
import { maintenance } from '../../shell/maintenance-api.ts'
import { queries } from '../../shell/queries.ts'
import { type IncidentKind, incidentRoom } from '../../shell/response-api.ts'

const kinds: readonly (readonly [IncidentKind, string])[] = [
  ['normal', 'Normal'],
  ['security', 'Security: only its readers see it'],
  ['drill', 'Drill: nothing is really broken'],
  ['backfilled', 'It is over; written down afterwards'],
  ['scheduled', 'Planned work: it begins at its time'],
]

export function Declare({
  onClose,
  alerts = [],
  about = '',
}: {
  onClose: () => void
  alerts?: readonly string[]
  about?: string
}) {
  const [, navigate] = useLocation()
  const [title, setTitle] = useState(about)
  const [kind, setKind] = useState<IncidentKind>('normal')
  const [severity, setSeverity] = useState<Severity | ''>('')
  const [service, setService] = useState('')
  const [began, setBegan] = useState('')
  const [peopleText, setPeopleText] = useState('')
  const [ended, setEnded] = useState('')
  const people = /^\d{1,11}$/.test(peopleText.trim()) ? Number(peopleText) : null
  const services = useQuery({
    queryKey: ['services', 'palette'],
    queryFn: ({ signal }) => catalog.services({ limit: 500 }, signal),
  }).data
  const defined = useQuery({
    queryKey: ['resources', 'severities'],
    queryFn: ({ signal }) => incidentRoom.severities(signal),
  })
  const proposal = useQuery({
    queryKey: ['objectives', 'severity-proposal', service, people],
    queryFn: ({ signal }) => incidentRoom.propose(service === '' ? [] : [service], people, signal),
  }).data
  const past = kind === 'backfilled'
  const planned = kind === 'scheduled'
  const [follows, setFollows] = useState('')
  const [starts, setStarts] = useState('')
  const [ends, setEnds] = useState('')
  const declare = useMutation({
    mutationFn: () =>
      incidentRoom.declare({
        title: title.trim(),
        kind,
        services: service === '' ? [] : [service],
        ...(severity === '' || planned ? {} : { severity }),
        ...(people === null || planned ? {} : { peopleAffected: people }),
        ...(planned && follows !== '' ? { maintenance: follows } : {}),
        ...(planned && follows === '' && starts !== '' ? { startsAt: new Date(starts).toISOString() } : {}),
        ...(planned && follows === '' && ends !== '' ? { endsAt: new Date(ends).toISOString() } : {}),
        ...(began === '' || planned ? {} : { startedAt: new Date(began).toISOString() }),
        ...(past && ended !== '' ? { resolvedAt: new Date(ended).toISOString() } : {}),
        ...(alerts.length === 0 ? {} : { alerts }),
      }),
    onSuccess: (incident) => {
      void queries.invalidateQueries({ queryKey: ['incidents'] })
      navigate(`/incidents/${incident.id}`)
    },
  })
  return (
    <Dialog title="Declare an incident" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          declare.mutate()
        }}
      >
        <TextInput
          label={planned ? 'What is done' : 'What is wrong, as a customer would say it'}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          required
          data-autofocus
          maxLength={200}
        />
        <SelectField title="Service" value={service} onChange={(event) => setService(event.currentTarget.value)}>
          <option value="">Not known yet</option>
          {services?.items.map((each) => (
            <option key={each.name} value={each.name}>
              {each.displayName}
            </option>
          ))}
        </SelectField>
        {!planned && (
          <>
            <TextInput
              label="How many people, if you know"
              inputMode="numeric"
              pattern="[0-9]{1,11}"
              title="Digits alone: 12000"
              value={peopleText}
              onChange={(event) => setPeopleText(event.currentTarget.value)}
            />
            <fieldset className="severity-field with-meaning">
              <legend>Severity</legend>
              <label>
                <input type="radio" name="severity" checked={severity === ''} onChange={() => setSeverity('')} />
                <strong>As proposed{proposal === undefined ? '' : `: ${proposal.severity}`}</strong>{' '}
                <span className="soft">{proposal?.reasons.join(' ')}</span>
              </label>
              {defined.data?.severities.map((each) => (
                <label key={each.severity}>
                  <input
                    type="radio"
                    name="severity"
                    checked={severity === each.severity}
                    onChange={() => setSeverity(each.severity)}
                  />
                  <strong>{each.severity}</strong> <span className="soft">{each.meaning}</span>
                </label>
              ))}
            </fieldset>
          </>
        )}
        <SelectField
          title="Kind"
          value={kind}
          onChange={(event) => setKind(kinds.find(([each]) => each === event.currentTarget.value)?.[0] ?? 'normal')}
        >
          {kinds.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </SelectField>
        {planned && <FollowField value={follows} onChange={setFollows} />}
        {planned && follows === '' && (
          <>
            <TextInput
              type="datetime-local"
              label="It begins"
              required
              value={starts}
              onChange={(event) => setStarts(event.currentTarget.value)}
            />
            <TextInput
              type="datetime-local"
              label="It ends"
              required
              value={ends}
              onChange={(event) => setEnds(event.currentTarget.value)}
            />
          </>
        )}
        {past && (
          <>
            <TextInput
              type="datetime-local"
              label="It began"
              required
              value={began}
              onChange={(event) => setBegan(event.currentTarget.value)}
            />
            <TextInput
              type="datetime-local"
              label="It ended"
              required
              value={ended}
              onChange={(event) => setEnded(event.currentTarget.value)}
            />
          </>
        )}
        <ProblemNote error={declare.error} />
        <Button type="submit" loading={declare.isPending} disabled={title.trim() === ''}>
          Declare
        </Button>
      </form>
    </Dialog>
  )
}

const aheadMs = 92 * 86_400_000

/** One of the maintenances to come; without one the work has times of its own. */
function FollowField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const [now] = useState(presentMs)
  const list = useQuery({
    queryKey: ['maintenance', 'list', 'to-lead', now],
    queryFn: ({ signal }) =>
      maintenance.list({ from: new Date(now).toISOString(), to: new Date(now + aheadMs).toISOString() }, signal),
  })
  const open = (list.data?.items ?? []).filter((each) => each.state === 'scheduled' || each.state === 'in_progress')
  return (
    <>
      <SelectField title="Maintenance" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">None: times of its own</option>
        {open.map((each) => (
          <option key={each.id} value={each.id}>
            {each.title}, {fullTime(Date.parse(each.startsAt))}
          </option>
        ))}
      </SelectField>
      <p className="soft">
        {value === ''
          ? 'Without a maintenance, alerts of its services page as ever.'
          : 'Times and services are taken from the maintenance and follow it.'}
      </p>
      <ProblemNote error={list.error} />
    </>
  )
}
