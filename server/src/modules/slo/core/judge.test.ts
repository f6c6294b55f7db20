import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { compare, multiply, parseRational, type Rational, rational, toNumber } from '../../../kernel/rational.ts'
import { budgetFraction } from './budget.ts'
import { burnRate } from './burn.ts'
import { exceeds } from './exact.ts'
import {
  type BurnVerdict,
  type CompiledRules,
  compileRules,
  defaultCoverageFloor,
  exactBurn,
  judge,
  type TierState,
} from './judge.ts'
import { advanceTo, closedUntil, createRing, excludeSlice, putSlice, sumsOf } from './ring.ts'
import { compileSpend } from './spend.ts'
import { defaultTiers, planTiers, type Tier } from './tiers.ts'
import type { WindowSum } from './window.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const exactly = (text: string): Rational => parseRational(text) ?? rational(0)

function rulesFor(target: string, periodMs = 30 * day, sliceMs = minute, leastBadForPage = 5): CompiledRules {
  const budget = budgetFraction(exactly(target))
  const { tiers } = planTiers(defaultTiers(periodMs, sliceMs), budget, periodMs)
  return compileRules({
    budget,
    tiers,
    coverageFloor: defaultCoverageFloor,
    staleAfterMs: 3 * sliceMs,
    leastBadForPage,
  })
}

interface Minute {
  readonly good: number
  readonly bad: number
}
const calm: Minute = { good: 1_000, bad: 0 }
const outage: Minute = { good: 0, bad: 1_000 }

/** An objective that lives through slices, judged after each. */
function live(rules: CompiledRules, sliceMs = minute, history = 3 * day) {
  const start = 1_000 * day
  const spec = {
    sliceMs,
    windows: rules.windows,
    rule: compileSpend({ method: 'occurrences' }),
    born: instant(start - history),
  }
  const ring = createRing(spec)
  let states: readonly TierState[] = []
  const close = (slice: Minute | 'gap' | 'empty') => {
    const at = closedUntil(ring)
    putSlice(
      ring,
      at,
      slice === 'gap'
        ? { state: 'gap' }
        : slice === 'empty'
          ? { state: 'closed-empty' }
          : { state: 'closed', ...slice },
    )
  }
  const evaluate = (now: Instant = closedUntil(ring)): BurnVerdict => {
    const verdict = judge(rules, sumsOf(ring), states, now)
    states = verdict.next
    return verdict
  }
  for (let passed = 0; passed < history; passed += sliceMs) close(calm)
  const during = (slice: Minute | 'gap' | 'empty', slices: number) => {
    const verdicts: BurnVerdict[] = []
    for (let index = 0; index < slices; index += 1) {
      close(slice)
      verdicts.push(evaluate())
    }
    return verdicts
  }
  return { ring, during, evaluate, close }
}

const firstPage = (verdicts: readonly BurnVerdict[]) => 1 + verdicts.findIndex((each) => each.level === 'page')

// Detection of a total outage: the exact time, rounded up to the slice that closes next. An objective that is younger
// than its windows pages at the same moment as an old one.
test.each([
  { target: '0.9', pages: 55 }, // 9× instead of 14.4×: 54 minutes is the limit itself, and it must be passed
  { target: '0.95', pages: 44 },
  { target: '0.99', pages: 9 },
  { target: '0.999', pages: 1 },
])('$target pages after $pages minutes of total outage, old or new', ({ target, pages }) => {
  const rules = rulesFor(target)
  expect(firstPage(live(rules).during(outage, 60))).toBe(pages)
  expect(firstPage(live(rules, minute, 20 * minute).during(outage, 60))).toBe(pages)
})

test('a one-hour objective in five-second slices pages with the first of them', () => {
  const rules = rulesFor('0.99', hour, 5_000)
  const found = live(rules, 5_000, hour).during(outage, 2)
  expect(found[0]).toMatchObject({ level: 'page', change: 'opened', notify: true })
  expect(found[0]?.governing?.tier.name).toBe('25s/5s')
})

test('15 % errors for 10 minutes: pages after 6, and is over one short window after that falls', () => {
  const rules = rulesFor('0.999')
  const objective = live(rules)
  const during = objective.during({ good: 850, bad: 150 }, 10)
  expect(firstPage(during)).toBe(6)
  const after = objective.during(calm, 60)
  // The short window falls below the limit 4.52 minutes after the errors end; then it is held for its own length.
  expect(after.findIndex((each) => !each.tiers[0]?.firing) + 1).toBe(10)
  const changes = [...during, ...after].map((each) => each.change).filter((change) => change !== 'none')
  expect(changes[0]).toBe('opened')
  expect(changes.filter((change) => change === 'opened' || change === 'escalated').length).toBeLessThanOrEqual(2)
})

