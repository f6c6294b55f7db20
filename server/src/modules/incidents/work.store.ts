// All SQL of the incident room: work items, pins, updates, impacts, relations.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { Addressee, ItemKind, ItemState, UpdateFacts } from './core/index.ts'

export interface Evidence {
  readonly side: 'for' | 'against'
  readonly text: string
  readonly by: string
  readonly at: number
}

export interface StoredVerification {
  readonly objective: string
  readonly holdMs: number
  readonly startedAt: number
  readonly giveUpAt: number
  readonly goodSince: number | null
  readonly because: string
}

export interface StoredVendorCase {
  readonly vendor: string
  readonly contacts: readonly { readonly label: string; readonly kind: string; readonly value: string }[]
  readonly caseNumber: string | null
}

export interface ItemRow {
  readonly id: string
  readonly incidentId: string
  readonly kind: ItemKind
  readonly text: string
  readonly state: ItemState
  readonly owner: string | null
  readonly dueAt: Instant | null
  readonly reason: string | null
  readonly evidence: readonly Evidence[]
  readonly verification: StoredVerification | null
  readonly vendorCase: StoredVendorCase | null
  readonly createdBy: string
  readonly createdAt: Instant
  readonly closedAt: Instant | null
  readonly version: number
}

const itemColumns = sql`id, incident_id as "incidentId", kind, text, state, owner, due_at as "dueAt", reason, evidence, verification,
  vendor_case as "vendorCase", created_by as "createdBy", created_at as "createdAt", closed_at as "closedAt", version`
const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))
const jsonOrNull = (value: unknown): RawBuilder<unknown> => (value === null ? sql`null::jsonb` : json(value))

export async function insertItem(tx: Tx, row: Omit<ItemRow, 'version' | 'closedAt'>): Promise<ItemRow> {
  return tx.one(sql<ItemRow>`
    insert into incident_items (id, incident_id, kind, text, state, owner, due_at, reason, evidence, verification, vendor_case, created_by, created_at)
    values (${row.id}, ${row.incidentId}, ${row.kind}, ${row.text}, ${row.state}, ${row.owner}, ${orNull(row.dueAt)}, ${row.reason},
      ${json(row.evidence)}, ${jsonOrNull(row.verification)}, ${jsonOrNull(row.vendorCase)}, ${row.createdBy}, ${timestamp(row.createdAt)})
    returning ${itemColumns}`)
}

export async function saveItem(tx: Tx, row: ItemRow): Promise<ItemRow> {
  return tx.one(sql<ItemRow>`
    update incident_items set state = ${row.state}, owner = ${row.owner}, due_at = ${orNull(row.dueAt)}, reason = ${row.reason},
      evidence = ${json(row.evidence)}, verification = ${jsonOrNull(row.verification)}, vendor_case = ${jsonOrNull(row.vendorCase)}, closed_at = ${orNull(row.closedAt)}, version = version + 1
    where id = ${row.id} returning ${itemColumns}`)
}

interface Move {
  readonly ids: readonly string[]
  readonly from: string
  readonly to: string
}

/** Those of them that are still there. */
export async function moveItems(tx: Tx, { ids, from, to }: Move): Promise<void> {
  if (ids.length > 0)
    await tx.run(sql`
      update incident_items set incident_id = ${to}, version = version + 1 where incident_id = ${from} and id = any(${[...ids]}::uuid[])`)
}

export async function movePins(tx: Tx, { ids, from, to }: Move): Promise<void> {
  if (ids.length > 0)
    await tx.run(
      sql`update incident_pins set incident_id = ${to} where incident_id = ${from} and id = any(${[...ids]}::uuid[])`,
    )
}

export async function lockItem(tx: Tx, incidentId: string, id: string): Promise<ItemRow | null> {
  return tx.maybe(
    sql<ItemRow>`select ${itemColumns} from incident_items where id = ${id} and incident_id = ${incidentId} for update`,
  )
}

/** 500 at most, as many as an incident may hold. */
export async function listItems(queries: Queries, incidentId: string): Promise<readonly ItemRow[]> {
  return queries.many(
    sql<ItemRow>`select ${itemColumns} from incident_items where incident_id = ${incidentId} order by created_at, id limit 500`,
  )
}

export interface PinRow {
  readonly id: string
  readonly incidentId: string
  readonly title: string
  readonly objective: string
  readonly fromAt: Instant
  readonly toAt: Instant
  readonly stepMs: number
  readonly target: number | null
  /** at, good, bad, measured */
  readonly points: readonly (readonly [number, number, number, boolean])[]
  readonly pinnedBy: string
  readonly pinnedAt: Instant
}
const pinColumns = sql`id, incident_id as "incidentId", title, objective, from_at as "fromAt", to_at as "toAt", step_ms as "stepMs", target, points,
  pinned_by as "pinnedBy", pinned_at as "pinnedAt"`

