import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { incidentEvents } from './incident-events.ts'
import * as contract from './incidents.contract.ts'
import { incidentsJobs, incidentsRecurring, incidentsSubscriptions } from './incidents.jobs.ts'
import type { IncidentsPorts } from './incidents.ports.ts'
import { incidentsRoutes } from './incidents.routes.ts'
import { incidentPolicyKind } from './kinds/incident-policy.ts'
import { regroupingErrors } from './regrouping.contract.ts'
import { regroupingRoutes } from './regrouping.routes.ts'
import { scheduledErrors } from './scheduled.contract.ts'
import { workErrors } from './work.contract.ts'
import { workRoutes } from './work.routes.ts'

export function incidentsRoom(needs: Needs, ports: IncidentsPorts): Room {
  return {
    name: 'incidents',
    operations: [...incidentsRoutes(needs, ports), ...workRoutes(needs, ports), ...regroupingRoutes(needs, ports)],
    jobs: incidentsJobs(needs, ports),
    recurring: incidentsRecurring,
    subscriptions: incidentsSubscriptions(needs, ports),
    events: incidentEvents,
    kinds: [incidentPolicyKind],
    errors: [...contract.incidentsErrors, ...scheduledErrors, ...workErrors, ...regroupingErrors],
  }
}
