// In place or with objects: the same amounts, the same findings, the same memory.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { advanceSeries, openCounter } from './counter.ts'
import { advanceTrack, openTrack, type SampleRun, stateOf, trackOf } from './counter-track.ts'
import { defaultRules, type SeriesRules } from './series.ts'
import { packSeries, unpackSeries } from './series-pack.ts'

const start = 1_700_000_000_000
const reading = fc.record({
  step: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(1, 5_000, 15_000, 30_000, 59_999, 60_000) },
    { weight: 2, arbitrary: fc.integer({ min: -200_000, max: 400_000 }) },
  ),
  value: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<['more', number]>(['more', 0], ['more', 1], ['more', 7], ['more', 0.4]) },
    { weight: 2, arbitrary: fc.nat(30).map((value): ['is', number] => ['is', value]) },
    { weight: 1, arbitrary: fc.constantFrom<['is', number]>(['is', -3], ['is', 2 ** 53], ['is', 0]) },
  ),
})
const runs = fc.array(
  fc.record({
    readings: fc.array(reading, { minLength: 1, maxLength: 12 }),
    created: fc.constantFrom(0, 0, 0, start - 50_000, start + 100_000),
  }),
  { minLength: 1, maxLength: 6 },
)
const rules = fc
  .record({
    sliceMs: fc.constantFrom(1_000, 10_000, 60_000),
    keep: fc.constantFrom(2, 4, 64),
    previousReportAt: fc.constantFrom(null, instant(start - 10_000)),
    listeningSince: fc.constantFrom(null, instant(start - 100_000)),
    temporality: fc.constantFrom('cumulative' as const, 'cumulative' as const, 'delta' as const),
  })
  .map((given): SeriesRules => ({ ...defaultRules, ...given, intervalMs: Math.min(given.sliceMs, 60_000) }))

function runsOf(given: typeof runs extends fc.Arbitrary<infer Each> ? Each : never): SampleRun[] {
  let [time, value] = [start, 100]
  return given.map(({ readings, created }) => {
    const pairs = readings.map(({ step, value: [how, amount] }) => {
      time += step
      value = how === 'more' ? Math.max(0, value) + amount : amount
      return [time, value] as const
    })
    const [times, values] = [Float64Array.from(pairs, ([at]) => at), Float64Array.from(pairs, ([, each]) => each)]
    return { times, values, from: 0, to: pairs.length, createdMs: created }
  })
}

test('a track tells what a series of objects tells, and packed it goes on as it would have', {
  timeout: 300_000,
}, () => {
  fc.assert(
    fc.property(runs, rules, fc.nat(3), (given, rule, packEvery) => {
      let state = openCounter(rule)
      let track = openTrack(rule)
      for (const [index, run] of runsOf(given).entries()) {
        const now = instant(Math.max(...run.times) - (index % 3 === 2 ? 400_000 : 0))
        const [expected, found] = [newTold(), newTold()]
        const pairs = [...run.times].map((at, place) => [at, run.values[place] ?? 0] as const)
        for (const [at, value] of pairs.sort(([a], [b]) => a - b)) {
          const startAt = run.createdMs > 0 ? instant(run.createdMs) : null
          const step = advanceSeries(state, { at: instant(at), value, startAt }, now)
          state = step.state
          for (const { sliceStart, counts } of step.deltas) expected.add(sliceStart, counts[0] ?? 0)
          for (const { kind } of step.findings) expected.find(kind)
        }
        if (packEvery > 0 && index % packEvery === 0) track = packed(track)
        advanceTrack(track, run, now, found)
        // Compared as texts: an assertion for each step would take most of the time.
        const [a, b] = [JSON.stringify([found.all(), stateOf(track)]), JSON.stringify([expected.all(), state])]
        if (a !== b) expect(a).toBe(b)
      }
      if (JSON.stringify(trackOf(state)) !== JSON.stringify(track)) expect(trackOf(state)).toEqual(track)
    }),
    { numRuns: 10_000 },
  )
})

function newTold() {
  const [sums, kinds] = [new Map<number, number>(), [] as string[]]
  return {
    add: (slice: number, count: number) => {
      sums.set(slice, (sums.get(slice) ?? 0) + count)
    },
    find: (kind: string) => {
      kinds.push(kind)
    },
    all: () => [[...sums].filter(([, sum]) => sum !== 0).sort(([a], [b]) => a - b), kinds],
  }
}

function packed(track: ReturnType<typeof openTrack>) {
  const names = { stream: 7, series: '00ff10a0b0c0d0e0f001020304050607', source: 3, target: 'a0b1c2d3e4f5' }
  const row = { ...names, firstAt: null, lastAt: instant(start), mind: { kind: 'counter' as const, track } }
  const [found] = unpackSeries(packSeries([row, row]))
  if (JSON.stringify(found) !== JSON.stringify(row)) expect(found).toEqual(row)
  return found?.mind.kind === 'counter' ? found.mind.track : track
}
