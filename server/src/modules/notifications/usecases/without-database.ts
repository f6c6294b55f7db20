// What a process needs of this room while the database is away: how people are reached, what a page consists of, how
// it is sent; and afterwards the record of what was sent, with its true times.
import { automation } from '../../../kernel/actor.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { nameMessages, setRef } from '../channels.store.ts'
import { listContactRows } from '../contacts.store.ts'
import { type Delivery, deliveryKey, planDeliveries } from '../core/index.ts'
import {
  type AttemptRow,
  type DeliveryRow,
  insertDelivery,
  isToPerson,
  lockDelivery,
  recordAttempt,
  saveDelivery,
} from '../deliveries.store.ts'
import { pageContentOf } from '../message-content.store.ts'
import { deliveryCancelled, deliveryFailed, deliverySent } from '../notifications.contract.ts'
import type { ChannelOutcome, NotificationPorts } from '../notifications.ports.ts'
import { insertNotice } from '../page-notices.store.ts'
import { composePage } from './compose-message.ts'
import { jobOf } from './delivery-jobs.ts'
import { answerTokenOf, handleOf } from './message-handle.ts'
import type { PageOrder } from './plan-page.ts'
import { addressContext, catalogContact, loadReach, type Reach } from './reach.ts'
import { dataOf, linksOf } from './record-outcome.ts'

/** How a person is reached, with what is needed to send: addresses stay sealed until a message leaves. */
export interface Reachable extends Reach {
  readonly email: string | null
  readonly sealed: Readonly<Record<string, string>>
}

export async function loadReachable(
  queries: Queries,
  ports: Pick<NotificationPorts, 'people'>,
  people: readonly string[],
): Promise<readonly Reachable[]> {
  const reach = await loadReach(queries, ports, people)
  const described = await ports.people.describe(queries, people)
  const rows = await listContactRows(queries, people)
  return [...reach.values()].map((each) => ({
    ...each,
    email: described.get(each.person)?.email ?? null,
    sealed: Object.fromEntries(
      rows
        .filter((row) => row.person === each.person && row.disabledAt === null)
        .map((row) => [row.id, row.address] as const),
    ),
  }))
}

/** Null when the contact is unknown. */
export function openAddress(ports: Pick<NotificationPorts, 'open'>, of: Reachable, contact: string): string | null {
  if (contact === catalogContact) return of.email
  const sealed = of.sealed[contact]
  return sealed === undefined ? null : ports.open(sealed, addressContext(contact))
}

/** The messages of one page, each with the key the database would have given it. */
export function pageMessages(order: PageOrder, reach: Reach, now: Instant): readonly DeliveryRow[] {
  const { deliveries: plan } = planDeliveries(reach.rules, reach.contacts, order.urgency, now)
  const content = { facts: { ...order.facts }, severity: order.severity, again: order.again }
  return plan.map(({ order: place, at, contact, kind, because }) => ({
    key: deliveryKey({ page: order.pageId, step: order.step, person: reach.person, order: place, contact }),
    purpose: 'page',
    pageId: order.pageId,
    alertId: order.alertId,
    service: order.facts.service,
    step: order.step,
    order: place,
    person: reach.person,
    webhook: null,
    contact,
    kind,
    urgency: order.urgency,
    because,
    content,
    zone: reach.zone,
    plan,
    phase: 'pending',
    dueAt: at,
    endedAt: null,
    endedBecause: null,
    receipt: null,
    attempts: 0,
    firstAttemptAt: null,
    copies: 0,
    stopped: null,
    createdAt: now,
  }))
}

