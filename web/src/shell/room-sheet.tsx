// The rooms that have no place in the phone's bottom bar.
import { Link } from 'wouter'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { closeOverlay } from './overlay-state.ts'
import type { RoomEntry } from './rooms.ts'

export default function RoomSheet({ rooms }: { rooms: readonly RoomEntry[] }) {
  return (
    <Dialog title="More rooms" onClose={closeOverlay}>
      <ul className="room-sheet">
        {rooms.map((room) => (
          <li key={room.id}>
            <Link href={room.path} onClick={closeOverlay}>
              <Icon name={room.icon} size={20} />
              <span>{room.title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
