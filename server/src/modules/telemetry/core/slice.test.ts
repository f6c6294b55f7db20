import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { apportion } from './apportion.ts'
import { addSide, noCounts, resolveSides, type SideForm, sideForms, sides } from './sides.ts'
import { areCounts, closeSlice, mergeDeltas, sliceEndingAt, sliceStartOf, slicesTouching } from './slice.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

test.each([
  { at: 59_999, start: 0, ending: 0 },
  { at: 60_000, start: 60_000, ending: 0 },
  { at: 60_001, start: 60_000, ending: 60_000 },
  { at: -1, start: -60_000, ending: -60_000 },
])('$at lies in the slice from $start; what was read then happened in that from $ending', ({ at, start, ending }) => {
  expect(sliceStartOf(instant(at))).toBe(start)
  expect(sliceEndingAt(instant(at))).toBe(ending)
})

test('a span touches every slice it shares an instant with, and not the one it ends at', () => {
  const span = (start: number, end: number) => ({ start: instant(start), end: instant(end) })
  expect(slicesTouching(span(59_999, 120_000))).toEqual([0, 60_000])
  expect(slicesTouching(span(60_000, 60_001))).toEqual([60_000])
  expect(slicesTouching(span(5_000, 15_000), 5_000)).toEqual([5_000, 10_000])
})

test.each([
  { good: 3, bad: 1, alive: true, state: 'closed' },
  { good: 3, bad: 1, alive: false, state: 'closed' },
  { good: 0, bad: 0, alive: true, state: 'closed-empty' },
  { good: 0, bad: 0, alive: false, state: 'gap' }, // silence is not zero errors
])('$good good, $bad bad, alive $alive: $state', ({ good, bad, alive, state }) => {
  expect(closeSlice({ good, bad }, alive).state).toBe(state)
})

test.each([
  { good: 1, bad: 0, is: true },
  { good: -1, bad: 2, is: false },
  { good: 1.5, bad: 0, is: false },
  { good: Number.MAX_SAFE_INTEGER, bad: 1, is: false },
])('$good and $bad are counts: $is', ({ good, bad, is }) => expect(areCounts(good, bad)).toBe(is))

test(
  'C2 conservation: the parts of a whole number add up to it, and none is further than one from its exact share',
  patient,
  () => {
    const weights = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), weights, (total, given) => {
        const parts = apportion(total, given)
        const sum = given.reduce((a, b) => a + b, 0)
        expect(parts.reduce((a, b) => a + BigInt(b), 0n)).toBe(BigInt(total))
        if (sum === 0) return
        for (const [index, part] of parts.entries()) {
          const scaled = BigInt(part) * BigInt(sum) - BigInt(total) * BigInt(given[index] ?? 0)
          expect(scaled > -BigInt(sum) && scaled < BigInt(sum)).toBe(true)
        }
      }),
      { numRuns: 10_000 },
    )
  },
)

test('a tie goes to the earlier part, and nothing to weigh by goes to the last', () => {
  expect(apportion(1, [1, 1])).toEqual([1, 0])
  expect(apportion(5, [0, 0])).toEqual([0, 5])
  expect(apportion(5, [])).toEqual([])
})

test.each<{ form: SideForm; counts: [number, number, number]; good: number; bad: number; finding: string | null }>([
  { form: 'good-bad', counts: [7, 3, 0], good: 7, bad: 3, finding: null },
  { form: 'good-total', counts: [7, 0, 10], good: 7, bad: 3, finding: null },
  { form: 'bad-total', counts: [0, 3, 10], good: 7, bad: 3, finding: null },
  { form: 'good-total', counts: [12, 0, 10], good: 10, bad: 0, finding: 'good-over-total' },
  { form: 'bad-total', counts: [0, 12, 10], good: 0, bad: 10, finding: 'bad-over-total' },
])('$form $counts gives $good good, $bad bad', ({ form, counts: [good, bad, total], ...expected }) => {
  expect(resolveSides({ good, bad, total }, form)).toEqual({
    good: expected.good,
    bad: expected.bad,
    finding: expected.finding,
  })
})

test('C2 conservation: whatever order the sides arrive in, the deltas add up to what the sides say', patient, () => {
  const arrival = fc.record({ side: fc.constantFrom(...sides), count: fc.nat(1_000) })
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 30 }), fc.constantFrom(...sideForms), (arrivals, form) => {
      let counts = noCounts
      const sum = { good: 0, bad: 0 }
      for (const added of arrivals) {
        const step = addSide(instant(0), counts, added, form)
        counts = step.counts
        sum.good += step.delta.good
        sum.bad += step.delta.bad
      }
      const { good, bad } = resolveSides(counts, form)
      expect(sum).toEqual({ good, bad })
      expect(good >= 0 && bad >= 0).toBe(true)
    }),
    { numRuns: 10_000 },
  )
})

test('deltas of one slice become one, in order of time, and those that cancel out vanish', () => {
  const delta = (sliceStart: number, good: number, bad: number) => ({ sliceStart: instant(sliceStart), good, bad })
  const merged = mergeDeltas([delta(60_000, 1, 0), delta(0, 2, 1), delta(60_000, 3, 1), delta(0, -2, -1)])
  expect(merged).toEqual([delta(60_000, 4, 1)])
})
