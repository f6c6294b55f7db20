import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { rational } from '../../../kernel/rational.ts'
import type { Slice } from '../../telemetry/core/index.ts'
import { type Calendar, periodAt } from './calendar.ts'
import { bytesOf, chunkOf, chunkSlices, newPage } from './cells.ts'
import { newColumn, readCell, writeCell } from './column.ts'
import { loadRing } from './load-ring.ts'
import {
  addToSlice,
  advanceTo,
  closedUntil,
  createRing,
  type ExclusionMode,
  excludeSlice,
  periodOf,
  putSlice,
  type Ring,
  rebuildRing,
  settle,
  slicesOf,
  spendBlocksOf,
  sumOfWindow,
  sumsOf,
  takeFinished,
} from './ring.ts'
import { type Budgeting, compileSpend, spendOf } from './spend.ts'
import { sumSlices, type TimedSlice } from './window.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const sliceMs = 60_000
const at = (number: number): Instant => instant(number * sliceMs)
const born = 100
const lengths = [1, 3, 7, 12]

const budgetings: readonly Budgeting[] = [
  { method: 'occurrences' },
  { method: 'timeslices', sliceTarget: rational(9, 10), gaps: 'bad', emptyIsGood: true },
  { method: 'ratio-timeslices', gaps: 'good', emptyIsGood: false },
]

type Order =
  | { readonly kind: 'put'; readonly ahead: number; readonly slice: Slice }
  | { readonly kind: 'replace'; readonly back: number; readonly slice: Slice }
  | { readonly kind: 'add'; readonly back: number; readonly good: number; readonly bad: number }
  | { readonly kind: 'exclude'; readonly back: number; readonly mode: ExclusionMode | null }
  | { readonly kind: 'pass'; readonly slices: number }
  | { readonly kind: 'restart' }

const slice: fc.Arbitrary<Slice> = fc.oneof(
  fc.record({ state: fc.constant('closed' as const), good: fc.nat(70_000), bad: fc.nat(300) }),
  fc.constant<Slice>({ state: 'closed-empty' }),
  fc.constant<Slice>({ state: 'gap' }),
  fc.constant<Slice>({ state: 'excluded' }),
)
const order: fc.Arbitrary<Order> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('put' as const), ahead: fc.constantFrom(0, 0, 0, 1, 4), slice }),
  },
  fc.record({ kind: fc.constant('replace' as const), back: fc.integer({ min: 1, max: 14 }), slice }),
  fc.record({
    kind: fc.constant('add' as const),
    back: fc.integer({ min: -1, max: 14 }),
    good: fc.integer({ min: -9, max: 90 }),
    bad: fc.integer({ min: -9, max: 90 }),
  }),
  fc.record({
    kind: fc.constant('exclude' as const),
    back: fc.integer({ min: 1, max: 14 }),
    mode: fc.constantFrom('drop', 'good', null),
  }),
  fc.record({ kind: fc.constant('pass' as const), slices: fc.constantFrom(1, 5, 40) }),
  fc.constant<Order>({ kind: 'restart' }),
)

/** The same orders carried out the plain way: a map of everything that was ever said. */
interface Told {
  measured: boolean
  good: number
  bad: number
  excluded: ExclusionMode | null
  unborn?: boolean
}

function tell(told: Map<number, Told>, number: number, given: Slice): void {
  const before = told.get(number)
  if (given.state === 'excluded')
    told.set(number, { ...(before ?? { measured: false, good: 0, bad: 0 }), excluded: 'drop' })
  else {
    const [good, bad] = given.state === 'closed' ? [given.good, given.bad] : [0, 0]
    told.set(number, { measured: given.state !== 'gap', good, bad, excluded: before?.excluded ?? null })
  }
}

function* plainly(told: ReadonlyMap<number, Told>): Generator<TimedSlice> {
  for (const [number, { measured, good, bad, excluded, unborn }] of told) {
    if (excluded === 'drop') yield { start: at(number), slice: { state: 'excluded' } }
    else if (excluded === 'good') yield { start: at(number), slice: { state: 'forgiven', good, bad } }
    else if (unborn !== true && measured)
      yield { start: at(number), slice: good + bad > 0 ? { state: 'closed', good, bad } : { state: 'closed-empty' } }
    else if (unborn !== true) yield { start: at(number), slice: { state: 'gap' } }
  }
}

// Long lives in few cases, short ones in many.
const lives = budgetings.flatMap((budgeting) => [
  { method: budgeting.method, budgeting, longest: 60, cases: 200 },
  { method: budgeting.method, budgeting, longest: 9, cases: 10_000 },
])

