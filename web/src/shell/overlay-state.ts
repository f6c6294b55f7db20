// Which of palette, help sheet and the phone's list of rooms is open: at most one.
import { useSyncExternalStore } from 'react'

export type Overlay = 'palette' | 'help' | 'rooms'

let open: Overlay | null = null
const listeners = new Set<() => void>()
const change = (next: Overlay | null) => {
  open = next
  for (const each of listeners) each()
}

export function openOverlay(overlay: Overlay): void {
  change(open === overlay ? null : overlay)
}

export function closeOverlay(): void {
  change(null)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(subscribe, () => open)
}
