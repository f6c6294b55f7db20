import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { compare, parseRational, type Rational, rational, toNumber } from '../../../kernel/rational.ts'
import { atLeast, judgeCeiling, type Needed, serialOf, usedBy } from './ceiling.ts'
import { anyOfSteps, serialSteps } from './joint-steps.ts'
import { depthOf, findCycle, type JourneyMember, type JourneyMode, type MissingPolicy } from './journey.ts'
import { type Attained, attainedOf, type Evaluated, evaluateAnyOf, judgeJourney, shareOf } from './judge-journey.ts'
import { stepStates, tallyMember } from './member-tally.ts'
import { formatShare, formatTarget } from './sentence.ts'
import { compileSpend } from './spend.ts'

const exact = (text: string): Rational => parseRational(text) ?? rational(0)
const percent = (text: string): Rational => ((value) => rational(value.num, value.den * 100n))(exact(text))
const none = new Uint8Array(0)
const known = (value: Rational, promised: Rational | null = null): Evaluated => {
  const attained: Attained = { state: 'known', value }
  return { attained, product: attained, promised, steps: none }
}
const unsure = (state: 'unknown' | 'idle'): Evaluated => ({
  attained: { state },
  product: { state },
  promised: null,
  steps: none,
})
const member = (weight: Rational | number = 1, use: Rational = rational(1)): JourneyMember => ({
  part: { kind: 'objective', name: 'x' },
  weight: typeof weight === 'number' ? rational(weight) : weight,
  use,
})
const journey = (
  members: readonly JourneyMember[],
  more: { target?: Rational | null; mode?: JourneyMode; missing?: MissingPolicy } = {},
) => ({ target: percent('99.5'), mode: 'weighted' as const, missing: 'unknown' as const, ...more, members })

test('the mean by weight hides what the product shows: 99.90 % beside 99.42 %', () => {
  const weights = [35, 25, 20, 10, 10]
  const shares = ['99.93', '99.93', '99.88', '99.86', '99.82']
  const verdict = judgeJourney(
    journey(weights.map((each) => member(each))),
    shares.map((each) => known(percent(each))),
  )
  expect(formatShare(shareOf(verdict.weighted) ?? rational(0))).toBe('99.902 %')
  expect(toNumber(shareOf(verdict.weighted) ?? rational(0))).toBeCloseTo(0.999, 4)
  expect(formatShare(shareOf(verdict.product) ?? rational(0))).toBe('99.42 %')
  expect(verdict.members.map((each) => each.worst)).toEqual([false, false, false, false, true])
})

// Four in a row: 99.99 · 99.99 · 99.95 · 99.9 → 99.830 %.
test('the ceiling of promises is their product', () => {
  const promises = ['99.99', '99.99', '99.95', '99.9'].map(percent)
  expect(toNumber(serialOf(promises))).toBeCloseTo(0.998_3, 5)
  expect(formatShare(serialOf(promises))).toBe('99.83 %')
  const verdict = judgeJourney(
    journey([member(), member(), member(), member()]),
    promises.map((each) => known(rational(1), each)),
  )
  expect(verdict.ceiling.promised).toEqual(serialOf(promises))
})

test.each([
  // Two of 99 %: one is enough, or both are needed.
  { need: 1, parts: ['99', '99'], text: '99.99 %' },
  { need: 2, parts: ['99', '99'], text: '98.01 %' },
  // Two of three of 99 %: 3·0.99²·0.01 + 0.99³.
  { need: 2, parts: ['99', '99', '99'], text: '99.97 %' },
  { need: 1, parts: ['90', '80'], text: '98 %' },
  { need: 0, parts: ['50'], text: '100 %' },
])('$need of $parts is $text', ({ need, parts, text }) => {
  expect(formatShare(atLeast(need, parts.map(percent)))).toBe(text)
})

test('what every fifth journey uses counts a fifth: 1 − 0.2 × 1 % = 99.8 %', () =>
  expect(formatShare(usedBy(exact('0.2'), percent('99')))).toBe('99.8 %'))

const share = fc.integer({ min: 0, max: 1_000 }).map((each) => rational(each, 1_000))
const shares = fc.array(share, { minLength: 1, maxLength: 6 })

test('k of n: all is the product, one is what is left of all failing, and more need is never easier', () => {
  fc.assert(
    fc.property(shares, (parts) => {
      expect(atLeast(parts.length, parts)).toEqual(serialOf(parts))
      const failing = serialOf(parts.map((each) => usedBy(rational(1), rational(each.den - each.num, each.den))))
      expect(atLeast(1, parts)).toEqual(rational(failing.den - failing.num, failing.den))
      for (let need = 1; need <= parts.length; need += 1)
        expect(compare(atLeast(need, parts), atLeast(need - 1, parts))).toBeLessThanOrEqual(0)
    }),
  )
})

