// The working door of telemetry: streams are registered here, and counts are read.

export {
  type AnomalyBeganData,
  type AnomalyEndedData,
  anomalyBegan,
  anomalyEnded,
} from './anomaly.contract.ts'
export type { AnomalyPorts } from './anomaly.ports.ts'
export { anomalyRoom } from './anomaly-room.ts'
export { countOthers, findGroups, listGroups } from './groups.store.ts'
export { readWaiting, type Waiting } from './inbox.store.ts'
export { findSignalServices, readSignalMinutes, type SignalServiceRow, type StoredMinute } from './signals.store.ts'
export { blockSlices } from './slice-blocks.store.ts'
export {
  readHours,
  readOldestSlice,
  readWatermarks,
  type SliceRow,
  sumSteps,
  takeChangedSlices,
  type Watermark,
  type Watermarks,
} from './slices.store.ts'
export type { GroupStream, NewStream, OtlpPart, PrometheusQuery, Stream, StreamSource } from './stream.ts'
export {
  countGroups,
  findStream,
  findStreamsNamed,
  keepSlices,
  listFormerStreams,
  listStreams,
  removeStream,
  saveStream,
} from './streams.store.ts'
export type { TelemetryPorts } from './telemetry.ports.ts'
export {
  type ResolvedBlock,
  readResolved,
  readSteps,
  resolveSlice,
  type Step,
  visitHistory,
} from './usecases/read-counts.ts'
export { readServiceCells } from './usecases/read-coverage.ts'
export { readSignals } from './usecases/read-signals.ts'
