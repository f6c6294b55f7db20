// All SQL on what people said about alerts that are one problem or two, and on taking it back.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { HurtFacts, LearntPair, PairEnd, PairVerdict } from './core/index.ts'

/** Kept at the same time; more would be a second configuration that nobody reads. */
export const mostPairs = 500

export interface RegroupingRow {
  readonly id: string
  readonly kind: 'split' | 'merge'
  readonly fromId: string
  readonly toId: string
  readonly alerts: readonly string[]
  readonly before: RegroupingBefore
  readonly reason: string
  readonly saidBy: string
  readonly saidAt: Instant
  readonly undoneBy: string | null
  readonly undoneAt: Instant | null
}

/** Of the one the alerts came from when it was split, of the one they went to when two were merged. */
export interface RegroupingBefore {
  readonly title: string
  readonly services: readonly string[]
  readonly teams: readonly string[]
  readonly impactStartedAt: number | null
  readonly detectedAt: number | null
  /** Whether the other one was made by it. */
  readonly made: boolean
  /** Of a merge: what came along with the alerts. Merges of earlier versions brought nothing. */
  readonly facts?: MergedBefore
}

export interface MergedBefore {
  readonly hurt: HurtFacts
  readonly merged: HurtFacts
  readonly firstToldAt: number | null
  readonly firstToldWas: number | null
  /** Service and start of each span that was added. */
  readonly spans: readonly string[]
  readonly items: readonly string[]
  readonly pins: readonly string[]
}

const columns = sql`id, kind, from_id as "fromId", to_id as "toId", alerts, before, reason, said_by as "saidBy", said_at as "saidAt",
  undone_by as "undoneBy", undone_at as "undoneAt"`

export async function insertRegrouping(
  tx: Tx,
  row: Omit<RegroupingRow, 'undoneBy' | 'undoneAt'>,
): Promise<RegroupingRow> {
  return tx.one(sql<RegroupingRow>`
    insert into incident_regroupings (id, kind, from_id, to_id, alerts, before, reason, said_by, said_at)
    values (${row.id}, ${row.kind}, ${row.fromId}, ${row.toId}, ${[...row.alerts]}::uuid[], ${json(row.before)},
      ${row.reason}, ${row.saidBy}, ${timestamp(row.saidAt)})
    returning ${columns}`)
}

export async function lockRegrouping(tx: Tx, id: string): Promise<RegroupingRow | null> {
  return tx.maybe(sql<RegroupingRow>`select ${columns} from incident_regroupings where id = ${id} for update`)
}

export async function endRegrouping(tx: Tx, id: string, by: string, at: Instant): Promise<RegroupingRow> {
  return tx.one(sql<RegroupingRow>`
    update incident_regroupings set undone_by = ${by}, undone_at = ${timestamp(at)} where id = ${id} returning ${columns}`)
}

/** The newest first. */
export async function listRegroupings(
  queries: Queries,
  incidentId: string,
  limit: number,
): Promise<readonly RegroupingRow[]> {
  return queries.many(sql<RegroupingRow>`
    select ${columns} from incident_regroupings where from_id = ${incidentId} or to_id = ${incidentId}
    order by said_at desc, id desc limit ${limit}`)
}

export interface PairRow {
  readonly id: string
  readonly oneService: string
  readonly oneRule: string
  readonly otherService: string
  readonly otherRule: string
  readonly verdict: PairVerdict
  readonly because: string
  readonly saidBy: string
  readonly saidAt: Instant
  readonly until: Instant
  readonly regroupingId: string | null
  readonly used: number
  readonly usedAt: Instant | null
}

const pairColumns = sql`id, one_service as "oneService", one_rule as "oneRule", other_service as "otherService", other_rule as "otherRule",
  verdict, because, said_by as "saidBy", said_at as "saidAt", until, regrouping_id as "regroupingId", used, used_at as "usedAt"`

export function pairOfRow(row: PairRow): LearntPair {
  const { id, verdict, because, saidBy, saidAt, until } = row
  const ends = [
    { service: row.oneService, rule: row.oneRule },
    { service: row.otherService, rule: row.otherRule },
  ] as const
  return { id, ends, verdict, because, saidBy, saidAt, until }
}

/** A later word replaces an earlier one about the same two. */
export async function savePair(tx: Tx, pair: LearntPair, regroupingId: string): Promise<PairRow> {
  const [one, other] = pair.ends
  return tx.one(sql<PairRow>`
    insert into correlation_pairs (id, one_service, one_rule, other_service, other_rule, verdict, because, said_by, said_at, until, regrouping_id)
    values (${pair.id}, ${one.service}, ${one.rule}, ${other.service}, ${other.rule}, ${pair.verdict}, ${pair.because}, ${pair.saidBy},
      ${timestamp(pair.saidAt)}, ${timestamp(pair.until)}, ${regroupingId})
    on conflict (one_service, one_rule, other_service, other_rule) do update set id = excluded.id, verdict = excluded.verdict,
      because = excluded.because, said_by = excluded.said_by, said_at = excluded.said_at, until = excluded.until,
      regrouping_id = excluded.regrouping_id, used = 0, used_at = null
    returning ${pairColumns}`)
}

/** Those with this end that still count. */
export async function listPairsOf(queries: Queries, end: PairEnd, now: Instant): Promise<readonly LearntPair[]> {
  const rows = await queries.many(sql<PairRow>`
    select ${pairColumns} from correlation_pairs
    where ((one_service = ${end.service} and one_rule = ${end.rule}) or (other_service = ${end.service} and other_rule = ${end.rule}))
      and until > ${timestamp(now)}
    order by said_at desc, id limit 200`)
  return rows.map(pairOfRow)
}

export async function hasPairs(queries: Queries): Promise<boolean> {
  return (await queries.one(sql<{ any: boolean }>`select exists (select from correlation_pairs) as any`)).any
}

export async function notePairUse(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`update correlation_pairs set used = used + 1, used_at = mainstay_now() where id = ${id}`)
}

/** The newest word first. */
export async function listPairs(queries: Queries, now: Instant, service: string | null): Promise<readonly PairRow[]> {
  const ofService = service === null ? sql`true` : sql`(one_service = ${service} or other_service = ${service})`
  return queries.many(sql<PairRow>`
    select ${pairColumns} from correlation_pairs where until > ${timestamp(now)} and ${ofService}
    order by said_at desc, id desc limit ${mostPairs}`)
}

export async function listPairsLearnt(queries: Queries, regroupings: readonly string[]): Promise<readonly PairRow[]> {
  return queries.many(sql<PairRow>`
    select ${pairColumns} from correlation_pairs where regrouping_id = any(${[...regroupings]}::uuid[])
    order by one_service, one_rule, other_service, other_rule`)
}

export async function removePair(tx: Tx, id: string): Promise<PairRow | null> {
  return tx.maybe(sql<PairRow>`delete from correlation_pairs where id = ${id} returning ${pairColumns}`)
}

export async function removePairsLearnt(tx: Tx, regroupingId: string): Promise<readonly PairRow[]> {
  return tx.many(
    sql<PairRow>`delete from correlation_pairs where regrouping_id = ${regroupingId} returning ${pairColumns}`,
  )
}

/** What no longer counts is gone, and of too many the oldest; called when something new is learnt. */
export async function dropOldPairs(tx: Tx, now: Instant): Promise<void> {
  await tx.run(sql`
    delete from correlation_pairs where until <= ${timestamp(now)}
      or id in (select id from correlation_pairs order by said_at desc, id desc offset ${mostPairs})`)
}
