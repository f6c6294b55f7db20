// Who may read an incident: everybody who signs in, or those named, whoever holds a role in it, and administrators.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog, type IncidentDetail } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'
import { queries } from '../../shell/queries.ts'
import { incidentRoom } from '../../shell/response-api.ts'
import { usePerson } from '../../shell/session.tsx'

export function Readers({ incident, may }: { incident: IncidentDetail; may: boolean }) {
  const [open, setOpen] = useState(false)
  const called = useCalled()
  const restricted = incident.kind === 'security'
  // A drill and one that was written down afterwards stay what they are.
  if (!restricted && incident.kind !== 'normal') return null
  return (
    <Section
      title="Who may read it"
      aside={
        may && (
          <button type="button" className="link-button" onClick={() => setOpen(true)}>
            {restricted ? 'Change' : 'Restrict it'}
          </button>
        )
      }
    >
      <p className={restricted ? '' : 'soft'}>
        {restricted
          ? `${incident.readers.map(called).join(', ')}; whoever holds a role; administrators.`
          : 'Everybody who signs in.'}
      </p>
      {open && <ChangeReaders incident={incident} onClose={() => setOpen(false)} />}
    </Section>
  )
}

/** `person:ana`, `team:web`, `account:<id>` as people are called. */
function useCalled(): (reader: string) => string {
  const people = usePeople()
  const me = usePerson()
  return (reader) => {
    const [kind = '', name = ''] = reader.split(/:(.*)/s)
    if (kind === 'person') return people.get(name)?.title ?? name
    if (kind === 'team') return `team ${name}`
    return name === me.id ? 'you' : 'whoever declared it'
  }
}

function ChangeReaders({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const me = usePerson()
  const people = usePeople()
  const called = useCalled()
  const [readers, setReaders] = useState<readonly string[]>(() => [
    ...new Set([...incident.readers, ...(incident.kind === 'security' ? [] : [`account:${me.id}`])]),
  ])
  const [reason, setReason] = useState('')
  const teams =
    useQuery({ queryKey: ['teams', 'list'], queryFn: ({ signal }) => catalog.teams(signal) }).data?.items ?? []
  const save = useMutation({
    mutationFn: (kind: 'normal' | 'security') =>
      incidentRoom.restrict(incident.id, { kind, readers: kind === 'normal' ? [] : readers, reason: reason.trim() }),
    onSuccess: () => {
      onClose()
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  const free = (reader: string) => !readers.includes(reader)
  return (
    <Dialog title="Who may read it" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate('security')
        }}
      >
        <p className="soft">
          It is hidden from everybody else, in lists, search, journal and chat. Whoever holds a role in it and
          administrators may always read it.
        </p>
        <ul className="rows">
          {readers.map((reader) => (
            <li key={reader}>
              <span className="grow">{called(reader)}</span>
              <button
                type="button"
                className="link-button"
                onClick={() => setReaders(readers.filter((each) => each !== reader))}
              >
                Take out<span className="sr-only">: {called(reader)}</span>
              </button>
            </li>
          ))}
        </ul>
        <SelectField
          title="Let read it, too"
          value=""
          onChange={(event) => {
            const { value } = event.currentTarget
            if (value !== '') setReaders([...readers, value])
          }}
        >
          <option value="">Choose</option>
          <optgroup label="Teams">
            {teams
              .filter(({ name }) => free(`team:${name}`))
              .map(({ name, displayName }) => (
                <option key={name} value={`team:${name}`}>
                  {displayName}
                </option>
              ))}
          </optgroup>
          <optgroup label="People">
            {[...people]
              .filter(([name]) => free(`person:${name}`))
              .map(([name, { title }]) => (
                <option key={name} value={`person:${name}`}>
                  {title}
                </option>
              ))}
          </optgroup>
        </SelectField>
        <TextInput
          label="Why"
          required
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={save.error} />
        <div className="form-buttons">
          <Button type="submit" loading={save.isPending} disabled={reason.trim() === ''}>
            Only these may read it
          </Button>
          {incident.kind === 'security' && (
            <Button
              type="button"
              variant="default"
              loading={save.isPending}
              disabled={reason.trim() === ''}
              onClick={() => save.mutate('normal')}
            >
              Open it to everybody
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  )
}
