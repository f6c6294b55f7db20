// How a slice spends budget. Every method comes down to two whole numbers for each slice, `spent` and `total`, so that
// windows are sums of integers and one comparison serves all three: spent / total against 1 − target.
import { compare, type Rational, rational } from '../../../kernel/rational.ts'
import type { Slice } from '../../telemetry/core/index.ts'
import { compareProducts } from './exact.ts'

export const gapPolicies = ['exclude', 'bad', 'good'] as const
/** What a slice that was not measured counts for. Only the slice methods can count it: a gap has no events. */
export type GapPolicy = (typeof gapPolicies)[number]

export type Budgeting =
  /** Every event counts the same. */
  | { readonly method: 'occurrences' }
  /** A slice is good when at least `sliceTarget` of its events are (for a target of 0: when any is). */
  | {
      readonly method: 'timeslices'
      readonly sliceTarget: Rational
      readonly gaps: GapPolicy
      readonly emptyIsGood: boolean
    }
  /** Every slice counts the same, and spends the share of its events that failed. */
  | { readonly method: 'ratio-timeslices'; readonly gaps: GapPolicy; readonly emptyIsGood: boolean }

/**
 * Ratio-timeslices measure a slice to a billionth, rounded against the service. Integers make window sums exact and
 * independent of order; exact fractions would need a common denominator of all slice totals, thousands of digits.
 * A 90-day window of minutes sums to at most 1.3 × 10^14, below 2^53.
 */
export const ratioUnit = 1_000_000_000

export interface Spend {
  readonly spent: number
  readonly total: number
}

/** A slice as an objective counts it: what was measured, or what an exclusion made of it. */
export type CountedSlice =
  | Slice
  /** Treated as good, whatever happened in it. */
  | { readonly state: 'forgiven'; readonly good: number; readonly bad: number }

const nothing: Spend = { spent: 0, total: 0 }

/** One slice in units of `total`: events, slices, or billionths of a slice. */
export function unitOf(budgeting: Budgeting): number {
  return budgeting.method === 'ratio-timeslices' ? ratioUnit : 1
}

/** Compiled once for an objective; called once for each slice that closes, leaves a window or is corrected. */
export interface SpendRule {
  readonly unit: number
  /** Spends what failed of what happened: sums need not ask for each slice. */
  readonly byEvents: boolean
  closed(good: number, bad: number): Spend
  readonly gap: Spend
  /** A slice without events that is treated as good. */
  readonly forgiven: Spend
}

export function compileSpend(budgeting: Budgeting): SpendRule {
  if (budgeting.method === 'occurrences')
    return {
      unit: 1,
      byEvents: true,
      gap: nothing,
      forgiven: nothing,
      closed: (good, bad) => ({ spent: bad, total: good + bad }),
    }
  const unit = unitOf(budgeting)
  const [whole, lost]: readonly Spend[] = [
    { spent: 0, total: unit },
    { spent: unit, total: unit },
  ]
  const empty = budgeting.emptyIsGood ? (whole ?? nothing) : nothing
  const gap = budgeting.gaps === 'exclude' ? nothing : ((budgeting.gaps === 'bad' ? lost : whole) ?? nothing)
  if (budgeting.method === 'ratio-timeslices')
    return {
      unit,
      byEvents: false,
      gap,
      forgiven: whole ?? nothing,
      closed: (good, bad) => (good + bad === 0 ? empty : { spent: lostShare(bad, good + bad), total: unit }),
    }
  const isGood = sliceVerdict(budgeting.sliceTarget)
  return {
    unit,
    byEvents: false,
    gap,
    forgiven: whole ?? nothing,
    closed: (good, bad) => (good + bad === 0 ? empty : { spent: isGood(good, good + bad) ? 0 : unit, total: unit }),
  }
}

function sliceVerdict(target: Rational): (good: number, total: number) => boolean {
  if (compare(target, rational(0)) === 0) return (good) => good > 0
  const [num, den] = [Number(target.num), Number(target.den)]
  return (good, total) => compareProducts(good, den, total, num) >= 0
}

// ⌈bad × 10^9 / total⌉
function lostShare(bad: number, total: number): number {
  const product = bad * ratioUnit
  if (Number.isSafeInteger(product)) return Math.floor(product / total) + (product % total === 0 ? 0 : 1)
  const exact = BigInt(bad) * BigInt(ratioUnit)
  return Number((exact + BigInt(total) - 1n) / BigInt(total))
}

export function spendOf(rule: SpendRule, slice: CountedSlice): Spend {
  switch (slice.state) {
    case 'closed':
      return rule.closed(slice.good, slice.bad)
    case 'closed-empty':
      return rule.closed(0, 0)
    case 'gap':
      return rule.gap
    case 'forgiven':
      return slice.good + slice.bad === 0 ? rule.forgiven : rule.closed(slice.good + slice.bad, 0)
    case 'excluded':
      return nothing
  }
}
