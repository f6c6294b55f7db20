// All SQL on tickets.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { beyond } from '../../platform/retention/keep-rule.ts'
import { orNull } from './connections.store.ts'
import type { SubjectKind, TicketState } from './core/index.ts'
import type { TrackerName } from './tickets.ports.ts'

export interface TicketRow {
  readonly id: string
  readonly connection: string
  readonly tracker: TrackerName
  readonly subjectKind: SubjectKind
  readonly subjectId: string
  readonly incidentId: string
  readonly phase: 'wanted' | 'creating' | 'there' | 'gone'
  readonly wishTitle: string | null
  readonly begunAt: Instant | null
  readonly looks: number
  readonly ref: string | null
  readonly key: string | null
  readonly url: string | null
  readonly title: string | null
  readonly theirName: string | null
  readonly theirs: TicketState | null
  readonly base: TicketState | null
  /** What the ticket said then, where that was something else; null: the same. */
  readonly baseTheirs: TicketState | null
  readonly conflict: boolean
  readonly settle: 'ours' | 'theirs' | null
  readonly held: string | null
  readonly fault: string | null
  readonly dueAt: Instant | null
  readonly seenAt: Instant | null
  readonly createdBy: string
  readonly createdAt: Instant
}

const columns = sql`id, connection, tracker, subject_kind as "subjectKind", subject_id as "subjectId", incident_id as "incidentId", phase,
  wish_title as "wishTitle", begun_at as "begunAt", looks, ref, key, url, title, their_name as "theirName", theirs, base, base_theirs as "baseTheirs",
  conflict, settle, held, fault, due_at as "dueAt", seen_at as "seenAt", created_by as "createdBy", created_at as "createdAt"`

export type NewTicket = Pick<
  TicketRow,
  | 'id'
  | 'connection'
  | 'tracker'
  | 'subjectKind'
  | 'subjectId'
  | 'incidentId'
  | 'phase'
  | 'wishTitle'
  | 'ref'
  | 'key'
  | 'createdBy'
  | 'createdAt'
>

/** Null when there is one for this matter, or one of this reference. */
export async function insertTicket(tx: Tx, row: NewTicket): Promise<TicketRow | null> {
  return tx.maybe(sql<TicketRow>`
    insert into tickets (id, connection, tracker, subject_kind, subject_id, incident_id, phase, wish_title, ref, key, due_at, created_by, created_at)
    values (${row.id}, ${row.connection}, ${row.tracker}, ${row.subjectKind}, ${row.subjectId}, ${row.incidentId}, ${row.phase},
      ${row.wishTitle}, ${row.ref}, ${row.key}, ${timestamp(row.createdAt)}, ${row.createdBy}, ${timestamp(row.createdAt)})
    on conflict do nothing returning ${columns}`)
}

export async function findTicketOf(
  queries: Queries,
  connection: string,
  subject: { readonly kind: SubjectKind; readonly id: string },
): Promise<TicketRow | null> {
  return queries.maybe(sql<TicketRow>`
    select ${columns} from tickets
    where connection = ${connection} and subject_kind = ${subject.kind} and subject_id = ${subject.id} and phase <> 'gone'`)
}

/** By its reference or as people call it: one record of ServiceNow has both, and is linked by either. */
export async function findTicketNamed(queries: Queries, connection: string, name: string): Promise<TicketRow | null> {
  return queries.maybe(sql<TicketRow>`
    select ${columns} from tickets
    where connection = ${connection} and phase <> 'gone' and (ref = ${name} or key = ${name}) order by created_at limit 1`)
}

/** Whatever connection it is at: by its id here, or as the tracker calls it. */
export async function findTicketsCalled(queries: Queries, name: string): Promise<readonly TicketRow[]> {
  return queries.many(sql<TicketRow>`
    select ${columns} from tickets where phase <> 'gone' and ${called(name)} order by created_at, id limit 20`)
}

const called = (name: string) => sql`(lower(key) = lower(${name}) or id::text = lower(${name}))`

export async function listTicketsById(queries: Queries, ids: readonly string[]): Promise<readonly TicketRow[]> {
  return queries.many(sql<TicketRow>`select ${columns} from tickets where id = any(${[...ids]}::uuid[])`)
}

export async function findTicket(queries: Queries, id: string): Promise<TicketRow | null> {
  return queries.maybe(sql<TicketRow>`select ${columns} from tickets where id = ${id}`)
}

export async function lockTicket(tx: Tx, id: string): Promise<TicketRow | null> {
  return tx.maybe(sql<TicketRow>`select ${columns} from tickets where id = ${id} for update`)
}

/** The one that waited longest. */
export async function takeDue(tx: Tx, connection: string): Promise<TicketRow | null> {
  return tx.maybe(sql<TicketRow>`
    select ${columns} from tickets where connection = ${connection} and due_at <= mainstay_now()
    order by due_at, id limit 1 for update skip locked`)
}

export async function nextDueOf(queries: Queries, connection: string): Promise<Instant | null> {
  const row = await queries.one(sql<{ at: Instant | null }>`
    select min(due_at) as at from tickets where connection = ${connection} and due_at is not null`)
  return row.at
}

export async function putOff(tx: Tx, id: string, dueAt: Instant | null): Promise<void> {
  await tx.run(sql`update tickets set due_at = ${orNull(dueAt)} where id = ${id}`)
}

