// Idempotency-Key on POST: the same key and body are carried out once and give the same answer for 24 h; another body is refused.
// The transaction of the work says in its own commit that it is done (platform/database/deeds), so who dies after it leaves no
// doubt. An answer that was lost is found again where the operation can, and said to be lost where it cannot.
import { createHash, randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { isAwayRefusal } from '../database/away.ts'
import type { Database } from '../database/database.ts'
import { type Deed, onBehalfOf, recalling, type Trail } from '../database/deeds.ts'
import {
  claimKey,
  findKey,
  freeKey,
  type Kept,
  type KeyClaim,
  type KnownKey,
  markDone,
  type Refusal,
  saveAnswer,
  saveRefusal,
} from './idempotency.store.ts'
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
  /** See `answeringAgain`. */
  readonly answersAgain: boolean
}

export interface Outcome {
  readonly value: unknown
  readonly status: number
  readonly repeated: boolean
}

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
  const own: KeyClaim = { actor: `${call.actor.kind}:${call.actor.id}`, key, claim: randomUUID() }
  const bodyHash = createHash('sha256')
    .update(JSON.stringify(call.body ?? null))
    .digest('hex')
  const first = await orAway(() => claimKey(database, own, { operation: call.operation, bodyHash }))
  // Whoever cannot do without the database says so itself.
  if (first === 'away') return plain()
  if (!first) return repeat(database, own, call, bodyHash, work)
  return doOnce(database, own, call, work)
}

async function doOnce(database: Database, own: KeyClaim, call: Call, work: () => Promise<unknown>): Promise<Outcome> {
  try {
    const value = await onBehalfOf(deedOf(own, call), work)
    const outcome = { value, status: statusOf(call, value), repeated: false }
    // It is done; its answer cannot be kept with the database away, and stands.
    await orAway(() => saveAnswer(database, own, outcome.status, keptOf(call, value)))
    return outcome
  } catch (error) {
    await orAway(() => noteFailure(database, own, error))
    throw error
  }
}

function deedOf(own: KeyClaim, call: Call): Deed {
  const isKept = call.answersAgain && !call.secretReply
  return {
    mark: async (tx, trail: Trail) => {
      const result = isKept && isPlainJson(trail.result) ? trail.result : undefined
      const marked = await markDone(tx, own, { ...trail, result })
      if (marked === 'taken-over') throw inFlight()
      return marked === 'marked'
    },
  }
}

/** What comes back from JSON as it went. */
function isPlainJson(value: unknown): boolean {
  const text = JSON.stringify(value) as string | undefined
  return text !== undefined && isDeepStrictEqual(JSON.parse(text), value)
}

/** A refusal that changed nothing frees the key for a better try. One that came after a change is the answer of this key. */
async function noteFailure(database: Database, own: KeyClaim, error: unknown): Promise<void> {
  if (await freeKey(database, own)) return
  const refusal = refusalOf(error)
  if (refusal !== null) await saveRefusal(database, own, refusal)
}

function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof AppError) || error.kind === 'unavailable' || error.kind === 'limited') return null
  return { kind: error.kind, code: error.code, sentence: error.message }
}

const statusOf = (call: Call, value: unknown): number =>
  value instanceof Answer ? (value.status ?? call.status) : call.status

function keptOf(call: Call, value: unknown): Kept | null {
  if (call.secretReply) return null
  return value instanceof Answer
    ? { body: value.body ?? null, version: value.version, location: value.location }
    : { body: value ?? null, version: null, location: null }
}

async function orAway<T>(work: () => Promise<T>): Promise<T | 'away'> {
  try {
    return await work()
  } catch (error) {
    if (isAwayRefusal(error)) return 'away'
    throw error
  }
}

async function repeat(
  database: Database,
  { actor, key }: KeyClaim,
  call: Call,
  bodyHash: string,
  work: () => Promise<unknown>,
): Promise<Outcome> {
  const known = await findKey(database, actor, key)
  if (known === null) throw inFlight()
  if (known.bodyHash !== bodyHash || known.operation !== call.operation) {
    throw new AppError(
      'invalid',
      'http.idempotency-reused',
      'This Idempotency-Key was used for another request. Use a fresh key.',
    )
  }
  const { status, response, refusal } = known
  if (refusal !== null) throw new AppError(refusal.kind, refusal.code, refusal.sentence)
  if (status === null) {
    if (!known.isDone) throw inFlight()
    const again = await answerAgain(database, { actor, key }, call, known, work)
    if (again === 'soon') throw inFlight()
    if (again !== 'lost') return again
    if (!call.secretReply) throw answerLost(known)
  }
  if (status === null || call.secretReply || response === null) {
    throw new AppError(
      'conflict',
      'http.secret-given',
      'It was done, and the answer held a secret that is shown once. If it was lost, revoke it and make another.',
    )
  }
  const { body, version, location } = response
  const value = new Answer(body, {
    ...(version === null ? {} : { version }),
    ...(location === null ? {} : { location }),
  })
  return { value, status, repeated: true }
}

/** Done, and not answered: whoever did it still may, or is dead. What asks for the answer again writes nothing. */
async function answerAgain(
  database: Database,
  own: Pick<KeyClaim, 'actor' | 'key'>,
  call: Call,
  { result, claim, isOld, isSettled }: KnownKey,
  work: () => Promise<unknown>,
): Promise<Outcome | 'soon' | 'lost'> {
  if (!call.answersAgain || result === null || claim === null) return isOld && isSettled ? 'lost' : 'soon'
  if (!isSettled) return 'soon'
  let value: unknown
  try {
    value = await recalling(result.value, work)
  } catch (error) {
    if (isAwayRefusal(error)) throw error
    // What has happened since refuses it now, or it needs more than its one transaction answered.
    return 'lost'
  }
  const status = statusOf(call, value)
  await orAway(() => saveAnswer(database, { ...own, claim }, status, keptOf(call, value)))
  return { value, status, repeated: true }
}

function inFlight(): AppError {
  return new AppError(
    'conflict',
    'http.idempotency-in-flight',
    'The first request with this Idempotency-Key is still being worked on. Repeat it in a moment.',
    { retryAfterSeconds: 2 },
  )
}

function answerLost({ written }: KnownKey): AppError {
  const [first] = written ?? []
  const what =
    first === undefined
      ? 'Read what it was to change'
      : `Read ${first.kind} ${first.id}, of which it wrote entry ${first.entry} of the journal`
  return new AppError(
    'conflict',
    'http.answer-lost',
    `It was carried out, as far as it came before its server ended, and the answer was lost. ${what}; under a new key all of it would be done again.`,
  )
}