// C1, C8: whatever happened, the running sums are the sums of exactly the slices of their windows.
test.each(lives)(
  'C1 equivalence: running sums equal plain sums after $longest orders of any kind, $cases lives, $method',
  patient,
  ({ budgeting, longest, cases }) => {
    const rule = compileSpend(budgeting)
    const spec = { sliceMs, windows: lengths.map((each) => each * sliceMs), rule, born: at(born) }
    const capacity = Math.max(...lengths)
    fc.assert(
      fc.property(fc.array(order, { maxLength: longest }), (orders) => {
        let ring = createRing(spec)
        let next = born
        const told = new Map<number, Told>()
        const fill = (until: number) => {
          for (; next < until; next += 1) told.set(next, { measured: false, good: 0, bad: 0, excluded: null })
        }
        for (const each of orders) {
          if (each.kind === 'put') {
            expect(putSlice(ring, at(next + each.ahead), each.slice)).toBe('applied')
            fill(next + each.ahead)
            tell(told, next, each.slice)
            next += 1
          } else if (each.kind === 'pass') {
            advanceTo(ring, at(next + each.slices))
            fill(next + each.slices)
          } else if (each.kind === 'restart') {
            // What was measured under an exclusion is the store's to give again when it is lifted.
            for (const [number, state] of told)
              if (state.excluded === 'drop')
                told.set(number, { measured: false, good: 0, bad: 0, excluded: 'drop', unborn: number < born })
              else if (state.excluded === 'good' && state.good + state.bad === 0)
                told.set(number, { ...state, measured: false, unborn: number < born })
            ring = rebuildRing(
              spec,
              [...plainly(told)].sort((a, b) => a.start - b.start),
              at(next),
            )
          } else {
            const number = next - each.back
            const known = told.get(number)
            const held = known ?? { measured: false, good: 0, bad: 0, excluded: null, unborn: true }
            if (each.kind === 'replace') {
              const step = putSlice(ring, at(number), each.slice)
              if (number < next - capacity) expect(step).toBe('too-old')
              else tell(told, number, each.slice)
              if (known === undefined && each.slice.state === 'excluded' && number >= next - capacity)
                told.set(number, { ...held, excluded: 'drop' })
            } else if (each.kind === 'exclude') {
              const step = excludeSlice(ring, at(number), each.mode)
              if (step === 'applied') told.set(number, { ...held, excluded: each.mode })
            } else {
              const [good, bad] = [held.good + each.good, held.bad + each.bad]
              const expected =
                number >= next
                  ? 'not-closed'
                  : number < next - capacity
                    ? 'too-old'
                    : good < 0 || bad < 0
                      ? 'not-counts'
                      : 'applied'
              expect(addToSlice(ring, at(number), each)).toBe(expected)
              if (expected !== 'applied') continue
              const { unborn: _, ...rest } = held
              if (good + bad > 0) told.set(number, { ...rest, good, bad, measured: true })
              else told.set(number, { ...held, good, bad })
            }
          }
          expect(closedUntil(ring)).toBe(at(next))
          for (const [window, sum] of sumsOf(ring).entries())
            expect(sum).toEqual(
              sumSlices(plainly(told), { end: at(next), lengthMs: spec.windows[window] ?? 0, sliceMs }, rule, at(born)),
            )
        }
      }),
      { numRuns: cases },
    )
  },
)

const sevenHours: Calendar = { count: 7, unit: 'h', startTime: '2026-01-01 00:00:00', timeZone: 'UTC' }

