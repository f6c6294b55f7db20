// All SQL on incidents and their roles.
import type { Instant } from '../../kernel/instant.ts'
import type { Severity, Tier } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type {
  Holding,
  IncidentKind,
  IncidentPhase,
  IncidentReader,
  IncidentRole,
  MeasuredTimes,
  RoleOffer,
} from './core/index.ts'

export interface IncidentRow extends MeasuredTimes {
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
  readonly kind: IncidentKind
  /** Who may read it when it is restricted: `person:ana`, `team:web`, `account:<id>`. */
  readonly readers: readonly string[]
  readonly reviewedAt: Instant | null
  readonly parentId: string | null
  readonly mergedInto: string | null
  readonly impactStatement: string | null
  /** Null: nobody counted them. */
  readonly peopleAffected: number | null
  readonly impactRegions: readonly string[]
  readonly impactCustomers: readonly string[]
  readonly nextUpdateAt: Instant | null
  /** Where those who work on it talk. */
  readonly callUrl: string | null
  /** Of planned work. */
  readonly plannedStart: Instant | null
  readonly plannedEnd: Instant | null
  /** The time of a maintenance it follows. */
  readonly maintenanceId: string | null
  /** Of the alert that opened it by itself: its rule, and how important its service is. */
  readonly openedByRule: string | null
  readonly openedByTier: Tier | null
  readonly version: number
}

const columns = sql`id, number, title, severity, severity_reason as "severityReason", status, services, teams,
  impact_started_at as "impactStartedAt", detected_at as "detectedAt", declared_at as "declaredAt", acknowledged_at as "acknowledgedAt",
  mitigated_at as "mitigatedAt", resolved_at as "resolvedAt", declared_by as "declaredBy", automatic, kind, readers,
  reviewed_at as "reviewedAt", parent_id as "parentId", merged_into as "mergedInto", impact_statement as "impactStatement",
  people_affected as "peopleAffected", impact_regions as "impactRegions", impact_customers as "impactCustomers", first_told_at as "firstToldAt",
  next_update_at as "nextUpdateAt", call_url as "callUrl",
  planned_start as "plannedStart", planned_end as "plannedEnd", maintenance_id as "maintenanceId", opened_by_rule as "openedByRule", opened_by_tier as "openedByTier", version`

const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

