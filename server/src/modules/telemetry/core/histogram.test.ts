import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { advanceHistogram, bucketOf, countAtMost, edgeOf, openHistogram, undecided } from './histogram.ts'
import {
  downscale,
  type ExponentialHistogram,
  fromClassicBuckets,
  type HistogramValue,
  parseEdge,
  totalOf,
} from './histogram-model.ts'
import { defaultRules, type SeriesRules } from './series.ts'

const explicit = (bounds: number[], counts: number[]): HistogramValue => ({ kind: 'explicit', bounds, counts })
const exponential = (scale: number, offset: number, counts: number[], zeroCount = 0): ExponentialHistogram => ({
  kind: 'exponential',
  scale,
  zeroThreshold: 0,
  zeroCount,
  positive: { offset, counts },
  negative: { offset: 0, counts: [] },
})

const web = explicit([0.1, 0.3, 1], [50, 30, 15, 5])

test.each([
  { threshold: 0.3, good: 80, atMost: 80, lower: 0.3, upper: 0.3 },
  { threshold: 0.25, good: 50, atMost: 80, lower: 0.1, upper: 0.3 }, // the whole bucket counts as too slow
  { threshold: 1, good: 95, atMost: 95, lower: 1, upper: 1 },
  { threshold: 7, good: 95, atMost: 100, lower: 1, upper: Number.POSITIVE_INFINITY },
])('at most $threshold s: surely $good, possibly $atMost of 100', ({ threshold, good, atMost, lower, upper }) => {
  const counted = { state: 'counted', good, goodAtMost: atMost, total: 100, lowerEdge: lower, upperEdge: upper }
  expect(countAtMost(web, threshold)).toEqual(counted)
  expect(undecided(countAtMost(web, threshold))).toBe((atMost - good) / 100)
})

test('a threshold below every edge is refused: all events would be called bad', () => {
  expect(countAtMost(web, 0.05)).toEqual({ state: 'refused', because: 'no-edge-below', lowestEdge: 0.1 })
  expect(countAtMost(explicit([], [9]), 0.3)).toMatchObject({ state: 'refused' })
})

test.each([
  { le: '1', edge: 1 },
  { le: '1.0', edge: 1 },
  { le: '1e0', edge: 1 },
  { le: '+Inf', edge: Number.POSITIVE_INFINITY },
  { le: '.5', edge: 0.5 },
  { le: '', edge: null },
  { le: '0x10', edge: null },
  { le: '1s', edge: null },
])('le="$le" is $edge', ({ le, edge }) => expect(parseEdge(le)).toBe(edge))

test('classic buckets come in any order and spelling; broken ones are named', () => {
  const bucket = (le: string, count: number) => ({ le, count })
  expect(fromClassicBuckets([bucket('+Inf', 100), bucket('1.0', 95), bucket('0.1', 50)])).toEqual(
    explicit([0.1, 1], [50, 45, 5]),
  )
  expect(fromClassicBuckets([bucket('1', 5), bucket('1.0', 5), bucket('+Inf', 9)])).toBe('repeated-edge')
  expect(fromClassicBuckets([bucket('1', 5), bucket('+Inf', 4)])).toBe('decreasing')
  expect(fromClassicBuckets([bucket('1', 5)])).toBe('no-infinity')
  expect(fromClassicBuckets([bucket('one', 5), bucket('+Inf', 5)])).toBe('no-number')
})

test.each([
  { value: 1, scale: 0, index: -1, isEdge: true },
  { value: 2, scale: 0, index: 0, isEdge: true },
  { value: 3, scale: 0, index: 1, isEdge: false },
  { value: 0.25, scale: 3, index: -17, isEdge: true },
  { value: 16, scale: -2, index: 0, isEdge: true },
  { value: 16.1, scale: -2, index: 1, isEdge: false },
])('$value at scale $scale falls into bucket $index', ({ value, scale, index, isEdge }) => {
  expect(bucketOf(value, scale)).toEqual({ index, isEdge })
})