test('spikes do not open again and again: while held, nothing is told', () => {
  const objective = live(rulesFor('0.999'))
  const verdicts = Array.from({ length: 6 }, () => [
    ...objective.during(outage, 2),
    ...objective.during(calm, 8),
  ]).flat()
  expect(verdicts.filter((each) => each.notify)).toHaveLength(1)
})

test('a slow burn is a ticket, and growing into a fire escalates; other tiers attach', () => {
  const objective = live(rulesFor('0.999'))
  const slow = objective.during({ good: 996, bad: 4 }, 30 * 60)
  const opened = slow.find((each) => each.notify)
  expect(opened).toMatchObject({ level: 'ticket', change: 'opened' })
  const fast = objective.during({ good: 500, bad: 500 }, 5)
  const escalated = fast.find((each) => each.change === 'escalated')
  expect(escalated).toMatchObject({ level: 'page', notify: true })
  expect(escalated?.tiers.filter((each) => each.firing).length).toBeGreaterThan(1)
  expect(escalated?.tiers.filter((each) => each.governs).map((each) => each.tier.name)).toEqual(['1h/5m'])
  const governing = escalated?.governing
  expect(escalated?.governingRate).toBe(Math.min(governing?.long?.rate ?? 0, governing?.short?.rate ?? 0))
})

const sum = (lengthMs: number, spent: number, total: number, more: Partial<WindowSum> = {}): WindowSum => {
  const slices = lengthMs / minute
  const known = { measured: slices, expected: slices, unborn: 0 }
  return { lengthMs, end: instant(1_000 * day), spent, total, bad: spent, good: total - spent, ...known, ...more }
}
const one: Tier = { name: '1h/5m', severity: 'page', longMs: hour, shortMs: 5 * minute, threshold: exactly('14.4') }
const single = (leastBadForPage = 5) =>
  compileRules({
    budget: exactly('0.001'),
    tiers: [one],
    coverageFloor: exactly('0.9'),
    staleAfterMs: 3 * minute,
    leastBadForPage,
  })
const fired: TierState = { name: '1h/5m', firing: true, severity: 'page', since: instant(999 * day), belowSince: null }
const now = instant(1_000 * day)

test.each([
  { says: 'exactly the limit is not above it', short: [144, 10_000], long: [144, 10_000], level: 'calm' },
  { says: 'one more is', short: [145, 10_000], long: [145, 10_000], level: 'page' },
  { says: 'it is over: do not wake anyone', short: [0, 10_000], long: [2_000, 10_000], level: 'calm' },
  { says: 'only a blip so far', short: [500, 1_000], long: [500, 1_000_000], level: 'calm' },
  { says: '3 bad of 9 are no page', short: [3, 9], long: [3, 9], level: 'ticket' },
  { says: '5 bad are', short: [5, 9], long: [5, 9], level: 'page' },
  { says: 'nothing happened for an hour', short: [0, 0], long: [0, 0], level: 'no-events' },
  {
    says: 'it burned, and now nothing comes: not known to be over, nor to go on',
    short: [0, 0],
    long: [2_000, 10_000],
    level: 'no-events',
  },
  { says: 'nothing came lately, but the hour was fine', short: [0, 0], long: [1, 10_000], level: 'calm' },
])('$says: $level', ({ short, long, level }) => {
  const sums = [sum(5 * minute, short[0] ?? 0, short[1] ?? 0), sum(hour, long[0] ?? 0, long[1] ?? 0)]
  expect(judge(single(), sums, [], now).level).toBe(level)
})

test.each([
  { says: 'too little of the long window', short: {}, long: { measured: 53 }, because: 'coverage' },
  { says: 'too little of the short window', short: { measured: 4 }, long: {}, because: 'coverage' },
  { says: 'nothing measured', short: { measured: 0 }, long: { measured: 55 }, because: 'no-data' },
  { says: 'not yet begun', short: { measured: 0, expected: 0, unborn: 5 }, long: {}, because: 'no-data' },
  { says: 'excluded', short: { measured: 0, expected: 0 }, long: {}, because: 'excluded' },
])('frozen, firing or not: $says', ({ short, long, because }) => {
  const sums = [sum(5 * minute, 900, 1_000, short), sum(hour, 900, 1_000, long)]
  const quiet = judge(single(), sums, [], now)
  expect(quiet).toMatchObject({ level: 'unknown', change: 'none', unmeasured: ['1h/5m'] })
  expect(quiet.tiers[0]).toMatchObject({ state: 'frozen', frozenBecause: because, firing: false })
  expect(judge(single(), sums, [fired], now)).toMatchObject({ level: 'page', change: 'none', notify: false })
})

