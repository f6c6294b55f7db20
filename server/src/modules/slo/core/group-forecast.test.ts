import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { compare, multiply, rational } from '../../../kernel/rational.ts'
import { forecastGroup } from './group-forecast.ts'

const end = instant(1_000 * minute)
const windowOf = (slices: ReadonlyMap<number, { spent: number; total: number }>, count: number, pace: number) => ({
  slices,
  windowMs: count * minute,
  paceMs: pace * minute,
  sliceMs: minute,
  end,
  budget: rational(1, 10),
})
/** Newest last. */
const told = (...counts: readonly (readonly [spent: number, total: number] | null)[]) =>
  new Map(
    counts.flatMap((each, index) =>
      each === null ? [] : [[end - (counts.length - index) * minute, { spent: each[0], total: each[1] }] as const],
    ),
  )

test.each([
  { says: 'nothing of it in the window', slices: told(), state: 'unknown' },
  { says: 'no failures', slices: told([0, 10], [0, 10]), state: 'lasts' },
  { says: 'at the limit for ever', slices: told([1, 10], [1, 10]), state: 'lasts' },
  // Of 40 + 10 a minute a tenth is allowed; 2 + 2 a minute are spent, and nothing old leaves before the seventh.
  { says: 'on its way', slices: told([0, 10], [0, 10], [0, 10], [2, 10]), state: 'exhausts', after: 3 },
  {
    says: 'overspent, kept again when enough has come',
    slices: told([9, 10], null, [0, 10]),
    state: 'recovers',
    after: 7,
  },
])('$says: $state', ({ slices, state, after }) => {
  const found = forecastGroup(windowOf(slices, 10, 1))
  expect(found.state).toBe(state)
  if (after !== undefined) expect(found).toMatchObject({ at: end + after * minute })
})

test('it is the first step at which the plain sums of the group are overspent, or kept again', () => {
  const slice = fc.option(fc.tuple(fc.nat(4), fc.nat(30)), { nil: null })
  fc.assert(
    fc.property(fc.array(slice, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (given, pace) => {
      const counts = given.map((each) => (each === null ? null : ([each[0], each[0] + each[1]] as const)))
      const found = forecastGroup(windowOf(told(...counts), 12, pace))
      const past = Array.from({ length: 12 }, (_, index) => counts[index - (12 - counts.length)] ?? ([0, 0] as const))
      const sum = (list: readonly (readonly [number, number])[], at: 0 | 1) =>
        list.reduce((all, each) => all + each[at], 0)
      const isOver = (step: number, withFailures: boolean) => {
        const left = past.slice(step)
        const recent = past.slice(-pace)
        const spent = rational(sum(left, 0) * pace + (withFailures ? sum(recent, 0) * step : 0), pace)
        const total = rational(sum(left, 1) * pace + sum(recent, 1) * step, pace)
        return compare(spent, multiply(total, rational(1, 10))) > 0
      }
      const steps = Array.from({ length: 13 }, (_, step) => step)
      if (sum(past, 1) === 0) expect(found.state).toBe('unknown')
      else if (isOver(0, true)) {
        const first = steps.find((step) => !isOver(step, false))
        expect(found).toEqual(
          first === undefined ? { state: 'not-at-this-pace' } : { state: 'recovers', at: end + first * minute },
        )
      } else {
        const first = steps.find((step) => isOver(step, true))
        expect(found).toEqual(
          first === undefined ? { state: 'lasts' } : { state: 'exhausts', at: end + first * minute },
        )
      }
    }),
    { numRuns: 2_000 },
  )
})
