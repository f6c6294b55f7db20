// All SQL on probes and their results.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { Beat, ProbeCheck, Verdict } from './core/index.ts'

export interface ProbeRow {
  readonly name: string
  readonly service: string | null
  readonly everyMs: number
  /** As `checkOf` made it. */
  readonly check: ProbeCheck
  readonly revision: number
  readonly dueAt: Instant
  readonly lastAt: Instant | null
  readonly lastGood: boolean | null
  readonly lastReason: string | null
  readonly lastMs: number | null
  readonly lastBeat: Beat | null
}

const columns = sql`name, service, every_ms as "everyMs", check_spec as "check", revision, due_at as "dueAt", last_at as "lastAt",
  last_good as "lastGood", last_reason as "lastReason", last_ms as "lastMs", last_beat as "lastBeat"`

/** Due at once. A new revision lets the result of the old one, when it is under way, count for nothing. */
export async function saveProbe(
  tx: Tx,
  probe: Pick<ProbeRow, 'name' | 'service' | 'everyMs' | 'dueAt'> & { readonly check: JsonObject },
): Promise<ProbeRow> {
  return tx.one(sql<ProbeRow>`
    insert into probes (name, service, every_ms, check_spec, due_at)
    values (${probe.name}, ${probe.service}, ${probe.everyMs}, ${json(probe.check)}, ${timestamp(probe.dueAt)})
    on conflict (name) do update set service = excluded.service, every_ms = excluded.every_ms, check_spec = excluded.check_spec,
      revision = probes.revision + 1, due_at = excluded.due_at, taken_until = null
    returning ${columns}`)
}

export async function removeProbe(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`delete from probes where name = ${name}`)
}

/** Takes what is due, for longer than a check can last. */
export async function takeDueProbes(
  queries: Queries,
  limit: number,
  takenMs: number,
): Promise<readonly (ProbeRow & { readonly now: Instant })[]> {
  return queries.many(sql<ProbeRow & { now: Instant }>`
    update probes set taken_until = mainstay_now() + make_interval(secs => ${takenMs / 1000})
    where name = any(array(
      select name from probes where due_at <= mainstay_now() and (taken_until is null or taken_until <= mainstay_now())
      order by due_at limit ${limit} for update skip locked))
    returning ${columns}, mainstay_now() as now`)
}

/** Milliseconds until one is due; null when none is within so long. */
export async function untilNextProbe(queries: Queries, withinMs: number): Promise<number | null> {
  const { ms } = await queries.one(sql<{ ms: number | null }>`
    select (extract(epoch from min(greatest(due_at, coalesce(taken_until, due_at))) - mainstay_now()) * 1000)::float8 as ms
    from probes where due_at <= mainstay_now() + make_interval(secs => ${withinMs / 1000})`)
  return ms
}

export interface ProbeNews {
  readonly name: string
  readonly revision: number
  readonly verdict: Verdict
  readonly nextAt: Instant
}

/** The results that count: of probes that are still there in the revision that was asked. */
export async function saveResults(tx: Tx, news: readonly ProbeNews[], at: Instant): Promise<ReadonlySet<string>> {
  const rows = [...news].sort((a, b) => (a.name < b.name ? -1 : 1))
  const saved = await tx.many(sql<{ name: string }>`
    with fresh as (
      select * from unnest(${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.revision)}::int[],
        ${rows.map((row) => row.verdict.good)}::boolean[], ${rows.map((row) => row.verdict.status)}::int[],
        ${rows.map((row) => row.verdict.totalMs)}::int[], ${rows.map((row) => row.verdict.reason)}::text[],
        ${rows.map((row) => JSON.stringify(row.verdict.evidence))}::jsonb[], ${rows.map((row) => row.nextAt)}::bigint[])
        as f (name, revision, good, status, total_ms, reason, evidence, next_at)),
    kept as (
      update probes set last_at = ${timestamp(at)}, last_good = fresh.good, last_reason = fresh.reason, last_ms = fresh.total_ms,
        due_at = to_timestamp(fresh.next_at / 1000.0), taken_until = null
      from fresh where probes.name = fresh.name and probes.revision = fresh.revision
      returning fresh.name, fresh.good, fresh.status, fresh.total_ms, fresh.reason, fresh.evidence)
    insert into probe_results (probe, at, good, status, total_ms, reason, evidence)
    select name, ${timestamp(at)}, good, status, total_ms, reason, evidence from kept returning probe as name`)
  return new Set(saved.map((row) => row.name))
}

/** Nothing is said of this time; it is looked at again at the next. */
export async function moveProbe(
  tx: Tx,
  { name, revision }: Pick<ProbeRow, 'name' | 'revision'>,
  dueAt: Instant,
): Promise<void> {
  await tx.run(sql`
    update probes set due_at = ${timestamp(dueAt)}, taken_until = null where name = ${name} and revision = ${revision}`)
}

/** False when there is no such probe. */
export async function saveBeat(tx: Tx, name: string, beat: Beat): Promise<boolean> {
  return (await tx.run(sql`update probes set last_beat = ${json({ ...beat })} where name = ${name}`)) === 1
}

export async function findProbe(queries: Queries, name: string): Promise<ProbeRow | null> {
  return queries.maybe(sql<ProbeRow>`select ${columns} from probes where name = ${name}`)
}

export async function listProbeRows(
  queries: Queries,
  after: string | null,
  limit: number,
): Promise<readonly ProbeRow[]> {
  return queries.many(
    sql<ProbeRow>`select ${columns} from probes where ${after}::text is null or name > ${after} order by name limit ${limit}`,
  )
}

export interface ProbeResultRow {
  readonly id: number
  readonly at: Instant
  readonly good: boolean
  readonly status: number | null
  readonly totalMs: number
  readonly reason: string
  readonly evidence: Readonly<Record<string, string>>
}

export async function listResults(
  queries: Queries,
  probe: string,
  before: number | null,
  limit: number,
): Promise<readonly ProbeResultRow[]> {
  return queries.many(sql<ProbeResultRow>`
    select id, at, good, status, total_ms as "totalMs", reason, evidence from probe_results
    where probe = ${probe} and (${before}::bigint is null or id < ${before}) order by id desc limit ${limit}`)
}

/** Keeps the newest 1,000 of each probe and nothing older than the instant, nor of a probe that is gone. */
export async function dropOldResults(tx: Tx, before: Instant): Promise<number> {
  return tx.run(sql`
    delete from probe_results r where r.at < ${timestamp(before)} or not exists (select 1 from probes p where p.name = r.probe)
      or r.id < (select n.id from probe_results n where n.probe = r.probe order by n.id desc offset 999 limit 1)`)
}
