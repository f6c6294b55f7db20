// All SQL on due_work: add, move, cancel, claim, renew, finish.
import { randomUUID } from 'node:crypto'
import { AppError } from '../../kernel/app-error.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../database/database.ts'
import { json, listOf, type Queries, type RawBuilder, sql, timestamp } from '../database/queries.ts'
import { type Place, placeAtOnce } from './at-once.ts'
import { type DueRow, type Job, lanes, pageLanes } from './job.ts'

export type { DueRow } from './job.ts'

export interface WhenDue {
  /** At most one waiting row for a job and key. */
  readonly key?: string
  readonly dueAt?: Instant
  readonly delayMs?: number
  /** Rounds a delayed time down to a multiple of it, so that what is due at about the same time is claimed together. */
  readonly togetherMs?: number
  /**
   * What a second add with the same key does. `move` (default) replaces payload and time; `sooner` too, and keeps the
   * earlier time of the two; `keep` leaves the first.
   */
  readonly onDuplicate?: 'move' | 'sooner' | 'keep'
  /** This process begins it itself, before the commit claimed by `claimKeyed`: nobody else needs a hint. */
  readonly atOnce?: boolean
}

// What is under way has read what was before: it comes again in its new time. What waits is not put off by more of the same.
const sooner = sql`case when due_work.claim is null then least(due_work.due_at, excluded.due_at) else excluded.due_at end`

export async function addWork<P extends JsonObject>(
  tx: Tx,
  job: Job<P>,
  payload: P,
  when: WhenDue = {},
): Promise<void> {
  tx.later(sql`
    insert into due_work (kind, key, lane, due_at, payload)
    values (${job.kind}, ${when.key ?? null}, ${lanes[job.lane]}, ${dueOf(when)}, ${json(payload)})
    ${when.key === undefined ? sql`` : onDuplicate(when)}`)
  hintWork(tx, job, when)
}

export interface WorkAfter {
  readonly job: Job<JsonObject>
  readonly payload: JsonObject
  readonly when: WhenDue & { readonly key: string }
}

/** In one statement with what writes rows first; where that writes none, nothing is to be done. */
export function addWorkAfter(tx: Tx, writing: RawBuilder<unknown>, { job, payload, when }: WorkAfter): void {
  tx.later(sql`
    with written as (${writing})
    insert into due_work (kind, key, lane, due_at, payload)
    select ${job.kind}, ${when.key}, ${lanes[job.lane]}::smallint, ${dueOf(when)}, ${json(payload)} from written
    ${onDuplicate(when)}`)
  hintWork(tx, job, when)
}

/** No process sleeps longer without a look (worker.ts): what is due later needs no hint. */
export const longestSleepMs = 2_000

function hintWork(tx: Tx, job: Job<JsonObject>, { delayMs = 0, togetherMs = 0, atOnce }: WhenDue): void {
  if (atOnce !== true && delayMs - togetherMs <= longestSleepMs) tx.hint('mainstay_work', String(lanes[job.lane]))
}

export interface WorkOrder {
  readonly job: Job<JsonObject>
  readonly payload: JsonObject
  /** Somebody waits for it: this process begins it itself right after the commit, if it may. */
  readonly atOnce?: boolean
}

/** Due at once and without keys, whatever their kinds, in one statement. */
export async function addWorkNow(tx: Tx, orders: readonly WorkOrder[]): Promise<void> {
  if (orders.length === 0) return
  let written: Promise<readonly DueRow[]> = Promise.resolve([])
  const rows = orders.map(({ job, payload, atOnce }) => {
    const claim = randomUUID()
    const find = async () => (await written).find((row) => row.claim === claim) ?? null
    const place = atOnce === true ? placeAtOnce(tx, job, find) : null
    const born = place === null ? {} : { claim, owner: place.owner, seconds: place.leaseMs / 1_000 }
    return { kind: job.kind, lane: lanes[job.lane], payload, ...born }
  })
  const free = rows.filter((row) => !('claim' in row))
  for (const lane of new Set(free.map((row) => row.lane))) tx.hint('mainstay_work', String(lane))
  const insert = sql<DueRow>`
    insert into due_work (kind, lane, due_at, payload, claim, claimed_by, claimed_until, attempts)
    select kind, lane, mainstay_now(), payload, claim, owner, mainstay_now() + make_interval(secs => seconds), case when claim is null then 0 else 1 end
    from jsonb_to_recordset(${json(rows)}) as each (kind text, lane smallint, payload jsonb, claim uuid, owner text, seconds float8)
    returning id, kind, payload, attempts, due_at as "dueAt", claim`
  if (free.length === rows.length) return tx.later(insert)
  // Answered before the commit that comes behind it.
  written = tx.many(insert)
  written.catch(() => undefined)
}

