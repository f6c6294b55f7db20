export {
  type Cover,
  type CoverStretch,
  type Decision,
  decideOrder,
  type EarlierCover,
  type Occurrence,
  type OccurrenceState,
  type Order,
  occurrenceStates,
  stateOf,
  stretchesOf,
} from './occurrence.ts'
export { horizonMs, mostAhead, type NewOccurrence, type Plan, planAhead } from './plan.ts'
export {
  isZone,
  occurrencesWithin,
  type Recurrence,
  recurrenceFault,
  ruleFault,
  type WallRule,
  wallOf,
  wallPattern,
  wallStarts,
} from './recurrence.ts'
export {
  type Announcement,
  announcedStates,
  coveredServices,
  type Dependants,
  dependantWords,
  type MaintenanceWindow,
  type Treatment,
  treatments,
} from './window.ts'
