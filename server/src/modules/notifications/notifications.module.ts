import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import {
  contactCreated,
  contactDeleted,
  contactDisabled,
  contactVerified,
  deliveryCancelled,
  deliveryFailed,
  deliveryRetried,
  deliverySent,
  notificationsErrors,
  personMissed,
  rulesReplaced,
} from './notifications.contract.ts'
import { notificationsJobs, notificationsRecurring } from './notifications.jobs.ts'
import type { NotificationPorts } from './notifications.ports.ts'
import { notificationsRoutes } from './notifications.routes.ts'

const events: readonly EventType<JsonObject>[] = [
  deliverySent,
  deliveryRetried,
  deliveryFailed,
  deliveryCancelled,
  personMissed,
  contactCreated,
  contactVerified,
  contactDisabled,
  contactDeleted,
  rulesReplaced,
]

export function notificationsRoom(needs: Needs, ports: NotificationPorts): Room {
  return {
    name: 'notifications',
    operations: notificationsRoutes(needs, ports),
    jobs: notificationsJobs(needs, ports),
    recurring: notificationsRecurring,
    events,
    errors: notificationsErrors,
  }
}
