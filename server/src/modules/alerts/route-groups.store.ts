// All SQL on groups of routes: which alerts a route tells together, and when. A group's row is locked by whoever flushes
// it or adds to it; nobody who holds one waits for the row of an alert.
import type { Instant } from '../../kernel/instant.ts'
import type { AlertSeverity } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import { sha256 } from '../../platform/secrets/index.ts'
import type { Hold, Labels } from './core/index.ts'

export interface GroupDraft {
  readonly id: string
  readonly key: string
  /** Of the file. */
  readonly version: number
  /** Of the route in the file, depth first. */
  readonly place: number
  readonly name: string
  readonly flushAt: Instant
  /** Its people know of some of its alerts already. */
  readonly toldAt: Instant | null
}

export interface KeptGroup {
  readonly id: string
  readonly flushAt: Instant
  readonly flushed: boolean
  /** Made by this very statement. */
  readonly fresh: boolean
}

const times = (of: readonly (Instant | null)[]): (string | null)[] =>
  of.map((each) => (each === null ? null : new Date(each).toISOString()))

const digestOf = (key: string): string => Buffer.from(sha256(Buffer.from(key))).toString('hex')

/**
 * By key. A group that was never flushed is flushed as early as its most urgent alert asks; one that was keeps its beat,
 * unless `sooner` lets newcomers hurry it.
 */
export async function keepGroups(
  tx: Tx,
  drafts: readonly GroupDraft[],
  { sooner }: { readonly sooner: boolean },
): Promise<ReadonlyMap<string, KeptGroup>> {
  const byDigest = new Map(drafts.map((each) => [digestOf(each.key), each]))
  // In one order for everybody, so that batches that make the same groups wait and never in a ring.
  const sorted = [...byDigest].sort(([a], [b]) => (a < b ? -1 : 1))
  const of = <T>(value: (draft: GroupDraft) => T): T[] => sorted.map(([, draft]) => value(draft))
  const rows = await tx.many(sql<KeptGroup & { digest: string }>`
    insert into route_groups (id, digest, version, place, name, flush_at, told_at, flushed)
    select id, decode(digest, 'hex'), version, place, name, flush_at, told_at, told_at is not null
    from unnest(${of(({ id }) => id)}::uuid[], ${sorted.map(([digest]) => digest)}::text[], ${of(({ version }) => version)}::integer[], ${of(({ place }) => place)}::integer[],
      ${of(({ name }) => name)}::text[], ${times(of(({ flushAt }) => flushAt))}::timestamptz[], ${times(of(({ toldAt }) => toldAt))}::timestamptz[]) as draft (id, digest, version, place, name, flush_at, told_at)
    on conflict (digest) do update set flush_at = case when route_groups.flushed and not ${sooner} then route_groups.flush_at else least(route_groups.flush_at, excluded.flush_at) end
    returning id, encode(digest, 'hex') as digest, flush_at as "flushAt", flushed, xmax = 0 as fresh`)
  return new Map(rows.map(({ digest, ...row }) => [byDigest.get(digest)?.key ?? '', row]))
}

/** Those that are there, by key. */
export async function findGroups(
  queries: Queries,
  keys: readonly string[],
): Promise<ReadonlyMap<string, { readonly flushAt: Instant; readonly flushed: boolean }>> {
  const byDigest = new Map(keys.map((key) => [digestOf(key), key]))
  const rows = await queries.many(sql<{ digest: string; flushAt: Instant; flushed: boolean }>`
    select encode(digest, 'hex') as digest, flush_at as "flushAt", flushed from route_groups
    where digest = any(array(select decode(one, 'hex') from unnest(${[...byDigest.keys()]}::text[]) as one))`)
  return new Map(rows.map(({ digest, ...row }) => [byDigest.get(digest) ?? '', row]))
}

export interface MemberDraft {
  readonly groupId: string
  readonly alertId: string
  readonly told: boolean
  readonly pauseMs: number | null
}

