// When the budget of a rolling window will be gone, or kept again. Old failures leave the window while new ones come,
// so the answer is stepped over the stored slices; period ÷ burn rate would ignore both what is already spent and what
// is about to be forgiven.
import { type Instant, plus } from '../../../kernel/instant.ts'
import { compare, divide, multiply, type Rational, rational, subtract } from '../../../kernel/rational.ts'
import { compareProducts } from './exact.ts'
import type { Spend } from './spend.ts'

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

/** Consecutive slices whose sums are known, so that those in which nothing can turn are never read. */
export interface SpendBlock {
  readonly slices: number
  readonly spent: number
  readonly total: number
  read(): Spends
}

export interface RollingForecast {
  /** All slices of the window, oldest first. */
  readonly blocks: readonly SpendBlock[]
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
  const at = stepUntil(forecast, true)
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
  const at = stepUntil(forecast, false)
  if (at === null) return { state: 'not-at-this-pace' }
  return at === 0 ? { state: 'within' } : { state: 'recovers', ...when(forecast, at) }
}

const when = ({ end, sliceMs }: RollingForecast, steps: number) => ({
  at: plus(end, steps * sliceMs),
  inMs: steps * sliceMs,
})

function sumOf({ blocks }: RollingForecast): Spend {
  const sum = { spent: 0, total: 0 }
  for (const block of blocks) {
    sum.spent += block.spent
    sum.total += block.total
  }
  return sum
}

/** Slices as one block. */
export function blockOf(spends: Spends): SpendBlock {
  const sum = { spent: 0, total: 0 }
  for (let index = 0; index < spends.total.length; index += 1) {
    sum.spent += spends.spent[index] ?? 0
    sum.total += spends.total[index] ?? 0
  }
  return { slices: spends.total.length, ...sum, read: () => spends }
}

/**
 * Steps after which the window is overspent, or is not; one window ahead is enough, then nothing old is left. Only blocks in which
 * it may turn are read: O(blocks), and the slices of a few of them.
 */
function stepUntil(forecast: RollingForecast, overspent: boolean): number | null {
  const { blocks, budget, pace } = forecast
  const [num, den] = [Number(budget.num), Number(budget.den)]
  // Both sides times the slices of the pace, so that a part of an event to come stays exact.
  const isOver = (spent: number, step: number, total: number, otherStep: number): boolean =>
    compareProducts(spent * pace.slices + pace.spent * step, den, total * pace.slices + pace.total * otherStep, num) > 0
  // What is left of the window.
  let { spent, total } = sumOf(forecast)
  let step = 0
  for (const block of blocks) {
    const [last, lessSpent, lessTotal] = [step + block.slices - 1, spent - block.spent, total - block.total]
    // The most that can be spent of the least that can be counted, or the other way round: if even that does not turn it, no step does.
    const mayTurn = overspent ? isOver(spent, last, lessTotal, step) : !isOver(lessSpent, step, total, last)
    if (mayTurn) {
      const slices = block.read()
      for (let index = 0; index < block.slices; index += 1) {
        if (isOver(spent, step + index, total, step + index) === overspent) return step + index
        spent -= slices.spent[index] ?? 0
        total -= slices.total[index] ?? 0
      }
    } else [spent, total] = [lessSpent, lessTotal]
    step += block.slices
  }
  return isOver(spent, step, total, step) === overspent ? step : null
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
