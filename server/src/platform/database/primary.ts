// Which of the servers of DATABASE_URL takes the writes. After a promotion the sessions move to the new primary; one that
// was primary before and comes back as it was is refused, because what it took would be lost.
import pg from 'pg'
import { AppError } from '../../kernel/app-error.ts'
import { type Log, silentLog } from '../log/log.ts'
import { type ConnectionSettings, type Host, hostsOf } from './connection.ts'

/** How far one cluster has come: each promotion begins a new timeline. */
export interface Timeline {
  /** The cluster, the same on primary and standby: PostgreSQL's system identifier. */
  readonly system: string
  readonly timeline: number
}

/** Outlives the process, so that one that is started while only the former primary answers knows better. */
export interface TimelineMemory {
  read(): Timeline | null
  write(newest: Timeline): void
}

export interface Primary {
  /** Where the sessions go. */
  readonly host: Host
  /** False when DATABASE_URL names one server: then it is asked nothing, as ever. */
  readonly moves: boolean
  /** Throws when this new session leads to a standby or to a former primary. */
  admit(client: Pick<pg.ClientBase, 'query'>): Promise<void>
  /** Asks all servers at once and goes to the primary; throws when there is none. */
  seek(): Promise<void>
  onMove(listener: () => void): void
  stop(): void
}

export interface PrimaryOptions {
  readonly connection: ConnectionSettings
  readonly log: Log
  readonly memory?: TimelineMemory
}

const askWithinMs = 2_000
// A former primary that was cut off from its standby but not from us goes on answering reads.
const watchEveryMs = 5_000

interface Standing {
  readonly writes: boolean
  readonly system: string
  readonly timeline: number
}
type Answer = { readonly host: Host } & (Standing | { readonly trouble: string })

// Everybody may call these functions in PostgreSQL 13 to 18. The name of a log file begins with its timeline in hex.
const question = `select case when pg_is_in_recovery() then null
         else left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline,
    current_setting('transaction_read_only') = 'off' as writable,
    (select system_identifier::text from pg_control_system()) as system`

export function fixedPrimary(connection: ConnectionSettings): Primary {
  const nothing = async () => undefined
  const host = { host: connection.host, port: connection.port }
  return { host, moves: false, admit: nothing, seek: nothing, onMove: () => undefined, stop: () => undefined }
}

/** Looks for it first: throws when no server of DATABASE_URL is a primary. */
export async function openPrimary(options: PrimaryOptions): Promise<Primary> {
  if (hostsOf(options.connection).length === 1) return fixedPrimary(options.connection)
  const primary = followPrimary(options)
  await primary.seek().catch((error: unknown) => {
    primary.stop()
    throw error
  })
  return primary
}

/** The settings of the server that is the primary now, for work of one sitting. */
export async function atPrimary(connection: ConnectionSettings): Promise<ConnectionSettings> {
  const primary = await openPrimary({ connection, log: silentLog })
  primary.stop()
  return { ...connection, ...primary.host }
}

function followPrimary({ connection, log, memory }: PrimaryOptions): Primary {
  const hosts = hostsOf(connection)
  const listeners: (() => void)[] = []
  let host: Host = { host: connection.host, port: connection.port }
  let newest = memory?.read() ?? null
  let seeking: Promise<void> | null = null

  const learn = ({ system, timeline }: Timeline) => {
    if (newest?.system === system && newest.timeline >= timeline) return
    newest = { system, timeline }
    try {
      memory?.write(newest)
    } catch (error) {
      log.warn('The timeline of the database could not be noted in the data folder.', { error })
    }
  }
  const look = async () => {
    const answers = await Promise.all(hosts.map((each) => ask(connection, each)))
    const found = choosePrimary(answers, newest)
    if (found === null) throw noPrimary(answers, newest)
    learn(found)
    if (isSame(found.host, host)) return
    log.warn('Another PostgreSQL is the primary now; its sessions go there.', {
      from: nameOf(host),
      to: nameOf(found.host),
      timeline: found.timeline,
    })
    host = found.host
    for (const each of listeners) each()
  }
  const seek = () => {
    seeking ??= look().finally(() => {
      seeking = null
    })
    return seeking
  }
  const watch = setInterval(() => void seek().catch(() => undefined), watchEveryMs)
  watch.unref()
  return {
    get host() {
      return host
    },
    moves: true,
    admit: async (client) => {
      const at = host
      const answer = await standingOf(client)
      if (!answer.writes) throw standby(at)
      if (isFormer(answer, newest)) throw superseded(at, answer.timeline, newest)
      learn(answer)
    },
    seek,
    onMove: (listener) => void listeners.push(listener),
    stop: () => clearInterval(watch),
  }
}