/** Sends one page of this row; answers what became of it and does not throw for what the other side does. */
export async function sendPageApart(
  needs: Pick<Needs, 'log'>,
  ports: NotificationPorts,
  row: DeliveryRow,
  how: {
    readonly address: string | null
    readonly at: Instant
    readonly attempt: number
    readonly beforeWrite: () => Promise<void>
  },
): Promise<ChannelOutcome> {
  const channel = ports.channels[row.kind]
  if (how.address === null) return { kind: 'rejected', because: 'The contact was removed or is disabled.' }
  if (channel === undefined) return { kind: 'rejected', because: `This installation has no ${row.kind} channel.` }
  const composed = composePage(ports, row, pageContentOf(row), how.at)
  const handle = handleOf(row.key)
  try {
    return await channel.send({
      address: how.address,
      message: composed.message,
      key: row.key,
      attempt: how.attempt,
      handle,
      answerToken: answerTokenOf(ports, handle),
      urgency: row.urgency,
      ackUrl: composed.ackUrl,
      openUrl: composed.openUrl,
      at: how.at,
      about: composed.about,
      signal: AbortSignal.timeout(attemptMs),
      beforeWrite: how.beforeWrite,
    })
  } catch (error) {
    needs.log.error('A channel failed unexpectedly.', { channel: row.kind, delivery: row.key, error })
    return { kind: 'lost', because: 'The channel failed unexpectedly.' }
  }
}

/** One attempt, connection and answer: as long as any other page. */
const attemptMs = 8_000

/** What was done with one message while the database was away. */
export interface SentApart {
  readonly row: DeliveryRow
  /** As it stands now. */
  readonly delivery: Delivery
  readonly attempts: readonly (Omit<AttemptRow, 'key'> & {
    readonly ref?: ChannelOutcome
    /** False when it is known that no byte of it has left; null when nothing is. */
    readonly written: boolean | null
  })[]
}

/** Writes it down: the message, its attempts with their true times, and what is still to be done with it. Idempotent. */
export async function recordSentApart(tx: Tx, needs: Needs, sent: SentApart): Promise<void> {
  const { row, delivery } = sent
  const { severity } = row.content
  if (
    isToPerson(row) &&
    row.alertId !== null &&
    (severity === 'critical' || severity === 'warning' || severity === 'info')
  )
    await insertNotice(tx, {
      pageId: row.pageId,
      alertId: row.alertId,
      person: row.person,
      severity,
      facts: pageContentOf(row).facts,
      bundleId: null,
    })
  await insertDelivery(tx, { ...row, dueAt: row.dueAt ?? row.createdAt })
  const known = await lockDelivery(tx, row.key)
  if (known === null) return
  let fresh = false
  for (const attempt of sent.attempts) {
    fresh = (await recordAttempt(tx, row.key, attempt)) || fresh
    if (attempt.ref?.kind === 'accepted' && attempt.ref.ref !== undefined) await setRef(tx, row.key, attempt.ref.ref)
  }
  if (isToPerson(row) && sent.attempts.length > 0)
    nameMessages(tx, [{ handle: handleOf(row.key), key: row.key, contact: row.contact }])
  // Another process may have sent it too; that it arrived is the truth, whoever sent it.
  if (
    known.phase === 'sent' ||
    (known.phase !== 'pending' && known.phase !== 'sending' && delivery.phase.kind !== 'sent')
  )
    return
  const { phase } = delivery
  // The database has gone on from there: this was written down before, by a landing that was cut off.
  if (known.attempts > delivery.attempts && (phase.kind === 'pending' || phase.kind === 'sending')) return
  const stopped = known.stopped ?? delivery.stopped
  await saveDelivery(tx, { ...delivery, stopped })
  if (phase.kind === 'pending' || phase.kind === 'sending') {
    const dueAt = phase.kind === 'pending' ? phase.dueAt : phase.leaseUntil
    return addWork(tx, jobOf(row), { key: row.key }, { key: row.key, dueAt })
  }
  await cancelWork(tx, jobOf(row), row.key)
  if (!fresh && phase.kind !== 'cancelled') return
  const event = phase.kind === 'sent' ? deliverySent : phase.kind === 'cancelled' ? deliveryCancelled : deliveryFailed
  const what = phase.kind === 'sent' ? 'The channel accepted it' : phase.because
  const because = `${what.replace(/\.$/, '')}, at ${formatInstant(phase.at)} while the database was away.`
  await needs.journal.publish(tx, event, {
    actor: automation('lifeboat'),
    subject: { kind: 'delivery', id: row.key },
    links: linksOf(row, row.alertId === null ? [] : [row.alertId]),
    reason: because,
    data: dataOf(row, delivery.attempts, because),
  })
}
