// The pure door of alerts: what a signal is, what it does to an alert, what people do to it, what a silence hides.
export { type Offset, offsetsIn } from './after-hours.ts'
export {
  type Answer,
  type Answerable,
  type AnswerDecision,
  answeredBy,
  decideAcknowledge,
  decideClose,
  decideSnooze,
  decideUnacknowledge,
  longestSnoozeMs,
} from './answer.ts'
export { type Breadth, type Hidden, judgeBreadth } from './breadth.ts'
export { type DecidedBatch, type DecidedSignal, decide } from './decide.ts'
export {
  decideFlush,
  type Flush,
  type FlushReason,
  type FlushVerdict,
  firstFlushAt,
  type GroupTimers,
  type LastTold,
  nextFlushAt,
} from './dispatch.ts'
export {
  type Changed,
  decideExpiry,
  decideSignal,
  type Ending,
  type Episode,
  endings,
  episodeKey,
  type IntakePolicy,
  isWorse,
  type Lease,
  type SignalDecision,
} from './episode.ts'
export { fingerprint, type Labels, labelNames, labelOf } from './fingerprint.ts'
export { type FlappingVerdict, judgeFlapping, type PastEpisode } from './flapping.ts'
export {
  defaultGroupBy,
  defaultUrgencies,
  type Groupable,
  type GroupIdentity,
  groupOf,
  type UrgencyTable,
  urgencyOf,
} from './grouping.ts'
export { type InhibitRule, inhibitionsOf, type Source } from './inhibition.ts'
export {
  formatMatcher,
  labelsAsked,
  type Matcher,
  matchesAll,
  type Operator,
  operators,
  parseMatchers,
  type ReadyMatcher,
  readMatchers,
} from './matcher.ts'
export { type OpenSet, openSet } from './open-set.ts'
export {
  byAge,
  judgeJoin,
  judgeRise,
  mayReach,
  type Pageable,
  type PageGroup,
  type Relation,
  reachesSame,
  type Standing,
  sameFailureMs,
  speakerOf,
  spreadLimit,
  stillLookingMs,
} from './page-group.ts'
export { type Pattern, readPattern } from './pattern.ts'
export {
  type Difference,
  differenceOf,
  type Fate,
  type PastAlert,
  type Replayed,
  replayAlerts,
  sourcesWithin,
} from './replay.ts'
export { groupLabels, type Receiver, type Route, receiversFor, routesFor, routesIn } from './route.ts'
export {
  closedBecause,
  describeSilent,
  type Hold,
  judgeRouting,
  nameSilent,
  probesOf,
  type Routing,
  type RoutingVerdict,
  routesHeard,
  type TimedRouting,
} from './routing.ts'
export {
  type Finding,
  type Level,
  type LintOptions,
  levels,
  lintRules,
  lintRuleTexts,
  ownerLabels,
  type RuleText,
  readPromDuration,
  unreadable,
} from './rule-lint/index.ts'
export { type ReadSeverity, readSeverity } from './severity-words.ts'
export { type Link, readSignal, type Signal, type SignalDraft, type SignalReading, signalLimits } from './signal.ts'
export {
  type HeldServices,
  holderOf,
  isSilenced,
  readSilence,
  type Silence,
  type SilenceDraft,
  type SilenceState,
  type SilenceVerdict,
  silenceable,
  silenceState,
} from './silence.ts'
export {
  countedSince,
  describeEnds,
  describeLost,
  judgeRate,
  rateLimits,
  remindAt,
  type SilenceEnds,
  withoutTicket,
} from './silence-ends.ts'
export { contains, type TimeInterval, type TimeRange, type WholeRange } from './time-interval.ts'
export {
  describeTimers,
  goesAtOnce,
  groupIdentity,
  keyIn,
  type Timing,
  type TimingMode,
  timersOf,
  timingModes,
} from './timing.ts'
export { type Asked, asked, type Trace } from './trace.ts'
export { judgePause, mostEpisodes, type PauseVerdict, readPause } from './transient.ts'
export { type WallTime, wallTimeAt } from './wall-time.ts'
