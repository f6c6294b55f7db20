// The page's one live region, for what must be heard: own pages and critical alerts.
import { useSyncExternalStore } from 'react'

let text = ''
const listeners = new Set<() => void>()

export function announce(sentence: string): void {
  text = text === sentence ? `${sentence} ` : sentence
  for (const each of listeners) each()
}

export function LiveRegion() {
  const spoken = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => text,
  )
  return (
    <div className="sr-only" role="status" aria-live="assertive" aria-atomic="true">
      {spoken}
    </div>
  )
}
