// Several services by name: typed with suggestions, added with Enter, taken away again.
import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { catalog } from '../../shell/api.ts'

export function ServicePicker({
  chosen,
  onChange,
}: {
  chosen: readonly string[]
  onChange: (names: readonly string[]) => void
}) {
  const list = useId()
  const [typed, setTyped] = useState('')
  const known = useQuery({
    queryKey: ['resources', 'services'],
    queryFn: ({ signal }) => catalog.resources('services', signal),
  })
  const names = (known.data?.items ?? []).map((each) => each.metadata.name)
  const add = () => {
    const name = typed.trim()
    if (name === '') return
    if (!chosen.includes(name)) onChange([...chosen, name])
    setTyped('')
  }
  return (
    <div>
      <TextInput
        label="Services"
        description="Type a name, then Enter."
        list={list}
        value={typed}
        maxLength={63}
        required={chosen.length === 0}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || typed.trim() === '') return
          event.preventDefault()
          add()
        }}
        rightSectionWidth={64}
        rightSection={
          <Button variant="subtle" size="compact-sm" onClick={add} disabled={typed.trim() === ''}>
            Add
          </Button>
        }
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {chosen.length > 0 && (
        <ul className="chosen-services" aria-label="Chosen services">
          {chosen.map((name) => (
            <li key={name}>
              {name}
              <button
                type="button"
                className="link-button soft"
                onClick={() => onChange(chosen.filter((each) => each !== name))}
              >
                remove<span className="sr-only"> {name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
