import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { catalogErrors, resourceCreated, resourceDeleted, resourceUpdated } from './catalog.contract.ts'
import { catalogSubscriptions } from './catalog.jobs.ts'
import type { CatalogPorts } from './catalog.ports.ts'
import { catalogRoutes } from './catalog.routes.ts'
import { catalogKinds } from './kinds/kinds.ts'
import { openSloServiceTranslator } from './openslo-service.ts'

export function catalogRoom(needs: Needs, outside: CatalogPorts): Room {
  const ports: CatalogPorts = { ...outside, translators: [...outside.translators, openSloServiceTranslator] }
  const events: readonly EventType<JsonObject>[] = [resourceCreated, resourceUpdated, resourceDeleted]
  return {
    name: 'catalog',
    operations: catalogRoutes(needs, ports),
    subscriptions: catalogSubscriptions(needs, ports),
    kinds: catalogKinds,
    events,
    errors: catalogErrors,
  }
}
