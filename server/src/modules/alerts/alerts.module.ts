import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { alertmanagerRoutes } from './alertmanager.wire.routes.ts'
import * as contract from './alerts.contract.ts'
import { alertsJobs, alertsRecurring, alertsSubscriptions } from './alerts.jobs.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { alertsRoutes } from './alerts.routes.ts'
import { alertsWireRoutes } from './alerts.wire.routes.ts'
import { alertsKept } from './alerts-retention.store.ts'
import { alertRated } from './quality.contract.ts'
import { qualityRoutes } from './quality.routes.ts'
import { routingRoutes } from './routing.routes.ts'

export function alertsRoom(needs: Needs, ports: AlertsPorts): Room {
  const events: readonly EventType<JsonObject>[] = [
    contract.alertOpened,
    contract.alertAcknowledged,
    contract.alertUnacknowledged,
    contract.alertSnoozed,
    contract.alertWoken,
    contract.alertHeard,
    contract.alertRaised,
    ...contract.alertEndedEvents,
    contract.silenceCreated,
    contract.silenceChanged,
    contract.silenceEnded,
    contract.routingChanged,
    alertRated,
  ]
  return {
    name: 'alerts',
    operations: [...alertsRoutes(needs, ports), ...routingRoutes(needs, ports), ...qualityRoutes(needs, ports)],
    wireRoutes: (server, door) => {
      alertmanagerRoutes(needs, ports)(server, door)
      alertsWireRoutes(needs, ports)(server)
    },
    jobs: alertsJobs(needs, ports),
    recurring: alertsRecurring,
    subscriptions: alertsSubscriptions(needs, ports),
    events,
    errors: contract.alertsErrors,
    kept: alertsKept,
  }
}
