// What an attempt leads to: the row, the journal, the next attempt, the next channel.
import { automation } from '../../../kernel/actor.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { setRef } from '../channels.store.ts'
import { disableContact } from '../contacts.store.ts'
import {
  type DeliveryEvent,
  type DeliveryMove,
  deliveryKey,
  failOver,
  fallsThroughUnseen,
  moveDelivery,
  unseenAfterMs,
} from '../core/index.ts'
import {
  type DeliveryRow,
  endAttempt,
  insertDelivery,
  isToPerson,
  listOfPage,
  lockDelivery,
  saveDelivery,
  type ToPerson,
  toDelivery,
} from '../deliveries.store.ts'
import {
  checkSeen,
  contactDisabled,
  type DeliveryData,
  deliveryCancelled,
  deliveryFailed,
  deliveryRetried,
  deliverySent,
  personMissed,
} from '../notifications.contract.ts'
import type { ChannelOutcome, NotificationPorts } from '../notifications.ports.ts'
import { jobOf } from './delivery-jobs.ts'
import { catalogContact, reachOf } from './reach.ts'

export const actor = automation('notifications.deliver')

/** What an attempt came to; `unsent` when our own side failed before a byte left, which says nothing about the channel. */
export type Outcome = ChannelOutcome | { readonly kind: 'unsent'; readonly because: string }

export interface Told {
  readonly row: DeliveryRow
  readonly alerts: readonly string[]
}

export async function recordOutcome(
  tx: Tx,
  needs: Needs,
  ports: NotificationPorts,
  attempted: { readonly row: DeliveryRow; readonly attempt: number; readonly composed: { alerts: readonly string[] } },
  outcome: Outcome,
): Promise<void> {
  const { key } = attempted.row
  const row = await lockDelivery(tx, key)
  if (row === null) return
  const because = 'because' in outcome ? outcome.because : null
  const answer = outcome.kind === 'accepted' ? outcome.receipt : because
  await endAttempt(tx, key, attempted.attempt, outcome.kind === 'unsent' ? 'refused' : outcome.kind, because, answer)
  if (outcome.kind === 'accepted' && outcome.ref !== undefined) await setRef(tx, key, outcome.ref)
  if (outcome.kind === 'rejected' && outcome.gone === true) await disable(tx, needs, row, outcome.because)
  const mine = row.phase === 'sending' && row.attempts === attempted.attempt
  // Overtaken: only the news that it did arrive still matters, and only once: the answer to a commit may have been lost.
  if (!mine && (outcome.kind !== 'accepted' || row.phase === 'sent')) return
  const move = moveDelivery(toDelivery(row), eventOf(outcome), await tx.now())
  await recordMove(tx, needs, ports, { row, alerts: attempted.composed.alerts }, move)
}

function eventOf(outcome: Outcome): DeliveryEvent {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', receipt: outcome.receipt }
    case 'refused': {
      const { because, retryAfterMs } = outcome
      return { kind: 'refused', because, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
    }
    case 'rejected':
    case 'lost':
    case 'unsent':
      return { kind: outcome.kind, because: outcome.because }
  }
}

/** Saves a move with everything that follows from it. */
export async function recordMove(
  tx: Tx,
  needs: Needs,
  ports: NotificationPorts,
  told: Told,
  move: DeliveryMove,
): Promise<void> {
  const { row } = told
  const { phase } = move.delivery
  await saveDelivery(tx, move.delivery)
  const job = jobOf(row)
  if (phase.kind === 'pending') await addWork(tx, job, { key: row.key }, { key: row.key, dueAt: phase.dueAt })
  if (phase.kind === 'sent' && fallsThroughUnseen(row))
    await addWork(tx, checkSeen, { key: row.key }, { key: row.key, dueAt: plus(phase.at, unseenAfterMs) })
  if (phase.kind !== 'pending' && phase.kind !== 'sending') await cancelWork(tx, job, row.key)
  const event = {
    pending: deliveryRetried,
    sending: null,
    sent: deliverySent,
    failed: deliveryFailed,
    unknown: deliveryFailed,
    cancelled: deliveryCancelled,
  }[phase.kind]
  if (event !== null) await needs.journal.publish(tx, event, entryOf(told, move))
  for (const effect of move.effects) {
    // A webhook has no other channel, and that it was not reached leaves nobody untold.
    if (effect.kind === 'next-channel' && isToPerson(row) && (row.purpose === 'page' || row.purpose === 'bundle'))
      await nextChannel(tx, needs, ports, { row, alerts: told.alerts }, effect.because)
  }
}

