import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { catalogErrors, resourceCreated, resourceDeleted, resourceUpdated } from './catalog.contract.ts'
import type { CatalogPorts } from './catalog.ports.ts'
import { catalogRoutes } from './catalog.routes.ts'
import { catalogKinds } from './kinds/kinds.ts'

export function catalogRoom(needs: Needs, ports: CatalogPorts): Room {
  const events: readonly EventType<JsonObject>[] = [resourceCreated, resourceUpdated, resourceDeleted]
  return {
    name: 'catalog',
    operations: catalogRoutes(needs, ports),
    kinds: catalogKinds,
    events,
    errors: catalogErrors,
  }
}
