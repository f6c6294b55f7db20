// What one series added since its last reading. Simpler than what budgets are counted by (`../series.ts`): a reading older
// than the last one is left out and counted, because a chart of minutes does not need what arrives late.
import { minute } from '../../../../kernel/duration.ts'
import {
  downscale,
  type ExplicitHistogram,
  type ExponentialHistogram,
  type HistogramValue,
  totalOf,
} from '../histogram-model.ts'
import type { Temporality } from '../series.ts'

export type SignalValue = number | HistogramValue

export interface SignalReading {
  readonly at: number
  readonly startAt: number | null
  readonly temporality: Temporality
  readonly value: SignalValue
}

/** What is remembered of a series. */
export interface Kept {
  readonly at: number
  readonly startAt: number | null
  readonly value: SignalValue
}

export interface Known {
  /** Since when the service is listened to: a series that says it began later is counted from its beginning. */
  readonly since: number
  /** When its sender told last without it, where a sender tells all it has at once (a scrape). */
  readonly reportedAt: number | null
}

export type Growth =
  | { readonly state: 'grew'; readonly value: SignalValue; readonly from: number }
  /** Nothing can be said: the first reading, or buckets that do not compare. */
  | { readonly state: 'unknown' }
  /** Known already, or older than what is known. */
  | { readonly state: 'old' }

/** What happened in a longer silence happened at no known minute: it is left out, and the minutes are a gap. */
export const longestStretchMs = 5 * minute

export function growthOf(kept: Kept | null, reading: SignalReading, known: Known): Growth {
  const { at, startAt, value } = reading
  if (kept !== null && at <= kept.at) return { state: 'old' }
  if (reading.temporality === 'delta')
    return grew(value, startAt !== null && startAt < at ? Math.max(startAt, kept?.at ?? 0) : at - 1, at)
  if (kept === null) {
    if (startAt !== null && startAt >= known.since && startAt < at) return grew(value, startAt, at)
    if (known.reportedAt !== null && known.reportedAt < at) return grew(value, known.reportedAt, at)
    return { state: 'unknown' }
  }
  const restarted = startAt !== null && startAt > kept.at
  const difference = restarted ? 'reset' : differenceOf(kept.value, value)
  if (difference === 'incomparable') return { state: 'unknown' }
  return difference === 'reset' ? grew(value, restarted ? startAt : kept.at, at) : grew(difference, kept.at, at)
}

function grew(value: SignalValue, from: number, at: number): Growth {
  return at - from > longestStretchMs ? { state: 'unknown' } : { state: 'grew', value, from: Math.min(from, at - 1) }
}

function differenceOf(before: SignalValue, after: SignalValue): SignalValue | 'reset' | 'incomparable' {
  if (typeof before === 'number' || typeof after === 'number') {
    if (typeof before !== 'number' || typeof after !== 'number') return 'incomparable'
    return after < before ? 'reset' : after - before
  }
  if (before.kind === 'explicit') return after.kind === 'explicit' ? explicitOf(before, after) : 'incomparable'
  return after.kind === 'explicit' ? 'incomparable' : exponentialOf(before, after)
}

function explicitOf(before: ExplicitHistogram, after: ExplicitHistogram): ExplicitHistogram | 'reset' | 'incomparable' {
  const same =
    before.bounds.length === after.bounds.length && before.bounds.every((bound, index) => bound === after.bounds[index])
  if (!same) return 'incomparable'
  const counts = after.counts.map((count, index) => count - (before.counts[index] ?? 0))
  return counts.some((count) => count < 0) ? 'reset' : { ...after, counts }
}

function exponentialOf(before: ExponentialHistogram, after: ExponentialHistogram): ExponentialHistogram | 'reset' {
  if (totalOf(after) < totalOf(before)) return 'reset'
  const scale = Math.min(before.scale, after.scale)
  const [earlier, later] = [downscale(before, scale), downscale(after, scale)]
  const less = (a: ExponentialHistogram['positive'], b: ExponentialHistogram['positive']) =>
    b.counts.map((count, index) => count - (a.counts[b.offset + index - a.offset] ?? 0))
  const [positive, negative] = [less(earlier.positive, later.positive), less(earlier.negative, later.negative)]
  // A wider zero bucket takes in what stood in buckets before: fewer there is no restart then.
  const moved = after.zeroThreshold > before.zeroThreshold
  const zeroCount = Math.max(0, later.zeroCount - earlier.zeroCount)
  const counts = [...positive, ...negative, later.zeroCount - earlier.zeroCount]
  if (!moved && counts.some((count) => count < 0)) return 'reset'
  const clean = (list: readonly number[]) => list.map((count) => Math.max(0, count))
  return {
    ...later,
    zeroCount,
    positive: { ...later.positive, counts: clean(positive) },
    negative: { ...later.negative, counts: clean(negative) },
  }
}
