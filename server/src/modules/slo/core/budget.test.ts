import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { compare, parseRational, type Rational, rational, toNumber } from '../../../kernel/rational.ts'
import type { Slice } from '../../telemetry/core/index.ts'
import { adviseVolume, budgetFraction, budgetOf, remainingMs } from './budget.ts'
import { type Budgeting, compileSpend } from './spend.ts'
import { sumSlices } from './window.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const exactly = (text: string): Rational => parseRational(text) ?? rational(0)
const slices = { gaps: 'exclude', emptyIsGood: false } as const
const occurrences: Budgeting = { method: 'occurrences' }
const timeslices: Budgeting = { method: 'timeslices', sliceTarget: exactly('0.95'), ...slices }
const ratioTimeslices: Budgeting = { method: 'ratio-timeslices', ...slices }

const closed = (good: number, bad: number): Slice => ({ state: 'closed', good, bad })

function budget(target: string, budgeting: Budgeting, given: readonly Slice[]) {
  const timed = given.map((slice, index) => ({ start: instant(index * minute), slice }))
  const window = { end: instant(given.length * minute), lengthMs: given.length * minute, sliceMs: minute }
  const rule = compileSpend(budgeting)
  return budgetOf(exactly(target), sumSlices(timed, window, rule, instant(0)), rule.unit)
}

function measured(...of: Parameters<typeof budget>) {
  const found = budget(...of)
  if (found.state !== 'measured') throw new Error(found.state)
  return found
}

test('sum first, divide once: 8 busy hours at 1 % and 16 quiet ones consume 199.6 %, not 66.7 %', () => {
  const day = [
    ...Array.from({ length: 8 }, () => closed(9_900, 100)),
    ...Array.from({ length: 16 }, () => closed(10, 0)),
  ]
  const { indicator, spentShare } = measured('0.995', occurrences, day)
  expect(indicator).toEqual(rational(80_160 - 800, 80_160))
  expect(spentShare).toEqual(rational(800 * 200, 80_160))
  expect(toNumber(spentShare)).toBeCloseTo(1.996, 4)
  // What averaging the ratios of the hours would say: a third of the truth.
  const averaged = measured('0.995', ratioTimeslices, day)
  expect(toNumber(averaged.spentShare)).toBeCloseTo(0.667, 3)
})

const [good, total] = [
  [2, 10, 12, 13, 13, 12, 13, 13, 12, 11],
  [4, 10, 12, 13, 14, 15, 14, 13, 12, 11],
]
const hours = good.map((each, index) => closed(each, (total[index] ?? 0) - each))

test.each([
  { method: 'occurrences', budgeting: occurrences, indicator: 94.068, spent: 118.6 },
  { method: 'timeslices', budgeting: timeslices, indicator: 60, spent: 800 },
  { method: 'ratio-timeslices', budgeting: ratioTimeslices, indicator: 91.571, spent: 168.6 },
])('the same ten slices at 95 %: $method gives $indicator % and spends $spent %', ({ budgeting, indicator, spent }) => {
  const found = measured('0.95', budgeting, hours)
  expect(toNumber(found.indicator) * 100).toBeCloseTo(indicator, 3)
  expect(toNumber(found.spentShare) * 100).toBeCloseTo(spent, 1)
  expect(found.met).toBe(false)
})

