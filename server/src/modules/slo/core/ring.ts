// The running sums of one objective. Closing a slice adds it to every window and takes out the one that leaves; a
// correction, late data or an exclusion is the difference of one slice, before and after. So a step costs O(windows)
// whatever their length, and the sums equal the plain sums over the slices at any time.
//
// The only mutable state of the engine, kept in memory (cells.ts says how much) and read back from stored slices.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { areCounts } from '../../telemetry/core/index.ts'
import {
  type Cells,
  chunkOf,
  chunkSlices,
  hasChunk,
  newCells,
  newPage,
  readCounts,
  readPage,
  readState,
  seal,
  sumOfPacked,
  writeNumber,
} from './cells.ts'
import { blockOf, type SpendBlock, type Spends } from './exhaustion.ts'
import { type CountedSlice, type SpendRule, spendOf } from './spend.ts'
import type { TimedSlice, WindowSum } from './window.ts'

export interface RingSpec {
  readonly sliceMs: number
  /** Each a whole number of slices. Sums are read in this order. */
  readonly windows: readonly number[]
  readonly rule: SpendRule
  /** The first slice that is expected to be measured; earlier ones are unknown, not missing. */
  readonly born: Instant
  /** Periods that begin anew, beside the windows that roll. */
  readonly calendar?: { readonly longestMs: number; readonly periodAt: (at: Instant) => Interval }
}

interface Period {
  readonly interval: Interval
  /** Its slices: those that begin in it. */
  readonly from: number
  readonly to: number
  /** False when its beginning was not lived through. */
  readonly whole: boolean
}

export interface Ring {
  readonly spec: RingSpec
  readonly capacity: number
  /** Number of the next slice to close; slices are numbered from the epoch. */
  next: number
  readonly cells: Cells
  /** Of each window; then, with a calendar, of the period. */
  readonly sums: Float64Array
  period: Period | null
  /** Periods that ended since somebody last took them. */
  readonly finished: PeriodSum[]
}

export interface PeriodSum {
  readonly interval: Interval
  readonly sum: WindowSum
  /** Slices that are still to come. */
  readonly ahead: number
}

/** States of a cell; the last two are laid over what was measured, so that lifting an exclusion restores it. */
export const cellStates = { unborn: 0, gap: 1, closed: 2, excluded: 4, forgiven: 8 } as const
const { unborn, gap, closed, excluded, forgiven } = cellStates
const overlays = excluded | forgiven

// Fields of a running sum.
const fields = 7
const [iSpent, iTotal, iGood, iBad, iMeasured, iExpected, iUnborn] = [0, 1, 2, 3, 4, 5, 6] as const

/** At most a year of minutes: the limit of what one objective may hold in memory. */
export const mostSlices = 366 * 24 * 60 + 180

export function createRing(spec: RingSpec): Ring {
  const periodSlices = Math.ceil((spec.calendar?.longestMs ?? 0) / spec.sliceMs)
  const capacity = Math.max(1, periodSlices, ...spec.windows.map((length) => length / spec.sliceMs))
  if (!spec.windows.every((length) => length > 0 && length % spec.sliceMs === 0) || capacity > mostSlices)
    throw new RangeError(`Windows must be whole numbers of slices, at most ${mostSlices}.`)
  const ring: Ring = {
    spec,
    capacity,
    next: Math.floor(spec.born / spec.sliceMs),
    cells: newCells(capacity),
    sums: new Float64Array((spec.windows.length + (spec.calendar === undefined ? 0 : 1)) * fields),
    period: null,
    finished: [],
  }
  beginPeriod(ring, true)
  for (const [window, length] of spec.windows.entries()) ring.sums[window * fields + iUnborn] = length / spec.sliceMs
  return ring
}

/** Up to where the ring is closed: the instant its windows end at. */
export function closedUntil(ring: Ring): Instant {
  return instant(ring.next * ring.spec.sliceMs)
}

export type RingStep =
  | 'applied'
  /** Left the longest window already: stored slices change, running sums do not. */
  | 'too-old'
  | 'not-closed'
  /** Not whole, negative after the change, or beyond 2^53. */
  | 'not-counts'

