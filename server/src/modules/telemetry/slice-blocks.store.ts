// All SQL on slice_blocks, and the one way to read slices wherever they are: a slice is the sum of what is packed of it
// and of its row. Both are read by one statement, so that whoever packs meanwhile takes nothing away and doubles nothing.
import { hour } from '../../kernel/duration.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql } from '../../platform/database/queries.ts'
import type { SideCounts } from './core/index.ts'
import { packColumns, packedLength, unpackColumn } from './core/packed.ts'

/** A day of minutes. Blocks are aligned to the epoch, as slices are. */
export const blockSlices = 1_440

export interface Wanted {
  readonly key: number
  readonly sliceMs: number
  readonly from: number
  readonly to: number
}

/** Sides of the slices of one block; only those within the range that was asked for are whole. */
export interface SideBlock {
  /** Slices are numbered from the epoch. */
  readonly first: number
  readonly measured: Uint8Array
  readonly good: Float64Array
  readonly bad: Float64Array
  readonly total: Float64Array
}

const blockMs = (sliceMs: number) => blockSlices * sliceMs
export const blockStartOf = (at: number, sliceMs: number) => Math.floor(at / blockMs(sliceMs)) * blockMs(sliceMs)

// 43,200 rows cost ten times their content to carry and to parse one by one, so the server joins them into one value.
const rowBytes = 32
const joined = sql`string_agg(int8send(s.slice_start) || int8send(s.good) || int8send(s.bad) || int8send(s.total), '')`

interface BlockRow {
  readonly stream: number
  /** Null for the rows that are not packed. */
  readonly blockStart: number | null
  readonly packed: Buffer | null
}

/**
 * Calls with each block that holds anything of a stream's range, a stream's blocks in order of time. The arrays are
 * written anew for the next call: take what is needed, keep none of them.
 */
export async function visitBlocks(
  queries: Queries,
  wanted: readonly Wanted[],
  visit: (stream: number, block: SideBlock) => void,
): Promise<void> {
  const rows = await queries.many(sql<BlockRow>`
    with wanted as (select * from unnest(${wanted.map((each) => each.key)}::int[], ${wanted.map((each) => each.from)}::bigint[],
      ${wanted.map((each) => each.to)}::bigint[], ${wanted.map((each) => blockMs(each.sliceMs))}::bigint[]) as w (stream, from_at, to_at, block_ms))
    select w.stream, b.block_start as "blockStart", b.packed from wanted w
      join slice_blocks b on b.stream = w.stream and b.block_start > w.from_at - w.block_ms and b.block_start < w.to_at
    union all
    select w.stream, null, (select ${joined} from slices s
      where s.stream = w.stream and s.slice_start >= w.from_at and s.slice_start < w.to_at) from wanted w`)
  const found = new Map<number, BlockRow[]>()
  for (const row of rows) found.set(row.stream, [...(found.get(row.stream) ?? []), row])
  const block = newBlock()
  for (const { key, sliceMs } of wanted) visitStream(found.get(key) ?? [], sliceMs, block, (each) => visit(key, each))
}

function newBlock() {
  return {
    first: 0,
    measured: new Uint8Array(blockSlices),
    good: new Float64Array(blockSlices),
    bad: new Float64Array(blockSlices),
    total: new Float64Array(blockSlices),
  }
}

function visitStream(
  rows: readonly BlockRow[],
  sliceMs: number,
  block: ReturnType<typeof newBlock>,
  visit: (block: SideBlock) => void,
): void {
  const packed = new Map<number, Buffer>()
  const loose = new Map<number, number[]>()
  for (const row of rows) {
    if (row.packed === null) continue
    if (row.blockStart !== null) packed.set(row.blockStart, row.packed)
    else {
      const bytes = row.packed
      for (let at = 0; at < bytes.length; at += rowBytes) {
        const start = blockStartOf(readInt8(bytes, at), sliceMs)
        const found = loose.get(start)
        if (found === undefined) loose.set(start, [at])
        else found.push(at)
      }
    }
  }
  const bytes = rows.find((row) => row.blockStart === null)?.packed ?? Buffer.alloc(0)
  for (const start of [...new Set([...packed.keys(), ...loose.keys()])].sort((a, b) => a - b)) {
    block.first = start / sliceMs
    fillBlock(block, packed.get(start) ?? null)
    for (const at of loose.get(start) ?? []) {
      const cell = (readInt8(bytes, at) - start) / sliceMs
      addToBlock(block, cell, {
        good: readInt8(bytes, at + 8),
        bad: readInt8(bytes, at + 16),
        total: readInt8(bytes, at + 24),
      })
    }
    visit(block)
  }
}

