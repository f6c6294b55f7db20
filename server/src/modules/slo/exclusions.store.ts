// All SQL on objective_exclusions; maintenance excludes beside them.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql } from '../../platform/database/queries.ts'
import { stretchesOf } from '../maintenance/core/index.ts'
import { listCovering } from '../maintenance/index.ts'
import type { Exclusion, When } from './core/exclusion.ts'
import type { ObjectiveRow } from './objectives.store.ts'

export interface ExclusionRow extends Exclusion {
  readonly id: string
  readonly source: 'declared' | 'correction' | 'maintenance'
  readonly services: readonly string[]
  readonly objectives: readonly string[]
  readonly reason: string
  readonly author: string
  readonly createdAt: Instant
  readonly withdrawnAt: Instant | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
}

const columns = sql`id, source, services, objectives, mode, during as "when", reason, author, created_at as "createdAt",
  withdrawn_at as "withdrawnAt", withdrawn_by as "withdrawnBy", withdrawn_reason as "withdrawnReason"`

const stored = (when: When) => json({ ...when })

/** Those that hold now, with the maintenance that was and is planned. */
export async function listExclusions(queries: Queries): Promise<readonly ExclusionRow[]> {
  const own = await queries.many(sql<ExclusionRow>`
    select ${columns} from objective_exclusions where withdrawn_at is null order by created_at, id`)
  return [...own, ...(await listMaintenance(queries))]
}

/** What a maintenance covered when, as long as its budgets are to leave it out. */
async function listMaintenance(queries: Queries): Promise<readonly ExclusionRow[]> {
  return (await listCovering(queries)).flatMap((occurrence) =>
    stretchesOf(occurrence).flatMap(({ services, budget, start, end }): ExclusionRow[] => {
      if (budget === 'count') return []
      return [
        {
          id: `maintenance/${occurrence.window}/${start}`,
          source: 'maintenance',
          ...{ services, objectives: [], mode: budget, when: { kind: 'once', from: start, to: end } },
          reason:
            occurrence.title === occurrence.window ? occurrence.reason : `${occurrence.title}: ${occurrence.reason}`,
          author: occurrence.declaredBy,
          ...{ createdAt: start, withdrawnAt: null, withdrawnBy: null, withdrawnReason: null },
        },
      ]
    }),
  )
}

/** A declared exclusion of a service, of an objective or of all of a document, or of everything. */
export function concerns(
  exclusion: Pick<ExclusionRow, 'services' | 'objectives'>,
  { name, document, service }: Pick<ObjectiveRow, 'name' | 'document' | 'service'>,
): boolean {
  const { services, objectives } = exclusion
  if (services.length === 0 && objectives.length === 0) return true
  return services.includes(service) || objectives.includes(name) || objectives.includes(document)
}

export async function saveExclusion(
  tx: Tx,
  row: Pick<ExclusionRow, 'id' | 'source' | 'services' | 'objectives' | 'mode' | 'when' | 'reason' | 'author'>,
): Promise<void> {
  await tx.run(sql`
    insert into objective_exclusions (id, source, services, objectives, mode, during, reason, author)
    values (${row.id}, ${row.source}, ${[...row.services]}, ${[...row.objectives]}, ${row.mode}, ${stored(row.when)}, ${row.reason}, ${row.author})
    on conflict (id) do update set services = excluded.services, objectives = excluded.objectives, mode = excluded.mode,
      during = excluded.during, reason = excluded.reason`)
}

export async function removeExclusion(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`delete from objective_exclusions where id = ${id}`)
}

export async function listCorrections(
  queries: Queries,
  objective: string,
  limit: number,
): Promise<readonly ExclusionRow[]> {
  return queries.many(sql<ExclusionRow>`
    select ${columns} from objective_exclusions where source = 'correction' and objectives @> array[${objective}]
    order by created_at desc, id limit ${limit}`)
}

export async function withdrawCorrection(
  tx: Tx,
  order: { readonly id: string; readonly objective: string; readonly by: string; readonly reason: string },
): Promise<ExclusionRow | null> {
  return tx.maybe(sql<ExclusionRow>`
    update objective_exclusions set withdrawn_at = mainstay_now(), withdrawn_by = ${order.by}, withdrawn_reason = ${order.reason}
    where id = ${order.id} and source = 'correction' and objectives @> array[${order.objective}] and withdrawn_at is null
    returning ${columns}`)
}
