// All SQL on rooms in chat, on what came in from there, and on who is who.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { ChatProvider, ChatUser, Inbound } from './chat.ports.ts'
import type { ChatMessage } from './core/index.ts'

export type UnderWay =
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'summary'; readonly key: string; readonly message: ChatMessage; readonly attempts: number }
  | {
      readonly kind: 'post'
      readonly key: string
      readonly upTo: number
      readonly message: ChatMessage
      readonly attempts: number
    }

export interface RoomRow {
  readonly id: string
  readonly incidentId: string
  readonly incidentNumber: number
  readonly provider: ChatProvider
  readonly isPrivate: boolean
  readonly state: 'wanted' | 'open' | 'leaving' | 'archived'
  readonly place: string | null
  readonly name: string | null
  readonly url: string | null
  readonly nameAttempt: number
  readonly summaryRef: string | null
  readonly summary: string | null
  readonly isPinned: boolean
  readonly topic: string | null
  readonly invited: readonly string[]
  readonly toldTo: number
  readonly underWay: UnderWay | null
  readonly wanted: number
  readonly nextPostAt: Instant | null
  readonly archiveAt: Instant | null
  readonly fault: string | null
}

const columns = sql`id, incident_id as "incidentId", incident_number as "incidentNumber", provider, is_private as "isPrivate", state, place,
  name, url, name_attempt as "nameAttempt", summary_ref as "summaryRef", summary, is_pinned as "isPinned", topic, invited,
  told_to as "toldTo", under_way as "underWay", wanted, next_post_at as "nextPostAt", archive_at as "archiveAt", fault`

const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

export async function insertRoom(
  tx: Tx,
  room: Pick<RoomRow, 'id' | 'incidentId' | 'incidentNumber' | 'provider' | 'isPrivate'>,
): Promise<void> {
  await tx.run(sql`
    insert into chat_rooms (id, incident_id, incident_number, provider, is_private, state)
    values (${room.id}, ${room.incidentId}, ${room.incidentNumber}, ${room.provider}, ${room.isPrivate}, 'wanted')
    on conflict do nothing`)
}

export async function lockRoom(tx: Tx, id: string): Promise<RoomRow | null> {
  return tx.maybe(sql<RoomRow>`select ${columns} from chat_rooms where id = ${id} for update`)
}

/** The newest first; one that is not archived, if there is one, is it. */
export async function listRoomsOf(queries: Queries, incidentId: string): Promise<readonly RoomRow[]> {
  return queries.many(sql<RoomRow>`
    select ${columns} from chat_rooms where incident_id = ${incidentId}
    order by state in ('wanted', 'open') desc, created_at desc, id desc limit 20`)
}

export async function lockRoomsOf(tx: Tx, incidentId: string): Promise<readonly RoomRow[]> {
  return tx.many(sql<RoomRow>`
    select ${columns} from chat_rooms where incident_id = ${incidentId} and state <> 'archived' order by id for update`)
}

/** Those of these incidents that have a room. */
export async function listWithRooms(queries: Queries, incidents: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await queries.many(sql<{ id: string }>`
    select distinct incident_id as id from chat_rooms where incident_id = any(${[...incidents]}::text[]) and state <> 'archived'`)
  return new Set(rows.map((row) => row.id))
}

export async function findRoomAt(queries: Queries, provider: ChatProvider, place: string): Promise<RoomRow | null> {
  return queries.maybe(sql<RoomRow>`
    select ${columns} from chat_rooms where provider = ${provider} and place = ${place} order by created_at desc limit 1`)
}

export async function saveRoom(tx: Tx, row: RoomRow): Promise<void> {
  await tx.run(sql`
    update chat_rooms set state = ${row.state}, place = ${row.place}, name = ${row.name}, url = ${row.url},
      name_attempt = ${row.nameAttempt}, summary_ref = ${row.summaryRef}, summary = ${row.summary}, is_pinned = ${row.isPinned},
      topic = ${row.topic}, invited = ${[...row.invited]}, told_to = ${row.toldTo},
      under_way = ${row.underWay === null ? sql`null` : json(row.underWay)}, wanted = ${row.wanted},
      next_post_at = ${orNull(row.nextPostAt)}, archive_at = ${orNull(row.archiveAt)}, fault = ${row.fault}
    where id = ${row.id}`)
}

export async function countRooms(
  queries: Queries,
  provider: ChatProvider,
): Promise<{ readonly open: number; readonly waiting: number }> {
  return queries.one(sql<{ open: number; waiting: number }>`
    select count(*) filter (where state = 'open')::int as open,
      count(*) filter (where state in ('wanted', 'leaving') or under_way is not null or fault is not null)::int as waiting
    from chat_rooms where provider = ${provider} and state <> 'archived'`)
}

export interface LinkRow {
  readonly awaySince: Instant | null
  readonly nextTryAt: Instant | null
  readonly failures: number
  readonly because: string | null
  readonly socketSeenAt: Instant | null
}

