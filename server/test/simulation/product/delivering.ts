// Mirrors notifications/usecases: deliver-message (the claim), catch-up, compose-message (who is told of what).
import type { Instant } from '../../../src/kernel/instant.ts'
import { deliveryDueAt, lateMs } from '../../../src/modules/notifications/core/index.ts'
import type { Tx } from './database.ts'
import { publish } from './journal.ts'
import { recordMove, saveDelivery } from './outcomes.ts'
import { insertDelivery, jobOf, reachOf } from './planning.ts'
import type { DeliveryRow } from './rows.ts'
import { addWork, cancelWork } from './work.ts'

export interface Claimed {
  readonly row: DeliveryRow
  readonly attempt: number
  readonly at: Instant
  readonly alerts: readonly string[]
  /** The contact is still there and works. */
  readonly reachable: boolean
}

export function claim(tx: Tx, key: string): Claimed | null {
  catchUp(tx, key)
  let row = tx.db.deliveries.get(key)
  if (row === null) return null
  const job = jobOf(row.purpose)
  if (row.delivery.phase.kind === 'sending') {
    const taken = row.taken === row.delivery.attempts
    const written = tx.rules.mayHaveLeft(row) && !taken
    const from = tx.rules.takenOverAt(row.delivery.phase.leaseUntil, written)
    if (tx.now < from) return again(tx, row, from)
    const event = taken ? ({ kind: 'accepted', receipt: null } as const) : ({ kind: 'lease-expired', written } as const)
    const move = tx.rules.moveDelivery(row.delivery, event, tx.now)
    if (move.delivery.phase.kind === 'sending') return again(tx, row, deliveryDueAt(move.delivery))
    recordMove(tx, { row, alerts: row.alertId === null ? [] : [row.alertId] }, move)
    row = tx.db.deliveries.get(key)
    if (row === null || row.delivery.phase.kind !== 'pending') return null
  }
  if (row.delivery.phase.kind !== 'pending') {
    cancelWork(tx, job, key)
    return null
  }
  const move = tx.rules.moveDelivery(row.delivery, { kind: 'claimed', leaseMs: tx.rules.deliveryLeaseMs }, tx.now)
  if (move.effects.length === 0) return again(tx, row, deliveryDueAt(move.delivery))
  const alerts = compose(tx, row)
  if (alerts === null) {
    const because = 'Every page of the bundle was stopped.'
    const cancelled = tx.rules.moveDelivery(row.delivery, { kind: 'cancelled', because }, tx.now)
    recordMove(tx, { row, alerts: [] }, cancelled)
    return null
  }
  saveDelivery(tx, key, move.delivery)
  const contact = reachOf(tx, row.person).contacts.find((each) => each.id === row.contact)
  return { row, attempt: move.delivery.attempts, at: tx.now, alerts, reachable: contact?.verified === true }
}

/** Right before the first byte: asked whether it may leave, and noted that it did. */
export function beginWriting(tx: Tx, key: string, attempt: number): string | null {
  const row = tx.db.deliveries.get(key)
  const why = tx.rules.whyNotSend(row, attempt)
  if (row === null || why !== null) return why
  if (tx.rules.notesWriting) tx.db.deliveries.put(key, { ...row, written: Math.max(row.written, attempt) })
  tx.note({ kind: 'may-leave', key, attempt })
  return null
}

/** Written down by itself, right after the provider's yes. */
export function noteTaken(tx: Tx, key: string, attempt: number): void {
  const row = tx.db.deliveries.get(key)
  if (row !== null) tx.db.deliveries.put(key, { ...row, taken: Math.max(row.taken, attempt) })
}

function again(tx: Tx, row: DeliveryRow, dueAt: Instant | null): null {
  if (dueAt !== null) addWork(tx, jobOf(row.purpose), row.key, row.key, { dueAt })
  return null
}

/** Null when there is nothing left to say. */
function compose(tx: Tx, row: DeliveryRow): readonly string[] | null {
  if (row.purpose !== 'bundle') return row.alertId === null ? [] : [row.alertId]
  const bundle = tx.db.bundles.get(row.pageId)
  if (bundle !== null) tx.db.bundles.put(bundle.id, { ...bundle, closed: true })
  const left = tx.db.notices.by('bundle', row.pageId).filter((each) => each.stopped === null)
  return left.length === 0 ? null : left.map((each) => each.alertId)
}

function catchUp(tx: Tx, key: string): void {
  const row = tx.db.deliveries.get(key)
  if (row === null || row.purpose !== 'page') return
  const { phase, attempts } = row.delivery
  if (phase.kind !== 'pending' || attempts > 0 || !tx.rules.isLate(phase.dueAt, tx.now)) return
  const late = latePages(tx, row.person, row.contact)
  const { superseded, together } = tx.rules.decideCatchUp(
    late.map((each) => ({
      key: each.key,
      pageId: each.pageId,
      order: each.order,
      dueAt: deliveryDueAt(each.delivery) ?? each.createdAt,
    })),
  )
  for (const each of late) if (superseded.includes(each.key)) cancelOne(tx, each, 'Only the last reminder is sent.')
  const [first] = late
  if (together.length === 0 || first === undefined) return
  const bundleId = tx.newId('bundle')
  const { person, urgency, contact, step, kind, severity } = first
  tx.db.bundles.put(bundleId, { id: bundleId, person, urgency, dueAt: tx.now, closed: false })
  for (const each of late) {
    if (!together.includes(each.key)) continue
    const notice = tx.db.notices.get(each.pageId)
    if (notice !== null) tx.db.notices.put(each.pageId, { ...notice, bundleId })
    cancelOne(tx, each, 'They come as one message.')
  }
  const order = 1
  const place = { purpose: 'bundle', pageId: bundleId, alertId: null, step, order, plan: [] } as const
  const bundleKey = tx.rules.deliveryKey({ page: bundleId, step, person, order, contact })
  insertDelivery(tx, { ...place, key: bundleKey, person, contact, kind, urgency, severity }, tx.now)
}

function latePages(tx: Tx, person: string, contact: string): readonly DeliveryRow[] {
  const isLate = (row: DeliveryRow) =>
    row.person === person &&
    row.contact === contact &&
    row.purpose === 'page' &&
    row.delivery.phase.kind === 'pending' &&
    row.delivery.attempts === 0 &&
    row.delivery.phase.dueAt < tx.now - lateMs
  return tx.db.deliveries
    .by('open', 'open')
    .filter(isLate)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

function cancelOne(tx: Tx, row: DeliveryRow, because: string): void {
  const { delivery } = tx.rules.moveDelivery(row.delivery, { kind: 'cancelled', because }, tx.now)
  saveDelivery(tx, row.key, delivery)
  cancelWork(tx, 'deliver', row.key)
  publish(tx, 'delivery.cancelled', row.key)
}
