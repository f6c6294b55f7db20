// What a failing database means: retry the transaction, refuse the input, or say "not now".
import pg from 'pg'
import { AppError } from '../../kernel/app-error.ts'

function sqlState(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : null
}

/** Serialization failure, deadlock, outdated plan: nothing happened, so the same work may run again at once. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01' || isOutdatedPlan(error)
}

/** A prepared statement of this session answers other columns since a migration. The message may be translated, the place is not. */
export function isOutdatedPlan(error: unknown): boolean {
  return sqlState(error) === '0A000' && error instanceof pg.DatabaseError && error.routine === 'RevalidateCachedQuery'
}

export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error instanceof AppError ? error.details.cause : error) === '23505'
}

const socketFailures = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EACCES',
])
const untrusted = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

const awayMessages =
  /timeout|terminated|Connection ended|not queryable|connection error|shutting down|Client was closed|after calling end/i

/** True when the server could not be reached or did not answer; the work may or may not have been committed. */
export function isAway(error: unknown): boolean {
  const state = sqlState(error)
  // 25P03 and 25P04: the server closed a session that was idle in a transaction or too long in one; 58: its disk fails.
  if (state !== null && (socketFailures.has(state) || /^(08|57P0|53|58|25P0[34])/.test(state))) return true
  return state === null && error instanceof Error && awayMessages.test(error.message)
}

/** Turns what pg throws into a refusal of ours where one fits; anything else is a bug and stays as it is. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof AppError) return error
  const state = sqlState(error)
  if (state === '53100') {
    return new AppError(
      'unavailable',
      'database.disk-full',
      'The database has no disk space left; free some and it goes on by itself.',
      { cause: error, retryAfterSeconds: 30 },
    )
  }
  if (state === '57014') {
    return new AppError('unavailable', 'database.too-slow', 'The database did not answer within its time limit.', {
      cause: error,
      retryAfterSeconds: 5,
    })
  }
  // After the retries: the same work may succeed in a moment.
  if (isTransient(error) || state === '55P03') {
    return new AppError('unavailable', 'database.busy', 'Others change the same at this moment; repeat it.', {
      cause: error,
      retryAfterSeconds: 1,
    })
  }
  if (state === '25006') {
    return new AppError(
      'unavailable',
      'database.read-only',
      'The database takes no writes: it is a standby, or was set read-only. Point DATABASE_URL at the primary.',
      { cause: error, retryAfterSeconds: 5 },
    )
  }
  if (state !== null && untrusted.has(state)) {
    const because = error instanceof Error ? error.message : state
    return new AppError(
      'unavailable',
      'database.untrusted',
      `The certificate of PostgreSQL is not trusted (${because}). Name its authority with sslrootcert=FILE and the host as the certificate does, in DATABASE_URL.`,
      { cause: error, retryAfterSeconds: 30 },
    )
  }
  if (isAway(error)) {
    return new AppError('unavailable', 'database.away', 'The database cannot be reached right now.', {
      cause: error,
      retryAfterSeconds: 5,
    })
  }
  if (state === '22021' || state === '22P05') {
    return new AppError(
      'invalid',
      'input.unstorable-text',
      'The text holds a NUL character or half of a surrogate pair, which cannot be stored.',
      { cause: error },
    )
  }
  if (state === '22003' || state === '22008') {
    return new AppError('invalid', 'input.out-of-range', 'A number or a time is beyond what can be stored.', {
      cause: error,
    })
  }
  return error
}
