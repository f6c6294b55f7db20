// Mirrors notifications/usecases/plan-page.ts: one page to one person, alone or as part of a bundle.
import { type Instant, instant, plus } from '../../../src/kernel/instant.ts'
import { type AlertSeverity, alertSeverities, type Urgency } from '../../../src/kernel/severity.ts'
import { defaultBundling, newDelivery, type RecentMessage } from '../../../src/modules/notifications/core/index.ts'
import type { Tx } from './database.ts'
import type { DeliveryRow, PersonRow } from './rows.ts'
import { addWork, rouse } from './work.ts'

export interface PageOrder {
  readonly pageId: string
  readonly alertId: string
  readonly step: number
  readonly person: string
  readonly urgency: Urgency
  readonly severity: AlertSeverity
}

export const reachOf = (tx: Tx, person: string): PersonRow =>
  tx.db.people.get(person) ?? { name: person, contacts: [], rules: { high: [], low: [] } }

export function planPage(tx: Tx, order: PageOrder): void {
  const { person, urgency, severity, pageId, alertId, step } = order
  const open = findOpenBundle(tx, person, urgency)
  const recent = listRecent(tx, person, plus(tx.now, -defaultBundling.windowMs))
  const verdict = tx.rules.judgeBundling(recent, open?.dueAt ?? null, severity, tx.now)
  const notice = { pageId, alertId, person, severity, stopped: null, createdAt: tx.now }
  if (verdict.verdict === 'send') {
    tx.db.notices.put(pageId, { ...notice, bundleId: null })
    return void planFrom(tx, { purpose: 'page', pageId, alertId, step, person, urgency, severity }, tx.now)
  }
  const bundleId = open?.id ?? tx.newId('bundle')
  if (open === null) tx.db.bundles.put(bundleId, { id: bundleId, person, urgency, dueAt: verdict.until, closed: false })
  tx.db.notices.put(pageId, { ...notice, bundleId })
  if (open !== null) return
  const place = { purpose: 'bundle', pageId: bundleId, alertId: null, step, person, urgency, severity } as const
  planFrom(tx, place, verdict.until)
}

function findOpenBundle(tx: Tx, person: string, urgency: Urgency) {
  const open = tx.db.bundles
    .by('person', person)
    .filter((row) => row.urgency === urgency && !row.closed && row.dueAt > tx.now)
  return open.sort((a, b) => b.dueAt - a.dueAt)[0] ?? null
}

function listRecent(tx: Tx, person: string, since: Instant): readonly RecentMessage[] {
  const recent: RecentMessage[] = []
  for (const row of tx.db.notices.by('person', person))
    if (row.bundleId === null && row.createdAt > since) recent.push({ at: row.createdAt, severity: row.severity })
  for (const row of tx.db.bundles.by('person', person)) {
    if (row.dueAt <= since || row.dueAt > tx.now) continue
    const ranks = tx.db.notices.by('bundle', row.id).map((each) => alertSeverities.indexOf(each.severity))
    const severity = alertSeverities[Math.min(...ranks)]
    if (severity !== undefined) recent.push({ at: row.dueAt, severity })
  }
  return recent
}

type Place = Pick<DeliveryRow, 'purpose' | 'pageId' | 'alertId' | 'step' | 'person' | 'urgency' | 'severity'>

function planFrom(tx: Tx, place: Place, startAt: Instant): void {
  const { contacts, rules } = reachOf(tx, place.person)
  const { deliveries: plan } = tx.rules.planDeliveries(rules, contacts, place.urgency, startAt)
  for (const { order, at, contact, kind } of plan) {
    const key = tx.rules.deliveryKey({ page: place.pageId, step: place.step, person: place.person, order, contact })
    insertDelivery(tx, { ...place, key, order, contact, kind, plan }, at)
  }
}

export function insertDelivery(
  tx: Tx,
  row: Omit<DeliveryRow, 'delivery' | 'seen' | 'written' | 'taken' | 'createdAt'>,
  dueAt: Instant,
): boolean {
  if (tx.db.deliveries.get(row.key) !== null) return false
  const delivery = newDelivery(row.key, instant(dueAt))
  tx.db.deliveries.put(row.key, { ...row, delivery, written: 0, taken: 0, seen: false, createdAt: tx.now })
  addWork(tx, jobOf(row.purpose), row.key, row.key, { dueAt })
  rouse(tx, 'audit-deliveries', dueAt + 60_000)
  return true
}

export const jobOf = (purpose: DeliveryRow['purpose']) => (purpose === 'ended' ? 'deliver-notice' : 'deliver')