/** Closes the next slice, or a later one: those between were not measured. An earlier one is replaced. */
export function putSlice(ring: Ring, start: Instant, slice: CountedSlice): RingStep {
  const [good, bad] = slice.state === 'closed' || slice.state === 'forgiven' ? [slice.good, slice.bad] : [0, 0]
  if (!areCounts(good, bad) || start % ring.spec.sliceMs !== 0) return 'not-counts'
  const number = start / ring.spec.sliceMs
  if (number < ring.next - ring.capacity) return 'too-old'
  if (number < ring.next) {
    const before = readState(ring.cells, number)
    if (slice.state === 'excluded') return excludeSlice(ring, start, 'drop')
    if (slice.state === 'forgiven' && good + bad === 0) return excludeSlice(ring, start, 'good')
    // An exclusion outlives new data under it: only lifting it brings the slice back.
    return change(ring, number, stateOf(slice) | (before & overlays), good, bad)
  }
  skipTo(ring, number)
  if (!fits(ring, good, bad)) return 'not-counts'
  push(ring, stateOf(slice), good, bad)
  return 'applied'
}

/** Adds to a closed slice: late data, or a correction when negative. A gap that receives events was measured. */
export function addToSlice(
  ring: Ring,
  start: Instant,
  added: { readonly good: number; readonly bad: number },
): RingStep {
  const number = start / ring.spec.sliceMs
  if (number >= ring.next) return 'not-closed'
  if (number < ring.next - ring.capacity) return 'too-old'
  if (!Number.isInteger(number)) return 'not-counts'
  const held = readCounts(ring.cells, number)
  const [good, bad] = [held.good + added.good, held.bad + added.bad]
  if (!areCounts(good, bad)) return 'not-counts'
  const state = readState(ring.cells, number)
  const measured = good + bad > 0 ? closed | (state & overlays) : state
  return change(ring, number, measured, good, bad)
}

/** How an excluded slice counts: not at all, or as if all had gone well. */
export type ExclusionMode = 'drop' | 'good'

/** Takes a slice out of the objective, forgives its failures, or (null) brings back what was measured. */
export function excludeSlice(ring: Ring, start: Instant, mode: ExclusionMode | null): RingStep {
  const number = start / ring.spec.sliceMs
  if (number >= ring.next) return 'not-closed'
  if (number < ring.next - ring.capacity) return 'too-old'
  if (!Number.isInteger(number)) return 'not-counts'
  const state = readState(ring.cells, number) & ~overlays
  const { good, bad } = readCounts(ring.cells, number)
  return change(ring, number, state | (mode === null ? 0 : mode === 'drop' ? excluded : forgiven), good, bad)
}

export function excludedAs(ring: Ring, start: Instant): ExclusionMode | null {
  const state = readState(ring.cells, start / ring.spec.sliceMs)
  return (state & excluded) !== 0 ? 'drop' : (state & forgiven) !== 0 ? 'good' : null
}

/** Closes everything before `until` that is still open as not measured: time passes without data, too. */
export function advanceTo(ring: Ring, until: Instant): void {
  skipTo(ring, Math.floor(until / ring.spec.sliceMs))
}

export function sumOfWindow(ring: Ring, window: number): WindowSum {
  const { sums } = ring
  const at = window * fields
  return {
    lengthMs: ring.spec.windows[window] ?? 0,
    end: closedUntil(ring),
    spent: sums[at + iSpent] ?? 0,
    total: sums[at + iTotal] ?? 0,
    good: sums[at + iGood] ?? 0,
    bad: sums[at + iBad] ?? 0,
    measured: sums[at + iMeasured] ?? 0,
    expected: sums[at + iExpected] ?? 0,
    unborn: sums[at + iUnborn] ?? 0,
  }
}

/** The period that the newest slice lies in; null without a calendar. */
export function periodOf(ring: Ring): PeriodSum | null {
  const { period, spec, next } = ring
  if (period === null) return null
  const sum = { ...sumOfWindow(ring, spec.windows.length), lengthMs: Math.max(0, next - period.from) * spec.sliceMs }
  return { interval: period.interval, sum, ahead: Math.max(0, period.to - next) }
}

export function takeFinished(ring: Ring): readonly PeriodSum[] {
  return ring.finished.splice(0)
}

