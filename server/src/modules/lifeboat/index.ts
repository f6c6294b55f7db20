// The working door of the lifeboat.

export type { Drive, Lifeboat, LifeboatState } from './boat.ts'
export type { LifeboatPorts, RememberedSettings } from './lifeboat.ports.ts'
export { createLifeboat } from './lifeboat.ts'
export { createMarkFile, type MarkFile } from './send-marks.ts'
export { sentenceOf } from './sentence.ts'
