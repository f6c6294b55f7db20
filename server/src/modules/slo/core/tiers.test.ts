import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute, second } from '../../../kernel/duration.ts'
import { compare, parseRational, type Rational, rational, toNumber } from '../../../kernel/rational.ts'
import { burnForShare, fastestBurn, shareSpent } from './burn.ts'
import { defaultShare, defaultTiers, periodFault, planTiers } from './tiers.ts'

const exactly = (text: string): Rational => parseRational(text) ?? rational(0)
const longs = [hour, 6 * hour, day, 3 * day]

test.each([
  { days: 7, thresholds: [3.36, 1.4, 0.7, 0.2333] },
  { days: 28, thresholds: [13.44, 5.6, 2.8, 0.9333] },
  { days: 30, thresholds: [14.4, 6, 3, 1] },
  { days: 90, thresholds: [43.2, 18, 9, 3] },
])('a constant share of 2, 5, 10, 10 % over $days days: $thresholds', ({ days, thresholds }) => {
  const shares = ['0.02', '0.05', '0.1', '0.1']
  for (const [index, expected] of thresholds.entries())
    expect(toNumber(burnForShare(exactly(shares[index] ?? ''), longs[index] ?? 0, days * day))).toBeCloseTo(expected, 4)
})

test("Sloth's own week: 8, 12.5, 20 and 42 % are 13.44, 3.5, 1.4 and 0.98", () => {
  const shares = ['0.08', '0.125', '0.2', '0.42']
  expect(shares.map((share, index) => toNumber(burnForShare(exactly(share), longs[index] ?? 0, 7 * day)))).toEqual([
    13.44, 3.5, 1.4, 0.98,
  ])
})

test.each([
  { days: 7, shares: [8.571, 21.429, 42.857, 42.857] },
  { days: 28, shares: [2.143, 5.357, 10.714, 10.714] },
  { days: 30, shares: [2, 5, 10, 10] },
  { days: 90, shares: [0.667, 1.667, 3.333, 3.333] },
])('constant thresholds 14.4, 6, 3, 1 over $days days spend $shares %', ({ days, shares }) => {
  const thresholds = ['14.4', '6', '3', '1']
  for (const [index, expected] of shares.entries())
    expect(toNumber(shareSpent(exactly(thresholds[index] ?? ''), longs[index] ?? 0, days * day)) * 100).toBeCloseTo(
      expected,
      3,
    )
})

test.each([
  { days: 7, thresholds: [16.8, 5.6, 2.8, 1] },
  { days: 28, thresholds: [13.44, 5.6, 2.8, 1] },
  { days: 30, thresholds: [14.4, 6, 3, 1] },
  { days: 90, thresholds: [21.6, 10.8, 4.5, 1.5] },
])('the defaults for $days days are $thresholds', ({ days, thresholds }) => {
  const tiers = defaultTiers(days * day, minute)
  expect(tiers.map((tier) => toNumber(tier.threshold))).toEqual(thresholds)
  expect(tiers.map((tier) => tier.name)).toEqual(['1h/5m', '6h/30m', '1d/2h', '3d/6h'])
  expect(tiers.map((tier) => tier.severity)).toEqual(['page', 'page', 'ticket', 'ticket'])
})

test('between the anchors the share falls with the logarithm of the period, and no threshold is below 1', () => {
  expect(toNumber(defaultShare(0, 14 * day))).toBeCloseTo(0.06, 4) // half-way from 7 to 28
  expect(defaultShare(0, 3 * day)).toEqual(rational(1, 10))
  expect(defaultShare(0, 365 * day)).toEqual(rational(1, 100))
  fc.assert(
    fc.property(fc.integer({ min: 7, max: 365 }), (days) => {
      const tiers = defaultTiers(days * day, minute)
      for (const [index, tier] of tiers.entries()) {
        expect(compare(tier.threshold, rational(1))).toBeGreaterThanOrEqual(0)
        expect(compare(tier.threshold, tiers[index + 1]?.threshold ?? rational(0))).toBeGreaterThan(-1)
        expect(compare(defaultShare(index, (days + 1) * day), defaultShare(index, days * day))).toBeLessThanOrEqual(0)
      }
    }),
  )
})

