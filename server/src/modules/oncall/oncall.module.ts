import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { coverErrors, coverEvents } from './cover.contract.ts'
import { coverRoutes } from './cover.routes.ts'
import { healthErrors } from './health.contract.ts'
import { healthRoutes } from './health.routes.ts'
import { watchedKinds } from './kinds/watched-kinds.ts'
import { oncallErrors, oncallEvents, overrideCreated, overrideDeleted } from './oncall.contract.ts'
import { oncallJobs, oncallRecurring, oncallSubscriptions } from './oncall.jobs.ts'
import type { OncallPorts } from './oncall.ports.ts'
import { oncallRoutes } from './oncall.routes.ts'
import { oncallWireRoutes } from './oncall.wire.routes.ts'
import { oncallKept } from './oncall-retention.store.ts'
import { payErrors, payEvents } from './pay.contract.ts'
import { payRoutes, payWireRoutes } from './pay.routes.ts'

const events: readonly EventType<JsonObject>[] = [
  ...oncallEvents,
  overrideCreated,
  overrideDeleted,
  ...coverEvents,
  ...payEvents,
]

export function oncallRoom(needs: Needs, ports: OncallPorts): Room {
  return {
    name: 'oncall',
    operations: [
      ...oncallRoutes(needs, ports),
      ...coverRoutes(needs, ports),
      ...healthRoutes(needs, ports),
      ...payRoutes(needs, ports),
    ],
    wireRoutes: (server, door) => {
      oncallWireRoutes(needs, ports)(server, door)
      payWireRoutes(needs, ports)(server, door)
    },
    jobs: oncallJobs(needs, ports),
    recurring: oncallRecurring,
    subscriptions: oncallSubscriptions(needs),
    kinds: watchedKinds(needs, ports),
    events,
    errors: [...oncallErrors, ...coverErrors, ...healthErrors, ...payErrors],
    kept: oncallKept,
  }
}
