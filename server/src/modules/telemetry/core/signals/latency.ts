// How long requests took, as something that can be added up: per service and minute, over hosts, minutes and hours, in any
// order, with the same result. Percentiles come out as a range that surely holds the exact one.
//
// Exponential histograms stay what they are, at a scale of at most `finestScale`; when their values span more than
// `mostBuckets` buckets, two neighbours become one. Explicit ones stay apart by their edges, because counts of different
// edges cannot be added. Everything that is dropped is counted, and makes the range wider, never narrower.
import type { ExplicitHistogram, ExponentialHistogram, HistogramValue } from '../histogram-model.ts'

/** Bucket edges are 2^(2^-5) = 1.0219 apart: a percentile is off by at most 1.08 %. */
export const finestScale = 5
/** At the finest scale these span a factor of 1,024 from the fastest to the slowest. */
export const mostBuckets = 320
/** Different sets of explicit edges in one minute; events of more are counted, and their percentile is not known. */
export const mostLayouts = 4

/** One unit for each sketch: turning milliseconds into seconds would move every edge. */
export const units = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const
export type Unit = keyof typeof units

export interface Sketch {
  readonly unit: Unit
  readonly scale: number
  /** Events of at most `zeroMax`, in the unit. */
  readonly zero: number
  readonly zeroMax: number
  /** Bucket i holds (base^i, base^(i+1)], base = 2^(2^-scale). Ascending, no zeros. */
  readonly buckets: readonly (readonly [index: number, count: number])[]
}

export interface Layout {
  /** Upper edges in seconds, ascending. */
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

export interface Latency {
  /** By unit. */
  readonly sketches: readonly Sketch[]
  /** By edges: the first ones of that order are kept, so that every order of merging keeps the same. */
  readonly layouts: readonly Layout[]
  /** Events of layouts beyond the limit. */
  readonly unplaced: number
}

export const noLatency: Latency = { sketches: [], layouts: [], unplaced: 0 }

export function latencyOf(value: HistogramValue, unit: Unit): Latency {
  if (value.kind === 'explicit') return { ...noLatency, layouts: [layoutOf(value, unit)] }
  return { ...noLatency, sketches: [sketchOf(value, unit)] }
}

// Divided, not multiplied by 0.001: 5 ms is then the very number 0.005.
const perSecond: Readonly<Record<Unit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 }

function layoutOf({ bounds, counts }: ExplicitHistogram, unit: Unit): Layout {
  return { bounds: bounds.map((bound) => bound / perSecond[unit]), counts }
}

function sketchOf(value: ExponentialHistogram, unit: Unit): Sketch {
  const { scale, zeroCount, zeroThreshold, positive, negative } = value
  // Nothing takes less than no time: a clock that went back made these.
  const zero = zeroCount + negative.counts.reduce((all, count) => all + count, 0)
  const buckets = positive.counts.flatMap((count, index) =>
    count === 0 ? [] : [[positive.offset + index, count] as const],
  )
  return settled({ unit, scale, zero, zeroMax: zeroThreshold, buckets })
}

function settled(sketch: Sketch): Sketch {
  const { scale, buckets } = sketch
  let to = Math.min(scale, finestScale)
  const [first, last] = [buckets[0]?.[0] ?? 0, buckets.at(-1)?.[0] ?? 0]
  const at = (index: number) => Math.floor(index / 2 ** (scale - to))
  while (at(last) - at(first) >= mostBuckets) to -= 1
  return coarsen(sketch, to)
}

function coarsen(sketch: Sketch, to: number): Sketch {
  if (to >= sketch.scale) return sketch
  const width = 2 ** (sketch.scale - to)
  return {
    ...sketch,
    scale: to,
    buckets: sum(sketch.buckets.map(([index, count]) => [Math.floor(index / width), count])),
  }
}

function sum(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const all = new Map<number, number>()
  for (const [index, count] of pairs) all.set(index, (all.get(index) ?? 0) + count)
  return [...all].sort(([a], [b]) => a - b)
}

function mergeSketches(a: Sketch, b: Sketch): Sketch {
  const scale = Math.min(a.scale, b.scale)
  return settled({
    unit: a.unit,
    scale,
    zero: a.zero + b.zero,
    zeroMax: Math.max(a.zeroMax, b.zeroMax),
    buckets: sum([...coarsen(a, scale).buckets, ...coarsen(b, scale).buckets]),
  })
}

