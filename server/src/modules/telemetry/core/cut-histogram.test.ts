// Histograms cut at an edge: the quick way tells what the general one tells, and packed they go on as they would have.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { advanceHistogram, advanceInGeneral, type HistogramReading, openHistogram } from './histogram.ts'
import type { HistogramValue } from './histogram-model.ts'
import { defaultRules, type SeriesRules } from './series.ts'
import { packSeries, unpackSeries } from './series-pack.ts'

const start = 1_700_000_000_000
const step = fc.record({
  after: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(1, 5_000, 15_000, 30_000, 59_999, 60_000) },
    { weight: 2, arbitrary: fc.integer({ min: -200_000, max: 400_000 }) },
  ),
  edge: fc.oneof({ weight: 9, arbitrary: fc.constant(0.25) }, { weight: 1, arbitrary: fc.constantFrom(0.1, 0.5, 1) }),
  /** Whether the buckets are told whole, as exponential histograms are. */
  form: fc.oneof(
    { weight: 9, arbitrary: fc.constant('cut') },
    { weight: 1, arbitrary: fc.constantFrom('whole', 'exp') },
  ),
  good: fc.oneof({ weight: 8, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.integer({ min: -50, max: 0 }) }),
  bad: fc.oneof({ weight: 8, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.integer({ min: -50, max: 0 }) }),
  startAt: fc.constantFrom(null, null, null, start - 50_000, start - 50_000, start + 100_000),
  lag: fc.constantFrom(0, 0, 0, 30_000, 400_000),
})
const rules = fc
  .record({
    sliceMs: fc.constantFrom(1_000, 10_000, 60_000),
    keep: fc.constantFrom(2, 4, 64),
    previousReportAt: fc.constantFrom(null, instant(start - 10_000)),
    listeningSince: fc.constantFrom(null, instant(start - 100_000)),
    temporality: fc.constantFrom('cumulative' as const, 'cumulative' as const, 'cumulative' as const, 'delta' as const),
  })
  .map((given): SeriesRules => ({ ...defaultRules, ...given, intervalMs: Math.min(given.sliceMs, 60_000) }))

function toldAs(form: string, edge: number, good: number, bad: number): HistogramValue {
  if (form === 'whole') return { kind: 'explicit', bounds: [edge / 2, edge, 2], counts: [good, 0, bad, 0] }
  if (form === 'cut') return { kind: 'explicit', bounds: [edge], counts: [good, bad] }
  const positive = { offset: -4, counts: [good, bad] }
  const negative = { offset: 0, counts: [] }
  return { kind: 'exponential', scale: 0, zeroThreshold: 0, zeroCount: 0, positive, negative }
}

test('the quick way tells what the general one tells, packed or not', { timeout: 300_000 }, () => {
  let quick = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), rules, fc.nat(3), (steps, rule, packEvery) => {
      let [expected, found] = [openHistogram(rule), openHistogram(rule)]
      let [time, good, bad] = [start, 20, 5]
      for (const [index, each] of steps.entries()) {
        time += each.after
        good = Math.max(0, good + each.good)
        bad = Math.max(0, bad + each.bad)
        const startAt = each.startAt === null ? null : instant(each.startAt)
        const value = toldAs(each.form, each.edge, good, bad)
        const reading: HistogramReading = { at: instant(time), startAt, value }
        const now = instant(time - each.lag)
        const [a, b] = [advanceInGeneral(expected, reading, 0.3, now), advanceHistogram(found, reading, 0.3, now)]
        if (JSON.stringify(a) !== JSON.stringify(b)) expect(b).toEqual(a)
        if (b.findings.length === 0) quick += 1
        expected = a.state
        found = packEvery > 0 && index % packEvery === 0 ? packed(b.state) : b.state
      }
    }),
    { numRuns: 5_000 },
  )
  expect(quick).toBeGreaterThan(5_000)
})

function packed(state: ReturnType<typeof openHistogram>) {
  const names = { stream: 7, series: '00ff10a0b0c0d0e0f001020304050607', source: 3, target: null }
  const row = { ...names, firstAt: instant(start), lastAt: instant(start), mind: { kind: 'histogram' as const, state } }
  const [one, other] = unpackSeries(packSeries([row, row]))
  expect(other).toEqual(row)
  return one?.mind.kind === 'histogram' ? one.mind.state : state
}
