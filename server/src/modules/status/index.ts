// The working door of status.
export { type StatusData, statusPublished, statusUpdated } from './status.contract.ts'
export type { Letter, LetterOutcome, StatusPorts } from './status.ports.ts'
