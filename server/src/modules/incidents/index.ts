// The working door of incidents.

export { incidentDeclared, incidentMoved, incidentReopened, incidentSeverityChanged } from './incidents.contract.ts'
export type { IncidentsPorts, JournalLine } from './incidents.ports.ts'
export {
  findIncident,
  type IncidentFilter,
  type IncidentRow,
  listIncidentRows,
  listRestricted,
} from './incidents.store.ts'
