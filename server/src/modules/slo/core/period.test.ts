import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { compare, rational, toNumber } from '../../../kernel/rational.ts'
import { periodAt } from './calendar.ts'
import { budgetOfPeriod, forecastPeriod, projectedBudget } from './period.ts'
import { createRing, type PeriodSum, periodOf, putSlice, type Ring, takeFinished } from './ring.ts'
import { type Budgeting, compileSpend } from './spend.ts'

const sum = { lengthMs: 0, end: instant(0), spent: 0, total: 0, good: 0, bad: 0, measured: 0, expected: 0, unborn: 0 }
const interval = { start: instant(0), end: instant(7 * 86_400_000) }
const events = compileSpend({ method: 'occurrences' })
const slices = compileSpend({ method: 'timeslices', sliceTarget: rational(9, 10), gaps: 'exclude', emptyIsGood: true })
const share = (budget: ReturnType<typeof budgetOfPeriod>) =>
  budget.state === 'measured' ? toNumber(budget.remainingShare) : budget.state

// R10, R11.
test.each([
  {
    says: 'one early failure overspends to date',
    rule: events,
    spent: 1,
    total: 100,
    ahead: 99,
    toDate: -9,
    projected: 0.9,
  },
  { says: 'events of a whole period', rule: events, spent: 3, total: 10_000, ahead: 0, toDate: 0.7, projected: 0.7 },
  {
    says: 'one bad slice of a week of five minutes',
    rule: slices,
    spent: 1,
    total: 1,
    ahead: 2_015,
    toDate: 1 - 1 / 2.016,
    projected: 1 - 1 / 2.016,
  },
  { says: 'nothing measured', rule: slices, spent: 0, total: 0, ahead: 10, toDate: 'no-data', projected: 'no-data' },
])('$says', ({ rule, spent, total, ahead, toDate, projected }) => {
  const measured = rule === events ? Math.min(total, 1) : total
  const period: PeriodSum = {
    interval,
    sum: { ...sum, spent, total, measured, expected: measured },
    ahead: rule === events && ahead > 0 ? 99 : ahead,
  }
  const target = rational(999, 1000)
  for (const [found, wanted] of [
    [share(budgetOfPeriod(target, period, rule)), toDate],
    [share(projectedBudget(target, period, rule)), projected],
  ])
    if (typeof wanted === 'number') expect(found).toBeCloseTo(wanted, 9)
    else expect(found).toBe(wanted)
})

// R13.
test.each([
  { says: 'exhausted', spent: 3, ahead: 1_000, pace: 0, state: 'exhausted' },
  { says: 'two are allowed, one is lost in a hundred', spent: 0, ahead: 1_900, pace: 1, state: 'exhausts' },
  { says: 'not in this period', spent: 0, ahead: 150, pace: 0, state: 'not-in-this-period' },
])('forecast: $says', ({ spent, ahead, pace, state }) => {
  const period: PeriodSum = { interval, sum: { ...sum, spent, total: 100, measured: 100, expected: 100 }, ahead }
  const found = forecastPeriod(rational(999, 1000), period, slices, { spent: pace, lengthMs: 100 * minute }, minute)
  expect(found?.state).toBe(state)
  if (found?.state === 'exhausts') expect(toNumber(found.inMs)).toBe(2 * 100 * minute)
})

const daily = (zone: string) => ({
  longestMs: 27 * 60 * minute,
  periodAt: (at: ReturnType<typeof instant>) =>
    periodAt({ count: 1, unit: 'd', startTime: '2026-01-01 00:00:00', timeZone: zone }, at),
})
const ringOf = (budgeting: Budgeting, from: number): Ring =>
  createRing({
    sliceMs: 10 * minute,
    windows: [60 * minute],
    rule: compileSpend(budgeting),
    born: instant(from),
    calendar: daily('Europe/Vienna'),
  })

// C7: within a period, a budget of slices never grows.
test('what is left of a period of slices only shrinks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ good: fc.nat(9), bad: fc.nat(3) }), { minLength: 2, maxLength: 130 }),
      (counts) => {
        const from = Date.parse('2026-03-28T23:00:00Z')
        const ring = ringOf(
          { method: 'timeslices', sliceTarget: rational(9, 10), gaps: 'exclude', emptyIsGood: true },
          from,
        )
        let left = null
        for (const [index, each] of counts.entries()) {
          putSlice(ring, instant(from + index * 10 * minute), { state: 'closed', ...each })
          const period = periodOf(ring)
          if (period === null) throw new Error('no period')
          const budget = budgetOfPeriod(rational(95, 100), period, ring.spec.rule)
          if (budget.state !== 'measured') throw new Error(budget.state)
          if (left !== null) expect(compare(budget.remainingShare, left)).toBeLessThanOrEqual(0)
          left = budget.remainingShare
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('a day of 23 hours ends after 138 slices, and the next begins with nothing spent', () => {
  const from = Date.parse('2026-03-28T23:00:00Z')
  const ring = ringOf({ method: 'occurrences' }, from)
  for (let index = 0; index < 139; index += 1)
    putSlice(ring, instant(from + index * 10 * minute), { state: 'closed', good: 9, bad: 1 })
  const [ended] = takeFinished(ring)
  expect(ended?.sum).toMatchObject({ good: 9 * 138, bad: 138, measured: 138, lengthMs: 23 * 60 * minute })
  expect(periodOf(ring)).toMatchObject({ sum: { good: 9, bad: 1 }, ahead: 143 })
})
