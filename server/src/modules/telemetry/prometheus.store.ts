// All SQL on prometheus_reads: which stretch of each stream was read.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

export interface Position {
  readonly until: Instant
  /** History was read back to here; null when it is not to be filled in. */
  readonly from: Instant | null
}

export async function readPositions(queries: Queries): Promise<ReadonlyMap<number, Position>> {
  const rows = await queries.many(
    sql<{ stream: number } & Position>`select stream, read_until as "until", read_from as "from" from prometheus_reads`,
  )
  return new Map(rows.map((row) => [row.stream, row]))
}

/** False when another process has read on meanwhile: what this one brought is then dropped. */
export async function movePosition(
  tx: Tx,
  stream: number,
  read: { readonly known: Position | null; readonly after: Instant; readonly to: Instant; readonly back: boolean },
): Promise<boolean> {
  const { known, after, to, back } = read
  const moved =
    known === null
      ? await tx.run(
          sql`insert into prometheus_reads (stream, read_until, read_from) values (${stream}, ${to}, ${after}) on conflict do nothing`,
        )
      : back
        ? await tx.run(
            sql`update prometheus_reads set read_from = ${after} where stream = ${stream} and read_from = ${to}`,
          )
        : await tx.run(
            sql`update prometheus_reads set read_until = ${to} where stream = ${stream} and read_until = ${known.until}`,
          )
  return moved === 1
}