export function sumsOf(ring: Ring): WindowSum[] {
  return ring.spec.windows.map((_, window) => sumOfWindow(ring, window))
}

/** The slices of the longest window, oldest first; those before the beginning are left out. */
export function* slicesOf(ring: Ring): Generator<TimedSlice> {
  const page = newPage()
  let held: number | null = null
  for (let number = ring.next - ring.capacity; number < ring.next; number += 1) {
    const chunk = chunkOf(number)
    if (chunk !== held) readPage(ring.cells, chunk, page)
    held = chunk
    const place = number - chunk * chunkSlices
    const state = page.states[place] ?? unborn
    if (state === unborn) continue
    const counts = { good: page.good[place] ?? 0, bad: page.bad[place] ?? 0 }
    yield { start: instant(number * ring.spec.sliceMs), slice: sliceOf(state, counts) }
  }
}

/** What the newest slices spent, oldest first, in blocks; nothing for what was before the beginning. O(blocks), and two of them are read. */
export function spendBlocksOf(ring: Ring, slices: number): readonly SpendBlock[] {
  const blocks: SpendBlock[] = []
  for (let from = ring.next - slices; from < ring.next; ) {
    const chunk = chunkOf(from)
    const to = Math.min(ring.next, (chunk + 1) * chunkSlices)
    blocks.push(blockBetween(ring, chunk, from, to))
    from = to
  }
  return blocks
}

function blockBetween(ring: Ring, chunk: number, from: number, to: number): SpendBlock {
  const slices = to - from
  const read = () => spendsBetween(ring, chunk, from, to)
  if (!hasChunk(ring.cells, chunk)) return { slices, spent: 0, total: 0, read }
  if (slices < chunkSlices) return blockOf(read())
  const sum = sumOfPacked(ring.cells, chunk, () => {
    const { spent, total } = blockOf(read())
    return { spent, total }
  })
  return { slices, ...sum, read }
}

// Written anew by each reading, and read before anything else runs.
const scratch = newPage()

function spendsBetween(ring: Ring, chunk: number, from: number, to: number): Spends {
  const [spent, total, page] = [new Float64Array(to - from), new Float64Array(to - from), scratch]
  const { rule } = ring.spec
  readPage(ring.cells, chunk, page)
  for (let index = 0; index < to - from; index += 1) {
    const place = from + index - chunk * chunkSlices
    const state = page.states[place] ?? unborn
    if (state === unborn) continue
    const [good, bad] = [page.good[place] ?? 0, page.bad[place] ?? 0]
    const spend = state === closed ? rule.closed(good, bad) : spendOf(rule, sliceOf(state, { good, bad }))
    spent[index] = spend.spent
    total[index] = spend.total
  }
  return { spent, total }
}

/** Packs what corrections opened. */
export function settle(ring: Ring): void {
  if (ring.cells.opened > 1) seal(ring.cells, ring.next - 1)
}

/** After a restart or a changed definition. Slices in order of time; what is missing between them is a gap. */
export function rebuildRing(spec: RingSpec, slices: Iterable<TimedSlice>, until: Instant): Ring {
  const ring = createRing(spec)
  const first = Math.floor(until / spec.sliceMs) - ring.capacity
  // Everything the windows reach is then pushed below, so nothing of what came before counts as unborn.
  if (first > ring.next) {
    ring.next = first
    beginPeriod(ring, false)
  }
  for (const { start, slice } of slices)
    if (start / spec.sliceMs < Math.floor(until / spec.sliceMs)) putSlice(ring, start, slice)
  advanceTo(ring, until)
  return ring
}

function stateOf(slice: CountedSlice): number {
  if (slice.state === 'gap') return gap
  if (slice.state === 'excluded') return gap | excluded
  if (slice.state !== 'forgiven') return closed
  return (slice.good + slice.bad === 0 ? gap : closed) | forgiven
}

function sliceOf(state: number, { good, bad }: { good: number; bad: number }): CountedSlice {
  if ((state & excluded) !== 0) return { state: 'excluded' }
  if ((state & forgiven) !== 0) return { state: 'forgiven', good, bad }
  if ((state & closed) === 0) return { state: 'gap' }
  return good + bad === 0 ? { state: 'closed-empty' } : { state: 'closed', good, bad }
}

