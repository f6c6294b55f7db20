// The working door of slo.

export {
  type BudgetAlertData,
  budgetAlertBegan,
  budgetAlertEnded,
  type GroupBurningData,
  type GroupRecoveredData,
  groupBurning,
  groupRecovered,
} from './groups.contract.ts'
export type { ReadOptions, SloReader, SloReading } from './import.ports.ts'
export { countByService, countObjectives, listMeasured } from './objectives.store.ts'
export type { ObjectiveTerms } from './reviews.contract.ts'
export {
  type BurningData,
  type ObjectiveSummary,
  objectiveBurning,
  objectiveMeasured,
  objectiveRecovered,
  objectiveStateChanged,
  objectiveUnmeasured,
  type RecoveredData,
  type StateChangedData,
  type UnmeasuredData,
} from './slo.contract.ts'
export type { PossibleCause, SloPorts } from './slo.ports.ts'
export { countStates, readStandings, type ServiceStanding } from './states.store.ts'
export { describeObjectives, findObjectiveSummary } from './usecases/describe-objectives.ts'
export { lintSloFile, type SloLint } from './usecases/lint-slo-file.ts'
export { readLedger } from './usecases/read-ledger.ts'
export { describeReviews } from './usecases/read-reviews.ts'
