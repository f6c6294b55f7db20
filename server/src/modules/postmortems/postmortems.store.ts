// All SQL on postmortems and their sections.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { DueRecord, Factor, PostmortemStatus, SectionKey } from './core/index.ts'
import type { FactsReply } from './postmortems.contract.ts'

export interface PostmortemRow {
  readonly id: string
  readonly number: number
  readonly incidentId: string
  readonly incidentNumber: number
  readonly title: string
  readonly severity: string
  readonly services: readonly string[]
  readonly team: string | null
  readonly owner: string | null
  readonly status: PostmortemStatus
  readonly openedBy: string
  readonly because: string
  readonly openedAt: Instant
  readonly dueAt: Instant
  readonly facts: FactsReply
  readonly factors: readonly Factor[]
  readonly approvedBy: string | null
  readonly publishedAt: Instant | null
  readonly hash: string | null
  /** When it was sent to review last. */
  readonly reviewAt: Instant | null
  readonly dueBecause: string | null
  readonly firstPublishedAt: Instant | null
  readonly excusedAt: Instant | null
  readonly excusedBy: string | null
  readonly excusedBecause: string | null
  readonly version: number
}

const columns = sql`id, number, incident_id as "incidentId", incident_number as "incidentNumber", title, severity, services, team, owner, status,
  opened_by as "openedBy", because, opened_at as "openedAt", due_at as "dueAt", facts, factors, approved_by as "approvedBy",
  published_at as "publishedAt", hash, review_at as "reviewAt", due_because as "dueBecause", first_published_at as "firstPublishedAt",
  excused_at as "excusedAt", excused_by as "excusedBy", excused_because as "excusedBecause", version`
const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

/** Null when the incident has one already. */
export async function insertPostmortem(
  tx: Tx,
  row: Omit<
    PostmortemRow,
    | 'number'
    | 'version'
    | 'approvedBy'
    | 'publishedAt'
    | 'hash'
    | 'reviewAt'
    | 'firstPublishedAt'
    | 'excusedAt'
    | 'excusedBy'
    | 'excusedBecause'
  >,
): Promise<PostmortemRow | null> {
  return tx.maybe(sql<PostmortemRow>`
    insert into postmortems (id, incident_id, incident_number, title, severity, services, team, owner, status, opened_by, because, opened_at, due_at, due_because, facts, factors)
    values (${row.id}, ${row.incidentId}, ${row.incidentNumber}, ${row.title}, ${row.severity}, ${[...row.services]}, ${row.team}, ${row.owner}, ${row.status},
      ${row.openedBy}, ${row.because}, ${timestamp(row.openedAt)}, ${timestamp(row.dueAt)}, ${row.dueBecause}, ${json(row.facts)}, ${json(row.factors)})
    on conflict (incident_id) do nothing returning ${columns}`)
}

export async function savePostmortem(tx: Tx, row: PostmortemRow): Promise<PostmortemRow> {
  return tx.one(sql<PostmortemRow>`
    update postmortems set title = ${row.title}, owner = ${row.owner}, status = ${row.status}, due_at = ${timestamp(row.dueAt)}, facts = ${json(row.facts)},
      factors = ${json(row.factors)}, approved_by = ${row.approvedBy}, published_at = ${orNull(row.publishedAt)}, hash = ${row.hash},
      review_at = ${orNull(row.reviewAt)}, due_because = ${row.dueBecause},
      first_published_at = coalesce(first_published_at, ${orNull(row.publishedAt)}), version = version + 1
    where id = ${row.id} returning ${columns}`)
}

/** Null takes it back. */
export async function saveException(
  tx: Tx,
  id: string,
  excused: { readonly at: Instant; readonly by: string; readonly because: string } | null,
): Promise<PostmortemRow> {
  return tx.one(sql<PostmortemRow>`
    update postmortems set excused_at = ${orNull(excused?.at ?? null)}, excused_by = ${excused?.by ?? null},
      excused_because = ${excused?.because ?? null}, version = version + 1
    where id = ${id} returning ${columns}`)
}

export async function lockPostmortem(tx: Tx, id: string): Promise<PostmortemRow | null> {
  return tx.maybe(sql<PostmortemRow>`select ${columns} from postmortems where id = ${id} for update`)
}

export async function findPostmortem(queries: Queries, id: string): Promise<PostmortemRow | null> {
  return queries.maybe(sql<PostmortemRow>`select ${columns} from postmortems where id = ${id}`)
}

