import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import {
  compare,
  divide,
  multiply,
  parseRational,
  type Rational,
  rational,
  toNumber,
} from '../../../kernel/rational.ts'
import {
  absenceDelayMs,
  burnForShare,
  burnRate,
  detectionMs,
  eventsForFailures,
  fastestBurn,
  lastsMs,
  resetMs,
  shareSpent,
  trafficWeightedShare,
} from './burn.ts'
import { reachableAbove } from './tiers.ts'

const exactly = (text: string): Rational => parseRational(text) ?? rational(0)
const month = 30 * day
const strict = exactly('0.001')
const all = rational(1)
const seconds = (ms: Rational | null) => (ms === null ? null : toNumber(ms) / 1_000)
const minutes = (ms: Rational | null) => (ms === null ? null : toNumber(ms) / minute)

test('a burn rate of nothing is no number', () => {
  expect(burnRate(0, 0, strict)).toBeNull()
  expect(burnRate(144, 10_000, strict)).toEqual(exactly('14.4'))
})

/** Of the month's budget, in percent, when a total outage passes a threshold. */
function spentWhenFound(lengthMs: number, threshold: Rational): number | null {
  const found = detectionMs(lengthMs, threshold, strict, all)
  return found === null ? null : toNumber(shareSpent(fastestBurn(strict), toNumber(found), month)) * 100
}

