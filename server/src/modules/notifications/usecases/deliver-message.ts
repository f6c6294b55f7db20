// One turn of a delivery: claim it in a transaction, send it outside of any, record what happened in another one.
// The delivery's own attempt number is the fence: who was overtaken records what is true and decides nothing.
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { keepTrying } from '../../../platform/database/keep-trying.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { nameMessages } from '../channels.store.ts'
import { findContact } from '../contacts.store.ts'
import { deliveryDueAt, moveDelivery, takenOverAt } from '../core/index.ts'
import {
  beginWriting,
  type DeliveryRow,
  endAttempt,
  isToPerson,
  lastKnownOf,
  lockDelivery,
  noteTaken,
  saveDelivery,
  startAttempt,
  toDelivery,
} from '../deliveries.store.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { catchUp } from './catch-up.ts'
import { type Composed, composeMessage } from './compose-message.ts'
import { jobOf } from './delivery-jobs.ts'
import { answerTokenOf, handleOf } from './message-handle.ts'
import { addressContext, catalogContact } from './reach.ts'
import { type Outcome, recordMove, recordOutcome } from './record-outcome.ts'
import { openWebhook } from './webhook-address.ts'

/** A dead process is noticed this long after its claim; attempts that take longer renew the job's own lease. */
export const leaseMs = 5_000
/** One attempt, connection and answer: a page cannot wait longer on one channel. */
const attemptMs = 8_000

export interface Claimed {
  readonly row: DeliveryRow
  readonly attempt: number
  readonly composed: Composed
  /** Null when the contact is gone. */
  readonly address: string | null
  readonly at: Awaited<ReturnType<Tx['now']>>
}

/** `born`: the transaction that planned it has claimed it, too. */
export async function deliverMessage(
  needs: Needs,
  ports: NotificationPorts,
  key: string,
  born: Claimed | null = null,
): Promise<void> {
  const claimed = born ?? (await needs.database.transaction((tx) => claim(tx, needs, ports, key)))
  if (claimed === null) return
  const outcome = await send(needs, ports, claimed)
  // What was learnt is known to this process alone: forgotten, the page would leave a second time.
  await keepTrying(async () => {
    // What else belongs to it is a transaction of many statements, and whoever dies in it would cost the person a second copy.
    if (outcome.kind === 'accepted' && outcome.ref === undefined)
      await noteTaken(needs.database, claimed.row.key, claimed.attempt, outcome.receipt)
    await needs.database.transaction((tx) => recordOutcome(tx, needs, ports, claimed, outcome))
  })
}

async function claim(tx: Tx, needs: Needs, ports: NotificationPorts, key: string): Promise<Claimed | null> {
  await catchUp(tx, needs, key)
  let row = await lockDelivery(tx, key)
  if (row === null) return null
  const job = jobOf(row)
  const now = await tx.now()
  const before = toDelivery(row)
  if (before.phase.kind === 'sending') {
    const { mayHaveLeft, taken } = await lastKnownOf(tx, key, row.attempts)
    const written = mayHaveLeft && taken === null
    const from = takenOverAt(before.phase.leaseUntil, written)
    // It still holds: another process is at it.
    if (now < from) return lookAgain(tx, row, from)
    const expired = moveDelivery(before, { kind: 'lease-expired', written }, now)
    const move = taken === null ? expired : moveDelivery(before, { kind: 'accepted', ...taken }, now)
    if (taken === null) await endAttempt(tx, key, row.attempts, written ? 'lost' : 'refused', move.reason)
    await recordMove(tx, needs, ports, { row, alerts: row.alertId === null ? [] : [row.alertId] }, move)
    row = await lockDelivery(tx, key)
    if (row === null || row.phase !== 'pending') return null
  }
  if (row.phase !== 'pending') {
    await cancelWork(tx, job, key)
    return null
  }
  const move = moveDelivery(toDelivery(row), { kind: 'claimed', leaseMs }, now)
  if (move.effects.length === 0) return lookAgain(tx, row, deliveryDueAt(move.delivery))
  const composed = await composeMessage(tx, needs, ports, row, now)
  if (composed === null) {
    const because = 'Every page of the bundle was stopped.'
    const cancelled = moveDelivery(toDelivery(row), { kind: 'cancelled', because }, now)
    await recordMove(tx, needs, ports, { row, alerts: [] }, cancelled)
    return null
  }
  await saveDelivery(tx, move.delivery)
  await startAttempt(tx, key, move.delivery.attempts)
  if (isToPerson(row) && (row.purpose === 'page' || row.purpose === 'bundle'))
    nameMessages(tx, [{ handle: handleOf(key), key, contact: row.contact }])
  return { row, attempt: move.delivery.attempts, composed, address: await addressOf(tx, ports, row), at: now }
}

