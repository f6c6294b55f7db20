// All SQL on silences; maintenance holds beside them. The set of active ones is small and read with every batch of signals.
import { hour } from '../../kernel/duration.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { findOccurrences, type Holding, listHolding, listHoldingAt } from '../maintenance/index.ts'
import { type AlertRow, alertColumns } from './alerts.store.ts'
import { type HeldServices, type Matcher, readSilence, type Silence, type SilenceEnds } from './core/index.ts'

export interface SilenceRow {
  readonly id: string
  readonly sets: readonly (readonly Matcher[])[]
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly createdBy: string
  readonly reason: string
  readonly updatedAt: Instant
  /** What ends it before its time. */
  readonly endsWith: SilenceEnds | null
  /** It is no silence of anybody but a maintenance of these services. */
  readonly maintenance?: HeldServices
}

const columns = sql`id, sets, starts_at as "startsAt", ends_at as "endsAt", created_by as "createdBy", reason, coalesce(updated_at, created_at) as "updatedAt", ends_with as "endsWith"`

/** Those that hold, and those that will. */
export const silencesToCome = sql`silences where ends_at > mainstay_now()`

export async function listCurrentSilences(queries: Queries, limit = 500): Promise<readonly SilenceRow[]> {
  return queries.many(sql<SilenceRow>`select ${columns} from ${silencesToCome} order by ends_at, id limit ${limit}`)
}

// A plan for the time without a database lives no longer than this.
const aheadMs = 24 * hour

// Its matcher is what programs of others are shown; it is asked of the catalog's service (core/silence).
const ofMaintenance = (each: Holding): SilenceRow => ({
  sets: [[{ name: 'service', operator: '=~', value: each.services.join('|') }]],
  ...{ id: each.id, startsAt: each.startsAt, endsAt: each.endsAt, createdBy: each.by, reason: each.reason },
  ...{ updatedAt: each.startsAt, endsWith: null, maintenance: { window: each.window, services: each.services } },
})

/** Everything that holds pages back now or soon: silences, and maintenance of services. */
export async function listHolds(queries: Queries, now?: Instant): Promise<readonly SilenceRow[]> {
  return (await Promise.all([listCurrentSilences(queries), listMaintenanceHolds(queries, now)])).flat()
}

/** `now` saves who has just asked for the database's clock from asking again. */
export async function listMaintenanceHolds(queries: Queries, now?: Instant): Promise<readonly SilenceRow[]> {
  return (await listHolding(queries, plus(now ?? (await queries.now()), aheadMs))).map(ofMaintenance)
}

/** Ready to be asked; what cannot be read any more silences nothing. */
export async function loadSilences(queries: Queries, now?: Instant): Promise<readonly Silence[]> {
  return readRows(await listHolds(queries, now))
}

/** What would hold at an instant, as far as anybody has planned by now. */
export async function loadSilencesAt(queries: Queries, at: Instant): Promise<readonly Silence[]> {
  const rows = await queries.many(
    sql<SilenceRow>`select ${columns} from silences where starts_at <= ${timestamp(at)} and ends_at > ${timestamp(at)} order by ends_at, id limit 500`,
  )
  return readRows([...rows, ...(await listHoldingAt(queries, at)).map(ofMaintenance)])
}

function readRows(rows: readonly SilenceRow[]): readonly Silence[] {
  return rows.flatMap(({ id, createdBy: by, ...row }) => {
    const read = readSilence(id, { ...row, by }, null)
    return read.ok ? [read.silence] : []
  })
}

/** The silence or the maintenance that an alert names. */
export async function findHold(queries: Queries, id: string): Promise<SilenceRow | null> {
  const silence = await findSilence(queries, id)
  if (silence !== null) return silence
  const [found] = await findOccurrences(queries, [id])
  if (found === undefined) return null
  const { window, title, reason, declaredBy: by, services, coverFrom: startsAt, endsAt } = found
  return ofMaintenance({ id, window, title, reason, by, services, startsAt, endsAt })
}

export async function findSilence(queries: Queries, id: string): Promise<SilenceRow | null> {
  return queries.maybe(sql<SilenceRow>`select ${columns} from silences where id = ${id}`)
}

export async function insertSilence(tx: Tx, row: Omit<SilenceRow, 'updatedAt'>): Promise<void> {
  await tx.run(sql`
    insert into silences (id, sets, starts_at, ends_at, created_by, reason, ends_with)
    values (${row.id}, ${json(row.sets)}, ${timestamp(row.startsAt)}, ${timestamp(row.endsAt)}, ${row.createdBy}, ${row.reason}, ${row.endsWith === null ? null : json(row.endsWith)})`)
}