// T = 99.9 % over 30 days; the exact values behind the rounded ones that are usually quoted.
test.each([
  {
    says: 'a total outage against 10 min at 0.1 %',
    found: seconds(detectionMs(10 * minute, rational(1), strict, all)),
    exact: 0.6,
  },
  { says: '… against 36 h at 0.1 %', found: seconds(detectionMs(36 * hour, rational(1), strict, all)), exact: 129.6 },
  {
    says: '36 h reset, in hours',
    found: (seconds(resetMs(36 * hour, rational(1), strict, all)) ?? 0) / 3600,
    exact: 35.964,
  },
  { says: '… against 1 h at 36×', found: seconds(detectionMs(hour, rational(36), strict, all)), exact: 129.6 },
  { says: '1 h at 36× reset, in minutes', found: minutes(resetMs(hour, rational(36), strict, all)), exact: 57.84 },
  { says: '14.4 over 1 h', found: seconds(detectionMs(hour, exactly('14.4'), strict, all)), exact: 51.84 },
  { says: '6 over 6 h', found: seconds(detectionMs(6 * hour, rational(6), strict, all)), exact: 129.6 },
  { says: '1 over 3 d', found: seconds(detectionMs(3 * day, rational(1), strict, all)), exact: 259.2 },
  {
    says: '15 % errors, short window',
    found: seconds(detectionMs(5 * minute, exactly('14.4'), strict, exactly('0.15'))),
    exact: 28.8,
  },
  {
    says: '15 % errors, long window, in minutes',
    found: minutes(detectionMs(hour, exactly('14.4'), strict, exactly('0.15'))),
    exact: 5.76,
  },
  {
    says: 'short window resets, in minutes',
    found: minutes(resetMs(5 * minute, exactly('14.4'), strict, exactly('0.15'))),
    exact: 4.52,
  },
  {
    says: 'long window resets, in minutes',
    found: minutes(resetMs(hour, exactly('14.4'), strict, exactly('0.15'))),
    exact: 54.24,
  },
  {
    says: 'a steady 35× never passes 36×',
    found: seconds(detectionMs(hour, rational(36), strict, exactly('0.035'))),
    exact: null,
  },
  { says: 'a steady 35× lasts, in hours', found: (seconds(lastsMs(month, rational(35))) ?? 0) / 3600, exact: 20.5714 },
  { says: 'burn 1 lasts, in days', found: toNumber(lastsMs(month, rational(1)) ?? rational(0)) / day, exact: 30 },
  { says: 'burn 2', found: toNumber(lastsMs(month, rational(2)) ?? rational(0)) / day, exact: 15 },
  { says: 'burn 10', found: toNumber(lastsMs(month, rational(10)) ?? rational(0)) / day, exact: 3 },
  { says: 'burn 1,000, in minutes', found: minutes(lastsMs(month, rational(1_000))), exact: 43.2 },
  { says: 'burn 0 lasts for ever', found: seconds(lastsMs(month, rational(0))), exact: null },
  {
    says: 'budget of 10 min at 0.1 %',
    found: toNumber(shareSpent(rational(1), 10 * minute, month)) * 100,
    exact: 0.02315,
  },
  {
    says: 'budget of 1 h total outage',
    found: toNumber(shareSpent(rational(1_000), hour, month)) * 100,
    exact: 138.8889,
  },
  {
    says: 'budget of a 5-minute spike',
    found: toNumber(shareSpent(rational(1_000), 5 * minute, month)) * 100,
    exact: 11.5741,
  },
  // Windows of ten minutes that each just pass: so many alerts a day, in a month that is met to the event.
  { says: 'windows of 10 min in a day', found: day / (10 * minute), exact: 144 },
  {
    says: '… which all pass spend of a month',
    found: toNumber(multiply(rational(144 * 30), shareSpent(rational(1), 10 * minute, month))) * 100,
    exact: 100,
  },
  { says: 'budget at the alert of 36 h at 0.1 %', found: spentWhenFound(36 * hour, rational(1)), exact: 5 },
  { says: 'budget at the alert of 1 h at 36×', found: spentWhenFound(hour, rational(36)), exact: 5 },
  { says: 'budget at the alert of 14.4 over 1 h', found: spentWhenFound(hour, exactly('14.4')), exact: 2 },
  { says: 'budget at the alert of 6 over 6 h', found: spentWhenFound(6 * hour, rational(6)), exact: 5 },
  { says: 'budget at the alert of 1 over 3 d', found: spentWhenFound(3 * day, rational(1)), exact: 10 },
  {
    says: 'budget of three 5-minute spikes',
    found: toNumber(shareSpent(rational(1_000), 15 * minute, month)) * 100,
    exact: 34.7222,
  },
  { says: '1 failure of 10 in an hour burns', found: toNumber(burnRate(1, 10, strict) ?? rational(0)), exact: 100 },
  { says: '… and spends', found: toNumber(shareSpent(rational(100), hour, month)) * 100, exact: 13.8889 },
  {
    says: '90 %, 1 h total outage spends',
    found: toNumber(shareSpent(fastestBurn(exactly('0.1')), hour, month)) * 100,
    exact: 1.3889,
  },
  { says: '99.999 % is gone after', found: seconds(lastsMs(month, fastestBurn(exactly('0.00001')))), exact: 25.92 },
  {
    says: '… when 1 % of users are hit, in minutes',
    found: minutes(lastsMs(month, divide(exactly('0.01'), exactly('0.00001')))),
    exact: 43.2,
  },
])('$says: $exact', ({ found, exact }) => {
  if (exact === null) expect(found).toBeNull()
  else expect(found).toBeCloseTo(exact, 3)
})

// By objective, 30 days: fastest burn, error ratio at 14.4, detection of a total outage by the two page tiers, all gone.
test.each([
  { target: '0.9', most: 10, ratio: 1.44, fast: null, slow: 3.6 * 3600, gone: 3 * 86_400 },
  { target: '0.93', most: 14.2857, ratio: 1.008, fast: null, slow: 2.52 * 3600, gone: 2.1 * 86_400 },
  { target: '0.95', most: 20, ratio: 0.72, fast: 43.2 * 60, slow: 1.8 * 3600, gone: 36 * 3600 },
  { target: '0.99', most: 100, ratio: 0.144, fast: 8.64 * 60, slow: 21.6 * 60, gone: 7.2 * 3600 },
  { target: '0.999', most: 1_000, ratio: 0.0144, fast: 51.84, slow: 2.16 * 60, gone: 43.2 * 60 },
  { target: '0.9999', most: 10_000, ratio: 0.00144, fast: 5.184, slow: 12.96, gone: 4.32 * 60 },
  { target: '0.99999', most: 100_000, ratio: 0.000144, fast: 0.5184, slow: 1.296, gone: 25.92 },
])('$target: burns at most $most, pages after $fast s and $slow s', ({ target, most, ratio, fast, slow, gone }) => {
  const budget = rational(exactly(target).den - exactly(target).num, exactly(target).den)
  expect(toNumber(fastestBurn(budget))).toBeCloseTo(most, 3)
  expect(toNumber(multiply(exactly('14.4'), budget))).toBeCloseTo(ratio, 9)
  const found = seconds(detectionMs(hour, exactly('14.4'), budget, all))
  if (fast === null) expect(found).toBeNull()
  else expect(found).toBeCloseTo(fast, 6)
  expect(seconds(detectionMs(6 * hour, rational(6), budget, all))).toBeCloseTo(slow, 6)
  expect(seconds(lastsMs(month, fastestBurn(budget)))).toBeCloseTo(gone, 6)
})

