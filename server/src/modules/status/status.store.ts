// All SQL on status posts, subscribers and mails.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { Impacts, PostKind, PostState, Translations } from './core/index.ts'

export interface PostRow {
  readonly id: string
  /** The key: of a page, or of a customer's view of it. */
  readonly page: string
  readonly kind: PostKind
  readonly title: string
  readonly titles: Translations
  readonly incidentId: string | null
  readonly state: PostState
  readonly startsAt: Instant | null
  readonly endsAt: Instant | null
  readonly impacts: Impacts
  readonly openedAt: Instant
  readonly closedAt: Instant | null
  readonly createdBy: string
  /** The occurrence of a declared maintenance that it follows; null when a person wrote it. */
  readonly maintenanceId: string | null
  readonly version: number
}

const postColumns = sql`id, page, kind, title, titles, incident_id as "incidentId", state, starts_at as "startsAt", ends_at as "endsAt", impacts,
  opened_at as "openedAt", closed_at as "closedAt", created_by as "createdBy", maintenance_id as "maintenanceId", version`
const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

/** False when the page has a post of the same maintenance already. */
export async function insertPost(
  tx: Tx,
  post: Omit<PostRow, 'openedAt' | 'version' | 'maintenanceId'> & { readonly maintenanceId?: string },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into status_posts (id, page, kind, title, titles, incident_id, state, starts_at, ends_at, impacts, closed_at, created_by, maintenance_id)
    values (${post.id}, ${post.page}, ${post.kind}, ${post.title}, ${json(post.titles)}, ${post.incidentId}, ${post.state}, ${orNull(post.startsAt)},
      ${orNull(post.endsAt)}, ${json(post.impacts)}, ${orNull(post.closedAt)}, ${post.createdBy}, ${post.maintenanceId ?? null})
    on conflict do nothing`)
  return inserted === 1
}

/** From before, as it was told elsewhere. False when the page has it already. */
export async function insertPastPost(
  tx: Tx,
  post: Pick<PostRow, 'id' | 'page' | 'kind' | 'title' | 'state' | 'startsAt' | 'endsAt' | 'openedAt' | 'createdBy'> & {
    readonly source: string
    readonly closedAt: Instant
  },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into status_posts (id, page, kind, title, state, starts_at, ends_at, impacts, opened_at, closed_at, created_by, source)
    values (${post.id}, ${post.page}, ${post.kind}, ${post.title}, ${post.state}, ${orNull(post.startsAt)}, ${orNull(post.endsAt)},
      '{}', ${timestamp(post.openedAt)}, ${timestamp(post.closedAt)}, ${post.createdBy}, ${post.source})
    on conflict do nothing`)
  return inserted === 1
}

export async function insertPastUpdates(
  tx: Tx,
  postId: string,
  updates: readonly Omit<UpdateRow, 'postId' | 'bodies'>[],
): Promise<void> {
  await tx.run(sql`
    insert into status_updates (id, post_id, number, at, state, body, impacts, author)
    select id, ${postId}, number, at, state, body, impacts, author
    from jsonb_to_recordset(${json(updates.map((each) => ({ ...each, at: formatInstant(each.at) })))}) as each
      (id uuid, number integer, at timestamptz, state text, body text, impacts jsonb, author text)`)
}

export async function lockPostsOfMaintenance(tx: Tx, maintenance: string): Promise<readonly PostRow[]> {
  return tx.many(
    sql<PostRow>`select ${postColumns} from status_posts where maintenance_id = ${maintenance} order by id for update`,
  )
}

export async function setPlan(
  tx: Tx,
  id: string,
  plan: { readonly startsAt: Instant; readonly endsAt: Instant },
): Promise<void> {
  await tx.run(
    sql`update status_posts set starts_at = ${timestamp(plan.startsAt)}, ends_at = ${timestamp(plan.endsAt)}, version = version + 1 where id = ${id}`,
  )
}

export async function lockPost(tx: Tx, id: string): Promise<PostRow | null> {
  return tx.maybe(sql<PostRow>`select ${postColumns} from status_posts where id = ${id} for update`)
}

export async function findPost(queries: Queries, id: string): Promise<PostRow | null> {
  return queries.maybe(sql<PostRow>`select ${postColumns} from status_posts where id = ${id}`)
}

export async function savePost(tx: Tx, post: Pick<PostRow, 'id' | 'state' | 'impacts' | 'closedAt'>): Promise<void> {
  await tx.run(sql`
    update status_posts set state = ${post.state}, impacts = ${json(post.impacts)}, closed_at = ${orNull(post.closedAt)}, version = version + 1
    where id = ${post.id}`)
}

