// A ring from stored blocks: each is laid down as it is, then every window is summed once. The same ring as one that
// lived through it all, in a hundredth of the time.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { areCounts } from '../../telemetry/core/index.ts'
import { chunkOf, chunkSlices, hasChunk, newPage, writePage } from './cells.ts'
import type { CoveredSlices } from './exclusion.ts'
import {
  type ChunkSum,
  cellStates,
  createRing,
  findPeriod,
  type Ring,
  type RingSpec,
  rebuildRing,
  resum,
  slicesOf,
} from './ring.ts'

/** The slices of one chunk; beginning where chunks begin. */
export interface StoredBlock {
  readonly first: number
  readonly measured: Uint8Array
  readonly good: Float64Array
  readonly bad: Float64Array
}

export interface RingLoad {
  /** In any order, each chunk once. */
  take(block: StoredBlock): void
  /** Call once, after everything was taken. */
  finish(): Ring
}

export function loadRing(spec: RingSpec, until: Instant, covered: readonly CoveredSlices[] = []): RingLoad {
  const ring = createRing(spec)
  const bornAt = Math.floor(spec.born / spec.sliceMs)
  ring.next = Math.max(bornAt, Math.floor(until / spec.sliceMs))
  const page = newPage()
  const whole = new Map<number, ChunkSum>()
  const { unborn, gap, closed } = cellStates
  const unmeasured = (number: number) => (number >= ring.next || number < bornAt ? unborn : gap)

  function exclude(first: number): void {
    for (const { from, to, mode } of covered) {
      const flag = mode === 'drop' ? cellStates.excluded : cellStates.forgiven
      const last = Math.min(to, first + chunkSlices, ring.next)
      for (let number = Math.max(from, first, ring.next - ring.capacity); number < last; number += 1)
        page.states[number - first] = (page.states[number - first] ?? unborn) | flag
    }
  }

  function take(block: StoredBlock): void {
    if (block.first % chunkSlices !== 0) throw new RangeError('A block begins where a chunk does.')
    if (block.first >= ring.next) return
    const { measured, good: goods, bad: bads } = block
    const sum = { good: 0, bad: 0 }
    let counted = 0
    const ended = Math.min(chunkSlices, ring.next - block.first)
    for (let place = 0; place < chunkSlices; place += 1) {
      const [good, bad] = [goods[place] ?? 0, bads[place] ?? 0]
      const counts = measured[place] === 1 && place < ended && areCounts(good, bad)
      page.states[place] = counts ? closed : unmeasured(block.first + place)
      page.good[place] = counts ? good : 0
      page.bad[place] = counts ? bad : 0
      if (!counts) continue
      counted += 1
      sum.good += good
      sum.bad += bad
    }
    if (counted === chunkSlices && covered.length === 0) whole.set(chunkOf(block.first), sum)
    exclude(block.first)
    writePage(ring.cells, chunkOf(block.first), page, ring.next - 1)
  }

  function finish(): Ring {
    for (let chunk = chunkOf(ring.next - ring.capacity); chunk <= chunkOf(ring.next - 1); chunk += 1) {
      if (hasChunk(ring.cells, chunk)) continue
      // What was never written reads as before the beginning.
      if (covered.length === 0 && (chunk + 1) * chunkSlices <= bornAt) continue
      for (let place = 0; place < chunkSlices; place += 1) page.states[place] = unmeasured(chunk * chunkSlices + place)
      page.good.fill(0)
      page.bad.fill(0)
      exclude(chunk * chunkSlices)
      writePage(ring.cells, chunk, page, ring.next - 1)
    }
    findPeriod(ring)
    resum(ring, whole)
    if (ring.sums.every((sum) => Number.isSafeInteger(sum))) return ring
    // Beyond 2^53: slice by slice, those are refused that no sum can hold.
    return rebuildRing(spec, slicesOf(ring), instant(ring.next * spec.sliceMs))
  }

  return { take, finish }
}
