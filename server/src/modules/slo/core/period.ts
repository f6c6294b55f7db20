// The budget of a calendar period. Slices are known beforehand, so a whole period has its budget from the first minute
// and it only shrinks. Events are not: their budget is that of the events so far, and beside it what it will be if the
// rest is as busy. The first can look spent after one early failure and recover; it is never estimated.
import { type Rational, rational } from '../../../kernel/rational.ts'
import { type Budget, budgetOf } from './budget.ts'
import { type CalendarExhaustion, forecastCalendar } from './exhaustion.ts'
import type { PeriodSum } from './ring.ts'
import type { SpendRule } from './spend.ts'

type Rule = Pick<SpendRule, 'unit' | 'byEvents'>

export function budgetOfPeriod(target: Rational, period: PeriodSum, { unit, byEvents }: Rule): Budget {
  const { sum, ahead } = period
  if (byEvents || sum.total === 0) return budgetOf(target, sum, unit)
  return budgetOf(target, { ...sum, total: sum.total + ahead * unit }, unit)
}

/** The same at the end of the period if the rest has as many events and no failure; for slices it is known already. */
export function projectedBudget(target: Rational, period: PeriodSum, rule: Rule): Budget {
  const { sum, ahead } = period
  if (!rule.byEvents || sum.measured === 0) return budgetOfPeriod(target, period, rule)
  const total = Math.round((sum.total * (sum.measured + ahead)) / sum.measured)
  return budgetOf(target, { ...sum, total }, rule.unit)
}

/** When it is gone at a pace of `spent` in `slices`. */
export function forecastPeriod(
  target: Rational,
  period: PeriodSum,
  rule: Rule,
  pace: { readonly spent: number; readonly lengthMs: number },
  sliceMs: number,
): CalendarExhaustion | null {
  const budget = projectedBudget(target, period, rule)
  if (budget.state !== 'measured') return null
  return forecastCalendar({
    allowed: budget.allowed,
    spent: budget.spent,
    spentPerMs: rational(pace.spent, rule.unit * pace.lengthMs),
    msLeft: period.ahead * sliceMs,
  })
}

/** Minutes of failure that are left: of the whole period when slices are counted, else of what is past of it. */
export function periodLengthMs({ sum, ahead }: PeriodSum, { byEvents }: Rule, sliceMs: number): number {
  return byEvents ? sum.lengthMs : sum.lengthMs + ahead * sliceMs
}
