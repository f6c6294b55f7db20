// The working door of status.
export { type StatusData, statusPublished, statusUpdated } from './status.contract.ts'
export type { Hook, HookOutcome, Letter, LetterOutcome, StatusPorts } from './status.ports.ts'
export { draftPost } from './usecases/draft.ts'
export { publishPostIn, updatePostIn } from './usecases/publish.ts'
