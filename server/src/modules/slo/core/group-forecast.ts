// When the budget of one group will be gone, or kept again: the same steps over its own slices as for the whole.
import type { Instant } from '../../../kernel/instant.ts'
import type { Rational } from '../../../kernel/rational.ts'
import { compareProducts } from './exact.ts'
import { blockOf, forecastExhaustion, forecastRecovery, type RollingForecast } from './exhaustion.ts'

export interface GroupWindow {
  /** What its slices spent and counted, by their first instant; a slice without its events is missing. */
  readonly slices: ReadonlyMap<number, { readonly spent: number; readonly total: number }>
  readonly windowMs: number
  /** The pace is what comes in so long. */
  readonly paceMs: number
  readonly sliceMs: number
  readonly end: Instant
  readonly budget: Rational
}

export type GroupForecast =
  | { readonly state: 'unknown' | 'lasts' | 'not-at-this-pace' }
  | { readonly state: 'exhausts' | 'recovers'; readonly at: Instant }

/**
 * `exhausts`: at the present pace. `recovers`: it is overspent, and kept again if nothing else fails.
 * O(slices of the window).
 */
export function forecastGroup(window: GroupWindow): GroupForecast {
  const { slices, sliceMs, end, budget, windowMs, paceMs } = window
  const count = windowMs / sliceMs
  const spends = { spent: new Float64Array(count), total: new Float64Array(count) }
  const [all, pace] = [
    { spent: 0, total: 0 },
    { spent: 0, total: 0 },
  ]
  for (const [start, { spent, total }] of slices) {
    const place = (start - (end - windowMs)) / sliceMs
    if (place < 0 || place >= count) continue
    spends.spent[place] = spent
    spends.total[place] = total
    for (const sum of start >= end - paceMs ? [all, pace] : [all]) {
      sum.spent += spent
      sum.total += total
    }
  }
  if (all.total === 0) return { state: 'unknown' }
  const order: RollingForecast = {
    blocks: [blockOf(spends)],
    sliceMs,
    budget,
    end,
    pace: { spent: pace.spent, total: pace.total, slices: paceMs / sliceMs },
  }
  if (compareProducts(all.spent, Number(budget.den), all.total, Number(budget.num)) > 0) {
    const recovery = forecastRecovery({ ...order, pace: { ...order.pace, spent: 0 } })
    return recovery.state === 'recovers' ? { state: 'recovers', at: recovery.at } : { state: 'not-at-this-pace' }
  }
  const exhaustion = forecastExhaustion(order)
  return exhaustion.state === 'exhausts' ? { state: 'exhausts', at: exhaustion.at } : { state: 'lasts' }
}
