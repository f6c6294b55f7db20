// The working door of maintenance.
export {
  type MaintenanceData,
  maintenanceAnnounced,
  maintenanceBegan,
  maintenanceChanged,
  maintenanceEnded,
} from './maintenance.contract.ts'
export {
  findOccurrences,
  listCovering,
  listOccurrences,
  lockOccurrence,
  maintenanceRevision,
  noteLed,
} from './maintenance.store.ts'
export { changeOccurrenceIn } from './usecases/change-occurrence.ts'
export { type Holding, listHolding, listHoldingAt } from './usecases/list-holding.ts'
