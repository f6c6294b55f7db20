// All SQL on connections to trackers.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { StateMapping } from './core/index.ts'
import type { TrackerName } from './tickets.ports.ts'

export interface ConnectionRow {
  readonly name: string
  readonly tracker: TrackerName
  readonly url: string
  readonly project: string
  /** Sealed. */
  readonly settings: string
  readonly shown: Readonly<Record<string, string>>
  readonly states: StateMapping
  readonly hasHook: boolean
  readonly changedBy: string
  readonly changedAt: Instant
  readonly awaySince: Instant | null
  readonly nextTryAt: Instant | null
  readonly failures: number
  readonly because: string | null
  readonly heardAt: Instant | null
  readonly tendedUntil: Instant | null
}

const columns = sql`name, tracker, url, project, settings, shown, states, has_hook as "hasHook", changed_by as "changedBy",
  changed_at as "changedAt", away_since as "awaySince", next_try_at as "nextTryAt", failures, because, heard_at as "heardAt",
  tended_until as "tendedUntil"`
export const orNull = (at: Instant | null): RawBuilder<unknown> =>
  at === null ? sql`null::timestamptz` : timestamp(at)

export async function findConnection(queries: Queries, name: string): Promise<ConnectionRow | null> {
  return queries.maybe(sql<ConnectionRow>`select ${columns} from ticket_connections where name = ${name}`)
}

export async function lockConnection(tx: Tx, name: string): Promise<ConnectionRow | null> {
  return tx.maybe(sql<ConnectionRow>`select ${columns} from ticket_connections where name = ${name} for update`)
}

/** 50 at most. */
export async function listConnectionRows(queries: Queries): Promise<readonly ConnectionRow[]> {
  return queries.many(sql<ConnectionRow>`select ${columns} from ticket_connections order by name limit 50`)
}

/** Connected anew, it is asked at once. */
export async function saveConnection(
  tx: Tx,
  row: Pick<
    ConnectionRow,
    'name' | 'tracker' | 'url' | 'project' | 'settings' | 'shown' | 'states' | 'hasHook' | 'changedBy' | 'changedAt'
  >,
): Promise<ConnectionRow> {
  return tx.one(sql<ConnectionRow>`
    insert into ticket_connections (name, tracker, url, project, settings, shown, states, has_hook, changed_by, changed_at)
    values (${row.name}, ${row.tracker}, ${row.url}, ${row.project}, ${row.settings}, ${json(row.shown)}, ${json(row.states)},
      ${row.hasHook}, ${row.changedBy}, ${timestamp(row.changedAt)})
    on conflict (name) do update set tracker = excluded.tracker, url = excluded.url, project = excluded.project,
      settings = excluded.settings, shown = excluded.shown, states = excluded.states, has_hook = excluded.has_hook,
      changed_by = excluded.changed_by, changed_at = excluded.changed_at,
      away_since = null, next_try_at = null, failures = 0, because = null
    returning ${columns}`)
}

export async function removeConnection(tx: Tx, name: string): Promise<ConnectionRow | null> {
  return tx.maybe(sql<ConnectionRow>`delete from ticket_connections where name = ${name} returning ${columns}`)
}

export async function saveAway(
  tx: Tx,
  name: string,
  away: Pick<ConnectionRow, 'awaySince' | 'nextTryAt' | 'failures' | 'because'>,
): Promise<void> {
  await tx.run(sql`
    update ticket_connections set away_since = ${orNull(away.awaySince)}, next_try_at = ${orNull(away.nextTryAt)},
      failures = ${away.failures}, because = ${away.because} where name = ${name}`)
}

export async function saveTended(tx: Tx, name: string, until: Instant | null): Promise<void> {
  await tx.run(sql`update ticket_connections set tended_until = ${orNull(until)} where name = ${name}`)
}

export async function noteHeard(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`update ticket_connections set heard_at = mainstay_now() where name = ${name}`)
}
