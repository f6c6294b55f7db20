// A corrective action needs a person, a day and a kind; what proves it can be said when the work is done.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { presentMs } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { type ActionKind, actions } from '../../shell/response-api.ts'
import { actionKindWords } from './words.ts'

const kinds: readonly ActionKind[] = ['prevent', 'detect', 'mitigate', 'process']
const monthMs = 30 * 86_400_000

export function AddAction({ postmortem }: { postmortem: string }) {
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<ActionKind>('prevent')
  const [owner, setOwner] = useState('')
  const [due, setDue] = useState(() => new Date(presentMs() + monthMs).toISOString().slice(0, 10))
  const people = useQuery({
    queryKey: ['resources', 'people'],
    queryFn: ({ signal }) => catalog.resources('people', signal),
  }).data
  const add = useMutation({
    mutationFn: () =>
      actions.add(postmortem, { title: title.trim(), kind, owner, dueAt: new Date(`${due}T16:00:00Z`).toISOString() }),
    onSuccess: () => {
      setTitle('')
      return queries.invalidateQueries({ queryKey: ['postmortems'] })
    },
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <TextInput
        label="One more action"
        value={title}
        maxLength={300}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      {title !== '' && (
        <>
          <label className="field">
            <span>Kind</span>
            <select
              className="plain-select"
              value={kind}
              onChange={(event) => setKind(kinds.find((each) => each === event.currentTarget.value) ?? 'prevent')}
            >
              {kinds.map((each) => (
                <option key={each} value={each}>
                  {actionKindWords[each]}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span>Who</span>
            <select className="plain-select" value={owner} onChange={(event) => setOwner(event.currentTarget.value)}>
              <option value="">Choose</option>
              {people?.items.map((each) => (
                <option key={each.metadata.name} value={each.metadata.name}>
                  {each.metadata.displayName ?? each.metadata.name}
                </option>
              ))}
            </select>
          </label>
          <TextInput type="date" label="Until" value={due} onChange={(event) => setDue(event.currentTarget.value)} />
        </>
      )}
      <ProblemNote error={add.error} />
      <Button
        type="submit"
        variant="default"
        loading={add.isPending}
        disabled={title.trim() === '' || owner === '' || due === ''}
      >
        Agree on it
      </Button>
    </form>
  )
}