function fillBlock(block: SideBlock, packed: Uint8Array | null): void {
  const columns = [block.measured, block.good, block.bad, block.total]
  if (packed === null) for (const column of columns) column.fill(0)
  else {
    // Buffers and plain arrays in turn would slow the loops that read them.
    const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength)
    if (packedLength(bytes) !== blockSlices) throw new RangeError('A block of slices has another length.')
    for (const [index, column] of columns.entries()) unpackColumn(bytes, index, column)
  }
}

function addToBlock(block: SideBlock, cell: number, counts: SideCounts): void {
  block.measured[cell] = 1
  block.good[cell] = (block.good[cell] ?? 0) + counts.good
  block.bad[cell] = (block.bad[cell] ?? 0) + counts.bad
  block.total[cell] = (block.total[cell] ?? 0) + counts.total
}

function readInt8(bytes: Buffer, at: number): number {
  const value = bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
  if (!Number.isSafeInteger(value)) throw new RangeError('A slice holds more than a number holds exactly.')
  return value
}

/** One slice of a packed block; null when it was not measured. */
export function sidesIn(packed: Uint8Array, cell: number): SideCounts | null {
  const block = newBlock()
  fillBlock(block, packed)
  if (block.measured[cell] !== 1) return null
  return { good: block.good[cell] ?? 0, bad: block.bad[cell] ?? 0, total: block.total[cell] ?? 0 }
}

export interface PackOrder {
  readonly key: number
  readonly sliceMs: number
  /** Part of another stream, which has the sums by the hour. */
  readonly isGroup: boolean
  readonly blockStart: number
  /** Rows before it are packed. */
  readonly until: number
}

/** Streams with rows older than that, each with its oldest block that has any. */
export async function findUnpacked(queries: Queries, before: number, limit: number): Promise<readonly PackOrder[]> {
  const rows = await queries.many(sql<{ key: number; sliceMs: number; isGroup: boolean; first: number }>`
    select key, slice_ms as "sliceMs", "isGroup", first from (select t.key, t.slice_ms, t.parent is not null as "isGroup",
      (select slice_start from slices s where s.stream = t.key order by slice_start limit 1) as first from telemetry_streams t) streams
    where first < ${before} order by key limit ${limit}`)
  return rows.map(({ key, sliceMs, isGroup, first }) => {
    const blockStart = blockStartOf(first, sliceMs)
    return { key, sliceMs, isGroup, blockStart, until: Math.min(before, blockStart + blockMs(sliceMs)) }
  })
}