test('product ≤ worst ≤ mean, and a member that gets better never makes the journey worse', () => {
  const modes = fc.constantFrom<JourneyMode>('weighted', 'worst')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(share, fc.integer({ min: 1, max: 50 }), share), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      share,
      modes,
      (parts, at, better, mode) => {
        const definition = journey(
          parts.map(([, weight]) => member(weight)),
          { mode },
        )
        const judge = (values: readonly Rational[]) =>
          judgeJourney(
            definition,
            values.map((each) => known(each)),
          )
        const values = parts.map(([value]) => value)
        const verdict = judge(values)
        const [product, worst, weighted] = [verdict.product, verdict.worst, verdict.weighted].map(
          (each) => shareOf(each) ?? rational(0),
        )
        if (product === undefined || worst === undefined || weighted === undefined) throw new Error('known')
        expect(compare(product, worst)).toBeLessThanOrEqual(0)
        expect(compare(worst, weighted)).toBeLessThanOrEqual(0)
        const place = at % values.length
        const raised = values.map((each, index) => (index === place && compare(better, each) > 0 ? better : each))
        const then = judge(raised)
        expect(
          compare(shareOf(then.attained) ?? rational(0), shareOf(verdict.attained) ?? rational(0)),
        ).toBeGreaterThanOrEqual(0)
        expect(compare(shareOf(then.product) ?? rational(0), product)).toBeGreaterThanOrEqual(0)
      },
    ),
  )
})

test('the order of members and the scale of weights change nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(share, fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 2, max: 9 }),
      (parts, scale) => {
        const judge = (given: readonly (readonly [Rational, number])[]) =>
          judgeJourney(
            journey(given.map(([, weight]) => member(weight))),
            given.map(([value]) => known(value)),
          )
        const verdict = judge(parts)
        for (const other of [
          judge([...parts].reverse()),
          judge(parts.map(([value, weight]) => [value, weight * scale] as const)),
        ]) {
          expect(other.weighted).toEqual(verdict.weighted)
          expect(other.product).toEqual(verdict.product)
          expect(other.remaining).toEqual(verdict.remaining)
        }
      },
    ),
  )
})

test('a member that is not known makes the journey unknown, counts as failed, or is left out; never good', () => {
  const parts = [known(percent('99.9')), unsure('unknown')]
  const judge = (missing: MissingPolicy, mode: JourneyMode = 'weighted') =>
    judgeJourney(journey([member(3), member(1)], { missing, mode }), parts)
  expect(judge('unknown').attained).toEqual({ state: 'unknown' })
  expect(judge('unknown', 'worst').attained).toEqual({ state: 'unknown' })
  expect(judge('unknown').remaining).toBeNull()
  expect(judge('leave-out').attained).toEqual({ state: 'known', value: percent('99.9') })
  expect(judgeJourney(journey([member()], { missing: 'leave-out' }), [unsure('unknown')]).attained.state).toBe(
    'unknown',
  )
  expect(judgeJourney(journey([member(), member()]), [known(percent('99')), unsure('idle')]).attained).toEqual({
    state: 'known',
    value: percent('99'),
  })
})

const sum = (spent: number, total: number, measured: number, expected: number) => ({ spent, total, measured, expected })
test.each<[string, ReturnType<typeof sum>, MissingPolicy, Attained]>([
  ['all measured', sum(1, 1_000, 100, 100), 'unknown', { state: 'known', value: percent('99.9') }],
  ['a small hole', sum(1, 1_000, 95, 100), 'unknown', { state: 'known', value: percent('99.9') }],
  ['a large hole', sum(1, 1_000, 80, 100), 'unknown', { state: 'unknown' }],
  ['a large hole that counts as failed', sum(0, 1_000, 80, 100), 'bad', { state: 'known', value: percent('80') }],
  ['nothing measured', sum(0, 0, 0, 100), 'unknown', { state: 'unknown' }],
  ['nothing measured counts as failed', sum(0, 0, 0, 100), 'bad', { state: 'known', value: rational(0) }],
  ['nothing happened', sum(0, 0, 100, 100), 'unknown', { state: 'idle' }],
  ['nothing expected', sum(0, 0, 0, 0), 'bad', { state: 'idle' }],
])('%s', (_says, given, missing, attained) => expect(attainedOf(given, missing)).toEqual(attained))

