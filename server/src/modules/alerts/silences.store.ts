// All SQL on silences. The set of active ones is small and read with every batch of signals.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { type Matcher, readSilence, type Silence } from './core/index.ts'

export interface SilenceRow {
  readonly id: string
  readonly sets: readonly (readonly Matcher[])[]
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly createdBy: string
  readonly reason: string
}

const columns = sql`id, sets, starts_at as "startsAt", ends_at as "endsAt", created_by as "createdBy", reason`

export async function listCurrentSilences(queries: Queries, limit = 500): Promise<readonly SilenceRow[]> {
  return queries.many(
    sql<SilenceRow>`select ${columns} from silences where ends_at > mainstay_now() order by ends_at, id limit ${limit}`,
  )
}

/** Ready to be asked; what cannot be read any more silences nothing. */
export async function loadSilences(queries: Queries): Promise<readonly Silence[]> {
  const rows = await listCurrentSilences(queries)
  return rows.flatMap((row) => {
    const read = readSilence(
      row.id,
      { sets: row.sets, startsAt: row.startsAt, endsAt: row.endsAt, by: row.createdBy, reason: row.reason },
      null,
    )
    return read.ok ? [read.silence] : []
  })
}

export async function findSilence(queries: Queries, id: string): Promise<SilenceRow | null> {
  return queries.maybe(sql<SilenceRow>`select ${columns} from silences where id = ${id}`)
}

export async function insertSilence(tx: Tx, row: SilenceRow): Promise<void> {
  await tx.run(sql`
    insert into silences (id, sets, starts_at, ends_at, created_by, reason)
    values (${row.id}, ${json(row.sets)}, ${timestamp(row.startsAt)}, ${timestamp(row.endsAt)}, ${row.createdBy}, ${row.reason})`)
}

/** Null when there is no such silence or it is over. */
export async function endSilence(tx: Tx, id: string): Promise<SilenceRow | null> {
  return tx.maybe(
    sql<SilenceRow>`update silences set ends_at = mainstay_now() where id = ${id} and ends_at > mainstay_now() returning ${columns}`,
  )
}
