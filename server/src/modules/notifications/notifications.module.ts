import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { channelRoutes } from './channels.routes.ts'
import { webhookKind } from './kinds/webhook.ts'
import {
  channelConnected,
  channelDisconnected,
  contactCreated,
  contactDeleted,
  contactDisabled,
  contactVerified,
  deliveryCancelled,
  deliveryFailed,
  deliveryRetried,
  deliverySent,
  deliveryUnheard,
  messageSeen,
  messageUpdated,
  notificationsErrors,
  personMissed,
  rulesReplaced,
} from './notifications.contract.ts'
import { notificationsJobs, notificationsRecurring } from './notifications.jobs.ts'
import type { AnsweringPorts, NotificationPorts, Watch } from './notifications.ports.ts'
import { notificationsRoutes } from './notifications.routes.ts'
import { notificationsWireRoutes } from './notifications.wire.routes.ts'
import { notificationsKept } from './notifications-retention.store.ts'
import { watchMetrics } from './usecases/watch-paging.ts'
import { webhookErrors, webhookSecretReplaced } from './webhooks.contract.ts'
import { webhookRoutes } from './webhooks.routes.ts'

const events: readonly EventType<JsonObject>[] = [
  deliverySent,
  deliveryUnheard,
  messageSeen,
  messageUpdated,
  deliveryRetried,
  deliveryFailed,
  deliveryCancelled,
  personMissed,
  contactCreated,
  contactVerified,
  contactDisabled,
  contactDeleted,
  rulesReplaced,
  channelConnected,
  channelDisconnected,
  webhookSecretReplaced,
]

/** Without `answering`, messages go out and nothing comes back. */
export function notificationsRoom(
  needs: Needs,
  ports: NotificationPorts,
  answering: AnsweringPorts | null = null,
  watch: Watch | null = null,
): Room {
  if (watch !== null) watchMetrics(needs, watch.registry)
  return {
    name: 'notifications',
    operations: [
      ...notificationsRoutes(needs, ports),
      ...channelRoutes(needs, ports, answering),
      ...webhookRoutes(needs, ports),
    ],
    wireRoutes: notificationsWireRoutes(needs, ports, answering),
    jobs: notificationsJobs(needs, ports, watch),
    recurring: notificationsRecurring,
    events,
    kinds: [webhookKind(ports)],
    errors: [...notificationsErrors, ...webhookErrors],
    kept: notificationsKept,
  }
}
