// Palette, help sheet and the phone's list of rooms, loaded when first opened.
import { lazy, Suspense } from 'react'
import { useOverlay } from './overlay-state.ts'
import type { RoomEntry } from './rooms.ts'

const Palette = lazy(() => import('./palette.tsx'))
const HelpSheet = lazy(() => import('./help-sheet.tsx'))
const RoomSheet = lazy(() => import('./room-sheet.tsx'))

export function Overlays({ rooms }: { rooms: readonly RoomEntry[] }) {
  const shown = useOverlay()
  return (
    <Suspense fallback={null}>
      {shown === 'palette' && <Palette />}
      {shown === 'help' && <HelpSheet />}
      {shown === 'rooms' && <RoomSheet rooms={rooms} />}
    </Suspense>
  )
}
