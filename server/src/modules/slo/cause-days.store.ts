// All SQL on budget_cause_days.
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { CauseClass } from './core/policy.ts'

export interface CauseDay {
  /** Midnight, UTC. */
  readonly day: Instant
  readonly method: string
  readonly total: number
  readonly spent: Readonly<Partial<Record<CauseClass, number>>>
  readonly attributedAt: Instant
}

const dayText = (day: Instant) => new Date(day).toISOString().slice(0, 10)

export async function readCauseDays(
  queries: Queries,
  objective: string,
  from: Instant,
  to: Instant,
): Promise<readonly CauseDay[]> {
  const rows = await queries.many(sql<Omit<CauseDay, 'day'> & { day: string }>`
    select day::text as day, method, total, spent, attributed_at as "attributedAt" from budget_cause_days
    where objective = ${objective} and day >= ${dayText(from)}::date and day < ${dayText(to)}::date order by day`)
  return rows.map((row) => ({ ...row, day: instant(Date.parse(`${row.day}T00:00:00Z`)) }))
}

export async function saveCauseDay(tx: Tx, objective: string, row: CauseDay): Promise<void> {
  await tx.run(sql`
    insert into budget_cause_days (objective, day, method, total, spent, attributed_at)
    values (${objective}, ${dayText(row.day)}::date, ${row.method}, ${row.total}, ${json(row.spent)}, ${timestamp(row.attributedAt)})
    on conflict (objective, day) do update set method = excluded.method, total = excluded.total, spent = excluded.spent,
      attributed_at = excluded.attributed_at`)
}

/** Two years and the quarter that runs. */
export async function dropOldCauseDays(tx: Tx, before: Instant): Promise<void> {
  await tx.run(sql`delete from budget_cause_days where day < ${dayText(before)}::date`)
}
