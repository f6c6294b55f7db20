// The working door of audit.
export type { AuditPorts, SigningKey } from './audit.ports.ts'
export { appendEntries, type JournalFilter, listEntries } from './journal.store.ts'
export { newestCheckpoint, readEnd, readHead, readSealed } from './sealing.store.ts'
export { listConcerning } from './timeline.store.ts'
export { exportJournal } from './usecases/export-journal.ts'
export { sealJournal } from './usecases/seal-journal.ts'
export { signCheckpoint } from './usecases/sign-checkpoint.ts'
export { verifyJournal } from './usecases/verify-journal.ts'
