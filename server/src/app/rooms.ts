// The rooms in the written order, and the ports that join them. The only file that sees every room.
import type { Actor } from '../kernel/actor.ts'
import { catalogRoom } from '../modules/catalog/catalog.module.ts'
import type { ResourceKind } from '../platform/resources/resource-kind.ts'
import type { Needs } from '../platform/room/needs.ts'
import type { Room } from '../platform/room/room.ts'

export interface HouseNeeds extends Needs {
  /** Throws forbidden when the actor may not change what the team owns. */
  readonly mayChange: (actor: Actor, team: string | null, kind: string) => void
}

export function buildRooms(needs: HouseNeeds): readonly Room[] {
  const rooms: Room[] = []
  const kinds = (): readonly ResourceKind[] => rooms.flatMap((room) => room.kinds ?? [])
  rooms.push(catalogRoom(needs, { kinds, translators: [], mayChange: needs.mayChange }))
  return rooms
}
