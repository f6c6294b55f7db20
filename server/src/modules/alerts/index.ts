// The working door of alerts.
export type { AlertData, AlertEndedData, AlertTakenData } from './alert-data.ts'
export {
  actOnAlerts,
  alertAcknowledged,
  alertEndedEvents,
  alertHeard,
  alertOpened,
  alertRaised,
} from './alerts.contract.ts'
export type { AlertsPorts, PageSeen, Paging, Refuge } from './alerts.ports.ts'
export {
  type AlertFilter,
  type AlertRow,
  countOpen,
  findAlert,
  findOpenByKey,
  linkIncidents,
  listAlertRows,
  listAlertsOfIncidents,
  listIncidentsOf,
  listOrphans,
  lockAlerts,
} from './alerts.store.ts'
export { leaveIncidents, listStandings } from './alerts-retention.store.ts'
export type { Standing } from './core/index.ts'
export { listOpenKeys, tidyOrphans } from './intake-keys.store.ts'
export { listMembers } from './page-groups.store.ts'
export { listCurrentSilences } from './silences.store.ts'
export { type AlertsPlan, loadAlertsPlan } from './usecases/alerts-plan.ts'
export { acknowledgeAlert } from './usecases/answer-alert.ts'
export { endSilencesWith, type Occasion } from './usecases/end-silences.ts'
export { heldUntil } from './usecases/held-until.ts'
export { rateAlert } from './usecases/rate-alert.ts'
export { type Intake, receiveInTransaction, receiveSignals } from './usecases/receive-signals.ts'
export { intakeNow, orAboard, type Taken, takeIn } from './usecases/take-in.ts'
export { toldElsewhere } from './usecases/told-elsewhere.ts'
