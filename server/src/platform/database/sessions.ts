// The pooled sessions of the primary. When another server becomes it, all of them are ended and new ones go there: a
// session that stayed behind would read what is old and write what is lost.
import pg from 'pg'
import { AppError } from '../../kernel/app-error.ts'
import type { Log } from '../log/log.ts'
import { isAway } from './failures.ts'
import type { Primary } from './primary.ts'

export interface Sessions {
  connect(): Promise<pg.PoolClient>
  query(query: pg.QueryConfig): Promise<pg.QueryResult>
  /** Without an answer: a hint that is lost costs nothing. */
  hint(text: string, values: readonly (readonly string[])[]): void
  /** Looks for the primary when this error may mean that it is another one. */
  suspect(error: unknown): void
  /** A session outside the pool that is ended with the others when the primary moves. */
  keep(client: pg.Client): void
  /** Whether this is the server's process of one of the pooled sessions. */
  isOwn(processId: number): boolean
  readonly counts: { readonly total: number; readonly idle: number; readonly waiting: number }
  close(): Promise<void>
}

export interface SessionsOptions {
  readonly primary: Primary
  readonly log: Log
  readonly settings: pg.PoolConfig
  readonly statementTimeoutMs: number
}

// Waiting for a connection plus one statement end within 10 s, whatever the server does: nobody's request hangs longer.
const connectWithinMs = 2_500
// The server's own limit speaks first, so that a slow statement and a silent server are told apart.
const graceMs = 500
const closeWithinMs = 2_000
// Of a process that a network has cut off in the middle of a transaction nothing comes any more, and its locks stay: those
// of a pager are what every other pager waits for. Longer than a statement may wait for such a lock, so that of several
// that were cut off together none takes the lock over from the one that is ended.
const silentInTransactionMs = 8_000
// A half-open connection is found by the kernel while it idles, not by the next request that takes it.
export const keepAliveAfterMs = 10_000
// Idle connections that one restart of the server ends are reported within a moment.
const quietMs = 5_000

export function openSessions({ primary, log, settings, statementTimeoutMs }: SessionsOptions): Sessions {
  const all = new Set<pg.Client | pg.PoolClient>()
  const pooled = new Set<number>()
  let closing = false
  let saidAt = Number.NEGATIVE_INFINITY

  const keep = (client: pg.Client | pg.PoolClient) => {
    all.add(client)
    client.once('end', () => all.delete(client))
  }
  const open = (): pg.Pool => {
    const pool = new pg.Pool({
      ...settings,
      ...primary.host,
      // A half-open server answers neither yes nor no: the driver's own limits end the wait, drop the client
      // and let the pool heal by itself (measured: without query_timeout it hangs for ever).
      connectionTimeoutMillis: connectWithinMs,
      query_timeout: statementTimeoutMs + graceMs,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: Math.max(silentInTransactionMs, statementTimeoutMs + 1_000),
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveAfterMs,
      // What a transaction asks for at once is sent at once.
      pipeline: true,
      ...(primary.moves ? { onConnect: (client: pg.ClientBase) => primary.admit(client) } : {}),
    })
    // Without a listener an idle client that loses its server ends the process.
    pool.on('error', (error) => {
      // On leaving, the server may be faster than our good-bye. And a restart loses all of them at once: one line tells it.
      if (closing || pool.ending || performance.now() - saidAt < quietMs) return
      saidAt = performance.now()
      log.warn('Idle database connections were lost; new ones are made when they are needed.', { error: error.message })
    })
    // Nor may one that is lost between being handed out and being listened to: the pool takes its own listener off
    // first, and a server that dies can say so in the very bytes that made the session ready.
    pool.on('connect', (client) => {
      client.on('error', () => undefined)
      keep(client)
      const own = processOf(client)
      if (own === null) return
      pooled.add(own)
      client.once('end', () => pooled.delete(own))
    })
    return pool
  }

  let pool = open()
  primary.onMove(() => {
    if (closing) return
    const former = pool
    pool = open()
    void former.end().catch(() => undefined)
    // Also those at work: whatever the former primary would still answer them is not to be believed.
    for (const client of [...all]) void Promise.resolve(client.end()).catch(() => undefined)
  })

  /** True when the work may be tried again on another server. */
  const isElsewhere = async (error: unknown): Promise<boolean> => {
    if (!primary.moves || closing || !mayHaveMoved(error)) return false
    const before = primary.host
    const found = await primary.seek().then(
      () => true,
      () => false,
    )
    return found && (before !== primary.host || error instanceof AppError)
  }
  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect()
    } catch (error) {
      if (await isElsewhere(error)) return await pool.connect()
      throw error
    }
  }

  return {
    connect,
    query: async (query) => {
      try {
        return await pool.query(query)
      } catch (error) {
        // Only what certainly did not run: the session was never made, or led to a standby.
        if ((await isElsewhere(error)) && wasNeverRun(error)) return await pool.query(query)
        throw error
      }
    },
    hint: (text, values) => {
      if (!pool.ending) pool.query(text, [...values]).catch(() => undefined)
    },
    suspect: (error) => void isElsewhere(error),
    keep,
    isOwn: (processId) => pooled.has(processId),
    get counts() {
      return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }
    },
    close: async () => {
      closing = true
      primary.stop()
      // A statement on a hung server is not waited for: the process is leaving.
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeWithinMs)
      })
      await Promise.race([pool.end(), late])
      clearTimeout(timer)
    },
  }
}

function processOf(client: pg.PoolClient): number | null {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : null
}

function stateOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null
}

const movedCodes = new Set(['database.away', 'database.read-only', 'database.superseded', '25006'])

/** Gone, silent, or a server that takes no writes. */
function mayHaveMoved(error: unknown): boolean {
  const state = stateOf(error)
  return (typeof state === 'string' && movedCodes.has(state)) || isAway(error)
}

function wasNeverRun(error: unknown): boolean {
  const state = stateOf(error)
  return error instanceof AppError || state === 'ECONNREFUSED' || state === 'ENOENT' || state === '25006'
}
