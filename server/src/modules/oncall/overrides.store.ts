// All SQL on overrides and on what was told at hand-overs.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { Override } from './core/index.ts'

export interface OverrideRow {
  readonly id: string
  readonly schedule: string
  readonly kind: Override['kind']
  readonly person: string
  readonly covers: string | null
  readonly rotation: string | null
  /** A custom shift of the schedule. */
  readonly shift: string | null
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly reason: string
  readonly createdBy: string
  readonly calendarUid: string | null
  readonly createdAt: Instant
}

const columns = sql`id, schedule, kind, person, covers, rotation, shift, starts_at as "startsAt", ends_at as "endsAt", reason,
  created_by as "createdBy", calendar_uid as "calendarUid",
  created_at as "createdAt"`

export function toOverride(row: OverrideRow): Override {
  const of = { id: row.id, reason: row.reason, start: row.startsAt, end: row.endsAt, person: row.person }
  const scope = {
    ...(row.rotation === null ? {} : { rotation: row.rotation }),
    ...(row.shift === null ? {} : { shift: row.shift }),
  }
  if (row.kind === 'add') return { ...of, kind: 'add' }
  if (row.kind === 'remove') return { ...of, kind: 'remove', ...scope }
  return { ...of, kind: 'replace', ...scope, ...(row.covers === null ? {} : { covers: row.covers }) }
}

/** Those that touch the window, in the order they were made. */
export async function listOverrides(
  queries: Queries,
  schedules: readonly string[],
  from: Instant,
  to: Instant,
): Promise<readonly OverrideRow[]> {
  if (schedules.length === 0) return []
  return queries.many(sql<OverrideRow>`
    select ${columns} from overrides
    where schedule = any(${[...schedules]}) and ends_at > ${timestamp(from)} and starts_at < ${timestamp(to)}
    order by created_at, id`)
}

export async function insertOverride(tx: Tx, row: Omit<OverrideRow, 'createdAt'>): Promise<OverrideRow> {
  return tx.one(sql<OverrideRow>`
    insert into overrides (id, schedule, kind, person, covers, rotation, shift, starts_at, ends_at, reason, created_by, calendar_uid)
    values (${row.id}, ${row.schedule}, ${row.kind}, ${row.person}, ${row.covers}, ${row.rotation}, ${row.shift}, ${timestamp(row.startsAt)},
      ${timestamp(row.endsAt)}, ${row.reason}, ${row.createdBy}, ${row.calendarUid})
    returning ${columns}`)
}

export async function lockOverride(tx: Tx, id: string): Promise<OverrideRow | null> {
  return tx.maybe(sql<OverrideRow>`select ${columns} from overrides where id = ${id} for update`)
}

/** What has begun is history: it ends now instead of vanishing. */
export async function endOverride(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.run(sql`update overrides set ends_at = ${timestamp(at)} where id = ${id}`)
}

export async function removeOverride(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`delete from overrides where id = ${id}`)
}

/** Up to where hand-overs were told; null the first time. Locks the row until the caller's commit. */
export async function lockTold(tx: Tx, schedule: string): Promise<Instant | null> {
  const row = await tx.maybe(
    sql<{ until: Instant }>`select until from told_hand_overs where schedule = ${schedule} for update`,
  )
  return row?.until ?? null
}

export async function saveTold(tx: Tx, schedule: string, until: Instant): Promise<void> {
  await tx.run(sql`
    insert into told_hand_overs (schedule, until) values (${schedule}, ${timestamp(until)})
    on conflict (schedule) do update set until = greatest(told_hand_overs.until, excluded.until)`)
}

/** Those read from another calendar that have not ended. */
export async function listFromCalendar(tx: Tx, schedule: string, now: Instant): Promise<readonly OverrideRow[]> {
  return tx.many(sql<OverrideRow>`
    select ${columns} from overrides
    where schedule = ${schedule} and calendar_uid is not null and ends_at > ${timestamp(now)} order by starts_at, id`)
}

/** What is left of an override whose event changed is history, and no longer that event. */
export async function forgetCalendar(tx: Tx, schedule: string, uid: string): Promise<void> {
  await tx.run(sql`update overrides set calendar_uid = null where schedule = ${schedule} and calendar_uid = ${uid}`)
}