async function lookAgain(tx: Tx, row: DeliveryRow, dueAt: Instant | null): Promise<null> {
  if (dueAt !== null) await addWork(tx, jobOf(row), { key: row.key }, { key: row.key, dueAt })
  return null
}

/** Null when the contact or the webhook is gone. */
export async function addressOf(
  tx: Tx,
  ports: NotificationPorts,
  row: Pick<DeliveryRow, 'webhook' | 'person' | 'contact'>,
): Promise<string | null> {
  if (row.webhook !== null) return openWebhook(tx, ports, row.webhook)
  if (row.person === null) return null
  if (row.contact === catalogContact) {
    return (await ports.people.describe(tx, [row.person])).get(row.person)?.email ?? null
  }
  const contact = await findContact(tx, row.contact)
  if (contact === null || contact.person !== row.person || contact.disabledAt !== null) return null
  return ports.open(contact.address, addressContext(contact.id))
}

const goneOf = ({ webhook }: DeliveryRow): string =>
  webhook === null ? 'The contact was removed or is disabled.' : `There is no webhook ${webhook} any more.`

async function send(needs: Needs, ports: NotificationPorts, claimed: Claimed): Promise<Outcome> {
  const { row, composed, address, attempt } = claimed
  if (address === null) return { kind: 'rejected', because: goneOf(row) }
  let stopped: string | null = null
  let begun = false
  let inVain = false
  const unsent = (because: string): Outcome => ({ kind: inVain ? 'unsent' : 'refused', because })
  try {
    const channel = ports.channels[row.kind]
    if (channel === undefined) return { kind: 'rejected', because: `This installation has no ${row.kind} channel.` }
    const handle = handleOf(row.key)
    const outcome = await channel.send({
      address,
      message: composed.message,
      key: row.key,
      attempt,
      handle,
      answerToken: answerTokenOf(ports, handle),
      urgency: row.urgency,
      ackUrl: composed.ackUrl,
      openUrl: composed.openUrl,
      at: claimed.at,
      about: composed.about,
      signal: AbortSignal.timeout(attemptMs),
      // A database that does not answer stops the send too: the lease runs out and the same key goes again.
      beforeWrite: async () => {
        inVain = true
        stopped = await beginWriting(needs.database, row.key, attempt)
        inVain = false
        if (stopped !== null) throw new AppError('conflict', 'notifications.stopped', stopped)
        begun = true
      },
    })
    if (stopped !== null) return { kind: 'refused', because: stopped }
    // Whatever was lost, it was not the message: no byte of it had left.
    if (begun || (outcome.kind !== 'lost' && outcome.kind !== 'refused')) return outcome
    return inVain || outcome.kind === 'lost' ? unsent(outcome.because) : outcome
  } catch (error) {
    if (stopped !== null) return { kind: 'refused', because: stopped }
    // A channel that throws is a fault of ours. Whether bytes left is unknown, so it is told as such.
    needs.log.error('A channel failed unexpectedly.', { channel: row.kind, delivery: row.key, error })
    return begun
      ? { kind: 'lost', because: 'The channel failed unexpectedly.' }
      : unsent('The channel failed unexpectedly.')
  }
}