// Alerts of one storm ask in parallel whether there is an incident yet; they take turns.
export async function lockOpening(tx: Tx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(4870316522939)`)
}

const isOpen = sql`status in ('triage', 'active', 'mitigated')`
const isOver = sql`status in ('resolved', 'reviewed')`
const statusIs = (status: IncidentPhase | 'open' | 'over'): RawBuilder<unknown> =>
  status === 'open' ? isOpen : status === 'over' ? isOver : sql`status = ${status}`

export function readableBy(reader: IncidentReader): RawBuilder<unknown> {
  return reader.all ? sql`true` : sql`(kind <> 'security' or readers && ${[...reader.names]}::text[])`
}

export type NewIncident = Omit<
  IncidentRow,
  | 'number'
  | 'version'
  | 'declaredAt'
  | 'reviewedAt'
  | 'parentId'
  | 'mergedInto'
  | 'impactStatement'
  | 'peopleAffected'
  | 'impactRegions'
  | 'impactCustomers'
  | 'firstToldAt'
  | 'nextUpdateAt'
  | 'callUrl'
  | 'plannedStart'
  | 'plannedEnd'
  | 'maintenanceId'
  | 'openedByRule'
  | 'openedByTier'
> & {
  readonly peopleAffected?: number | null
  readonly plan?: { readonly startsAt: Instant; readonly endsAt: Instant; readonly maintenanceId: string | null }
  readonly openedBy?: { readonly rule: string | null; readonly tier: Tier | null }
}

export async function insertIncident(tx: Tx, row: NewIncident): Promise<IncidentRow> {
  return tx.one(sql<IncidentRow>`
    insert into incidents (id, title, severity, severity_reason, status, services, teams, impact_started_at, detected_at, acknowledged_at, mitigated_at, resolved_at, declared_by, automatic, kind, readers, people_affected, planned_start, planned_end, maintenance_id, opened_by_rule, opened_by_tier)
    values (${row.id}, ${row.title}, ${row.severity}, ${row.severityReason}, ${row.status}, ${[...row.services]}, ${[...row.teams]},
      ${orNull(row.impactStartedAt)}, ${orNull(row.detectedAt)}, ${orNull(row.acknowledgedAt)}, ${orNull(row.mitigatedAt)}, ${orNull(row.resolvedAt)}, ${row.declaredBy}, ${row.automatic}, ${row.kind}, ${[...row.readers]}, ${row.peopleAffected ?? null},
      ${orNull(row.plan?.startsAt ?? null)}, ${orNull(row.plan?.endsAt ?? null)}, ${row.plan?.maintenanceId ?? null},
      ${row.openedBy?.rule ?? null}, ${row.openedBy?.tier ?? null})
    returning ${columns}`)
}

export async function saveIncident(tx: Tx, row: IncidentRow): Promise<IncidentRow> {
  return tx.one(sql<IncidentRow>`
    update incidents set title = ${row.title}, severity = ${row.severity}, severity_reason = ${row.severityReason}, status = ${row.status},
      services = ${[...row.services]}, teams = ${[...row.teams]}, impact_started_at = ${orNull(row.impactStartedAt)}, detected_at = ${orNull(row.detectedAt)},
      acknowledged_at = ${orNull(row.acknowledgedAt)}, mitigated_at = ${orNull(row.mitigatedAt)}, resolved_at = ${orNull(row.resolvedAt)},
      readers = ${[...row.readers]}, kind = ${row.kind}, reviewed_at = ${orNull(row.reviewedAt)}, parent_id = ${row.parentId}, merged_into = ${row.mergedInto},
      impact_statement = ${row.impactStatement}, people_affected = ${row.peopleAffected}, impact_regions = ${[...row.impactRegions]},
      impact_customers = ${[...row.impactCustomers]}, first_told_at = ${orNull(row.firstToldAt)}, next_update_at = ${orNull(row.nextUpdateAt)}, call_url = ${row.callUrl},
      planned_start = ${orNull(row.plannedStart)}, planned_end = ${orNull(row.plannedEnd)}, maintenance_id = ${row.maintenanceId}, version = version + 1
    where id = ${row.id} returning ${columns}`)
}

/** What was planned is declared an incident now: lists and figures go by this time, and nobody was told of it before. */
export async function declareAnew(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`update incidents set declared_at = mainstay_now(), first_told_at = null where id = ${id}`)
}

/** The room of one time of a maintenance, while it is planned or under way. */
export async function lockLeading(tx: Tx, maintenanceId: string): Promise<IncidentRow | null> {
  return tx.maybe(sql<IncidentRow>`
    select ${columns} from incidents where maintenance_id = ${maintenanceId} and kind = 'scheduled' and status in ('planned', 'active') for update`)
}

export async function lockIncident(tx: Tx, id: string): Promise<IncidentRow | null> {
  return tx.maybe(sql<IncidentRow>`select ${columns} from incidents where id = ${id} for update`)
}

export async function findIncident(queries: Queries, id: string): Promise<IncidentRow | null> {
  return queries.maybe(sql<IncidentRow>`select ${columns} from incidents where id = ${id}`)
}

/** What people call them; those that are there. */
export async function listIncidentNames(
  queries: Queries,
  ids: readonly string[],
): Promise<readonly Pick<IncidentRow, 'id' | 'number' | 'title' | 'severity'>[]> {
  return queries.many(
    sql<
      Pick<IncidentRow, 'id' | 'number' | 'title' | 'severity'>
    >`select id, number, title, severity from incidents where id = any(${[...ids]}::uuid[])`,
  )
}

/** Those of these that the reader may read. */
export async function listIncidentsById(
  queries: Queries,
  ids: readonly string[],
  reader: IncidentReader,
): Promise<readonly IncidentRow[]> {
  return queries.many(
    sql<IncidentRow>`select ${columns} from incidents where id = any(${[...ids]}::uuid[]) and ${readableBy(reader)} order by declared_at desc, id desc`,
  )
}

/**
 * Open incidents, the newest first, locked until the end of the transaction: those of these services, however many others are
 * open, and the newest of the others. Those of one millisecond stand as they were opened, as in the memory of who opened them.
 */
export async function lockOpenIncidents(
  tx: Tx,
  services: readonly string[],
  limit = 200,
): Promise<readonly IncidentRow[]> {
  return tx.many(sql<IncidentRow>`
    select ${columns} from incidents where id in (
      (select id from incidents where ${isOpen} order by declared_at desc, id desc limit ${limit})
      union all select id from incidents where ${isOpen} and services && ${[...services]}::text[])
    order by declared_at desc, number desc for update`)
}

/** Open incidents, the newest first; few by nature. */
export async function listOpenIncidents(
  queries: Queries,
  reader: IncidentReader,
  limit = 200,
): Promise<readonly IncidentRow[]> {
  return queries.many(
    sql<IncidentRow>`select ${columns} from incidents where ${isOpen} and ${readableBy(reader)} order by declared_at desc, id desc limit ${limit}`,
  )
}

/** The newest that hurt one of these services. */
export async function listIncidentsOfServices(
  queries: Queries,
  services: readonly string[],
  reader: IncidentReader,
  limit: number,
): Promise<readonly IncidentRow[]> {
  return queries.many(sql<IncidentRow>`
    select ${columns} from incidents where services && ${[...services]}::text[] and ${readableBy(reader)}
    order by declared_at desc, id desc limit ${limit}`)
}

export interface IncidentFilter {
  /** Restricted ones are left out for whoever may not read them. */
  readonly reader: IncidentReader
  readonly kind?: IncidentKind | null
  readonly status: IncidentPhase | 'open' | 'over' | null
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
  return queries.many(sql<IncidentRow>`
    select ${columns} from incidents where ${meeting(filter, before)} order by declared_at desc, id desc limit ${limit}`)
}

function meeting(filter: IncidentFilter, before: { at: Instant; id: string } | null): RawBuilder<unknown> {
  const like = filter.search === null ? null : `%${filter.search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  const conditions = [
    filter.status === null ? null : statusIs(filter.status),
    readableBy(filter.reader),
    filter.service === null ? null : sql`services @> array[${filter.service}]`,
    filter.severity === null ? null : sql`severity = ${filter.severity}`,
    filter.kind == null ? null : sql`kind = ${filter.kind}`,
    filter.number == null ? null : sql`number = ${filter.number}`,
    like === null ? null : sql`lower(title) like ${like}`,
    filter.from === null ? null : sql`coalesce(resolved_at, 'infinity') >= ${timestamp(filter.from)}`,
    filter.to === null ? null : sql`declared_at < ${timestamp(filter.to)}`,
    before === null ? null : sql`(declared_at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`,
  ].filter((each) => each !== null)
  return sql.join([sql`true`, ...conditions], sql` and `)
}

/** What is counted of an incident, and nothing else: figures are made of thousands. */
export type CountedIncident = MeasuredTimes &
  Pick<IncidentRow, 'id' | 'severity' | 'kind' | 'services' | 'teams' | 'mergedInto'>

/** The newest first. */
export async function listCounted(
  queries: Queries,
  filter: IncidentFilter,
  limit: number,
): Promise<readonly CountedIncident[]> {
  return queries.many(sql<CountedIncident>`
    select id, severity, kind, services, teams, merged_into as "mergedInto", impact_started_at as "impactStartedAt",
      detected_at as "detectedAt", declared_at as "declaredAt", acknowledged_at as "acknowledgedAt", mitigated_at as "mitigatedAt",
      resolved_at as "resolvedAt", first_told_at as "firstToldAt"
    from incidents where ${meeting(filter, null)} order by declared_at desc, id desc limit ${limit}`)
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

export async function countOpenIncidents(queries: Queries, reader: IncidentReader): Promise<number> {
  return (
    await queries.one(
      sql<{ count: number }>`select count(*)::int as count from incidents where ${isOpen} and ${readableBy(reader)}`,
    )
  ).count
}

/** Ids of all restricted incidents, those the reader may read apart from the others; few by nature. */
export async function listRestricted(
  queries: Queries,
  reader: IncidentReader,
): Promise<{ readonly open: readonly string[]; readonly closed: readonly string[] }> {
  const rows = await queries.many(
    sql<{ id: string; open: boolean }>`select id, ${readableBy(reader)} as open from incidents where kind = 'security'`,
  )
  const idsOf = (open: boolean) => rows.filter((row) => row.open === open).map((row) => row.id)
  return { open: idsOf(true), closed: idsOf(false) }
}

export async function listOffers(queries: Queries, incidentId: string): Promise<readonly RoleOffer[]> {
  return queries.many(
    sql<RoleOffer>`select role, person, offered_by as "offeredBy", offered_at as "offeredAt" from incident_role_offers where incident_id = ${incidentId} order by role`,
  )
}

export async function saveOffer(tx: Tx, incidentId: string, offer: RoleOffer): Promise<void> {
  await tx.run(sql`
    insert into incident_role_offers (incident_id, role, person, offered_by, offered_at)
    values (${incidentId}, ${offer.role}, ${offer.person}, ${offer.offeredBy}, ${timestamp(offer.offeredAt)})
    on conflict (incident_id, role) do update set person = excluded.person, offered_by = excluded.offered_by, offered_at = excluded.offered_at`)
}

export async function removeOffer(tx: Tx, incidentId: string, role: IncidentRole): Promise<void> {
  await tx.run(sql`delete from incident_role_offers where incident_id = ${incidentId} and role = ${role}`)
}

export interface Kin {
  readonly row: IncidentRow
  readonly relation: 'parent' | 'child' | 'merged-into' | 'merged-from'
}

/** Its parent and children, and what it was merged into or from; 100 at most. */
export async function listKin(queries: Queries, incident: IncidentRow): Promise<readonly Kin[]> {
  const rows = await queries.many(sql<IncidentRow>`
    select ${columns} from incidents
    where id = ${incident.parentId} or id = ${incident.mergedInto} or parent_id = ${incident.id} or merged_into = ${incident.id}
    order by number limit 100`)
  return rows.map((row) => ({
    row,
    relation:
      row.id === incident.parentId
        ? 'parent'
        : row.id === incident.mergedInto
          ? 'merged-into'
          : row.parentId === incident.id
            ? 'child'
            : 'merged-from',
  }))
}
