// Messages that are no pages: it is over, you are on call, is this channel alive.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { compareContacts, type EndedPage, endedSentence } from '../core/index.ts'
import { insertDelivery, listReached, type NewDeliveryRow } from '../deliveries.store.ts'
import type { ReminderFacts, ShiftFacts } from '../message-content.store.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { jobOf } from './delivery-jobs.ts'
import { queueForWebhook } from './page-webhooks.ts'
import { reachOf } from './reach.ts'
import { queueUpdates } from './update-messages.ts'

type Notice = Omit<NewDeliveryRow, 'webhook' | 'person' | 'key' | 'step' | 'order' | 'urgency' | 'plan' | 'dueAt'> & {
  readonly person: string
}

/** Tells every contact and webhook that heard of the alert that it is over, once. */
export async function notifyEnded(tx: Tx, alertId: string, ended: EndedPage): Promise<number> {
  const reached = await listReached(tx, alertId)
  await queueUpdates(tx, { alertId }, endedSentence(ended))
  for (const { person, webhook, contact, kind, zone } of reached) {
    const because = 'it was told of this alert'
    const service = ended.service
    const content = { ended: { ...ended } }
    const notice = { purpose: 'ended', pageId: alertId, alertId, service, because, content } as const
    if (webhook !== null) await queueForWebhook(tx, ['webhook-ended', alertId, webhook], { ...notice, webhook })
    if (person === null) continue
    await queue(tx, ['ended', alertId, person, contact], { ...notice, person, contact, kind, zone })
  }
  return reached.length
}

/** `shift` names the occasion: the same hand-over is told once however often it is asked for. */
export async function notifyOnCall(
  tx: Tx,
  needs: Pick<Needs, 'newId'>,
  ports: NotificationPorts,
  order: { readonly shift: string; readonly person: string; readonly facts: ShiftFacts },
): Promise<boolean> {
  const { contacts, zone } = await reachOf(tx, ports, order.person)
  const [first] = contacts.filter((each) => each.verified).sort(compareContacts)
  if (first === undefined) return false
  return queue(tx, ['on-call', order.shift, order.person], {
    purpose: 'on-call',
    pageId: needs.newId(),
    alertId: null,
    service: null,
    person: order.person,
    contact: first.id,
    kind: first.kind,
    zone,
    because: order.facts.because,
    content: { shift: { ...order.facts } },
  })
}

/** `occasion` names it: the same reminder is sent once however often it is asked for. False without a working contact. */
export async function notifyReminder(
  tx: Tx,
  needs: Pick<Needs, 'newId'>,
  ports: NotificationPorts,
  order: {
    readonly occasion: string
    readonly person: string
    readonly because: string
    readonly facts: ReminderFacts
  },
): Promise<boolean> {
  const { contacts, zone } = await reachOf(tx, ports, order.person)
  const [first] = contacts.filter((each) => each.verified).sort(compareContacts)
  if (first === undefined) return false
  return queue(tx, ['reminder', order.occasion, order.person], {
    purpose: 'reminder',
    pageId: needs.newId(),
    alertId: null,
    service: null,
    person: order.person,
    contact: first.id,
    kind: first.kind,
    zone,
    because: order.because,
    content: { reminder: { ...order.facts } },
  })
}

/** Answers whether it is new. */
export async function queue(tx: Tx, parts: readonly string[], notice: Notice): Promise<boolean> {
  const key = parts.map(encodeURIComponent).join(':')
  const dueAt = await tx.now()
  const fresh = await insertDelivery(tx, {
    ...{ ...notice, webhook: null, key, step: 0, order: 1 },
    ...{ urgency: 'low', plan: [], dueAt },
  })
  if (fresh) await addWork(tx, jobOf({ ...notice, webhook: null }), { key }, { key, dueAt })
  return fresh
}
