// All SQL on pages that several alerts share. A member is an alert that fires or is acknowledged and is not silenced.
import type { Instant } from '../../kernel/instant.ts'
import { alertSeverities } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { type AlertRow, alertColumns } from './alerts.store.ts'
import { byAge, type PageGroup, spreadLimit } from './core/index.ts'

export type PageGroupRow = Omit<PageGroup, 'standing'>

const columns = sql`id, number, title, rule, team, services, policy, tier, worst, urgency, opened_at as "openedAt", answered_by as "answeredBy", answered_at as "answeredAt"`
// More pages to one team within half an hour are no longer one failure; the look stays short.
const looked = 50

/** Whom pages go to: by a policy that a service names, to the team that owns it, or to the last resort. */
export interface Audience {
  readonly teams: readonly string[]
  readonly policies: readonly string[]
  /** Some service has neither. */
  readonly unowned: boolean
  /** Whose pages are always found, however many others are out. */
  readonly services: readonly string[]
  /** Pages by these, too. */
  readonly rules: readonly string[]
}

// What is sent at once has the time of one statement together: of more locks each is waited for.
const atOnce = 2

/** Alerts for the same people that open in the same moment take turns, or each would be told without the other. Sorted: no ring. */
export async function lockAudience(tx: Tx, { teams, policies, unowned }: Audience): Promise<void> {
  const named = [...teams.map((each) => `team ${each}`), ...policies.map((each) => `policy ${each}`)]
  const keys = [...new Set(unowned ? [...named, 'unowned'] : named)].sort()
  // A join sorted by the planner would be no promise: one after the other, as they come.
  for (const key of keys) {
    const lock = sql`select pg_advisory_xact_lock(hashtextextended(${`alerts.page:${key}`}, 0))`
    if (keys.length <= atOnce) tx.later(lock)
    else await tx.run(lock)
  }
}

/** Pages that are out to these people: those about these services, and the oldest of the others. */
export async function listCandidates(
  queries: Queries,
  { teams, policies, unowned, services, rules }: Audience,
  since: Instant,
): Promise<readonly PageGroupRow[]> {
  const theirs = sql`opened_at > ${timestamp(since)} and (team = any(${[...teams]}) or policy = any(${[...policies]}) or (${unowned} and team is null and policy is null))`
  const rows = await queries.many(sql<PageGroupRow>`
    (select ${columns} from page_groups where ${theirs} and services && ${[...services]} order by opened_at, number limit ${looked + services.length})
    union
    (select ${columns} from page_groups where ${theirs} and rule = any(${[...rules]}) order by opened_at, number limit ${looked + rules.length * spreadLimit})
    union
    (select ${columns} from page_groups where ${theirs} order by opened_at, number limit ${looked})`)
  return [...rows].sort(byAge)
}

export async function insertGroup(tx: Tx, alert: AlertRow, service: string, policy: string | null) {
  return tx.one(sql<PageGroupRow>`
    insert into page_groups (id, number, title, rule, team, services, policy, tier, worst, urgency, opened_at)
    values (${alert.id}, ${alert.number}, ${alert.title}, ${alert.signal.rule}, ${alert.team}, ${[service]}, ${policy}, ${alert.tier}, ${alert.worst}, ${alert.urgency}, mainstay_now())
    on conflict (id) do update set worst = excluded.worst, urgency = excluded.urgency, opened_at = excluded.opened_at, answered_by = null, answered_at = null
    returning ${columns}`)
}

/** Null when the page is over. */
export async function lockGroup(tx: Tx, id: string): Promise<PageGroupRow | null> {
  return tx.maybe(sql<PageGroupRow>`select ${columns} from page_groups where id = ${id} for update`)
}

/** Those that are not over, in one order for everybody. */
export async function lockGroups(tx: Tx, ids: readonly string[]): Promise<readonly PageGroupRow[]> {
  if (ids.length === 0) return []
  return tx.many(
    sql<PageGroupRow>`select ${columns} from page_groups where id = any(${[...ids]}::uuid[]) order by id for update`,
  )
}

/** Null when the page is over. */
export async function joinGroup(tx: Tx, group: PageGroupRow, alert: AlertRow): Promise<AlertRow | null> {
  return tx.maybe(sql<AlertRow>`
    update alerts set paged_with = ${group.id}, paged_with_number = ${group.number} where id = ${alert.id} and exists (select from page_groups where id = ${group.id}) returning ${alertColumns}`)
}

/** The caller holds alerts and pages. With their page it is known since when people are told of them. */
export async function joinPages(tx: Tx, joins: ReadonlyMap<string, PageGroupRow>): Promise<void> {
  if (joins.size === 0) return
  const groups = [...joins.values()]
  await tx.run(sql`
    update alerts set paged_with = page.id, paged_with_number = page.number, told_at = coalesce(told_at, mainstay_now())
    from unnest(${[...joins.keys()]}::uuid[], ${groups.map(({ id }) => id)}::uuid[], ${groups.map(({ number }) => number)}::bigint[]) as page (alert_id, id, number)
    where alerts.id = page.alert_id`)
}

export async function addService(tx: Tx, group: PageGroupRow, service: string): Promise<void> {
  await tx.run(sql`update page_groups set services = array_append(services, ${service}) where id = ${group.id}`)
}

export async function leaveGroup(tx: Tx, alertId: string): Promise<AlertRow> {
  return tx.one(sql<AlertRow>`
    update alerts set paged_with = null, paged_with_number = null where id = ${alertId} returning ${alertColumns}`)
}

