import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { rational } from '../../../kernel/rational.ts'
import { resolvePeriod } from './attainment.ts'
import {
  addCells,
  cellMs,
  daysOf,
  emptyCellSum,
  packCells,
  type RolledDay,
  rollDays,
  rollHours,
  stepFor,
  unpackCells,
} from './day-cells.ts'
import type { CoveredSlices } from './exclusion.ts'
import { collectSlices, stepStates, type TallySpec, tallyMember } from './member-tally.ts'
import { coverText, joinDays, type KeptDay, mergeDay } from './merge-days.ts'
import { type Budgeting, compileSpend } from './spend.ts'
import { type StoredDay, sumPeriod } from './sum-period.ts'

const begin = instant(Date.UTC(2026, 9, 24))
const length = 2 * day

const methods: readonly Budgeting[] = [
  { method: 'occurrences' },
  { method: 'timeslices', sliceTarget: rational(9, 10), gaps: 'exclude', emptyIsGood: true },
  { method: 'timeslices', sliceTarget: rational(9, 10), gaps: 'bad', emptyIsGood: false },
  { method: 'ratio-timeslices', gaps: 'exclude', emptyIsGood: true },
]

interface World {
  readonly spec: TallySpec
  readonly budgeting: Budgeting
  /** Null: not measured. */
  readonly counts: readonly (readonly [good: number, bad: number] | null)[]
}

const world: fc.Arbitrary<World> = fc
  .record({
    budgeting: fc.constantFrom(...methods),
    sliceMs: fc.constantFrom(30_000, minute, 5 * minute, hour),
    seed: fc.array(fc.oneof(fc.constant(null), fc.tuple(fc.nat(50), fc.nat(9))), { minLength: 7, maxLength: 40 }),
    bornMinutes: fc.constantFrom(0, 37, 700),
    covers: fc.array(fc.tuple(fc.nat(2_879), fc.integer({ min: 1, max: 300 }), fc.boolean()), { maxLength: 3 }),
  })
  .map(({ budgeting, sliceMs, seed, bornMinutes, covers }) => {
    const first = begin / sliceMs
    const count = length / sliceMs
    let last = first
    const covered: CoveredSlices[] = []
    for (const [at, lasts, drops] of [...covers].sort((a, b) => a[0] - b[0])) {
      const from = Math.max(last, first + Math.floor((at * minute) / sliceMs))
      const to = from + Math.ceil((lasts * minute) / sliceMs)
      covered.push({ from, to, mode: drops ? 'drop' : 'good' })
      last = to
    }
    const born = instant(begin + bornMinutes * minute)
    return {
      budgeting,
      counts: Array.from({ length: count }, (_, place) =>
        begin + place * sliceMs < born ? null : (seed[place % seed.length] ?? null),
      ),
      spec: {
        ...{ from: begin, until: instant(begin + length), sliceMs, stepMs: stepFor(sliceMs), born, covered },
        rule: compileSpend(budgeting),
        least: rational(9, 10),
      },
    }
  })

const blockOf = ({ spec, counts }: World) => ({
  first: spec.from / spec.sliceMs,
  measured: Uint8Array.from(counts, (each) => (each === null ? 0 : 1)),
  good: Float64Array.from(counts, (each) => each?.[0] ?? 0),
  bad: Float64Array.from(counts, (each) => each?.[1] ?? 0),
})

function roll(each: World, from = each.spec.from, until = each.spec.until): ReadonlyMap<Instant, RolledDay> {
  const spec = { ...each.spec, from, until }
  const slices = collectSlices(spec)
  slices.take(blockOf(each))
  return rollDays(spec, slices)
}

const storedOf = ({ raw, counted }: RolledDay): StoredDay => ({
  cells: unpackCells(packCells(counted ?? raw)),
  coarse: 0,
  by: 'this-definition',
})

test('any stretch of quarter hours of the roll-up is the plain sum over its slices', () => {
  fc.assert(
    fc.property(world, fc.nat(191), fc.integer({ min: 1, max: 192 }), (each, at, cells) => {
      const { spec } = each
      const grid = Math.max(cellMs, spec.sliceMs)
      const start = instant(begin + Math.floor((at * cellMs) / grid) * grid)
      const end = instant(Math.min(begin + length, start + Math.ceil((cells * cellMs) / grid) * grid))
      const plain = tallyMember({ ...spec, from: start, until: end })
      plain.take(blockOf(each))
      const { sum, steps } = plain.finish()
      const days = new Map([...roll(each)].map(([day, rolled]) => [day, storedOf(rolled)]))
      const { rule, sliceMs, born } = spec
      const found = sumPeriod({ period: { start, end }, until: end, begun: born, sliceMs, rule, covered: [], days })
      const seconds = sliceMs / 1_000
      expect(found.sum).toEqual({
        ...sum,
        measured: sum.measured * seconds,
        expected: sum.expected * seconds,
        unborn: sum.unborn * seconds,
      })
      const told = (state: number) => (steps.filter((step) => step === state).length * spec.stepMs) / 1_000
      expect(found.badSeconds).toBe(told(stepStates.bad))
      expect(found.unknownSeconds).toBe(told(stepStates.unknown))
    }),
    { numRuns: 25 },
  )
})

