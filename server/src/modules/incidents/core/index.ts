// The pure door of incidents: severity, lifecycle, roles, measures, the wording of the timeline.

export { type BackfilledTimes, decideBackfill } from './backfill.ts'
export { correlationRules, type Placement, type Problem, placeSymptom } from './correlation.ts'
export { servicesSeenBy } from './customer-services.ts'
export type { Measured, MeasuredSeries, Sample } from './deviation.ts'
export {
  defaultIncidentPolicy,
  type IncidentPolicy,
  readIncidentPolicy,
  type SeverityDefinition,
} from './incident-policy.ts'
export {
  type IncidentKind,
  type IncidentReader,
  incidentKinds,
  kindWords,
  mayReadIncident,
  readerFor,
  readersWith,
} from './incident-reader.ts'
export { hurtOf, joinCauses } from './joined-causes.ts'
export {
  endInWords,
  endOf,
  type LearntPair,
  learntForMs,
  learntWord,
  type PairEnd,
  type PairVerdict,
  pairInWords,
  pairOf,
  pairsBetween,
  pairVerdicts,
} from './learnt-pairs.ts'
export {
  decidePhase,
  decideSeverity,
  decideTime,
  type IncidentDecision,
  type IncidentPhase,
  type IncidentState,
  type IncidentTime,
  type IncidentTimes,
  incidentPhases,
  incidentTimes,
  isOpen,
  nextPhases,
} from './lifecycle.ts'
export { plainMarkdown, writeMarkdown } from './markdown.ts'
export { type Hurt, type MeasuredCause, type MeasuredQuestion, rankMeasured } from './measured-causes.ts'
export { measuredEvidence } from './measured-words.ts'
export { earlier, type HurtFacts, type MergedHurt, mergedHurt, unmergedHurt } from './merged-facts.ts'
export {
  type Impact,
  type ImpactSpan,
  type IncidentMeasures,
  impactByTier,
  impactOf,
  type Measure,
  type MeasuredTimes,
  type MeasureSummary,
  measuresOf,
  summarise,
} from './metrics.ts'
export { type Placeable, type PlacedLine, placeLines } from './placement.ts'
export { type ProbableCause, type RecentChange, rankCauses } from './probable-causes.ts'
export {
  isOwnProposal,
  outcomeOf,
  type ProposalDecision,
  type ProposalOutcome,
  type ProposalState,
  proposalOutcomes,
  refuseDecision,
  refuseWithdrawal,
  type Someone,
} from './proposal.ts'
export {
  type AroundIncident,
  type ChangeSeen,
  type PastIncident,
  type Ranked,
  rankChanges,
  rankSimilar,
  servicesBeneath,
} from './related.ts'
export {
  answerOffer,
  commanderVacancies,
  type Holding,
  holdersAt,
  type IncidentRole,
  incidentRoles,
  type OfferDecision,
  offerRole,
  type RoleDecision,
  type RoleOffer,
  releaseRole,
  roleInWords,
  roleNamed,
  takeRole,
} from './roles.ts'
export { type PlanTurn, planTurn, refuseNewEnd, refusePlan, refuseWentWrong, type WorkPlan } from './scheduled.ts'
export { type Call, graphOf, hubNeighbours, type ServiceGraph } from './service-graph.ts'
export {
  type AffectedService,
  type BurnClass,
  burnClasses,
  burnClassOf,
  defaultProposals,
  isMajor,
  manyJourneys,
  manyServices,
  type PeopleHurt,
  type ProposalTable,
  proposeSeverity,
  proposeWithPeople,
  type SeverityProposal,
} from './severity-proposal.ts'
export { type Spreading, spreadLimit, spreadTo } from './spread.ts'
export { blamedBy, type Symptom, signalKindOf } from './symptom.ts'
export { type TimelineFact, timelineEntry } from './timeline-entry.ts'
export { timelineTemplates } from './timeline-templates.ts'
export {
  type Addressee,
  changedFacts,
  draftText,
  type FactChange,
  type FactsSource,
  factsFor,
  factsOf,
  nextUpdateAt,
  peopleInWords,
  refuseAddressee,
  type UpdateAudience,
  type UpdateFacts,
  updateAudiences,
} from './updates.ts'
export {
  type Rota,
  rotaKinds,
  type Vacancy,
  type VacancyRule,
  type VacantIncident,
  vacanciesOf,
  vacancyMessage,
} from './vacancy.ts'
export {
  judgeMitigation,
  type MeasuredStep,
  type VerificationPlan,
  type VerificationVerdict,
} from './verification.ts'
export {
  decideItem,
  firstState,
  type ItemDecision,
  type ItemKind,
  type ItemState,
  isClosed,
  itemKinds,
  itemStates,
  nextStates,
} from './work-items.ts'
