// All SQL on slices, their hour sums, the engine's list of changes, and how far each feed has told.
import { hour } from '../../kernel/duration.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import type { SideCounts } from './core/index.ts'

/** An amount for one slice; zeros say that it was measured. */
export interface SliceAddition extends SideCounts {
  readonly stream: number
  readonly sliceStart: Instant
  readonly corrected: boolean
}

export interface SliceRow extends SideCounts {
  readonly stream: number
  readonly sliceStart: Instant
  readonly corrected: boolean
}

/** Adds to slices in the order of their key, so that two writers lock rows in one order, and tells the engine. */
export async function addToSlices(tx: Tx, additions: readonly SliceAddition[]): Promise<void> {
  if (additions.length === 0) return
  const rows = [...additions].sort((a, b) => a.stream - b.stream || a.sliceStart - b.sliceStart)
  const streams = rows.map((row) => row.stream)
  const starts: number[] = rows.map((row) => row.sliceStart)
  await tx.run(sql`
    insert into slices (stream, slice_start, good, bad, total, corrected)
    select * from unnest(${streams}::int[], ${starts}::bigint[], ${rows.map((row) => row.good)}::bigint[],
      ${rows.map((row) => row.bad)}::bigint[], ${rows.map((row) => row.total)}::bigint[], ${rows.map((row) => row.corrected)}::boolean[])
    on conflict (stream, slice_start) do update set good = slices.good + excluded.good, bad = slices.bad + excluded.bad,
      total = slices.total + excluded.total,
      corrected = slices.corrected or (excluded.corrected and (excluded.good <> 0 or excluded.bad <> 0 or excluded.total <> 0))`)
  await tx.run(sql`insert into slice_changes (streams, starts) values (${streams}, ${starts})`)
  // The hours of the last two are summed by the tidying job; older ones only when they change.
  const late = rows.filter((row) => row.corrected && (row.good !== 0 || row.bad !== 0 || row.total !== 0))
  if (late.length === 0) return
  const lateStarts = late.map((row) => row.sliceStart)
  const [from, to] = [Math.min(...lateStarts), Math.max(...lateStarts) + 1]
  await rollUpHours(tx, { from, to, streams: [...new Set(late.map((row) => row.stream))] })
}

/** Takes what changed since the last call, with the counts as they stand now. The caller's rollback gives it back. */
export async function takeChangedSlices(tx: Tx): Promise<readonly SliceRow[]> {
  const taken = await tx.many(
    sql<{ streams: number[]; starts: string[] }>`delete from slice_changes returning streams, starts::text[] as starts`,
  )
  if (taken.length === 0) return []
  const wanted = new Map<number, Set<string>>()
  for (const { streams, starts } of taken)
    for (const [index, stream] of streams.entries()) {
      const found = wanted.get(stream) ?? new Set<string>()
      found.add(starts[index] ?? '')
      wanted.set(stream, found)
    }
  const streams: number[] = []
  const starts: string[] = []
  for (const [stream, found] of wanted)
    for (const start of found) {
      streams.push(stream)
      starts.push(start)
    }
  return tx.many(sql<SliceRow>`
    select s.stream, s.slice_start as "sliceStart", s.good, s.bad, s.total, s.corrected
    from unnest(${streams}::int[], ${starts}::bigint[]) as wanted (stream, start)
    join slices s on s.stream = wanted.stream and s.slice_start = wanted.start
    order by s.stream, s.slice_start`)
}

export async function readSlices(
  queries: Queries,
  stream: number,
  from: number,
  to: number,
): Promise<readonly SliceRow[]> {
  return queries.many(sql<SliceRow>`
    select stream, slice_start as "sliceStart", good, bad, total, corrected from slices
    where stream = ${stream} and slice_start >= ${from} and slice_start < ${to} order by slice_start`)
}

const packedBytes = 32

/**
 * The same for the engine, which reads the slices of a month at once: packed by the server into one value, because
 * 43,200 rows cost ten times their content to carry and to parse one by one.
 */
export async function readPackedSlices(
  queries: Queries,
  stream: number,
  from: number,
  to: number,
): Promise<readonly (SideCounts & { readonly sliceStart: Instant })[]> {
  const { packed } = await queries.one(sql<{ packed: Buffer | null }>`
    select string_agg(int8send(slice_start) || int8send(good) || int8send(bad) || int8send(total), '' order by slice_start) as packed
    from slices where stream = ${stream} and slice_start >= ${from} and slice_start < ${to}`)
  const rows: (SideCounts & { sliceStart: Instant })[] = []
  if (packed === null) return rows
  const read = (at: number) => {
    const value = packed.readInt32BE(at) * 2 ** 32 + packed.readUInt32BE(at + 4)
    if (!Number.isSafeInteger(value)) throw new RangeError('A slice holds more than a number holds exactly.')
    return value
  }
  for (let at = 0; at < packed.length; at += packedBytes)
    rows.push({ sliceStart: instant(read(at)), good: read(at + 8), bad: read(at + 16), total: read(at + 24) })
  return rows
}

