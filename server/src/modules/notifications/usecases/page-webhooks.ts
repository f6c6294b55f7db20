// What a webhook is told of an alert: the page, what became of it, its end. One message each with a stable key, through
// the same attempts as a message to a person; without personal rules and bundles, which are for people.
import type { Instant } from '../../../kernel/instant.ts'
import type { AlertSeverity, Urgency } from '../../../kernel/severity.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import type { PageFacts } from '../core/index.ts'
import {
  type DeliveryRow,
  insertDelivery,
  listReached,
  type NewDeliveryRow,
  planDelivery,
} from '../deliveries.store.ts'
import type { ChangeFacts } from '../message-content.store.ts'
import { deliverToWebhook } from '../notifications.contract.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { sendAtOnce } from './send-at-once.ts'

export interface WebhookPageOrder {
  readonly pageId: string
  readonly alertId: string
  /** Of the escalation: a later step is another page. */
  readonly step: number
  readonly webhook: string
  /** When it is due. */
  readonly at: Instant
  readonly urgency: Urgency
  readonly severity: AlertSeverity
  readonly facts: PageFacts
  /** Why it is told once more; null for the first time. */
  readonly again: string | null
}

const webhookKey = (order: Undated): string =>
  ['webhook', order.pageId, String(order.step), order.webhook].map(encodeURIComponent).join(':')

/** Plans the page and its job; the same page twice is one. */
export async function pageWebhook(
  tx: Tx,
  needs: Pick<Needs, 'log'>,
  ports: NotificationPorts,
  order: WebhookPageOrder,
): Promise<void> {
  const row = newRowOf(order, order.at)
  const { key, dueAt } = row
  const atOnce = await sendAtOnce(tx, needs, ports, row)
  planDelivery(tx, row, { job: deliverToWebhook, payload: { key }, when: { key, dueAt, atOnce } })
}

type Undated = Omit<WebhookPageOrder, 'at'>

function newRowOf(order: Undated, dueAt: Instant): NewDeliveryRow {
  return {
    ...fixed,
    key: webhookKey(order),
    purpose: 'page',
    pageId: order.pageId,
    alertId: order.alertId,
    service: order.facts.service,
    step: order.step,
    webhook: order.webhook,
    contact: order.webhook,
    urgency: order.urgency,
    because: order.facts.because,
    content: { facts: { ...order.facts }, severity: order.severity, again: order.again },
    dueAt,
  }
}

/** The same page as a row of its own, for a process that cannot ask the database. */
export function webhookMessage(order: Undated, now: Instant): DeliveryRow {
  return {
    ...newRowOf(order, now),
    ...{ phase: 'pending', dueAt: now, endedAt: null, endedBecause: null, receipt: null, attempts: 0 },
    ...{ firstAttemptAt: null, copies: 0, stopped: null, createdAt: now },
  }
}

// A machine has no zone, no rules and one address.
const fixed = { person: null, kind: 'webhook', zone: 'UTC', plan: [], order: 1 } as const

type Notice = Pick<NewDeliveryRow, 'purpose' | 'pageId' | 'alertId' | 'service' | 'because' | 'content'> & {
  readonly webhook: string
}

/** Answers the key, new or not. */
export async function queueForWebhook(tx: Tx, parts: readonly string[], notice: Notice): Promise<string> {
  const key = parts.map(encodeURIComponent).join(':')
  const dueAt = await tx.now()
  const row = { ...fixed, ...notice, key, contact: notice.webhook, step: 0, urgency: 'low', dueAt } as const
  if (await insertDelivery(tx, row)) await addWork(tx, deliverToWebhook, { key }, { key, dueAt })
  return key
}

export interface WebhookChange {
  readonly alertId: string
  /** Names this change among those of the alert. */
  readonly occasion: string
  readonly facts: ChangeFacts
}

/** Every webhook that was told of the alert hears what became of it. */
export async function tellWebhooks(tx: Tx, { alertId, occasion, facts }: WebhookChange): Promise<void> {
  for (const { webhook } of await listReached(tx, alertId)) {
    if (webhook === null) continue
    await queueForWebhook(tx, ['changed', alertId, occasion, webhook], {
      purpose: 'changed',
      pageId: alertId,
      alertId,
      service: facts.service,
      webhook,
      because: facts.sentence,
      content: { change: { ...facts } },
    })
  }
}
