// Idempotency-Key on POST: the same key and body give the same answer for 24 h; another body is refused.
import { createHash } from 'node:crypto'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { isAwayRefusal } from '../database/away.ts'
import type { Database } from '../database/database.ts'
import { json, sql } from '../database/queries.ts'
import { Answer } from './operation.ts'

export interface Idempotency {
  readonly database: Database
  /** The database is known to be away: what can be done without it is done, and nothing is remembered. */
  readonly isAway?: () => boolean
}

interface Call {
  readonly key: string | string[] | undefined
  readonly method: string
  readonly operation: string
  readonly actor: Actor
  readonly body: unknown
  readonly status: number
  readonly secretReply: boolean
}

interface Remembered {
  readonly body_hash: string
  readonly operation: string
  readonly status: number | null
  readonly response: Kept | null
}

interface Kept {
  readonly body: unknown
  readonly version: number | null
  readonly location: string | null
}

export interface Outcome {
  readonly value: unknown
  readonly status: number
  readonly repeated: boolean
}

// A first call that died with its process blocks its key this long, then the repeat runs it anew: at least once.
const inFlightSeconds = 60

export async function runOnce(idempotency: Idempotency, call: Call, work: () => Promise<unknown>): Promise<Outcome> {
  if (call.method !== 'POST' || call.key === undefined)
    return { value: await work(), status: call.status, repeated: false }
  const key = typeof call.key === 'string' ? call.key : ''
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new AppError(
      'invalid',
      'http.bad-idempotency-key',
      'Idempotency-Key must be 1 to 128 printable characters without spaces, a UUID for example.',
    )
  }
  const { database } = idempotency
  const plain = async (): Promise<Outcome> => ({ value: await work(), status: call.status, repeated: false })
  if (idempotency.isAway?.() === true) return plain()
  const actor = `${call.actor.kind}:${call.actor.id}`
  const bodyHash = createHash('sha256')
    .update(JSON.stringify(call.body ?? null))
    .digest('hex')
  const first = await orAway(() =>
    database.run(sql`
    insert into idempotency_keys (actor, key, operation, body_hash) values (${actor}, ${key}, ${call.operation}, ${bodyHash})
    on conflict (actor, key) do update set created_at = mainstay_now(), operation = excluded.operation, body_hash = excluded.body_hash, status = null, response = null
      where idempotency_keys.created_at < mainstay_now() - interval '24 hours'
        or (idempotency_keys.status is null and idempotency_keys.body_hash = excluded.body_hash and idempotency_keys.created_at < mainstay_now() - make_interval(secs => ${inFlightSeconds}))`),
  )
  // Whoever cannot do without the database says so itself.
  if (first === 'away') return plain()
  if (first === 0) return repeat(database, actor, key, call, bodyHash)
  try {
    const value = await work()
    const status = value instanceof Answer ? (value.status ?? call.status) : call.status
    const kept: Kept | null = call.secretReply
      ? null
      : value instanceof Answer
        ? { body: value.body ?? null, version: value.version, location: value.location }
        : { body: value ?? null, version: null, location: null }
    // It is done; that it was done cannot be said again with the database away, and the answer stands.
    await orAway(() =>
      database.run(
        sql`update idempotency_keys set status = ${status}, response = ${json(kept)} where actor = ${actor} and key = ${key}`,
      ),
    )
    return { value, status, repeated: false }
  } catch (error) {
    // A refusal changed nothing, so the key is free for a better try.
    await database.run(sql`delete from idempotency_keys where actor = ${actor} and key = ${key} and status is null`)
    throw error
  }
}

async function orAway<T>(work: () => Promise<T>): Promise<T | 'away'> {
  try {
    return await work()
  } catch (error) {
    if (isAwayRefusal(error)) return 'away'
    throw error
  }
}

async function repeat(database: Database, actor: string, key: string, call: Call, bodyHash: string): Promise<Outcome> {
  const known = await database.maybe(sql<Remembered>`
    select body_hash, operation, status, response from idempotency_keys where actor = ${actor} and key = ${key}`)
  if (known === null || known.status === null) {
    throw new AppError(
      'conflict',
      'http.idempotency-in-flight',
      'The first request with this Idempotency-Key is still being worked on. Repeat it in a moment.',
      { retryAfterSeconds: 2 },
    )
  }
  if (known.body_hash !== bodyHash || known.operation !== call.operation) {
    throw new AppError(
      'invalid',
      'http.idempotency-reused',
      'This Idempotency-Key was used for another request. Use a fresh key.',
    )
  }
  if (call.secretReply || known.response === null) {
    throw new AppError(
      'conflict',
      'http.secret-given',
      'It was done, and the answer held a secret that is shown once. If it was lost, revoke it and make another.',
    )
  }
  const { body, version, location } = known.response
  const value = new Answer(body, {
    ...(version === null ? {} : { version }),
    ...(location === null ? {} : { location }),
  })
  return { value, status: known.status, repeated: true }
}
