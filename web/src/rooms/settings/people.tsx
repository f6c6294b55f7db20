import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { zoneName } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { type Person, people, type Role } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay, usePerson } from '../../shell/session.tsx'

export const roleNotes: Readonly<Record<Role, string>> = {
  viewer: 'reads everything',
  responder: 'answers alerts and runs incidents',
  editor: 'declares services, objectives and schedules',
  admin: 'manages people and keys',
}
export const roleNames: readonly Role[] = ['viewer', 'responder', 'editor', 'admin']

const refresh = () => queries.invalidateQueries({ queryKey: ['people'] })

export function People() {
  const query = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => people.list(signal) })
  const admin = useMay('admin')
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={5} height={52} />}
      <ul className="rows">
        {query.data?.items.map((person) => (
          <PersonRow key={person.id} person={person} admin={admin} />
        ))}
      </ul>
      {admin && !query.isPending && <AddPerson />}
    </>
  )
}

function PersonRow({ person, admin }: { person: Person; admin: boolean }) {
  const me = usePerson()
  const update = useMutation({
    mutationFn: (patch: { role?: Role; disabled?: boolean }) => people.update(person.id, patch),
    onSuccess: refresh,
  })
  const invite = useMutation({ mutationFn: () => people.invite(person.id) })
  const disabled = person.disabled
  return (
    <li>
      <span className="grow">
        <strong>{person.name}</strong>
        {person.id === me.id && <span className="soft"> (you)</span>}
        {disabled && <span className="tag">disabled</span>}
        <br />
        <span className="soft">
          {person.email}
          {person.teams.length > 0 && `, ${person.teams.join(', ')}`}
          {`, ${zoneName(person.timeZone)}`}
        </span>
      </span>
      {admin && person.id !== me.id ? (
        <>
          <select
            className="plain-select"
            aria-label={`Role of ${person.name}`}
            value={person.role}
            onChange={(event) => {
              const role = roleNames.find((each) => each === event.currentTarget.value)
              if (role !== undefined) update.mutate({ role })
            }}
          >
            {roleNames.map((role) => (
              <option key={role} value={role}>
                {role}
              </option>
            ))}
          </select>
          <Button
            size="compact-sm"
            variant="default"
            loading={update.isPending}
            onClick={() => update.mutate({ disabled: !disabled })}
          >
            {disabled ? 'Enable' : 'Disable'}
          </Button>
        </>
      ) : (
        <span>{person.role}</span>
      )}
      {admin && !disabled && !person.hasPassword && !person.linked && (
        <Button size="compact-sm" variant="default" loading={invite.isPending} onClick={() => invite.mutate()}>
          Invite again
        </Button>
      )}
      {invite.data !== undefined && <Invitation name={person.name} link={invite.data.invitation} />}
      <ProblemNote error={update.error ?? invite.error} />
    </li>
  )
}

function Invitation({ name, link }: { name: string; link: string }) {
  return (
    <div role="status" className="key-once">
      <strong>Hand this one-time link to {name}; it is good for seven days and never shown again.</strong>
      <CopyLine text={link} label="Copy the link" />
    </div>
  )
}

function AddPerson() {
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('responder')
  const create = useMutation({
    mutationFn: () => people.create({ email: email.trim(), name: name.trim(), role }),
    onSuccess: () => {
      setEmail('')
      setName('')
      return refresh()
    },
  })
  return (
    <Section title="Add a person">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} required />
        <TextInput
          label="E-mail"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
        />
        <SelectField
          title="Role"
          value={role}
          onChange={(event) => setRole(roleNames.find((each) => each === event.currentTarget.value) ?? 'viewer')}
        >
          {roleNames.map((each) => (
            <option key={each} value={each}>
              {each}: {roleNotes[each]}
            </option>
          ))}
        </SelectField>
        <ProblemNote error={create.error} />
        <Button type="submit" loading={create.isPending}>
          Add
        </Button>
      </form>
      {create.data !== undefined && <Invitation name={create.data.person.name} link={create.data.invitation} />}
    </Section>
  )
}
