// The working door of incidents.

export { incidentEvents } from './incident-events.ts'
export { incidentOperations } from './incident-operations.ts'
export {
  type IncidentData,
  incidentAlertLinked,
  incidentDeclared,
  incidentMoved,
  incidentReopened,
  incidentRoleHandedOver,
  incidentRoleReleased,
  incidentRoleTaken,
  incidentSeverityChanged,
} from './incidents.contract.ts'
export type { IncidentsPorts, JournalLine } from './incidents.ports.ts'
export {
  type CountedIncident,
  findIncident,
  type IncidentFilter,
  type IncidentRow,
  listCounted,
  listHoldings,
  listIncidentNames,
  listIncidentRows,
  listIncidentsById,
  listRestricted,
  lockIncident,
} from './incidents.store.ts'
export { findIncidentId, listOpenAmong, lockOldIncidents, removeIncidents } from './incidents-retention.store.ts'
export { presentIncident } from './present-incident.ts'
export { updatePosted } from './updates.contract.ts'
export {
  draftUpdateOf,
  noteTold,
  postUpdateTo,
  readImpactOf,
  readImpactsOf,
  refuseCustomer,
} from './usecases/communicate.ts'
export { exportIncidentOf } from './usecases/export-incident.ts'
export { callForPeople, holdRole, nameCall } from './usecases/lead-incident.ts'
export { needIncident } from './usecases/load-incident.ts'
export { takeIn } from './usecases/open-incident.ts'
export { journeysThrough } from './usecases/propose-severity.ts'
export { readPolicy } from './usecases/read-policy.ts'
export { beganAt } from './usecases/read-related.ts'
export { reviewIncident } from './usecases/review-incident.ts'
export { addItemTo } from './usecases/work-items.ts'
export { GraphPin, updateOverdue } from './work.contract.ts'
export { findUpdate } from './work.store.ts'
