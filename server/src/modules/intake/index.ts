// The working door of intake.

export type { Desk } from './desk.ts'
export type { IntakePorts, SnsMessage, SnsVerdict } from './intake.ports.ts'
export { listSources, type SourceRow } from './intake.store.ts'
export { countOrphans } from './orphans.store.ts'
export { loadSendersPlan, type SendersPlan } from './senders-plan.ts'
export { type EventAnswer, takeEvent } from './usecases/take-event.ts'
