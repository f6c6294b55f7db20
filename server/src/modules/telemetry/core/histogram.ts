// Latency from histograms: how many events took at most a threshold. When the threshold is no bucket edge the events
// of the bucket it falls into cannot be told apart: they count as too slow, and the bound is shown.
import type { Instant } from '../../../kernel/instant.ts'
import {
  downscale,
  type ExplicitHistogram,
  type ExponentialBuckets,
  type ExponentialHistogram,
  type HistogramValue,
  sumOf,
  totalOf,
} from './histogram-model.ts'
import {
  advance,
  dropCount,
  type Measure,
  mostFutureMs,
  openSeries,
  type Reading,
  type SeriesRules,
  type SeriesState,
  type SeriesStep,
} from './series.ts'
import { sliceEndingAt } from './slice.ts'

export type AtMost =
  | {
      readonly state: 'counted'
      /** Events surely within the threshold: the count up to `lowerEdge`. */
      readonly good: number
      /** Events possibly within it: the count up to `upperEdge`. Equal to `good` when the threshold is an edge. */
      readonly goodAtMost: number
      readonly total: number
      readonly lowerEdge: number
      readonly upperEdge: number
    }
  /** No edge at or below the threshold: every event would be called bad, whatever happened. */
  | { readonly state: 'refused'; readonly because: 'no-edge-below'; readonly lowestEdge: number }

export function countAtMost(value: HistogramValue, threshold: number): AtMost {
  return value.kind === 'explicit' ? explicitAtMost(value, threshold) : exponentialAtMost(value, threshold)
}

function explicitAtMost({ bounds, counts }: ExplicitHistogram, threshold: number): AtMost {
  let within = 0
  while (within < bounds.length && (bounds[within] ?? 0) <= threshold) within += 1
  const lowerEdge = bounds[within - 1]
  if (lowerEdge === undefined)
    return { state: 'refused', because: 'no-edge-below', lowestEdge: bounds[0] ?? Number.POSITIVE_INFINITY }
  let [good, total] = [0, 0]
  for (let index = 0; index < counts.length; index += 1) {
    total += counts[index] ?? 0
    if (index < within) good = total
  }
  const exact = lowerEdge === threshold
  return {
    state: 'counted',
    good,
    goodAtMost: exact ? good : good + (counts[within] ?? 0),
    total,
    lowerEdge,
    upperEdge: exact ? threshold : (bounds[within] ?? Number.POSITIVE_INFINITY),
  }
}

function exponentialAtMost(value: ExponentialHistogram, threshold: number): AtMost {
  const total = totalOf(value)
  if (threshold < 0) return { state: 'refused', because: 'no-edge-below', lowestEdge: 0 }
  const below = sumOf(value.negative.counts)
  if (threshold < value.zeroThreshold) {
    const edges = { lowerEdge: -value.zeroThreshold, upperEdge: value.zeroThreshold }
    return { state: 'counted', good: below, goodAtMost: below + value.zeroCount, total, ...edges }
  }
  const small = below + value.zeroCount
  if (threshold === 0) return { state: 'counted', good: small, goodAtMost: small, total, lowerEdge: 0, upperEdge: 0 }
  const { index, isEdge } = bucketOf(threshold, value.scale)
  const { offset, counts } = value.positive
  const whole = Math.min(Math.max(0, isEdge ? index + 1 - offset : index - offset), counts.length)
  const good = small + sumOf(counts.slice(0, whole))
  const partial = isEdge ? 0 : (counts[index - offset] ?? 0)
  return {
    state: 'counted',
    good,
    goodAtMost: good + partial,
    total,
    lowerEdge: isEdge ? threshold : edgeOf(index, value.scale),
    upperEdge: isEdge ? threshold : edgeOf(index + 1, value.scale),
  }
}

/** Lower edge of a bucket: base^index. The relative width of a bucket is base − 1, at scale 3 about 9 %. */
export function edgeOf(index: number, scale: number): number {
  return 2 ** (index * 2 ** -scale)
}

/** The bucket (base^i, base^(i+1)] that holds a positive value, and whether the value is its upper edge. */
export function bucketOf(value: number, scale: number): { readonly index: number; readonly isEdge: boolean } {
  // log2 may be off by a rounding step on either side of an edge; the edges themselves decide.
  let index = Math.ceil(Math.log2(value) * 2 ** scale) - 1
  while (edgeOf(index, scale) >= value) index -= 1
  while (edgeOf(index + 1, scale) < value) index += 1
  return { index, isEdge: edgeOf(index + 1, scale) === value }
}

/** The share of the total that the threshold leaves undecided; 0 when it is an edge. For display. */
export function undecided(result: AtMost): number {
  if (result.state === 'refused') return 1
  return result.total === 0 ? 0 : (result.goodAtMost - result.good) / result.total
}

export type HistogramReading = Reading<HistogramValue>
export type HistogramState = SeriesState<HistogramValue>

/** Kept for late readings: an exponential histogram is up to 160 buckets, so far fewer than of a counter. */
export const histogramKeep = 8

