// A corrective action needs a person, a day and a kind; what proves it can be said when the work is done.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { SelectField } from '../../parts/field.tsx'
import { presentMs } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { PersonOptions } from '../../shell/person-options.tsx'
import { queries } from '../../shell/queries.ts'
import { type ActionKind, actions } from '../../shell/response-api.ts'
import { actionKindWords, sizeWords } from './words.ts'

const kinds: readonly ActionKind[] = ['prevent', 'detect', 'mitigate', 'process']
const sizes = ['S', 'M', 'L'] as const
const monthMs = 30 * 86_400_000

export function AddAction({ postmortem }: { postmortem: string }) {
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<ActionKind>('prevent')
  const [owner, setOwner] = useState('')
  const [size, setSize] = useState<(typeof sizes)[number] | null>(null)
  const [due, setDue] = useState(() => new Date(presentMs() + monthMs).toISOString().slice(0, 10))
  const add = useMutation({
    mutationFn: () =>
      actions.add(postmortem, {
        ...{ title: title.trim(), kind, owner, dueAt: new Date(`${due}T16:00:00Z`).toISOString() },
        ...(size === null ? {} : { size }),
      }),
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
          <SelectField
            title="Kind"
            value={kind}
            onChange={(event) => setKind(kinds.find((each) => each === event.currentTarget.value) ?? 'prevent')}
          >
            {kinds.map((each) => (
              <option key={each} value={each}>
                {actionKindWords[each]}
              </option>
            ))}
          </SelectField>
          <SelectField title="Who" value={owner} onChange={(event) => setOwner(event.currentTarget.value)}>
            <option value="">Choose</option>
            <PersonOptions />
          </SelectField>
          <SelectField
            title="How much work"
            value={size ?? ''}
            onChange={(event) => setSize(sizes.find((each) => each === event.currentTarget.value) ?? null)}
          >
            <option value="">Not known yet</option>
            {sizes.map((each) => (
              <option key={each} value={each}>
                {sizeWords[each]}
              </option>
            ))}
          </SelectField>
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