test('what is younger than its windows is judged by a lower bound, which is told beside the rate', () => {
  const young = (lengthMs: number) =>
    sum(lengthMs, 60, 1_000, { measured: 4, expected: 4, unborn: lengthMs / minute - 4 })
  const { level, tiers } = judge(single(), [young(5 * minute), young(hour)], [], now)
  expect(level).toBe('calm')
  const [tier] = tiers
  expect(tier?.long?.rate).toBeCloseTo(60, 10)
  expect(tier?.long?.judged).toBeCloseTo(4, 10)
  expect(tier?.short?.judged).toBeCloseTo(48, 10)
})

test('exactly nine tenths are enough', () => {
  const sums = [sum(5 * minute, 900, 1_000), sum(hour, 900, 1_000, { measured: 54 })]
  expect(judge(single(), sums, [], now).level).toBe('page')
})

test('a hole in three days does not blind the hour', () => {
  const objective = live(rulesFor('0.999'))
  for (let index = 0; index < 600; index += 1) objective.close('gap')
  const [first] = objective.during(calm, 60).slice(-1)
  expect(first).toMatchObject({ level: 'calm' })
  expect(first?.unmeasured).toEqual(['6h/30m', '1d/2h', '3d/6h'])
  expect(first?.reason).toContain('Not judged: 6h/30m (too little of its windows was measured)')
  expect(objective.during(outage, 3).at(-1)?.level).toBe('page')
})

test('while the newest measurement is too old nothing fires and nothing resolves', () => {
  const objective = live(rulesFor('0.999'))
  objective.during(outage, 5)
  const late = instant(closedUntil(objective.ring) + 4 * minute)
  expect(objective.evaluate(late)).toMatchObject({ level: 'page', change: 'none' })
  expect(objective.evaluate(late).reason).toContain('the newest measurement is too old')
})

test('a firing objective that hears of no more events stays, until a whole window is silent', () => {
  const objective = live(rulesFor('0.999'))
  objective.during(outage, 5)
  const silent = objective.during('empty', 3 * 24 * 60 + 10)
  expect(silent[10]).toMatchObject({ level: 'page', change: 'none' })
  expect(silent[10]?.tiers[0]?.frozenBecause).toBe('no-events')
  expect(silent.at(-1)).toMatchObject({ level: 'no-events' })
})

test('an exclusion freezes, and what it covers is not held against the service', () => {
  const objective = live(rulesFor('0.999'))
  objective.during(outage, 5)
  for (let back = 1; back <= 5; back += 1)
    excludeSlice(objective.ring, instant(closedUntil(objective.ring) - back * minute), 'drop')
  expect(objective.evaluate()).toMatchObject({ level: 'page', change: 'none' })
  // The five minutes are gone for the fast tier at once; the slower ones are held for their short windows.
  const after = objective.during(calm, 6 * 60 + 1)
  expect(after.at(-1)?.level).toBe('calm')
  expect(after.filter((each) => each.notify)).toEqual([])
})

test(
  'C9 freeze: no transition without coverage or with a stale watermark, whatever the numbers and the past',
  patient,
  () => {
    const count = fc.nat(100_000)
    fc.assert(
      fc.property(
        count,
        count,
        fc.integer({ min: 0, max: 53 }),
        fc.boolean(),
        fc.boolean(),
        (spent, rest, measured, firing, stale) => {
          const sums = [sum(5 * minute, spent, spent + rest), sum(hour, spent, spent + rest, stale ? {} : { measured })]
          const before = [{ ...fired, firing }]
          const verdict = judge(single(), sums, before, stale ? instant(now + 3 * minute + 1) : now)
          expect(verdict).toMatchObject({ change: 'none', notify: false })
          expect(verdict.next[0]?.firing).toBe(firing)
          expect(verdict.level === 'calm' || verdict.level === 'no-events').toBe(false)
        },
      ),
      { numRuns: 10_000 },
    )
  },
)

