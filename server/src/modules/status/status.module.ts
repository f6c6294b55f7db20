import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { pathUnder, readHost } from './core/index.ts'
import { customerErrors, customerLinked, customerUnlinked } from './customers.contract.ts'
import { customerRoutes } from './customers.routes.ts'
import { imageChanged, imageErrors } from './images.contract.ts'
import { statusCustomerKind } from './kinds/status-customer.ts'
import { statusPageKind } from './kinds/status-page.ts'
import {
  hostChanged,
  statusErrors,
  statusImported,
  statusPublished,
  statusUpdated,
  subscriberConfirmed,
  subscriberLeft,
  subscriberPaused,
  subscriberResumed,
} from './status.contract.ts'
import { statusJobs, statusRecurring, statusSubscriptions } from './status.jobs.ts'
import type { StatusPorts } from './status.ports.ts'
import { statusRoutes } from './status.routes.ts'
import { statusWireRoutes } from './status.wire.routes.ts'
import { rememberMonths } from './status-months.ts'
import { statusKept } from './status-retention.store.ts'
import { createSnapshot } from './status-snapshot.ts'
import { subscriberRoutes } from './subscribers.routes.ts'

const events: readonly EventType<JsonObject>[] = [
  statusPublished,
  statusUpdated,
  statusImported,
  subscriberConfirmed,
  subscriberLeft,
  subscriberPaused,
  subscriberResumed,
  imageChanged,
  hostChanged,
  customerLinked,
  customerUnlinked,
]

/** `monotonic` only differs where a test moves time. */
export function statusRoom(needs: Needs, ports: StatusPorts, monotonic?: () => number): Room {
  const snapshot = createSnapshot(needs, ports, monotonic)
  return {
    name: 'status',
    operations: [
      ...statusRoutes(needs, ports, snapshot),
      ...subscriberRoutes(needs, ports),
      ...customerRoutes(needs, ports, snapshot),
    ],
    wireRoutes: statusWireRoutes(needs, ports, snapshot, rememberMonths(needs.database, monotonic)),
    rewrite: (header, url) => {
      const host = readHost(header)
      const page = host === null ? null : snapshot.pageOf(host)
      return page === null ? url : pathUnder(page, url)
    },
    jobs: statusJobs(needs, ports),
    recurring: statusRecurring,
    subscriptions: statusSubscriptions(needs),
    kinds: [statusPageKind, statusCustomerKind],
    events,
    errors: [...statusErrors, ...imageErrors, ...customerErrors],
    kept: statusKept,
    start: () => snapshot.start(),
    stop: async () => snapshot.stop(),
  }
}
