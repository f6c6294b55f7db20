// The working door of changes.
export { type ChangeData, changeRecorded } from './changes.contract.ts'
export { type ChangeFilter, type ChangeRow, listChangeRows } from './changes.store.ts'
export { recordChange } from './usecases/record-change.ts'
