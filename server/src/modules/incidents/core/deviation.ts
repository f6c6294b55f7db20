// How far a measured series left what it usually is, and how seldom it did that before: robust against a reference that
// holds old failures and heavy tails, one-sided (faster and fewer errors is no failure). Pure; O(n log n) of the samples.

import { type Instant, plus } from '../../../kernel/instant.ts'
import { contains, type Interval } from '../../../kernel/interval.ts'

/**
 * In their units: latency in seconds; errors, slow (requests over a limit) and saturation as ratios 0 to 1; traffic in
 * requests per second.
 */
export type Measured = 'latency' | 'slow' | 'errors' | 'traffic' | 'saturation'

export interface Sample {
  readonly at: Instant
  readonly value: number
}

export interface MeasuredSeries {
  readonly service: string
  /** Set when it is of the calls of `service` to this one, as seen by one of the two. */
  readonly calls: { readonly callee: string; readonly seenBy: 'caller' | 'callee' } | null
  readonly measured: Measured
  /** In the words of whoever measures: "p99 latency", "CPU". Series of the same words are compared with each other. */
  readonly words: string
  readonly samples: readonly Sample[]
}

export interface Deviation {
  readonly series: MeasuredSeries
  /** In spreads of the reference: 0 is as usual. */
  readonly score: number
  readonly usual: number
  /** What it was at its worst moments: the mean of the two highest (traffic: lowest), one alone is half noise. */
  readonly level: number
  /** The first sample that was as far off as makes a difference. */
  readonly since: Instant
}

export interface DeviationRules {
  /** Fewer samples than this are no reference. */
  readonly leastReference: number
  /** Spreads from the usual that make a difference. */
  readonly leastScore: number
  /** How often a window like this one would look so by itself, by what the reference shows; above it is chance. */
  readonly mostByChance: number
}

export const deviationRules: DeviationRules = { leastReference: 10, leastScore: 3, mostByChance: 0.1 }

// What nobody calls a difference, as a part of the usual and in the unit of what is measured.
const floors: Readonly<Record<Measured, { readonly part: number; readonly least: number }>> = {
  latency: { part: 0.05, least: 0.0005 },
  slow: { part: 0.05, least: 0.001 },
  errors: { part: 0.05, least: 0.001 },
  saturation: { part: 0.05, least: 0.01 },
  traffic: { part: 0.1, least: 0.01 },
}

/** Standard deviations of a normal distribution at its 75th and 95th percentile. */
const [z75, z95] = [0.6745, 1.645]

/** Null when it is as usual, or when too little is known to say. */
export function deviationOf(
  series: MeasuredSeries,
  reference: readonly Interval[],
  window: Interval,
  rules: DeviationRules = deviationRules,
): Deviation | null {
  const sign = series.measured === 'traffic' ? -1 : 1
  const known = series.samples.filter((each) => Number.isFinite(each.value))
  const inOrder = known
    .filter(({ at }) => reference.some((each) => contains(each, at)))
    .map((each) => each.value * sign)
  const before = [...inOrder].sort((a, b) => a - b)
  const within = known.filter(({ at }) => contains(window, at))
  if (before.length < rules.leastReference || within.length === 0) return null
  const usual = quantile(before, 0.5)
  const floor = floors[series.measured]
  const spread = Math.max(
    quantile(
      before.map((value) => Math.abs(value - usual)).sort((a, b) => a - b),
      0.5,
    ) / z75,
    (quantile(before, 0.95) - usual) / z95,
    floor.part * Math.abs(usual),
    floor.least,
  )
  const scores = within.map((each) => ({ at: each.at, score: (each.value * sign - usual) / spread }))
  const highest = scores.map((each) => each.score).sort((a, b) => b - a)
  const worst = highest[0] ?? 0
  const score = highest.length === 1 ? worst : (worst + (highest[1] ?? 0)) / 2
  if (score < rules.leastScore) return null
  const seenBefore = timesAtLeast(inOrder, usual + worst * spread)
  if ((within.length * (seenBefore + 1)) / (before.length + 1) > rules.mostByChance) return null
  const since = scores.find((each) => each.score >= Math.min(rules.leastScore, worst))?.at ?? plus(window.start, 0)
  return { series, score, usual: usual * sign, level: (usual + score * spread) * sign, since }
}

/** Of sorted values, linear between the neighbours. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)] ?? 0
  const high = sorted[Math.ceil(place)] ?? low
  return low + (high - low) * (place - Math.floor(place))
}

/** How many times values in the order of time rose to this: an hour above it is once. */
function timesAtLeast(values: readonly number[], least: number): number {
  return values.filter((value, place) => value >= least && (values[place - 1] ?? Number.NEGATIVE_INFINITY) < least)
    .length
}
