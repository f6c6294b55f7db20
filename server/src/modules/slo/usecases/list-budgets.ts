// Budgets by the thousand, for those who read numbers.
import type { Static } from 'typebox'
import { formatInstant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { decodeCursor, toPage } from '../../../platform/http/page.ts'
import type { listBudgets as contract } from '../slo.contract.ts'
import { readBudgetNumbers } from '../states.store.ts'

type Query = Static<NonNullable<(typeof contract)['query']>>

/** O(limit): an index in the order of names, and a text. */
export async function listBudgets(queries: Queries, query: Query) {
  const limit = query.limit ?? 1_000
  const [after] = decodeCursor(query.cursor, ['string']) ?? []
  const { objective = null, service = null } = query
  const rows = await readBudgetNumbers(
    queries,
    { objective, service },
    typeof after === 'string' ? after : null,
    limit + 1,
  )
  return toPage(
    rows,
    limit,
    (row) => [row.objective],
    (row) => ({ ...row, asOf: row.asOf === null ? null : formatInstant(row.asOf) }),
  )
}
