// All SQL on deliveries and their attempts.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Urgency } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import { addWorkAfter, type WorkAfter } from '../../platform/work/due-work.store.ts'
import type { ContactKind, Delivery, DeliveryPhase, PlannedDelivery } from './core/index.ts'

export type Purpose = 'page' | 'bundle' | 'changed' | 'ended' | 'on-call' | 'reminder' | 'test' | 'verify'

export interface DeliveryRow {
  readonly key: string
  readonly purpose: Purpose
  readonly pageId: string
  readonly alertId: string | null
  readonly service: string | null
  readonly step: number
  readonly order: number
  /** Whom it is for; null when it is for a webhook. */
  readonly person: string | null
  /** The machine it is for; null when it is for a person. */
  readonly webhook: string | null
  /** Of the person; the webhook's own name when it is for one. */
  readonly contact: string
  readonly kind: ContactKind
  readonly urgency: Urgency
  readonly because: string
  readonly content: JsonObject
  readonly zone: string
  readonly plan: readonly PlannedDelivery[]
  readonly phase: DeliveryPhase['kind']
  readonly dueAt: Instant | null
  readonly endedAt: Instant | null
  readonly endedBecause: string | null
  readonly receipt: string | null
  readonly attempts: number
  readonly firstAttemptAt: Instant | null
  readonly copies: number
  readonly stopped: string | null
  readonly createdAt: Instant
}

/** What only people have is asked of these alone: rules, bundles, a next channel. */
export type ToPerson = DeliveryRow & { readonly person: string }

export const isToPerson = (row: DeliveryRow): row is ToPerson => row.person !== null

export type NewDeliveryRow = Pick<
  DeliveryRow,
  | 'key'
  | 'purpose'
  | 'pageId'
  | 'alertId'
  | 'service'
  | 'step'
  | 'order'
  | 'person'
  | 'webhook'
  | 'contact'
  | 'kind'
  | 'urgency'
  | 'because'
  | 'content'
  | 'zone'
  | 'plan'
> & { readonly dueAt: Instant }

const columns = sql`key, purpose, page_id as "pageId", alert_id as "alertId", service, step, plan_order as "order", person, webhook, contact, kind,
  urgency, because, content, zone, plan, phase, due_at as "dueAt", ended_at as "endedAt", ended_because as "endedBecause", receipt,
  attempts, first_attempt_at as "firstAttemptAt", copies, stopped, created_at as "createdAt"`

const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

/** The core's view of a row. */
export function toDelivery(row: DeliveryRow): Delivery {
  return {
    key: row.key,
    phase: phaseOf(row),
    attempts: row.attempts,
    firstAttemptAt: row.firstAttemptAt,
    copies: row.copies,
    stopped: row.stopped,
  }
}

function phaseOf(row: DeliveryRow): DeliveryPhase {
  const at = (row.endedAt ?? row.createdAt) as Instant
  const because = row.endedBecause ?? ''
  switch (row.phase) {
    case 'pending':
      return { kind: 'pending', dueAt: (row.dueAt ?? row.createdAt) as Instant }
    case 'sending':
      return { kind: 'sending', leaseUntil: (row.dueAt ?? row.createdAt) as Instant }
    case 'sent':
      return { kind: 'sent', at, receipt: row.receipt }
    default:
      return { kind: row.phase, at, because }
  }
}

/** False when the key is there already: the same page planned twice is one page. */
export async function insertDelivery(tx: Tx, row: NewDeliveryRow): Promise<boolean> {
  return (await tx.run(inserting(row))) === 1
}

/** With the work that sends it; nothing of both when the key is there already. */
export function planDelivery(tx: Tx, row: NewDeliveryRow, work: WorkAfter): void {
  addWorkAfter(tx, sql`${inserting(row)} returning key`, work)
}

const inserting = (row: NewDeliveryRow): RawBuilder<unknown> => sql`
    insert into deliveries (key, purpose, page_id, alert_id, service, step, plan_order, person, webhook, contact, kind, urgency, because, content, zone, plan, phase, due_at)
    values (${row.key}, ${row.purpose}, ${row.pageId}, ${row.alertId}, ${row.service}, ${row.step}, ${row.order}, ${row.person}, ${row.webhook}, ${row.contact}, ${row.kind},
      ${row.urgency}, ${row.because}, ${json(row.content)}, ${row.zone}, ${json(row.plan)}, 'pending', ${timestamp(row.dueAt)})
    on conflict (key) do nothing`

