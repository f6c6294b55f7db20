// Objectives with what scopes of policies and reports ask of them: the team and the tier of their service.
import type { Queries } from '../../../platform/database/queries.ts'
import { findServices } from '../../catalog/index.ts'
import type { Scoped } from '../core/policy.ts'
import { type BudgetRow, readBudgets } from '../states.store.ts'

export type ScopedBudget = BudgetRow & Scoped

export async function listScoped(queries: Queries, names?: readonly string[]): Promise<readonly ScopedBudget[]> {
  const rows = await readBudgets(queries, names === undefined ? {} : { names })
  const services = new Map(
    (await findServices(queries, [...new Set(rows.map((row) => row.service))])).map((each) => [each.name, each]),
  )
  return rows.map((row) => {
    const service = services.get(row.service)
    return { ...row, team: service?.team ?? null, tier: service?.tier ?? null }
  })
}