export async function saveTicket(tx: Tx, row: TicketRow): Promise<TicketRow> {
  return tx.one(sql<TicketRow>`
    update tickets set phase = ${row.phase}, begun_at = ${orNull(row.begunAt)}, looks = ${row.looks}, ref = ${row.ref}, key = ${row.key},
      url = ${row.url}, title = ${row.title}, their_name = ${row.theirName}, theirs = ${row.theirs}, base = ${row.base}, base_theirs = ${row.baseTheirs},
      conflict = ${row.conflict}, settle = ${row.settle}, held = ${row.held}, fault = ${row.fault}, due_at = ${orNull(row.dueAt)},
      seen_at = ${orNull(row.seenAt)}
    where id = ${row.id} returning ${columns}`)
}

/** In one order, for whoever locks them. */
export async function listConnectionsOf(
  queries: Queries,
  subject: { readonly kind: SubjectKind; readonly id: string },
): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ connection: string }>`
    select distinct connection from tickets
    where subject_kind = ${subject.kind} and subject_id = ${subject.id} and phase = 'there' order by connection`)
  return rows.map((row) => row.connection)
}

/** What it is about has moved: looked at at once. */
export async function hurrySubject(
  tx: Tx,
  connection: string,
  subject: { readonly kind: SubjectKind; readonly id: string },
): Promise<void> {
  await tx.run(sql`
    update tickets set due_at = mainstay_now()
    where connection = ${connection} and subject_kind = ${subject.kind} and subject_id = ${subject.id} and phase = 'there'`)
}

/** Named in a call of the tracker. */
export async function hurryNamed(
  tx: Tx,
  connection: string,
  named: { readonly ref: string | null; readonly key: string | null },
): Promise<boolean> {
  const moved = await tx.run(sql`
    update tickets set due_at = mainstay_now()
    where connection = ${connection} and phase = 'there' and (ref = ${named.ref}::text or key = ${named.key}::text)`)
  return moved > 0
}

export async function countTickets(
  queries: Queries,
): Promise<ReadonlyMap<string, { readonly tickets: number; readonly attention: number }>> {
  const rows = await queries.many(sql<{ connection: string; tickets: number; attention: number }>`
    select connection, count(*)::int as tickets, count(*) filter (where ${needsAttention})::int as attention
    from tickets where phase <> 'gone' group by connection`)
  return new Map(rows.map(({ connection, ...counts }) => [connection, counts]))
}

export async function countOpenAt(queries: Queries, connection: string): Promise<number> {
  const row = await queries.one(sql<{ count: number }>`
    select count(*)::int as count from tickets where connection = ${connection} and phase = 'there' and base in ('open', 'doing')`)
  return row.count
}

export async function hasTickets(queries: Queries, connection: string): Promise<boolean> {
  const row = await queries.one(sql<{ any: boolean }>`
    select exists (select from tickets where connection = ${connection} and phase <> 'gone') as any`)
  return row.any
}

/** Nobody looks after them any more. */
export async function leaveTickets(tx: Tx, connection: string): Promise<number> {
  return tx.run(sql`
    update tickets set phase = 'gone', due_at = null where connection = ${connection} and phase <> 'gone'`)
}

const needsAttention = sql`(conflict or held is not null or fault is not null)`

export interface TicketFilter {
  /** Incidents the reader may not read. */
  readonly closed: readonly string[]
  readonly incident: string | null
  readonly actions: readonly string[] | null
  /** As the tracker calls it, or its id. */
  readonly key: string | null
  readonly connection: string | null
  readonly attention: boolean
}

export async function listTicketRows(
  queries: Queries,
  filter: TicketFilter,
  after: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly TicketRow[]> {
  const conditions = [
    sql`phase <> 'gone'`,
    filter.closed.length === 0 ? null : sql`incident_id <> all(${[...filter.closed]}::uuid[])`,
    filter.incident === null ? null : sql`incident_id = ${filter.incident}`,
    filter.actions === null
      ? null
      : sql`(subject_kind = 'action' and subject_id = any(${[...filter.actions]}::uuid[]))`,
    filter.key === null ? null : called(filter.key),
    filter.connection === null ? null : sql`connection = ${filter.connection}`,
    filter.attention ? needsAttention : null,
    after === null ? null : sql`(created_at, id) < (${timestamp(after.at)}, ${after.id}::uuid)`,
  ].filter((each) => each !== null)
  return queries.many(sql<TicketRow>`
    select ${columns} from tickets where ${sql.join(conditions, sql` and `)} order by created_at desc, id desc limit ${limit}`)
}

/** Of incidents that are old enough: what both sides called over, and what is gone. */
export async function lockOldTickets(
  tx: Tx,
  { before, after, limit }: { before: Instant; after: readonly [string, string] | null; limit: number },
): Promise<readonly { readonly at: string; readonly id: string; readonly incidentId: string }[]> {
  return tx.many(sql<{ at: string; id: string; incidentId: string }>`
    select created_at::text as at, id::text as id, incident_id::text as "incidentId" from tickets
    where created_at < ${timestamp(before)} and (phase = 'gone' or base in ('done', 'dropped'))
      and coalesce(seen_at, created_at) < ${timestamp(before)}
      and ${beyond(sql`created_at, id`, after)}
    order by created_at, id limit ${limit} for update skip locked`)
}

export async function removeTickets(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.run(sql`delete from tickets where id = any(${[...ids]}::uuid[])`)
}
