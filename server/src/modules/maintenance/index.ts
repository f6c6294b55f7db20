// The working door of maintenance.
export {
  type MaintenanceData,
  maintenanceAnnounced,
  maintenanceBegan,
  maintenanceChanged,
  maintenanceEnded,
} from './maintenance.contract.ts'
export { findOccurrences, listCovering, listOccurrences, maintenanceRevision } from './maintenance.store.ts'
export { type Holding, listHolding, listHoldingAt } from './usecases/list-holding.ts'
