// The pure door of the lifeboat: the journal's frames, the standing of the database, what a signal means aboard.
export { crc32, frame, frameHeaderBytes, mostFrameBytes, type ReadFrames, readFrames } from './frames.ts'
export { type Judged, judgeSignal, type Passenger, type PlannedService, type World } from './judge.ts'
export { ashore, boards, doubtMs, landed, observe, type Standing } from './lookout.ts'
export { mostCopies, rankOf, secondWaitsMs, waitOf } from './ranks.ts'
