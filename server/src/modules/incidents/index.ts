// The working door of incidents.
export { incidentDeclared } from './incidents.contract.ts'
export type { IncidentsPorts, JournalLine } from './incidents.ports.ts'
export { findIncident, type IncidentFilter, type IncidentRow, listIncidentRows } from './incidents.store.ts'
