// Every event of this room, for later rooms that follow all of them.
import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import * as contract from './incidents.contract.ts'
import { regroupingEvents } from './regrouping.contract.ts'
import { scheduledEvents } from './scheduled.contract.ts'
import { vacancyPaged } from './vacancies.contract.ts'
import { workEvents } from './work.contract.ts'

export const incidentEvents: readonly EventType<JsonObject>[] = [
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
  contract.incidentCallNamed,
  vacancyPaged,
  ...scheduledEvents,
  ...workEvents,
  ...regroupingEvents,
]
