// The pure door of telemetry: slices, counters, histograms, OTLP, selectors.
export * from './apportion.ts'
export { type Connection, readConnection } from './connection.ts'
export * from './counter.ts'
export {
  advanceTrack,
  type CounterTrack,
  openTrack,
  type SampleRun,
  stateOf,
  type TrackListener,
  trackOf,
} from './counter-track.ts'
export { type CoverageColumn, coverageColumns } from './coverage.ts'
export { nextRun, readCron } from './cron.ts'
export { estimate, merge, newSketch, note, type Sketch } from './distinct.ts'
export { type ExpositionFormat, readExposition } from './exposition.ts'
export {
  type ExpositionMemory,
  newExpositionMemory,
  type ReadScrape,
  readScrape,
  sizeOf,
} from './exposition-memory.ts'
export * from './grouping.ts'
export * from './histogram.ts'
export * from './histogram-model.ts'
export { type DecodeMemory, newDecodeMemory, SeriesUse, type ToldNames } from './memory.ts'
export { checkFamilies, checkOpenMetrics } from './openmetrics.ts'
export { decodeOtlpJson } from './otlp-json.ts'
export {
  type Decoded,
  type DecodeLimits,
  defaultLimits,
  type ExplicitPoint,
  type ExponentialPoint,
  type Metric,
  type MetricData,
  type NumberPoint,
  type PointFinding,
  type PointFindingKind,
  pointFindingKinds,
  type ResourceMetrics,
  type ScopeMetrics,
} from './otlp-model.ts'
export { type ReadOtlp, readOtlpProtobuf } from './otlp-protobuf.ts'
export * from './packed.ts'
export {
  type AskedCheck,
  type Beat,
  type HttpCheck,
  judgeBeat,
  judgeCheck,
  type Observation,
  type ProbeCheck,
  type RecordType,
  recordTypes,
  type Verdict,
} from './probe-check.ts'
export { isPlainSelector, type ReadSelector, readSelector } from './promql.ts'
export { earlierStretch, halve, leadMs, nextStretch, type Stretch } from './read-plan.ts'
export { type RefusedPoints, refusedPoints, refusedSamples } from './refused-points.ts'
export { type DecodedWrite, decodeRemoteWrite, type RemoteWriteVersion, type Replica } from './remote-write.ts'
export { electReplica, failoverMs, type Leader } from './replica.ts'
export { readSampleBatch, type SampleBatch } from './sample-batch.ts'
export * from './selector.ts'
export {
  type CountDelta,
  defaultRules,
  isRefusal,
  mostFutureMs,
  type Reading,
  type SeriesFinding,
  type SeriesFindingKind,
  type SeriesRules,
  type SeriesStep,
  seriesFindingKinds,
  type Temporality,
} from './series.ts'
export { isCurrentPack, type PackedSeries, packSeries, type SeriesMind, unpackSeries } from './series-pack.ts'
export { eachStep, packMove, StepWriter, unpackMove } from './series-steps.ts'
export * from './sides.ts'
export * from './slice.ts'
