// Histograms as counted: explicit buckets (OTLP, classic Prometheus) and exponential ones (OTLP, native Prometheus).

export interface ExplicitHistogram {
  readonly kind: 'explicit'
  /** Upper edges, ascending; bucket i holds (bounds[i-1], bounds[i]], the last one everything above. */
  readonly bounds: readonly number[]
  /** One more than there are bounds. */
  readonly counts: readonly number[]
}

export interface ExponentialBuckets {
  /** Bucket `offset + i` holds (base^(offset+i), base^(offset+i+1)], base = 2^(2^-scale). */
  readonly offset: number
  readonly counts: readonly number[]
}

export interface ExponentialHistogram {
  readonly kind: 'exponential'
  readonly scale: number
  readonly zeroThreshold: number
  readonly zeroCount: number
  readonly positive: ExponentialBuckets
  readonly negative: ExponentialBuckets
}

export type HistogramValue = ExplicitHistogram | ExponentialHistogram

export function sumOf(counts: readonly number[]): number {
  let sum = 0
  for (let index = 0; index < counts.length; index += 1) sum += counts[index] ?? 0
  return sum
}

export function totalOf(value: HistogramValue): number {
  if (value.kind === 'explicit') return sumOf(value.counts)
  return value.zeroCount + sumOf(value.positive.counts) + sumOf(value.negative.counts)
}

/** Reads Prometheus' `le`: `1`, `1.0` and `1e0` are one edge; null when it is no number. */
export function parseEdge(le: string): number | null {
  if (/^\+?inf(inity)?$/i.test(le)) return Number.POSITIVE_INFINITY
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(le) ? Number(le) : null
}

export type ClassicFault = 'no-number' | 'no-infinity' | 'repeated-edge' | 'decreasing'

/** Builds a histogram from Prometheus' cumulative `_bucket` values, in any order. */
export function fromClassicBuckets(
  buckets: readonly { readonly le: string; readonly count: number }[],
): ExplicitHistogram | ClassicFault {
  const edges = buckets.map(({ le, count }) => ({ edge: parseEdge(le), count }))
  if (edges.some(({ edge }) => edge === null)) return 'no-number'
  const sorted = edges.map(({ edge, count }) => ({ edge: edge ?? 0, count })).sort((a, b) => a.edge - b.edge)
  if (sorted.at(-1)?.edge !== Number.POSITIVE_INFINITY) return 'no-infinity'
  const counts: number[] = []
  let [below, edgeBelow] = [0, Number.NEGATIVE_INFINITY]
  for (const { edge, count } of sorted) {
    if (edge === edgeBelow) return 'repeated-edge'
    if (count < below) return 'decreasing'
    counts.push(count - below)
    below = count
    edgeBelow = edge
  }
  return { kind: 'explicit', bounds: sorted.slice(0, -1).map(({ edge }) => edge), counts }
}

/**
 * The same histogram at a coarser scale: 2^(scale − to) neighbours become one bucket. Exact, because the coarser
 * edges are a subset of the finer ones.
 */
export function downscale(value: ExponentialHistogram, to: number): ExponentialHistogram {
  if (to >= value.scale) return value
  const width = 2 ** (value.scale - to)
  const coarser = ({ offset, counts }: ExponentialBuckets): ExponentialBuckets => {
    if (counts.length === 0) return { offset: 0, counts: [] }
    const first = Math.floor(offset / width)
    const merged = Array.from({ length: Math.floor((offset + counts.length - 1) / width) - first + 1 }, () => 0)
    for (const [index, count] of counts.entries()) {
      const into = Math.floor((offset + index) / width) - first
      merged[into] = (merged[into] ?? 0) + count
    }
    return { offset: first, counts: merged }
  }
  return { ...value, scale: to, positive: coarser(value.positive), negative: coarser(value.negative) }
}
