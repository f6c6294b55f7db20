// What is known of one stretch of time: sums over its slices, and how much of it was measured.
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { type Rational, rational } from '../../../kernel/rational.ts'
import { type CountedSlice, type SpendRule, spendOf } from './spend.ts'

/** A closed union: calendar periods become a second kind, with their zone and the instants they begin at. */
export type ObjectiveWindow = { readonly kind: 'rolling'; readonly lengthMs: number }

export interface TimedSlice {
  readonly start: Instant
  readonly slice: CountedSlice
}

/** Everything the budget and the burn rate are computed from; all whole numbers. */
export interface WindowSum {
  readonly lengthMs: number
  /** The window is [end − lengthMs, end): it never runs ahead of the last closed slice. */
  readonly end: Instant
  /** In the units of the budgeting method. */
  readonly spent: number
  readonly total: number
  /** Events, whatever the method. */
  readonly good: number
  readonly bad: number
  /** Slices: closed with or without events / neither excluded nor before the beginning / before the beginning. */
  readonly measured: number
  readonly expected: number
  readonly unborn: number
}

export function windowBefore(end: Instant, lengthMs: number): Interval {
  return { start: plus(end, -lengthMs), end }
}

/** Measured ÷ expected; null when nothing was expected (all excluded, or before the beginning). */
export function coverage(sum: Pick<WindowSum, 'measured' | 'expected'>): Rational | null {
  return sum.expected === 0 ? null : rational(sum.measured, sum.expected)
}

/**
 * Sums slices the plain way: what the ring's running sums must equal, and what reports and what-ifs over stored slices
 * use. A slice that is not given counts as a gap, or as unborn before `born`.
 */
export function sumSlices(
  slices: Iterable<TimedSlice>,
  window: { readonly end: Instant; readonly lengthMs: number; readonly sliceMs: number },
  rule: SpendRule,
  born: Instant,
): WindowSum {
  const start = window.end - window.lengthMs
  const sum = { spent: 0, total: 0, good: 0, bad: 0, measured: 0, expected: 0, unborn: 0 }
  const given = new Map<number, CountedSlice>()
  for (const each of slices) if (each.start >= start && each.start < window.end) given.set(each.start, each.slice)
  for (let at = start; at < window.end; at += window.sliceMs) {
    const slice: CountedSlice | null = given.get(at) ?? (at < born ? null : { state: 'gap' })
    if (slice === null) sum.unborn += 1
    if (slice === null || slice.state === 'excluded') continue
    const { spent, total } = spendOf(rule, slice)
    sum.spent += spent
    sum.total += total
    sum.expected += 1
    if (slice.state !== 'gap') sum.measured += 1
    if (slice.state === 'closed') {
      sum.good += slice.good
      sum.bad += slice.bad
    } else if (slice.state === 'forgiven') sum.good += slice.good + slice.bad
  }
  return { ...sum, lengthMs: window.lengthMs, end: instant(window.end) }
}