test('the budget: 99.2 % of 99.5 % is overspent by 60 %; OpenSLO spends its members’ budgets by weight', () => {
  const one = judgeJourney(journey([member()]), [known(percent('99.2'))])
  expect(toNumber(one.remaining ?? rational(0))).toBeCloseTo(-0.6, 12)
  // Half of one budget and a tenth of the other, three to one.
  const two = judgeJourney(journey([member(3), member(1)], { mode: 'budget-weighted', target: null }), [
    known(percent('99.5'), percent('99')),
    known(percent('99.99'), percent('99.9')),
  ])
  expect(toNumber(two.remaining ?? rational(0))).toBeCloseTo(1 - (3 * 0.5 + 0.1) / 4, 12)
})

test('redundant members: both are not known to have failed', () => {
  const both = evaluateAnyOf(1, [known(percent('99'), percent('99')), known(percent('99'), percent('99'))], 'unknown')
  expect(
    [both.attained, both.promised].map((each) =>
      each !== null && 'num' in each ? each : shareOf(each ?? { state: 'idle' }),
    ),
  ).toEqual([percent('99.99'), percent('99.99')])
  expect(evaluateAnyOf(1, [known(percent('99')), unsure('unknown')], 'unknown').attained.state).toBe('unknown')
  expect(evaluateAnyOf(1, [known(percent('99')), unsure('unknown')], 'leave-out').attained).toEqual({
    state: 'known',
    value: percent('99'),
  })
})

const { idle, good, bad, unknown, leftOut } = stepStates
test.each<[string, number[], MissingPolicy, number]>([
  ['all good', [good, good], 'unknown', good],
  ['one failed, whatever else is unknown', [bad, unknown], 'unknown', bad],
  ['one unknown', [good, unknown], 'unknown', unknown],
  ['one unknown, counted as failed', [good, unknown], 'bad', bad],
  ['one unknown, left out', [good, unknown], 'leave-out', good],
  ['only unknown, left out', [unknown, leftOut], 'leave-out', unknown],
  ['good and idle', [good, idle], 'unknown', good],
  ['nothing happened', [idle, leftOut], 'unknown', idle],
  ['nothing expected', [leftOut, leftOut], 'unknown', leftOut],
])('%s', (_says, parts, missing, state) => {
  expect([
    ...serialSteps(
      parts.map((each) => Uint8Array.of(each)),
      missing,
    ),
  ]).toEqual([state])
})

test.each<[number, number[], number]>([
  [1, [bad, good], good],
  [2, [bad, good], bad],
  [1, [bad, bad], bad],
  [1, [bad, unknown], unknown],
  [2, [good, unknown, bad], unknown],
  [1, [idle, bad], idle],
])('%i of %j is %i', (need, parts, state) =>
  expect([
    ...anyOfSteps(
      parts.map((each) => Uint8Array.of(each)),
      need,
    ),
  ]).toEqual([state]),
)

test('failures at once count once: two members at 90 % that fail together attain 90 %, not 81 %', () => {
  const steps = Uint8Array.from({ length: 100 }, (_, index) => (index < 10 ? bad : good))
  const part: Evaluated = { ...known(percent('90')), steps }
  const verdict = judgeJourney(journey([member(), member()], { mode: 'any-bad' }), [part, part])
  expect(shareOf(verdict.attained)).toEqual(percent('90'))
  expect(shareOf(verdict.product)).toEqual(percent('81'))
  expect(verdict.members.map((each) => each.blame)).toEqual([
    { bad: 10, alone: 0 },
    { bad: 10, alone: 0 },
  ])
})

test('what only some journeys use does not fail the time of all', () => {
  const steps = Uint8Array.of(bad, good)
  const verdict = judgeJourney(journey([member(), member(1, exact('0.1'))], { mode: 'any-bad' }), [
    { ...known(rational(1)), steps: Uint8Array.of(good, good) },
    { ...known(percent('50')), steps },
  ])
  expect(shareOf(verdict.attained)).toEqual(rational(1))
  expect(shareOf(verdict.product)).toEqual(percent('95'))
})

