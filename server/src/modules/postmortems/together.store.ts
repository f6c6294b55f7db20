// All SQL on shared documents: their state, the updates since, who writes, and earlier versions.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { SectionKey } from './core/index.ts'

export interface DocumentHead {
  readonly postmortemId: string
  /** Another one is another document: nothing of the one before is in it. */
  readonly epoch: number
  readonly stateSeq: number
  readonly seq: number
  readonly writtenAt: Instant
  readonly versionAt: Instant
  /** Who wrote since the last version was kept. */
  readonly sitting: readonly string[]
}

const head = sql`postmortem_id as "postmortemId", epoch, state_seq as "stateSeq", seq, written_at as "writtenAt", version_at as "versionAt", sitting`

/** Without a lock of its own: whoever writes holds the row of the postmortem. */
export async function findDocument(queries: Queries, id: string): Promise<DocumentHead | null> {
  return queries.maybe(sql<DocumentHead>`select ${head} from postmortem_documents where postmortem_id = ${id}`)
}

export async function needDocument(tx: Tx, id: string): Promise<DocumentHead> {
  return tx.one(sql<DocumentHead>`select ${head} from postmortem_documents where postmortem_id = ${id}`)
}

/** All that is in the log by now is in the state. */
export async function saveState(tx: Tx, id: string, state: Uint8Array): Promise<void> {
  await tx.run(
    sql`update postmortem_documents set state = ${Buffer.from(state)}, state_seq = seq where postmortem_id = ${id}`,
  )
}

export interface WholeRow {
  readonly epoch: number
  readonly seq: number
  readonly body: Uint8Array
}

/** The state and the log after it, in order. One statement: between two, a fold would take away what neither saw. */
export async function readWhole(queries: Queries, id: string): Promise<readonly WholeRow[]> {
  return queries.many(sql<WholeRow>`
    select epoch, state_seq as seq, state as body from postmortem_documents where postmortem_id = ${id}
    union all
    select d.epoch, u.seq, u.body from postmortem_documents d
      join postmortem_updates u on u.postmortem_id = d.postmortem_id and u.seq > d.state_seq
    where d.postmortem_id = ${id}
    order by seq`)
}

export async function insertDocument(tx: Tx, id: string, state: Uint8Array, now: Instant): Promise<DocumentHead> {
  const at = timestamp(now)
  return tx.one(sql<DocumentHead>`
    insert into postmortem_documents (postmortem_id, state, state_seq, seq, created_at, written_at, version_at)
    values (${id}, ${Buffer.from(state)}, 0, 0, ${at}, ${at}, ${at}) returning ${head}`)
}

export async function saveHead(tx: Tx, row: DocumentHead): Promise<void> {
  await tx.run(sql`
    update postmortem_documents set seq = ${row.seq}, written_at = ${timestamp(row.writtenAt)}, version_at = ${timestamp(row.versionAt)},
      sitting = ${[...row.sitting]} where postmortem_id = ${row.postmortemId}`)
}

/** Folds all updates into the state. The youngest stay for a while: somebody may be about to read on from one of them. */
export async function foldUpdates(
  tx: Tx,
  fold: { readonly id: string; readonly state: Uint8Array; readonly seq: number; readonly before: Instant },
): Promise<void> {
  await tx.run(
    sql`update postmortem_documents set state = ${Buffer.from(fold.state)}, state_seq = ${fold.seq} where postmortem_id = ${fold.id}`,
  )
  await tx.run(
    sql`delete from postmortem_updates where postmortem_id = ${fold.id} and seq <= ${fold.seq} and at < ${timestamp(fold.before)}`,
  )
}

/** For another document in its place. The number of updates goes on by one, so that who follows sees that something is missing. */
export async function beginEpoch(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`delete from postmortem_updates where postmortem_id = ${id}`)
  await tx.run(sql`delete from postmortem_writers where postmortem_id = ${id}`)
  await tx.run(sql`update postmortem_documents set epoch = epoch + 1, seq = seq + 1 where postmortem_id = ${id}`)
}

export interface UpdateRow {
  readonly postmortemId: string
  readonly seq: number
  readonly body: Uint8Array
}

export async function insertUpdate(tx: Tx, row: UpdateRow, at: Instant): Promise<void> {
  await tx.run(sql`
    insert into postmortem_updates (postmortem_id, seq, body, at)
    values (${row.postmortemId}, ${row.seq}, ${Buffer.from(row.body)}, ${timestamp(at)})`)
}

export async function listUpdates(
  queries: Queries,
  id: string,
  after: number,
  limit: number,
): Promise<readonly UpdateRow[]> {
  return queries.many(sql<UpdateRow>`
    select postmortem_id as "postmortemId", seq, body from postmortem_updates
    where postmortem_id = ${id} and seq > ${after} order by seq limit ${limit}`)
}

export interface Watched {
  readonly id: string
  readonly seq: number
}

/** Of the documents named, what is newer than the place given for each. */
export async function listNewUpdates(
  queries: Queries,
  watched: readonly Watched[],
  limit: number,
): Promise<readonly UpdateRow[]> {
  return queries.many(sql<UpdateRow>`
    select u.postmortem_id as "postmortemId", u.seq, u.body
    from unnest(${watched.map((each) => each.id)}::uuid[], ${watched.map((each) => each.seq)}::bigint[]) as w(id, seq)
      join postmortem_updates u on u.postmortem_id = w.id and u.seq > w.seq
    order by u.postmortem_id, u.seq limit ${limit}`)
}

export interface WriterRow {
  readonly postmortemId: string
  readonly client: number
  readonly actor: string
  readonly person: string
  readonly whole: boolean
  readonly section: SectionKey | null
  readonly line: number | null
  readonly notedAt: Instant | null
  readonly noted: readonly string[]
}