test.each([
  { threshold: '14.4', above: 0.93056 },
  { threshold: '6', above: 0.83333 },
  { threshold: '3', above: 0.66667 },
])('a threshold of $threshold can be passed by objectives above $above', ({ threshold, above }) => {
  expect(toNumber(reachableAbove(exactly(threshold)))).toBeCloseTo(above, 5)
})

test.each([
  { target: '0.9', reachable: ['6', '3', '1'] },
  { target: '0.93', reachable: ['6', '3', '1'] },
  { target: '0.95', reachable: ['14.4', '6', '3', '1'] },
  { target: '0.99', reachable: ['14.4', '6', '3', '1'] },
  { target: '0.999', reachable: ['14.4', '6', '3', '1'] },
  { target: '0.9999', reachable: ['14.4', '6', '3', '1'] },
  { target: '0.99999', reachable: ['14.4', '6', '3', '1'] },
])('a total outage passes $reachable at $target', ({ target, reachable }) => {
  const budget = rational(exactly(target).den - exactly(target).num, exactly(target).den)
  const passed = ['14.4', '6', '3', '1'].filter((each) => detectionMs(hour, exactly(each), budget, all) !== null)
  expect(passed).toEqual(reachable)
})

test.each([
  { target: '0.999', events: 69.444 },
  { target: '0.99', events: 6.944 },
  { target: '0.9999', events: 694.444 },
])('below $events events one failure alone passes 14.4 at $target', ({ target, events }) => {
  const budget = rational(exactly(target).den - exactly(target).num, exactly(target).den)
  expect(toNumber(eventsForFailures(1, exactly('14.4'), budget))).toBeCloseTo(events, 3)
  expect(
    compare(
      eventsForFailures(5, exactly('14.4'), budget),
      multiply(rational(5), eventsForFailures(1, exactly('14.4'), budget)),
    ),
  ).toBe(0)
})

test('weighted by traffic: 100 of 120 failed in an hour, 125 an hour on average, at 95 %', () => {
  const budget = exactly('0.05')
  const assumed = shareSpent(burnRate(100, 120, budget) ?? all, hour, month)
  expect(toNumber(assumed) * 100).toBeCloseTo(2.3148, 3)
  expect(toNumber(trafficWeightedShare(100, 125 * 720, budget) ?? all) * 100).toBeCloseTo(2.2222, 3)
  expect(trafficWeightedShare(0, 0, budget)).toBeNull()
})

test.each([
  { budget: '0.01', after: 10 },
  { budget: '0.001', after: 3 },
])('silence at budget $budget is worth an alert after $after minutes', ({ budget, after }) => {
  const fastest = { threshold: rational(14), longMs: hour }
  expect(absenceDelayMs(fastest, exactly(budget), 2 * minute)).toBe(after * minute)
})

test('the burn for a share and the share of a burn are inverse', () => {
  expect(burnForShare(exactly('0.02'), hour, month)).toEqual(exactly('14.4'))
  expect(shareSpent(exactly('14.4'), hour, month)).toEqual(exactly('0.02'))
})
