// Mirrors notifications/usecases: record-outcome, stop-deliveries, fall-through, send-notices, audit-deliveries, and
// the store's `stopNotices` and `listWaitingAlerts`.
import { minute } from '../../../src/kernel/duration.ts'
import { plus } from '../../../src/kernel/instant.ts'
import {
  type DeliveryEvent,
  type DeliveryMove,
  deliveryDueAt,
  unseenAfterMs,
} from '../../../src/modules/notifications/core/index.ts'
import type { Tx } from './database.ts'
import { publish } from './journal.ts'
import { insertDelivery, jobOf, reachOf } from './planning.ts'
import type { DeliveryRow, NoticeRow, Outcome } from './rows.ts'
import { addWork, cancelWork, rouse } from './work.ts'

const overdueMs = minute

export interface Told {
  readonly row: DeliveryRow
  readonly alerts: readonly string[]
}

export function recordOutcome(
  tx: Tx,
  attempted: { readonly key: string; readonly attempt: number; readonly alerts: readonly string[] },
  outcome: Outcome,
): void {
  const row = tx.db.deliveries.get(attempted.key)
  if (row === null) return
  if (outcome.kind === 'rejected' && outcome.gone === true) disableContact(tx, row.person, row.contact)
  const mine = row.delivery.phase.kind === 'sending' && row.delivery.attempts === attempted.attempt
  if (!mine && (outcome.kind !== 'accepted' || row.delivery.phase.kind === 'sent')) return
  recordMove(tx, { row, alerts: attempted.alerts }, tx.rules.moveDelivery(row.delivery, eventOf(outcome), tx.now))
}

function eventOf(outcome: Outcome): DeliveryEvent {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', receipt: outcome.receipt }
    case 'refused': {
      const { because, retryAfterMs } = outcome
      return { kind: 'refused', because, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
    }
    default:
      return { kind: outcome.kind, because: outcome.because }
  }
}

export function saveDelivery(tx: Tx, key: string, delivery: DeliveryRow['delivery']): void {
  const row = tx.db.deliveries.get(key)
  if (row === null) return
  tx.db.deliveries.put(key, { ...row, delivery })
  const dueAt = deliveryDueAt(delivery)
  if (dueAt !== null) rouse(tx, 'audit-deliveries', dueAt + overdueMs)
}

export function recordMove(tx: Tx, told: Told, move: DeliveryMove): void {
  const { row } = told
  const { phase } = move.delivery
  saveDelivery(tx, row.key, move.delivery)
  const { copies } = move.delivery
  if (copies > row.delivery.copies) tx.note({ kind: 'doubted', key: row.key, copies })
  const job = jobOf(row.purpose)
  if (phase.kind === 'pending') addWork(tx, job, row.key, row.key, { dueAt: phase.dueAt })
  if (phase.kind === 'sent' && tx.rules.fallsThroughUnseen(row))
    addWork(tx, 'check-seen', row.key, row.key, { dueAt: plus(phase.at, unseenAfterMs) })
  if (phase.kind !== 'pending' && phase.kind !== 'sending') cancelWork(tx, job, row.key)
  if (phase.kind !== 'sending') publish(tx, `delivery.${phase.kind}`, row.key)
  for (const effect of move.effects)
    if (effect.kind === 'next-channel' && row.purpose !== 'ended') nextChannel(tx, told, 'failed')
}

function nextChannel(tx: Tx, { row, alerts }: Told, after: 'failed' | 'unheard'): void {
  const siblings = tx.db.deliveries
    .by('page', row.pageId)
    .filter((each) => each.person === row.person)
    .sort((a, b) => a.order - b.order)
  const { contacts } = reachOf(tx, row.person)
  const usable = new Set(contacts.filter((each) => each.verified).map((each) => each.id))
  const phaseOf = (each: DeliveryRow) => each.delivery.phase.kind
  const tried = new Set([
    ...siblings.filter((each) => !['pending', 'cancelled'].includes(phaseOf(each))).map((each) => each.contact),
    ...row.plan.map((each) => each.contact).filter((contact) => !usable.has(contact)),
  ])
  const next = tx.rules.failOver({ deliveries: row.plan, findings: [] }, contacts, tried, tx.now)
  if (next === null) {
    const heard = siblings.some(
      (each) => ['sent', 'unknown', 'sending'].includes(phaseOf(each)) && each.key !== row.key,
    )
    if (heard || after === 'unheard') return
    for (const alertId of alerts) {
      publish(tx, 'person.missed', alertId)
      tx.note({ kind: 'missed', pageId: row.pageId, person: row.person, alertId })
    }
    return
  }
  const waiting = siblings.find((each) => phaseOf(each) === 'pending' && each.contact === next.contact)
  if (waiting !== undefined) {
    const dueAt = deliveryDueAt(waiting.delivery)
    if (dueAt !== null && dueAt <= tx.now) return
    saveDelivery(tx, waiting.key, { ...waiting.delivery, phase: { kind: 'pending', dueAt: tx.now } })
    addWork(tx, jobOf(waiting.purpose), waiting.key, waiting.key, { dueAt: tx.now })
    return
  }
  const { order, contact, kind } = next
  const key = tx.rules.deliveryKey({ page: row.pageId, step: row.step, person: row.person, order, contact })
  const { delivery: _delivery, written: _written, taken: _taken, seen: _seen, createdAt: _at, ...place } = row
  insertDelivery(tx, { ...place, key, order, contact, kind }, tx.now)
}

