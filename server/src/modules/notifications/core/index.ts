// The pure door of notifications: personal rules, deliveries, bundling, texts.
export {
  type BundlingLimits,
  type BundlingVerdict,
  defaultBundling,
  isWorse,
  judgeBundling,
  type RecentMessage,
} from './bundling.ts'
export { type CatchUp, decideCatchUp, isLate, type LatePage, lateMs } from './catch-up.ts'
export { clockTime, inWords } from './clock-words.ts'
export {
  type ConnectionKind,
  type Contact,
  type ContactKind,
  carriedBy,
  compareContacts,
  connectionKinds,
  contactKinds,
} from './contact.ts'
export { type AddressOrder, type AddressVerdict, readContactAddress, topicOf } from './contact-address.ts'
export {
  attemptOffsetsMs,
  type Delivery,
  type DeliveryEffect,
  type DeliveryEvent,
  type DeliveryMove,
  type DeliveryPhase,
  type DeliveryPlace,
  deliveryDueAt,
  deliveryKey,
  moveDelivery,
  newDelivery,
  takenOverAt,
} from './delivery.ts'
export { fallsThroughUnseen, unseenAfterMs } from './fall-through.ts'
export { freshMs, mayBeat, syntheticEveryMs } from './heartbeat.ts'
export { compareQueued, type Lane, lanes, type Queued } from './lanes.ts'
export { acknowledgeLink, type Message, oneLine } from './message.ts'
export { type FactLine, factLines } from './message-facts.ts'
export {
  type BundledPage,
  bundleMessage,
  changedMessage,
  type EndedPage,
  endedMessage,
  endedSentence,
  onCallMessage,
  type PageFacts,
  pageAgainMessage,
  pageMessage,
  type Reader,
  reminderMessage,
  testMessage,
  verifyMessage,
} from './page-message.ts'
export {
  canBePaged,
  checkPersonalRules,
  type DeliveryPlan,
  type Finding,
  failOver,
  noRules,
  type PersonalRules,
  type PersonalStep,
  type PlannedDelivery,
  planDeliveries,
} from './personal-rules.ts'
export { judgeProvider, type ProviderReply, type Refusal } from './provider-answer.ts'
