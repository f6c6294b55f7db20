// Conditions of correctness of the engine, each over 10,000 generated lives; C1, C5, C6, C7 and C9 stand with what they
// are about, C2 to C4 with what comes in (telemetry/core).
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { type Rational, rational, toNumber } from '../../../kernel/rational.ts'
import type { Slice } from '../../telemetry/core/index.ts'
import { burnRate } from './burn.ts'
import { bytesOf, chunkSlices } from './cells.ts'
import { type CompiledRules, compileRules, judge, type TierState } from './judge.ts'
import {
  addToSlice,
  advanceTo,
  closedUntil,
  createRing,
  excludeSlice,
  putSlice,
  type Ring,
  rebuildRing,
  settle,
  slicesOf,
  sumsOf,
} from './ring.ts'
import { compileSpend } from './spend.ts'
import type { Tier, TierSeverity } from './tiers.ts'
import { sumSlices, type WindowSum } from './window.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const numRuns = 10_000
const sliceMs = 60_000
const at = (number: number): Instant => instant(number * sliceMs)
const born = 100
const rule = compileSpend({ method: 'occurrences' })

const tier = (long: number, short: number, severity: TierSeverity, threshold: Rational): Tier => ({
  name: `${long}/${short}`,
  severity,
  longMs: long * sliceMs,
  shortMs: short * sliceMs,
  threshold,
})
const rulesOf = (budget: Rational, leastBadForPage = 0): CompiledRules =>
  compileRules({
    budget,
    tiers: [tier(6, 1, 'page', rational(144, 10)), tier(12, 3, 'ticket', rational(3))],
    coverageFloor: rational(9, 10),
    staleAfterMs: 3 * sliceMs,
    leastBadForPage,
  })

const minute: fc.Arbitrary<Slice> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      state: fc.constant('closed' as const),
      good: fc.constantFrom(0, 1, 7, 900, 1_000, 65_000),
      bad: fc.constantFrom(0, 0, 1, 3, 20, 400),
    }),
  },
  fc.constant<Slice>({ state: 'closed-empty' }),
  fc.constant<Slice>({ state: 'gap' }),
)
const minutes = (maxLength: number) => fc.array(minute, { minLength: 1, maxLength })

function lived(rules: CompiledRules, given: readonly Slice[]): Ring {
  const ring = createRing({ sliceMs, windows: rules.windows, rule, born: at(born) })
  for (const [index, slice] of given.entries()) putSlice(ring, at(born + index), slice)
  return ring
}

test(
  'C8 window exactness: a failure counts in exactly the windows that reach its slice, at every instant',
  patient,
  () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ bad: fc.nat(3), wait: fc.constantFrom(0, 0, 1, 4) }) },
      fc.record({ bad: fc.constant(0), wait: fc.integer({ min: 1, max: 30 }) }),
    )
    const lengths = [1, 3, 7, 12]
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const ring = createRing({ sliceMs, windows: lengths.map((each) => each * sliceMs), rule, born: at(born) })
        const failed = new Map<number, number>()
        const [seen, wanted]: [number[], number[]] = [[], []]
        for (const { bad, wait } of steps) {
          const number = closedUntil(ring) / sliceMs + wait
          putSlice(ring, at(number), { state: 'closed', good: 1, bad })
          failed.set(number, bad)
          const end = number + 1
          for (const [index, sum] of sumsOf(ring).entries()) {
            const length = lengths[index] ?? 0
            const within = [...failed].filter(([slice]) => slice >= end - length && slice < end)
            seen.push(sum.end, sum.bad, sum.good, sum.expected + sum.unborn)
            wanted.push(
              at(end),
              within.reduce((all, [, count]) => all + count, 0),
              within.length,
              length,
            )
          }
        }
        expect(seen).toEqual(wanted)
      }),
      { numRuns },
    )
  },
)

