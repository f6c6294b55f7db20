// All SQL on who was on call: what was, and up to where it is kept.
import type { Instant } from '../../kernel/instant.ts'
import type { Interval } from '../../kernel/interval.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { Shift, Source } from './core/index.ts'

export interface HistoryMark {
  readonly since: Instant
  readonly until: Instant
}

export async function lockMark(tx: Tx, schedule: string): Promise<HistoryMark | null> {
  return tx.maybe(
    sql<HistoryMark>`select since, until from schedule_history_marks where schedule = ${schedule} for update`,
  )
}

export async function listMarks(
  queries: Queries,
  schedules: readonly string[],
): Promise<ReadonlyMap<string, HistoryMark>> {
  const rows = await queries.many(sql<HistoryMark & { schedule: string }>`
    select schedule, since, until from schedule_history_marks where schedule = any(${[...schedules]})`)
  return new Map(rows.map((row) => [row.schedule, row]))
}

export async function saveMark(tx: Tx, schedule: string, at: Instant): Promise<void> {
  await tx.run(sql`
    insert into schedule_history_marks (schedule, since, until) values (${schedule}, ${timestamp(at)}, ${timestamp(at)})
    on conflict (schedule) do update set until = greatest(schedule_history_marks.until, excluded.until)`)
}

/** A shift that goes on where the last one kept ended is one shift, unless it is another team's from there on. */
export async function keepShift(tx: Tx, schedule: string, team: string | null, shift: Shift): Promise<void> {
  const { person, start, end } = shift
  const { count } = await tx.one(sql<{ count: number }>`
    with longer as (
      update schedule_history set ends_at = ${timestamp(end)}
      where schedule = ${schedule} and ends_at = ${timestamp(start)} and person = ${person} and source = ${json(shift.source)}
        and team is not distinct from ${team}
      returning 1)
    select count(*)::int as count from longer`)
  if (count > 0) return
  await tx.run(sql`
    insert into schedule_history (schedule, team, person, starts_at, ends_at, source)
    values (${schedule}, ${team}, ${person}, ${timestamp(start)}, ${timestamp(end)}, ${json(shift.source)})`)
}

export interface Kept extends Interval {
  readonly schedule: string
  /** Null: of no team, or kept before this was written down. */
  readonly team: string | null
  readonly person: string
  readonly source: Source
}

/** Those that meet the window, by start. */
export async function listKept(
  queries: Queries,
  schedules: readonly string[],
  window: Interval,
): Promise<readonly Kept[]> {
  return queries.many(sql<Kept>`
    select schedule, team, person, starts_at as start, ends_at as "end", source from schedule_history
    where schedule = any(${[...schedules]}) and ends_at > ${timestamp(window.start)} and starts_at < ${timestamp(window.end)}
    order by starts_at, person limit 50000`)
}

/** Of whatever schedule, also of those that are gone. */
export async function listKeptNames(queries: Queries, window: Interval): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ schedule: string }>`
    select distinct schedule from schedule_history
    where ends_at > ${timestamp(window.start)} and starts_at < ${timestamp(window.end)} order by schedule limit 2000`)
  return rows.map((row) => row.schedule)
}
