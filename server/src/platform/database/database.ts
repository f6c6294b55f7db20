// The pool, transactions, and their behaviour when the server is slow, hung, restarted or gone.
// Nothing here knows a table of the product.
import pg from 'pg'
import { AppError } from '../../kernel/app-error.ts'
import type { Log } from '../log/log.ts'
import type { ConnectionSettings } from './connection.ts'
import {
  type Behalf,
  isForADeed,
  isRecalling,
  isWriting,
  markIn,
  notRecalled,
  recallResult,
  takeBehalf,
  underWay,
} from './deeds.ts'
import { isAway, isOutdatedPlan, isTransient, refusalOf } from './failures.ts'
import { fixedPrimary, type Primary } from './primary.ts'
import { compile, type Queries, queriesOver, type RawBuilder, type Runner, type Statement } from './queries.ts'
import { keepAliveAfterMs, openSessions } from './sessions.ts'
import { statementNames } from './statement-names.ts'
import { columnTypes } from './types.ts'

/** Queries inside one transaction. Never does outside calls; commits when the work resolves. */
export interface Tx extends Queries {
  readonly inTransaction: true
  readonly home: object
  /**
   * Wakes listeners of the channel soon after the commit. Only a hint: polling is the truth. The word says what it is
   * about; words of the same moment come together, with spaces between them.
   */
  hint(channel: HintChannel, word?: string): void
  /**
   * A write whose answer nobody needs: it is under way with whatever is asked next, also with the commit. When it fails, so does the
   * transaction.
   */
  later(query: RawBuilder<unknown>): void
  /** Done right before the commit, once however often it is asked for under this name. */
  beforeCommit(name: string, work: () => Promise<void> | void): void
  /** Told how it ended; nobody waits for what is done then. */
  onEnd(listener: (isCommitted: boolean) => void): void
}

export type HintListener = (channel: HintChannel, words: ReadonlySet<string>) => void

export type HintChannel = 'mainstay_work' | 'mainstay_journal' | 'mainstay_sessions'

export interface Database extends Queries {
  /** The same object here and in all its transactions: what the process remembers of this database hangs there. */
  readonly home: object
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Runs the work and rolls it back whatever happens: a server-side dry run by the very same code. */
  rehearse<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** A connection of its own, outside the pool: LISTEN, advisory locks. The caller ends it. */
  dedicated(): Promise<pg.Client>
  /**
   * Told of the hints of each commit of this process at once, before and without any notification of the server. Answers how to
   * stop it.
   */
  onHint(listener: HintListener): () => void
  /** Whether a notification comes from a session of this process: its hints were told before. */
  isOwn(notification: { readonly processId: number }): boolean
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number }
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly connection: ConnectionSettings
  /** Which server of several takes the writes; that of `connection` when left out. Closed with the database. */
  readonly primary?: Primary
  readonly log: Log
  readonly maxConnections?: number
  /** Server side: a statement that runs longer is cancelled. */
  readonly statementTimeoutMs?: number
  /** The role every pooled session takes, so that the product cannot rewrite its own journal. */
  readonly role?: string
  readonly applicationName?: string
  /** What is known beyond "it does not answer": the supervisor of an embedded server reads why it cannot start. */
  readonly trouble?: () => AppError | null
}

// A deadlock or serialization failure leaves nothing behind, so the same work may run again.
const retriesOnConflict = 3
const hintDelayMs = 5
const statementWithinMs = 7_000
// Said by the server when a commit no longer waits for its standby: it was cancelled, and holds on the primary alone.
const replicationGivenUp = 'SyncRepWaitForLSN'

