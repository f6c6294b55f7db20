// The pure part of golden signals.
export * from './digest.ts'
export { familySelector, type Protocol, resources, type SaturatedResource, serviceOf } from './families.ts'
export {
  countOf,
  finestScale,
  type Latency,
  mergeLatency,
  mostBuckets,
  noLatency,
  type Percentile,
  percentile,
} from './latency.ts'
export { readLatency, writeLatency } from './latency-text.ts'
export { emptyMinute, mergeMinutes, type SignalMinute } from './minutes.ts'
export {
  advanceSender,
  newSender,
  oldestMs,
  type SenderState,
  type SignalFindingKind,
  signalFindingKinds,
} from './sender.ts'
export { type Hash, hashAttributes, hashRemembered, hashText, joinHashes } from './series-hash.ts'