export async function addMembers(tx: Tx, members: readonly MemberDraft[]): Promise<void> {
  const of = <T>(value: (member: MemberDraft) => T): T[] => members.map(value)
  await tx.run(sql`
    insert into route_group_members (group_id, alert_id, told, pause_ms)
    select * from unnest(${of(({ groupId }) => groupId)}::uuid[], ${of(({ alertId }) => alertId)}::uuid[], ${of(({ told }) => told)}::boolean[], ${of(({ pauseMs }) => pauseMs)}::integer[])
    on conflict do nothing`)
}

export interface RouteGroup {
  readonly id: string
  readonly version: number
  readonly place: number
  readonly name: string
  readonly flushAt: Instant
  readonly toldAt: Instant | null
}

export const groupsDue = sql`route_groups where flush_at <= mainstay_now()`

/** Those whose flush is due; what another process flushes is passed over. */
export async function lockDueGroups(tx: Tx, limit: number): Promise<readonly RouteGroup[]> {
  return tx.many(sql<RouteGroup>`
    select id, version, place, name, flush_at as "flushAt", told_at as "toldAt" from ${groupsDue} order by flush_at limit ${limit} for update skip locked`)
}

export interface RouteMember {
  readonly groupId: string
  readonly alertId: string
  readonly told: boolean
  readonly pauseMs: number | null
  readonly ended: boolean
  readonly silenced: boolean
  readonly held: boolean
  readonly answered: boolean
  readonly worst: AlertSeverity
  /** The alert whose page speaks of it. */
  readonly page: string
  /** Only of what nobody was told of. */
  readonly labels: Labels | null
}

export async function listRouteMembers(tx: Tx, groups: readonly string[]): Promise<readonly RouteMember[]> {
  return tx.many(sql<RouteMember>`
    select member.group_id as "groupId", member.alert_id as "alertId", member.told, member.pause_ms as "pauseMs", alerts.status = 'resolved' as ended,
      alerts.silenced_by is not null as silenced, alerts.held_because is not null as held, alerts.answered_by is not null as answered, alerts.worst,
      coalesce(alerts.paged_with, alerts.id) as page, case when member.told then null else alerts.signal -> 'labels' end as labels
    from route_group_members member join alerts on alerts.id = member.alert_id where member.group_id = any(${[...groups]}::uuid[])
    order by alerts.number`)
}

export interface FlushedGroup {
  readonly id: string
  readonly flushAt: Instant
  readonly toldAt: Instant | null
}

/** After a flush: ended alerts leave, and what is empty is gone. */
export async function saveFlushes(tx: Tx, groups: readonly FlushedGroup[], over: readonly string[]): Promise<void> {
  if (over.length > 0) await tx.run(sql`delete from route_groups where id = any(${[...over]}::uuid[])`)
  if (groups.length === 0) return
  const ids = groups.map(({ id }) => id)
  await tx.run(sql`
    delete from route_group_members member using alerts
    where member.group_id = any(${ids}::uuid[]) and alerts.id = member.alert_id and alerts.status = 'resolved'`)
  await tx.run(sql`
    update route_groups set flushed = true, flush_at = flush.flush_at, told_at = flush.told_at
    from unnest(${ids}::uuid[], ${times(groups.map(({ flushAt }) => flushAt))}::timestamptz[], ${times(groups.map(({ toldAt }) => toldAt))}::timestamptz[]) as flush (id, flush_at, told_at)
    where route_groups.id = flush.id`)
}

/** In whatever group it is. Answers those that nobody else marked meanwhile: whoever marks it gives the turn. */
export async function markTold(tx: Tx, alerts: readonly string[]): Promise<ReadonlySet<string>> {
  if (alerts.length === 0) return new Set()
  const rows = await tx.many(sql<{ id: string }>`
    update route_group_members set told = true where alert_id = any(${[...alerts]}::uuid[]) and not told returning alert_id as id`)
  return new Set(rows.map((row) => row.id))
}

/** Which of these wait for the flush of a group. */
export async function listWaiting(queries: Queries, alerts: readonly string[]): Promise<ReadonlySet<string>> {
  if (alerts.length === 0) return new Set()
  const rows = await queries.many(sql<{ id: string }>`
    select distinct alert_id as id from route_group_members where alert_id = any(${[...alerts]}::uuid[]) and not told`)
  return new Set(rows.map((row) => row.id))
}