test('a value always lies within the edges of its bucket, and a bucket is as wide as its base', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.integer({ min: -4, max: 12 }), (value, scale) => {
      const { index } = bucketOf(value, scale)
      expect(edgeOf(index, scale) < value && value <= edgeOf(index + 1, scale)).toBe(true)
      expect(edgeOf(index + 1, scale) / edgeOf(index, scale)).toBeCloseTo(2 ** (2 ** -scale), 6)
    }),
  )
})

test.each([
  { threshold: 4, good: 1 + 10 + 20, atMost: 31 }, // zero bucket, (1,2], (2,4]
  { threshold: 3, good: 11, atMost: 31 },
  { threshold: 0.5, good: 1, atMost: 1 },
  { threshold: 100, good: 61, atMost: 61 },
  { threshold: 0, good: 1, atMost: 1 },
])('exponential buckets at most $threshold: $good to $atMost', ({ threshold, good, atMost }) => {
  expect(countAtMost(exponential(0, 0, [10, 20, 30], 1), threshold)).toMatchObject({
    good,
    goodAtMost: atMost,
    total: 61,
  })
})

const anyExponential = fc
  .record({
    scale: fc.integer({ min: -2, max: 8 }),
    offset: fc.integer({ min: -300, max: 300 }),
    counts: fc.array(fc.nat(1_000), { maxLength: 40 }),
    zeroCount: fc.nat(10),
  })
  .map(({ scale, offset, counts, zeroCount }) => exponential(scale, offset, counts, zeroCount))

test('a coarser scale keeps the total and only widens the bound', () => {
  fc.assert(
    fc.property(
      anyExponential,
      fc.integer({ min: 0, max: 6 }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      (value, by, threshold) => {
        const coarse = downscale(value, value.scale - by)
        expect(totalOf(coarse)).toBe(totalOf(value))
        const [fine, wide] = [countAtMost(value, threshold), countAtMost(coarse, threshold)]
        if (fine.state !== 'counted' || wide.state !== 'counted') throw new Error('both count')
        expect(wide.good).toBeLessThanOrEqual(fine.good)
        expect(wide.goodAtMost).toBeGreaterThanOrEqual(fine.goodAtMost)
      },
    ),
  )
})

function run(values: readonly HistogramValue[], threshold: number, rules: Partial<SeriesRules> = {}) {
  let state = openHistogram({ ...defaultRules, previousReportAt: instant(540_000), ...rules })
  const sum = { good: 0, bad: 0 }
  const findings: string[] = []
  for (const [index, value] of values.entries()) {
    const reading = { at: instant(600_000 + index * 60_000), value, startAt: null }
    const step = advanceHistogram(state, reading, threshold, instant(9_000_000))
    state = step.state
    for (const { counts } of step.deltas) {
      sum.good += counts[0] ?? 0
      sum.bad += counts[1] ?? 0
    }
    findings.push(...step.findings.map((finding) => finding.kind))
  }
  return { ...sum, findings }
}

test('cumulative histograms count their increase', () => {
  expect(run([web, explicit([0.1, 0.3, 1], [60, 30, 15, 6])], 0.3)).toEqual({ good: 90, bad: 21, findings: [] })
})

test('fewer events than before is a restart', () => {
  expect(run([web, explicit([0.1, 0.3, 1], [1, 1, 1, 1])], 0.3)).toEqual({ good: 82, bad: 22, findings: ['reset'] })
})

test('another layout with the same edge still compares; with a moved edge it cannot, and nothing is invented', () => {
  expect(run([web, explicit([0.3, 2], [90, 15, 5])], 0.3)).toEqual({ good: 90, bad: 20, findings: [] })
  expect(run([web, explicit([0.2, 2], [90, 15, 5])], 0.3)).toEqual({ good: 80, bad: 20, findings: ['incomparable'] })
})

test('an exponential histogram that coarsens as it grows is compared at the coarser scale', () => {
  const before = exponential(1, 0, [10, 10, 10, 10])
  const after = exponential(0, 0, [25, 20, 5])
  expect(run([before, after], 2)).toEqual({ good: 25, bad: 25, findings: [] })
})

test('deltas count whole, each by its own layout', () => {
  expect(run([web, explicit([0.2], [4, 6])], 0.3, { temporality: 'delta' })).toEqual({
    good: 84,
    bad: 26,
    findings: [],
  })
})
