// All SQL on series_states and telemetry_sources: what is remembered of each series and of each sender.
import { createHash } from 'node:crypto'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { CounterState, HistogramState } from './core/index.ts'

export type KeptState =
  | { readonly kind: 'counter'; readonly state: CounterState }
  | { readonly kind: 'histogram'; readonly state: HistogramState }

export interface SeriesRow {
  readonly stream: number
  readonly series: string
  readonly source: number
  readonly target: string | null
  readonly state: KeptState
  readonly lastAt: Instant
  /** Null for series from before this was kept. */
  readonly firstAt: Instant | null
}

/** A fixed-length name for a series of any length; 2^64 series before a collision is likely. */
export function seriesHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

const buckets = 64

/**
 * Batches of one sender are taken in turn. Senders share 64 locks, taken in ascending order, so that a batch with
 * many senders needs few of them and no two batches wait for each other in a ring.
 */
export async function lockSources(tx: Tx, names: readonly string[]): Promise<void> {
  const taken = [...new Set(names.map((name) => createHash('sha256').update(name).digest().readUInt8(0) % buckets))]
  if (taken.length === 0) return
  // One after the other, in the order of the list.
  await tx.run(sql`
    select pg_advisory_xact_lock(48703165, bucket) from unnest(${taken.sort((a, b) => a - b)}::int[]) as bucket`)
}

export async function loadSeries(
  tx: Tx,
  keys: readonly { stream: number; series: string }[],
): Promise<readonly SeriesRow[]> {
  if (keys.length === 0) return []
  return tx.many(sql<SeriesRow>`
    select s.stream, replace(s.series::text, '-', '') as series, s.source, s.target, s.state, s.last_at as "lastAt", s.first_at as "firstAt"
    from unnest(${keys.map((key) => key.stream)}::int[], ${keys.map((key) => key.series)}::uuid[]) as wanted (stream, series)
    join series_states s on s.stream = wanted.stream and s.series = wanted.series`)
}

export async function loadSeriesOf(tx: Tx, streams: readonly number[]): Promise<readonly SeriesRow[]> {
  if (streams.length === 0) return []
  return tx.many(sql<SeriesRow>`
    select stream, replace(series::text, '-', '') as series, source, target, state, last_at as "lastAt", first_at as "firstAt"
    from series_states where stream = any(${[...streams]}::int[])`)
}

export async function dropSeriesOf(tx: Tx, streams: readonly number[]): Promise<void> {
  if (streams.length > 0) await tx.run(sql`delete from series_states where stream = any(${[...streams]}::int[])`)
}

export async function saveSeries(tx: Tx, rows: readonly SeriesRow[]): Promise<void> {
  if (rows.length === 0) return
  const sorted = [...rows].sort((a, b) => a.stream - b.stream || (a.series < b.series ? -1 : 1))
  // No JSON holds a line break: as one text, states need not be escaped for an array and read out of it again.
  const states = sorted.map((row) => JSON.stringify(row.state)).join('\n')
  await tx.run(sql`
    insert into series_states (stream, series, source, target, state, last_at, first_at)
    select stream, series, source, target, state::jsonb, last_at, first_at
    from unnest(${sorted.map((row) => row.stream)}::int[], ${sorted.map((row) => row.series)}::uuid[], ${sorted.map((row) => row.source)}::int[],
      ${sorted.map((row) => row.target)}::text[], string_to_array(${states}, chr(10)), ${sorted.map((row) => row.lastAt)}::bigint[],
      ${sorted.map((row) => row.firstAt)}::bigint[]) as fresh (stream, series, source, target, state, last_at, first_at)
    on conflict (stream, series) do update set source = excluded.source, target = excluded.target, state = excluded.state, last_at = excluded.last_at`)
}

export async function countSeries(queries: Queries, streams: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await queries.many(sql<{ stream: number; series: number }>`
    select stream, count(*)::int as series from series_states where stream = any(${[...streams]}) group by stream`)
  return new Map(rows.map((row) => [row.stream, row.series]))
}

/** Targets (job and instance) that have told of a stream before. */
export async function listTargets(tx: Tx, stream: number): Promise<ReadonlySet<string>> {
  const rows = await tx.many(
    sql<{ target: string }>`select distinct target from series_states where stream = ${stream} and target is not null`,
  )
  return new Set(rows.map((row) => row.target))
}

/** When targets were first and last heard for a stream. */
export async function readTargets(
  tx: Tx,
  keys: readonly { readonly stream: number; readonly target: string }[],
): Promise<readonly { stream: number; target: string; firstAt: Instant; lastAt: Instant }[]> {
  if (keys.length === 0) return []
  return tx.many(sql<{ stream: number; target: string; firstAt: Instant; lastAt: Instant }>`
    select s.stream, s.target, min(s.first_at) as "firstAt", max(s.last_at) as "lastAt"
    from (select distinct * from unnest(${keys.map((key) => key.stream)}::int[], ${keys.map((key) => key.target)}::text[])
      as wanted (stream, target)) wanted
    join series_states s on s.target = wanted.target and s.stream = wanted.stream
    where s.first_at is not null group by s.stream, s.target`)
}