const atEase: LinkRow = { awaySince: null, nextTryAt: null, failures: 0, because: null, socketSeenAt: null }
const linkColumns = sql`away_since as "awaySince", next_try_at as "nextTryAt", failures, because, socket_seen_at as "socketSeenAt"`

export async function findLink(queries: Queries, provider: ChatProvider): Promise<LinkRow> {
  return (
    (await queries.maybe(sql<LinkRow>`select ${linkColumns} from chat_links where provider = ${provider}`)) ?? atEase
  )
}

export async function lockLink(tx: Tx, provider: ChatProvider): Promise<LinkRow> {
  await tx.run(sql`insert into chat_links (provider) values (${provider}) on conflict do nothing`)
  return tx.one(sql<LinkRow>`select ${linkColumns} from chat_links where provider = ${provider} for update`)
}

export async function saveLink(tx: Tx, provider: ChatProvider, link: Omit<LinkRow, 'socketSeenAt'>): Promise<void> {
  await tx.run(sql`
    update chat_links set away_since = ${orNull(link.awaySince)}, next_try_at = ${orNull(link.nextTryAt)},
      failures = ${link.failures}, because = ${link.because} where provider = ${provider}`)
}

export async function noteSocket(queries: Queries, provider: ChatProvider): Promise<void> {
  await queries.run(sql`
    insert into chat_links (provider, socket_seen_at) values (${provider}, mainstay_now())
    on conflict (provider) do update set socket_seen_at = mainstay_now()`)
}

export interface InboxRow {
  readonly inbound: Inbound
  readonly receivedAt: Instant
  readonly handledAt: Instant | null
  readonly answer: string | null
  readonly answerTo: JsonObject | null
}

/** False when it is known already. */
export async function keepInbound(tx: Tx, provider: ChatProvider, inbound: Inbound): Promise<boolean> {
  const added = await tx.run(sql`
    insert into chat_inbox (provider, key, payload) values (${provider}, ${inbound.key}, ${json(inbound)}) on conflict do nothing`)
  return added === 1
}

const inboxColumns = sql`payload as inbound, received_at as "receivedAt", handled_at as "handledAt", answer, answer_to as "answerTo"`

export async function findInbound(queries: Queries, provider: string, key: string): Promise<InboxRow | null> {
  return queries.maybe(
    sql<InboxRow>`select ${inboxColumns} from chat_inbox where provider = ${provider} and key = ${key}`,
  )
}

/** False when somebody else has ended it. What was said is not needed any more. */
export async function endInbound(
  tx: Tx,
  provider: string,
  key: string,
  answer: { readonly text: string; readonly to: JsonObject } | null,
): Promise<boolean> {
  const ended = await tx.run(sql`
    update chat_inbox set handled_at = mainstay_now(), answer = ${answer?.text ?? null},
      answer_to = ${answer === null ? sql`null` : json(answer.to)}
    where provider = ${provider} and key = ${key} and handled_at is null`)
  return ended === 1
}

/** Requests are good for five minutes; repeats come for an hour. Answers the number removed. */
export async function forgetInbound(queries: Queries, olderThan: Instant): Promise<number> {
  return queries.run(sql`
    delete from chat_inbox where ctid = any(array(
      select ctid from chat_inbox where received_at < ${timestamp(olderThan)} and handled_at is not null limit 1000))`)
}

/** When anything last came in from there; null when nothing did for as long as that is kept. */
export async function lastHeard(queries: Queries, provider: ChatProvider): Promise<Instant | null> {
  const row = await queries.one(sql<{ at: Instant | null }>`
    select max(received_at) as at from chat_inbox where provider = ${provider}`)
  return row.at
}

/** False when this message stands in the timeline already. */
export async function keepOnce(tx: Tx, roomId: string, kind: 'said' | 'pinned', ref: string): Promise<boolean> {
  const added = await tx.run(sql`
    insert into chat_kept (room_id, kind, ref) values (${roomId}, ${kind}, ${ref}) on conflict do nothing`)
  return added === 1
}

export async function listPlaces(queries: Queries, provider: ChatProvider, limit: number): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ place: string }>`
    select place from chat_rooms where provider = ${provider} and state = 'open' and place is not null
    order by created_at desc limit ${limit}`)
  return rows.map((row) => row.place)
}

export async function findChatPerson(
  queries: Queries,
  provider: ChatProvider,
  user: string,
  since: Instant,
): Promise<ChatUser | null> {
  return queries.maybe(sql<ChatUser>`
    select name, email, because, contact from chat_people
    where provider = ${provider} and user_id = ${user} and looked_at > ${timestamp(since)}`)
}

export async function saveChatPerson(
  queries: Queries,
  provider: ChatProvider,
  user: string,
  person: ChatUser,
): Promise<void> {
  await queries.run(sql`
    insert into chat_people (provider, user_id, name, email, because, contact, looked_at)
    values (${provider}, ${user}, ${person.name}, ${person.email}, ${person.because}, ${person.contact}, mainstay_now())
    on conflict (provider, user_id) do update set name = excluded.name, email = excluded.email, because = excluded.because,
      contact = excluded.contact, looked_at = mainstay_now()`)
}
