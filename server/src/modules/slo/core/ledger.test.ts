import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { rational } from '../../../kernel/rational.ts'
import { attribute, attributeParts, type Cause, spentMoreThan } from './ledger.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const cause = (kind: Cause['kind'], id: string, from: number, to: number, weight = 1): Cause => ({
  kind,
  id,
  during: { start: instant(from * minute), end: instant(to * minute) },
  weight,
})
const sliceMs = minute
const spent = (...counts: number[]) => counts.map((each, index) => ({ start: instant(index * minute), spent: each }))

test('failures go to what was on, the ordinary ones to nobody, the rest is unknown', () => {
  const causes = [cause('incident', 'INC-1', 1, 3), cause('change', 'v42', 2, 3, 3)]
  const { lines, spent: all } = attribute(spent(2, 12, 42, 7), causes, { baseline: 2, allowed: rational(100), sliceMs })
  expect(all).toBe(63)
  expect(lines.map(({ kind, id, spent: each }) => [kind, id, each])).toEqual([
    ['change', 'v42', 30], // 40 in minute 2, shared 1 : 3
    ['incident', 'INC-1', 25], // 10 in minute 1, 10 in minute 2, and the 5 right after it
    ['background', null, 8],
  ])
  expect(lines[0]).toMatchObject({ basisPoints: 4_762, budgetShare: rational(3, 10) })
  expect(
    spentMoreThan(
      lines[0] ?? lines[1] ?? { kind: 'unknown', id: null, spent: 0, basisPoints: 0, budgetShare: null },
      rational(1, 5),
    ),
  ).toBe(true)
})

test('an incident gets the unbroken failures before it was noticed and after it was called over, not those apart', () => {
  const counts = Array.from({ length: 120 }, (_, at) => ((at >= 38 && at < 55) || at === 57 || at === 70 ? 4 : 0))
  const noticed = {
    ...cause('incident', 'INC-1', 40, 50),
    during: { start: instant(40.5 * minute), end: instant(50.2 * minute) },
  }
  const line = (causes: Cause[]) =>
    attribute(spent(...counts), causes, { baseline: 0, allowed: rational(100), sliceMs }).lines.map(
      ({ kind, spent: each }) => [kind, each],
    )
  expect(line([noticed])).toEqual([
    ['incident', 17 * 4],
    ['unknown', 2 * 4],
  ])
  // What something else was on for is not taken from it.
  expect(line([noticed, cause('change', 'v2', 52, 80)])).toEqual([
    ['incident', 14 * 4],
    ['change', 5 * 4],
  ])
})

test('a chronic failure is not given to an incident further than half an hour away', () => {
  const { lines } = attribute(spent(...Array.from({ length: 600 }, () => 1)), [cause('incident', 'a', 300, 310)], {
    baseline: 0,
    allowed: rational(100),
    sliceMs,
  })
  expect(lines.map(({ kind, spent: each }) => [kind, each])).toEqual([
    ['incident', 10 + 2 * 30],
    ['unknown', 600 - 70],
  ])
})

test('single failures of two equal causes are shared, not all given to the first', () => {
  const causes = [cause('incident', 'a', 0, 10), cause('incident', 'b', 0, 10)]
  const { lines } = attribute(spent(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), causes, {
    baseline: 0,
    allowed: rational(0),
    sliceMs,
  })
  expect(lines.map((each) => each.spent)).toEqual([5, 5])
  expect(lines.map((each) => each.budgetShare)).toEqual([null, null])
})

test('the lines add up: to the event and to the percent', () => {
  const causes = fc.array(
    fc
      .record({ from: fc.nat(20), length: fc.nat(10), weight: fc.nat(5) })
      .map(({ from, length, weight }) => cause('change', `c${from}`, from, from + length, weight)),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 25 }), causes, fc.nat(20), (counts, given, baseline) => {
      const { lines, spent: all } = attribute(spent(...counts), given, { baseline, allowed: rational(1_000), sliceMs })
      expect(lines.reduce((sum, each) => sum + each.spent, 0)).toBe(all)
      expect(all).toBe(counts.reduce((sum, each) => sum + each, 0))
      if (all > 0) expect(lines.reduce((sum, each) => sum + each.basisPoints, 0)).toBe(10_000)
      expect(lines.every((each) => each.spent > 0)).toBe(true)
    }),
  )
})

test('who of the groups was hit by what: 30 of 42 by the change, as of the whole', () => {
  const causes = [cause('incident', 'INC-1', 1, 3), cause('change', 'v42', 2, 3, 3)]
  const slices = [
    { start: instant(0), spent: 2, parts: [2, 0, 0] },
    { start: instant(minute), spent: 12, parts: [6, 6, 0] },
    { start: instant(2 * minute), spent: 42, parts: [21, 0, 21] },
  ]
  const { lines } = attributeParts(slices, causes, { baseline: 2, allowed: rational(100), sliceMs })
  expect(lines.map(({ kind, id, spent: each, parts }) => [kind, id, each, parts])).toEqual([
    ['change', 'v42', 30, [15, 0, 15]],
    ['incident', 'INC-1', 20, [10, 5, 5]],
    ['background', null, 6, [4, 1, 1]],
  ])
})

test(
  'C2 conservation: the ledger of groups adds up both ways, and across it is the ledger of the whole',
  patient,
  () => {
    const causes = fc.array(
      fc
        .record({ from: fc.nat(12), length: fc.nat(8), weight: fc.nat(5), kind: fc.constantFrom('change', 'incident') })
        .map(({ kind, from, length, weight }) => cause(kind, `c${from}-${length}`, from, from + length, weight)),
      { maxLength: 4 },
    )
    const parts = fc.integer({ min: 1, max: 4 }).chain((count) =>
      fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(9), fc.nat(400)), { minLength: count, maxLength: count }), {
        maxLength: 12,
      }),
    )
    fc.assert(
      fc.property(parts, causes, fc.nat(20), (given, on, baseline) => {
        const sum = (list: readonly number[]) => list.reduce((all, each) => all + each, 0)
        const slices = given.map((each, index) => ({ start: instant(index * minute), spent: sum(each), parts: each }))
        const options = { baseline, allowed: rational(1_000), sliceMs }
        const { lines, spent: all } = attributeParts(slices, on, options)
        for (const line of lines) {
          expect(sum(line.parts)).toBe(line.spent)
          expect(line.parts.every((each) => each >= 0 && Number.isSafeInteger(each))).toBe(true)
        }
        for (const [index] of (given[0] ?? []).entries())
          expect(sum(lines.map((line) => line.parts[index] ?? 0))).toBe(sum(given.map((each) => each[index] ?? 0)))
        const whole = attribute(slices, on, options)
        expect(lines.map(({ parts: _, ...line }) => line)).toEqual(whole.lines)
        expect(all).toBe(whole.spent)
      }),
      { numRuns: 10_000 },
    )
  },
)
