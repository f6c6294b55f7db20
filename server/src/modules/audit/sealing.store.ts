// All SQL of the sequencer and of those who read the sealed journal.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import type { Frontier, JournalEntry } from './core/index.ts'
import { entryColumns, type Place, toEntry } from './journal.store.ts'

export interface Head {
  readonly origin: string
  readonly frontier: Frontier
  readonly place: Place
  /** The head was made by another cluster: its transaction ids lie ahead of this one's. */
  readonly foreign: boolean
}

interface HeadRow {
  readonly origin: string
  readonly size: number
  readonly peaks: readonly Uint8Array[]
  readonly xid: string
  readonly entryId: number
  readonly foreign: boolean
}

const headColumns = sql`origin, size, peaks, xid::text as xid, entry_id as "entryId",
  xid >= pg_snapshot_xmax(pg_current_snapshot()) as foreign`

const toHead = ({ origin, size, peaks, xid, entryId, foreign }: HeadRow): Head => ({
  origin,
  frontier: { size, peaks: peaks.map((peak) => new Uint8Array(peak)) },
  place: { xid, id: entryId },
  foreign,
})

export async function readHead(queries: Queries): Promise<Head> {
  return toHead(await queries.one(sql<HeadRow>`select ${headColumns} from journal_head`))
}

/**
 * How many are sealed, and the salt of the last one: null where there is none, also when it was deleted by force. O(1): as joins the planner,
 * who takes the one head for many while it has no statistics, reads all leaves.
 */
export async function readEnd(
  queries: Queries,
): Promise<{ readonly origin: string; readonly size: number; readonly salt: string | null; readonly at: Instant }> {
  return queries.one(sql<{ origin: string; size: number; salt: string | null; at: Instant }>`
    select origin, size, mainstay_now() as at,
      (select salt from journal where id = (select entry_id from journal_leaves where leaf_index = size - 1)) as salt
    from journal_head`)
}

/** Sequencers take turns: one that has lost its lease without knowing waits here and then finds nothing to do. */
export async function lockHead(tx: Tx): Promise<Head> {
  await tx.run(sql`select from journal_head for update`)
  // Read by a statement of its own: the one that waited compares a head of now with a snapshot from before the wait.
  return readHead(tx)
}

export async function saveHead(tx: Tx, frontier: Frontier, place: Place): Promise<void> {
  await tx.run(sql`
    update journal_head set size = ${frontier.size}, peaks = ${frontier.peaks.map((peak) => Buffer.from(peak))},
      xid = ${place.xid}::xid8, entry_id = ${place.id}`)
}

export interface UnsealedEntry {
  readonly place: Place
  readonly entry: JournalEntry
  readonly salt: string
}

type UnsealedRow = Parameters<typeof toEntry>[0] & { readonly xid: string; readonly salt: string }

const toUnsealed = (row: UnsealedRow): UnsealedEntry => ({
  place: { xid: row.xid, id: row.id },
  entry: toEntry(row),
  salt: row.salt,
})

/** The next entries in commit order, below the horizon. */
export async function readUnsealed(tx: Tx, after: Place, limit: number): Promise<readonly UnsealedEntry[]> {
  const rows = await tx.many(sql<UnsealedRow>`
    select ${entryColumns}, journal.xid::text as xid, journal.salt from journal
    where (journal.xid, journal.id) > (${after.xid}::xid8, ${after.id}) and journal.xid < (select journal_horizon())
      and journal.id > (select foreign_up_to from journal_head)
    order by journal.xid, journal.id limit ${limit}`)
  return rows.map(toUnsealed)
}

/** Whether any committed entry has no leaf yet, also one that has to wait for a transaction which still runs. */
export async function hasUnsealed(queries: Queries): Promise<boolean> {
  const { some } = await queries.one(sql<{ some: boolean }>`
    select head.xid >= pg_snapshot_xmax(pg_current_snapshot()) or exists (
      select from journal where (journal.xid, journal.id) > (head.xid, head.entry_id)
        and journal.xid < pg_snapshot_xmax(pg_current_snapshot()) and journal.id > head.foreign_up_to) as some
    from journal_head head`)
  return some
}

/** What a dump held after the last sealed entry. All of it was committed, so no horizon is asked. */
export async function readForeignUnsealed(tx: Tx, after: Place, limit: number): Promise<readonly UnsealedEntry[]> {
  const rows = await tx.many(sql<UnsealedRow>`
    select ${entryColumns}, journal.xid::text as xid, journal.salt from journal
    where (journal.xid, journal.id) > (${after.xid}::xid8, ${after.id})
    order by journal.xid, journal.id limit ${limit}`)
  return rows.map(toUnsealed)
}

/**
 * From here on this cluster's own transactions count. Its entries have larger ids than any restored one; the place is
 * set just below the first of them, and below every transaction that still runs.
 */