test('an attack on a 95 % objective over two weeks', () => {
  const total = 14 * 24 * 60
  // Minutes of attack a slice objective allows: 5 % of 20,160.
  const minutes = (bad: number) => [
    ...Array.from({ length: bad }, () => closed(1, 99)),
    ...Array.from({ length: total - bad }, () => closed(99, 1)),
  ]
  expect(measured('0.95', timeslices, minutes(1_008)).remainingShare).toEqual(rational(0))
  expect(measured('0.95', timeslices, minutes(1_008)).met).toBe(true)
  expect(measured('0.95', timeslices, minutes(1_009)).met).toBe(false)
  // Ratio slices also pay for the ordinary percent: 822.86 minutes of attack.
  expect(measured('0.95', ratioTimeslices, minutes(822)).met).toBe(true)
  expect(measured('0.95', ratioTimeslices, minutes(823)).met).toBe(false)
  // Events, with those of the attack in the denominator: 14,155 of them may fail, 17,515 in all.
  const attacked = (requests: number) => [
    closed(332_640, 3_360),
    closed(requests - Math.floor(requests * 0.99), Math.floor(requests * 0.99)),
  ]
  expect(measured('0.95', occurrences, attacked(14_297)).met).toBe(true)
  expect(measured('0.95', occurrences, attacked(14_298))).toMatchObject({ met: false, spent: rational(17_515) })
})

test.each([
  { target: '0.97', allowed: 109_897n },
  { target: '0.90', allowed: 366_325n },
  { target: '0.99', allowed: 36_632n },
])('3,663,253 requests at $target allow $allowed failures', ({ target, allowed }) => {
  const found = measured(target, occurrences, [closed(3_663_253 - 14_066, 14_066)])
  expect(found.allowedWhole).toBe(allowed)
  if (target === '0.97') expect(toNumber(found.spentShare)).toBeCloseTo(0.128, 3)
})

test('1 − 0.99 is a hundredth, not 0.010000000000000009', () => {
  expect(budgetFraction(exactly('0.99'))).toEqual(rational(1, 100))
})

test.each<{ says: string; given: Slice[]; state: string }>([
  { says: 'nothing was measured', given: [{ state: 'gap' }, { state: 'gap' }], state: 'no-data' },
  { says: 'measured, and nothing happened', given: [{ state: 'closed-empty' }, { state: 'gap' }], state: 'no-events' },
  { says: 'all was excluded', given: [{ state: 'excluded' }], state: 'no-data' },
  { says: 'one event is enough', given: [closed(1, 0), { state: 'gap' }], state: 'measured' },
])('$says: $state', ({ given, state }) => {
  for (const budgeting of [occurrences, timeslices, ratioTimeslices])
    expect(budget('0.9', budgeting, given).state).toBe(state)
})

test.each<{ slice: Slice; policy: Partial<Budgeting>; spent: number | null }>([
  { slice: { state: 'gap' }, policy: { gaps: 'bad' }, spent: 1 },
  { slice: { state: 'gap' }, policy: { gaps: 'good' }, spent: 0 },
  { slice: { state: 'gap' }, policy: { gaps: 'exclude' }, spent: null },
  { slice: { state: 'closed-empty' }, policy: { emptyIsGood: true }, spent: 0 },
  { slice: { state: 'closed-empty' }, policy: { emptyIsGood: false }, spent: null },
  { slice: { state: 'excluded' }, policy: { gaps: 'bad' }, spent: null },
])('$slice.state with $policy spends $spent slices', ({ slice, policy, spent }) => {
  for (const budgeting of [timeslices, ratioTimeslices]) {
    const found = budget('0.5', { ...budgeting, ...policy } as Budgeting, [slice])
    expect(found.state === 'measured' ? toNumber(found.spent) : null).toBe(spent)
  }
})

test.each([
  { target: '0.95', slice: closed(95, 5), good: true },
  { target: '0.95', slice: closed(94, 6), good: false },
  { target: '0', slice: closed(0, 6), good: false }, // a target of 0 wants at least one good event
  { target: '0', slice: closed(1, 99), good: true },
  { target: '1', slice: closed(99, 1), good: false },
  { target: '0.3', slice: closed(3_000_000_000_000_000, 7_000_000_000_000_000 - 1), good: true }, // beyond 2^53
])(
  'a slice of $slice.good good and $slice.bad bad at slice target $target is good: $good',
  ({ target, slice, good: isGood }) => {
    const found = measured('0.5', { method: 'timeslices', sliceTarget: exactly(target), ...slices }, [slice])
    expect(found.spent).toEqual(rational(isGood ? 0 : 1))
  },
)

