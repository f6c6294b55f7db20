// Burn-rate arithmetic as exact fractions: what definitions, previews and explanations are computed with. The hot path
// (judge.ts) compares the same quantities as integers; a property test holds the two together.
import { compare, divide, multiply, type Rational, rational, subtract } from '../../../kernel/rational.ts'

/** 1 spends the budget exactly over the period; 14.4 spends 2 % of a 30-day budget in one hour. Null: no events. */
export function burnRate(spent: number, total: number, budget: Rational): Rational | null {
  return total === 0 ? null : divide(rational(spent, total), budget)
}

/** With everything failing. A threshold at or above it can never be passed. */
export function fastestBurn(budget: Rational): Rational {
  return divide(rational(1), budget)
}

/** Share of the period's budget spent in a window at a burn rate, if traffic is constant. */
export function shareSpent(burn: Rational, windowMs: number, periodMs: number): Rational {
  return multiply(burn, rational(windowMs, periodMs))
}

/** The burn rate that spends a share of the period's budget in a window. */
export function burnForShare(share: Rational, windowMs: number, periodMs: number): Rational {
  return multiply(share, rational(periodMs, windowMs))
}

/** The share really spent, whatever the traffic: bad events of the window ÷ the period's allowed bad events. */
export function trafficWeightedShare(badInWindow: number, eventsInPeriod: number, budget: Rational): Rational | null {
  return eventsInPeriod === 0 ? null : divide(rational(badInWindow), multiply(budget, rational(eventsInPeriod)))
}

/** When a window that was clean passes the threshold after errors begin at a constant ratio; null: never. */
export function detectionMs(
  windowMs: number,
  threshold: Rational,
  budget: Rational,
  errorRatio: Rational,
): Rational | null {
  const needed = multiply(threshold, budget)
  return compare(errorRatio, needed) > 0 ? multiply(rational(windowMs), divide(needed, errorRatio)) : null
}

/** When a window falls to the threshold after errors end, whatever they lasted; null: it was never above. */
export function resetMs(
  windowMs: number,
  threshold: Rational,
  budget: Rational,
  errorRatio: Rational,
): Rational | null {
  const needed = multiply(threshold, budget)
  if (compare(errorRatio, needed) <= 0) return null
  return multiply(rational(windowMs), subtract(rational(1), divide(needed, errorRatio)))
}

/** How long a whole budget lasts at a constant burn: a pace, not a forecast (see exhaustion.ts). */
export function lastsMs(periodMs: number, burn: Rational): Rational | null {
  return burn.num <= 0n ? null : divide(rational(periodMs), burn)
}

/** Below this many events in a window, `failures` bad ones alone pass the threshold. */
export function eventsForFailures(failures: number, threshold: Rational, budget: Rational): Rational {
  return divide(rational(failures), multiply(threshold, budget))
}

/**
 * How long a source may be silent before that is worth an alert: as long as a total outage needs to pass the fastest
 * tier, plus what the source usually takes, in whole minutes.
 */
export function absenceDelayMs(
  fastest: { threshold: Rational; longMs: number },
  budget: Rational,
  usualDelayMs: number,
): number {
  const exact = multiply(multiply(fastest.threshold, budget), rational(fastest.longMs))
  const ms = Number((exact.num * 2n + exact.den) / (exact.den * 2n)) + usualDelayMs
  return Math.max(1, Math.round(ms / 60_000)) * 60_000
}
