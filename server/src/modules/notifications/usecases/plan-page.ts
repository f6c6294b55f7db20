// Plans one page to one person: alone, or as part of a bundle when too many came at once. Rows and jobs in the
// caller's transaction; nothing is sent here.
import type { Instant } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { AlertSeverity, Urgency } from '../../../kernel/severity.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { defaultBundling, deliveryKey, judgeBundling, type PageFacts, planDeliveries } from '../core/index.ts'
import { type Purpose, planDelivery } from '../deliveries.store.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { findOpenBundle, insertBundle, insertNotice, listRecent, lockPerson } from '../page-notices.store.ts'
import { jobOfPage } from './delivery-jobs.ts'
import { outOfReach, type Reach, reachForPages } from './reach.ts'
import { sendAtOnce } from './send-at-once.ts'

export interface PageOrder {
  readonly pageId: string
  readonly alertId: string
  /** Of the escalation: a later step is another page. */
  readonly step: number
  readonly person: string
  readonly urgency: Urgency
  readonly severity: AlertSeverity
  readonly facts: PageFacts
  /** Why it is told once more; null for the first time. */
  readonly again: string | null
}

export interface PagePlan {
  /** 0 when nothing can be sent to this person. */
  readonly deliveries: number
  /** Set when the page waits for others and goes out as one message. */
  readonly bundledUntil: Instant | null
  readonly because: string
}

export async function planPage(
  tx: Tx,
  needs: Pick<Needs, 'newId' | 'log'>,
  ports: NotificationPorts,
  order: PageOrder,
): Promise<PagePlan> {
  const { person, urgency, severity } = order
  lockPerson(tx, person)
  const [now, reaches, open, recent] = await Promise.all([
    tx.now(),
    reachForPages(tx, ports, [person]),
    findOpenBundle(tx, person, urgency),
    listRecent(tx, person, defaultBundling.windowMs),
  ])
  const reach = reaches.get(person) ?? outOfReach(person)
  const verdict = judgeBundling(recent, open?.dueAt ?? null, severity, now)
  const notice = { pageId: order.pageId, alertId: order.alertId, person, severity, facts: order.facts }
  if (verdict.verdict === 'send') {
    if (!(await insertNotice(tx, { ...notice, bundleId: null }))) return alreadyPlanned
    const place = { purpose: 'page', pageId: order.pageId, alertId: order.alertId, step: order.step } as const
    const content = { facts: { ...order.facts }, severity, again: order.again }
    const deliveries = await planFrom(
      { tx, needs, ports },
      reach,
      { ...place, urgency, service: order.facts.service, content },
      now,
    )
    return { deliveries, bundledUntil: null, because: verdict.because }
  }
  const bundleId = open?.id ?? needs.newId()
  if (open === null) await insertBundle(tx, { id: bundleId, person, urgency, dueAt: verdict.until })
  if (!(await insertNotice(tx, { ...notice, bundleId }))) return alreadyPlanned
  if (open !== null) return { deliveries: 1, bundledUntil: open.dueAt, because: verdict.because }
  const place = { purpose: 'bundle', pageId: bundleId, alertId: null, step: order.step } as const
  const content = { severity }
  const deliveries = await planFrom(
    { tx, needs, ports },
    reach,
    { ...place, urgency, service: null, content },
    verdict.until,
  )
  return { deliveries, bundledUntil: verdict.until, because: verdict.because }
}

const alreadyPlanned: PagePlan = { deliveries: 0, bundledUntil: null, because: 'This page was planned before.' }

interface Place {
  readonly purpose: Purpose
  readonly pageId: string
  readonly alertId: string | null
  readonly service: string | null
  readonly step: number
  readonly urgency: Urgency
  readonly content: JsonObject
}

interface Room {
  readonly tx: Tx
  readonly needs: Pick<Needs, 'log'>
  readonly ports: NotificationPorts
}

async function planFrom({ tx, needs, ports }: Room, reach: Reach, place: Place, startAt: Instant): Promise<number> {
  const { deliveries: plan } = planDeliveries(reach.rules, reach.contacts, place.urgency, startAt)
  for (const { order, at, contact, kind, because } of plan) {
    const key = deliveryKey({ page: place.pageId, step: place.step, person: reach.person, order, contact })
    const row = {
      ...place,
      key,
      order,
      contact,
      kind,
      because,
      person: reach.person,
      webhook: null,
      zone: reach.zone,
      plan,
      dueAt: at,
    }
    const isDue = place.purpose === 'page' && at <= startAt
    const atOnce = isDue && (await sendAtOnce(tx, needs, ports, row))
    planDelivery(tx, row, { job: jobOfPage(kind), payload: { key }, when: { key, dueAt: at, atOnce } })
  }
  return plan.length
}
