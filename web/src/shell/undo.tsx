// What was just done and how to take it back, for ten seconds (`u`). A refusal stays until it is closed.
import { useEffect, useSyncExternalStore } from 'react'
import { useCommands } from '../parts/command-hooks.ts'
import { Icon } from '../parts/icons.tsx'

interface Done {
  readonly sentence: string
  readonly undo: (() => void) | null
}

const shownMs = 10_000
let done: Done | null = null
const listeners = new Set<() => void>()

export function say(next: Done | null): void {
  done = next
  for (const each of listeners) each()
}

export function UndoBar() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => done,
  )
  useEffect(() => {
    if (shown === null) return
    const timer = window.setTimeout(() => say(null), shownMs)
    return () => window.clearTimeout(timer)
  }, [shown])
  const undo = () => {
    const back = shown?.undo
    say(null)
    back?.()
  }
  useCommands(
    shown?.undo === null || shown === null
      ? []
      : [{ id: 'shell.undo', title: 'Undo', group: 'Everywhere', keys: 'u', run: undo }],
  )
  return (
    <div className="undo-bar" role="status" data-open={shown !== null}>
      {shown !== null && (
        <>
          <span>{shown.sentence}</span>
          {shown.undo !== null && (
            <button type="button" className="link-button" onClick={undo}>
              Undo <kbd>u</kbd>
            </button>
          )}
          <button type="button" className="icon-button" aria-label="Close" onClick={() => say(null)}>
            <Icon name="close" size={12} />
          </button>
        </>
      )}
    </div>
  )
}
