// One of a few views. Radio semantics: arrow keys move, the chosen one is underlined.
import { useEffect, useRef } from 'react'

export interface Option<Value extends string> {
  readonly value: Value
  readonly title: string
  readonly count?: number | null | undefined
}

export function Choice<Value extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string
  options: readonly Option<Value>[]
  value: Value
  onChange: (value: Value) => void
}) {
  const group = useRef<HTMLDivElement>(null)
  // On a phone the options scroll sideways; the chosen one must not be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the choice is the reason to run
  useEffect(() => {
    const chosen = group.current?.querySelector('[aria-checked="true"]')
    if (group.current !== null && chosen instanceof HTMLElement) {
      // In the middle, so that both its neighbours show that there is more.
      const before = chosen.offsetLeft - group.current.offsetLeft
      group.current.scrollLeft = before - (group.current.clientWidth - chosen.offsetWidth) / 2
    }
  }, [value])
  const move = (event: React.KeyboardEvent, step: number) => {
    event.preventDefault()
    const index = options.findIndex((each) => each.value === value)
    const next = options[(index + step + options.length) % options.length]
    if (next === undefined) return
    onChange(next.value)
    const buttons = event.currentTarget.querySelectorAll('button')
    buttons[options.indexOf(next)]?.focus()
  }
  return (
    // The group hears the arrow keys of the buttons in it.
    <div
      ref={group}
      className="choice"
      role="radiogroup"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight' || event.key === 'ArrowDown') move(event, 1)
        else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') move(event, -1)
      }}
    >
      {options.map((option) => (
        // A native radio would need its own label layout for the same behaviour.
        // biome-ignore lint/a11y/useSemanticElements: see above
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.title}
          {option.count !== undefined && option.count !== null && <span className="choice-count">{option.count}</span>}
        </button>
      ))}
    </div>
  )
}
