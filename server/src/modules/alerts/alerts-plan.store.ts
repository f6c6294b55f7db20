// All SQL on what a process keeps for the time in which it cannot ask the database.
import type { Instant } from '../../kernel/instant.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { PageGroup } from './core/index.ts'

/** The newest pages that are out, oldest first. */
export async function listPagesSince(
  queries: Queries,
  since: Instant,
  limit: number,
): Promise<readonly Omit<PageGroup, 'standing'>[]> {
  const rows = await queries.many(sql<Omit<PageGroup, 'standing'>>`
    select id, number, title, team, services, policy, tier, worst, urgency, opened_at as "openedAt", answered_by as "answeredBy",
      answered_at as "answeredAt"
    from page_groups where opened_at > ${timestamp(since)} order by opened_at desc limit ${limit}`)
  return [...rows].reverse()
}