export function openDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? statementWithinMs
  const mostSessions = options.maxConnections ?? 20
  const primary = options.primary ?? fixedPrimary(options.connection)
  const sessions = openSessions({
    primary,
    log: options.log,
    settings: { ...clientSettings(options), max: mostSessions },
    statementTimeoutMs,
  })

  const home = {}
  const names = statementNames()
  const toQuery = ({ text, values }: Statement): pg.QueryConfig => {
    const name = names.nameOf(text)
    return { text, values: [...values], ...(name === undefined ? {} : { name }) }
  }

  const explained = (error: unknown): unknown => {
    const refusal = refusalOf(error)
    const isSilent = refusal instanceof AppError && refusal.code === 'database.away'
    return (isSilent ? options.trouble?.() : null) ?? refusal
  }
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw explained(error)
    }
  }

  // Each try with an outdated plan costs one session, so there are no more of them than sessions.
  const onAnySession = async (statement: Statement): Promise<pg.QueryResult> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await sessions.query(toQuery(statement))
      } catch (error) {
        if (!isOutdatedPlan(error) || attempt > mostSessions) throw error
      }
    }
  }
  // A statement that changes something on behalf of a deed is a transaction, which says so.
  const onPool = queriesOver((statement) => {
    if (!isForADeed() || !isWriting(statement.text)) return guarded(() => onAnySession(statement))
    if (isRecalling()) throw notRecalled()
    return underWay() === null ? guarded(() => onAnySession(statement)) : apart(statement)
  })

  // NOTIFY takes a lock that all commits share, so it stays out of transactions and is sent once for many of them.
  const pending = new Map<HintChannel, Set<string>>()
  const listeners = new Set<HintListener>()
  const notifySoon = (hints: ReadonlyMap<HintChannel, ReadonlySet<string>>) => {
    for (const [channel, words] of hints) for (const told of listeners) told(channel, words)
    if (hints.size > 0 && pending.size === 0)
      setTimeout(() => {
        const said = [...pending].map(([channel, words]) => [channel, [...words].join(' ')] as const)
        pending.clear()
        sessions.hint('select pg_notify(channel, words) from unnest($1::text[], $2::text[]) as said (channel, words)', [
          said.map(([channel]) => channel),
          said.map(([, words]) => words),
        ])
      }, hintDelayMs)
    for (const [channel, words] of hints) pending.set(channel, new Set([...(pending.get(channel) ?? []), ...words]))
  }

  const begin = async <T>(
    work: (tx: Tx, run: Runner) => Promise<T>,
    end: 'commit' | 'rollback',
    behalf: Behalf | null = null,
  ): Promise<T> => {
    const client = await guarded(() => sessions.connect())
    let broken: Error | undefined
    // An error between two queries (server shut down) would otherwise be an unhandled event.
    const remember = (error: Error) => {
      broken = error
    }
    client.on('error', remember)
    let alone = false
    const heed = (notice: { readonly routine?: string | undefined }) => {
      if (notice.routine === replicationGivenUp) alone = true
    }
    client.on('notice', heed)
    // A session runs one statement after the other, in the order they were sent, and the end of the transaction is behind them
    // all. What is asked for at once does not wait here for the answers before it (pg: `pipeline`). After a failure the rest is
    // refused: the first failure is the one that says why.
    const failures: unknown[] = []
    /** Why what nobody waits for failed. */
    let unheard: unknown = null
    const inTurn = (query: pg.QueryConfig | string, isHeard = true): Promise<pg.QueryResult> =>
      client.query(query).catch((error: unknown) => {
        failures.push(error)
        if (!isHeard) unheard ??= failures[0]
        throw error
      })
    const firstOf = (error: unknown): unknown => (failures.includes(error) ? failures[0] : error)
    let isCommitted = false
    const listeners: ((isCommitted: boolean) => void)[] = []
    try {
      // Waited for: without it each of the others would be a transaction of its own.
      await inTurn('begin')
      const hints = new Map<HintChannel, Set<string>>()
      const lasts = new Map<string, () => Promise<void> | void>()
      let isOver = false
      const ask = (statement: Statement, isHeard = true) => {
        // Behind the commit it would be a transaction of its own.
        if (isOver) throw new Error('The transaction has ended.')
        return inTurn(toQuery(statement), isHeard)
      }
      const run: Runner = async (statement) => ask(statement)
      const tx: Tx = {
        ...queriesOver(run),
        inTransaction: true,
        home,
        hint: (channel, word = '') => void hints.set(channel, (hints.get(channel) ?? new Set()).add(word)),
        later: (query) => void ask(compile(query), false).catch(() => undefined),
        beforeCommit: (name, last) => void lasts.set(name, last),
        onEnd: (listener) => void listeners.push(listener),
      }
      const result = await work(tx, run)
      for (const last of lasts.values()) await last()
      const isMarked = behalf !== null && (await markIn(tx, behalf, result))
      isOver = true
      const ended = await inTurn(end)
      // PostgreSQL answers COMMIT with ROLLBACK when a statement failed and somebody swallowed its error.
      if (end === 'commit' && ended.command !== 'COMMIT') throw unheard ?? swallowed()
      isCommitted = end === 'commit'
      if (isMarked) behalf.doing.isDone = true
      if (end === 'commit') notifySoon(hints)
      if (alone) throw unreplicated()
      return result
    } catch (latest) {
      if (alone) throw latest
      const error = firstOf(latest)
      sessions.suspect(error)
      // A server that does not answer would keep a rollback waiting as long again; dropping the session rolls back too.
      // One whose plans no longer fit the tables (another process has just migrated them) plans afresh in a new one.
      if (isAway(error) || isOutdatedPlan(error)) broken ??= error instanceof Error ? error : new Error(String(error))
      else
        await inTurn('rollback').catch((failure: Error) => {
          broken = failure
        })
      throw error
    } finally {
      client.off('error', remember)
      client.off('notice', heed)
      client.release(broken)
      for (const told of listeners) told(isCommitted)
    }
  }

  const transaction = async <T>(work: (tx: Tx, run: Runner) => Promise<T>): Promise<T> => {
    if (isRecalling()) return recallResult() as T
    const behalf = takeBehalf()
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await begin(work, 'commit', behalf)
      } catch (error) {
        const most = isOutdatedPlan(error) ? mostSessions : retriesOnConflict
        if (!isTransient(error) || attempt > most) throw explained(error)
      }
    }
  }
  const apart = (statement: Statement) => transaction((_tx, run) => run(statement))

  return {
    ...onPool,
    home,
    transaction,
    rehearse: (work) => guarded(() => begin(work, 'rollback')),
    dedicated: async () => {
      const client = new pg.Client({
        ...clientSettings(options),
        ...primary.host,
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
        keepAliveInitialDelayMillis: keepAliveAfterMs,
      })
      // Without a listener a connection that breaks would end the process; callers add what they do about it.
      client.on('error', () => undefined)
      try {
        await guarded(() => client.connect())
        await guarded(() => primary.admit(client))
        sessions.keep(client)
        return client
      } catch (error) {
        void client.end().catch(() => undefined)
        sessions.suspect(error)
        throw error
      }
    },
    onHint: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    isOwn: ({ processId }) => sessions.isOwn(processId),
    get pool() {
      return sessions.counts
    },
    close: sessions.close,
  }
}

const swallowed = (): Error =>
  new Error('The transaction was rolled back: one of its statements failed and the failure was swallowed.')

function unreplicated(): AppError {
  return new AppError(
    'unavailable',
    'database.away',
    'The standby did not confirm the change. It is on the primary alone and may be lost with it; repeat it.',
    { retryAfterSeconds: 5 },
  )
}

function clientSettings(options: DatabaseOptions): pg.ClientConfig {
  const { connection } = options
  return {
    user: connection.user,
    database: connection.database,
    ...(connection.password === undefined ? {} : { password: connection.password }),
    ...(connection.ssl === undefined ? {} : { ssl: connection.ssl }),
    application_name: options.applicationName ?? 'mainstay',
    types: columnTypes,
    options: `-c timezone=UTC${options.role === undefined ? '' : ` -c role=${options.role}`}`,
  }
}