export async function answerGroup(tx: Tx, id: string, answer: { by: string; at: Instant } | null): Promise<void> {
  await tx.run(sql`
    update page_groups set answered_by = ${answer?.by ?? null}, answered_at = ${answer === null ? sql`null` : timestamp(answer.at)} where id = ${id}`)
}

/** What the page says by now, for those that open later. */
export async function raiseGroup(tx: Tx, alert: AlertRow): Promise<void> {
  await tx.run(sql`update page_groups set worst = ${alert.worst}, urgency = ${alert.urgency} where id = ${alert.id}`)
}

export async function dropGroup(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`delete from page_groups where id = ${id}`)
}

// By what it is not: no index answers that, or the planner reads every open alert's entry to narrow down the few of a page.
const member = sql`status not in ('snoozed', 'resolved') and silenced_by is null`

export async function listMembers(queries: Queries, group: string): Promise<readonly AlertRow[]> {
  return queries.many(sql<AlertRow>`
    select ${alertColumns} from alerts where (id = ${group} or paged_with = ${group}) and ${member} order by key limit 500`)
}

/** As many as a page may name, and the one it speaks of. */
const mostLines = 5

export interface MemberLine extends Pick<AlertRow, 'id' | 'number' | 'worst' | 'openedAt' | 'title'> {
  /** As the catalog knows it, else as the sender calls it. */
  readonly service: string | null
}

export interface Members {
  readonly count: number
  /** The one the page was made for while it is one of them, the oldest of the worst, and the first few by number of the worst. */
  readonly lines: readonly MemberLine[]
}

const nobody: Members = { count: 0, lines: [] }

/** What a page needs to know of its alerts. */
export async function findMembers(queries: Queries, group: string): Promise<Members> {
  return (await findMembersOf(queries, [group])).get(group) ?? nobody
}

/**
 * Of several pages at once; what has no members is not in it. A storm asks again and again of pages with hundreds of alerts, so
 * they are counted and ordered where they are, and few are read.
 */
export async function findMembersOf(
  queries: Queries,
  groups: readonly string[],
): Promise<ReadonlyMap<string, Members>> {
  const rank = sql`array_position(${[...alertSeverities]}::text[], worst)`
  // Read once and kept, so that the few lines come from the top of a heap: ordering all of them costs more than reading them.
  const rows = await queries.many(sql<MemberLine & { page: string; count: number }>`
    select page.id as page, line.count::int as count, own.id, number, worst, opened_at as "openedAt", title, coalesce(service, signal ->> 'service') as service
    from unnest(${[...groups]}::uuid[]) as page (id)
    cross join lateral (
      with members as materialized (
        select id, number, ${rank} as rank, opened_at, key from alerts where (alerts.id = page.id or paged_with = page.id) and ${member}),
      oldest as (select id from members order by rank, opened_at, key limit 1),
      few as (select id from members where id = page.id union select id from oldest union (select id from members order by rank, number limit ${mostLines}))
      select few.id, (select count(*) from members) as count, few.id = (select id from oldest) as is_oldest from few) line
    join alerts own on own.id = line.id
    order by line.is_oldest desc, ${rank}, opened_at, key`)
  const members = new Map<string, { count: number; lines: MemberLine[] }>()
  for (const { page, count, ...line } of rows) {
    const known = members.get(page)
    if (known === undefined) members.set(page, { count, lines: [line] })
    else known.lines.push(line)
  }
  return members
}

/** Every alert of the page that has not ended, silenced ones too. */
export async function listOpenOf(queries: Queries, group: string): Promise<readonly AlertRow[]> {
  return queries.many(sql<AlertRow>`
    select ${alertColumns} from alerts where (id = ${group} or paged_with = ${group}) and status <> 'resolved' order by key limit 500`)
}

/** In key order, as batches of signals lock theirs. */
export async function lockMembers(tx: Tx, groups: readonly string[]): Promise<readonly AlertRow[]> {
  if (groups.length === 0) return []
  return tx.many(sql<AlertRow>`
    select ${alertColumns} from alerts
    where (id = any(${[...groups]}::uuid[]) or paged_with = any(${[...groups]}::uuid[])) and ${member}
    order by key for no key update`)
}

/** Whether others are covered by the page of this alert. */
export async function hasFollowers(queries: Queries, id: string): Promise<boolean> {
  const row = await queries.one(sql<{ any: boolean }>`
    select exists (select from alerts where paged_with = ${id} and ${member}) as any`)
  return row.any
}

/** How many open alerts share the page of each of these; those without company are left out. */
export async function countFollowers(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.many(sql<{ id: string; count: number }>`
    select paged_with as id, count(*)::int as count from alerts where paged_with = any(${[...ids]}::uuid[]) and ${member} group by 1`)
  return new Map(rows.map((row) => [row.id, row.count]))
}

/** Of these pages, those about an alert that still is to be heard, with their beginnings. */
export async function listNeeded(queries: Queries, groups: readonly string[]): Promise<ReadonlyMap<string, Instant>> {
  if (groups.length === 0) return new Map()
  const rows = await queries.many(sql<{ id: string; openedAt: Instant }>`
    select page.id, page.opened_at as "openedAt" from page_groups page where page.id = any(${[...groups]}::uuid[])
      and (exists (select from alerts where alerts.id = page.id and ${member}) or exists (select from alerts where paged_with = page.id and ${member}))`)
  return new Map(rows.map((row) => [row.id, row.openedAt]))
}

/** Of the alerts that shared the page, the one that ended last. */
export async function findLastEnded(queries: Queries, group: string): Promise<AlertRow | null> {
  return queries.maybe(sql<AlertRow>`
    select ${alertColumns} from alerts where (id = ${group} or paged_with = ${group}) and status = 'resolved' order by ended_at desc limit 1`)
}