/** First attempts at what this transaction has planned, begun in it; with the time of the claim. */
export async function claimPlanned(
  tx: Tx,
  keys: readonly string[],
  leaseMs: number,
): Promise<ReadonlyMap<string, DeliveryRow & { readonly now: Instant }>> {
  const rows = await tx.many(sql<DeliveryRow & { readonly now: Instant }>`
    with clock as materialized (select mainstay_now() as now),
    claimed as (
      update deliveries set phase = 'sending', attempts = 1, first_attempt_at = clock.now, due_at = clock.now + make_interval(secs => ${leaseMs / 1000}::float8)
      from clock where key = any(${[...keys]}::text[]) and phase = 'pending' and attempts = 0 and stopped is null and due_at <= clock.now
      returning deliveries.*),
    started as (insert into delivery_attempts (key, attempt, written) select key, 1, false from claimed on conflict do nothing)
    select ${columns}, clock.now from claimed, clock`)
  return new Map(rows.map((row) => [row.key, row]))
}

export async function lockDelivery(tx: Tx, key: string): Promise<DeliveryRow | null> {
  return tx.maybe(sql<DeliveryRow>`select ${columns} from deliveries where key = ${key} for update`)
}

export async function findDelivery(queries: Queries, key: string): Promise<DeliveryRow | null> {
  return queries.maybe(sql<DeliveryRow>`select ${columns} from deliveries where key = ${key}`)
}

export async function saveDelivery(tx: Tx, delivery: Delivery): Promise<void> {
  const { phase } = delivery
  const dueAt = phase.kind === 'pending' ? phase.dueAt : phase.kind === 'sending' ? phase.leaseUntil : null
  const endedAt = 'at' in phase ? phase.at : null
  await tx.run(sql`
    update deliveries set phase = ${phase.kind}, due_at = ${orNull(dueAt)}, ended_at = ${orNull(endedAt)},
      ended_because = ${'because' in phase ? phase.because : null}, receipt = ${phase.kind === 'sent' ? phase.receipt : null},
      attempts = ${delivery.attempts}, first_attempt_at = ${orNull(delivery.firstAttemptAt)}, copies = ${delivery.copies}, stopped = ${delivery.stopped},
      -- A code is a secret: it is kept only for as long as it has to be sent.
      content = case when purpose = 'verify' and ${endedAt !== null} then '{}'::jsonb else content end
    where key = ${delivery.key}`)
}

/**
 * What the send asks right before its first byte: null when it may go, else why not. The row is read under a lock, so
 * that a stop under way is waited for: it must not commit between this answer and the byte.
 */
export async function beginWriting(queries: Queries, key: string, attempt: number): Promise<string | null> {
  const row = await queries.maybe(sql<{ phase: string; attempts: number; stopped: string | null }>`
    with mine as (select phase, attempts, stopped from deliveries where key = ${key} for share),
    marked as (
      update delivery_attempts set written = true where key = ${key} and attempt = ${attempt}
        and exists (select 1 from mine where phase = 'sending' and attempts = ${attempt} and stopped is null))
    select phase, attempts, stopped from mine`)
  if (row === null) return 'The delivery is gone.'
  if (row.stopped !== null) return row.stopped
  return row.phase === 'sending' && row.attempts === attempt ? null : 'Another process has taken this delivery over.'
}

/** Locked in key order, so that two acknowledgements never wait for each other in a ring. */
export async function lockOpenDeliveries(
  tx: Tx,
  of: { readonly pageId?: string; readonly alertId?: string },
): Promise<readonly DeliveryRow[]> {
  const which = of.pageId === undefined ? sql`alert_id = ${of.alertId ?? null}` : sql`page_id = ${of.pageId}`
  return tx.many(sql<DeliveryRow>`
    select ${columns} from deliveries where ${which} and phase in ('pending', 'sending') and purpose in ('page', 'bundle') order by key for update`)
}

export async function listOfPage(tx: Tx, pageId: string, person: string): Promise<readonly DeliveryRow[]> {
  return tx.many(
    sql<DeliveryRow>`select ${columns} from deliveries where page_id = ${pageId} and person = ${person} order by plan_order`,
  )
}

export interface Reached {
  /** Null for a webhook. */
  readonly person: string | null
  readonly webhook: string | null
  readonly contact: string
  readonly kind: ContactKind
  readonly zone: string
}

/** Every contact and every webhook that heard of the alert, alone or in a bundle. */
export async function listReached(tx: Tx, alertId: string): Promise<readonly Reached[]> {
  return tx.many(sql<Reached>`
    select distinct person, webhook, contact, kind, zone from deliveries
    where phase in ('sent', 'unknown') and (alert_id = ${alertId}
      or (purpose = 'bundle' and page_id in (select bundle_id from page_notices where alert_id = ${alertId})))
      and purpose in ('page', 'bundle') order by person, webhook, contact`)
}