/** What this transaction has written under these keys, claimed for this process. */
export async function claimKeyed(
  tx: Tx,
  named: readonly { readonly job: Job<JsonObject>; readonly key: string; readonly place: Place }[],
): Promise<ReadonlyMap<string, DueRow>> {
  const [first] = named
  if (first === undefined) return new Map()
  const rows = await tx.many(sql<DueRow & { readonly key: string }>`
    update due_work set claim = gen_random_uuid(), claimed_by = ${first.place.owner}, attempts = attempts + 1,
      claimed_until = mainstay_now() + make_interval(secs => own.seconds)
    from unnest(${named.map(({ job }) => job.kind)}::text[], ${named.map(({ key }) => key)}::text[], ${listOf(named.map(({ place }) => place.leaseMs / 1_000))}::float8[]) as own (kind, key, seconds)
    where due_work.kind = own.kind and due_work.key = own.key and set_aside_at is null and claim is null
    returning id, due_work.kind, due_work.key, payload, attempts, due_at as "dueAt", claim`)
  return new Map(rows.map(({ key, ...row }) => [key, row]))
}

/** One row for each key, in one statement; in the order of the keys, so that two of them never wait in a ring. */
export async function addWorkForEach<P extends JsonObject>(
  tx: Tx,
  job: Job<P>,
  payloads: ReadonlyMap<string, P>,
  when: Omit<WhenDue, 'key'> = {},
): Promise<void> {
  if (payloads.size === 0) return
  const rows = [...payloads].sort(([a], [b]) => (a < b ? -1 : 1))
  tx.later(sql`
    insert into due_work (kind, key, lane, due_at, payload)
    select ${job.kind}, key, ${lanes[job.lane]}, ${dueOf(when)}, payload::jsonb
    from unnest(${rows.map(([key]) => key)}::text[], ${rows.map(([, payload]) => JSON.stringify(payload))}::text[]) as each (key, payload)
    ${onDuplicate(when)}`)
  hintWork(tx, job, when)
}

function dueOf({ dueAt, delayMs = 0, togetherMs }: WhenDue): RawBuilder<unknown> {
  if (dueAt !== undefined) return timestamp(dueAt)
  const at = sql`mainstay_now() + make_interval(secs => ${delayMs / 1000}::float8)`
  return togetherMs === undefined
    ? at
    : sql`date_bin(make_interval(secs => ${togetherMs / 1000}::float8), ${at}, 'epoch'::timestamptz)`
}

function onDuplicate({ onDuplicate: what }: WhenDue): RawBuilder<unknown> {
  const sameKey = sql`on conflict (kind, key) where key is not null and set_aside_at is null`
  if (what === 'keep') return sql`${sameKey} do nothing`
  // Clearing the claim fences a worker that is at it: its finish() fails and the new time stands.
  const dueAt = what === 'sooner' ? sooner : sql`excluded.due_at`
  return sql`${sameKey} do update set payload = excluded.payload, due_at = ${dueAt}, lane = excluded.lane, claim = null, claimed_until = null, attempts = 0`
}

/** Those of the kind that are not set aside, counted to `most`. */
export async function countWaiting(queries: Queries, job: Job<JsonObject>, most: number): Promise<number> {
  const { count } = await queries.one(sql<{ count: number }>`
    select count(*)::int as count
    from (select 1 from due_work where kind = ${job.kind} and key is not null and set_aside_at is null limit ${most}) as waiting`)
  return count
}

/** True when there was something to cancel. A run under way is fenced off and cannot finish. */
export async function cancelWork(tx: Tx, job: Job<JsonObject>, key: string): Promise<boolean> {
  return (
    (await tx.run(sql`delete from due_work where kind = ${job.kind} and key = ${key} and set_aside_at is null`)) > 0
  )
}

export interface ClaimRequest {
  readonly lane: number
  readonly kinds: readonly string[]
  readonly limit: number
  readonly leaseMs: number
  /** Leases of kinds that differ from `leaseMs`. */
  readonly leasesMs?: Readonly<Record<string, number>>
  readonly owner: string
}

