// The journal as a timeline: everything that concerns some objects, in the order it was written.
import { type Queries, sql } from '../../platform/database/queries.ts'
import type { JournalEntry } from './core/index.ts'
import { entryColumns, toEntry } from './journal.store.ts'

/**
 * `concerns` holds `kind:id`; an entry is about one of them when it is its subject or a link. By id, after one; where there are
 * more than the limit, the oldest or the newest of them.
 */
export async function listConcerning(
  queries: Queries,
  concerns: readonly string[],
  after: number,
  limit: number,
  which: 'oldest' | 'newest' = 'oldest',
): Promise<readonly JournalEntry[]> {
  const pairs = concerns.map((each) => [each.slice(0, each.indexOf(':')), each.slice(each.indexOf(':') + 1)] as const)
  // Asked for apart, each by its own index: an `or` of both is answered by reading the whole journal.
  const rows = await queries.many(sql<Parameters<typeof toEntry>[0]>`
    select ${entryColumns} from journal where id in (
      select id from journal where id > ${after} and links && ${[...concerns]}::text[]
      union
      select about.id from unnest(${pairs.map(([kind]) => kind)}::text[], ${pairs.map(([, id]) => id)}::text[]) as concern (kind, subject)
        join journal as about on about.subject_kind = concern.kind and about.subject_id = concern.subject
        where about.id > ${after}
      order by id ${which === 'oldest' ? sql`asc` : sql`desc`} limit ${limit})
    order by id`)
  return rows.map(toEntry)
}
