// The pure door of postmortems: due dates, sections, factors, publication, proof of actions.

export {
  type ActionPriority,
  type ActionSize,
  actionSizes,
  ageingOf,
  mostRepeats,
  priorityOf,
  type RiskFacts,
  repeatsWithinMs,
  sizeHours,
} from './action-priority.ts'
export {
  type ActionKind,
  type ActionState,
  actionKinds,
  actionStates,
  type DrillHeld,
  isOverdue,
  judgeDrills,
  judgeProof,
  nextActionStates,
  type ProofSignal,
  type ProofVerdict,
  type ReadinessCheck,
  readinessChecks,
  type SignalSeen,
} from './action-proof.ts'
export { type Compliance, complianceOf, type DueRecord } from './compliance.ts'
export { checkFactors, type Factor, type FactorFault, type FactorKind, factorKinds } from './factors.ts'
export { type HintKind, type LanguageHint, languageHints } from './language-hints.ts'
export { type EscalationRule, firstLook, type Look, lookAtDue, workingDayBefore } from './lateness.ts'
export { citation, citedIn, type LiveBlock, type LiveLine, liveBlocks, readLiveLine } from './live-blocks.ts'
export { type Block, type Inline, readMarkdown } from './markdown.ts'
export { type PostmortemPolicy, type ReviewRule, readPostmortemPolicy, ruleFor } from './policy.ts'
export {
  composePublic,
  type PublicChoices,
  type PublicCopy,
  type PublicPart,
  type PublicSource,
  publicParts,
  usualChoices,
} from './public-copy.ts'
export {
  canonicalJson,
  decidePublication,
  nextStatuses,
  type PostmortemStatus,
  type PublicationDecision,
  postmortemStatuses,
} from './publication.ts'
export { type PersonNamed, somebody } from './redaction.ts'
export {
  judgeReview,
  type ReviewDecision,
  type Reviewer,
  type ReviewStanding,
  reviewDecisions,
  stateOfReviewer,
} from './review.ts'
export {
  type DraftSource,
  draftSections,
  longestSection,
  type SectionKey,
  sectionKeys,
  sectionTitles,
} from './sections.ts'
export { type Splice, spliceBetween } from './splice.ts'
export {
  addWorkingDays,
  holidaysBetween,
  isWorkingDay,
  nextWorkingTime,
  utcDays,
  type WorkDays,
} from './working-days.ts'
