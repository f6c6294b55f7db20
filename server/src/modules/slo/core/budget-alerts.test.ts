import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { rational } from '../../../kernel/rational.ts'
import { type BudgetReading, stepBudgetAlerts } from './budget-alerts.ts'

const alerts = {
  remaining: [rational(50, 100), rational(20, 100)],
  drop: { share: rational(10, 100), withinMs: day },
  exhaustsWithinMs: 3 * day,
}
const now = instant(Date.UTC(2026, 2, 1))
const read = (remaining: number | null, more: Partial<BudgetReading> = {}): BudgetReading => ({
  now,
  remaining: remaining === null ? null : rational(remaining, 100),
  spentLately: rational(0),
  exhaustsAt: null,
  ...more,
})
const begun = (reading: BudgetReading, firing: readonly string[] = []) => {
  const step = stepBudgetAlerts(alerts, reading, firing)
  return {
    firing: step.firing,
    begins: step.news.filter((each) => each.begins),
    ends: step.news.filter((each) => !each.begins),
  }
}

test('each level begins at its own share, and ends five points above', () => {
  expect(begun(read(51)).firing).toEqual([])
  expect(begun(read(50)).begins.map((each) => [each.key, each.sentence])).toEqual([
    ['remaining-50', '50 % of the budget is left (told of at 50 %).'],
  ])
  expect(begun(read(20), ['remaining-50']).firing).toEqual(['remaining-50', 'remaining-20'])
  expect(begun(read(55), ['remaining-50']).firing).toEqual(['remaining-50'])
  expect(begun(read(56), ['remaining-50']).ends.map((each) => each.key)).toEqual(['remaining-50'])
  expect(begun(read(-75)).begins[0]?.sentence).toBe('The budget is overspent by 75 % (told of at 50 %).')
})

test('a level near the whole ends when the whole is left again', () => {
  const high = { ...alerts, remaining: [rational(95, 100)] }
  const firing = (remaining: number) => stepBudgetAlerts(high, read(remaining), ['remaining-95']).firing
  expect(firing(99)).toEqual(['remaining-95'])
  expect(firing(100)).toEqual([])
})

test('a drop is what the last day spent of the whole budget', () => {
  const lately = (percent: number) => ({ spentLately: rational(percent, 100) })
  expect(begun(read(80, lately(9))).firing).toEqual([])
  expect(begun(read(80, lately(10))).begins[0]?.sentence).toBe(
    'The last 1 d spent 10 % of the budget (told of from 10 % on). 80 % of the budget is left.',
  )
  expect(begun(read(80, lately(8)), ['drop-10-1d']).firing).toEqual(['drop-10-1d'])
  expect(begun(read(80, lately(7)), ['drop-10-1d']).firing).toEqual([])
})

test('an end in sight begins, a quarter more time ends it; what is gone stays', () => {
  const inTime = (ms: number) => ({ exhaustsAt: instant(now + ms) })
  expect(begun(read(60, inTime(4 * day))).firing).toEqual([])
  expect(begun(read(60, inTime(50 * hour))).begins[0]?.sentence).toBe(
    'At the present rate the budget is gone in 2 d 2 h. 60 % of the budget is left.',
  )
  expect(begun(read(60, inTime(3.5 * day)), ['exhaustion-3d']).firing).toEqual(['exhaustion-3d'])
  expect(begun(read(60, inTime(3.8 * day)), ['exhaustion-3d']).firing).toEqual([])
  expect(begun(read(60), ['exhaustion-3d']).firing).toEqual([])
  expect(begun(read(-1), ['exhaustion-3d']).firing).toContain('exhaustion-3d')
})

test('what is not known neither begins nor ends anything', () => {
  const firing = ['remaining-50', 'drop-10-1d', 'exhaustion-3d']
  const blind = read(null, { spentLately: null })
  expect(begun(blind).firing).toEqual([])
  expect(begun(blind, firing)).toEqual({ firing, begins: [], ends: [] })
})

test('a level that is no longer declared ends', () => {
  expect(begun(read(60), ['remaining-70']).ends.map((each) => [each.key, each.kind])).toEqual([
    ['remaining-70', 'remaining'],
  ])
})

test('a budget that hovers at a level tells of itself once; every beginning has one end', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 46, max: 54 }), { maxLength: 40 }), (lived) => {
      let firing: readonly string[] = []
      let told = 0
      for (const each of lived) {
        const step = stepBudgetAlerts(alerts, read(each), firing)
        told += step.news.length
        firing = step.firing
      }
      expect(told).toBe(lived.some((each) => each <= 50) ? 1 : 0)
    }),
  )
})