const kept = (each: World, start: Instant, rolled: RolledDay | null, before: KeptDay | null) =>
  mergeDay({ ...each.spec, start, rolled, before })

test('rolling anew changes nothing, and what is gone takes nothing away', () => {
  fc.assert(
    fc.property(world, fc.nat(192), (each, gone) => {
      const [start = begin] = daysOf(begin, begin + length)
      const first = kept(each, start, roll(each).get(start) ?? null, null)
      expect(kept(each, start, roll(each).get(start) ?? null, first)).toEqual({ ...first, held: expect.any(Boolean) })
      // Slices before some moment went, or all of them.
      const after = Math.floor((gone * cellMs) / each.spec.sliceMs)
      const rest: World = { ...each, counts: each.counts.map((count, place) => (place < after ? null : count)) }
      for (const rolled of [roll(rest).get(start) ?? null, null]) {
        const merged = kept(each, start, rolled, first)
        expect(merged?.raw).toEqual(first?.raw)
        expect(merged?.counted).toEqual(first?.counted)
      }
    }),
    { numRuns: 12 },
  )
})

test('late counts move their own quarter hour', () => {
  const [good, late] = [10, 7]
  const of = (counts: World['counts']): World => ({
    counts,
    budgeting: { method: 'occurrences' },
    spec: {
      ...{ from: begin, until: instant(begin + day), sliceMs: minute, stepMs: minute, born: begin, covered: [] },
      rule: compileSpend({ method: 'occurrences' }),
      least: rational(9, 10),
    },
  })
  const counts = Array.from({ length: 1_440 }, (): readonly [number, number] => [good, 0])
  const before = of(counts)
  const after = of(counts.map((count, place) => (place === 100 ? [good, late] : count)))
  const first = kept(before, begin, roll(before).get(begin) ?? null, null)
  const second = kept(after, begin, roll(after).get(begin) ?? null, first)
  expect(second?.raw.bad[6]).toBe(late)
  expect(second?.raw.bad.reduce((a, b) => a + b)).toBe(late)
})

test.each([
  { says: 'the larger part of a cut quarter hour decides', to: 10 * 60, coarse: 1 },
  { says: 'a smaller part leaves it as it was', to: 6 * 60 + 5, coarse: 1 },
])('an exclusion after slices have gone: $says', ({ to, coarse }) => {
  const rule = compileSpend({ method: 'occurrences' })
  const spec = { from: begin, until: instant(begin + day), sliceMs: minute, stepMs: minute, born: begin, covered: [] }
  const counts = Array.from({ length: 1_440 }, (): readonly [number, number] => [1, 1])
  const each: World = { counts, budgeting: { method: 'occurrences' }, spec: { ...spec, rule, least: rational(9, 10) } }
  const before = kept(each, begin, roll(each).get(begin) ?? null, null)
  // From midnight to `to` minutes and five: the last quarter hour is cut.
  const first = begin / minute
  const covered: readonly CoveredSlices[] = [{ from: first, to: first + to + (to % 15 === 0 ? 8 : 0), mode: 'drop' }]
  const merged = mergeDay({ ...each.spec, covered, start: begin, rolled: null, before })
  const cut = Math.floor(to / 15)
  expect(merged?.coarse).toBe(coarse)
  expect(merged?.counted?.bad[cut - 1]).toBe(0)
  expect(merged?.counted?.bad[cut]).toBe(to % 15 === 0 ? 0 : 15)
  expect(merged?.counted?.bad[cut + 1]).toBe(15)
  expect(merged?.covered).toBe(coverText(covered, { start: begin, sliceMs: minute, born: begin }))
})

test.each([
  { zone: 'Europe/Vienna', at: '2026-10-25T12:00:00Z', hours: 25 },
  { zone: 'Europe/Vienna', at: '2026-03-29T12:00:00Z', hours: 23 },
  { zone: 'Asia/Kathmandu', at: '2026-10-25T12:00:00Z', hours: 24 },
  { zone: 'Australia/Lord_Howe', at: '2026-10-04T00:00:00Z', hours: 23.5 },
])('a day in $zone with $hours hours is a whole number of quarter hours', ({ zone, at, hours }) => {
  const week = resolvePeriod({ kind: 'week', timeZone: zone, at: instant(Date.parse(at)), ago: 0, days: 1 })
  expect(week.start % cellMs).toBe(0)
  expect(week.end % cellMs).toBe(0)
  expect((week.end - week.start) / hour).toBe(6 * 24 + hours)
})

