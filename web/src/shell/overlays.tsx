// Palette, help sheet and the phone's list of rooms: at most one is open.
import { lazy, Suspense, useSyncExternalStore } from 'react'
import type { RoomEntry } from './rooms.ts'

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

const Palette = lazy(() => import('./palette.tsx'))
const HelpSheet = lazy(() => import('./help-sheet.tsx'))
const RoomSheet = lazy(() => import('./room-sheet.tsx'))

export function Overlays({ rooms }: { rooms: readonly RoomEntry[] }) {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => open,
  )
  return (
    <Suspense fallback={null}>
      {shown === 'palette' && <Palette />}
      {shown === 'help' && <HelpSheet />}
      {shown === 'rooms' && <RoomSheet rooms={rooms} />}
    </Suspense>
  )
}
