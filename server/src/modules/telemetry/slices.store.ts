// All SQL on slices, their hour sums, the engine's list of changes, and how far each feed has told.
import { hour, second } from '../../kernel/duration.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { listOf, type Queries, sql } from '../../platform/database/queries.ts'
import type { SideCounts } from './core/index.ts'
import { blockSlices, blockStartOf, sidesIn, visitBlocks, type Wanted } from './slice-blocks.store.ts'

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
    with given as materialized (
      select ${listOf(streams)}::int[] as streams, ${listOf(starts)}::bigint[] as starts, ${listOf(rows.map((row) => row.good))}::bigint[] as goods,
        ${listOf(rows.map((row) => row.bad))}::bigint[] as bads, ${listOf(rows.map((row) => row.total))}::bigint[] as totals,
        ${listOf(rows.map((row) => row.corrected))}::boolean[] as corrections),
    added as (
      insert into slices (stream, slice_start, good, bad, total, corrected)
      select each.* from given, unnest(streams, starts, goods, bads, totals, corrections) as each
      on conflict (stream, slice_start) do update set good = slices.good + excluded.good, bad = slices.bad + excluded.bad,
        total = slices.total + excluded.total,
        corrected = slices.corrected or (excluded.corrected and (excluded.good <> 0 or excluded.bad <> 0 or excluded.total <> 0)))
    insert into slice_changes (streams, starts) select streams, starts from given`)
  // The hours of the last two are summed by the tidying job; older ones only when they change.
  const late = rows.filter((row) => row.corrected && (row.good !== 0 || row.bad !== 0 || row.total !== 0))
  if (late.length === 0) return
  const lateStarts = late.map((row) => row.sliceStart)
  const [from, to] = [Math.min(...lateStarts), Math.max(...lateStarts) + 1]
  await rollUpHours(tx, { from, to, streams: [...new Set(late.map((row) => row.stream))] })
}

/** Takes what changed since the last call, with the counts as they stand now. The caller's rollback gives it back. */
export async function takeChangedSlices(tx: Tx): Promise<readonly SliceRow[]> {
  const taken = await tx.many(sql<{ streams: string; starts: string }>`
    delete from slice_changes returning array_to_string(streams, ',') as streams, array_to_string(starts, ',') as starts`)
  if (taken.length === 0) return []
  const wanted = new Map<number, Set<number>>()
  for (const change of taken) {
    const starts = change.starts.split(',')
    for (const [index, text] of change.streams.split(',').entries()) {
      const stream = Number(text)
      const found = wanted.get(stream) ?? new Set<number>()
      found.add(Number(starts[index]))
      wanted.set(stream, found)
    }
  }
  const streams: number[] = []
  const starts: number[] = []
  for (const [stream, found] of wanted)
    for (const start of found) {
      streams.push(stream)
      starts.push(start)
    }
  // Rows without a slice are those that were packed; a block comes once for all of its slices.
  const rows = await tx.many(sql<SliceRow & { sliceMs: number; loose: boolean; packed: Buffer | null }>`
    with wanted as (select w.stream, w.start, t.slice_ms, w.start / (t.slice_ms * ${blockSlices}::bigint) * t.slice_ms * ${blockSlices} as block
      from unnest(${listOf(streams)}::int[], ${listOf(starts)}::bigint[]) as w (stream, start) join telemetry_streams t on t.key = w.stream)
    select w.stream, w.start as "sliceStart", coalesce(s.good, 0) as good, coalesce(s.bad, 0) as bad, coalesce(s.total, 0) as total,
      coalesce(s.corrected, false) as corrected, w.slice_ms as "sliceMs", s.stream is not null as loose, null::bytea as packed
    from wanted w left join slices s on s.stream = w.stream and s.slice_start = w.start
    union all
    select w.stream, b.block_start, 0, 0, 0, false, 0, false, b.packed
    from (select stream, block, min(start) as oldest from wanted group by stream, block) w
      join slice_blocks b on b.stream = w.stream and b.block_start = w.block and b.until > w.oldest`)
  return withPacked(rows)
}

function withPacked(
  rows: readonly (SliceRow & { sliceMs: number; loose: boolean; packed: Buffer | null })[],
): readonly SliceRow[] {
  const blocks = new Map<string, Buffer>()
  for (const { stream, sliceStart, packed } of rows) if (packed !== null) blocks.set(`${stream} ${sliceStart}`, packed)
  const found: SliceRow[] = []
  for (const { stream, sliceStart, good, bad, total, corrected, sliceMs, loose, packed } of rows) {
    if (packed !== null) continue
    const blockStart = blockStartOf(sliceStart, sliceMs)
    const block = blocks.size === 0 ? undefined : blocks.get(`${stream} ${blockStart}`)
    const sides = block === undefined ? null : sidesIn(block, (sliceStart - blockStart) / sliceMs)
    const place = { stream, sliceStart, corrected }
    if (sides !== null)
      found.push({ ...place, good: good + sides.good, bad: bad + sides.bad, total: total + sides.total })
    else if (loose) found.push({ ...place, good, bad, total })
  }
  return found.sort((a, b) => a.stream - b.stream || a.sliceStart - b.sliceStart)
}

type PlainSlice = SideCounts & { readonly stream: number; readonly sliceStart: Instant }

/** The slices of one stream in order of time, packed or not. */
export async function readSlices(
  queries: Queries,
  stream: number,
  from: number,
  to: number,
): Promise<readonly PlainSlice[]> {
  const known = await queries.maybe(
    sql<{ sliceMs: number }>`select slice_ms as "sliceMs" from telemetry_streams where key = ${stream}`,
  )
  const rows: PlainSlice[] = []
  if (known === null) return rows
  const { sliceMs } = known
  await visitBlocks(queries, [{ key: stream, sliceMs, from, to }], (_, block) => {
    for (let cell = 0; cell < blockSlices; cell += 1) {
      const at = (block.first + cell) * sliceMs
      if (block.measured[cell] !== 1 || at < from || at >= to) continue
      const [good, bad, total] = [block.good[cell] ?? 0, block.bad[cell] ?? 0, block.total[cell] ?? 0]
      rows.push({ stream, sliceStart: instant(at), good, bad, total })
    }
  })
  return rows
}

export type StepSums = SideCounts & { readonly start: Instant; readonly measured: number }

/** Sums over steps of a length that slices divide: charts read these, not each slice. */
export async function sumSteps(
  queries: Queries,
  { key, sliceMs }: { readonly key: number; readonly sliceMs: number },
  range: { readonly from: number; readonly to: number; readonly stepMs: number },
): Promise<readonly StepSums[]> {
  return (await sumStepsOf(queries, [{ key, sliceMs, ...range }], range.stepMs)).get(key) ?? []
}

/** The same of several streams, each once. */
export async function sumStepsOf(
  queries: Queries,
  wanted: readonly Wanted[],
  stepMs: number,
): Promise<ReadonlyMap<number, readonly StepSums[]>> {
  const ranges = new Map(wanted.map((each) => [each.key, each]))
  const found = new Map<number, Map<number, SideCounts & { measured: number }>>()
  await visitBlocks(queries, wanted, (key, block) => {
    const range = ranges.get(key)
    if (range === undefined) return
    const steps = found.get(key) ?? new Map<number, SideCounts & { measured: number }>()
    found.set(key, steps)
    const first = Math.max(0, Math.ceil(range.from / range.sliceMs) - block.first)
    const until = Math.min(blockSlices, Math.ceil(range.to / range.sliceMs) - block.first)
    for (let cell = first; cell < until; cell += 1) {
      if (block.measured[cell] !== 1) continue
      const start = Math.floor(((block.first + cell) * range.sliceMs) / stepMs) * stepMs
      const { good, bad, total, measured } = steps.get(start) ?? { good: 0, bad: 0, total: 0, measured: 0 }
      steps.set(start, {
        good: good + (block.good[cell] ?? 0),
        bad: bad + (block.bad[cell] ?? 0),
        total: total + (block.total[cell] ?? 0),
        measured: measured + 1,
      })
    }
  })
  const inOrder = (steps: ReadonlyMap<number, SideCounts & { measured: number }>) =>
    [...steps].sort(([a], [b]) => a - b).map(([start, sums]) => ({ start: instant(start), ...sums }))
  return new Map([...found].map(([key, steps]) => [key, inOrder(steps)]))
}

/** A feed is waited for so long at least. */
const patienceMs = 20 * second

export interface Watermark {
  /** How far the slowest live feed has told; a feed far behind the fastest is no longer waited for. */
  readonly slowest: Instant
  readonly newest: Instant
}

/** How far feeds have told, of all streams. */
export interface Watermarks {
  of(stream: { readonly key: number; readonly sliceMs: number }): Watermark | undefined
}

/** A sender tells of many streams at once: those told of until one instant come in one row. */
export async function readWatermarks(queries: Queries): Promise<Watermarks> {
  const rows = await queries.many(sql<{ at: Instant; streams: string }>`
    select last_at as at, string_agg(stream::text, ',') as streams from stream_feeds group by last_at order by last_at desc`)
  const newest = new Map<number, Instant>()
  const older = new Map<number, Instant[]>()
  for (const { at, streams } of rows)
    for (const text of streams.split(',')) {
      const key = Number(text)
      const more = older.get(key)
      if (!newest.has(key)) newest.set(key, at)
      else if (more === undefined) older.set(key, [at])
      else more.push(at)
    }
  return {
    of: ({ key, sliceMs }) => {
      const last = newest.get(key)
      if (last === undefined) return undefined
      const from = last - Math.max(2 * sliceMs, patienceMs)
      return { slowest: older.get(key)?.findLast((at) => at >= from) ?? last, newest: last }
    },
  }
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
    select * from unnest(${listOf(rows.map((row) => row.stream))}::int[], ${listOf(rows.map((row) => row.source))}::int[],
      ${listOf(rows.map((row) => row.lastAt))}::bigint[])
    on conflict (stream, source) do update set last_at = greatest(stream_feeds.last_at, excluded.last_at)`)
}

