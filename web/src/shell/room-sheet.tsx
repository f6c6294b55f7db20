// The rooms that have no place in the phone's bottom bar.
import { Modal } from '@mantine/core'
import { Link } from 'wouter'
import { Icon } from '../parts/icons.tsx'
import { closeOverlay } from './overlays.tsx'
import type { RoomEntry } from './rooms.ts'

export default function RoomSheet({ rooms }: { rooms: readonly RoomEntry[] }) {
  return (
    <Modal opened onClose={closeOverlay} title="More rooms" transitionProps={{ duration: 0 }}>
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
    </Modal>
  )
}
