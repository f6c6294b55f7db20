// All SQL by which maintenance goes that was long ago. As long as counts are kept it says which of them count.
import { sql, timestamp } from '../../platform/database/queries.ts'
import { type Candidate, type KeepRule, picked } from '../../platform/retention/keep-rule.ts'

const occurrences: KeepRule = {
  name: 'maintenance',
  summary: 'Times of maintenance that are over',
  keep: 'counts',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<Candidate & { readonly at: string }>`
        select id, starts_at::text as at, services from maintenance_occurrences
        where ends_at < ${timestamp(before)} and ${after === null ? sql`true` : sql`(starts_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`}
        order by starts_at, id limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) => tx.run(sql`delete from maintenance_occurrences where id = any(${[...ids]}::uuid[])`),
}

export const maintenanceKept: readonly KeepRule[] = [occurrences]