/**
 * Recomputes the sums of every hour that the range touches; the same whenever it runs. Hours that are packed are summed
 * by whoever packs into them. Groups have none: reports are of the whole.
 */
export async function rollUpHours(
  tx: Tx,
  range: { readonly from: number; readonly to: number; readonly streams?: readonly number[] },
): Promise<number> {
  const [from, to] = [Math.floor(range.from / hour) * hour, Math.ceil(range.to / hour) * hour]
  return tx.run(sql`
    insert into slice_hours (stream, hour_start, good, bad, total, measured)
    select s.stream, s.slice_start / 3600000 * 3600000, sum(s.good), sum(s.bad), sum(s.total), count(*)
    from slices s join telemetry_streams t on t.key = s.stream
    left join slice_blocks b on b.stream = s.stream
      and b.block_start = s.slice_start / (t.slice_ms * ${blockSlices}::bigint) * t.slice_ms * ${blockSlices}
    where t.parent is null and s.slice_start >= ${from} and s.slice_start < ${to} and (b.stream is null or b.until <= s.slice_start)
      and (${range.streams === undefined} or s.stream = any(${[...(range.streams ?? [])]})) group by 1, 2
    on conflict (stream, hour_start) do update set good = excluded.good, bad = excluded.bad, total = excluded.total, measured = excluded.measured
    where (slice_hours.good, slice_hours.bad, slice_hours.total, slice_hours.measured) is distinct from (excluded.good, excluded.bad, excluded.total, excluded.measured)`)
}