export async function recentTest(tx: Tx, person: string, contact: string, since: Instant): Promise<boolean> {
  const row = await tx.one(sql<{ found: boolean }>`
    select exists(select 1 from deliveries where person = ${person} and contact = ${contact} and purpose in ('test', 'verify')
      and created_at > ${timestamp(since)}) as found`)
  return row.found
}

export async function recentWebhookTest(tx: Tx, webhook: string, since: Instant): Promise<boolean> {
  const row = await tx.one(sql<{ found: boolean }>`
    select exists(select 1 from deliveries where webhook = ${webhook} and purpose = 'test' and created_at > ${timestamp(since)}) as found`)
  return row.found
}

export interface LastToWebhook {
  readonly webhook: string
  readonly at: Instant
  readonly phase: DeliveryPhase['kind']
  readonly because: string | null
}

/** The newest message to each. */
export async function listLastToWebhooks(
  queries: Queries,
  names: readonly string[],
): Promise<ReadonlyMap<string, LastToWebhook>> {
  if (names.length === 0) return new Map()
  const rows = await queries.many(sql<LastToWebhook>`
    select last.webhook, last.at, last.phase, last.because from unnest(${[...names]}::text[]) as one (name) cross join lateral (
      select webhook, coalesce(ended_at, first_attempt_at, created_at) as at, phase, coalesce(ended_because, receipt) as because
      from deliveries where webhook = one.name order by created_at desc, key desc limit 1) last`)
  return new Map(rows.map((row) => [row.webhook, row]))
}

export async function startAttempt(tx: Tx, key: string, attempt: number): Promise<void> {
  await tx.run(
    sql`insert into delivery_attempts (key, attempt, written) values (${key}, ${attempt}, false) on conflict do nothing`,
  )
}

/** What is known of an attempt whose process is gone. */
export async function lastKnownOf(
  tx: Tx,
  key: string,
  attempt: number,
): Promise<{
  /** False when it is known that no byte of it has left. */
  readonly mayHaveLeft: boolean
  /** The provider took it, and the process died before it could say more. */
  readonly taken: { readonly receipt: string | null } | null
}> {
  const row = await tx.maybe(sql<{ written: boolean | null; outcome: string | null; answer: string | null }>`
    select written, outcome, answer from delivery_attempts where key = ${key} and attempt = ${attempt}`)
  return {
    mayHaveLeft: row?.written !== false,
    taken: row?.outcome === 'accepted' ? { receipt: row.answer } : null,
  }
}

/** An attempt that may have left, as far as the database knows. `isOver`: somebody took it over and counted a copy. */
export async function findDoubted(tx: Tx, key: string, attempt: number): Promise<{ readonly isOver: boolean } | null> {
  return tx.maybe(sql<{ isOver: boolean }>`
    select outcome is not null as "isOver" from delivery_attempts
    where key = ${key} and attempt = ${attempt} and written and (outcome is null or outcome = 'lost')`)
}

export async function settleDoubted(tx: Tx, key: string, attempt: number): Promise<void> {
  await tx.run(sql`
    update delivery_attempts set written = false, outcome = case when outcome is null then null else 'refused' end,
      because = case when outcome is null then because else 'The process that was to send it was killed; nothing had left.' end
    where key = ${key} and attempt = ${attempt}`)
}

/** One statement, at once: until it is written down nobody else can know that the provider took the message. */
export async function noteTaken(queries: Queries, key: string, attempt: number, receipt: string | null): Promise<void> {
  await queries.run(sql`
    update delivery_attempts set ended_at = mainstay_now(), outcome = 'accepted', answer = ${receipt}
    where key = ${key} and attempt = ${attempt} and outcome is null`)
}

export async function endAttempt(
  tx: Tx,
  key: string,
  attempt: number,
  outcome: string,
  because: string | null,
  answer: string | null = null,
): Promise<void> {
  await tx.run(sql`
    update delivery_attempts set ended_at = mainstay_now(), outcome = ${outcome}, because = ${because}, answer = ${answer} where key = ${key} and attempt = ${attempt}`)
}

