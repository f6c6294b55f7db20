import { Button, Checkbox, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { keys, type Role } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { roleNames } from './people.tsx'

const scopes = [
  ['alerts:write', 'send alerts'],
  ['telemetry:write', 'send counts and metrics'],
  ['changes:write', 'record changes'],
  ['incidents:write', 'run incidents'],
  ['catalog:write', 'apply definitions'],
  ['*', 'everything its role may do'],
] as const

const refresh = () => queries.invalidateQueries({ queryKey: ['keys'] })

export function Keys() {
  const query = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => keys.list(signal) })
  const revoke = useMutation({ mutationFn: (id: string) => keys.revoke(id), onSuccess: refresh })
  return (
    <>
      <ProblemNote error={query.error ?? revoke.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={3} height={52} />}
      {query.data?.items.length === 0 && (
        <Empty title="No key is made yet.">A key lets Alertmanager, CI or a collector speak to Mainstay.</Empty>
      )}
      <ul className="rows">
        {query.data?.items
          .filter((key) => key.revokedAt === null)
          .map((key) => (
            <li key={key.id}>
              <span className="grow">
                <strong>{key.name}</strong>
                <br />
                <span className="soft">
                  {key.role}, {key.scopes.join(', ')}, {key.prefix}…{key.last4}
                </span>
              </span>
              <span className="soft">
                {key.usedAt === null ? (
                  'never used'
                ) : (
                  <>
                    used <Time at={key.usedAt} show="relative" />
                  </>
                )}
              </span>
              <Button
                size="compact-sm"
                variant="default"
                loading={revoke.isPending && revoke.variables === key.id}
                onClick={() => revoke.mutate(key.id)}
                aria-label={`Revoke ${key.name}`}
              >
                Revoke
              </Button>
            </li>
          ))}
      </ul>
      {!query.isPending && <AddKey />}
    </>
  )
}

function AddKey() {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('responder')
  const [chosen, setChosen] = useState<readonly string[]>(['alerts:write'])
  const create = useMutation({
    mutationFn: () => keys.create({ name: name.trim(), role, scopes: [...chosen] }),
    onSuccess: () => {
      setName('')
      return refresh()
    },
  })
  return (
    <Section title="Make a key">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <TextInput
          label="Name"
          description="Who will use it: alertmanager, shop-ci."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
        />
        <SelectField
          title="Role"
          value={role}
          onChange={(event) => setRole(roleNames.find((each) => each === event.currentTarget.value) ?? 'viewer')}
        >
          {roleNames.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
        <fieldset className="scopes">
          <legend>May</legend>
          {scopes.map(([scope, words]) => (
            <Checkbox
              key={scope}
              size="sm"
              label={`${words} (${scope})`}
              checked={chosen.includes(scope)}
              onChange={(event) =>
                setChosen(event.currentTarget.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))
              }
            />
          ))}
        </fieldset>
        <ProblemNote error={create.error} />
        <Button type="submit" loading={create.isPending} disabled={chosen.length === 0}>
          Make the key
        </Button>
      </form>
      {create.data !== undefined && (
        <div role="status">
          <p className="key-once">
            <strong>Copy it now; it is never shown again.</strong>
          </p>
          <CopyLine text={create.data.token} label="Copy the key" />
        </div>
      )}
    </Section>
  )
}
