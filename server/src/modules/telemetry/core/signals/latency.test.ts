import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketOf } from '../histogram.ts'
import type { ExplicitHistogram, ExponentialHistogram } from '../histogram-model.ts'
import {
  countOf,
  finestScale,
  type Latency,
  latencyOf,
  mergeLatency,
  mostBuckets,
  noLatency,
  percentile,
} from './latency.ts'
import { LatencyTally } from './latency-tally.ts'
import { readLatency, writeLatency } from './latency-text.ts'

const edges = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

function exponentialOf(values: readonly number[], scale: number): ExponentialHistogram {
  const indexes = values.filter((each) => each > 0).map((each) => bucketOf(each, scale).index)
  const offset = Math.min(...indexes)
  const counts = indexes.length === 0 ? [] : Array.from({ length: Math.max(...indexes) - offset + 1 }, () => 0)
  for (const index of indexes) counts[index - offset] = (counts[index - offset] ?? 0) + 1
  return {
    kind: 'exponential',
    scale,
    zeroThreshold: 0,
    zeroCount: values.length - indexes.length,
    positive: { offset: indexes.length === 0 ? 0 : offset, counts },
    negative: { offset: 0, counts: [] },
  }
}

function explicitOf(values: readonly number[], bounds: readonly number[]): ExplicitHistogram {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0)
  for (const value of values) {
    const found = bounds.findIndex((bound) => value <= bound)
    const at = found === -1 ? bounds.length : found
    counts[at] = (counts[at] ?? 0) + 1
  }
  return { kind: 'explicit', bounds, counts }
}

const anySeconds = fc.oneof(
  fc.double({ min: 1e-4, max: 60, noNaN: true }),
  fc.double({ min: 0.01, max: 0.5, noNaN: true }),
  fc.constant(0),
)
const anyValues = fc.array(anySeconds, { minLength: 1, maxLength: 60 })
const anyLatency: fc.Arbitrary<Latency> = fc.oneof(
  fc
    .record({
      values: anyValues,
      scale: fc.integer({ min: -2, max: 9 }),
      unit: fc.constantFrom('s' as const, 'ms' as const),
    })
    .map(({ values, scale, unit }) => latencyOf(exponentialOf(values, scale), unit)),
  fc
    .record({
      values: anyValues,
      bounds: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 0, maxLength: 3 }),
    })
    .map(({ values, bounds }) =>
      latencyOf(
        explicitOf(
          values,
          bounds.sort((a, b) => a - b),
        ),
        's',
      ),
    ),
)

test('merging is associative and commutative, loses no event, and nothing is nothing', () => {
  fc.assert(
    fc.property(anyLatency, anyLatency, anyLatency, (a, b, c) => {
      expect(mergeLatency(a, b)).toEqual(mergeLatency(b, a))
      expect(mergeLatency(mergeLatency(a, b), c)).toEqual(mergeLatency(a, mergeLatency(b, c)))
      expect(mergeLatency(a, noLatency)).toEqual(a)
      expect(countOf(mergeLatency(a, b))).toBe(countOf(a) + countOf(b))
    }),
  )
})

test('so it is with more layouts than are kept', () => {
  const one = (bound: number) => latencyOf(explicitOf([0.5, 20], [bound]), 's')
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }), fc.nat(), (bounds, seed) => {
      const parts = bounds.map(one)
      const left = parts.reduce(mergeLatency, noLatency)
      const cut = seed % (parts.length + 1)
      const apart = [parts.slice(cut), parts.slice(0, cut)].map((half) => half.reduceRight(mergeLatency, noLatency))
      expect(apart.reduce(mergeLatency)).toEqual(left)
      expect(countOf(left)).toBe(2 * bounds.length)
    }),
  )
})

const exactOf = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length)) - 1] ?? Number.NaN