const unitOrder: readonly Unit[] = ['ns', 'us', 'ms', 's']
const compareBounds = (a: readonly number[], b: readonly number[]): number => {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
const total = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

/** Associative and commutative: an hour is the same whichever way its minutes were added. */
export function mergeLatency(a: Latency, b: Latency): Latency {
  const sketches = unitOrder.flatMap((unit) => {
    const [left, right] = [a, b].map((each) => each.sketches.find((sketch) => sketch.unit === unit))
    if (left === undefined || right === undefined) return [left, right].filter((each) => each !== undefined)
    return [mergeSketches(left, right)]
  })
  const layouts: Layout[] = []
  for (const layout of [...a.layouts, ...b.layouts].sort((x, y) => compareBounds(x.bounds, y.bounds))) {
    const last = layouts.at(-1)
    if (last !== undefined && compareBounds(last.bounds, layout.bounds) === 0)
      layouts[layouts.length - 1] = {
        bounds: last.bounds,
        counts: last.counts.map((count, index) => count + (layout.counts[index] ?? 0)),
      }
    else layouts.push(layout)
  }
  const dropped = layouts.slice(mostLayouts).reduce((all, layout) => all + total(layout.counts), 0)
  return { sketches, layouts: layouts.slice(0, mostLayouts), unplaced: a.unplaced + b.unplaced + dropped }
}

export function countOf({ sketches, layouts, unplaced }: Latency): number {
  const inSketches = sketches.reduce((all, each) => all + each.zero + total(each.buckets.map(([, count]) => count)), 0)
  return inSketches + layouts.reduce((all, each) => all + total(each.counts), 0) + unplaced
}

export interface Percentile {
  /** The exact percentile is above or at this, in seconds. */
  readonly low: number
  /** It is at most this; null when its bucket has no upper edge. */
  readonly high: number | null
  /** The value that is off by the smallest share at worst; null when there is no upper edge. */
  readonly seconds: number | null
  /** |seconds − exact| ≤ error × exact; null when there is no upper edge. 1 when the bucket begins at 0. */
  readonly error: number | null
}

/** Nearest rank: the smallest value that at least the share `q` of events does not exceed. Null without events. */
export function percentile(latency: Latency, q: number): Percentile | null {
  const spans = spansOf(latency)
  const all = spans.reduce((sumOf, span) => sumOf + span.count, 0)
  if (all === 0) return null
  const rank = Math.max(1, Math.ceil(q * all))
  // Were every event at the lower end of its bucket, and were every event at the upper one: the exact one lies between.
  const low = ranked(spans, rank, (span) => span.low)
  const high = ranked(spans, rank, (span) => span.high)
  if (!Number.isFinite(high)) return { low, high: null, seconds: null, error: null }
  if (low === 0) return { low, high, seconds: high / 2, error: 1 }
  return { low, high, seconds: (2 * low * high) / (low + high), error: (high - low) / (high + low) }
}

interface SpanOfTime {
  readonly low: number
  readonly high: number
  readonly count: number
}

function ranked(spans: readonly SpanOfTime[], rank: number, edge: (span: SpanOfTime) => number): number {
  let seen = 0
  for (const span of [...spans].sort((a, b) => edge(a) - edge(b))) {
    seen += span.count
    if (seen >= rank) return edge(span)
  }
  return Number.POSITIVE_INFINITY
}

function spansOf({ sketches, layouts, unplaced }: Latency): readonly SpanOfTime[] {
  const spans: SpanOfTime[] = []
  for (const { unit, scale, zero, zeroMax, buckets } of sketches) {
    const edge = (index: number) => 2 ** (index * 2 ** -scale) / perSecond[unit]
    if (zero > 0) spans.push({ low: 0, high: zeroMax / perSecond[unit], count: zero })
    for (const [index, count] of buckets) spans.push({ low: edge(index), high: edge(index + 1), count })
  }
  for (const { bounds, counts } of layouts)
    for (const [index, count] of counts.entries())
      if (count > 0)
        spans.push({
          low: Math.max(0, bounds[index - 1] ?? 0),
          high: Math.max(0, bounds[index] ?? Number.POSITIVE_INFINITY),
          count,
        })
  if (unplaced > 0) spans.push({ low: 0, high: Number.POSITIVE_INFINITY, count: unplaced })
  return spans
}