// C1, C4, C11: what a restart reads back is what was there.
test.each(budgetings)('a ring read back from blocks is the ring that lived through it: $method', (budgeting) => {
  const rule = compileSpend(budgeting)
  const counts = fc.record({ good: fc.oneof(fc.nat(9), fc.nat(70_000)), bad: fc.oneof(fc.constant(0), fc.nat(300)) })
  const told = fc.record({ number: fc.integer({ min: 1_300, max: 4_400 }), counts })
  fc.assert(
    fc.property(
      fc.array(told, { minLength: 1, maxLength: 300 }),
      fc.array(told, { maxLength: 40 }),
      fc.integer({ min: 1_300, max: 4_500 }),
      fc.integer({ min: 0, max: 40 }),
      (live, late, bornAt, ahead) => {
        const end = Math.max(bornAt, ...live.map((each) => each.number + 1)) + ahead
        const calendar = { longestMs: 7 * 60 * sliceMs, periodAt: (when: Instant) => periodAt(sevenHours, when) }
        const windows = [5, 60, 1_500, 2_900].map((each) => each * sliceMs)
        const spec = { sliceMs, windows, rule, born: at(bornAt), calendar }
        const lived = createRing(spec)
        const stored = new Map<number, { good: number; bad: number }>()
        for (const { number, counts } of [...live].sort((a, b) => a.number - b.number)) {
          stored.set(number, counts)
          putSlice(lived, at(number), { state: 'closed', ...counts })
        }
        advanceTo(lived, at(end))
        for (const { number, counts } of late) {
          if (number >= end) continue
          stored.set(number, counts)
          putSlice(lived, at(number), { state: 'closed', ...counts })
          settle(lived)
        }
        const load = loadRing(spec, at(end))
        for (const chunk of new Set([...stored.keys()].map(chunkOf))) {
          const block = { first: chunk * chunkSlices, measured: new Uint8Array(chunkSlices), ...newPage() }
          for (const [number, counts] of stored) {
            if (chunkOf(number) !== chunk) continue
            block.measured[number - block.first] = 1
            block.good[number - block.first] = counts.good
            block.bad[number - block.first] = counts.bad
          }
          load.take(block)
        }
        const back = load.finish()
        expect(sumsOf(back)).toEqual(sumsOf(lived))
        expect(periodOf(back)).toEqual(periodOf(lived))
        expect([...slicesOf(back)]).toEqual([...slicesOf(lived)])
        const period = periodOf(lived)
        if (period !== null && period.sum.lengthMs > 0) {
          const window = { end: at(end), lengthMs: period.sum.lengthMs, sliceMs }
          expect(period.sum).toEqual(sumSlices(slicesOf(lived), window, rule, at(bornAt)))
          expect(period.ahead * sliceMs + period.sum.lengthMs).toBe(period.interval.end - period.interval.start)
        }
        // And they go on alike.
        for (const ring of [back, lived]) {
          putSlice(ring, at(end + 3), { state: 'closed', good: 5, bad: 2 })
          advanceTo(ring, at(end + 1_600))
        }
        expect(sumsOf(back)).toEqual(sumsOf(lived))
        const ended = takeFinished(back)
        expect(takeFinished(lived).slice(-ended.length)).toEqual(ended)
        expect(ended.length).toBeGreaterThan(2)
      },
    ),
    { numRuns: 40 },
  )
})

test('a month of minutes with 10,000 requests each is held in less than 100 kB', () => {
  const slices = 43_200
  const ring = createRing({
    sliceMs,
    windows: [slices * sliceMs],
    rule: compileSpend({ method: 'occurrences' }),
    born: at(0),
  })
  for (let index = 0; index < slices; index += 1)
    putSlice(ring, at(index), { state: 'closed', good: 9_700 + ((index * 7_919) % 600), bad: (index * 31) % 23 })
  expect(bytesOf(ring.cells)).toBeLessThan(100_000)
})

const busy = (numbers: number): Ring => {
  const ring = createRing({
    sliceMs,
    windows: [3 * sliceMs, 12 * sliceMs],
    rule: compileSpend({ method: 'occurrences' }),
    born: at(born),
  })
  for (let index = 0; index < numbers; index += 1)
    putSlice(ring, at(born + index), { state: 'closed', good: 10 + index, bad: 1 })
  return ring
}

// C2: nothing appears or vanishes.
test('what was added is what the window holds until it leaves', () => {
  const ring = busy(12)
  expect(sumOfWindow(ring, 1)).toMatchObject({ bad: 12, good: 10 * 12 + 66, measured: 12, expected: 12, unborn: 0 })
  putSlice(ring, at(born + 12), { state: 'closed-empty' })
  expect(sumOfWindow(ring, 1)).toMatchObject({ bad: 11, good: 10 * 11 + 66, measured: 12, expected: 12 })
})

test('late data raise the windows that still reach them, and no others', () => {
  const ring = busy(12)
  addToSlice(ring, at(born), { good: 0, bad: 5 })
  expect(sumsOf(ring).map((sum) => sum.bad)).toEqual([3, 17])
  expect(addToSlice(ring, at(born - 1), { good: 0, bad: 5 })).toBe('too-old')
})

test('lifting an exclusion brings back what was measured, and what came meanwhile', () => {
  const ring = busy(12)
  excludeSlice(ring, at(born + 11), 'drop')
  expect(sumOfWindow(ring, 0)).toMatchObject({ bad: 2, expected: 2 })
  addToSlice(ring, at(born + 11), { good: 0, bad: 4 })
  expect(sumOfWindow(ring, 0)).toMatchObject({ bad: 2, expected: 2 })
  excludeSlice(ring, at(born + 11), null)
  expect(sumOfWindow(ring, 0)).toMatchObject({ bad: 7, expected: 3 })
})