export interface Claimed {
  readonly rows: readonly DueRow[]
  /**
   * Milliseconds until the next row of the lane may be claimed, or null when there is none. Only rows of the kinds count: one
   * of a newer version's kind is due for ever and would never let this process sleep. Null, too, when as many as asked for
   * were due.
   */
  readonly nextMs: number | null
}

// Cost: one index range on (lane, due_at, id); rows claimed by others are passed over, not waited for. The kinds are compared
// so that no estimate depends on their number: else each call would be planned anew.
export async function claimDue(queries: Queries, request: ClaimRequest): Promise<Claimed> {
  // Said once: twenty kinds are a kilobyte, for a statement that is asked all day long.
  const theirs = sql`lane = ${request.lane} and set_aside_at is null and array_position((select kinds from own), kind) is not null`
  const others = sql`${theirs} and id <> all(array(select id from due))`
  const rows = await queries.many(sql<DueRow & { readonly nextMs: number | null }>`
    with own as materialized (select ${[...request.kinds]}::text[] as kinds),
    due as materialized (
      select id from due_work
      where ${theirs} and due_at <= mainstay_now() and (claim is null or claimed_until < mainstay_now())
      order by due_at, id limit ${request.limit} for update skip locked),
    claimed as (
      update due_work set claim = gen_random_uuid(), claimed_by = ${request.owner}, attempts = attempts + 1,
        claimed_until = mainstay_now() + make_interval(secs => coalesce((${json(request.leasesMs ?? {})} ->> kind)::float8, ${request.leaseMs}) / 1000)
      where id = any(array(select id from due))
      returning id, kind, payload, attempts, due_at, claim),
    next as (
      -- Not asked when there may be more that is due: then nobody sleeps. What is claimed was due before.
      select case when (select count(*) from due) < ${request.limit} then least(
        (select due_at from due_work where ${others} and claim is null order by due_at limit 1),
        (select min(claimed_until) from due_work where ${others} and claim is not null and due_at <= mainstay_now())) end as at)
    select claimed.id, kind, payload, attempts, due_at as "dueAt", claim, (extract(epoch from next.at - mainstay_now()) * 1000)::float8 as "nextMs"
    from next left join claimed on true order by due_at, claimed.id`)
  const ms = rows[0]?.nextMs ?? null
  return {
    // One row without an id says that nothing was due.
    rows: rows.filter((row) => (row.id as number | null) !== null).map(({ nextMs: _, ...row }) => row),
    nextMs: ms === null ? null : Math.max(0, ms),
  }
}

/**
 * Of each of these lanes: milliseconds until a row of the kinds may be claimed. Lanes without one are left out. O(lanes), and the rows under
 * way where nothing waits.
 */
export async function nextInLanes(
  queries: Queries,
  numbers: readonly number[],
  kinds: readonly string[],
): Promise<readonly { readonly lane: number; readonly ms: number }[]> {
  const theirs = sql`lane = own.lane and set_aside_at is null and array_position((select kinds from known), kind) is not null`
  return queries.many(sql<{ lane: number; ms: number }>`
    with known as materialized (select ${[...kinds]}::text[] as kinds)
    select own.lane, greatest(0, extract(epoch from next.at - mainstay_now()) * 1000)::float8 as ms
    from unnest(${[...numbers]}::smallint[]) as own (lane)
    left join lateral (select due_at from due_work where ${theirs} and claim is null order by due_at limit 1) as free on true
    cross join lateral (
      select case when free.due_at <= mainstay_now() then free.due_at else least(free.due_at,
        (select min(claimed_until) from due_work where ${theirs} and claim is not null and due_at <= mainstay_now())) end as at) as next
    where next.at is not null`)
}

/** The ids alone lead to the rows; without them the whole table would be read for the pairs. */
function isHeld(claims: readonly { readonly id: number; readonly claim: string }[]): RawBuilder<unknown> {
  const ids = claims.map((each) => each.id)
  return sql`id = any(${ids}::bigint[]) and (id, claim) in (select * from unnest(${ids}::bigint[], ${claims.map((each) => each.claim)}::uuid[]))`
}

export async function renewClaims(
  queries: Queries,
  claims: readonly { id: number; claim: string }[],
  leaseMs: number,
): Promise<readonly number[]> {
  const rows = await queries.many(sql<{ id: number }>`
    update due_work set claimed_until = mainstay_now() + make_interval(secs => ${leaseMs / 1000})
    where ${isHeld(claims)} returning id`)
  return rows.map((row) => row.id)
}