export function openHistogram(rules: SeriesRules): HistogramState {
  return openSeries<HistogramValue>({ ...rules, keep: Math.min(rules.keep, histogramKeep) })
}

/** The deltas hold two counts each: good (at most the threshold) and bad. */
export function advanceHistogram(
  state: HistogramState,
  reading: HistogramReading,
  threshold: number,
  now: Instant,
): SeriesStep<HistogramState> {
  if (!Number.isSafeInteger(totalOf(reading.value)))
    return { state, deltas: [], findings: [{ kind: 'too-large', at: reading.at }] }
  return advancePlainly(state, reading, threshold, now) ?? advanceInGeneral(state, reading, threshold, now)
}

/** Whatever comes; the usual case is told the same by `advancePlainly`, in a fraction of the time. */
export const advanceInGeneral = (
  state: HistogramState,
  reading: HistogramReading,
  threshold: number,
  now: Instant,
): SeriesStep<HistogramState> => advance(state, reading, atMost(threshold), now)

/** A reading behind the last one, cut at the same edge, of the same run of its process, and no fewer on either side; else null. */
function advancePlainly(
  { recent, rules, whole }: HistogramState,
  reading: HistogramReading,
  threshold: number,
  now: Instant,
): SeriesStep<HistogramState> | null {
  const { at, startAt, value } = reading
  const last = recent[recent.length - 1]
  if (last === undefined || rules.temporality !== 'cumulative' || at <= last.at || at > now + mostFutureMs) return null
  if (startAt !== last.startAt || (startAt !== null && startAt > last.at)) return null
  const before = last.value
  if (value.kind !== 'explicit' || before.kind !== 'explicit') return null
  const [edge = Number.POSITIVE_INFINITY] = value.bounds
  if (value.bounds.length !== 1 || before.bounds.length !== 1 || edge !== before.bounds[0] || edge > threshold)
    return null
  const good = (value.counts[0] ?? 0) - (before.counts[0] ?? 0)
  const bad = (value.counts[1] ?? 0) - (before.counts[1] ?? 0)
  const arrival = sliceEndingAt(at, rules.sliceMs)
  if (good < 0 || bad < 0 || (at - last.at > 2 * rules.intervalMs && last.at < arrival)) return null
  const kept = [...recent, reading]
  const drop = dropCount(kept, rules)
  return {
    state: { rules, recent: drop === 0 ? kept : kept.slice(drop), whole: whole && drop === 0 },
    deltas: good === 0 && bad === 0 ? nothing : [{ sliceStart: arrival, counts: [good, bad] }],
    findings: nothing,
  }
}

const nothing: readonly never[] = []

function atMost(threshold: number): Measure<HistogramValue> {
  return {
    whole: (value) => {
      const counted = countAtMost(value, threshold)
      return counted.state === 'refused' ? [0, 0] : [counted.good, counted.total - counted.good]
    },
    difference: (before, after) => difference(before, after, threshold),
    same: isSame,
  }
}

// By what it says, not as a text: a database gives its fields back in another order.
function isSame(a: HistogramValue, b: HistogramValue): boolean {
  if (a.kind === 'explicit')
    return b.kind === 'explicit' && isSameList(a.bounds, b.bounds) && isSameList(a.counts, b.counts)
  return (
    b.kind === 'exponential' &&
    a.scale === b.scale &&
    a.zeroThreshold === b.zeroThreshold &&
    a.zeroCount === b.zeroCount &&
    isSameSide(a.positive, b.positive) &&
    isSameSide(a.negative, b.negative)
  )
}

const isSameSide = (a: ExponentialBuckets, b: ExponentialBuckets): boolean =>
  a.offset === b.offset && isSameList(a.counts, b.counts)

const isSameList = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index])

/**
 * Good counts of two layouts compare only when they were cut at the same edge. Exponential histograms are brought to
 * the coarser scale first (a cumulative one coarsens as its range grows); explicit ones with a moved edge cannot be.
 */
function difference(
  before: HistogramValue,
  after: HistogramValue,
  threshold: number,
): readonly number[] | 'reset' | 'incomparable' {
  if (totalOf(after) < totalOf(before)) return 'reset'
  if (before.kind !== after.kind) return 'incomparable'
  const [earlier, later] = alike(before, after).map((value) => countAtMost(value, threshold))
  if (earlier?.state !== 'counted' || later?.state !== 'counted') return 'incomparable'
  if (earlier.lowerEdge !== later.lowerEdge) return 'incomparable'
  const [good, bad] = [later.good - earlier.good, later.total - later.good - (earlier.total - earlier.good)]
  return good < 0 || bad < 0 ? 'reset' : [good, bad]
}

function alike(before: HistogramValue, after: HistogramValue): readonly HistogramValue[] {
  if (before.kind === 'explicit' || after.kind === 'explicit') return [before, after]
  const scale = Math.min(before.scale, after.scale)
  return [downscale(before, scale), downscale(after, scale)]
}
