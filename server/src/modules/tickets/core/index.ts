// The pure door of tickets.
export { type Agreement, decideAgreement, type Sides } from './agreement.ts'
export { awayForMs, lookAgainMs, lookForMs } from './tending.ts'
export { draftOf, longestTitle, markOf, type TicketDraft, type TicketSubject } from './ticket-draft.ts'
export {
  mappingFaults,
  mappingOf,
  readState,
  type Speech,
  type StateMapping,
  type SubjectKind,
  sayable,
  subjectKinds,
  type TicketState,
  ticketStates,
  type Vocabulary,
  vocabularyOf,
} from './ticket-state.ts'