export async function leaveForeignPart(tx: Tx): Promise<void> {
  await tx.run(sql`
    with restored as (
      select greatest(
        (select coalesce(max(id), 0) from journal where xid >= pg_snapshot_xmax(pg_current_snapshot())),
        (select coalesce(max(entry_id), 0) from journal_leaves)) as last),
    own as (
      select xid from journal, restored where id > restored.last
      union all select pg_snapshot_xmin(pg_current_snapshot()))
    update journal_head set foreign_up_to = (select last from restored), entry_id = 0,
      xid = (select ((xid::text)::bigint - 1)::text::xid8 from own order by xid limit 1)`)
}

export async function insertLeaves(
  tx: Tx,
  first: number,
  leaves: readonly { readonly entryId: number; readonly hash: Uint8Array }[],
): Promise<void> {
  await tx.run(sql`
    insert into journal_leaves (leaf_index, entry_id, hash)
    select ${first}::bigint + ordinality - 1, entry_id, hash
    from unnest(${leaves.map((leaf) => leaf.entryId)}::bigint[], ${leaves.map((leaf) => Buffer.from(leaf.hash))}::bytea[])
      with ordinality as leaf (entry_id, hash, ordinality)`)
}

export interface StoredCheckpoint {
  readonly id: number
  readonly size: number
  readonly root: Uint8Array
  readonly note: string
  readonly key: string
  readonly at: Instant
}

const checkpointColumns = sql`id, size, root, note, key, at`

export async function insertCheckpoint(
  tx: Tx,
  checkpoint: Pick<StoredCheckpoint, 'size' | 'root' | 'note' | 'key'>,
): Promise<StoredCheckpoint> {
  return tx.one(sql<StoredCheckpoint>`
    insert into journal_checkpoints (size, root, note, key)
    values (${checkpoint.size}, ${Buffer.from(checkpoint.root)}, ${checkpoint.note}, ${checkpoint.key})
    returning ${checkpointColumns}`)
}

export async function newestCheckpoint(queries: Queries): Promise<StoredCheckpoint | null> {
  return queries.maybe(
    sql<StoredCheckpoint>`select ${checkpointColumns} from journal_checkpoints order by id desc limit 1`,
  )
}

/** Newest first. */
export async function listCheckpoints(
  queries: Queries,
  before: number | null,
  limit: number,
): Promise<readonly StoredCheckpoint[]> {
  return queries.many(sql<StoredCheckpoint>`
    select ${checkpointColumns} from journal_checkpoints
    where ${before === null ? sql`true` : sql`id < ${before}`} order by id desc limit ${limit}`)
}

/** Oldest first, for verification and export; ids up to `upTo`. */
export async function readNotes(
  queries: Queries,
  after: number,
  upTo: number,
  limit: number,
): Promise<readonly { readonly id: number; readonly note: string }[]> {
  return queries.many(sql<{ id: number; note: string }>`
    select id, note from journal_checkpoints where id > ${after} and id <= ${upTo} order by id limit ${limit}`)
}

/** The hashes of leaves from `first` on, packed. */
export async function readLeaves(queries: Queries, first: number, limit: number): Promise<Uint8Array> {
  const row = await queries.one(sql<{ packed: Uint8Array | null }>`
    select string_agg(hash, ''::bytea order by leaf_index) as packed from journal_leaves
    where leaf_index >= ${first} and leaf_index < ${first + limit}`)
  return row.packed ?? new Uint8Array(0)
}

export async function countLeaves(queries: Queries): Promise<number> {
  return (await queries.one(sql<{ size: number }>`select coalesce(max(leaf_index) + 1, 0) as size from journal_leaves`))
    .size
}

export type SealedRow = { readonly leafIndex: number; readonly entry: JournalEntry; readonly salt: string }

/**
 * Sealed entries in leaf order. A leaf whose entry was deleted by force gives no row, as the verifier must see it.
 * `after` is a leaf index, -1 for the start.
 */
export async function readSealed(queries: Queries, after: number, limit: number): Promise<readonly SealedRow[]> {
  const rows = await queries.many(sql<UnsealedRow & { readonly leafIndex: number }>`
    select ${entryColumns}, journal.xid::text as xid, journal.salt, leaf.leaf_index as "leafIndex"
    from journal_leaves leaf join journal on journal.id = leaf.entry_id
    where leaf.leaf_index > ${after} order by leaf.leaf_index limit ${limit}`)
  return rows.map((row) => ({ leafIndex: row.leafIndex, entry: toEntry(row), salt: row.salt }))
}

/** Entries that stand below the head and have no leaf: put there past the sequencer. */
export async function readUnnumbered(queries: Queries, limit: number): Promise<readonly UnsealedEntry[]> {
  const rows = await queries.many(sql<UnsealedRow>`
    select ${entryColumns}, journal.xid::text as xid, journal.salt
    from journal, journal_head head
    where ((journal.xid, journal.id) <= (head.xid, head.entry_id) or journal.id <= head.foreign_up_to)
      and not exists (select from journal_leaves leaf where leaf.entry_id = journal.id)
    order by journal.id limit ${limit}`)
  return rows.map(toUnsealed)
}