/** Open ones and those that were open after `since`, newest first. */
export async function listPosts(
  queries: Queries,
  pages: readonly string[],
  since: Instant,
  limit: number,
): Promise<readonly PostRow[]> {
  return queries.many(sql<PostRow>`
    select ${postColumns} from status_posts where page = any(${[...pages]}) and (closed_at is null or closed_at > ${timestamp(since)})
    order by opened_at desc, id desc limit ${limit}`)
}

interface Span {
  readonly from: Instant
  readonly to: Instant
}

export interface Seen {
  readonly key: string
  /** A customer's view shows what is told to everybody of these components, and what names none. */
  readonly shown: { readonly page: string; readonly components: readonly string[] } | null
}

const seen = ({ key, shown }: Seen): RawBuilder<unknown> =>
  shown === null
    ? sql`page = ${key}`
    : sql`(page = ${key} or (page = ${shown.page} and (
        exists (select from status_updates u where u.post_id = status_posts.id and jsonb_exists_any(u.impacts, ${[...shown.components]}::text[]))
        or not exists (select from status_updates u where u.post_id = status_posts.id and u.impacts <> '{}'))))`

/** Those that began in the time, newest first. */
export async function listPostsBetween(
  queries: Queries,
  of: Seen,
  { from, to }: Span,
  limit: number,
): Promise<readonly PostRow[]> {
  return queries.many(sql<PostRow>`
    select ${postColumns} from status_posts where ${seen(of)} and opened_at >= ${timestamp(from)} and opened_at < ${timestamp(to)}
    order by opened_at desc, id desc limit ${limit}`)
}

/** When the nearest posts before and after the time began. */
export async function neighboursOf(
  queries: Queries,
  of: Seen,
  { from, to }: Span,
): Promise<{ readonly older: Instant | null; readonly newer: Instant | null }> {
  return queries.one(sql<{ older: Instant | null; newer: Instant | null }>`
    select (select max(opened_at) from status_posts where ${seen(of)} and opened_at < ${timestamp(from)}) as older,
      (select min(opened_at) from status_posts where ${seen(of)} and opened_at >= ${timestamp(to)}) as newer`)
}

/** What was last published of an incident on a page. */
export async function findPostOfIncident(queries: Queries, page: string, incidentId: string): Promise<PostRow | null> {
  return queries.maybe(sql<PostRow>`
    select ${postColumns} from status_posts where page = ${page} and incident_id = ${incidentId} order by opened_at desc limit 1`)
}

export interface UpdateRow {
  readonly id: string
  readonly postId: string
  readonly number: number
  readonly at: Instant
  readonly state: PostState
  readonly body: string
  readonly bodies: Translations
  readonly impacts: Impacts
  readonly author: string
}

const updateColumns = sql`id, post_id as "postId", number, at, state, body, bodies, impacts, author`

export async function insertUpdate(tx: Tx, update: Omit<UpdateRow, 'number' | 'at'>): Promise<UpdateRow> {
  return tx.one(sql<UpdateRow>`
    insert into status_updates (id, post_id, number, state, body, bodies, impacts, author)
    values (${update.id}, ${update.postId}, (select coalesce(max(number), 0) + 1 from status_updates where post_id = ${update.postId}),
      ${update.state}, ${update.body}, ${json(update.bodies)}, ${json(update.impacts)}, ${update.author})
    returning ${updateColumns}`)
}

export async function listUpdates(queries: Queries, posts: readonly string[]): Promise<readonly UpdateRow[]> {
  return queries.many(sql<UpdateRow>`
    select ${updateColumns} from status_updates where post_id = any(${[...posts]}::uuid[]) order by at desc, number desc`)
}

export async function findUpdate(queries: Queries, id: string): Promise<UpdateRow | null> {
  return queries.maybe(sql<UpdateRow>`select ${updateColumns} from status_updates where id = ${id}`)
}

/** The components that any update of a post was about: its last one names none. */
export async function listTouched(queries: Queries, post: string): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ name: string }>`
    select distinct name from status_updates, jsonb_object_keys(impacts) as name where post_id = ${post} order by name`)
  return rows.map((row) => row.name)
}

export async function countUpdates(queries: Queries, post: string): Promise<number> {
  return (
    await queries.one(sql<{ count: number }>`select count(*)::int as count from status_updates where post_id = ${post}`)
  ).count
}

/** In the transaction of every change that a page shows. */
export async function countRevision(tx: Tx): Promise<void> {
  await tx.run(
    sql`insert into status_revision (id, revision) values (1, 1) on conflict (id) do update set revision = status_revision.revision + 1`,
  )
}

export async function readRevision(queries: Queries): Promise<number> {
  const row = await queries.maybe(sql<{ revision: number }>`select revision from status_revision where id = 1`)
  return row?.revision ?? 0
}