test('overspending is not clamped: −75 % and −4,000 % differ', () => {
  expect(measured('0.99', occurrences, [closed(9_825, 175)]).remainingShare).toEqual(rational(-75, 100))
  expect(measured('0.99', occurrences, [closed(5_900, 4_100)]).remainingShare).toEqual(rational(-40))
  expect(remainingMs(budget('0.99', occurrences, [closed(99, 1)]), exactly('0.99'), 100 * minute)).toBe(0)
  expect(remainingMs(budget('0.99', occurrences, [closed(100, 0)]), exactly('0.99'), 100 * minute)).toBe(minute)
  expect(remainingMs({ state: 'no-data' }, exactly('0.99'), minute)).toBeNull()
})

test.each([
  { says: '10 an hour at 99.9 % for 30 days', target: '0.999', events: 7_200, verdict: 'thin', allowed: 7.2 },
  {
    says: '424 a week at 99 %: one failure spends 23.6 %',
    target: '0.99',
    events: 424,
    verdict: 'thin',
    allowed: 4.24,
  },
  { says: '500 at 99.9 %: one failure breaks it', target: '0.999', events: 500, verdict: 'impossible', allowed: 0.5 },
  { says: 'none at all', target: '0.999', events: 0, verdict: 'impossible', allowed: 0 },
  { says: 'ten failures are enough to breathe', target: '0.99', events: 1_000, verdict: 'enough', allowed: 10 },
])('$says: $verdict', ({ target, events, verdict, allowed }) => {
  const advice = adviseVolume(exactly(target), events)
  expect(advice.verdict).toBe(verdict)
  expect(toNumber(advice.allowedBad)).toBe(allowed)
  if (events === 424 && advice.verdict === 'thin') expect(toNumber(advice.oneFailureSpends)).toBeCloseTo(0.236, 3)
})

test('C7 monotonicity: a failure more never raises what remains, a success more never lowers it', patient, () => {
  const counts = fc.record({ good: fc.nat(50), bad: fc.nat(50) })
  fc.assert(
    fc.property(
      fc.array(counts, { minLength: 1, maxLength: 8 }),
      fc.nat(7),
      fc.constantFrom(occurrences, timeslices),
      (given, at, budgeting) => {
        const remaining = (list: readonly { good: number; bad: number }[]) => {
          const found = budget(
            '0.9',
            budgeting,
            list.map((each) => (each.good + each.bad === 0 ? { state: 'closed-empty' } : closed(each.good, each.bad))),
          )
          return found.state === 'measured' ? found.remainingShare : null
        }
        const index = at % given.length
        const changed = (good: number, bad: number) =>
          given.map((each, here) => (here === index ? { good: each.good + good, bad: each.bad + bad } : each))
        const [before, worse, better] = [remaining(given), remaining(changed(0, 1)), remaining(changed(1, 0))]
        const started = (given[index]?.good ?? 0) + (given[index]?.bad ?? 0) > 0
        if (before === null || worse === null || better === null || (!started && budgeting !== occurrences)) return
        expect(compare(worse, before)).toBeLessThanOrEqual(0)
        expect(compare(better, before)).toBeGreaterThanOrEqual(0)
      },
    ),
    { numRuns: 10_000 },
  )
})

test('C6 no float drift: a ratio slice is rounded against the service by less than a billionth', patient, () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER - 1), fc.nat(1_000_000_000), (bad, good) => {
      if (bad + good === 0 || !Number.isSafeInteger(bad + good)) return
      const { spent, total: unit } = compileSpend(ratioTimeslices).closed(good, bad)
      const [n, exactly] = [BigInt(good + bad), BigInt(bad) * BigInt(unit)]
      expect(BigInt(spent) * n >= exactly && (BigInt(spent) - 1n) * n < exactly).toBe(true)
    }),
    { numRuns: 10_000 },
  )
})
