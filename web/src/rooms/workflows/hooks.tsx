// Webhooks that workflows call: kept by name, signed, and never shown in full.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { RemoveButton } from '../../parts/remove-button.tsx'
import { Time } from '../../parts/time.tsx'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { hooks, type WorkflowHook } from '../../shell/workflow-api.ts'

const key = ['workflows', 'hooks']
const refresh = () => queries.invalidateQueries({ queryKey: key })

export function Hooks() {
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => hooks.list(signal) })
  const may = useMay('admin')
  return (
    <Section title="Webhooks">
      <p className="soft">
        Steps call them by name. Each call is signed (Standard Webhooks) and carries the incident as a CloudEvent.
      </p>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={2} />}
      {query.data?.items.length === 0 && <p>None is kept.</p>}
      <ul className="rows">
        {query.data?.items.map((hook) => (
          <Line key={hook.name} hook={hook} may={may} />
        ))}
      </ul>
      {may && <KeepOne />}
    </Section>
  )
}

function Line({ hook, may }: { hook: WorkflowHook; may: boolean }) {
  const remove = useMutation({ mutationFn: () => hooks.remove(hook.name), onSuccess: refresh })
  return (
    <li>
      <div className="grow workflow-hook">
        <span>
          <strong>{hook.name}</strong> <span className="soft">{hook.target}</span>
        </span>
        <span className="soft">
          {hook.calledAt === null ? (
            'Never called.'
          ) : (
            <>
              <Time at={hook.calledAt} />: {hook.outcome}
            </>
          )}
        </span>
        <ProblemNote error={remove.error} />
      </div>
      {may && <RemoveButton word="Forget" of={hook.name} loading={remove.isPending} onClick={() => remove.mutate()} />}
    </li>
  )
}

function KeepOne() {
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const keep = useMutation({
    mutationFn: () => hooks.keep(name.trim(), url.trim()),
    onSuccess: () => {
      setName('')
      setUrl('')
      return refresh()
    },
  })
  const secret = keep.data?.secret ?? null
  return (
    <>
      <form
        className="workflow-form"
        onSubmit={(event) => {
          event.preventDefault()
          keep.mutate()
        }}
      >
        <TextInput
          label="Name"
          placeholder="meet"
          value={name}
          maxLength={63}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          className="wide"
          label="Address"
          placeholder="https://hooks.example.com/meet"
          value={url}
          maxLength={2_000}
          autoComplete="off"
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          loading={keep.isPending}
          disabled={name.trim() === '' || url.trim() === ''}
        >
          Keep it
        </Button>
      </form>
      <ProblemNote error={keep.error} />
      <div role="status">
        {keep.data !== undefined && secret === null && `${keep.data.hook.name} is kept, and signs as before.`}
        {keep.data !== undefined && secret !== null && (
          <>
            <p>{keep.data.hook.name} is kept. Its calls are signed with this secret, which is not shown again:</p>
            <CopyLine text={secret} label={`Copy the secret of ${keep.data.hook.name}`} />
          </>
        )}
      </div>
    </>
  )
}
