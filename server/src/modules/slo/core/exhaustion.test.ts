import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { compare, divide, rational } from '../../../kernel/rational.ts'
import {
  forecastCalendar,
  forecastExhaustion,
  forecastRecovery,
  type RollingForecast,
  type Spends,
} from './exhaustion.ts'
import type { Spend } from './spend.ts'

const repeat = (count: number, spent: number, total: number): Spend[] =>
  Array.from({ length: count }, () => ({ spent, total }))
const columns = (slices: readonly Spend[]): Spends => ({
  spent: Float64Array.from(slices, (each) => each.spent),
  total: Float64Array.from(slices, (each) => each.total),
})
const forecast = (slices: Spend[], pace: { spent: number; total: number; slices: number }): RollingForecast => ({
  slices: columns(slices),
  sliceMs: minute,
  budget: rational(1, 100),
  end: instant(1_000 * minute),
  pace,
})

test.each([
  {
    says: 'a clean hundred minutes at 2 % lose their budget once 50 bad minutes replaced clean ones',
    slices: repeat(100, 0, 100),
    pace: { spent: 2, total: 100, slices: 1 },
    in: 51,
  },
  {
    says: 'what is spent already counts',
    slices: [...repeat(50, 0, 100), ...repeat(50, 1, 100)],
    pace: { spent: 2, total: 100, slices: 1 },
    in: 26,
  },
  {
    says: 'a pace between whole events is exact',
    slices: repeat(100, 0, 100),
    pace: { spent: 3, total: 200, slices: 2 },
    in: 67,
  },
  {
    says: 'old failures leave in time',
    slices: [...repeat(10, 9, 100), ...repeat(90, 0, 100)],
    pace: { spent: 1, total: 100, slices: 1 },
    in: null,
  },
])('$says', ({ slices, pace, in: steps }) => {
  const found = forecastExhaustion(forecast(slices, pace))
  if (steps === null) expect(found.state).toBe('lasts')
  else expect(found).toEqual({ state: 'exhausts', at: (1_000 + steps) * minute, inMs: steps * minute })
})

test('spent already, nothing known, and for ever', () => {
  expect(forecastExhaustion(forecast(repeat(10, 2, 100), { spent: 0, total: 100, slices: 1 })).state).toBe('exhausted')
  expect(forecastExhaustion(forecast(repeat(10, 0, 0), { spent: 0, total: 0, slices: 1 })).state).toBe('unknown')
  expect(forecastExhaustion(forecast(repeat(10, 0, 100), { spent: 1, total: 100, slices: 1 })).state).toBe('lasts')
})

test.each([
  {
    says: 'an outage of 5 minutes 20 minutes ago leaves a window of 100 when the first of it goes',
    slices: [...repeat(75, 0, 100), ...repeat(5, 40, 100), ...repeat(20, 0, 100)],
    pace: { spent: 0, total: 100, slices: 1 },
    state: 'recovers',
    in: 78,
  },
  {
    says: 'it is kept now',
    slices: repeat(100, 0, 100),
    pace: { spent: 0, total: 100, slices: 1 },
    state: 'within',
    in: null,
  },
  {
    says: 'it goes on failing',
    slices: repeat(100, 5, 100),
    pace: { spent: 5, total: 100, slices: 1 },
    state: 'not-at-this-pace',
    in: null,
  },
  {
    says: 'nothing is known',
    slices: repeat(100, 0, 0),
    pace: { spent: 0, total: 0, slices: 1 },
    state: 'unknown',
    in: null,
  },
])('recovery: $says', ({ slices, pace, state, in: steps }) => {
  const found = forecastRecovery(forecast(slices, pace))
  expect(found.state).toBe(state)
  if (steps !== null) expect(found).toMatchObject({ inMs: steps * minute })
})

test('the forecast is the first step at which the plain sums are overspent', () => {
  const slice = fc
    .record({ spent: fc.nat(20), rest: fc.nat(500) })
    .map(({ spent, rest }) => ({ spent, total: spent + rest }))
  fc.assert(
    fc.property(fc.array(slice, { minLength: 1, maxLength: 20 }), slice, (slices, pace) => {
      const found = forecastExhaustion(forecast(slices, { ...pace, slices: 1 }))
      let first: number | null = null
      for (let step = 0; step <= slices.length && first === null; step += 1) {
        const window = [...slices.slice(step), ...repeat(step, pace.spent, pace.total)]
        const [spent, total] = [
          window.reduce((all, each) => all + each.spent, 0),
          window.reduce((all, each) => all + each.total, 0),
        ]
        if (total > 0 && compare(divide(rational(spent), rational(total)), rational(1, 100)) > 0) first = step
      }
      const steps = found.state === 'exhausted' ? 0 : found.state === 'exhausts' ? found.inMs / minute : null
      expect(steps).toBe(first)
    }),
  )
})

test.each([
  { spent: 10, rate: 1, left: 100, state: 'exhausted' },
  { spent: 4, rate: 1, left: 100, state: 'exhausts' },
  { spent: 4, rate: 1, left: 5, state: 'not-in-this-period' },
  { spent: 4, rate: 0, left: 5, state: 'not-in-this-period' },
])('calendar: $spent of 10 spent, $rate a ms, $left ms left: $state', ({ spent, rate, left, state }) => {
  const found = forecastCalendar({
    allowed: rational(10),
    spent: rational(spent),
    spentPerMs: rational(rate),
    msLeft: left,
  })
  expect(found.state).toBe(state)
  if (found.state === 'exhausts') expect(found.inMs).toEqual(rational(6))
})
