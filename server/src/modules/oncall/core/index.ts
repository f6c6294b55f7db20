// The pure door of on-call: rotations, schedules, escalation. No clock, no store.

export { answerTimes, type Call, callsOf, type PersonPage, percentile } from './calls.ts'
export { compareShifts, type ShiftChange } from './compare-shifts.ts'
export { type Directory, directoryOf, type Teams } from './directory.ts'
export { openEscalation, stepEscalation } from './escalation.ts'
export type { Paged, PagedWebhook, Reason } from './escalation-level.ts'
export {
  checkEscalationPolicy,
  defaultAckTimeoutMs,
  type EscalationPolicy,
  type KnownTargets,
  type Level,
  type Target,
  weighWebhooks,
} from './escalation-policy.ts'
export {
  type Escalation,
  type EscalationEffect,
  type EscalationInput,
  type EscalationStep,
  fallbackLevel,
  type Phase,
  wakeAt,
} from './escalation-state.ts'
export { type HandOver, handOvers, handOversOf, nextChange, nextHandOver, type OnCallStanding } from './hand-over.ts'
export { type NotedShift, notedShift, noteText } from './hand-over-note.ts'
export { type Figures, figuresOf, noFigures, type PersonDuty, sumOf, wasOnDuty } from './health.ts'
export { type Advice, type AdviceFacts, adviceCodes, adviceFor, shareFromMs } from './health-advice.ts'
export {
  halves,
  joinedSpans,
  leastPeople,
  type PersonWeeks,
  type SpanFigures,
  spansOf,
  type Trend,
  trendOf,
  weeksUpTo,
  windowOfSums,
} from './health-weeks.ts'
export {
  checkHours,
  readHours,
  type Weekday,
  type WeekWindow,
  type WrittenHours,
  weekdayOf,
  weekdays,
  windowsIn,
} from './hours.ts'
export {
  type Finding,
  type Holiday,
  type LintCode,
  type LintFacts,
  lintCodes,
  lintSchedule,
  summarizeFindings,
  weekendsIn,
} from './lint.ts'
export { loadOf, loadWeights, type PersonLoad, unevenness } from './load.ts'
export type { CustomShift, Holding, KnownSources, Override, Source } from './override.ts'
export { checkOverride } from './override.ts'
export { calledOut, type PayLine, type PaySum, payByClass, payLines, periodOf } from './pay.ts'
export { judgeReadiness, type Readiness } from './readiness.ts'
export { type RecurringShift, readRecurrence } from './recurrence.ts'
export type { Refusal } from './refusal.ts'
export {
  checkRotation,
  handoffAt,
  type Member,
  type Rotation,
  type ShiftRotation,
  type Turn,
  type TurnRotation,
  type TurnUnit,
  turnAt,
  turnUnits,
} from './rotation.ts'
export {
  checkSchedule,
  explainSource,
  type FinalSchedule,
  finalSchedule,
  knownSources,
  longestWindowMs,
  missingCover,
  onCallAt,
  peopleOnCallAt,
  type Schedule,
  type Shift,
} from './schedule.ts'
export {
  type Reachability,
  type SimulatedMessage,
  type SimulatedWebhook,
  type Simulation,
  type SimulationOrder,
  simulate,
} from './simulate.ts'
export { intersections, lengthOf, without } from './spans.ts'
export {
  judgeAccept,
  judgeDecline,
  judgeRequest,
  judgeWithdraw,
  type Swap,
  type SwapState,
  stateOfSwap,
} from './swap.ts'
export { defaultTerms, type HealthLimits, type OnCallTerms, readNight } from './terms.ts'
export { byClass, daysElsewhere, daysIn, type TimeClass, timeClasses } from './time-classes.ts'
export {
  type ClockChange,
  checkZone,
  clockChanges,
  formatWall,
  instantOf,
  knownZone,
  parseWall,
  readWall,
  type Wall,
  type WallReading,
  wall,
  wallAt,
} from './wall-clock.ts'
