// The pure door of on-call: rotations, schedules, escalation. No clock, no store.
export { type HandOver, handOvers, nextChange, nextHandOver, type OnCallStanding } from './hand-over.ts'
export type { Holding, Override, Source } from './override.ts'
export { checkOverride } from './override.ts'
export {
  checkRotation,
  handoffAt,
  type Member,
  type Rotation,
  type Turn,
  type TurnUnit,
  turnAt,
  turnUnits,
} from './rotation.ts'
export {
  checkSchedule,
  explainSource,
  type FinalSchedule,
  finalSchedule,
  longestWindowMs,
  onCallAt,
  peopleOnCallAt,
  type Schedule,
  type Shift,
} from './schedule.ts'
export {
  checkZone,
  formatWall,
  instantOf,
  parseWall,
  readWall,
  type Wall,
  type WallReading,
  wallAt,
} from './wall-clock.ts'
