// The working door of learning.
export { listUneliminatedAmong } from './problems.store.ts'