/** Null when there is no such silence or it is over. */
export async function endSilence(tx: Tx, id: string): Promise<SilenceRow | null> {
  return tx.maybe(
    sql<SilenceRow>`update silences set ends_at = date_trunc('milliseconds', mainstay_now()), starts_at = least(starts_at, date_trunc('milliseconds', mainstay_now())), updated_at = mainstay_now() where id = ${id} and ends_at > mainstay_now() returning ${columns}`,
  )
}

/** Also those that are over, for five days, as Alertmanager keeps them. */
export async function listRecentSilences(queries: Queries): Promise<readonly SilenceRow[]> {
  return queries.many(
    sql<SilenceRow>`select ${columns} from silences where ends_at > mainstay_now() - interval '5 days' order by ends_at, id limit 5000`,
  )
}

export async function lockSilence(tx: Tx, id: string): Promise<SilenceRow | null> {
  return tx.maybe(sql<SilenceRow>`select ${columns} from silences where id = ${id} for update`)
}

export async function updateSilence(tx: Tx, row: Omit<SilenceRow, 'updatedAt' | 'sets'>): Promise<void> {
  await tx.run(sql`
    update silences set starts_at = ${timestamp(row.startsAt)}, ends_at = ${timestamp(row.endsAt)}, created_by = ${row.createdBy}, reason = ${row.reason},
      ends_with = ${row.endsWith === null ? null : json(row.endsWith)}, reminded = false, updated_at = mainstay_now() where id = ${row.id}`)
}

/** Of one occasion; of a rate all that have one. */
export async function listEndingWith(
  queries: Queries,
  kind: keyof SilenceEnds,
  of: string | null,
): Promise<readonly SilenceRow[]> {
  const meant = of === null ? sql`ends_with ? ${kind}` : sql`ends_with ->> ${kind} = ${of}`
  return queries.many(
    sql<SilenceRow>`select ${columns} from ${silencesToCome} and ends_with is not null and ${meant} order by id limit 500`,
  )
}

/** Those of an incident that is the same as another one: they end with that one. */
export async function repointIncident(
  tx: Tx,
  from: string,
  into: Required<Pick<SilenceEnds, 'incident' | 'incidentNumber'>>,
): Promise<readonly SilenceRow[]> {
  return tx.many(sql<SilenceRow>`
    update silences set ends_with = ends_with || ${json(into)}, updated_at = mainstay_now()
    where ends_at > mainstay_now() and ends_with ->> 'incident' = ${from} returning ${columns}`)
}

/** Those that hold or will, as they are now; null when it is over. */
export async function replaceEnds(tx: Tx, id: string, ends: SilenceEnds): Promise<SilenceRow | null> {
  return tx.maybe(sql<SilenceRow>`
    update silences set ends_with = ${json(ends)}, updated_at = mainstay_now()
    where id = ${id} and ends_at > mainstay_now() returning ${columns}`)
}

/** Alerts that began while it held them. */
export async function countBegunUnder(queries: Queries, id: string, since: Instant): Promise<number> {
  const { count } = await queries.one(sql<{ count: number }>`
    select count(*)::int as count from alerts where opened_at >= ${timestamp(since)} and silenced_by = ${id}`)
  return count
}

/** Alerts that are told when it ends: nobody has them, and nothing else holds them. */
export async function countHeldBy(queries: Queries, id: string): Promise<number> {
  const { count } = await queries.one(sql<{ count: number }>`
    select count(*)::int as count from alerts where status = 'firing' and silenced_by = ${id} and held_because is null`)
  return count
}

const remindedAhead = sql`interval '15 minutes'`

/** Those that end soon and of which nobody was reminded. */
export async function listToRemind(queries: Queries): Promise<readonly SilenceRow[]> {
  return queries.many(sql<SilenceRow>`
    select ${columns} from ${silencesToCome} and ends_at <= mainstay_now() + ${remindedAhead} and starts_at <= mainstay_now() and not reminded
    order by ends_at, id limit 500`)
}

/** False when another process did. */
export async function markReminded(tx: Tx, id: string): Promise<boolean> {
  return (await tx.run(sql`update silences set reminded = true where id = ${id} and not reminded`)) === 1
}

const mostPreviewed = 20_000

/** What was open at any time since then, open ones first. */
export async function listOpenedSince(queries: Queries, since: Instant): Promise<readonly AlertRow[]> {
  return queries.many(sql<AlertRow>`
    (select ${alertColumns} from alerts where status <> 'resolved' order by opened_at desc limit ${mostPreviewed})
    union all
    (select ${alertColumns} from alerts where status = 'resolved' and opened_at > ${timestamp(since)} order by opened_at desc limit ${mostPreviewed})`)
}
