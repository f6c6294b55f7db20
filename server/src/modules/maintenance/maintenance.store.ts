// All SQL on maintenance windows, their occurrences and the revision of what is covered.
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { EarlierCover, MaintenanceWindow, NewOccurrence, Occurrence } from './core/index.ts'

export interface WindowRow extends MaintenanceWindow {
  readonly declaredBy: string
}

const windowColumns = sql`name, title, reason, team, services, dependants, budget, recurrence, announce, declared_by as "declaredBy"`

export async function saveWindow(tx: Tx, row: WindowRow, turnAt: Instant): Promise<void> {
  await tx.run(sql`
    insert into maintenance_windows (name, title, reason, team, services, dependants, budget, recurrence, announce, declared_by, turn_at)
    values (${row.name}, ${row.title}, ${row.reason}, ${row.team}, ${[...row.services]}, ${row.dependants}, ${row.budget}, ${json({ ...row.recurrence })},
      ${row.announce === null ? null : json({ ...row.announce })}, ${row.declaredBy}, ${timestamp(turnAt)})
    on conflict (name) do update set title = excluded.title, reason = excluded.reason, team = excluded.team, services = excluded.services,
      dependants = excluded.dependants, budget = excluded.budget, recurrence = excluded.recurrence, announce = excluded.announce,
      declared_by = excluded.declared_by, turn_at = excluded.turn_at`)
}

export async function removeWindow(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`delete from maintenance_windows where name = ${name}`)
}

export async function listWindows(queries: Queries): Promise<readonly WindowRow[]> {
  return queries.many(sql<WindowRow>`select ${windowColumns} from maintenance_windows order by name`)
}

export async function findWindow(queries: Queries, name: string): Promise<WindowRow | null> {
  return queries.maybe(sql<WindowRow>`select ${windowColumns} from maintenance_windows where name = ${name}`)
}

const windowsDue = sql`maintenance_windows where turn_at <= mainstay_now()`

/** Those that are to be planned ahead again; what another process is at is passed over. */
export async function lockDueWindows(tx: Tx, limit: number): Promise<readonly WindowRow[]> {
  return tx.many(sql<WindowRow>`
    select ${windowColumns} from ${windowsDue} order by name limit ${limit} for update skip locked`)
}

export async function setTurn(tx: Tx, name: string, at: Instant): Promise<void> {
  await tx.run(sql`update maintenance_windows set turn_at = ${timestamp(at)} where name = ${name}`)
}

const columns = sql`id, window_name as "window", planned_at as "plannedAt", starts_at as "startsAt", ends_at as "endsAt", title, reason, team,
  declared_by as "declaredBy", announce, services, budget, cover_from as "coverFrom", earlier, announced_at as "announcedAt", began_at as "beganAt",
  over_at as "overAt", cancelled_at as "cancelledAt", changed_by as "changedBy", changed_because as "changedBecause", led`

const many = async (queries: Queries, query: RawBuilder<Occurrence>): Promise<readonly Occurrence[]> =>
  (await queries.many(query)).map(toOccurrence)

/** What lies in JSON are plain numbers. */
function toOccurrence(row: Occurrence): Occurrence {
  const earlier = row.earlier.map((each): EarlierCover => ({ ...each, from: instant(each.from), to: instant(each.to) }))
  return { ...row, earlier }
}

/** Of a window: what is open, and what was lately: a person may have ended it. */
export async function lockOccurrencesOf(tx: Tx, window: string, since: Instant): Promise<readonly Occurrence[]> {
  return many(
    tx,
    sql<Occurrence>`select ${columns} from maintenance_occurrences where window_name = ${window} and (ends_at > ${timestamp(since)} or planned_at > ${timestamp(since)})
      order by planned_at, starts_at for update`,
  )
}

export async function lockOccurrence(tx: Tx, id: string): Promise<Occurrence | null> {
  const [row] = await many(
    tx,
    sql<Occurrence>`select ${columns} from maintenance_occurrences where id = ${id} for update`,
  )
  return row ?? null
}

export async function findOccurrences(queries: Queries, ids: readonly string[]): Promise<readonly Occurrence[]> {
  return ids.length === 0
    ? []
    : many(queries, sql<Occurrence>`select ${columns} from maintenance_occurrences where id = any(${[...ids]}::uuid[])`)
}

type Declared = Pick<
  Occurrence,
  'window' | 'title' | 'reason' | 'team' | 'declaredBy' | 'announce' | 'services' | 'budget'
>

export async function insertOccurrences(tx: Tx, of: Declared, rows: readonly NewOccurrence[]): Promise<void> {
  if (rows.length === 0) return
  const times = (pick: (row: NewOccurrence) => Instant) => rows.map((row) => new Date(pick(row)).toISOString())
  await tx.run(sql`
    insert into maintenance_occurrences (window_name, title, reason, team, declared_by, announce, services, budget, planned_at, starts_at, ends_at, cover_from, told_at)
    select ${of.window}, ${of.title}, ${of.reason}, ${of.team}, ${of.declaredBy}, ${of.announce === null ? null : json({ ...of.announce })}::jsonb,
      ${[...of.services]}::text[], ${of.budget}, planned, starts, ends, starts, mainstay_now()
    from unnest(${times((row) => row.plannedAt)}::timestamptz[], ${times((row) => row.startsAt)}::timestamptz[], ${times((row) => row.endsAt)}::timestamptz[])
      as fresh (planned, starts, ends)`)
}