/** An attempt that was made while nobody could write it down, with its true times. False when it is known already. */
export async function recordAttempt(
  tx: Tx,
  key: string,
  attempt: Omit<AttemptRow, 'key'> & { readonly written: boolean | null },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into delivery_attempts (key, attempt, started_at, ended_at, outcome, because, answer, written)
    values (${key}, ${attempt.attempt}, ${timestamp(attempt.startedAt)}, ${orNull(attempt.endedAt)}, ${attempt.outcome}, ${attempt.because}, ${attempt.answer},
      ${attempt.written}::boolean)
    on conflict (key, attempt) do nothing`)
  return inserted === 1
}

/** Pages that are still to be sent, those due first. */
export async function listOpenPages(queries: Queries, limit: number): Promise<readonly DeliveryRow[]> {
  return queries.many(sql<DeliveryRow>`
    select ${columns} from deliveries where phase in ('pending', 'sending') and purpose = 'page' order by due_at limit ${limit}`)
}

export interface AttemptRow {
  readonly key: string
  readonly attempt: number
  readonly startedAt: Instant
  readonly endedAt: Instant | null
  readonly outcome: string | null
  readonly because: string | null
  /** The provider's own words. */
  readonly answer: string | null
}

export async function listAttempts(queries: Queries, keys: readonly string[]): Promise<readonly AttemptRow[]> {
  return queries.many(sql<AttemptRow>`
    select key, attempt, started_at as "startedAt", ended_at as "endedAt", outcome, because, answer from delivery_attempts
    where key = any(${[...keys]}) order by key, attempt`)
}

export interface DeliveryFilter {
  readonly alertId: string | null
  readonly pageId: string | null
  readonly person: string | null
  readonly webhook?: string | null
}

export async function listDeliveryRows(
  queries: Queries,
  filter: DeliveryFilter,
  before: { at: Instant; key: string } | null,
  limit: number,
): Promise<readonly DeliveryRow[]> {
  return queries.many(sql<DeliveryRow>`
    select ${columns} from deliveries
    where (${filter.alertId}::uuid is null or alert_id = ${filter.alertId}
        or (purpose = 'bundle' and page_id in (select bundle_id from page_notices where alert_id = ${filter.alertId})))
      and (${filter.pageId}::uuid is null or page_id = ${filter.pageId}
        or (purpose = 'bundle' and page_id in (select bundle_id from page_notices where page_id = ${filter.pageId})))
      and (${filter.person}::text is null or person = ${filter.person})
      and (${filter.webhook ?? null}::text is null or webhook = ${filter.webhook ?? null})
      and (${before === null ? sql`true` : sql`(created_at, key) < (${timestamp(before.at)}, ${before.key})`})
    order by created_at desc, key desc limit ${limit}`)
}

/** First attempts to one contact that should have left long ago, in key order. */
export async function lockLatePages(
  tx: Tx,
  person: string,
  contact: string,
  lateMs: number,
): Promise<readonly DeliveryRow[]> {
  return tx.many(sql<DeliveryRow>`
    select ${columns} from deliveries where person = ${person} and contact = ${contact} and purpose = 'page' and phase = 'pending'
      and attempts = 0 and due_at < mainstay_now() - make_interval(secs => ${lateMs / 1000}) order by key for update`)
}

/** Open deliveries whose time passed without anything happening: the job behind them is lost or stuck. */
export async function listOverdue(queries: Queries, before: Instant, limit: number): Promise<readonly DeliveryRow[]> {
  return queries.many(sql<DeliveryRow>`
    select ${columns} from deliveries where phase in ('pending', 'sending') and due_at < ${timestamp(before)} order by due_at limit ${limit}`)
}

/** Pages of the alert that nobody has been handed yet say from now on what is known by now; why it is they stays. */
export async function describePages(
  tx: Tx,
  pages: readonly { readonly alertId: string; readonly facts: JsonObject }[],
): Promise<void> {
  if (pages.length === 0) return
  const told = sql`jsonb_to_recordset(${json(pages)}) as told ("alertId" uuid, facts jsonb)`
  await tx.run(sql`
    update deliveries set content = jsonb_set(deliveries.content, '{facts}', (deliveries.content -> 'facts') || own.facts)
    from (select key, told.facts from ${told} join deliveries on alert_id = told."alertId" and purpose = 'page' and phase = 'pending'
      order by key for update of deliveries) own
    where deliveries.key = own.key`)
  await tx.run(sql`
    update page_notices set facts = page_notices.facts || own.facts
    from (select page_id, told.facts from ${told} join page_notices on alert_id = told."alertId" and stopped is null
        and bundle_id in (select id from bundles where closed_at is null)
      order by page_id for update of page_notices) own
    where page_notices.page_id = own.page_id`)
}