/** Of an alert that nobody was told of yet: the next flush of its groups. */
export async function findNextFlush(queries: Queries, alertId: string): Promise<Instant | null> {
  const { at } = await queries.one(sql<{ at: Instant | null }>`
    select min(route_groups.flush_at) as at from route_group_members member join route_groups on route_groups.id = member.group_id
    where member.alert_id = ${alertId} and not member.told`)
  return at
}

/** These are critical: those that waited until now and go at once, because the file lets what is critical do so. */
export async function hurryCritical(tx: Tx, alerts: readonly string[]): Promise<ReadonlySet<string>> {
  if (alerts.length === 0) return new Set()
  const rows = await tx.many(sql<{ id: string }>`
    update route_group_members set told = true from alert_routing
    where alert_routing.critical_at_once and alert_id = any(${[...alerts]}::uuid[]) and not told returning alert_id as id`)
  return new Set(rows.map((row) => row.id))
}

/** Where these wait. */
export async function listPlaces(
  queries: Queries,
  alerts: readonly string[],
): Promise<readonly { groupId: string; alertId: string; version: number; place: number }[]> {
  return queries.many(sql<{ groupId: string; alertId: string; version: number; place: number }>`
    select route_groups.id as "groupId", member.alert_id as "alertId", route_groups.version, route_groups.place
    from route_group_members member join route_groups on route_groups.id = member.group_id
    where member.alert_id = any(${[...alerts]}::uuid[]) and not member.told`)
}

/** No later than that. Answers the times that changed. */
export async function hurryGroups(tx: Tx, flushes: ReadonlyMap<string, Instant>): Promise<readonly Instant[]> {
  if (flushes.size === 0) return []
  // In the order of everybody.
  await tx.run(
    sql`select id from route_groups where id = any(${[...flushes.keys()]}::uuid[]) order by digest for no key update`,
  )
  const rows = await tx.many(sql<{ at: Instant }>`
    update route_groups set flush_at = flush.at
    from unnest(${[...flushes.keys()]}::uuid[], ${times([...flushes.values()])}::timestamptz[]) as flush (id, at)
    where route_groups.id = flush.id and route_groups.flush_at > flush.at returning route_groups.flush_at as at`)
  return rows.map((row) => row.at)
}

/** Held back from now on, unless somebody is at it: then the next look does. */
export async function holdUntold(tx: Tx, holds: ReadonlyMap<string, Hold>): Promise<void> {
  if (holds.size === 0) return
  await tx.run(sql`
    update alerts set held_because = hold.because, version = version + 1
    from unnest(${[...holds.keys()]}::uuid[], ${[...holds.values()]}::text[]) as hold (id, because)
    where alerts.id = hold.id and alerts.id = any(array(
      select id from alerts where id = any(${[...holds.keys()]}::uuid[]) and held_because is null for no key update skip locked))`)
}

export interface FormerMember {
  readonly alertId: string
  readonly told: boolean
  readonly pauseMs: number | null
  readonly worst: AlertSeverity
}

/** Of every group. */
export async function listUntold(queries: Queries): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ id: string }>`
    select alert_id as id from route_group_members group by 1 having not bool_or(told)`)
  return rows.map((row) => row.id)
}

/** Another file decides from now on: answers what its people knew of those that are open. */
export async function clearGroups(tx: Tx): Promise<ReadonlyMap<string, FormerMember>> {
  // In the order of everybody.
  await tx.run(sql`select id from route_groups order by digest for update`)
  const rows = await tx.many(sql<FormerMember>`
    select member.alert_id as "alertId", bool_or(member.told) as told, max(member.pause_ms) as "pauseMs", alerts.worst
    from route_group_members member join alerts on alerts.id = member.alert_id
    where alerts.status <> 'resolved' group by alerts.id, member.alert_id`)
  await tx.run(sql`delete from route_groups`)
  return new Map(rows.map((row) => [row.alertId, row]))
}
