import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { advanceSeries, type CounterReading, openCounter } from './counter.ts'
import { type CountDelta, defaultRules, type SeriesRules } from './series.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const now = instant(100_000_000)
const read = (at: number, value: number, startAt: number | null = null): CounterReading => ({
  at: instant(at),
  value,
  startAt: startAt === null ? null : instant(startAt),
})
const delta: Partial<SeriesRules> = { temporality: 'delta' }

function run(readings: readonly CounterReading[], rules: Partial<SeriesRules> = {}) {
  let state = openCounter({ ...defaultRules, ...rules })
  const slices = new Map<number, number>()
  const findings: string[] = []
  for (const each of readings) {
    const step = advanceSeries(state, each, now)
    state = step.state
    for (const { sliceStart, counts } of step.deltas)
      slices.set(sliceStart, (slices.get(sliceStart) ?? 0) + (counts[0] ?? 0))
    findings.push(...step.findings.map((finding) => finding.kind))
  }
  const placed = [...slices].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b)
  return { slices: placed, findings, state, sum: placed.reduce((all, [, count]) => all + count, 0) }
}

test.each<{
  says: string
  readings: CounterReading[]
  rules?: Partial<SeriesRules>
  slices: number[][]
  findings: string[]
}>([
  {
    says: 'a source that was never heard of only gives a baseline',
    readings: [read(60_000, 500), read(120_000, 510)],
    slices: [[60_000, 10]],
    findings: ['baseline'],
  },
  {
    says: 'a series that started after we began to listen is counted from zero',
    readings: [read(60_000, 5, 30_000)],
    rules: { listeningSince: instant(20_000) },
    slices: [[0, 5]],
    findings: [],
  },
  {
    says: 'a series that started before we began to listen is not',
    readings: [read(60_000, 5, 10_000)],
    rules: { listeningSince: instant(20_000) },
    slices: [],
    findings: ['baseline'],
  },
  {
    says: 'a target that reported before without this series: the first error counts',
    readings: [read(120_000, 1)],
    rules: { previousReportAt: instant(60_000) },
    slices: [[60_000, 1]],
    findings: [],
  },
  {
    says: 'a counter that fell was reset: what it shows now is what happened since',
    readings: [read(60_000, 500), read(120_000, 3)],
    slices: [[60_000, 3]],
    findings: ['baseline', 'reset'],
  },
  {
    says: 'a start after the last reading is a reset although the value grew',
    readings: [read(60_000, 5, 0), read(120_000, 9, 70_000)],
    slices: [[60_000, 9]],
    findings: ['baseline', 'reset'],
  },
  {
    says: 'a start at the very instant of the last reading is a reset when it moved there',
    readings: [read(60_000, 5, 0), read(120_000, 9, 60_000)],
    slices: [[60_000, 9]],
    findings: ['baseline', 'reset'],
  },
  {
    says: 'a first reading at its own start is the same stream as the next',
    readings: [read(60_000, 5, 60_000), read(120_000, 9, 60_000)],
    slices: [[60_000, 4]],
    findings: ['baseline'],
  },
  {
    says: 'a series that started the instant we began to listen is counted from zero',
    readings: [read(60_000, 5, 30_000)],
    rules: { listeningSince: instant(30_000) },
    slices: [[0, 5]],
    findings: [],
  },
  {
    says: 'a start that moved under a continuing counter is only noted: never count twice',
    readings: [read(60_000, 5, 0), read(120_000, 9, 50_000)],
    slices: [[60_000, 4]],
    findings: ['baseline', 'overlapping-start'],
  },
  {
    says: 'a silence of two intervals is jitter: all arrives in the last slice',
    readings: [read(60_000, 0), read(180_000, 7)],
    slices: [[120_000, 7]],
    findings: ['baseline'],
  },
  {
    says: 'a longer silence is spread, and nothing is lost to rounding',
    readings: [read(60_000, 0), read(240_000, 8)],
    slices: [
      [60_000, 3],
      [120_000, 3],
      [180_000, 2],
    ],
    findings: ['baseline', 'interpolated'],
  },
  {
    says: 'spreading follows how much of a slice the silence covers',
    readings: [read(30_000, 0), read(210_000, 12)],
    slices: [
      [0, 2],
      [60_000, 4],
      [120_000, 4],
      [180_000, 2],
    ],
    findings: ['baseline', 'interpolated'],
  },
  {
    says: 'the same reading twice counts once; another value for the same instant is refused',
    readings: [read(60_000, 1), read(120_000, 4), read(120_000, 4), read(120_000, 5)],
    slices: [[60_000, 3]],
    findings: ['baseline', 'duplicate', 'conflict'],
  },
  {
    says: 'a late reading moves events to where they happened',
    readings: [read(60_000, 0), read(180_000, 10), read(120_000, 8)],
    slices: [
      [60_000, 8],
      [120_000, 2],
    ],
    findings: ['baseline', 'late'],
  },
  {
    says: 'too late, and too far in the future',
    readings: [read(600_000, 0), read(60_000, 5), read(now + 300_001, 9)],
    slices: [],
    findings: ['baseline', 'too-late', 'future'],
  },
  {
    says: 'a clock five minutes ahead is still accepted',
    readings: [read(now + 300_000, 9)],
    rules: { ...delta },
    slices: [[100_260_000, 9]],
    findings: [],
  },
  {
    says: 'no number, a negative one, one that doubles cannot count',
    readings: [read(60_000, Number.NaN), read(60_000, -1), read(60_000, 2 ** 53)],
    slices: [],
    findings: ['not-finite', 'negative', 'too-large'],
  },
  {
    says: 'deltas count by themselves, in any order, each once',
    readings: [read(120_000, 4), read(60_000, 3), read(120_000, 4)],
    rules: delta,
    slices: [
      [0, 3],
      [60_000, 4],
    ],
    findings: ['late', 'duplicate'],
  },
  {
    says: 'a delta over a long stretch is spread over it',
    readings: [read(240_000, 8, 60_000)],
    rules: delta,
    slices: [
      [60_000, 3],
      [120_000, 3],
      [180_000, 2],
    ],
    findings: ['interpolated'],
  },
  {
    says: 'five-second slices',
    readings: [read(5_000, 0), read(10_000, 2), read(15_000, 5)],
    rules: { sliceMs: 5_000, intervalMs: 5_000 },
    slices: [
      [5_000, 2],
      [10_000, 3],
    ],
    findings: ['baseline'],
  },
])('$says', ({ readings, rules, slices, findings }) => {
  const result = run(readings, rules)
  expect(result.slices).toEqual(slices)
  expect(result.findings).toEqual(findings)
})

