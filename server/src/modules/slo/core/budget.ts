// The error budget of a window: what was allowed, what was spent, what remains. Exact, signed, never clamped: −75 %
// and −4,000 % call for different answers. Nothing measured and nothing happened are states of their own.
import { compare, divide, multiply, type Rational, rational, subtract, toNumber } from '../../../kernel/rational.ts'
import type { WindowSum } from './window.ts'

const one = rational(1)

/** 1 − target: 1/1000 for 0.999. Never 0: an objective without budget is refused when it is declared. */
export function budgetFraction(target: Rational): Rational {
  return subtract(one, target)
}

export type Budget =
  /** No slice of the window was measured: neither good nor bad can be said. */
  | { readonly state: 'no-data' }
  /** Measured, but nothing happened (or no slice could be judged): a ratio of nothing is undefined. */
  | { readonly state: 'no-events' }
  | {
      readonly state: 'measured'
      /** The indicator: good ÷ total in the units of the method. */
      readonly indicator: Rational
      /** Budget of the window in events or slices; `allowedWhole` is its floor, for display. */
      readonly allowed: Rational
      readonly allowedWhole: bigint
      readonly spent: Rational
      /** Share of the budget that is spent, and its complement; below 0 when overspent. */
      readonly spentShare: Rational
      readonly remainingShare: Rational
      readonly met: boolean
    }

export function budgetOf(target: Rational, sum: WindowSum, unit = 1): Budget {
  if (sum.total === 0) return { state: sum.measured === 0 ? 'no-data' : 'no-events' }
  const allowed = multiply(budgetFraction(target), rational(sum.total, unit))
  const spent = rational(sum.spent, unit)
  const spentShare = divide(spent, allowed)
  return {
    state: 'measured',
    indicator: rational(sum.total - sum.spent, sum.total),
    allowed,
    allowedWhole: allowed.num / allowed.den,
    spent,
    spentShare,
    remainingShare: subtract(one, spentShare),
    met: compare(spentShare, one) <= 0,
  }
}

/** Minutes of failure that are left, for a method that counts slices or, by the window's mean traffic, events. */
export function remainingMs(budget: Budget, target: Rational, lengthMs: number): number | null {
  if (budget.state !== 'measured') return null
  return toNumber(multiply(budget.remainingShare, multiply(budgetFraction(target), rational(lengthMs))))
}

export type VolumeAdvice =
  | { readonly verdict: 'enough'; readonly allowedBad: Rational }
  /** Fewer than 10 failures are allowed: each one is more than a tenth of the budget. */
  | { readonly verdict: 'thin'; readonly allowedBad: Rational; readonly oneFailureSpends: Rational }
  /** One failure breaks the objective. */
  | { readonly verdict: 'impossible'; readonly allowedBad: Rational; readonly oneFailureSpends: Rational | null }

/** Whether a target can be held at all with so many events in its window. */
export function adviseVolume(target: Rational, eventsInWindow: number): VolumeAdvice {
  const allowedBad = multiply(budgetFraction(target), rational(eventsInWindow))
  if (compare(allowedBad, rational(10)) >= 0) return { verdict: 'enough', allowedBad }
  const oneFailureSpends = allowedBad.num === 0n ? null : divide(one, allowedBad)
  if (oneFailureSpends === null || compare(allowedBad, one) < 0)
    return { verdict: 'impossible', allowedBad, oneFailureSpends }
  return { verdict: 'thin', allowedBad, oneFailureSpends }
}