test('the exact percentile of all hosts together lies in the range, and no further from the value than is said', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ values: anyValues, scale: fc.integer({ min: 0, max: 9 }), explicit: fc.boolean() }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.constantFrom(0.5, 0.9, 0.99, 1),
      (hosts, q) => {
        const merged = hosts
          .map(({ values, scale, explicit }) =>
            latencyOf(explicit ? explicitOf(values, edges) : exponentialOf(values, scale), 's'),
          )
          .reduce(mergeLatency)
        const exact = exactOf(
          hosts.flatMap((host) => host.values),
          q,
        )
        const found = percentile(merged, q)
        expect(found).not.toBeNull()
        if (found === null) return
        const slack = 1 + 1e-9
        expect(found.low).toBeLessThanOrEqual(exact * slack)
        if (found.high !== null) expect(found.high * slack).toBeGreaterThanOrEqual(exact)
        if (found.seconds !== null && found.error !== null && found.error < 1)
          expect(Math.abs(found.seconds - exact)).toBeLessThanOrEqual(found.error * exact * slack + 1e-12)
      },
    ),
  )
})

test('within a factor of 1,000 an exponential histogram is off by 1.1 % at most, however fine it came', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.002, max: 2, noNaN: true }), { minLength: 1, maxLength: 80 }), (values) => {
      const found = percentile(latencyOf(exponentialOf(values, 9), 's'), 0.9)
      expect(found?.error).toBeLessThan(0.011)
      expect(Math.abs((found?.seconds ?? 0) - exactOf(values, 0.9))).toBeLessThan(0.011 * exactOf(values, 0.9))
    }),
  )
})

test('what spans more becomes coarser, never longer', () => {
  const { sketches } = latencyOf(exponentialOf([1e-6, 1, 1e6], 12), 's')
  const [sketch] = sketches
  expect(sketch?.scale).toBeLessThan(finestScale)
  expect((sketch?.buckets.at(-1)?.[0] ?? 0) - (sketch?.buckets[0]?.[0] ?? 0)).toBeLessThan(mostBuckets)
})

test.each([
  ['the bucket says how sure it is', [0.3], 0.5, { low: 0.25, high: 0.5, seconds: 1 / 3, error: 1 / 3 }],
  ['below the first edge', [0.001], 0.5, { low: 0, high: 0.005, seconds: 0.0025, error: 1 }],
  [
    'above the last edge nothing is known but that it is above',
    [30],
    0.99,
    { low: 10, high: null, seconds: null, error: null },
  ],
])('explicit buckets: %s', (_, values, q, expected) => {
  const found = percentile(latencyOf(explicitOf(values, edges), 's'), q)
  expect(found?.low).toBe(expected.low)
  expect(found?.high).toBe(expected.high)
  if (expected.seconds === null) expect(found?.seconds).toBeNull()
  else expect(found?.seconds).toBeCloseTo(expected.seconds, 9)
  if (expected.error !== null) expect(found?.error).toBeCloseTo(expected.error, 9)
})

test('nothing has no percentile', () => {
  expect(percentile(noLatency, 0.5)).toBeNull()
})

test('milliseconds and seconds of one service are compared as times', () => {
  const both = mergeLatency(latencyOf(explicitOf([40], [25, 50]), 'ms'), latencyOf(exponentialOf([0.2], 5), 's'))
  expect(percentile(both, 0.5)).toMatchObject({ low: 0.025, high: 0.05 })
  expect(percentile(both, 1)?.seconds).toBeCloseTo(0.2, 2)
})

test('what is written is read as it was', () => {
  fc.assert(
    fc.property(anyLatency, anyLatency, (a, b) => {
      const both = mergeLatency(a, b)
      expect(readLatency(writeLatency(both))).toEqual(both)
    }),
  )
  expect(readLatency('{')).toBeNull()
})

test('added up in place is what merging one by one gives', () => {
  const anyHistogram = fc.record({
    values: anyValues,
    scale: fc.integer({ min: -2, max: 9 }),
    unit: fc.constantFrom('s' as const, 'ms' as const),
    bounds: fc.option(fc.constantFrom([0.1, 1], [0.1, 1, 5], [2])),
  })
  fc.assert(
    fc.property(fc.array(anyHistogram, { maxLength: 8 }), (parts) => {
      const histograms = parts.map(({ values, scale, unit, bounds }) => ({
        value: bounds === null ? exponentialOf(values, scale) : explicitOf(values, bounds),
        unit,
      }))
      const tally = new LatencyTally()
      for (const { value, unit } of histograms) tally.add(value, unit)
      const merged = histograms.map(({ value, unit }) => latencyOf(value, unit)).reduce(mergeLatency, noLatency)
      expect(tally.read()).toEqual(merged)
    }),
  )
})
