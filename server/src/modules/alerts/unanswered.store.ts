// All SQL on what fires and nobody answered, for people who look at everything at once.
import { type Queries, sql } from '../../platform/database/queries.ts'
import { type AlertRow, alertColumns } from './alerts.store.ts'

export interface UnansweredGroup {
  /** The worst, of these the oldest. */
  readonly first: AlertRow
  /** All of them, `first` among them. */
  readonly ids: readonly string[]
}

/** Of the newest so many that people were told of and nobody answered: those of one incident together, the worst and oldest first. */
export async function listUnanswered(
  queries: Queries,
  limits: { readonly alerts: number; readonly groups: number },
): Promise<readonly UnansweredGroup[]> {
  const rank = sql`array_position(array['critical', 'warning', 'info'], severity)`
  const rows = await queries.many(sql<AlertRow & { readonly ids: readonly string[] }>`
    with newest as (
      select id as alert, coalesce(incident_id, id) as together, opened_at as since, ${rank} as rank
      from alerts where status = 'firing' and urgency = 'high' and silenced_by is null
      order by opened_at desc, id desc limit ${limits.alerts}
    ), told as (
      select array_agg(alert order by rank, since, alert) as ids, min(rank) as most, min(since) as oldest
      from newest group by together order by most, oldest limit ${limits.groups}
    )
    select ${alertColumns}, told.ids from told join alerts on alerts.id = told.ids[1] order by told.most, told.oldest, id`)
  return rows.map(({ ids, ...first }) => ({ first, ids }))
}