export async function dropOldSeries(tx: Tx, before: Instant): Promise<number> {
  return tx.run(sql`delete from series_states where last_at < ${before}`)
}

export interface Finding {
  readonly count: number
  readonly lastAt: string
  readonly example: string
}
export type Findings = Readonly<Record<string, Finding>>

export interface SourceRow {
  readonly key: number
  readonly name: string
  readonly kind: string
  readonly firstAt: Instant
  readonly lastAt: Instant
  readonly samples: number
  readonly matched: number
  readonly findings: Findings
}

const sourceColumns = sql`key, name, kind, first_at as "firstAt", last_at as "lastAt", samples, matched, findings`

/** The sources by name, made when they are new. The caller holds their locks. */
export async function openSources(
  tx: Tx,
  kind: string,
  names: readonly string[],
  now: Instant,
): Promise<ReadonlyMap<string, SourceRow>> {
  const wanted = [...new Set(names)]
  // Nearly always there already, and looking is cheaper than asking to insert.
  const found = await findSources(tx, wanted)
  const missing = wanted.filter((name) => !found.has(name)).sort()
  if (missing.length === 0) return found
  await tx.run(sql`
    insert into telemetry_sources (name, kind, first_at, last_at)
    select name, ${kind}, ${timestamp(now)}, ${timestamp(now)} from unnest(${missing}::text[]) as name
    on conflict (name) do nothing`)
  return new Map([...found, ...(await findSources(tx, missing))])
}

export async function findSources(queries: Queries, names: readonly string[]): Promise<ReadonlyMap<string, SourceRow>> {
  const rows = await queries.many(
    sql<SourceRow>`select ${sourceColumns} from telemetry_sources where name = any(${[...names]})`,
  )
  return new Map(rows.map((row) => [row.name, row]))
}

export interface SourceNews {
  readonly key: number
  readonly samples: number
  readonly matched: number
  /** Null leaves them as they are. */
  readonly findings: Findings | null
}

export async function saveSources(tx: Tx, news: readonly SourceNews[], now: Instant): Promise<void> {
  if (news.length === 0) return
  const rows = [...news].sort((a, b) => a.key - b.key)
  await tx.run(sql`
    update telemetry_sources set last_at = greatest(last_at, ${timestamp(now)}), samples = telemetry_sources.samples + fresh.samples,
      matched = telemetry_sources.matched + fresh.matched, findings = coalesce(fresh.findings, telemetry_sources.findings)
    from unnest(${rows.map((row) => row.key)}::int[], ${rows.map((row) => row.samples)}::bigint[], ${rows.map((row) => row.matched)}::bigint[],
      ${rows.map((row) => (row.findings === null ? null : JSON.stringify(row.findings)))}::jsonb[]) as fresh (key, samples, matched, findings)
    where telemetry_sources.key = fresh.key`)
}

export async function listSources(
  queries: Queries,
  after: string | null,
  limit: number,
): Promise<readonly (SourceRow & { streams: readonly string[] })[]> {
  return queries.many(sql<SourceRow & { streams: readonly string[] }>`
    select ${sourceColumns}, array(
      select t.id from stream_feeds f join telemetry_streams t on t.key = f.stream and t.retired_at is null
      where f.source = telemetry_sources.key order by t.id limit 100) as streams
    from telemetry_sources where ${after}::text is null or name > ${after} order by name limit ${limit}`)
}

/** Processes come and go; those gone for two days are forgotten with their feeds. */
export async function dropOldSources(tx: Tx, before: Instant): Promise<number> {
  await tx.run(sql`
    delete from stream_feeds where source in (select key from telemetry_sources where last_at < ${timestamp(before)})`)
  return tx.run(sql`delete from telemetry_sources where last_at < ${timestamp(before)}`)
}

export async function rememberBatch(
  tx: Tx,
  source: string,
  batchId: string,
  content: string,
): Promise<'new' | 'known' | 'other-content'> {
  const fresh = await tx.run(sql`
    insert into pushed_batches (source, batch_id, content) values (${source}, ${batchId}, ${content}) on conflict do nothing`)
  if (fresh === 1) return 'new'
  const known = await tx.one(
    sql<{ content: string }>`select content from pushed_batches where source = ${source} and batch_id = ${batchId}`,
  )
  return known.content === content ? 'known' : 'other-content'
}

export async function dropOldBatches(tx: Tx, before: Instant): Promise<number> {
  return tx.run(sql`delete from pushed_batches where at < ${timestamp(before)}`)
}