function entryOf({ row, alerts }: Told, { delivery, reason }: DeliveryMove) {
  return {
    actor,
    subject: { kind: 'delivery', id: row.key },
    links: linksOf(row, alerts),
    reason,
    data: dataOf(row, delivery.attempts, reason),
  }
}

/** What every entry about a message says of it. */
export function dataOf(row: DeliveryRow, attempt: number, because: string): DeliveryData {
  const { key, purpose, person, webhook, contact, kind: channel } = row
  return { key, purpose, person, webhook, contact, channel, attempt, because }
}

export function linksOf(row: DeliveryRow, alerts: readonly string[]) {
  return [
    ...alerts.map((id) => ({ kind: 'alert', id })),
    { kind: 'page', id: row.pageId },
    ...(row.person === null ? [] : [{ kind: 'person', id: row.person }]),
    ...(row.webhook === null ? [] : [{ kind: 'webhook', id: row.webhook }]),
    ...(row.service === null ? [] : [{ kind: 'service', id: row.service }]),
  ]
}

/** The plan's next contact is brought forward, else any other verified one is tried. */
export async function nextChannel(
  tx: Tx,
  needs: Needs,
  ports: NotificationPorts,
  { row, alerts }: Told & { readonly row: ToPerson },
  because: string,
  after: 'failed' | 'unheard' = 'failed',
): Promise<void> {
  const now = await tx.now()
  const siblings = await listOfPage(tx, row.pageId, row.person)
  const reach = await reachOf(tx, ports, row.person)
  const usable = new Set(reach.contacts.filter((each) => each.verified).map((each) => each.id))
  const tried = new Set([
    ...siblings.filter((each) => each.phase !== 'pending' && each.phase !== 'cancelled').map((each) => each.contact),
    ...row.plan.map((each) => each.contact).filter((contact) => !usable.has(contact)),
  ])
  const next = failOver({ deliveries: row.plan, findings: [] }, reach.contacts, tried, now)
  if (next === null) {
    // Another contact may have heard it: only silence everywhere is a missed person.
    const heard = siblings.some((each) => ['sent', 'unknown', 'sending'].includes(each.phase) && each.key !== row.key)
    // It was taken, only perhaps not heard: the person has no other contact, and is not missed by that.
    if (heard || after === 'unheard') return
    for (const alert of alerts) {
      await needs.journal.publish(tx, personMissed, {
        actor,
        subject: { kind: 'page', id: row.pageId },
        links: linksOf(row, [alert]),
        reason: because,
        data: { person: row.person, page: row.pageId, alert, because },
      })
    }
    return
  }
  const waiting = siblings.find((each) => each.phase === 'pending' && each.contact === next.contact)
  if (waiting !== undefined) {
    if (waiting.dueAt !== null && waiting.dueAt <= now) return
    const delivery = toDelivery(waiting)
    await saveDelivery(tx, { ...delivery, phase: { kind: 'pending', dueAt: now } })
    await addWork(tx, jobOf(waiting), { key: waiting.key }, { key: waiting.key, dueAt: now })
    return
  }
  const { order, contact, kind } = next
  const place = { page: row.pageId, step: row.step, person: row.person, order, contact }
  const fresh = { ...row, key: deliveryKey(place), order, contact, kind, because: next.because, dueAt: plus(now, 0) }
  if (await insertDelivery(tx, fresh)) {
    await addWork(tx, jobOf(fresh), { key: fresh.key }, { key: fresh.key, dueAt: now })
  }
}

async function disable(tx: Tx, needs: Needs, row: DeliveryRow, because: string): Promise<void> {
  if (!isToPerson(row) || row.contact === catalogContact || !(await disableContact(tx, row.contact, because))) return
  await needs.journal.publish(tx, contactDisabled, {
    actor,
    subject: { kind: 'person', id: row.person },
    links: [{ kind: 'contact', id: row.contact }],
    reason: because,
    data: { person: row.person, channel: row.kind, label: row.contact },
  })
}