test(
  'C2 conservation: a cumulative counter without restarts adds up to its last reading, whatever the gaps and the fractions',
  patient,
  () => {
    const step = fc.record({
      wait: fc.integer({ min: 1, max: 900_000 }),
      grow: fc.double({ min: 0, max: 1e6, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let [at, value] = [60_000, 0]
        const readings = [read(at, 0)]
        for (const { wait, grow } of steps) {
          at += wait
          value += grow
          readings.push(read(at, value))
        }
        expect(run(readings).sum).toBe(Math.floor(value))
      }),
      { numRuns: 10_000 },
    )
  },
)

test(
  'C2 conservation: a delta counter with fractions carries what is left: events and carry are the sum in millionths',
  patient,
  () => {
    const step = fc.record({ wait: fc.integer({ min: 1, max: 90_000 }), millionths: fc.nat(5_000_000) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let at = 60_000
        // Eighths are exact in binary, so the expectation is exact too.
        const readings = steps.map(({ wait, millionths }) => {
          at += wait
          return read(at, Math.floor(millionths / 125_000) / 8)
        })
        const expected = readings.reduce((all, each) => all + each.value * 1_000_000, 0)
        const result = run(readings, delta)
        expect(result.sum * 1_000_000 + result.state.carry).toBe(expected)
        expect(result.state.carry).toBeLessThan(1_000_000)
      }),
      { numRuns: 10_000 },
    )
  },
)

const shuffled = fc
  .array(fc.record({ wait: fc.integer({ min: 1, max: 30_000 }), value: fc.nat(50) }), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((steps) => {
    let at = 600_000
    const readings = steps.map(({ wait, value }) => {
      at += wait
      return read(at, value)
    })
    return fc.record({
      readings: fc.constant(readings),
      order: fc.shuffledSubarray(readings, { minLength: readings.length, maxLength: readings.length }),
      repeats: fc.subarray(readings),
    })
  })

test.each(['cumulative', 'delta'] as const)(
  'C3 order independence and idempotence: %s readings give the same slices in any order and any number of times',
  patient,
  (temporality) => {
    fc.assert(
      fc.property(shuffled, ({ readings, order, repeats }) => {
        const rules = { temporality, latenessMs: 600_000, intervalMs: 10_000, previousReportAt: instant(590_000) }
        const straight = run(readings, rules)
        const mixed = run([...order, ...repeats], rules)
        expect(mixed.slices).toEqual(straight.slices)
        expect(mixed.findings.filter((kind) => kind === 'duplicate')).toHaveLength(repeats.length)
      }),
      { numRuns: 10_000 },
    )
  },
)

test('memory is bounded: a flood within the lateness keeps the newest readings, and older ones are refused', () => {
  const readings = Array.from({ length: 200 }, (_, index) => read(1_000_000 + index, index))
  const { state, sum } = run(readings, { keep: 16 })
  expect(state.recent).toHaveLength(16)
  expect(sum).toBe(199)
  expect(advanceSeries(state, read(1_000_100, 100), now).findings.map((each) => each.kind)).toEqual(['too-late'])
})

test('a correction takes back exactly what was placed', () => {
  const total = (deltas: readonly CountDelta[]) => deltas.reduce((all, each) => all + (each.counts[0] ?? 0), 0)
  let state = openCounter({ ...defaultRules, latenessMs: 900_000 })
  for (const each of [read(60_000, 0), read(600_000, 100)]) state = advanceSeries(state, each, now).state
  const step = advanceSeries(state, read(540_000, 1), now)
  expect(total(step.deltas)).toBe(0)
  expect(step.deltas.find((each) => each.sliceStart === 540_000)?.counts[0]).toBe(99 - 11)
})
