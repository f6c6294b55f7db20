// The working door of the lifeboat.
export type { LifeboatPorts, RememberedSettings } from './lifeboat.ports.ts'
export { createLifeboat, type Drive, type Lifeboat, type LifeboatState } from './lifeboat.ts'
export { sentenceOf } from './sentence.ts'