/** The rules of an alert as a person would work them out from the list of minutes, with whole numbers of any size. */
function byHand(given: readonly Slice[], { tiers, budget }: CompiledRules): 'page' | 'ticket' | 'none' {
  const fires = tiers.filter(({ longMs, shortMs, threshold }) =>
    [longMs, shortMs].every((lengthMs) => {
      const window = given.slice(-(lengthMs / sliceMs))
      const [good, bad] = window.reduce(
        ([good, bad], each) =>
          each.state === 'closed' ? [good + BigInt(each.good), bad + BigInt(each.bad)] : [good, bad],
        [0n, 0n],
      )
      return bad * budget.den * threshold.den > (good + bad) * budget.num * threshold.num
    }),
  )
  return fires.some((each) => each.severity === 'page') ? 'page' : fires.length > 0 ? 'ticket' : 'none'
}

test('C10 differential: what the engine says of a fully measured life is what the rules say by hand', patient, () => {
  const measured = fc.array(
    minute.filter((each) => each.state !== 'gap'),
    { minLength: 12, maxLength: 24 },
  )
  const levels = new Set<string>()
  fc.assert(
    fc.property(measured, fc.constantFrom(1, 5, 10, 50, 300), (given, perMille) => {
      const rules = rulesOf(rational(perMille, 1_000))
      const ring = lived(rules, given)
      const { level } = judge(rules, sumsOf(ring), [], closedUntil(ring))
      const expected = byHand(given, rules)
      levels.add(expected)
      if (expected === 'none') expect(['calm', 'no-events', 'unknown']).toContain(level)
      else expect(level).toBe(expected)
    }),
    { numRuns },
  )
  expect([...levels].sort()).toEqual(['none', 'page', 'ticket'])
})

/** slo-generator's arithmetic: the indicator is rounded to six places, the burn rate to one. */
function sloGenerator(good: number, bad: number, target: number): number {
  const indicator = Number((good / (good + bad)).toFixed(6))
  return Number(((1 - indicator) / (1 - target)).toFixed(1))
}

test('C10 differential: slo-generator differs from our burn rate by no more than its own rounding', patient, () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(100_000), fc.constantFrom(9, 95, 99, 999, 9_999), (good, bad, nines) => {
      if (good + bad === 0) return
      const target = rational(nines, 10 ** String(nines).length)
      const budget = rational(target.den - target.num, target.den)
      const exact = burnRate(bad, good + bad, budget)
      const rounding = 0.05 + 0.5e-6 / toNumber(budget)
      expect(Math.abs(toNumber(exact ?? rational(0)) - sloGenerator(good, bad, toNumber(target)))).toBeLessThanOrEqual(
        rounding * (1 + 1e-9),
      )
    }),
    { numRuns },
  )
})

test(
  'C11 version: recomputed from what is stored, a verdict is the same to the last bit, and names how far it looked',
  patient,
  () => {
    const life = fc.record({
      given: minutes(12),
      late: fc.array(fc.record({ back: fc.integer({ min: 1, max: 14 }), bad: fc.nat(40) }), { maxLength: 3 }),
      excluded: fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 2 }),
      restart: fc.nat(12),
    })
    fc.assert(
      fc.property(life, ({ given, late, excluded, restart }) => {
        const rules = rulesOf(rational(1, 100), 5)
        const spec = { sliceMs, windows: rules.windows, rule, born: at(born) }
        let [one, other] = [createRing(spec), createRing(spec)]
        let [states, others]: [readonly TierState[], readonly TierState[]] = [[], []]
        for (const [index, slice] of given.entries()) {
          for (const ring of [one, other]) putSlice(ring, at(born + index), slice)
          if (index === restart) other = rebuildRing(spec, [...slicesOf(one)], closedUntil(one))
          const [a, b] = [
            judge(rules, sumsOf(one), states, closedUntil(one)),
            judge(rules, sumsOf(other), others, closedUntil(other)),
          ]
          expect(b).toEqual(a)
          expect(a.evaluatedAt).toBe(closedUntil(one))
          states = a.next
          // Kept as text between evaluations.
          others = JSON.parse(JSON.stringify(b.next))
        }
        const end = born + given.length
        for (const { back, bad } of late) addToSlice(one, at(end - back), { good: 0, bad })
        for (const back of excluded) excludeSlice(one, at(end - back), 'drop')
        const anew = rebuildRing(spec, [...slicesOf(one)], closedUntil(one))
        expect(judge(rules, sumsOf(anew), states, at(end))).toEqual(judge(rules, sumsOf(one), states, at(end)))
        const [first] = rules.windows
        expect(sumsOf(anew)[0]).toEqual(
          sumSlices(slicesOf(one), { end: at(end), lengthMs: first ?? 0, sliceMs }, rule, at(born)),
        )
      }),
      { numRuns },
    )
  },
)