/** What is kept of a stream by the hour, long after its slices have gone. */
export async function readHours(
  queries: Queries,
  stream: number,
  from: number,
  to: number,
): Promise<readonly (SideCounts & { readonly start: Instant; readonly measured: number })[]> {
  return queries.many(sql<SideCounts & { start: Instant; measured: number }>`
    select hour_start as start, good, bad, total, measured from slice_hours
    where stream = ${stream} and hour_start >= ${from} and hour_start < ${to} order by hour_start`)
}

/** The oldest slice that is left of a stream; of what is packed, its block. */
export async function readOldestSlice(queries: Queries, stream: number): Promise<number | null> {
  const row = await queries.one(sql<{ oldest: number | null }>`
    select least((select slice_start from slices where stream = ${stream} order by slice_start limit 1),
      (select block_start from slice_blocks where stream = ${stream} order by block_start limit 1)) as oldest`)
  return row.oldest
}

/** Minutes are kept at least so long; shorter slices and those of groups are many, and kept for their windows alone. */
export const keptMs = (leastMs: number) =>
  sql`(case when t.slice_ms < 60000 or t.parent is not null then greatest(t.keep_ms, t.agreed_ms)
    else greatest(t.keep_ms, t.agreed_ms, ${leastMs}::bigint) end)`

/** Removes what no window reaches any more, a bounded number of rows at a time. */
export async function dropOldSlices(tx: Tx, now: Instant, limit: number, leastMs = 0): Promise<number> {
  return tx.run(sql`
    delete from slices where ctid = any(array(
      select s.ctid from slices s join telemetry_streams t on t.key = s.stream
      where s.slice_start < ${now} - ${keptMs(leastMs)} limit ${limit}))`)
}

export async function dropOldHours(tx: Tx, before: number): Promise<number> {
  return tx.run(sql`delete from slice_hours where hour_start < ${before}`)
}

export async function dropOldChanges(tx: Tx, olderThanMs: number): Promise<number> {
  return tx.run(sql`delete from slice_changes where at < mainstay_now() - make_interval(secs => ${olderThanMs / 1000})`)
}
