// The pure door of postmortems: due dates, sections, factors, publication, proof of actions.
export {
  type ActionKind,
  type ActionState,
  actionKinds,
  actionStates,
  isOverdue,
  judgeProof,
  nextActionStates,
  type ProofSignal,
  type ProofVerdict,
  type SignalSeen,
} from './action-proof.ts'
export { checkFactors, type Factor, type FactorFault, type FactorKind, factorKinds } from './factors.ts'
export { type HintKind, type LanguageHint, languageHints } from './language-hints.ts'
export { citation, citedIn, type LiveBlock, type LiveLine, liveBlocks, readLiveLine } from './live-blocks.ts'
export {
  canonicalJson,
  decidePublication,
  nextStatuses,
  type PostmortemStatus,
  type PublicationDecision,
  postmortemStatuses,
} from './publication.ts'
export { type DraftSource, draftSections, type SectionKey, sectionKeys, sectionTitles } from './sections.ts'
export { type Splice, spliceBetween } from './splice.ts'
export { addWorkingDays, isWorkingDay } from './working-days.ts'