test('a day of which nothing is stored is not known, never good', () => {
  const rule = compileSpend({ method: 'occurrences' })
  const period = { start: begin, end: instant(begin + 2 * day) }
  const asked = { period, until: period.end, sliceMs: minute, rule, covered: [], days: new Map() }
  const begun = instant(begin + 6 * hour)
  const found = sumPeriod({ ...asked, begun })
  expect(found.unknownSeconds).toBe(42 * 3_600)
  expect(found.sum).toMatchObject({ good: 0, total: 0, measured: 0, expected: 42 * 3_600, unborn: 6 * 3_600 })
  expect(sumPeriod({ ...asked, begun: null }).sum).toMatchObject({ expected: 0, unborn: 48 * 3_600 })
})

test('what is excluded of days of which nothing is stored was not expected, before the beginning and after', () => {
  const rule = compileSpend({ method: 'occurrences' })
  const [from, to] = [begin / minute + 5 * 60, begin / minute + 8 * 60]
  const found = sumPeriod({
    period: { start: begin, end: instant(begin + day) },
    ...{ until: instant(begin + day), begun: instant(begin + 6 * hour), sliceMs: minute, rule, days: new Map() },
    covered: [
      { from, to, mode: 'drop' },
      { from: to, to: to + 60, mode: 'good' },
    ],
  })
  expect(found.unknownSeconds).toBe(16 * 3_600)
  expect(found.sum).toMatchObject({ expected: 16 * 3_600, unborn: 5 * 3_600 })
})

const totalOf = (rolled: RolledDay | KeptDay | null) => {
  const sum = emptyCellSum()
  if (rolled !== null) addCells(sum, unpackCells(packCells(rolled.raw)))
  return sum
}

test.each([
  { says: 'all but one slice of ten seconds', seconds: 3_590, begunMinutes: 0, measured: 3_590 },
  { says: 'all but one slice of five', seconds: 3_595, begunMinutes: 0, measured: 3_595 },
  { says: 'the half that it was there', seconds: 1_795, begunMinutes: 30, measured: 1_795 },
  { says: 'a second', seconds: 1, begunMinutes: 0, measured: 1 },
])('an hour that was kept as a sum is whole seconds of its quarters: $says', ({ seconds, begunMinutes, measured }) => {
  const hours = [{ start: begin, good: 90, bad: 10, measuredMs: seconds * 1_000 }]
  const sum = totalOf(rollHours(hours, instant(begin + begunMinutes * minute)).get(begin) ?? null)
  expect(sum).toMatchObject({ good: 90, bad: 10, measured })
  expect(sum.measured + sum.unknownSeconds).toBe(sum.expected)
})

test.each([
  { says: 'half of its slices have gone: the sum stays', gone: 30 },
  { says: 'a quarter', gone: 15 },
  { says: 'none: the slices', gone: 0 },
])('an hour that was kept as a sum is not counted twice when $says', ({ gone }) => {
  const rule = compileSpend({ method: 'occurrences' })
  const spec = { from: begin, until: instant(begin + day), sliceMs: minute, stepMs: minute, born: begin, covered: [] }
  const counts = Array.from({ length: 1_440 }, (_, at): readonly [number, number] | null => (at < gone ? null : [1, 1]))
  const each: World = { counts, budgeting: { method: 'occurrences' }, spec: { ...spec, rule, least: rational(9, 10) } }
  const hours = Array.from({ length: 24 }, (_, at) => ({
    ...{ start: instant(begin + at * hour), good: 60, bad: 60, measuredMs: hour },
  }))
  const before = rollHours(hours, begin).get(begin)
  if (before === undefined) throw new Error('Nothing was rolled.')
  const merged = mergeDay({
    ...{ ...each.spec, start: begin, rolled: roll(each).get(begin) ?? null, byHours: true },
    before: { ...before, covered: '', coarse: 0 },
  })
  expect(totalOf(merged)).toMatchObject({ good: 1_440, bad: 1_440, measured: 86_400 })
})

test('a day that was counted in slices of two lengths, one after the other, is the sum of both', () => {
  const rule = compileSpend({ method: 'occurrences' })
  const spec = { from: begin, until: instant(begin + day), sliceMs: minute, stepMs: minute, born: begin, covered: [] }
  const of = (isSeen: (at: number) => boolean): World => ({
    counts: Array.from({ length: 1_440 }, (_, at) => (isSeen(at) ? ([3, 1] as const) : null)),
    budgeting: { method: 'occurrences' },
    spec: { ...spec, rule, least: rational(9, 10) },
  })
  const rolled = (isSeen: (at: number) => boolean) => roll(of(isSeen)).get(begin) ?? null
  const [first, then] = [rolled((at) => at < 607), rolled((at) => at >= 607 && at < 1_400)]
  if (first === null || then === null) throw new Error('Nothing was rolled.')
  expect(joinDays(then, first)).toEqual(rolled((at) => at < 1_400))
  expect(joinDays(null, first)).toEqual(first)
})
