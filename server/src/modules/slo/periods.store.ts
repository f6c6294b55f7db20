// All SQL on objective_periods: what calendar periods came to when they ended.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { toNumber } from '../../kernel/rational.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import { budgetOfPeriod } from './core/period.ts'
import type { PeriodSum } from './core/ring.ts'
import { compileSpend } from './core/spend.ts'
import type { ObjectiveRow } from './objectives.store.ts'

export interface PeriodRow {
  readonly name: string
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly version: number
  readonly target: number
  readonly good: number
  readonly bad: number
  readonly allowed: number
  readonly spent: number
  readonly attainment: number | null
  readonly remaining: number | null
  readonly met: boolean | null
  readonly measured: number
  readonly expected: number
}

export function periodRow({ name, version, definition }: ObjectiveRow, period: PeriodSum): PeriodRow {
  const budget = budgetOfPeriod(definition.target, period, compileSpend(definition.budgeting))
  const measured = budget.state === 'measured' ? budget : null
  return {
    name,
    startsAt: period.interval.start,
    endsAt: period.interval.end,
    version,
    target: toNumber(definition.target),
    good: period.sum.good,
    bad: period.sum.bad,
    allowed: measured === null ? 0 : toNumber(measured.allowed),
    spent: measured === null ? 0 : toNumber(measured.spent),
    attainment: measured === null ? null : toNumber(measured.indicator),
    remaining: measured === null ? null : toNumber(measured.remainingShare),
    met: measured === null ? null : measured.met,
    measured: period.sum.measured,
    expected: period.sum.expected,
  }
}

export async function savePeriods(tx: Tx, rows: readonly PeriodRow[]): Promise<void> {
  if (rows.length === 0) return
  const column = <Key extends keyof PeriodRow>(key: Key) => rows.map((row) => row[key])
  await tx.run(sql`
    insert into objective_periods (name, starts_at, ends_at, version, target, good, bad, allowed, spent, attainment, remaining, met, measured, expected)
    select * from unnest(${column('name')}::text[], ${rows.map((row) => formatInstant(row.startsAt))}::timestamptz[],
      ${rows.map((row) => formatInstant(row.endsAt))}::timestamptz[], ${column('version')}::int[], ${column('target')}::float8[],
      ${column('good')}::bigint[], ${column('bad')}::bigint[], ${column('allowed')}::float8[], ${column('spent')}::float8[],
      ${column('attainment')}::float8[], ${column('remaining')}::float8[], ${column('met')}::boolean[], ${column('measured')}::int[],
      ${column('expected')}::int[])
    on conflict (name, starts_at) do update set ends_at = excluded.ends_at, version = excluded.version, target = excluded.target,
      good = excluded.good, bad = excluded.bad, allowed = excluded.allowed, spent = excluded.spent, attainment = excluded.attainment,
      remaining = excluded.remaining, met = excluded.met, measured = excluded.measured, expected = excluded.expected`)
}

export async function readPeriods(queries: Queries, name: string, limit: number): Promise<readonly PeriodRow[]> {
  return queries.many(sql<PeriodRow>`
    select name, starts_at as "startsAt", ends_at as "endsAt", version, target, good, bad, allowed, spent, attainment, remaining, met, measured, expected
    from objective_periods where name = ${name} order by starts_at desc limit ${limit}`)
}
