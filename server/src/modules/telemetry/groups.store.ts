// All SQL on the groups of streams and on what is known of the values that found no group of their own.
import { day } from '../../kernel/duration.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import { estimate, type GroupRule, groupKey, merge, newSketch, note, type Sketch } from './core/index.ts'
import { seriesHash } from './series.store.ts'
import type { GroupStream, Stream } from './stream.ts'

const columns = sql`key, parent, group_values as "values", since`
const overflowId = (stream: Pick<Stream, 'id'>) => `${stream.id}#`
// Names of objectives hold no such sign, so no stream of its own is ever called like a group.
const idOf = (stream: Pick<Stream, 'id'>, values: readonly string[]) => `${stream.id}#${seriesHash(groupKey(values))}`

export async function listGroups(queries: Queries, parents: readonly number[]): Promise<readonly GroupStream[]> {
  return queries.many(sql<GroupStream>`
    select ${columns} from telemetry_streams where retired_at is null and parent = any(${[...parents]}) order by parent, key`)
}

export async function findGroups(queries: Queries, keys: readonly number[]): Promise<readonly GroupStream[]> {
  return queries.many(sql<GroupStream>`
    select ${columns} from telemetry_streams
    where retired_at is null and parent is not null and key = any(${[...keys]}) order by parent, key`)
}

/** The keys of those groups that exist, by `groupKey`. */
export async function findGroupKeys(
  tx: Tx,
  stream: Pick<Stream, 'id' | 'key'>,
  wanted: readonly (readonly string[])[],
): Promise<Map<string, number>> {
  const keys = new Map(wanted.map((values) => [idOf(stream, values), groupKey(values)]))
  const rows = await tx.many(sql<{ key: number; id: string }>`
    select key, id from telemetry_streams where retired_at is null and parent = ${stream.key} and id = any(${[...keys.keys()]})`)
  return new Map(rows.map(({ key, id }) => [keys.get(id) ?? '', key]))
}

export interface Membership {
  readonly groups: number
  /** The key of the group of all others, when there is one. */
  readonly others: number | null
}

export async function readMembership(queries: Queries, stream: Pick<Stream, 'key'>): Promise<Membership> {
  return queries.one(sql<Membership>`
    select count(group_values)::int as groups, min(key) filter (where group_values is null) as others
    from telemetry_streams where retired_at is null and parent = ${stream.key}`)
}

/** One writer at a time decides who gets a group. Answers the rule that holds now: it may have changed meanwhile. */
export async function lockMembership(tx: Tx, stream: Pick<Stream, 'key'>): Promise<GroupRule | null> {
  await tx.run(sql`select pg_advisory_xact_lock(48703166, ${stream.key})`)
  const row = await tx.maybe(
    sql<{
      grouping: GroupRule | null
    }>`select grouping from telemetry_streams where key = ${stream.key} and retired_at is null`,
  )
  return row?.grouping ?? null
}

/** Begins to count groups; null values for the group of all others. */
export async function openGroups(
  tx: Tx,
  stream: Stream,
  wanted: readonly (readonly string[] | null)[],
): Promise<ReadonlyMap<string | null, number>> {
  const opened = new Map<string | null, number>()
  for (const values of wanted) {
    const id = values === null ? overflowId(stream) : idOf(stream, values)
    const { key } = await tx.one(sql<{ key: number }>`
      insert into telemetry_streams (id, kind, slice_ms, keep_ms, source, parent, group_values)
      select ${id}::text, kind, slice_ms, keep_ms, '{}'::jsonb, key, ${values === null ? null : [...values]}::text[]
      from telemetry_streams where key = ${stream.key}
      returning key`)
    opened.set(values === null ? null : groupKey(values), key)
  }
  return opened
}

/** Groups of another rule: what was counted of them stays until its time is over. */
export async function retireGroups(tx: Tx, parent: number): Promise<void> {
  await lockMembership(tx, { key: parent })
  await tx.run(
    sql`update telemetry_streams set retired_at = mainstay_now() where parent = ${parent} and retired_at is null`,
  )
  await tx.run(sql`delete from stream_overflow where stream = ${parent}`)
}

/** Groups that ended, once nothing of them is left. */
export async function dropRetiredGroups(tx: Tx): Promise<number> {
  return tx.run(sql`
    delete from telemetry_streams t where t.parent is not null
      and t.retired_at < mainstay_now() - make_interval(secs => (t.keep_ms + ${day}) / 1000.0)
      and not exists (select from slices s where s.stream = t.key)
      and not exists (select from slice_blocks b where b.stream = t.key)`)
}

/** Remembers that there were such values, in a kilobyte for each stream; written only when it says something new. */
export async function noteOthers(tx: Tx, stream: number, keys: readonly string[]): Promise<void> {
  const seen = newSketch()
  for (const key of keys) note(seen, key)
  const known = await readSketch(tx, stream)
  if (known !== null && adds(known, seen) === false) return
  await tx.run(sql`
    insert into stream_overflow (stream, sketch) values (${stream}, ${Buffer.from(newSketch())}) on conflict do nothing`)
  const { sketch } = await tx.one(
    sql<{ sketch: Buffer }>`select sketch from stream_overflow where stream = ${stream} for update`,
  )
  const merged = new Uint8Array(sketch)
  merge(merged, seen)
  await tx.run(
    sql`update stream_overflow set sketch = ${Buffer.from(merged)}, last_at = mainstay_now() where stream = ${stream}`,
  )
}

async function readSketch(queries: Queries, stream: number): Promise<Sketch | null> {
  const row = await queries.maybe(sql<{ sketch: Buffer }>`select sketch from stream_overflow where stream = ${stream}`)
  return row === null ? null : new Uint8Array(row.sketch)
}

const adds = (known: Sketch, seen: Sketch) => seen.some((rank, place) => rank > (known[place] ?? 0))

/** About how many values share the group of all others. */
export async function countOthers(queries: Queries, stream: number): Promise<number> {
  const sketch = await readSketch(queries, stream)
  return sketch === null ? 0 : estimate(sketch)
}