export async function insertPin(tx: Tx, row: PinRow): Promise<void> {
  await tx.run(sql`
    insert into incident_pins (id, incident_id, title, objective, from_at, to_at, step_ms, target, points, pinned_by, pinned_at)
    values (${row.id}, ${row.incidentId}, ${row.title}, ${row.objective}, ${timestamp(row.fromAt)}, ${timestamp(row.toAt)}, ${row.stepMs}, ${row.target},
      ${json(row.points)}, ${row.pinnedBy}, ${timestamp(row.pinnedAt)})`)
}

export async function listPins(queries: Queries, incidentId: string): Promise<readonly PinRow[]> {
  return queries.many(
    sql<PinRow>`select ${pinColumns} from incident_pins where incident_id = ${incidentId} order by pinned_at, id limit 50`,
  )
}

export interface UpdateRow extends Addressee {
  readonly id: string
  readonly incidentId: string
  readonly number: number
  readonly text: string
  readonly facts: UpdateFacts
  readonly postedBy: string
  /** Where a second person looks before anybody is told. */
  readonly approvedBy: string | null
  readonly postedAt: Instant
  readonly nextAt: Instant | null
}
const updateColumns = sql`id, incident_id as "incidentId", number, audience, customer, text, facts, posted_by as "postedBy", approved_by as "approvedBy", posted_at as "postedAt", next_at as "nextAt"`

export async function insertUpdate(tx: Tx, row: Omit<UpdateRow, 'number'>): Promise<UpdateRow> {
  return tx.one(sql<UpdateRow>`
    insert into incident_updates (id, incident_id, number, audience, customer, text, facts, posted_by, approved_by, posted_at, next_at)
    select ${row.id}, ${row.incidentId}, coalesce(max(number), 0) + 1, ${row.audience}, ${row.customer}, ${row.text}, ${json(row.facts)}, ${row.postedBy},
      ${row.approvedBy}, ${timestamp(row.postedAt)}, ${orNull(row.nextAt)}
    from incident_updates where incident_id = ${row.incidentId} returning ${updateColumns}`)
}

export async function findUpdate(queries: Queries, incidentId: string, number: number): Promise<UpdateRow | null> {
  return queries.maybe(
    sql<UpdateRow>`select ${updateColumns} from incident_updates where incident_id = ${incidentId} and number = ${number}`,
  )
}

/** Newest first; 200 at most. */
export async function listUpdateRows(queries: Queries, incidentId: string): Promise<readonly UpdateRow[]> {
  return queries.many(
    sql<UpdateRow>`select ${updateColumns} from incident_updates where incident_id = ${incidentId} order by number desc limit 200`,
  )
}

export interface ImpactRow {
  readonly service: string
  readonly startedAt: Instant
  readonly endedAt: Instant | null
}

/** Of many incidents at once, each one's in order. */
export async function listImpacts(
  queries: Queries,
  incidents: readonly string[],
): Promise<readonly (ImpactRow & { readonly incidentId: string })[]> {
  return queries.many(
    sql<ImpactRow & { incidentId: string }>`
      select incident_id as "incidentId", service, started_at as "startedAt", ended_at as "endedAt" from incident_impacts
      where incident_id = any(${[...incidents]}::uuid[]) order by incident_id, started_at, service`,
  )
}

export async function replaceImpacts(tx: Tx, incidentId: string, rows: readonly ImpactRow[]): Promise<void> {
  await tx.run(sql`delete from incident_impacts where incident_id = ${incidentId}`)
  for (const row of rows)
    await tx.run(
      sql`insert into incident_impacts (incident_id, service, started_at, ended_at) values (${incidentId}, ${row.service}, ${timestamp(row.startedAt)}, ${orNull(row.endedAt)})`,
    )
}

/** Both ways: linking is mutual. */
export async function listRelatedIds(queries: Queries, incidentId: string): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{ id: string }>`select related_id as id from incident_relations where incident_id = ${incidentId}
      union select incident_id from incident_relations where related_id = ${incidentId} limit 100`,
  )
  return rows.map((row) => row.id)
}

export async function addRelation(tx: Tx, incidentId: string, relatedId: string, reason: string): Promise<void> {
  await tx.run(
    sql`insert into incident_relations (incident_id, related_id, reason) values (${incidentId}, ${relatedId}, ${reason}) on conflict do nothing`,
  )
}

export async function removeRelations(tx: Tx, incidentId: string, relatedId: string): Promise<void> {
  await tx.run(
    sql`delete from incident_relations where (incident_id, related_id) in ((${incidentId}::uuid, ${relatedId}::uuid), (${relatedId}::uuid, ${incidentId}::uuid))`,
  )
}