// The longest window bounds all others.
function fits(ring: Ring, good: number, bad: number): boolean {
  for (let at = 0; at < ring.sums.length; at += fields)
    if (!Number.isSafeInteger((ring.sums[at + iGood] ?? 0) + (ring.sums[at + iBad] ?? 0) + good + bad)) return false
  return true
}

function skipTo(ring: Ring, number: number): void {
  const missing = number - ring.next
  if (missing > ring.capacity) {
    // Nothing of before is left in any window: only the gaps are.
    ring.next = number - ring.capacity
    ring.sums.fill(0)
    for (const [window, length] of ring.spec.windows.entries())
      ring.sums[window * fields + iUnborn] = length / ring.spec.sliceMs
    ring.cells.slots.fill(null)
    ring.cells.opened = 0
    beginPeriod(ring, false)
  }
  while (ring.next < number) push(ring, gap, 0, 0)
}

/** The period of the next slice; what of it is past was not lived through, and counts as before the beginning. */
function beginPeriod(ring: Ring, whole: boolean): void {
  const { spec, next, sums } = ring
  if (spec.calendar === undefined) return
  const interval = spec.calendar.periodAt(instant(next * spec.sliceMs))
  const [from, to] = [Math.ceil(interval.start / spec.sliceMs), Math.ceil(interval.end / spec.sliceMs)]
  ring.period = { interval, from, to, whole }
  const at = spec.windows.length * fields
  sums.fill(0, at, at + fields)
  sums[at + iUnborn] = Math.max(0, next - from)
}

function push(ring: Ring, state: number, good: number, bad: number): void {
  const { spec, next, cells } = ring
  if (ring.period !== null && next >= ring.period.to) {
    const ended = periodOf(ring)
    if (ended !== null && ring.period.whole) ring.finished.push(ended)
    beginPeriod(ring, true)
  }
  for (const [window, length] of spec.windows.entries()) addCell(ring, window, next - length / spec.sliceMs, -1)
  if (next % chunkSlices === 0) seal(cells, next)
  writeNumber(cells, next, { state, good, bad })
  for (let window = 0; window < spec.windows.length; window += 1) addCell(ring, window, next, 1)
  if (ring.period !== null) addCell(ring, spec.windows.length, next, 1)
  ring.next = next + 1
}

function change(ring: Ring, number: number, state: number, good: number, bad: number): RingStep {
  const before = readCounts(ring.cells, number)
  if (!fits(ring, good - before.good, bad - before.bad)) return 'not-counts'
  const age = (ring.next - number) * ring.spec.sliceMs
  for (const [window, length] of ring.spec.windows.entries()) if (age <= length) addCell(ring, window, number, -1)
  const inPeriod = ring.period !== null && number >= ring.period.from
  if (inPeriod) addCell(ring, ring.spec.windows.length, number, -1)
  writeNumber(ring.cells, number, { state, good, bad })
  for (const [window, length] of ring.spec.windows.entries()) if (age <= length) addCell(ring, window, number, 1)
  if (inPeriod) addCell(ring, ring.spec.windows.length, number, 1)
  return 'applied'
}

function addCell(ring: Ring, window: number, number: number, sign: 1 | -1): void {
  const { sums, spec } = ring
  const state = readState(ring.cells, number)
  const { good, bad } = (state & closed) !== 0 ? readCounts(ring.cells, number) : nothing
  addTo(sums, window * fields, { state, good, bad, sign, rule: spec.rule })
}

const nothing = { good: 0, bad: 0 }

/** What one cell is worth in a running sum: the only place that says so. */
function addTo(
  sums: Float64Array,
  at: number,
  cell: {
    readonly state: number
    readonly good: number
    readonly bad: number
    readonly sign: 1 | -1
    readonly rule: SpendRule
  },
): void {
  const { state, sign, rule } = cell
  if (state === unborn) {
    sums[at + iUnborn] = (sums[at + iUnborn] ?? 0) + sign
    return
  }
  if ((state & excluded) !== 0) return
  sums[at + iExpected] = (sums[at + iExpected] ?? 0) + sign
  const forgives = (state & forgiven) !== 0
  let spend = forgives ? rule.forgiven : rule.gap
  if ((state & closed) !== 0) {
    const [good, bad] = forgives ? [cell.good + cell.bad, 0] : [cell.good, cell.bad]
    if (!forgives || good > 0) spend = rule.closed(good, bad)
    sums[at + iGood] = (sums[at + iGood] ?? 0) + sign * good
    sums[at + iBad] = (sums[at + iBad] ?? 0) + sign * bad
  }
  if (forgives || (state & closed) !== 0) sums[at + iMeasured] = (sums[at + iMeasured] ?? 0) + sign
  sums[at + iSpent] = (sums[at + iSpent] ?? 0) + sign * spend.spent
  sums[at + iTotal] = (sums[at + iTotal] ?? 0) + sign * spend.total
}

