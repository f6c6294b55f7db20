// The working door of notifications.

export {
  type DeliveryRow,
  isToPerson,
  listDeliveryRows,
  listOpenPages,
  type ToPerson,
  toDelivery,
} from './deliveries.store.ts'
export type { ShiftFacts } from './message-content.store.ts'
export { type PersonMissedData, personMissed } from './notifications.contract.ts'
export type {
  AnsweringPorts,
  Channel,
  ChannelOutcome,
  LinkSubject,
  NotificationPorts,
  Outgoing,
  People,
  PersonDescription,
  Watch,
} from './notifications.ports.ts'
export { createNotifier, type MessageSeen, type Notifier } from './notifier.ts'
export { answerMessage, findPeopleAt } from './usecases/answer-message.ts'
export { readConnection } from './usecases/connections.ts'
export { openAnswerToken } from './usecases/message-handle.ts'
export { type WebhookPageOrder, webhookMessage } from './usecases/page-webhooks.ts'
export type { PageOrder, PagePlan } from './usecases/plan-page.ts'
export { loadPushKeys, type PushKeys } from './usecases/push-keys.ts'
export type { Reach } from './usecases/reach.ts'
export { recordNothingLeft } from './usecases/record-nothing-left.ts'
export { addressOfWebhook } from './usecases/webhook-address.ts'
export {
  loadReachable,
  openAddress,
  pageMessages,
  type Reachable,
  recordSentApart,
  type SentApart,
  sendPageApart,
} from './usecases/without-database.ts'
export { listKnownWebhooks, listWebhookRows, type WebhookRow } from './webhooks.store.ts'
