// The working door of postmortems.
export { actionOperations } from './action-operations.ts'
export { type ActionRow, findAction, listActionRows } from './actions.store.ts'
export {
  type ActionFact,
  type LearntText,
  listActionsBetween,
  listActionsById,
  listLearntOf,
  listPublishedBetween,
} from './learnt.store.ts'
export {
  actionChanged,
  actionDropped,
  actionFinished,
  actionProven,
  actionReopened,
  postmortemMoved,
  postmortemOpened,
} from './postmortems.contract.ts'
export type { PostmortemsPorts } from './postmortems.ports.ts'
export { listPostmortemRows, type PostmortemRow } from './postmortems.store.ts'
export { listUnlearntAmong } from './postmortems-retention.store.ts'