/** Begins the period of the newest slice, as whoever lived until now is in it. */
export function findPeriod(ring: Ring): void {
  const { next } = ring
  ring.next = Math.max(Math.floor(ring.spec.born / ring.spec.sliceMs), next - 1)
  beginPeriod(ring, true)
  ring.next = next
}

export interface ChunkSum {
  readonly good: number
  readonly bad: number
}

const noSums: ReadonlyMap<number, ChunkSum> = new Map()

/**
 * All sums anew from the cells, in one pass from the newest back: each window is the one before it and some more. Chunks
 * in which every slice is closed may come with their sums: they are unpacked only where a window begins in them.
 */
export function resum(ring: Ring, whole: ReadonlyMap<number, ChunkSum> = noSums): void {
  const { spec, sums, cells, next } = ring
  const inPeriod = ring.period === null ? 0 : next - ring.period.from
  const lengths = [
    ...spec.windows.map((length, window) => ({ slices: length / spec.sliceMs, at: window * fields })),
    ...(inPeriod > 0 ? [{ slices: inPeriod, at: spec.windows.length * fields }] : []),
  ].sort((a, b) => a.slices - b.slices)
  const sum = new Float64Array(fields)
  const page = newPage()
  const cell: { state: number; good: number; bad: number; readonly sign: 1; readonly rule: SpendRule } = {
    state: unborn,
    good: 0,
    bad: 0,
    sign: 1,
    rule: spec.rule,
  }
  const { byEvents } = spec.rule
  // The usual cells in plain variables: tens of millions of them when a thousand objectives are read back.
  let [goods, bads, measured] = [0, 0, 0]
  let [window, number, held] = [0, next - 1, Number.NaN]
  for (let slices = 1; slices <= ring.capacity; slices += 1, number -= 1) {
    const chunk = chunkOf(number)
    const place = number - chunk * chunkSlices
    const last = slices + chunkSlices - 1
    const known = byEvents && place === chunkSlices - 1 ? whole.get(chunk) : undefined
    if (known !== undefined && last <= Math.min(ring.capacity, lengths[window]?.slices ?? last)) {
      goods += known.good
      bads += known.bad
      measured += chunkSlices
      slices = last
      number -= chunkSlices - 1
    } else if (chunk !== held && !hasChunk(cells, chunk)) {
      // Never written: before the beginning.
      const more = Math.min(place, ring.capacity - slices, (lengths[window]?.slices ?? ring.capacity) - slices)
      sum[iUnborn] = (sum[iUnborn] ?? 0) + more + 1
      slices += more
      number -= more
    } else {
      if (chunk !== held) readPage(cells, chunk, page)
      held = chunk
      const state = page.states[place] ?? unborn
      if (byEvents && state === closed) {
        goods += page.good[place] ?? 0
        bads += page.bad[place] ?? 0
        measured += 1
      } else {
        cell.state = state
        cell.good = page.good[place] ?? 0
        cell.bad = page.bad[place] ?? 0
        addTo(sum, 0, cell)
      }
    }
    while (window < lengths.length && lengths[window]?.slices === slices) {
      const at = lengths[window]?.at ?? 0
      sums.set(sum, at)
      for (const [field, more] of usual(goods, bads, measured)) sums[at + field] = (sums[at + field] ?? 0) + more
      window += 1
    }
  }
}

const usual = (good: number, bad: number, slices: number): readonly (readonly [number, number])[] => [
  [iSpent, bad],
  [iTotal, good + bad],
  [iGood, good],
  [iBad, bad],
  [iMeasured, slices],
  [iExpected, slices],
]