/** Moves rows into their blocks. Whoever adds to one of the rows meanwhile waits, and adds to a new one. */
export async function packSlices(tx: Tx, orders: readonly PackOrder[]): Promise<void> {
  const [keys, starts] = [orders.map((each) => each.key), orders.map((each) => each.blockStart)]
  const untils = orders.map((each) => each.until)
  const taken = await tx.many(sql<{ stream: number; rows: Buffer }>`
    with s as (delete from slices s using unnest(${keys}::int[], ${starts}::bigint[], ${untils}::bigint[]) as w (stream, start, until)
      where s.stream = w.stream and s.slice_start >= w.start and s.slice_start < w.until
      returning s.stream, s.slice_start, s.good, s.bad, s.total)
    select s.stream, ${joined} as rows from s group by s.stream`)
  const held = await tx.many(sql<{ stream: number; packed: Buffer }>`
    select b.stream, b.packed from slice_blocks b join unnest(${keys}::int[], ${starts}::bigint[]) as w (stream, start)
      on b.stream = w.stream and b.block_start = w.start for update of b`)
  const rowsOf = new Map(taken.map((each) => [each.stream, each.rows]))
  const packedOf = new Map(held.map((each) => [each.stream, each.packed]))
  const block = newBlock()
  const written: { order: PackOrder; bytes: Buffer }[] = []
  const hours: HourSum[] = []
  for (const order of orders) {
    const rows = rowsOf.get(order.key)
    if (rows === undefined) continue
    const parts: BlockRow[] = [{ stream: order.key, blockStart: null, packed: rows }]
    const packed = packedOf.get(order.key)
    if (packed !== undefined) parts.push({ stream: order.key, blockStart: order.blockStart, packed })
    visitStream(parts, order.sliceMs, block, () => undefined)
    written.push({
      order,
      bytes: Buffer.from(packColumns([block.measured, block.good, block.bad, block.total]).buffer),
    })
    if (!order.isGroup && blockMs(order.sliceMs) % hour === 0) hours.push(...hourSums(block, order, rows))
  }
  await tx.run(sql`
    insert into slice_blocks (stream, block_start, until, packed)
    select * from unnest(${written.map(({ order }) => order.key)}::int[], ${written.map(({ order }) => order.blockStart)}::bigint[],
      ${written.map(({ order }) => order.until)}::bigint[], ${written.map(({ bytes }) => bytes)}::bytea[])
    on conflict (stream, block_start) do update set until = greatest(slice_blocks.until, excluded.until), packed = excluded.packed`)
  await saveHours(tx, hours)
}

interface HourSum extends SideCounts {
  readonly stream: number
  readonly hourStart: number
  readonly measured: number
}

/** Sums of the hours that rows were packed into: late data change them, and nobody else sums packed hours. */
function hourSums(block: SideBlock, order: PackOrder, rows: Buffer): readonly HourSum[] {
  const touched = new Set<number>()
  for (let at = 0; at < rows.length; at += rowBytes) touched.add(Math.floor(readInt8(rows, at) / hour) * hour)
  const sums = new Map<number, { good: number; bad: number; total: number; measured: number }>()
  for (let cell = 0; cell < blockSlices; cell += 1) {
    const hourStart = Math.floor(((block.first + cell) * order.sliceMs) / hour) * hour
    if (block.measured[cell] !== 1 || !touched.has(hourStart)) continue
    const sum = sums.get(hourStart) ?? { good: 0, bad: 0, total: 0, measured: 0 }
    sum.good += block.good[cell] ?? 0
    sum.bad += block.bad[cell] ?? 0
    sum.total += block.total[cell] ?? 0
    sum.measured += 1
    sums.set(hourStart, sum)
  }
  return [...sums].map(([hourStart, sum]) => ({ stream: order.key, hourStart, ...sum }))
}

async function saveHours(tx: Tx, hours: readonly HourSum[]): Promise<void> {
  await tx.run(sql`
    insert into slice_hours (stream, hour_start, good, bad, total, measured)
    select * from unnest(${hours.map((each) => each.stream)}::int[], ${hours.map((each) => each.hourStart)}::bigint[],
      ${hours.map((each) => each.good)}::bigint[], ${hours.map((each) => each.bad)}::bigint[], ${hours.map((each) => each.total)}::bigint[],
      ${hours.map((each) => each.measured)}::int[])
    on conflict (stream, hour_start) do update set good = excluded.good, bad = excluded.bad, total = excluded.total, measured = excluded.measured`)
}

/** Removes blocks that no window reaches any more. */
export async function dropOldBlocks(tx: Tx, now: number, limit: number, kept: RawBuilder<unknown>): Promise<number> {
  return tx.run(sql`
    delete from slice_blocks where ctid = any(array(
      select b.ctid from slice_blocks b join telemetry_streams t on t.key = b.stream
      where b.block_start + ${blockSlices}::bigint * t.slice_ms < ${now} - ${kept} limit ${limit}))`)
}
