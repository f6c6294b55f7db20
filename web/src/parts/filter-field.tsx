// The filter of a list. `/` moves here, Escape leaves. Typing waits a moment before it becomes the address.
import { useEffect, useId, useRef, useState } from 'react'
import { useCommands } from './command-hooks.ts'
import { Icon } from './icons.tsx'

const settleMs = 200

export function FilterField({
  value,
  onChange,
  label,
}: {
  value: string
  onChange: (value: string) => void
  label: string
}) {
  const [typed, setTyped] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const told = useRef(value)
  const id = useId()
  useEffect(() => {
    // The address changed by another hand: back button, a link.
    if (value !== told.current) {
      told.current = value
      setTyped(value)
    }
  }, [value])
  useEffect(() => {
    if (typed === told.current) return
    const timer = window.setTimeout(() => {
      told.current = typed
      onChange(typed)
    }, settleMs)
    return () => window.clearTimeout(timer)
  }, [typed, onChange])
  useCommands([
    { id: 'list.filter', title: 'Filter this list', group: 'List', keys: '/', run: () => input.current?.select() },
  ])
  return (
    <div className="filter-field">
      <Icon name="search" size={14} />
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <input
        ref={input}
        id={id}
        type="search"
        value={typed}
        placeholder={label}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            if (typed === '') event.currentTarget.blur()
            setTyped('')
          }
        }}
        spellCheck={false}
        autoComplete="off"
      />
      <kbd>/</kbd>
    </div>
  )
}
