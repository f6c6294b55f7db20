// All SQL on pages as a person hears of them: alone, or together in a bundle.
import type { Instant } from '../../kernel/instant.ts'
import { type AlertSeverity, alertSeverities, type Urgency } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { PageFacts, RecentMessage } from './core/index.ts'

export interface PageNotice {
  readonly pageId: string
  readonly alertId: string
  readonly severity: AlertSeverity
  readonly facts: PageFacts
  readonly stopped: string | null
}

// Bundling counts what one person heard: pages for one person take turns, also with the send of a bundle.
export function lockPerson(tx: Tx, person: string): void {
  tx.later(sql`select pg_advisory_xact_lock(hashtextextended(${`notifications:${person}`}, 0))`)
}

/** False when this page was planned before. */
export async function insertNotice(
  tx: Tx,
  notice: Omit<PageNotice, 'stopped'> & { readonly person: string; readonly bundleId: string | null },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into page_notices (page_id, alert_id, person, severity, facts, bundle_id)
    values (${notice.pageId}, ${notice.alertId}, ${notice.person}, ${notice.severity}, ${json(notice.facts)}, ${notice.bundleId})
    on conflict (page_id) do nothing`)
  return inserted === 1
}

/** What the person heard of lately, each page alone or its bundle as one. Its worst is one look at an index, however many it holds. */
export async function listRecent(tx: Tx, person: string, withinMs: number): Promise<readonly RecentMessage[]> {
  const since = sql`mainstay_now() - make_interval(secs => ${withinMs / 1000}::float8)`
  return tx.many(sql<RecentMessage>`
    select created_at as at, severity from page_notices
    where person = ${person} and bundle_id is null and created_at > ${since}
    union all
    select due_at, worst.severity from bundles cross join lateral (
      select severity from unnest(${[...alertSeverities]}::text[]) with ordinality as one (severity, place)
      where exists (select from page_notices n where n.bundle_id = bundles.id and n.severity = one.severity) order by place limit 1) worst
    where person = ${person} and due_at > ${since} and due_at <= mainstay_now()`)
}

export interface OpenBundle {
  readonly id: string
  readonly dueAt: Instant
}

/** Locked: it is not closed while somebody joins it, and nobody joins one that is being closed. */
export async function findOpenBundle(tx: Tx, person: string, urgency: Urgency): Promise<OpenBundle | null> {
  return tx.maybe(sql<OpenBundle>`
    select id, due_at as "dueAt" from bundles where person = ${person} and urgency = ${urgency} and closed_at is null and due_at > mainstay_now()
    order by due_at desc limit 1 for update`)
}

export async function insertBundle(
  tx: Tx,
  bundle: { readonly id: string; readonly person: string; readonly urgency: Urgency; readonly dueAt: Instant },
): Promise<void> {
  await tx.run(sql`
    insert into bundles (id, person, urgency, due_at) values (${bundle.id}, ${bundle.person}, ${bundle.urgency}, ${timestamp(bundle.dueAt)})`)
}

export async function closeBundle(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`update bundles set closed_at = coalesce(closed_at, mainstay_now()) where id = ${id}`)
}

/** Pages that were planned alone and are told together after all. */
export async function moveIntoBundle(tx: Tx, pages: readonly string[], bundleId: string): Promise<void> {
  await tx.run(sql`update page_notices set bundle_id = ${bundleId} where page_id = any(${[...pages]}::uuid[])`)
}

const columns = sql`page_id as "pageId", alert_id as "alertId", severity, facts, stopped`

export async function listBundled(queries: Queries, bundleId: string): Promise<readonly PageNotice[]> {
  return queries.many(
    sql<PageNotice>`select ${columns} from page_notices where bundle_id = ${bundleId} order by created_at, page_id`,
  )
}

/** The alerts of a bundle, for the link that acknowledges all of them; empty when it is another person's. */
export async function listAlertsOfBundle(
  queries: Queries,
  bundleId: string,
  person: string,
): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ alertId: string }>`
    select distinct alert_id as "alertId" from page_notices where bundle_id = ${bundleId} and person = ${person} order by 1`)
  return rows.map((row) => row.alertId)
}

/** Alerts of a page or a bundle that nobody has answered yet. */
export async function listWaitingAlerts(queries: Queries, pageOrBundle: string): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ alertId: string }>`
    select distinct alert_id as "alertId" from page_notices
    where (page_id = ${pageOrBundle} or bundle_id = ${pageOrBundle}) and stopped is null order by 1`)
  return rows.map((row) => row.alertId)
}

/** Whether anybody is still to hear of this page, or of one page of this bundle. */
export async function isStillTold(queries: Queries, pageOrBundle: string): Promise<boolean> {
  const { told } = await queries.one(sql<{ told: boolean }>`
    select exists (select from page_notices where (page_id = ${pageOrBundle} or bundle_id = ${pageOrBundle}) and stopped is null) as told`)
  return told
}

/** Answers the bundles that lost a page. */
export async function stopNotices(
  tx: Tx,
  of: { readonly pageId?: string; readonly alertId?: string },
  because: string,
): Promise<readonly string[]> {
  const which = of.pageId === undefined ? sql`alert_id = ${of.alertId ?? null}` : sql`page_id = ${of.pageId}`
  const stopped = await tx.many(sql<{ bundleId: string | null }>`
    update page_notices set stopped = ${because} where ${which} and stopped is null returning bundle_id as "bundleId"`)
  return [...new Set(stopped.flatMap((row) => (row.bundleId === null ? [] : [row.bundleId])))].sort()
}

/** Whether nothing is left to tell. Closed then: a page that joined it later would wait for a message that never goes. */
export async function closeIfStopped(tx: Tx, bundleId: string): Promise<boolean> {
  await tx.run(sql`select from bundles where id = ${bundleId} for update`)
  // By a statement of its own: it sees the page that somebody added while the lock was waited for.
  const closed = await tx.run(sql`
    update bundles set closed_at = coalesce(closed_at, mainstay_now()) where id = ${bundleId}
      and not exists (select from page_notices where bundle_id = ${bundleId} and stopped is null)`)
  return closed === 1
}
