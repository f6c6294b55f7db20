// All SQL on signals that nobody could read.
import type { Instant } from '../../kernel/instant.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

export async function saveOrphan(
  queries: Queries,
  orphan: { source: string; because: string; body: string },
): Promise<void> {
  await queries.run(
    sql`insert into orphan_signals (source, because, body) values (${orphan.source}, ${orphan.because}, ${orphan.body.slice(0, 65_536).replaceAll('\u0000', '\ufffd').toWellFormed()})`,
  )
}

export async function listOrphans(
  queries: Queries,
  limit: number,
): Promise<readonly { id: number; receivedAt: Instant; source: string; because: string; body: string }[]> {
  return queries.many(sql<{ id: number; receivedAt: Instant; source: string; because: string; body: string }>`
    select id, received_at as "receivedAt", source, because, body from orphan_signals order by received_at desc, id desc limit ${limit}`)
}
