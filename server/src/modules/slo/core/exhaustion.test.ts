import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { compare, divide, rational } from '../../../kernel/rational.ts'
import {
  blockOf,
  forecastCalendar,
  forecastExhaustion,
  forecastRecovery,
  type RollingForecast,
  type SpendBlock,
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
  blocks: [blockOf(columns(slices))],
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

test('cut into blocks wherever, it says the same, and reads only where something may turn', () => {
  const slice = fc
    .record({ spent: fc.constantFrom(0, 0, 0, 1, 5, 40), rest: fc.nat(300) })
    .map(({ spent, rest }) => ({ spent, total: spent + rest }))
  const pace = fc.record({ spent: fc.nat(30), rest: fc.nat(900), slices: fc.integer({ min: 1, max: 60 }) })
  fc.assert(
    fc.property(
      fc.array(slice, { minLength: 1, maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 12 })),
      pace,
      (all, cuts, at) => {
        const whole = forecast(all, { spent: at.spent, total: at.spent + at.rest, slices: at.slices })
        const pieces: Spend[][] = []
        let from = 0
        for (const cut of [...cuts, all.length]) {
          if (from < all.length) pieces.push(all.slice(from, from + cut))
          from += cut
        }
        const cutUp = { ...whole, blocks: pieces.map((each) => blockOf(columns(each))) }
        expect(forecastExhaustion(cutUp)).toEqual(forecastExhaustion(whole))
        expect(forecastRecovery(cutUp)).toEqual(forecastRecovery(whole))
      },
    ),
    { numRuns: 2_000 },
  )
})

test('a month that one bad day spent is not read but where it ends', () => {
  let read = 0
  const day = (spent: number): SpendBlock => {
    const block = blockOf(columns(repeat(1_440, spent, 100)))
    const counting = () => {
      read += 1
      return block.read()
    }
    return { ...block, read: counting }
  }
  const blocks = [...Array.from({ length: 10 }, () => day(0)), day(100), ...Array.from({ length: 19 }, () => day(0))]
  const window = { ...forecast([], { spent: 0, total: 100, slices: 1 }), blocks }
  const found = forecastRecovery(window)
  expect(found.state).toBe('recovers')
  expect(read).toBe(1)
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
