// The working door of incidents.

export { incidentEvents } from './incident-events.ts'
export { incidentOperations } from './incident-operations.ts'
export { incidentDeclared, incidentMoved, incidentReopened, incidentSeverityChanged } from './incidents.contract.ts'
export type { IncidentsPorts, JournalLine } from './incidents.ports.ts'
export {
  findIncident,
  type IncidentFilter,
  type IncidentRow,
  listIncidentRows,
  listRestricted,
} from './incidents.store.ts'
export { findIncidentId, listOpenAmong, lockOldIncidents, removeIncidents } from './incidents-retention.store.ts'
export { presentIncident } from './present-incident.ts'
export { exportIncidentOf } from './usecases/export-incident.ts'
export { needIncident } from './usecases/load-incident.ts'
export { readPolicy } from './usecases/read-policy.ts'
export { reviewIncident } from './usecases/review-incident.ts'
export { GraphPin } from './work.contract.ts'
