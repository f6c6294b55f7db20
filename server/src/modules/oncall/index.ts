// The working door of oncall.

export type { CalendarEvent, CalendarFormat, CalendarRead, CalendarToWrite, EventRead } from './calendar.ports.ts'
export { createMessageLinks } from './message-links.ts'
export {
  type EscalationData,
  escalationExhausted,
  escalationResumed,
  type PageRequestedData,
  pageRequested,
  pageUnrouted,
  peopleReached,
} from './oncall.contract.ts'
export type { Aboard, HandOverFact, LinkAnswer, OncallPorts } from './oncall.ports.ts'
export {
  type AlertFacts,
  countPagesByService,
  type EscalationRow,
  findOfAlert,
  listPageRows,
  listPhases,
  listWaitingEscalations,
  type PageRow,
} from './oncall.store.ts'
export { escalationIdOf } from './page-id.ts'
export { createPager, type Pager } from './pager.ts'
export {
  adoptEscalation,
  adoptStep,
  directoryOfPlan,
  loadOncallPlan,
  type MadeApart,
  type OncallPlan,
  openApart,
  pagesOfStep,
  peopleOfPlan,
  type WebhookPageApart,
  webhooksOfStep,
} from './usecases/armed-plan.ts'
export { findGaps, type ScheduleGap } from './usecases/find-gaps.ts'
export { type KeptHolidays, loadKeptHolidays } from './usecases/holidays-of.ts'
export { loadSchedules } from './usecases/load-directory.ts'
export type { Opened, OpenOrder } from './usecases/open-escalation.ts'
export { simulatePaging } from './usecases/simulate-policy.ts'
