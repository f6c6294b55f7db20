// All SQL on incidents and their roles.
import type { Instant } from '../../kernel/instant.ts'
import type { Severity } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { Holding, IncidentPhase, IncidentRole, IncidentTimes } from './core/index.ts'

export interface IncidentRow extends IncidentTimes {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly severity: Severity
  readonly severityReason: string
  readonly status: IncidentPhase
  readonly services: readonly string[]
  readonly teams: readonly string[]
  readonly declaredBy: string
  readonly automatic: boolean
  readonly version: number
}

const columns = sql`id, number, title, severity, severity_reason as "severityReason", status, services, teams,
  impact_started_at as "impactStartedAt", detected_at as "detectedAt", declared_at as "declaredAt", acknowledged_at as "acknowledgedAt",
  mitigated_at as "mitigatedAt", resolved_at as "resolvedAt", declared_by as "declaredBy", automatic, version`

const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

// Alerts of one storm ask in parallel whether there is an incident yet; they take turns.
export async function lockOpening(tx: Tx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(4870316522939)`)
}

export type NewIncident = Omit<IncidentRow, 'number' | 'version' | 'declaredAt'>

export async function insertIncident(tx: Tx, row: NewIncident): Promise<IncidentRow> {
  return tx.one(sql<IncidentRow>`
    insert into incidents (id, title, severity, severity_reason, status, services, teams, impact_started_at, detected_at, acknowledged_at, mitigated_at, resolved_at, declared_by, automatic)
    values (${row.id}, ${row.title}, ${row.severity}, ${row.severityReason}, ${row.status}, ${[...row.services]}, ${[...row.teams]},
      ${orNull(row.impactStartedAt)}, ${orNull(row.detectedAt)}, ${orNull(row.acknowledgedAt)}, ${orNull(row.mitigatedAt)}, ${orNull(row.resolvedAt)}, ${row.declaredBy}, ${row.automatic})
    returning ${columns}`)
}

export async function saveIncident(tx: Tx, row: IncidentRow): Promise<IncidentRow> {
  return tx.one(sql<IncidentRow>`
    update incidents set title = ${row.title}, severity = ${row.severity}, severity_reason = ${row.severityReason}, status = ${row.status},
      services = ${[...row.services]}, teams = ${[...row.teams]}, impact_started_at = ${orNull(row.impactStartedAt)}, detected_at = ${orNull(row.detectedAt)},
      acknowledged_at = ${orNull(row.acknowledgedAt)}, mitigated_at = ${orNull(row.mitigatedAt)}, resolved_at = ${orNull(row.resolvedAt)}, version = version + 1
    where id = ${row.id} returning ${columns}`)
}

export async function lockIncident(tx: Tx, id: string): Promise<IncidentRow | null> {
  return tx.maybe(sql<IncidentRow>`select ${columns} from incidents where id = ${id} for update`)
}

export async function findIncident(queries: Queries, id: string): Promise<IncidentRow | null> {
  return queries.maybe(sql<IncidentRow>`select ${columns} from incidents where id = ${id}`)
}

/** Open incidents, the newest first, locked until the end of the transaction; few by nature. */
export async function lockOpenIncidents(tx: Tx, limit = 200): Promise<readonly IncidentRow[]> {
  return tx.many(
    sql<IncidentRow>`select ${columns} from incidents where status <> 'resolved' order by declared_at desc, id desc limit ${limit} for update`,
  )
}

/** Open incidents, the newest first; few by nature. */
export async function listOpenIncidents(queries: Queries, limit = 200): Promise<readonly IncidentRow[]> {
  return queries.many(
    sql<IncidentRow>`select ${columns} from incidents where status <> 'resolved' order by declared_at desc, id desc limit ${limit}`,
  )
}

export interface IncidentFilter {
  readonly status: IncidentPhase | 'open' | null
  readonly service: string | null
  readonly severity: string | null
  readonly number?: number | null
  readonly search: string | null
  readonly from: Instant | null
  readonly to: Instant | null
}

export async function listIncidentRows(
  queries: Queries,
  filter: IncidentFilter,
  before: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly IncidentRow[]> {
  const like = filter.search === null ? null : `%${filter.search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  const conditions = [
    filter.status === null
      ? null
      : filter.status === 'open'
        ? sql`status <> 'resolved'`
        : sql`status = ${filter.status}`,
    filter.service === null ? null : sql`services @> array[${filter.service}]`,
    filter.severity === null ? null : sql`severity = ${filter.severity}`,
    filter.number == null ? null : sql`number = ${filter.number}`,
    like === null ? null : sql`lower(title) like ${like}`,
    filter.from === null ? null : sql`coalesce(resolved_at, 'infinity') >= ${timestamp(filter.from)}`,
    filter.to === null ? null : sql`declared_at < ${timestamp(filter.to)}`,
    before === null ? null : sql`(declared_at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`,
  ].filter((each) => each !== null)
  return queries.many(sql<IncidentRow>`
    select ${columns} from incidents where ${sql.join([sql`true`, ...conditions], sql` and `)} order by declared_at desc, id desc limit ${limit}`)
}

export async function listHoldings(queries: Queries, incidentId: string): Promise<readonly Holding[]> {
  return queries.many(
    sql<Holding>`select role, person, since, until from incident_roles where incident_id = ${incidentId} order by id`,
  )
}

/** Writes the difference between two lists of holdings: one row closed, one opened. */
export async function saveHoldings(
  tx: Tx,
  incidentId: string,
  before: readonly Holding[],
  after: readonly Holding[],
): Promise<void> {
  const same = (a: Holding, b: Holding) => a.role === b.role && a.person === b.person && a.since === b.since
  for (const holding of before) {
    const kept = after.find((each) => same(each, holding))
    if (kept === undefined) await tx.run(sql`delete from incident_roles where ${holdingIs(incidentId, holding)}`)
    else if (kept.until !== holding.until)
      await tx.run(sql`update incident_roles set until = ${orNull(kept.until)} where ${holdingIs(incidentId, holding)}`)
  }
  for (const holding of after) {
    if (before.some((each) => same(each, holding))) continue
    await tx.run(
      sql`insert into incident_roles (incident_id, role, person, since, until) values (${incidentId}, ${holding.role}, ${holding.person}, ${timestamp(holding.since)}, ${orNull(holding.until)})`,
    )
  }
}

function holdingIs(incidentId: string, holding: { role: IncidentRole; person: string; since: Instant }) {
  return sql`incident_id = ${incidentId} and role = ${holding.role} and person = ${holding.person} and since = ${timestamp(holding.since)}`
}

export async function countOpenIncidents(queries: Queries): Promise<number> {
  return (
    await queries.one(sql<{ count: number }>`select count(*)::int as count from incidents where status <> 'resolved'`)
  ).count
}
