// The door of egress. Nothing else in this program opens a connection to somebody else.

export {
  type DeliveryVerdict,
  delayBefore,
  judgeDelivery,
  pageDelaysMs,
  readRetryAfter,
  webhookDelaysMs,
} from './delivery-schedule.ts'
export type { SeenCertificate } from './dial.ts'
export {
  createEgress,
  defaultReplyBytes,
  defaultTimeouts,
  type Egress,
  type EgressOptions,
  type EgressRecord,
  mayHaveArrived,
  type SocketRequest,
} from './egress.ts'
export type { EgressRequest, Timeouts } from './egress-request.ts'
export type { Reply } from './exchange.ts'
export type { FetchLimits } from './fetch.ts'
export {
  type AllowedTarget,
  type EgressPolicy,
  type Protected,
  policyFaults,
  type Resolve,
  type Scheme,
  schemes,
  type TlsPolicy,
} from './policy.ts'
export { redactUrl } from './target.ts'
export { type OpenSocket, openWebSocket, type SocketEvents } from './web-socket.ts'
export {
  generateWebhookSecret,
  type IncomingWebhook,
  isWebhookSecret,
  type OutgoingWebhook,
  signWebhook,
  verifyWebhook,
  type WebhookHeaders,
  type WebhookVerdict,
  webhookToleranceMs,
} from './webhook-signature.ts'
