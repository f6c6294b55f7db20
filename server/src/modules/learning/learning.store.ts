// All SQL on classes and on what was said of repeats.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { Evidence } from './core/index.ts'

export interface ClassRow {
  readonly incidentId: string
  /** Empty: the incident as a whole. */
  readonly factor: string
  readonly class: string
}

export async function listClassesOf(queries: Queries, incidents: readonly string[]): Promise<readonly ClassRow[]> {
  return queries.many(sql<ClassRow>`
    select incident_id as "incidentId", factor, class from incident_classes
    where incident_id = any(${[...incidents]}::uuid[]) order by incident_id, factor`)
}

export async function saveClass(tx: Tx, row: ClassRow & { readonly by: string; readonly at: Instant }): Promise<void> {
  await tx.run(sql`
    insert into incident_classes (incident_id, factor, class, said_by, said_at)
    values (${row.incidentId}, ${row.factor}, ${row.class}, ${row.by}, ${timestamp(row.at)})
    on conflict (incident_id, factor) do update set class = excluded.class, said_by = excluded.said_by, said_at = excluded.said_at`)
}

export async function removeClass(tx: Tx, incidentId: string, factor: string): Promise<void> {
  await tx.run(sql`delete from incident_classes where incident_id = ${incidentId} and factor = ${factor}`)
}

export interface RepeatRow {
  readonly incidentId: string
  readonly earlierId: string
  readonly verdict: 'confirmed' | 'rejected'
  readonly score: number
  /** What was seen when it was said. */
  readonly evidence: readonly Evidence[]
  readonly reason: string | null
  readonly by: string
  readonly at: Instant
}

const columns = sql`incident_id as "incidentId", earlier_id as "earlierId", verdict, score, evidence, reason, said_by as by, said_at as at`

export async function saveRepeat(tx: Tx, row: RepeatRow): Promise<void> {
  await tx.run(sql`
    insert into incident_repeats (incident_id, earlier_id, verdict, score, evidence, reason, said_by, said_at)
    values (${row.incidentId}, ${row.earlierId}, ${row.verdict}, ${row.score}, ${json([...row.evidence])}, ${row.reason}, ${row.by}, ${timestamp(row.at)})
    on conflict (incident_id, earlier_id) do update set verdict = excluded.verdict, score = excluded.score, evidence = excluded.evidence,
      reason = excluded.reason, said_by = excluded.said_by, said_at = excluded.said_at`)
}

export async function removeRepeat(tx: Tx, incidentId: string, earlierId: string): Promise<boolean> {
  return (
    (await tx.run(sql`delete from incident_repeats where incident_id = ${incidentId} and earlier_id = ${earlierId}`)) >
    0
  )
}

/** What was said of these incidents, as the later ones. */
export async function listSaidOf(queries: Queries, incidents: readonly string[]): Promise<readonly RepeatRow[]> {
  return queries.many(
    sql<RepeatRow>`select ${columns} from incident_repeats where incident_id = any(${[...incidents]}::uuid[]) order by said_at desc, earlier_id`,
  )
}

/** Newest word first; pairs with an incident among `closed` are left out. */
export async function listRepeatRows(
  queries: Queries,
  filter: { readonly verdict: RepeatRow['verdict']; readonly closed: readonly string[] },
  before: { readonly at: Instant; readonly incident: string; readonly earlier: string } | null,
  limit: number,
): Promise<readonly RepeatRow[]> {
  const closed = sql`${[...filter.closed]}::uuid[]`
  return queries.many(sql<RepeatRow>`
    select ${columns} from incident_repeats
    where verdict = ${filter.verdict} and not (incident_id = any(${closed}) or earlier_id = any(${closed}))
      and ${
        before === null
          ? sql`true`
          : sql`(said_at, incident_id, earlier_id) < (${timestamp(before.at)}, ${before.incident}::uuid, ${before.earlier}::uuid)`
      }
    order by said_at desc, incident_id desc, earlier_id desc limit ${limit}`)
}

/** Of which incidents a person confirmed that they repeat one that may be read. */
export async function listConfirmed(queries: Queries, closed: readonly string[]): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ id: string }>`
    select distinct incident_id as id from incident_repeats
    where verdict = 'confirmed' and not (incident_id = any(${[...closed]}::uuid[]) or earlier_id = any(${[...closed]}::uuid[]))`)
  return rows.map((row) => row.id)
}

/** Incidents of a class, as a whole or by a factor; the 10,000 last classified. */
export async function listIncidentsOfClass(queries: Queries, name: string): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ id: string }>`
    select incident_id as id from incident_classes where class = ${name} group by incident_id order by max(said_at) desc, incident_id limit 10000`)
  return rows.map((row) => row.id)
}