/** Sums over steps of a length that slices divide: charts read these, not each slice. */
export async function sumSteps(
  queries: Queries,
  stream: number,
  range: { from: number; to: number; stepMs: number },
): Promise<readonly (SideCounts & { start: Instant; measured: number })[]> {
  return queries.many(sql<SideCounts & { start: Instant; measured: number }>`
    select slice_start / ${range.stepMs}::bigint * ${range.stepMs}::bigint as start, sum(good)::bigint as good, sum(bad)::bigint as bad,
      sum(total)::bigint as total, count(*)::int as measured
    from slices where stream = ${stream} and slice_start >= ${range.from} and slice_start < ${range.to} group by 1 order by 1`)
}

export interface Watermark {
  readonly stream: number
  /** How far the slowest live feed has told; a feed far behind the fastest is no longer waited for. */
  readonly slowest: Instant
  readonly newest: Instant
}

export async function readWatermarks(queries: Queries): Promise<readonly Watermark[]> {
  return queries.many(sql<Watermark>`
    with newest as (
      select f.stream, max(f.last_at) as at, greatest(2 * min(s.slice_ms), 20000) as patience
      from stream_feeds f join telemetry_streams s on s.key = f.stream and s.retired_at is null group by f.stream)
    select f.stream, min(f.last_at) as slowest, max(f.last_at) as newest
    from stream_feeds f join newest n on n.stream = f.stream
    where f.last_at >= n.at - n.patience group by f.stream`)
}

export interface FeedRow {
  readonly stream: number
  readonly source: number
  readonly lastAt: Instant
}

export async function readFeeds(queries: Queries, sources: readonly number[]): Promise<readonly FeedRow[]> {
  return queries.many(sql<FeedRow>`
    select stream, source, last_at as "lastAt" from stream_feeds where source = any(${[...sources]}) order by stream, source`)
}

export async function saveFeeds(tx: Tx, feeds: readonly FeedRow[]): Promise<void> {
  if (feeds.length === 0) return
  const rows = [...feeds].sort((a, b) => a.stream - b.stream || a.source - b.source)
  await tx.run(sql`
    insert into stream_feeds (stream, source, last_at)
    select * from unnest(${rows.map((row) => row.stream)}::int[], ${rows.map((row) => row.source)}::int[], ${rows.map((row) => row.lastAt)}::bigint[])
    on conflict (stream, source) do update set last_at = greatest(stream_feeds.last_at, excluded.last_at)`)
}

/** Recomputes the sums of every hour that the range touches; the same whenever it runs. */
export async function rollUpHours(
  tx: Tx,
  range: { readonly from: number; readonly to: number; readonly streams?: readonly number[] },
): Promise<number> {
  const [from, to] = [Math.floor(range.from / hour) * hour, Math.ceil(range.to / hour) * hour]
  return tx.run(sql`
    insert into slice_hours (stream, hour_start, good, bad, total, measured)
    select stream, slice_start / 3600000 * 3600000, sum(good), sum(bad), sum(total), count(*)
    from slices where slice_start >= ${from} and slice_start < ${to}
      and (${range.streams === undefined} or stream = any(${[...(range.streams ?? [])]})) group by 1, 2
    on conflict (stream, hour_start) do update set good = excluded.good, bad = excluded.bad, total = excluded.total, measured = excluded.measured
    where (slice_hours.good, slice_hours.bad, slice_hours.total, slice_hours.measured) is distinct from (excluded.good, excluded.bad, excluded.total, excluded.measured)`)
}

/** Removes what no window reaches any more, a bounded number of rows at a time. */
export async function dropOldSlices(tx: Tx, now: Instant, limit: number): Promise<number> {
  return tx.run(sql`
    delete from slices where ctid = any(array(
      select s.ctid from slices s join telemetry_streams t on t.key = s.stream
      where s.slice_start < ${now} - t.keep_ms limit ${limit}))`)
}

export async function dropOldHours(tx: Tx, before: number): Promise<number> {
  return tx.run(sql`delete from slice_hours where hour_start < ${before}`)
}

export async function dropOldChanges(tx: Tx, olderThanMs: number): Promise<number> {
  return tx.run(sql`delete from slice_changes where at < mainstay_now() - make_interval(secs => ${olderThanMs / 1000})`)
}
