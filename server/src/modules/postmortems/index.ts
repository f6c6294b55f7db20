// The working door of postmortems.
export { type ActionRow, listActionRows } from './actions.store.ts'
export { actionProven, actionReopened, postmortemMoved, postmortemOpened } from './postmortems.contract.ts'
export type { PostmortemsPorts } from './postmortems.ports.ts'
export { listPostmortemRows, type PostmortemRow } from './postmortems.store.ts'
export { listUnlearntAmong } from './postmortems-retention.store.ts'
