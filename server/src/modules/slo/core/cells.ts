// What a ring remembers of its slices, by number: in chunks of a day of minutes, packed to the bit as they are stored.
// Only the chunk that time is in is open; one that is corrected is opened and packed again. A month of minutes with
// 10,000 requests each takes just under 100 kB.
import { type Numbers, packColumns, packedNumber, unpackColumn } from '../../telemetry/core/index.ts'
import { type Column, columnOf, newColumn, readCell, writeCell } from './column.ts'
import type { Spend } from './spend.ts'

export const chunkSlices = 1_440

interface Open {
  readonly states: Uint8Array
  readonly good: Column
  readonly bad: Column
}

interface Chunk {
  readonly number: number
  packed: Uint8Array | null
  open: Open | null
  /** Of a packed one that somebody asked about. */
  sum: Spend | null
}

export interface Cells {
  readonly slots: (Chunk | null)[]
  opened: number
}

/** The columns of one chunk, plainly; the caller's, to be written anew. */
export interface Page {
  readonly states: Uint8Array
  readonly good: Float64Array
  readonly bad: Float64Array
}

export const newPage = (): Page => ({
  states: new Uint8Array(chunkSlices),
  good: new Float64Array(chunkSlices),
  bad: new Float64Array(chunkSlices),
})

const [iState, iGood, iBad] = [0, 1, 2] as const

export function newCells(capacity: number): Cells {
  return { slots: Array.from({ length: Math.ceil(capacity / chunkSlices) + 1 }, () => null), opened: 0 }
}

export const chunkOf = (number: number): number => Math.floor(number / chunkSlices)
// Numbers before the epoch would be negative remainders.
const slotOf = (cells: Cells, chunk: number): number => {
  const { length } = cells.slots
  return ((chunk % length) + length) % length
}
const placeOf = (number: number): number => number - chunkOf(number) * chunkSlices

function find(cells: Cells, chunk: number): Chunk | null {
  const found = cells.slots[slotOf(cells, chunk)] ?? null
  return found?.number === chunk ? found : null
}

export function hasChunk(cells: Cells, chunk: number): boolean {
  return find(cells, chunk) !== null
}

/** What a chunk adds up to, made once while it stays packed. */
export function sumOfPacked(cells: Cells, chunk: number, make: () => Spend): Spend {
  const found = find(cells, chunk)
  if (found?.packed == null) return make()
  found.sum ??= make()
  return found.sum
}

/** 0 for what was never written. */
export function readState(cells: Cells, number: number): number {
  const chunk = find(cells, chunkOf(number))
  if (chunk === null) return 0
  if (chunk.open !== null) return chunk.open.states[placeOf(number)] ?? 0
  return chunk.packed === null ? 0 : packedNumber(chunk.packed, iState, placeOf(number))
}

export function readCounts(cells: Cells, number: number): { good: number; bad: number } {
  const chunk = find(cells, chunkOf(number))
  const place = placeOf(number)
  if (chunk === null) return { good: 0, bad: 0 }
  if (chunk.open !== null) return { good: readCell(chunk.open.good, place), bad: readCell(chunk.open.bad, place) }
  if (chunk.packed === null) return { good: 0, bad: 0 }
  return { good: packedNumber(chunk.packed, iGood, place), bad: packedNumber(chunk.packed, iBad, place) }
}

export function writeNumber(
  cells: Cells,
  number: number,
  cell: { readonly state: number; readonly good: number; readonly bad: number },
): void {
  const open = openChunk(cells, chunkOf(number))
  const place = placeOf(number)
  open.states[place] = cell.state
  writeCell(open.good, place, cell.good)
  writeCell(open.bad, place, cell.bad)
}

function openChunk(cells: Cells, number: number): Open {
  const found = find(cells, number)
  if (found?.open != null) return found.open
  const open: Open = {
    states: new Uint8Array(chunkSlices),
    good: newColumn(chunkSlices),
    bad: newColumn(chunkSlices),
  }
  const left = cells.slots[slotOf(cells, number)]
  if (left?.open != null) cells.opened -= 1
  if (found?.packed != null) {
    const page = newPage()
    unpack(found.packed, page)
    fill(open, page)
  }
  cells.slots[slotOf(cells, number)] = { number, packed: null, open, sum: null }
  cells.opened += 1
  return open
}

function fill(open: Open, page: Page): void {
  open.states.set(page.states)
  open.good.cells = columnOf(page.good).cells
  open.bad.cells = columnOf(page.bad).cells
}

function unpack(packed: Uint8Array, page: Page): void {
  unpackColumn(packed, iState, page.states)
  unpackColumn(packed, iGood, page.good)
  unpackColumn(packed, iBad, page.bad)
}

/** Packs every open chunk but the one that time is in. */
export function seal(cells: Cells, head: number): void {
  for (const chunk of cells.slots) {
    if (chunk?.open == null || chunk.number === chunkOf(head)) continue
    const { states, good, bad } = chunk.open
    chunk.packed = packColumns([states, Float64Array.from(good.cells), Float64Array.from(bad.cells)])
    chunk.open = null
    cells.opened -= 1
  }
}

export function readPage(cells: Cells, chunk: number, into: Page): void {
  const found = find(cells, chunk)
  if (found?.open != null) {
    into.states.set(found.open.states)
    into.good.set(found.open.good.cells)
    into.bad.set(found.open.bad.cells)
  } else if (found?.packed != null) unpack(found.packed, into)
  else for (const column of [into.states, into.good, into.bad]) column.fill(0)
}

/** Lays down a whole chunk: open when time is in it, else packed. */
export function writePage(cells: Cells, chunk: number, page: Page, head: number): void {
  if (chunk === chunkOf(head)) {
    fill(openChunk(cells, chunk), page)
    return
  }
  const columns: Numbers[] = [page.states, page.good, page.bad]
  cells.slots[slotOf(cells, chunk)] = { number: chunk, packed: packColumns(columns), open: null, sum: null }
}

/** Bytes that the numbers take, for whoever watches the limit. */
export function bytesOf(cells: Cells): number {
  let bytes = 0
  for (const chunk of cells.slots) {
    bytes += chunk?.packed?.byteLength ?? 0
    if (chunk?.open == null) continue
    bytes += chunk.open.states.byteLength + chunk.open.good.cells.byteLength + chunk.open.bad.cells.byteLength
  }
  return bytes
}
