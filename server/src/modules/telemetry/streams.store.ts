// All SQL on telemetry_streams and their registry.
import { day, hour, minute } from '../../kernel/duration.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { isSameGrouping } from './core/index.ts'
import { retireGroups } from './groups.store.ts'
import type { NewStream, Stream, StreamKind } from './stream.ts'

const columns = sql`key, id, indicator, slice_ms as "sliceMs", greatest(keep_ms, agreed_ms) as "keepMs", source, since, grouping, grouped_since as "groupedSince"`
// Groups stand in the same table, and nobody who asks for streams means them.
const isWhole = sql`retired_at is null and parent is null`

/** Sub-minute slices serve windows of an hour or so; minute slices the longest usual window and a margin. */
function keepFor({ sliceMs, longestWindowMs }: NewStream): number {
  return sliceMs < minute ? Math.max(2 * hour, longestWindowMs + hour) : Math.max(35 * day, longestWindowMs + day)
}

/**
 * Registers what to count, or changes it. Counts stay while the slice length does: a new selector goes on from where
 * the old one ended. Answers the stream, and whether it began anew.
 */
export async function saveStream(tx: Tx, stream: NewStream): Promise<{ stream: Stream; fresh: boolean }> {
  await tx.run(sql`update telemetry_registry set revision = revision + 1`)
  const before = await findStream(tx, stream.id)
  const grouping = stream.grouping ?? null
  const regrouped = before !== null && !isSameGrouping(before.grouping, grouping)
  if (regrouped && before.sliceMs === stream.sliceMs) await retireGroups(tx, before.key)
  const kept = await tx.maybe(sql<Stream>`
    update telemetry_streams set indicator = ${stream.indicator}, kind = ${stream.source.kind}, source = ${json(stream.source)},
      keep_ms = greatest(keep_ms, ${keepFor(stream)}), grouping = ${grouping === null ? sql`null` : json(grouping)},
      grouped_since = case when ${regrouped} then ${grouping === null ? sql`null::timestamptz` : sql`mainstay_now()`} else grouped_since end
    where id = ${stream.id} and ${isWhole} and slice_ms = ${stream.sliceMs} returning ${columns}`)
  if (kept !== null) {
    await tx.run(sql`
      update telemetry_streams g set keep_ms = w.keep_ms from telemetry_streams w
      where w.key = ${kept.key} and g.parent = w.key and g.keep_ms < w.keep_ms`)
    return { stream: kept, fresh: false }
  }
  await retire(tx, stream.id)
  const fresh = await tx.one(sql<Stream>`
    insert into telemetry_streams (id, indicator, kind, slice_ms, keep_ms, source, grouping)
    values (${stream.id}, ${stream.indicator}, ${stream.source.kind}, ${stream.sliceMs}, ${keepFor(stream)}, ${json(stream.source)},
      ${grouping === null ? sql`null` : json(grouping)})
    returning ${columns}`)
  return { stream: fresh, fresh: true }
}

/** Counts of these stay for so long at least: a contract asks for more than a window does. Not those of their groups. */
export async function keepSlices(tx: Tx, ids: readonly string[], leastMs: number): Promise<void> {
  await tx.run(sql`
    update telemetry_streams set agreed_ms = ${leastMs}
    where id = any(${[...ids]}) and ${isWhole} and agreed_ms < ${leastMs}`)
}

/** Nothing is counted any more; what was stays until its time is over. */
export async function removeStream(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`update telemetry_registry set revision = revision + 1`)
  await retire(tx, id)
}

async function retire(tx: Tx, id: string): Promise<void> {
  const ended = await tx.maybe(
    sql<{
      key: number
    }>`update telemetry_streams set retired_at = mainstay_now() where id = ${id} and ${isWhole} returning key`,
  )
  if (ended !== null) await retireGroups(tx, ended.key)
}

export async function registryRevision(queries: Queries): Promise<number> {
  return (await queries.one(sql<{ revision: number }>`select revision from telemetry_registry`)).revision
}

export async function listStreams(queries: Queries, kind: StreamKind | null): Promise<readonly Stream[]> {
  return queries.many(sql<Stream>`
    select ${columns} from telemetry_streams where ${isWhole} and (${kind}::text is null or kind = ${kind}) order by key`)
}

export async function findStream(queries: Queries, id: string): Promise<Stream | null> {
  return queries.maybe(sql<Stream>`select ${columns} from telemetry_streams where id = ${id} and ${isWhole}`)
}

/** By their own id or by the indicator they count. */
export async function findStreamsNamed(queries: Queries, names: readonly string[]): Promise<readonly Stream[]> {
  return queries.many(sql<Stream>`
    select ${columns} from telemetry_streams
    where ${isWhole} and (id = any(${[...names]}) or indicator = any(${[...names]})) order by key`)
}

export interface FormerStream extends Stream {
  readonly endedAt: Instant
}

/** Streams of the same name that counted before, in slices of another length, and ended after an instant; oldest first. */
export async function listFormerStreams(
  queries: Queries,
  id: string,
  after: Instant,
): Promise<readonly FormerStream[]> {
  return queries.many(sql<FormerStream>`
    select ${columns}, retired_at as "endedAt" from telemetry_streams
    where id = ${id} and parent is null and retired_at > ${timestamp(after)} order by key`)
}

/** Of each stream that has any: how many groups it has by now, whatever its rule says since. */
export async function countGroups(queries: Queries): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.many(sql<{ id: string; groups: number }>`
    select w.id, count(*)::int as groups from telemetry_streams g join telemetry_streams w on w.key = g.parent
    where g.retired_at is null and g.group_values is not null and w.retired_at is null group by w.id`)
  return new Map(rows.map(({ id, groups }) => [id, groups]))
}
