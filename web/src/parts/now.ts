// One ticking clock for all relative times, so that a thousand rows cost one timer.
import { useSyncExternalStore } from 'react'

const stepMs = 10_000
let current = Date.now()
let timer: number | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    current = Date.now()
    timer = window.setInterval(() => {
      current = Date.now()
      for (const each of listeners) each()
    }, stepMs)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      window.clearInterval(timer)
      timer = undefined
    }
  }
}

/** The present to the nearest ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current)
}

/** The present as it is, read outside of a render: at the press of a key, when a form opens. */
export function presentMs(): number {
  return Date.now()
}