test('a tally of slices equals the plain sums, whatever the blocks', () => {
  const slice = fc.record({ measured: fc.boolean(), good: fc.nat(50), bad: fc.nat(5) })
  fc.assert(
    fc.property(
      fc.array(slice, { minLength: 12, maxLength: 48 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 11 }),
      (given, born, cut) => {
        const count = given.length - (given.length % 4)
        const slices = given.slice(0, count)
        const tally = tallyMember({
          from: instant(0),
          until: instant(count * 60_000),
          sliceMs: 60_000,
          stepMs: 240_000,
          born: instant(born * 60_000),
          rule: compileSpend({ method: 'occurrences' }),
          least: exact('0.9'),
          covered: [{ from: 3, to: 5, mode: 'drop' }],
        })
        for (let first = 0; first < count; first += cut) {
          const part = slices.slice(first, first + cut)
          tally.take({
            first,
            measured: Uint8Array.from(part, (each) => (each.measured ? 1 : 0)),
            good: Float64Array.from(part, (each) => each.good),
            bad: Float64Array.from(part, (each) => each.bad),
          })
        }
        const { sum: found, steps } = tally.finish()
        const live = slices.map((each, index) => ({ ...each, index })).filter(({ index }) => index < 3 || index >= 5)
        const counted = live.filter((each) => each.measured)
        expect(found.spent).toBe(counted.reduce((total, each) => total + each.bad, 0))
        expect(found.total).toBe(counted.reduce((total, each) => total + each.good + each.bad, 0))
        expect(found.measured).toBe(counted.length)
        expect(found.unborn).toBe(live.filter(({ index, measured }) => !measured && index < born).length)
        expect(found.expected).toBe(live.length - found.unborn)
        expect(steps.length).toBe(count / 4)
        for (const [index, state] of steps.entries()) {
          const inside = live.filter(
            (each) => Math.floor(each.index / 4) === index && (each.measured || each.index >= born),
          )
          const gap = inside.some((each) => !each.measured)
          // A gap never reads as good.
          if (gap) expect([bad, unknown]).toContain(state)
        }
      },
    ),
  )
})

test('a cycle is found with its way, however deep, and none is found where there is none', () => {
  const graph: Record<string, readonly string[]> = {
    buy: ['pay', 'login'],
    pay: ['card'],
    card: ['login', 'buy'],
    login: [],
  }
  const of = (name: string) => graph[name] ?? []
  expect(findCycle('buy', of)).toEqual(['buy', 'pay', 'card', 'buy'])
  expect(findCycle('login', of)).toBeNull()
  expect(findCycle('self', () => ['self'])).toEqual(['self', 'self'])
  expect(depthOf('a', (name) => ({ a: ['b', 'c'], b: ['c'], c: [] })[name] ?? [])).toBe(3)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 25 }), (edges) => {
      const up = edges.filter(([from, to]) => from < to)
      const next = (name: string) => up.filter(([from]) => String(from) === name).map(([, to]) => String(to))
      expect(findCycle('0', next)).toBeNull()
    }),
  )
})

const needs = (name: string, promised: string | null, measured: string | null = null): Needed => ({
  name,
  promised: promised === null ? null : percent(promised),
  measured: measured === null ? null : percent(measured),
})
const words = { who: 'its dependencies', windowMs: 28 * 86_400_000 }
test.each<[string, string, Needed[], { promised: string | null; measured?: string }, string, string | null]>([
  [
    'one promises less',
    '99.95',
    [needs('payment', '99.9')],
    { promised: '99.9' },
    'above-promised',
    '99.95 % is impossible while payment promises 99.9 %.',
  ],
  [
    'one of several promises less',
    '99.95',
    [needs('payment', '99.9'), needs('cart', '99.99')],
    { promised: '99.89' },
    'above-promised',
    '99.95 % is impossible while payment promises 99.9 %; together its dependencies promise 99.89 % at most.',
  ],
  [
    'none alone, but all together',
    '99.9',
    [needs('a', '99.94'), needs('b', '99.94')],
    { promised: '99.88' },
    'above-promised',
    '99.9 % is more than can be kept: together its dependencies promise 99.88 % at most, if they fail independently.',
  ],
  [
    'promised, but not done',
    '99.5',
    [needs('a', '99.9', '99.2')],
    { promised: '99.9', measured: '99.2' },
    'above-measured',
    '99.5 % is more than its dependencies did: 99.2 % together over the last 28 d, if they failed independently.',
  ],
  [
    'it fits',
    '99.5',
    [needs('a', '99.9')],
    { promised: '99.9' },
    'fits',
    '99.5 % fits: together its dependencies promise 99.9 %.',
  ],
  ['nothing is promised', '99.5', [needs('a', null)], { promised: null }, 'unknown', null],
])('%s', (_says, target, needed, ceiling, state, sentence) => {
  const verdict = judgeCeiling(
    percent(target),
    needed,
    {
      promised: ceiling.promised === null ? null : percent(ceiling.promised),
      measured: ceiling.measured === undefined ? null : percent(ceiling.measured),
    },
    words,
  )
  expect(verdict).toEqual({ state, sentence })
})

test.each([
  ['0.9995', '99.95 %'],
  ['0.999', '99.9 %'],
  ['0.99999', '99.999 %'],
  ['0.5', '50 %'],
  ['0.123456789', '12.3456789 %'],
])('the target %s reads %s', (target, text) => expect(formatTarget(exact(target))).toBe(text))

test('a share below the whole never reads as 100 %', () => {
  expect(formatShare(exact('0.99999999'))).not.toBe('100 %')
  expect(formatShare(rational(1))).toBe('100 %')
  expect(formatShare(exact('0.995'))).toBe('99.5 %')
})