/** Of many, without their facts. */
export async function listPostmortemNames(
  queries: Queries,
  ids: readonly string[],
): Promise<readonly Pick<PostmortemRow, 'id' | 'number' | 'title'>[]> {
  return queries.many(
    sql<
      Pick<PostmortemRow, 'id' | 'number' | 'title'>
    >`select id, number, title from postmortems where id = any(${[...ids]}::uuid[])`,
  )
}

export async function findOfIncident(queries: Queries, incidentId: string): Promise<PostmortemRow | null> {
  return queries.maybe(sql<PostmortemRow>`select ${columns} from postmortems where incident_id = ${incidentId}`)
}

export interface PostmortemFilter {
  /** Incidents the reader may not read. */
  readonly closed: readonly string[]
  readonly status: PostmortemStatus | null
  readonly service: string | null
  readonly incident: string | null
  readonly search: string | null
  readonly overdueAt: Instant | null
}

export async function listPostmortemRows(
  queries: Queries,
  filter: PostmortemFilter,
  before: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly PostmortemRow[]> {
  const like = filter.search === null ? null : `%${filter.search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  const conditions = [
    filter.closed.length === 0 ? null : sql`incident_id <> all(${[...filter.closed]}::uuid[])`,
    filter.status === null ? null : sql`status = ${filter.status}`,
    filter.service === null ? null : sql`services @> array[${filter.service}]`,
    filter.incident === null ? null : sql`incident_id = ${filter.incident}`,
    filter.overdueAt === null
      ? null
      : sql`(status <> 'published' and excused_at is null and due_at < ${timestamp(filter.overdueAt)})`,
    like === null
      ? null
      : sql`(lower(title) like ${like} or lower(factors::text) like ${like} or exists (
          select 1 from postmortem_sections s where s.postmortem_id = postmortems.id and lower(s.body) like ${like}))`,
    before === null ? null : sql`(opened_at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`,
  ].filter((each) => each !== null)
  return queries.many(sql<PostmortemRow>`
    select ${columns} from postmortems where ${sql.join([sql`true`, ...conditions], sql` and `)} order by opened_at desc, id desc limit ${limit}`)
}

/** What waits longest, first. */
export async function listInReview(
  queries: Queries,
  closed: readonly string[],
  after: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly PostmortemRow[]> {
  return queries.many(sql<PostmortemRow>`
    select ${columns} from postmortems where status = 'review' and incident_id <> all(${[...closed]}::uuid[])
      and ${after === null ? sql`true` : sql`(coalesce(review_at, opened_at), id) > (${timestamp(after.at)}, ${after.id}::uuid)`}
    order by coalesce(review_at, opened_at), id limit ${limit}`)
}

/** Of those whose day lies in between. */
export async function listDue(
  queries: Queries,
  closed: readonly string[],
  window: { readonly start: Instant; readonly end: Instant },
): Promise<readonly DueRecord[]> {
  return queries.many(sql<DueRecord>`
    select severity, team, due_at as "dueAt", first_published_at as "publishedAt", excused_at is not null as excused from postmortems
    where due_at >= ${timestamp(window.start)} and due_at < ${timestamp(window.end)} and incident_id <> all(${[...closed]}::uuid[])`)
}

export interface SectionRow {
  readonly section: SectionKey
  readonly body: string
  readonly version: number
  readonly updatedBy: string
  readonly updatedAt: Instant
}

export async function listSections(queries: Queries, id: string): Promise<readonly SectionRow[]> {
  return queries.many(
    sql<SectionRow>`select section, body, version, updated_by as "updatedBy", updated_at as "updatedAt" from postmortem_sections where postmortem_id = ${id}`,
  )
}

export async function saveSection(tx: Tx, id: string, row: Omit<SectionRow, 'version'>): Promise<void> {
  await tx.run(sql`
    insert into postmortem_sections (postmortem_id, section, body, updated_by, updated_at)
    values (${id}, ${row.section}, ${row.body}, ${row.updatedBy}, ${timestamp(row.updatedAt)})
    on conflict (postmortem_id, section) do update set body = excluded.body, version = postmortem_sections.version + 1,
      updated_by = excluded.updated_by, updated_at = excluded.updated_at`)
}

export async function listStatuses(
  queries: Queries,
  ids: readonly string[],
): Promise<readonly Pick<PostmortemRow, 'id' | 'status'>[]> {
  return queries.many(
    sql<Pick<PostmortemRow, 'id' | 'status'>>`select id, status from postmortems where id = any(${[...ids]}::uuid[])`,
  )
}
