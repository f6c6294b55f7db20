import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { changeRecorded, changesErrors } from './changes.contract.ts'
import { changesRoutes } from './changes.routes.ts'

export function changesRoom(needs: Needs): Room {
  return { name: 'changes', operations: changesRoutes(needs), events: [changeRecorded], errors: changesErrors }
}