// The integer comparison of the hot path is the comparison of exact fractions, also beyond 2^53.
test('C6 no float drift: a tier fires exactly when both exact burn rates are above its threshold', patient, () => {
  const counts = fc.oneof(fc.nat(1_000), fc.nat(10_000_000), fc.nat(2 ** 51))
  const fractions = fc.record({
    threshold: fc.integer({ min: 10, max: 200 }),
    budget: fc.integer({ min: 1, max: 5_000 }),
  })
  fc.assert(
    fc.property(counts, counts, counts, counts, fractions, (badLong, goodLong, badShort, goodShort, of) => {
      const [threshold, budget] = [rational(of.threshold, 10), rational(of.budget, 10_000)]
      const tier = { ...one, threshold }
      const rules = compileRules({
        budget,
        tiers: [tier],
        coverageFloor: exactly('0.9'),
        staleAfterMs: minute,
        leastBadForPage: 0,
      })
      const [long, short] = [sum(hour, badLong, badLong + goodLong), sum(5 * minute, badShort, badShort + goodShort)]
      const above = (each: WindowSum) => compare(burnRate(each.spent, each.total, budget) ?? rational(0), threshold) > 0
      const verdict = judge(rules, [short, long], [], now)
      expect(verdict.tiers[0]?.firing).toBe(above(long) && above(short))
      const shown = verdict.tiers[0]?.long
      if (shown != null)
        expect(Math.abs(shown.rate - toNumber(exactBurn(shown, budget)))).toBeLessThanOrEqual(
          1e-9 * Math.max(1, shown.rate),
        )
    }),
    { numRuns: 10_000 },
  )
})

test('C6 no float drift: scaled comparisons are exact, too', patient, () => {
  const whole = fc.oneof(fc.nat(1_000), fc.nat(2 ** 40))
  const fraction = fc.record({ num: fc.nat(10_000), den: fc.integer({ min: 1, max: 10_000 }) })
  fc.assert(
    fc.property(whole, whole, fraction, fraction, (above, below, scale, limit) => {
      const expected =
        below > 0 &&
        compare(multiply(rational(above, below), rational(scale.num, scale.den)), rational(limit.num, limit.den)) > 0
      if (below > 0) expect(exceeds(above, below, scale, limit)).toBe(expected)
    }),
    { numRuns: 10_000 },
  )
})

test('time that passes without data is not measured, never calm', () => {
  const objective = live(rulesFor('0.999'))
  advanceTo(objective.ring, instant(closedUntil(objective.ring) + 30 * minute))
  expect(objective.evaluate()).toMatchObject({ level: 'unknown' })
})

test('every verdict says why', () => {
  const reason = (short: WindowSum, long: WindowSum, before: readonly TierState[] = []) =>
    judge(single(), [short, long], before, now).reason
  expect(reason(sum(5 * minute, 100, 1_000), sum(hour, 288, 10_000))).toBe(
    'Burning 28.8× over 1h and 100× over 5m, limit 14.4×: 288 bad of 10,000.',
  )
  expect(reason(sum(5 * minute, 3, 9), sum(hour, 3, 9))).toContain(
    '3 bad of 9. Too few failures for a page, so a ticket.',
  )
  expect(reason(sum(5 * minute, 0, 9), sum(hour, 0, 9))).toBe('No tier burns above its limit.')
  expect(reason(sum(5 * minute, 0, 0), sum(hour, 0, 0))).toBe('Nothing happened in the last 1 h.')
  expect(reason(sum(5 * minute, 0, 9, { measured: 0 }), sum(hour, 0, 9))).toBe(
    'Not known: 1h/5m (nothing was measured).',
  )
})

test('what was not seen was not below: the hold begins again after a freeze', () => {
  const [quiet, hour1] = [sum(5 * minute, 0, 1_000), sum(hour, 900, 10_000)]
  const later = (each: WindowSum, minutes: number, more: Partial<WindowSum> = {}) => ({
    ...each,
    ...more,
    end: instant(now + minutes * minute),
  })
  const at = (minutes: number, before: readonly TierState[], more: Partial<WindowSum> = {}) =>
    judge(single(), [later(quiet, minutes, more), later(hour1, minutes)], before, instant(now + minutes * minute))
  const held = at(0, [fired])
  const frozen = at(4, held.next, { measured: 0 })
  const thawed = at(5, frozen.next)
  expect([held, frozen, thawed].map((each) => each.level)).toEqual(['page', 'page', 'page'])
  expect(at(9, thawed.next).level).toBe('page')
  expect(at(10, thawed.next)).toMatchObject({ level: 'calm', change: 'resolved' })
})
