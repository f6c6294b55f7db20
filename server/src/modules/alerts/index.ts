// The working door of alerts.

export type { AlertData, AlertEndedData, AlertTakenData } from './alert-data.ts'
export { listAlertKindsOf } from './alert-kinds.store.ts'
export {
  actOnAlerts,
  alertAcknowledged,
  alertEndedEvents,
  alertHeard,
  alertOpened,
  alertRaised,
} from './alerts.contract.ts'
export type {
  AlertsPorts,
  Companion,
  KnownTicket,
  KnownTickets,
  PageSeen,
  PageTold,
  Paging,
  Refuge,
} from './alerts.ports.ts'
export {
  type AlertRow,
  countOpen,
  findAlert,
  findOpenByKey,
  hasOpenAlert,
  linkIncidents,
  listAlertsOfIncidents,
  listIncidentsOf,
  lockAlerts,
} from './alerts.store.ts'
export { type AlertFilter, listAlertRows } from './alerts-list.store.ts'
export { leaveIncidents, listStandings } from './alerts-retention.store.ts'
export type { Standing } from './core/index.ts'
export { namesOfPlan } from './episode-names.ts'
export { listOpenKeys, tidyOrphans } from './intake-keys.store.ts'
export { identityOf } from './leases.store.ts'
export { listOrphans } from './orphans.store.ts'
export { listMembers } from './page-groups.store.ts'
export { listCurrentSilences } from './silences.store.ts'
export { listUnanswered, type UnansweredGroup } from './unanswered.store.ts'
export { acknowledgeAlert } from './usecases/acknowledge-alerts.ts'
export { type AlertsPlan, loadAlertsPlan } from './usecases/alerts-plan.ts'
export { endSilencesWith, type Occasion } from './usecases/end-silences.ts'
export { heldUntil } from './usecases/held-until.ts'
export type { Intake } from './usecases/intake.ts'
export { rateAlert } from './usecases/rate-alert.ts'
export { receiveInTransaction, receivePast, receiveSignals } from './usecases/receive-signals.ts'
export { followMerge } from './usecases/silence-alerts.ts'
export { intakeNow, orAboard, type Taken, takeIn } from './usecases/take-in.ts'
export { toldElsewhere } from './usecases/told-elsewhere.ts'
export { untilTold } from './usecases/until-told.ts'
