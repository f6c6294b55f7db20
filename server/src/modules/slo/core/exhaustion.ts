// When the budget of a rolling window will be gone, or kept again. Old failures leave the window while new ones come,
// so the answer is stepped over the stored slices; period ÷ burn rate would ignore both what is already spent and what
// is about to be forgiven.
import { type Instant, plus } from '../../../kernel/instant.ts'
import { compare, divide, multiply, type Rational, rational, subtract } from '../../../kernel/rational.ts'
import { compareProducts } from './exact.ts'

export interface Pace {
  /** What comes in a number of slices, at the present rate: usually the sums of the one-hour window. */
  readonly spent: number
  readonly total: number
  readonly slices: number
}

/** The slices of a window, oldest first: what each spent and counted (nothing for a gap). */
export interface Spends {
  readonly spent: Float64Array
  readonly total: Float64Array
}

export interface RollingForecast {
  readonly slices: Spends
  readonly sliceMs: number
  readonly budget: Rational
  readonly end: Instant
  readonly pace: Pace
}

export type Exhaustion =
  /** No event in the window and none to come: a ratio of nothing. */
  | { readonly state: 'unknown' }
  | { readonly state: 'exhausted' }
  | { readonly state: 'exhausts'; readonly at: Instant; readonly inMs: number }
  /** At this pace never: after one whole window only the pace is left in it, and that is within budget. */
  | { readonly state: 'lasts' }

/** The first slice end at which spent > budget × total. */
export function forecastExhaustion(forecast: RollingForecast): Exhaustion {
  const at = stepUntil(forecast, (overspent) => overspent)
  if (at === null) return { state: forecast.pace.total === 0 && sumOf(forecast).total === 0 ? 'unknown' : 'lasts' }
  return at === 0 ? { state: 'exhausted' } : { state: 'exhausts', ...when(forecast, at) }
}

export type Recovery =
  | { readonly state: 'unknown' }
  | { readonly state: 'within' }
  | { readonly state: 'recovers'; readonly at: Instant; readonly inMs: number }
  /** The pace itself is above the budget. */
  | { readonly state: 'not-at-this-pace' }

/** When an overspent budget is kept again: with a pace of 0 spent, if nothing else fails. */
export function forecastRecovery(forecast: RollingForecast): Recovery {
  const { total } = sumOf(forecast)
  if (total === 0 && forecast.pace.total === 0) return { state: 'unknown' }
  const at = stepUntil(forecast, (overspent) => !overspent)
  if (at === null) return { state: 'not-at-this-pace' }
  return at === 0 ? { state: 'within' } : { state: 'recovers', ...when(forecast, at) }
}

const when = ({ end, sliceMs }: RollingForecast, steps: number) => ({
  at: plus(end, steps * sliceMs),
  inMs: steps * sliceMs,
})

function sumOf({ slices }: RollingForecast): { spent: number; total: number } {
  const sum = { spent: 0, total: 0 }
  for (let index = 0; index < slices.total.length; index += 1) {
    sum.spent += slices.spent[index] ?? 0
    sum.total += slices.total[index] ?? 0
  }
  return sum
}

/** Steps after which the condition first holds; one window ahead is enough, then nothing old is left. */
function stepUntil(forecast: RollingForecast, holds: (overspent: boolean) => boolean): number | null {
  const { slices, budget, pace } = forecast
  const [num, den] = [Number(budget.num), Number(budget.den)]
  let { spent, total } = sumOf(forecast)
  for (let step = 0; step <= slices.total.length; step += 1) {
    // Both sides times the slices of the pace, so that a part of an event to come stays exact.
    const [bad, all] = [spent * pace.slices + pace.spent * step, total * pace.slices + pace.total * step]
    if (holds(compareProducts(bad, den, all, num) > 0)) return step
    spent -= slices.spent[step] ?? 0
    total -= slices.total[step] ?? 0
  }
  return null
}

export type CalendarExhaustion =
  | { readonly state: 'exhausted' }
  | { readonly state: 'exhausts'; readonly inMs: Rational }
  | { readonly state: 'not-in-this-period' }

/** In a fixed period nothing leaves: the remaining budget over the rate it is spent at. */
export function forecastCalendar(period: {
  readonly allowed: Rational
  readonly spent: Rational
  readonly spentPerMs: Rational
  readonly msLeft: number
}): CalendarExhaustion {
  const remaining = subtract(period.allowed, period.spent)
  if (remaining.num <= 0n) return { state: 'exhausted' }
  if (compare(multiply(period.spentPerMs, rational(period.msLeft)), remaining) < 0)
    return { state: 'not-in-this-period' }
  return { state: 'exhausts', inMs: divide(remaining, period.spentPerMs) }
}