test.each([
  { period: hour, slice: 5 * second, names: ['25s/5s', '2m10s/15s', '8m35s/45s', '25m45s/2m10s'] },
  { period: hour, slice: minute, names: ['2m/1m', '3m/1m', '9m/1m', '26m/3m'] },
  { period: day, slice: 10 * second, names: ['8m40s/50s', '51m30s/4m20s', '3h25m50s/17m10s', '10h17m10s/51m30s'] },
])('a period of $period ms in slices of $slice ms shrinks the windows: $names', ({ period, slice, names }) => {
  const tiers = defaultTiers(period, slice)
  expect(tiers.map((tier) => tier.name)).toEqual(names)
  expect(tiers.map((tier) => toNumber(tier.threshold))).toEqual([16.8, 5.6, 2.8, 1])
})

test('windows are whole slices, the short one shorter, both within the period', () => {
  const cases = fc.record({
    slices: fc.integer({ min: 60, max: 50_000 }),
    sliceMs: fc.constantFrom(5 * second, 10 * second, minute, 5 * minute),
  })
  fc.assert(
    fc.property(cases, ({ slices, sliceMs }) => {
      const period = slices * sliceMs
      expect(periodFault(period, sliceMs)).toBeNull()
      for (const { longMs, shortMs } of defaultTiers(period, sliceMs)) {
        expect([longMs % sliceMs, shortMs % sliceMs]).toEqual([0, 0])
        expect(shortMs).toBeLessThan(longMs)
        expect(longMs).toBeLessThanOrEqual(period)
      }
    }),
  )
})

test('a period that is too short for its slices says which would do', () => {
  expect(periodFault(30 * minute, minute)).toContain('slices of at most 30s')
  expect(periodFault(90 * second, 60 * second)).toContain('whole number')
})

const plan = (target: string) => {
  const of = exactly(target)
  const budget = rational(of.den - of.num, of.den)
  return { budget, ...planTiers(defaultTiers(30 * day, minute), budget, 30 * day) }
}

test.each([
  { target: '0.999', thresholds: [14.4, 6, 3, 1], refused: 0 },
  { target: '0.95', thresholds: [14.4, 6, 3, 1], refused: 0 },
  { target: '0.94', thresholds: [14.4, 6, 3, 1], refused: 0 },
  { target: '0.93', thresholds: [12.857, 6, 3, 1], refused: 0 },
  { target: '0.9', thresholds: [9, 6, 3, 1], refused: 0 },
  { target: '0.8', thresholds: [4.5, 3, 1], refused: 1 },
  { target: '0.5', thresholds: [1.8, 1], refused: 2 },
  { target: '0.05', thresholds: [1], refused: 3 }, // nine tenths of 1.05 is below 1: nobody is woken within budget
])('$target keeps $thresholds and refuses $refused', ({ target, thresholds, refused }) => {
  const found = plan(target)
  expect(found.tiers.map((tier) => Number(toNumber(tier.threshold).toFixed(3)))).toEqual(thresholds)
  expect(found.refused).toHaveLength(refused)
  for (const tier of found.tiers) expect(compare(tier.threshold, fastestBurn(found.budget))).toBeLessThan(0)
})

test('a changed tier says why, and every tier says what it spends', () => {
  const { tiers, refused } = plan('0.8')
  expect(tiers[0]?.note).toBe('1h/5m at 14.4× could never fire: even a total outage burns only 5×. Lowered to 4.5×.')
  expect(refused[0]?.because).toBe('6h/30m at 6× could never fire: even a total outage burns only 5×.')
  expect(plan('0.999').tiers.map((tier) => toNumber(tier.share))).toEqual([0.02, 0.05, 0.1, 0.1])
})

test('a threshold that only a total outage equals cannot be passed', () => {
  const tier = {
    name: '1h/5m',
    severity: 'ticket' as const,
    longMs: hour,
    shortMs: 5 * minute,
    threshold: rational(10),
  }
  expect(planTiers([tier], exactly('0.1'), 30 * day)).toMatchObject({ tiers: [], refused: [{ tier }] })
})