const writer = sql`postmortem_id as "postmortemId", client, actor, person, whole, section, line, noted_at as "notedAt", noted`

export async function insertWriter(
  tx: Tx,
  row: Pick<WriterRow, 'postmortemId' | 'client' | 'actor' | 'person' | 'whole'>,
  at: Instant,
): Promise<WriterRow | null> {
  return tx.maybe(sql<WriterRow>`
    insert into postmortem_writers (postmortem_id, client, actor, person, whole, opened_at, seen_at)
    values (${row.postmortemId}, ${row.client}, ${row.actor}, ${row.person}, ${row.whole}, ${timestamp(at)}, ${row.whole ? sql`null` : timestamp(at)})
    on conflict do nothing returning ${writer}`)
}

export async function findWriter(queries: Queries, id: string, client: number): Promise<WriterRow | null> {
  return queries.maybe(
    sql<WriterRow>`select ${writer} from postmortem_writers where postmortem_id = ${id} and client = ${client}`,
  )
}

export async function findWholeWriter(queries: Queries, id: string, actor: string): Promise<WriterRow | null> {
  return queries.maybe(sql<WriterRow>`
    select ${writer} from postmortem_writers where postmortem_id = ${id} and actor = ${actor} and whole limit 1`)
}

export async function countWriters(queries: Queries, id: string): Promise<number> {
  const row = await queries.one(
    sql<{ count: number }>`select count(*) as count from postmortem_writers where postmortem_id = ${id}`,
  )
  return row.count
}

/** Hands that wrote nothing and were not heard of since are forgotten; false when all of them are needed. */
export async function forgetWriters(tx: Tx, id: string, keep: readonly number[], since: Instant): Promise<boolean> {
  const gone = await tx.run(sql`
    delete from postmortem_writers where postmortem_id = ${id} and not whole and client <> all(${[...keep]}::bigint[])
      and opened_at < ${timestamp(since)} and (seen_at is null or seen_at < ${timestamp(since)})`)
  return gone > 0
}

export async function listWriters(
  queries: Queries,
  id: string,
): Promise<readonly Pick<WriterRow, 'client' | 'person'>[]> {
  return queries.many(sql<Pick<WriterRow, 'client' | 'person'>>`
    select client, person from postmortem_writers where postmortem_id = ${id}`)
}

export async function noteWriter(tx: Tx, row: WriterRow): Promise<void> {
  await tx.run(sql`
    update postmortem_writers set noted_at = ${row.notedAt === null ? sql`null` : timestamp(row.notedAt)}, noted = ${[...row.noted]}
    where postmortem_id = ${row.postmortemId} and client = ${row.client}`)
}

/** Where a hand is; takes no lock that somebody who writes would wait for. False when it is not theirs. */
export async function placeWriter(
  queries: Queries,
  place: {
    readonly id: string
    readonly client: number
    readonly actor: string
    readonly section: SectionKey | null
    readonly line: number | null
    readonly seenAt: Instant | null
  },
): Promise<boolean> {
  const changed = await queries.run(sql`
    update postmortem_writers set section = ${place.section}, line = ${place.line},
      seen_at = ${place.seenAt === null ? sql`null` : timestamp(place.seenAt)}
    where postmortem_id = ${place.id} and client = ${place.client} and actor = ${place.actor} and not whole`)
  return changed > 0
}

export interface HereRow {
  readonly postmortemId: string
  readonly client: number
  readonly person: string
  readonly section: SectionKey | null
  readonly line: number | null
}

/** `most` of each document. */
export async function listHere(
  queries: Queries,
  ids: readonly string[],
  since: Instant,
  most: number,
): Promise<readonly HereRow[]> {
  return queries.many(sql<HereRow>`
    select "postmortemId", client, person, section, line from (
      select postmortem_id as "postmortemId", client, person, section, line,
        row_number() over (partition by postmortem_id order by person, client) as place
      from postmortem_writers where postmortem_id = any(${[...ids]}::uuid[]) and seen_at > ${timestamp(since)}
    ) as here where place <= ${most} order by "postmortemId", place`)
}

export interface VersionRow {
  readonly number: number
  readonly at: Instant
  readonly because: string
  readonly authors: readonly string[]
  readonly sections: Readonly<Record<string, string>>
}

/** The newest 200 stay. */
const mostVersions = 200

export async function insertVersion(tx: Tx, id: string, row: Omit<VersionRow, 'number'>): Promise<void> {
  const { number } = await tx.one(sql<{ number: number }>`
    insert into postmortem_versions (postmortem_id, number, at, because, authors, sections)
    select ${id}, coalesce(max(number), 0) + 1, ${timestamp(row.at)}, ${row.because}, ${[...row.authors]}, ${json({ ...row.sections })}
    from postmortem_versions where postmortem_id = ${id} returning number`)
  await tx.run(sql`delete from postmortem_versions where postmortem_id = ${id} and number <= ${number - mostVersions}`)
}

export async function listVersions(
  queries: Queries,
  id: string,
): Promise<readonly Pick<VersionRow, 'number' | 'at' | 'because' | 'authors'>[]> {
  return queries.many(sql<Pick<VersionRow, 'number' | 'at' | 'because' | 'authors'>>`
    select number, at, because, authors from postmortem_versions where postmortem_id = ${id} order by number desc limit ${mostVersions}`)
}

export async function findVersion(queries: Queries, id: string, number: number): Promise<VersionRow | null> {
  return queries.maybe(sql<VersionRow>`
    select number, at, because, authors, sections from postmortem_versions where postmortem_id = ${id} and number = ${number}`)
}
