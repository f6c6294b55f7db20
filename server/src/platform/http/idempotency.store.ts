// All SQL on the keys under which requests are carried out once.
import type { Trail, Written } from '../database/deeds.ts'
import { json, type Queries, sql } from '../database/queries.ts'

/** One call under one key. Whoever takes a key over makes a new claim, and the old one can say nothing any more. */
export interface KeyClaim {
  readonly actor: string
  readonly key: string
  readonly claim: string
}

export interface Wanted {
  readonly operation: string
  readonly bodyHash: string
}

export interface Kept {
  readonly body: unknown
  readonly version: number | null
  readonly location: string | null
}

export interface Refusal {
  readonly kind: 'invalid' | 'not-found' | 'forbidden' | 'conflict'
  readonly code: string
  readonly sentence: string
}

export interface KnownKey extends Wanted {
  readonly claim: string | null
  readonly status: number | null
  readonly response: Kept | null
  readonly refusal: Refusal | null
  readonly isDone: boolean
  /** What its transaction answered, where the operation can make its answer of it again. */
  readonly result: { readonly value: unknown } | null
  readonly written: readonly Written[] | null
  /** Whoever began it, or said that it is done, has had its time to answer. */
  readonly isOld: boolean
  readonly isSettled: boolean
}

// A call that was never done blocks its key this long; then it counts as dead, a repeat takes the key over, and should it live
// after all, it cannot commit any more.
const inFlightSeconds = 60
// From the commit to the answer it is a few reads.
const answersWithinSeconds = 10

/** Whether the key is free for this call: nobody has it, or whoever had it did nothing and counts as dead. */
export async function claimKey(queries: Queries, { actor, key, claim }: KeyClaim, wanted: Wanted): Promise<boolean> {
  const rows = await queries.run(sql`
    insert into idempotency_keys (actor, key, operation, body_hash, claim) values (${actor}, ${key}, ${wanted.operation}, ${wanted.bodyHash}, ${claim})
    on conflict (actor, key) do update set created_at = mainstay_now(), operation = excluded.operation, body_hash = excluded.body_hash, claim = excluded.claim,
        status = null, response = null, done_at = null, result = null, written = null, refusal = null
      where idempotency_keys.created_at < mainstay_now() - interval '24 hours'
        or (idempotency_keys.status is null and idempotency_keys.done_at is null
          and idempotency_keys.operation = excluded.operation and idempotency_keys.body_hash = excluded.body_hash
          and idempotency_keys.created_at < mainstay_now() - make_interval(secs => ${inFlightSeconds}))`)
  return rows > 0
}

export type Marked = 'marked' | 'nothing-written' | 'taken-over'

/** In the transaction of the work, right before its commit. What wrote nothing has no transaction id, and is not said to be done. */
export async function markDone(tx: Queries, { actor, key, claim }: KeyClaim, trail: Trail): Promise<Marked> {
  const result = trail.result === undefined ? null : { value: trail.result }
  const { marked, wrote } = await tx.one(sql<{ marked: boolean; wrote: boolean }>`
    with marked as (
      update idempotency_keys set done_at = coalesce(done_at, mainstay_now()), result = ${orNull(result)},
        written = ${trail.written.length === 0 ? sql`written` : json(trail.written)}
      where actor = ${actor} and key = ${key} and claim = ${claim} and pg_current_xact_id_if_assigned() is not null
      returning 1)
    select exists (select from marked) as marked, pg_current_xact_id_if_assigned() is not null as wrote`)
  return marked ? 'marked' : wrote ? 'taken-over' : 'nothing-written'
}

export async function findKey(queries: Queries, actor: string, key: string): Promise<KnownKey | null> {
  return queries.maybe(sql<KnownKey>`
    select operation, body_hash as "bodyHash", claim, status, response, refusal, done_at is not null as "isDone", result, written,
      created_at < mainstay_now() - make_interval(secs => ${inFlightSeconds}) as "isOld",
      coalesce(done_at < mainstay_now() - make_interval(secs => ${answersWithinSeconds}), false) as "isSettled"
    from idempotency_keys where actor = ${actor} and key = ${key}`)
}

/** The answer stands for what its transaction left. */
export async function saveAnswer(
  queries: Queries,
  { actor, key, claim }: KeyClaim,
  status: number,
  kept: Kept | null,
): Promise<void> {
  await queries.run(sql`
    update idempotency_keys set status = ${status}, response = ${json(kept)}, result = null
    where actor = ${actor} and key = ${key} and claim = ${claim}`)
}

/** For a better try: nothing was done. False where something was. */
export async function freeKey(queries: Queries, { actor, key, claim }: KeyClaim): Promise<boolean> {
  const rows = await queries.run(sql`
    delete from idempotency_keys where actor = ${actor} and key = ${key} and claim = ${claim} and status is null and done_at is null`)
  return rows > 0
}

/** Said after something was done: a repeat is refused likewise, and does it no second time. */
export async function saveRefusal(queries: Queries, { actor, key, claim }: KeyClaim, refusal: Refusal): Promise<void> {
  await queries.run(sql`
    update idempotency_keys set refusal = ${json(refusal)}, result = null
    where actor = ${actor} and key = ${key} and claim = ${claim} and status is null and done_at is not null`)
}

const orNull = (value: unknown) => (value === null ? sql`null` : json(value))
