// Adds many histograms of one minute up in place: what merging them one by one gives, at a tenth of the work.
import { downscale, type HistogramValue } from '../histogram-model.ts'
import { finestScale, type Latency, latencyOf, mergeLatency, noLatency, type Unit } from './latency.ts'

interface SketchTally {
  readonly unit: Unit
  scale: number
  zero: number
  zeroMax: number
  /** Count at bucket `offset + i`. */
  offset: number
  counts: number[]
}

interface LayoutTally {
  readonly unit: Unit
  readonly bounds: readonly number[]
  readonly counts: number[]
}

/** Further apart than any clock reaches: such a value is merged on its own. */
const widest = 4_096

export class LatencyTally {
  readonly #sketches: SketchTally[] = []
  readonly #layouts: LayoutTally[] = []
  #rest: Latency = noLatency

  add(value: HistogramValue, unit: Unit): void {
    if (value.kind === 'explicit') {
      const found = this.#layouts.find((each) => each.unit === unit && sameBounds(each.bounds, value.bounds))
      if (found === undefined) this.#layouts.push({ unit, bounds: value.bounds, counts: [...value.counts] })
      else addCounts(found.counts, value.counts, 0)
      return
    }
    if (value.negative.counts.some((count) => count > 0) || !this.#addSketch(value, unit))
      this.#rest = mergeLatency(this.#rest, latencyOf(value, unit))
  }

  #addSketch(value: Extract<HistogramValue, { kind: 'exponential' }>, unit: Unit): boolean {
    const found = this.#sketches.find((each) => each.unit === unit)
    // Beyond the finest scale nothing is kept, so it need not be added up there.
    const scale = Math.min(value.scale, found?.scale ?? finestScale)
    const { positive, zeroCount, zeroThreshold } = downscale(value, scale)
    if (found === undefined) {
      if (positive.counts.length > widest) return false
      const { offset } = positive
      this.#sketches.push({
        unit,
        scale,
        zero: zeroCount,
        zeroMax: zeroThreshold,
        offset,
        counts: [...positive.counts],
      })
      return true
    }
    const own = coarser(found, scale)
    const first = positive.counts.length === 0 ? own.offset : Math.min(own.offset, positive.offset)
    const last = Math.max(own.offset + own.counts.length, positive.offset + positive.counts.length)
    if (own.counts.length > 0 && last - first > widest) return false
    const empty = own.counts.length === 0
    const offset = empty ? positive.offset : first
    const counts = empty ? [] : [...new Array<number>(own.offset - first).fill(0), ...own.counts]
    addCounts(counts, positive.counts, positive.offset - offset)
    found.scale = scale
    found.offset = offset
    found.counts = counts
    found.zero += zeroCount
    found.zeroMax = Math.max(found.zeroMax, zeroThreshold)
    return true
  }

  read(): Latency {
    const none = { offset: 0, counts: [] }
    let all = this.#rest
    for (const { unit, scale, zero, zeroMax, offset, counts } of this.#sketches) {
      const value = { kind: 'exponential', scale, zeroThreshold: zeroMax, zeroCount: zero, negative: none } as const
      all = mergeLatency(all, latencyOf({ ...value, positive: { offset, counts } }, unit))
    }
    for (const { unit, bounds, counts } of this.#layouts)
      all = mergeLatency(all, latencyOf({ kind: 'explicit', bounds, counts }, unit))
    return all
  }
}

function coarser({ scale, offset, counts }: SketchTally, to: number): { offset: number; counts: readonly number[] } {
  if (to >= scale) return { offset, counts }
  const none = { offset: 0, counts: [] }
  const value = { kind: 'exponential', scale, zeroThreshold: 0, zeroCount: 0, negative: none } as const
  return downscale({ ...value, positive: { offset, counts } }, to).positive
}

function addCounts(into: number[], counts: readonly number[], at: number): void {
  while (into.length < at + counts.length) into.push(0)
  for (let index = 0; index < counts.length; index += 1)
    into[at + index] = (into[at + index] ?? 0) + (counts[index] ?? 0)
}

const sameBounds = (a: readonly number[], b: readonly number[]): boolean =>
  a === b || (a.length === b.length && a.every((bound, index) => bound === b[index]))
