// Which of a sender's problems are open, for an intake that must tell a repeat from news.
import type { AlertSeverity } from '../../kernel/severity.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

/** By key: the worst each open alert has been. One look, no locks. */
export async function listOpenKeys(
  queries: Queries,
  source: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, AlertSeverity>> {
  const rows = await queries.many(sql<{ key: string; worst: AlertSeverity }>`
    select key, worst from alerts where source = ${source} and key = any(${[...keys]}) and status <> 'resolved'`)
  return new Map(rows.map(({ key, worst }) => [key, worst]))
}

/** Of what came by API keys and was not understood, the newest thousand: anybody may send such things. */
export async function tidyOrphans(queries: Queries): Promise<void> {
  await queries.run(sql`
    delete from orphan_signals where id <= (select id from orphan_signals order by id desc offset 1000 limit 1)`)
}