function disableContact(tx: Tx, person: string, contact: string): void {
  const row = tx.db.people.get(person)
  if (row === null || contact === 'email') return
  const contacts = row.contacts.map((each) => (each.id === contact ? { ...each, verified: false } : each))
  tx.db.people.put(person, { ...row, contacts })
  tx.note({ kind: 'edited', what: `contact ${contact} of ${person} is gone` })
}

/** Nobody has seen it for a minute. */
export function checkSeen(tx: Tx, key: string): void {
  const row = tx.db.deliveries.get(key)
  if (row === null || row.delivery.phase.kind !== 'sent' || !tx.rules.fallsThroughUnseen(row) || row.seen) return
  const alerts = waitingAlerts(tx, row.pageId)
  if (alerts.length === 0) return
  publish(tx, 'delivery.unheard', key)
  nextChannel(tx, { row, alerts }, 'unheard')
}

export function markSeen(tx: Tx, key: string): void {
  const row = tx.db.deliveries.get(key)
  if (row === null || row.seen) return
  tx.db.deliveries.put(key, { ...row, seen: true })
  publish(tx, 'message.seen', key)
}

function waitingAlerts(tx: Tx, pageOrBundle: string): readonly string[] {
  const own = tx.db.notices.get(pageOrBundle)
  const all: readonly NoticeRow[] = [...(own === null ? [] : [own]), ...tx.db.notices.by('bundle', pageOrBundle)]
  return [...new Set(all.filter((row) => row.stopped === null).map((row) => row.alertId))].sort()
}

export function stopDeliveries(tx: Tx, of: { readonly alertId: string }, because: string): void {
  const open = openDeliveries(tx.db.deliveries.by('alert', of.alertId))
  const stopped = new Set<string>()
  for (const row of tx.db.notices.by('alert', of.alertId)) {
    if (row.stopped !== null) continue
    tx.db.notices.put(row.pageId, { ...row, stopped: because })
    if (row.bundleId !== null) stopped.add(row.bundleId)
  }
  for (const id of stopped) {
    if (tx.db.notices.by('bundle', id).some((row) => row.stopped === null)) continue
    const bundle = tx.db.bundles.get(id)
    if (bundle !== null && tx.rules.closesStopped) tx.db.bundles.put(id, { ...bundle, closed: true })
    open.push(...openDeliveries(tx.db.deliveries.by('page', id)))
  }
  for (const row of open) {
    const { delivery } = tx.rules.moveDelivery(row.delivery, { kind: 'cancelled', because }, tx.now)
    saveDelivery(tx, row.key, delivery)
    if (delivery.phase.kind !== 'cancelled') continue
    cancelWork(tx, jobOf(row.purpose), row.key)
    publish(tx, 'delivery.cancelled', row.key)
  }
}

function openDeliveries(rows: readonly DeliveryRow[]): DeliveryRow[] {
  const isOpen = (row: DeliveryRow) => ['pending', 'sending'].includes(row.delivery.phase.kind)
  return rows.filter((row) => isOpen(row) && row.purpose !== 'ended').sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Tells every contact that heard of the alert that it is over, once. */
export function notifyEnded(tx: Tx, alertId: string): void {
  const bundles = new Set(tx.db.notices.by('alert', alertId).flatMap((row) => row.bundleId ?? []))
  const rows = [
    ...tx.db.deliveries.by('alert', alertId).filter((row) => row.purpose === 'page'),
    ...[...bundles].flatMap((id) => tx.db.deliveries.by('page', id).filter((row) => row.purpose === 'bundle')),
  ]
  const reached = new Map<string, DeliveryRow>()
  for (const row of rows)
    if (['sent', 'unknown'].includes(row.delivery.phase.kind)) reached.set(`${row.person}:${row.contact}`, row)
  for (const [who, row] of reached)
    insertDelivery(
      tx,
      {
        key: `ended:${alertId}:${who}`,
        purpose: 'ended',
        pageId: alertId,
        alertId,
        step: 0,
        order: 1,
        person: row.person,
        contact: row.contact,
        kind: row.kind,
        urgency: 'low',
        severity: row.severity,
        plan: [],
      },
      tx.now,
    )
}

export function auditDeliveries(tx: Tx): void {
  for (const row of tx.db.deliveries.by('open', 'open')) {
    const dueAt = deliveryDueAt(row.delivery)
    if (dueAt !== null && dueAt < tx.now - overdueMs)
      addWork(tx, jobOf(row.purpose), row.key, row.key, { dueAt, onDuplicate: 'keep' })
  }
}

/** When the auditor may next find something. */
export function nextOverdue(tx: Tx): number {
  let next = Number.MAX_SAFE_INTEGER
  for (const row of tx.db.deliveries.by('open', 'open'))
    next = Math.min(next, (deliveryDueAt(row.delivery) ?? next) + overdueMs + 1)
  return next
}