/** The one on the newest timeline, of the cluster that is known if there is one; ties go to the order of DATABASE_URL. */
export function choosePrimary(answers: readonly Answer[], newest: Timeline | null): (Standing & { host: Host }) | null {
  const able = answers.flatMap((each) => ('trouble' in each || !each.writes || isFormer(each, newest) ? [] : [each]))
  const known = able.filter(({ system }) => system === newest?.system)
  return (known.length > 0 ? known : able).reduce<(Standing & { host: Host }) | null>(
    (best, each) => (best === null || each.timeline > best.timeline ? each : best),
    null,
  )
}

function isFormer({ system, timeline }: Timeline, newest: Timeline | null): boolean {
  return newest !== null && system === newest.system && timeline < newest.timeline
}

async function ask(connection: ConnectionSettings, host: Host): Promise<Answer> {
  const { otherHosts: _, ...settings } = connection
  const client = new pg.Client({
    ...settings,
    ...host,
    connectionTimeoutMillis: askWithinMs,
    query_timeout: askWithinMs,
    application_name: 'mainstay-primary',
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return { host, ...(await standingOf(client)) }
  } catch (error) {
    return { host, trouble: error instanceof Error && error.message !== '' ? error.message : 'it does not answer' }
  } finally {
    // Not waited for: one that hangs never answers the good-bye.
    void client.end().catch(() => undefined)
  }
}

async function standingOf(client: Pick<pg.ClientBase, 'query'>): Promise<Standing> {
  // Also on a session without a limit of its own: one that stalls right after it opened would never be given up.
  const limited: pg.QueryConfig & { readonly query_timeout: number } = { text: question, query_timeout: askWithinMs }
  const { rows } = await client.query<{ timeline: string | null; writable: boolean; system: string }>(limited)
  const [row] = rows
  if (row === undefined || row.timeline === null) return { writes: false, system: row?.system ?? '', timeline: 0 }
  return { writes: row.writable, system: row.system, timeline: Number.parseInt(row.timeline, 16) }
}

function standby(host: Host): AppError {
  return new AppError('unavailable', 'database.read-only', `${nameOf(host)} is a standby now and takes no writes.`, {
    retryAfterSeconds: 5,
  })
}

function superseded(host: Host, timeline: number, newest: Timeline | null): AppError {
  return new AppError(
    'unavailable',
    'database.superseded',
    `${nameOf(host)} was the primary before another was promoted (it is on timeline ${timeline}, the newest is ${newest?.timeline}). Make it a standby of the new one.`,
    { retryAfterSeconds: 5 },
  )
}

function noPrimary(answers: readonly Answer[], newest: Timeline | null): AppError {
  const each = answers.map((answer) => {
    if ('trouble' in answer) return `${nameOf(answer.host)}: ${answer.trouble}`
    if (!answer.writes) return `${nameOf(answer.host)} is a standby`
    return `${nameOf(answer.host)} was the primary before another was promoted (timeline ${answer.timeline}, the newest is ${newest?.timeline})`
  })
  return new AppError(
    'unavailable',
    answers.some((answer) => !('trouble' in answer) && answer.writes) ? 'database.superseded' : 'database.away',
    `No PostgreSQL of DATABASE_URL is the primary: ${each.join('; ')}.`,
    { retryAfterSeconds: 5 },
  )
}

function isSame(one: Host, other: Host): boolean {
  return one.host === other.host && one.port === other.port
}

function nameOf({ host, port }: Host): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