export async function finishWork(queries: Queries, row: { id: number; claim: string }): Promise<boolean> {
  return (await queries.run(sql`delete from due_work where id = ${row.id} and claim = ${row.claim}`)) === 1
}

/** Answers those that were still held. */
export async function finishAll(
  queries: Queries,
  rows: readonly { readonly id: number; readonly claim: string }[],
): Promise<ReadonlySet<number>> {
  const finished = await queries.many(sql<{ id: number }>`delete from due_work where ${isHeld(rows)} returning id`)
  return new Set(finished.map((each) => each.id))
}

export async function finishFenced(tx: Tx, row: { id: number; claim: string }): Promise<void> {
  if (!(await finishWork(tx, row))) throw claimLost()
}

export async function againFenced(tx: Tx, row: { id: number; claim: string }, dueAt: Instant): Promise<void> {
  const moved = await tx.run(sql`
    update due_work set due_at = ${timestamp(dueAt)}, claim = null, claimed_until = null, attempts = 0, last_error = null
    where id = ${row.id} and claim = ${row.claim}`)
  if (moved !== 1) throw claimLost()
}

export async function retryLater(
  queries: Queries,
  row: { id: number; claim: string },
  waitMs: number,
  error: string,
): Promise<void> {
  await queries.run(sql`
    update due_work set due_at = mainstay_now() + make_interval(secs => ${waitMs / 1000}), claim = null, claimed_until = null, last_error = ${error}
    where id = ${row.id} and claim = ${row.claim}`)
}

export interface NextTurn {
  readonly id: number
  readonly claim: string
  readonly waitMs: number
}

/**
 * Recurring jobs that went well: their next turns start afresh. Those that wait for whole seconds meet on them, and those that wait for
 * multiples of five on these, up to as much sooner: what is due at once is claimed together. Answers whose claims were still held.
 */
export async function nextTurns(queries: Queries, turns: readonly NextTurn[]): Promise<ReadonlySet<number>> {
  const seconds = turns.map(({ waitMs }) => waitMs / 1_000)
  const grid = seconds.map((each) => [5, 1].find((step) => each >= step && each % step === 0) ?? 1e-6)
  const moved = await queries.many(sql<{ id: number }>`
    update due_work set due_at = date_bin(make_interval(secs => own.grid), mainstay_now() + make_interval(secs => own.seconds), 'epoch'::timestamptz),
      claim = null, claimed_until = null, attempts = 0, last_error = null
    from unnest(${turns.map((turn) => turn.id)}::bigint[], ${turns.map((turn) => turn.claim)}::uuid[], ${listOf(seconds)}::float8[], ${listOf(grid)}::float8[]) as own (id, claim, seconds, grid)
    where due_work.id = own.id and due_work.claim = own.claim
    returning due_work.id`)
  return new Set(moved.map((each) => each.id))
}

export async function setAside(queries: Queries, row: { id: number; claim: string }, error: string): Promise<void> {
  await queries.run(sql`
    update due_work set set_aside_at = mainstay_now(), claim = null, claimed_until = null, last_error = ${error}
    where id = ${row.id} and claim = ${row.claim}`)
}

/** A recurring job that rests comes now; one that is under way, and may have missed what is new, comes again. */
export async function hurry(tx: Tx, job: Job<JsonObject>): Promise<void> {
  const moved = await tx.run(sql`
    update due_work set due_at = mainstay_now(), claim = null, claimed_until = null, attempts = 0
    where kind = ${job.kind} and key = 'recurring' and set_aside_at is null and (due_at > mainstay_now() or claim is not null)`)
  if (moved > 0) hintWork(tx, job, {})
}

/** Makes sure the one row of a recurring job exists; leaves it alone when it does. */
export async function plantRecurring(queries: Queries, job: Job<JsonObject>): Promise<void> {
  await queries.run(sql`
    insert into due_work (kind, key, lane, due_at, payload) values (${job.kind}, 'recurring', ${lanes[job.lane]}, mainstay_now(), '{}')
    on conflict (kind, key) where key is not null and set_aside_at is null do nothing`)
}

