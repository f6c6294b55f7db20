// The working door of changes.
export { type ChangeData, changeRecorded } from './changes.contract.ts'
export {
  type ChangeAsked,
  type ChangeFilter,
  type ChangeRow,
  findNewestChanges,
  listChangeRows,
} from './changes.store.ts'
export { recordChange } from './usecases/record-change.ts'
