// All SQL on objective_days, the roll-up, and on objective_day_marks: days that late counts have changed since.
import { day } from '../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

export interface DayRow {
  readonly objective: string
  readonly day: Instant
  /** What it was counted by, as `ruleText` writes it. */
  readonly rule: string
  readonly covered: string
  readonly coarse: number
  readonly cells: Uint8Array
  readonly counted: Uint8Array | null
  /** How far was told when it was rolled up: before the day's end, it is not the whole day. */
  readonly rolledAt: Instant
}

/** Rolled up after it had ended. */
export const isWhole = ({ day: start, rolledAt }: Pick<DayRow, 'day' | 'rolledAt'>): boolean => rolledAt >= start + day

const dayText = (day: number) => new Date(day).toISOString().slice(0, 10)

interface Stored extends Omit<DayRow, 'day' | 'cells' | 'counted'> {
  readonly day: string
  readonly cells: Buffer
  readonly counted: Buffer | null
}

const columns = sql`objective, day::text as day, rule, covered, coarse, cells, counted, rolled_at as "rolledAt"`
// Buffers and plain arrays in turn would slow the loops that read them.
const plain = (bytes: Buffer) => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const toRow = ({ day, cells, counted, ...row }: Stored): DayRow => ({
  ...row,
  day: instant(Date.parse(`${day}T00:00:00Z`)),
  cells: plain(cells),
  counted: counted === null ? null : plain(counted),
})

/** Days that begin within [from, to). */
export async function readDays(
  queries: Queries,
  objectives: readonly string[],
  from: Instant,
  to: Instant,
): Promise<readonly DayRow[]> {
  const rows = await queries.many(sql<Stored>`
    select ${columns} from objective_days
    where objective = any(${[...objectives]}) and day >= ${dayText(from)}::date and day < ${dayText(to)}::date
    order by objective, day`)
  return rows.map(toRow)
}

/** The oldest day that is kept of each. */
export async function readFirstDays(
  queries: Queries,
  objectives: readonly string[],
): Promise<ReadonlyMap<string, DayRow>> {
  const rows = await queries.many(sql<Stored>`
    select d.objective, d.day::text as day, d.rule, d.covered, d.coarse, d.cells, d.counted, d.rolled_at as "rolledAt"
    from unnest(${[...objectives]}::text[]) as n (name)
      cross join lateral (select * from objective_days o where o.objective = n.name order by o.day limit 1) d`)
  return new Map(rows.map((row) => [row.objective, toRow(row)]))
}

/** The newest day of each that was rolled up after it had ended. */
export async function readLastDays(
  queries: Queries,
  objectives: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  const rows = await queries.many(sql<{ objective: string; day: string }>`
    select n.name as objective, d.day::text as day from unnest(${[...objectives]}::text[]) as n (name)
      cross join lateral (select day from objective_days o where o.objective = n.name
        and o.rolled_at >= (o.day + 1)::timestamp at time zone 'UTC' order by day desc limit 1) d`)
  return new Map(rows.map((row) => [row.objective, instant(Date.parse(`${row.day}T00:00:00Z`))]))
}

/** What each day that is kept was laid over with and counted by, without its numbers. */
export async function readDayHeads(
  queries: Queries,
  objective: string,
  from: Instant,
): Promise<readonly Pick<DayRow, 'day' | 'rule' | 'covered'>[]> {
  const rows = await queries.many(sql<{ day: string; rule: string; covered: string }>`
    select day::text as day, rule, covered from objective_days
    where objective = ${objective} and day >= ${dayText(from)}::date order by day`)
  return rows.map((row) => ({ ...row, day: instant(Date.parse(`${row.day}T00:00:00Z`)) }))
}

export async function saveDays(tx: Tx, rows: readonly DayRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    insert into objective_days (objective, day, rule, covered, coarse, cells, counted, rolled_at)
    select * from unnest(${rows.map((row) => row.objective)}::text[], ${rows.map((row) => dayText(row.day))}::date[],
      ${rows.map((row) => row.rule)}::text[], ${rows.map((row) => row.covered)}::text[], ${rows.map((row) => row.coarse)}::int[],
      ${rows.map((row) => Buffer.from(row.cells))}::bytea[],
      ${rows.map((row) => (row.counted === null ? null : Buffer.from(row.counted)))}::bytea[], ${rows.map((row) => formatInstant(row.rolledAt))}::timestamptz[])
    on conflict (objective, day) do update set rule = excluded.rule, covered = excluded.covered, coarse = excluded.coarse,
      cells = excluded.cells, counted = excluded.counted, rolled_at = excluded.rolled_at`)
}

export interface DayMark {
  readonly objective: string
  readonly day: Instant
  /** How often it changed: a mark is taken away by who saw the last change. */
  readonly changes: number
}

export async function markDays(
  tx: Tx,
  marks: readonly { readonly objective: string; readonly day: number }[],
): Promise<void> {
  if (marks.length === 0) return
  await tx.run(sql`
    insert into objective_day_marks (objective, day)
    select distinct * from unnest(${marks.map((mark) => mark.objective)}::text[], ${marks.map((mark) => dayText(mark.day))}::date[])
      as m (objective, day) order by 1, 2
    on conflict (objective, day) do update set changes = objective_day_marks.changes + 1`)
}

export async function readMarks(
  queries: Queries,
  filter: { readonly objectives: readonly string[] | null; readonly limit: number },
): Promise<readonly DayMark[]> {
  const rows = await queries.many(sql<Omit<DayMark, 'day'> & { day: string }>`
    select objective, day::text as day, changes from objective_day_marks
    where ${filter.objectives === null} or objective = any(${[...(filter.objectives ?? [])]})
    order by objective, day limit ${filter.limit}`)
  return rows.map((row) => ({ ...row, day: instant(Date.parse(`${row.day}T00:00:00Z`)) }))
}

/** Those that changed again meanwhile stay. */
export async function removeMarks(tx: Tx, marks: readonly DayMark[]): Promise<void> {
  if (marks.length === 0) return
  await tx.run(sql`
    delete from objective_day_marks m
    using unnest(${marks.map((mark) => mark.objective)}::text[], ${marks.map((mark) => dayText(mark.day))}::date[],
      ${marks.map((mark) => mark.changes)}::int[]) as s (objective, day, changes)
    where m.objective = s.objective and m.day = s.day and m.changes = s.changes`)
}

/** The declarations that the roll-up was last compared with, over its whole length. */
export async function readComparedRevision(queries: Queries): Promise<number | null> {
  const row = await queries.maybe(sql<{ revision: number }>`select revision from objective_days_compared`)
  return row?.revision ?? null
}

export async function saveComparedRevision(tx: Tx, revision: number): Promise<void> {
  await tx.run(sql`
    insert into objective_days_compared (one, revision) values (true, ${revision})
    on conflict (one) do update set revision = excluded.revision`)
}
