// All SQL on prometheus_reads: how far each stream was read.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

export async function readPositions(queries: Queries): Promise<ReadonlyMap<number, Instant>> {
  const rows = await queries.many(
    sql<{ stream: number; readUntil: Instant }>`select stream, read_until as "readUntil" from prometheus_reads`,
  )
  return new Map(rows.map((row) => [row.stream, row.readUntil]))
}

/** False when another process has read on meanwhile: what this one brought is then dropped. */
export async function movePosition(tx: Tx, stream: number, from: Instant | null, to: Instant): Promise<boolean> {
  const moved =
    from === null
      ? await tx.run(
          sql`insert into prometheus_reads (stream, read_until) values (${stream}, ${to}) on conflict do nothing`,
        )
      : await tx.run(
          sql`update prometheus_reads set read_until = ${to} where stream = ${stream} and read_until = ${from}`,
        )
  return moved === 1
}
