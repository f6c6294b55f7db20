// Whether a server answers: a whole start of a session, because a socket that accepts proves nothing.
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { ConnectionSettings } from '../connection.ts'
import { errorCode, sentenceOf } from './failures.ts'

const lookMs = 20
// Recovery after a crash answers "starting up" and may take as long as it needs; silence may not.
const silenceMs = 60_000
// A new database is copied file by file and synced: seconds on a busy machine with a slow disk.
const makingMs = 60_000

export type Readiness =
  | { readonly ready: true; readonly version: string }
  | { readonly ready: false; readonly because: string }

/** Waits until the server takes sessions, has ended, or has said nothing for a minute. */
export async function awaitReady(
  connection: ConnectionSettings,
  ended: Promise<string>,
  stopped?: AbortSignal,
): Promise<Readiness> {
  let end: string | null = null
  void ended.then((how) => {
    end = how
  })
  let lastWord = performance.now()
  for (;;) {
    const answer = await ask(connection)
    if (answer.ready) return answer
    if (answer.because === startingUp) lastWord = performance.now()
    if (end !== null) return { ready: false, because: end }
    if (stopped?.aborted === true) return { ready: false, because: 'it was asked to stop' }
    if (performance.now() - lastWord > silenceMs)
      return { ready: false, because: `no answer within ${silenceMs / 1_000} s (${answer.because})` }
    await Promise.race([wait(lookMs), ended])
  }
}

const startingUp = '57P03'

async function ask(connection: ConnectionSettings): Promise<Readiness> {
  const client = newClient(connection)
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return { ready: true, version: rows[0]?.server_version ?? '' }
  } catch (error) {
    return { ready: false, because: errorCode(error) ?? sentenceOf(error) }
  } finally {
    await client.end().catch(() => undefined)
  }
}

function newClient(connection: ConnectionSettings, queryMs = 2_000): pg.Client {
  const client = new pg.Client({
    ...connection,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
    query_timeout: queryMs,
    application_name: 'mainstay-supervisor',
  })
  // A session that dies while idle would otherwise end the process.
  client.on('error', () => undefined)
  return client
}

/** True when anything accepts on the socket. */
export function someoneListens(socketFile: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketFile)
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(1_000, () => settle(false))
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

/** The product's own database, beside the one that initdb makes. */
export async function makeDatabase(connection: ConnectionSettings): Promise<void> {
  const client = newClient(connection, makingMs)
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [connection.database])
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(connection.database)}`)
  } finally {
    await client.end()
  }
}