/** A kind whose lane another version chose otherwise: its rows would be due for ever, because each lane claims its own kinds. */
export async function adoptLanes(queries: Queries, jobs: readonly Job<JsonObject>[]): Promise<void> {
  await queries.run(sql`
    update due_work set lane = own.lane
    from unnest(${jobs.map((job) => job.kind)}::text[], ${jobs.map((job) => lanes[job.lane])}::smallint[]) as own (kind, lane)
    where due_work.kind = own.kind and due_work.lane <> own.lane`)
}

export async function releaseClaims(queries: Queries, owner: string): Promise<void> {
  await queries.run(sql`
    update due_work set claim = null, claimed_until = null, attempts = greatest(0, attempts - 1) where claimed_by = ${owner} and claim is not null`)
}

export interface LaneState {
  readonly lane: number
  readonly waiting: number
  readonly overdueSeconds: number
  readonly setAside: number
}

/** O(rows due), used by /metrics and the watchdog. */
export async function laneStates(queries: Queries): Promise<readonly LaneState[]> {
  return queries.many(sql<LaneState>`
    select lane, count(*) filter (where set_aside_at is null)::int as waiting,
      coalesce(greatest(0, extract(epoch from mainstay_now() - min(due_at) filter (where set_aside_at is null))), 0)::float8 as "overdueSeconds",
      count(*) filter (where set_aside_at is not null)::int as "setAside"
    from due_work group by lane order by lane`)
}

/** How late the oldest page to a person is, by whatever way it goes. O(lanes of pages). */
export async function oldestDuePageMs(queries: Queries): Promise<number> {
  const row = await queries.one(sql<{ ms: number }>`
    select coalesce(greatest(0, max(extract(epoch from mainstay_now() - oldest.due_at)) * 1000), 0)::float8 as ms
    from unnest(${pageLanes.map((lane) => lanes[lane])}::smallint[]) as own (lane)
    cross join lateral (select due_at from due_work where lane = own.lane and set_aside_at is null order by due_at limit 1) as oldest`)
  return row.ms
}

export interface SetAsideRow {
  readonly id: number
  readonly kind: string
  readonly key: string | null
  readonly lane: number
  readonly dueAt: Instant
  readonly setAsideAt: Instant
  readonly attempts: number
  readonly lastError: string | null
}

const setAsideColumns = sql`id, kind, key, lane, due_at as "dueAt", set_aside_at as "setAsideAt", attempts, last_error as "lastError"`

/** Newest first; the id stands for the age closely enough, and it never changes under a reader who goes on. */
export async function listSetAside(
  queries: Queries,
  limit: number,
  filter: { readonly before?: number; readonly kind?: string } = {},
): Promise<readonly SetAsideRow[]> {
  return queries.many(sql<SetAsideRow>`
    select ${setAsideColumns} from due_work where set_aside_at is not null
      ${filter.before === undefined ? sql`` : sql`and id < ${filter.before}`}
      ${filter.kind === undefined ? sql`` : sql`and kind = ${filter.kind}`}
    order by id desc limit ${limit}`)
}

export async function lockSetAside(tx: Tx, id: number): Promise<SetAsideRow | null> {
  return tx.maybe(
    sql<SetAsideRow>`select ${setAsideColumns} from due_work where id = ${id} and set_aside_at is not null for update`,
  )
}

/** Due at once, as if it never ran. False when newer work with its key waits: there is at most one. */
export async function retrySetAside(tx: Tx, id: number): Promise<boolean> {
  const moved = await tx.run(sql`
    update due_work work set set_aside_at = null, due_at = mainstay_now(), attempts = 0, claim = null, claimed_until = null
    where id = ${id} and not exists (
      select from due_work newer where newer.kind = work.kind and newer.key = work.key and newer.set_aside_at is null)`)
  if (moved === 1) tx.hint('mainstay_work')
  return moved === 1
}

export async function dropSetAside(tx: Tx, id: number): Promise<void> {
  await tx.run(sql`delete from due_work where id = ${id} and set_aside_at is not null`)
}

function claimLost(): AppError {
  return new AppError('conflict', 'work.claim-lost', 'Another process has taken this work over.')
}

/** Writes and removes a row: a full disk or a read-only standby fails here while reads still work. */
export async function probeWrite(queries: Queries): Promise<void> {
  await queries.run(sql`
    with written as (insert into idempotency_keys (actor, key, operation, body_hash) values ('readiness', gen_random_uuid()::text, 'probe', '') returning actor, key)
    select count(*) from written`)
  await queries.run(sql`delete from idempotency_keys where actor = 'readiness'`)
}
