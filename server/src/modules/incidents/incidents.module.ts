import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import * as contract from './incidents.contract.ts'
import { incidentsJobs, incidentsSubscriptions } from './incidents.jobs.ts'
import type { IncidentsPorts } from './incidents.ports.ts'
import { incidentsRoutes } from './incidents.routes.ts'
import { incidentPolicyKind } from './kinds/incident-policy.ts'
import { workErrors, workEvents } from './work.contract.ts'
import { workRoutes } from './work.routes.ts'

export function incidentsRoom(needs: Needs, ports: IncidentsPorts): Room {
  const events: readonly EventType<JsonObject>[] = [
    contract.incidentDeclared,
    contract.incidentMoved.active,
    contract.incidentMoved.mitigated,
    contract.incidentMoved.resolved,
    contract.incidentMoved.reviewed,
    contract.incidentReopened,
    contract.incidentSeverityChanged,
    contract.incidentRenamed,
    contract.incidentRoleTaken,
    contract.incidentRoleHandedOver,
    contract.incidentRoleReleased,
    contract.incidentRoleOffered,
    contract.incidentRoleDeclined,
    contract.incidentTimeCorrected,
    contract.incidentRestricted,
    contract.incidentNoted,
    contract.incidentAlertLinked,
    ...workEvents,
  ]
  return {
    name: 'incidents',
    operations: [...incidentsRoutes(needs, ports), ...workRoutes(needs, ports)],
    jobs: incidentsJobs(needs, ports),
    subscriptions: incidentsSubscriptions(needs, ports),
    events,
    kinds: [incidentPolicyKind],
    errors: [...contract.incidentsErrors, ...workErrors],
  }
}
