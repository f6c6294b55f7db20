// The pure door of incidents: severity, lifecycle, roles, measures, the wording of the timeline.
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
  nextPhases,
} from './lifecycle.ts'
export {
  type Impact,
  type ImpactSpan,
  type IncidentMeasures,
  impactOf,
  type Measure,
  type MeasureSummary,
  measuresOf,
  summarise,
} from './metrics.ts'
export {
  commanderVacancies,
  type Holding,
  holdersAt,
  type IncidentRole,
  incidentRoles,
  type RoleDecision,
  releaseRole,
  roleInWords,
  takeRole,
} from './roles.ts'
export {
  type AffectedService,
  type BurnClass,
  burnClasses,
  burnClassOf,
  defaultProposals,
  isMajor,
  manyServices,
  type ProposalTable,
  proposeSeverity,
  type SeverityProposal,
} from './severity-proposal.ts'
export { type TimelineFact, timelineEntry } from './timeline-entry.ts'
export { timelineTemplates } from './timeline-templates.ts'