/** `told`: false when it is still to be told what became of it. */
export async function updateOccurrence(tx: Tx, row: Occurrence, told: boolean): Promise<void> {
  const orNull = (at: Instant | null) => (at === null ? sql`null::timestamptz` : timestamp(at))
  await tx.run(sql`
    update maintenance_occurrences set planned_at = ${timestamp(row.plannedAt)}, starts_at = ${timestamp(row.startsAt)}, ends_at = ${timestamp(row.endsAt)},
      title = ${row.title}, reason = ${row.reason}, team = ${row.team}, declared_by = ${row.declaredBy},
      announce = ${row.announce === null ? null : json({ ...row.announce })}, services = ${[...row.services]}, budget = ${row.budget},
      cover_from = ${timestamp(row.coverFrom)}, earlier = ${json(row.earlier.map((each) => ({ ...each })))}, announced_at = ${orNull(row.announcedAt)},
      began_at = ${orNull(row.beganAt)}, over_at = ${orNull(row.overAt)}, cancelled_at = ${orNull(row.cancelledAt)}, changed_by = ${row.changedBy},
      changed_because = ${row.changedBecause}, told_at = case when ${told} then mainstay_now() else null end
    where id = ${row.id}`)
}

/** From now on changes of it are told to whoever follows them. */
export async function noteLed(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`update maintenance_occurrences set led = true where id = ${id}`)
}

export async function dropOccurrences(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.run(sql`delete from maintenance_occurrences where id = any(${[...ids]}::uuid[])`)
}

const unsettled = [
  sql`maintenance_occurrences where over_at is null and cancelled_at is null and starts_at <= mainstay_now() and (began_at is null or ends_at <= mainstay_now())`,
  sql`maintenance_occurrences where over_at is null and cancelled_at is null and announced_at is null and announce is not null
    and starts_at <= mainstay_now() + (announce ->> 'aheadMs')::bigint * interval '1 millisecond'`,
  sql`maintenance_occurrences where told_at is null`,
]

/** Whether the two below would find anything; also what another process is at. */
export async function isMaintenanceDue(queries: Queries): Promise<boolean> {
  const each = [windowsDue, ...unsettled].map((some) => sql`exists (select from ${some})`)
  return (await queries.one(sql<{ due: boolean }>`select ${sql.join(each, sql` or `)} as due`)).due
}

/** What its time calls for: to be announced, begun, ended, or told of anew. */
export async function lockUnsettled(tx: Tx, limit: number): Promise<readonly Occurrence[]> {
  return many(
    tx,
    sql<Occurrence>`select ${columns} from maintenance_occurrences where id in (
        ${sql.join(
          unsettled.map((some) => sql`(select id from ${some} limit ${limit})`),
          sql` union all `,
        )})
      order by starts_at, id for update skip locked`,
  )
}

export async function listUntold(queries: Queries, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await queries.many(
    sql<{ id: string }>`select id from maintenance_occurrences where told_at is null and id = any(${[...ids]}::uuid[])`,
  )
  return new Set(rows.map((row) => row.id))
}

export interface OccurrenceFilter {
  readonly from: Instant
  readonly to: Instant
  /** One of them is covered; null for all. */
  readonly services: readonly string[] | null
  readonly window: string | null
}

/** Those that touch the stretch, in the order of their beginnings; cancelled ones too. */
export async function listOccurrences(
  queries: Queries,
  { from, to, services, window }: OccurrenceFilter,
  after: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly Occurrence[]> {
  return many(
    queries,
    sql<Occurrence>`select ${columns} from maintenance_occurrences
      where starts_at < ${timestamp(to)} and ends_at > ${timestamp(from)}
        and ${services === null ? sql`true` : sql`services && ${[...services]}::text[]`}
        and ${window === null ? sql`true` : sql`window_name = ${window}`}
        and ${after === null ? sql`true` : sql`(starts_at, id) > (${timestamp(after.at)}, ${after.id}::uuid)`}
      order by starts_at, id limit ${limit}`,
  )
}

/** What is not over and begins before then. The set is small and read with every batch of signals. */
export async function listOpenOccurrences(queries: Queries, until: Instant): Promise<readonly Occurrence[]> {
  return many(
    queries,
    sql<Occurrence>`select ${columns} from maintenance_occurrences
      where ends_at > mainstay_now() and cancelled_at is null and starts_at <= ${timestamp(until)} order by starts_at, id limit 500`,
  )
}

/** Everything that covered or is to cover something. */
export async function listCovering(queries: Queries): Promise<readonly Occurrence[]> {
  return many(
    queries,
    sql<Occurrence>`select ${columns} from maintenance_occurrences where cancelled_at is null order by starts_at, id`,
  )
}

export async function countRevision(tx: Tx): Promise<void> {
  await tx.run(sql`update maintenance_revision set revision = revision + 1`)
}

/** Another number when what is covered changed. */
export async function maintenanceRevision(queries: Queries): Promise<number> {
  return (await queries.one(sql<{ revision: number }>`select revision from maintenance_revision`)).revision
}

export async function findPlanned(queries: Queries, window: string, plannedAt: Instant): Promise<boolean> {
  const found = await queries.maybe(sql<{ one: number }>`
    select 1 as one from maintenance_occurrences where window_name = ${window} and planned_at = ${timestamp(plannedAt)} limit 1`)
  return found !== null
}