// C6: integers below 2^53.
test.each([
  { good: 0.5, bad: 0 },
  { good: -100, bad: 0 },
  { good: Number.MAX_SAFE_INTEGER, bad: 1 },
  { good: Number.NaN, bad: 0 },
])('$good good and $bad bad are no counts, and change nothing', (counts) => {
  const ring = busy(3)
  const before = sumsOf(ring)
  expect(putSlice(ring, at(born + 3), { state: 'closed', ...counts })).toBe('not-counts')
  expect(addToSlice(ring, at(born + 2), counts)).toBe('not-counts')
  expect(sumsOf(ring)).toEqual(before)
})

test('a window whose sum would pass 2^53 refuses the slice', () => {
  const ring = createRing({
    sliceMs,
    windows: [3 * sliceMs],
    rule: compileSpend({ method: 'occurrences' }),
    born: at(born),
  })
  const huge = { state: 'closed', good: 2 ** 52, bad: 0 } as const
  expect(putSlice(ring, at(born), huge)).toBe('applied')
  expect(putSlice(ring, at(born + 1), huge)).toBe('not-counts')
  expect(sumOfWindow(ring, 0).good).toBe(2 ** 52)
})

test('a year away and back costs no more than one window', () => {
  const ring = busy(12)
  advanceTo(ring, at(born + 525_600))
  expect(sumsOf(ring).map(({ measured, expected, total }) => [measured, expected, total])).toEqual([
    [0, 3, 0],
    [0, 12, 0],
  ])
  expect([...slicesOf(ring)]).toHaveLength(12)
})

test('windows must be whole slices', () => {
  const rule = compileSpend({ method: 'occurrences' })
  expect(() => createRing({ sliceMs, windows: [90_000], rule, born: at(0) })).toThrow('whole numbers of slices')
})

test('a column widens without losing anything', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(9), fc.oneof(fc.nat(255), fc.nat(70_000), fc.nat(2 ** 33), fc.maxSafeNat())), {
        maxLength: 40,
      }),
      (writes) => {
        const column = newColumn(10)
        const plain = Array.from({ length: 10 }, () => 0)
        for (const [index, value] of writes) {
          writeCell(column, index, value)
          plain[index] = value
        }
        expect(plain.map((_, index) => readCell(column, index))).toEqual(plain)
      },
    ),
  )
})

test('blocks of the newest slices add up to what their slices spend, also after a day of long ago was corrected', () => {
  const [longest, length] = [5 * chunkSlices, 3 * chunkSlices + 17]
  fc.assert(
    fc.property(
      fc.constantFrom(...budgetings),
      fc.array(fc.record({ ahead: fc.integer({ min: 0, max: 700 }), slice }), { minLength: 5, maxLength: 40 }),
      fc.array(fc.record({ back: fc.integer({ min: 1, max: 5_000 }), slice }), { maxLength: 6 }),
      (budgeting, puts, late) => {
        const rule = compileSpend(budgeting)
        const ring = createRing({ sliceMs, windows: [longest * sliceMs], rule, born: at(born) })
        for (const { ahead, slice: one } of puts) putSlice(ring, at(ring.next + ahead), one)
        const agree = () => {
          settle(ring)
          const blocks = spendBlocksOf(ring, length)
          const all = blocks.map((block) => ({ block, ...block.read() }))
          for (const { block, spent, total } of all) {
            expect(block.slices).toBe(total.length)
            expect([block.spent, block.total]).toEqual([sum(spent), sum(total)])
          }
          const first = ring.next - length
          const spends = all.flatMap(({ spent, total }) => [...spent].map((each, index) => [each, total[index]]))
          expect(spends).toHaveLength(length)
          const known = new Map([...slicesOf(ring)].map((each) => [each.start / sliceMs, each.slice]))
          for (const [index, spend] of spends.entries()) {
            const own = known.get(first + index)
            const { spent, total } = own === undefined ? { spent: 0, total: 0 } : spendOf(rule, own)
            expect(spend).toEqual([spent, total])
          }
        }
        agree()
        for (const { back, slice: one } of late) {
          putSlice(ring, at(ring.next - back), one)
          agree()
        }
      },
    ),
    { numRuns: 40 },
  )
})

const sum = (column: Float64Array): number => column.reduce((all, each) => all + each, 0)