const windowSum = (lengthMs: number, bad: number, total: number): WindowSum => {
  const slices = lengthMs / sliceMs
  const known = { measured: slices, expected: slices, unborn: 0 }
  return { lengthMs, end: at(1_000), spent: bad, total, bad, good: total - bad, ...known }
}

test(
  'C7 monotonicity: failures that come late never end what fired without them, nor make it less severe',
  patient,
  () => {
    const count = fc.oneof(fc.nat(20), fc.nat(5_000))
    const rank = { page: 2, ticket: 1 }
    let fired = 0
    fc.assert(
      fc.property(fc.array(count, { minLength: 8, maxLength: 8 }), count, fc.nat(3), (parts, late, reach) => {
        const rules = rulesOf(rational(1, 100), 5)
        // Failures and successes of what each window has beyond the next shorter one.
        const sums = (extra: number) => {
          let [bad, good] = [0, 0]
          return rules.windows.map((lengthMs, index) => {
            bad += (parts[2 * index] ?? 0) + (index === reach ? extra : 0)
            good += parts[2 * index + 1] ?? 0
            return windowSum(lengthMs, bad, bad + good)
          })
        }
        const before = judge(rules, sums(0), [], at(1_000))
        if (before.level !== 'page' && before.level !== 'ticket') return
        fired += 1
        const after = judge(rules, sums(late), before.next, at(1_000))
        expect(after.change).not.toBe('resolved')
        expect(after.level === 'page' || after.level === 'ticket').toBe(true)
        if (after.level === 'page' || after.level === 'ticket')
          expect(rank[after.level]).toBeGreaterThanOrEqual(rank[before.level])
      }),
      { numRuns: 2 * numRuns },
    )
    expect(fired).toBeGreaterThan(numRuns)
  },
)

test(
  'C12 bounded memory: however long a life and however large its numbers, a ring takes no more than its windows need',
  patient,
  () => {
    const step = fc.record({
      wait: fc.constantFrom(0, 1, 700, 1_440, 100_000),
      good: fc.oneof(fc.nat(9), fc.nat(70_000), fc.nat(2 ** 40)),
      bad: fc.nat(300),
      late: fc.integer({ min: 1, max: 30 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const ring = createRing({ sliceMs, windows: [sliceMs, 12 * sliceMs], rule, born: at(born) })
        const { length } = ring.cells.slots
        // Twelve slices lie in one chunk, or over the edge of two.
        expect(length).toBe(2)
        for (const { wait, good, bad, late } of steps) {
          if (wait > 0) advanceTo(ring, instant(closedUntil(ring) + wait * sliceMs))
          putSlice(ring, closedUntil(ring), { state: 'closed', good, bad })
          addToSlice(ring, instant(closedUntil(ring) - late * sliceMs), { good: 1, bad: 1 })
          settle(ring)
          expect(ring.cells.slots).toHaveLength(length)
          expect(bytesOf(ring.cells)).toBeLessThanOrEqual(length * chunkSlices * (1 + 8 + 8))
          expect([...slicesOf(ring)].length).toBeLessThanOrEqual(12)
        }
      }),
      { numRuns },
    )
  },
)
