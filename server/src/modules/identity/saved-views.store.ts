// All SQL on the views people saved.
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql } from '../../platform/database/queries.ts'
import type { SavedView } from './core/index.ts'

export async function readViews(queries: Queries, person: string, list: string): Promise<readonly SavedView[]> {
  const row = await queries.maybe(
    sql<{ views: readonly SavedView[] }>`select views from saved_views where person_id = ${person} and list = ${list}`,
  )
  return row?.views ?? []
}

/** Two windows of one person take turns. */
export async function changeViews(
  tx: Tx,
  person: string,
  list: string,
  change: (views: readonly SavedView[]) => readonly SavedView[],
): Promise<readonly SavedView[]> {
  await tx.run(sql`
    insert into saved_views (person_id, list, views) values (${person}, ${list}, '[]'::jsonb)
    on conflict (person_id, list) do nothing`)
  const { views } = await tx.one(
    sql<{ views: readonly SavedView[] }>`
      select views from saved_views where person_id = ${person} and list = ${list} for update`,
  )
  const changed = change(views)
  await tx.run(sql`update saved_views set views = ${json(changed)} where person_id = ${person} and list = ${list}`)
  return changed
}
