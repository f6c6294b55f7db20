// All SQL on who wants to hear of a page, and on what was sent to them.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { Failing, SubscriberChannel } from './core/index.ts'

/** What the answer to the question that is out will make true. */
export interface Wanted {
  /** Null for everything. */
  readonly components: readonly string[] | null
  /** Null for the first of the page. */
  readonly language: string | null
}

export interface SubscriberRow extends Wanted {
  readonly id: string
  /** The key: of a page, or of a customer's view of it. */
  readonly page: string
  readonly channel: SubscriberChannel
  /** Sealed. */
  readonly address: string
  /** Null of those who came before it was kept. */
  readonly label: string | null
  readonly wanted: Wanted | null
  readonly requestedAt: Instant
  readonly confirmedAt: Instant | null
  readonly endedAt: Instant | null
  readonly failingSince: Instant | null
  readonly failedBecause: string | null
  readonly pausedAt: Instant | null
}

const columns = sql`id, page, channel, email as address, label, components, language, wanted, requested_at as "requestedAt",
  confirmed_at as "confirmedAt", ended_at as "endedAt", failing_since as "failingSince", failed_because as "failedBecause", paused_at as "pausedAt"`

/** The row of the address on the page, made when there is none. */
export async function upsertSubscriber(
  tx: Tx,
  row: Pick<SubscriberRow, 'id' | 'page' | 'channel' | 'address' | 'label'> & { readonly fingerprint: string },
): Promise<SubscriberRow> {
  return tx.one(sql<SubscriberRow>`
    insert into status_subscribers (id, page, channel, email, label, fingerprint)
    values (${row.id}, ${row.page}, ${row.channel}, ${row.address}, ${row.label}, ${row.fingerprint})
    on conflict (page, fingerprint) do update set label = excluded.label returning ${columns}`)
}

export async function lockSubscriber(tx: Tx, id: string): Promise<SubscriberRow | null> {
  return tx.maybe(sql<SubscriberRow>`select ${columns} from status_subscribers where id = ${id} for update`)
}

export async function setWanted(tx: Tx, id: string, wanted: Wanted): Promise<void> {
  await tx.run(sql`update status_subscribers set wanted = ${json(wanted)} where id = ${id}`)
}

export async function setConfirmed(tx: Tx, id: string, wanted: Wanted): Promise<void> {
  await tx.run(sql`
    update status_subscribers set confirmed_at = mainstay_now(), ended_at = null, wanted = null, components = ${wanted.components}, language = ${wanted.language ?? null},
      failing_since = null, failed_because = null, paused_at = null where id = ${id}`)
}

export async function setEnded(tx: Tx, id: string): Promise<void> {
  await tx.run(
    sql`update status_subscribers set ended_at = mainstay_now(), wanted = null where id = ${id} and ended_at is null`,
  )
}

/** Null makes good what was paused. */
export async function setFailing(tx: Tx, id: string, failing: Failing | null): Promise<void> {
  await tx.run(sql`
    update status_subscribers set failing_since = ${orNull(failing?.failingSince ?? null)}, failed_because = ${failing?.because?.slice(0, 500) ?? null},
      paused_at = case when ${failing?.paused ?? false} then coalesce(paused_at, mainstay_now()) end where id = ${id}`)
}

const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

export interface Hearer {
  readonly id: string
  readonly channel: SubscriberChannel
}

/** `touched`: the components it is about; empty when it is about none, which concerns everybody. */
export async function listHearing(
  queries: Queries,
  of: { readonly keys: readonly string[]; readonly touched: readonly string[] },
  after: string | null,
  limit: number,
): Promise<readonly Hearer[]> {
  const touched = [...of.touched]
  return queries.many(sql<Hearer>`
    select id, channel from status_subscribers
    where page = any(${[...of.keys]}) and confirmed_at is not null and ended_at is null and paused_at is null
      and (components is null or ${touched.length === 0} or components && ${touched}::text[])
      and (${after}::uuid is null or id > ${after}::uuid) order by id limit ${limit}`)
}

export interface Hearing {
  readonly page: string
  readonly confirmed: number
  readonly waiting: number
  readonly paused: number
}

export async function countHearing(queries: Queries): Promise<readonly Hearing[]> {
  return queries.many(sql<Hearing>`
    select page, (count(*) filter (where confirmed_at is not null and ended_at is null and paused_at is null))::int as confirmed,
      (count(*) filter (where confirmed_at is null and ended_at is null))::int as waiting,
      (count(*) filter (where paused_at is not null and ended_at is null))::int as paused
    from status_subscribers group by page`)
}

/** Those of some keys that did not leave, newest last. */
export async function listSubscribers(
  queries: Queries,
  of: { readonly keys: readonly string[]; readonly failing: boolean },
  after: string | null,
  limit: number,
): Promise<readonly SubscriberRow[]> {
  return queries.many(sql<SubscriberRow>`
    select ${columns} from status_subscribers where page = any(${[...of.keys]}) and ended_at is null and (not ${of.failing} or failing_since is not null)
      and (${after}::uuid is null or id > ${after}::uuid) order by id limit ${limit}`)
}

export async function findSubscriber(queries: Queries, id: string): Promise<SubscriberRow | null> {
  return queries.maybe(sql<SubscriberRow>`select ${columns} from status_subscribers where id = ${id}`)
}

export interface MailRow {
  readonly id: string
  readonly subscriberId: string
  readonly updateId: string | null
  readonly state: 'waiting' | 'sent' | 'failed' | 'dropped'
  /** Counted when one begins: the number of an attempt is its fence. */
  readonly attempts: number
  /** While it has not passed, the last attempt is under way. */
  readonly sendingUntil: Instant | null
  /** How often the text began to leave. */
  readonly copies: number
}

const mailColumns = sql`id, subscriber_id as "subscriberId", update_id as "updateId", state, attempts, sending_until as "sendingUntil", copies`

/** False when this update was put down for this subscriber before. */
export async function insertMail(
  tx: Tx,
  mail: { readonly id: string; readonly subscriberId: string; readonly updateId: string | null },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into status_mails (id, subscriber_id, update_id) values (${mail.id}, ${mail.subscriberId}, ${mail.updateId}) on conflict do nothing`)
  return inserted === 1
}

export async function lockMail(tx: Tx, id: string): Promise<MailRow | null> {
  return tx.maybe(sql<MailRow>`select ${mailColumns} from status_mails where id = ${id} for update`)
}

export async function beginMail(tx: Tx, id: string, holdMs: number): Promise<void> {
  await tx.run(sql`
    update status_mails set attempts = attempts + 1, sending_until = mainstay_now() + make_interval(secs => ${holdMs / 1000})
    where id = ${id}`)
}

/** False when the attempt was overtaken, or its reader left meanwhile: then no text may leave. */
export async function beginText(queries: Queries, id: string, attempt: number): Promise<boolean> {
  const begun = await queries.run(sql`
    update status_mails m set copies = copies + 1
    where id = ${id} and state = 'waiting' and attempts = ${attempt} and sending_until is not null
      and exists (select from status_subscribers s where s.id = m.subscriber_id and (m.update_id is null or s.ended_at is null))`)
  return begun === 1
}

export async function recordMail(
  tx: Tx,
  id: string,
  mail: { readonly state: MailRow['state']; readonly outcome: string; readonly copies: number },
): Promise<void> {
  await tx.run(sql`
    update status_mails set state = ${mail.state}, outcome = ${mail.outcome.slice(0, 500)}, copies = ${mail.copies}, sending_until = null,
      ended_at = case when ${mail.state} = 'waiting' then null else mainstay_now() end where id = ${id}`)
}

export interface QuestionsSent {
  readonly toThem: number
  readonly ofPage: number
  /** To webhooks of the same host. */
  readonly toHost: number
}

/** Questions sent lately: to one address, to its host, and for the whole page. */
export async function countQuestions(
  queries: Queries,
  of: { readonly subscriber: string; readonly page: string; readonly host: string | null },
  since: Instant,
): Promise<QuestionsSent> {
  return queries.one(sql<QuestionsSent>`
    select (count(*) filter (where m.subscriber_id = ${of.subscriber}))::int as "toThem", count(*)::int as "ofPage",
      (count(*) filter (where s.channel = 'webhook' and s.label = ${of.host}))::int as "toHost"
    from status_mails m join status_subscribers s on s.id = m.subscriber_id
    where s.page = ${of.page} and m.update_id is null and m.created_at > ${timestamp(since)}`)
}

/** Who asked and did not answer yet is forgotten, and what was asked anew holds no more: the link they came by is gone. */
export async function dropWaiting(tx: Tx, key: string): Promise<void> {
  await tx.run(sql`
    delete from status_mails where subscriber_id in (select id from status_subscribers where page = ${key} and confirmed_at is null)`)
  await tx.run(sql`delete from status_subscribers where page = ${key} and confirmed_at is null`)
  await tx.run(sql`update status_subscribers set wanted = null where page = ${key} and wanted is not null`)
}

export async function endHearing(tx: Tx, key: string): Promise<void> {
  await tx.run(
    sql`update status_subscribers set ended_at = mainstay_now(), wanted = null where page = ${key} and ended_at is null`,
  )
}

/** Waiting for an answer the longest, gone after the question is too old to answer. */
export async function dropUnanswered(tx: Tx, before: Instant): Promise<number> {
  await tx.run(sql`
    delete from status_mails where subscriber_id in (
      select id from status_subscribers where confirmed_at is null and requested_at < ${timestamp(before)} limit 500)`)
  return tx.run(sql`
    delete from status_subscribers s where confirmed_at is null and requested_at < ${timestamp(before)}
      and not exists (select 1 from status_mails m where m.subscriber_id = s.id)`)
}
