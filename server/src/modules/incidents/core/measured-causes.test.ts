import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { deviationOf, type Measured, type MeasuredSeries } from './deviation.ts'
import { type MeasuredQuestion, rankMeasured } from './measured-causes.ts'
import { measuredEvidence } from './measured-words.ts'
import { graphOf } from './service-graph.ts'

// front → checkout → payment, front → catalog.
const graph = graphOf([
  { caller: 'front', callee: 'checkout' },
  { caller: 'front', callee: 'catalog' },
  { caller: 'checkout', callee: 'payment' },
])
const onset = instant(Date.UTC(2026, 10, 21, 12))
const reference = [{ start: plus(onset, -200 * minute), end: onset }]
const window = { start: onset, end: plus(onset, 5 * minute) }
const words = {
  latency: 'p99 latency',
  slow: 'slow requests',
  errors: 'errors',
  traffic: 'requests',
  saturation: 'CPU',
} as const

/** Two hundred minutes around the usual, then these values from the onset on. */
function series(
  service: string,
  measured: Measured,
  usual: number,
  after: readonly number[],
  calls: MeasuredSeries['calls'] = null,
): MeasuredSeries {
  const before = Array.from({ length: 200 }, (_, place) => ({
    at: plus(onset, (place - 200) * minute),
    value: usual * (1 + ((place * 37) % 21) / 1000),
  }))
  const then = after.map((value, place) => ({ at: plus(onset, place * minute), value }))
  return { service, calls, measured, words: words[measured], samples: [...before, ...then] }
}
const quiet = (service: string, measured: Measured, usual: number) =>
  series(service, measured, usual, [usual, usual, usual, usual, usual])
const question = (...all: MeasuredSeries[]): MeasuredQuestion => ({ series: all, graph, reference, window, hurt: [] })
const order = (of: MeasuredQuestion) => rankMeasured(of).map((each) => each.service)

test.each([
  ['slower', 'latency', 0.1, [0.1, 0.8, 0.9], true],
  ['faster', 'latency', 0.1, [0.01, 0.01, 0.01], false],
  ['as slow as it is noisy', 'latency', 0.1, [0.101, 0.1, 0.102], false],
  ['failing', 'errors', 0, [0, 0.2, 0.3], true],
  ['one failure in a thousand', 'errors', 0, [0, 0.001, 0.001], false],
  ['with fewer requests', 'traffic', 50, [2, 1, 0], true],
  ['with more requests', 'traffic', 50, [200, 300, 400], false],
  ['full', 'saturation', 0.2, [0.99, 1, 1], true],
] as const)('%s: %s', (_, measured, usual, after, deviates) => {
  expect(deviationOf(series('payment', measured, usual, after), reference, window) !== null).toBe(deviates)
})

test('what came up before by itself is chance, however far off: an hour of it counts once', () => {
  const known = series('payment', 'latency', 0.1, [0.5, 0.5])
  const spiky = (places: readonly number[]) => ({
    ...known,
    samples: known.samples.map((each, place) => (places.includes(place) ? { ...each, value: 0.6 } : each)),
  })
  const places = (from: number, count: number, step: number) => Array.from({ length: count }, (_, n) => from + n * step)
  expect(deviationOf(spiky([]), reference, window)).not.toBeNull()
  expect(deviationOf(spiky(places(20, 9, 1)), reference, window)).not.toBeNull()
  expect(deviationOf(spiky(places(0, 10, 20)), reference, window)).toBeNull()
})

test('too little is known to say', () => {
  const short = series('payment', 'latency', 0.1, [9, 9])
  expect(deviationOf({ ...short, samples: short.samples.slice(-11) }, reference, window)).toBeNull()
  expect(
    deviationOf(quiet('payment', 'latency', 0.1), reference, { start: window.end, end: plus(window.end, minute) }),
  ).toBeNull()
})

test('a dependency that is slow explains those above it', () => {
  const asked = question(
    series('front', 'latency', 0.3, [0.3, 1.2, 1.2]),
    series('checkout', 'latency', 0.2, [0.2, 1.1, 1.1]),
    series('payment', 'latency', 0.1, [1, 1, 1]),
    quiet('catalog', 'latency', 0.1),
  )
  expect(order(asked)).toEqual(['payment', 'checkout', 'front'])
  expect(measuredEvidence(rankMeasured(asked)[0] ?? fail())).toEqual([
    "payment's p99 latency rose 9.9×, from 101 ms to 1.0 s",
    'checkout calls payment; its p99 latency rose 5.4×, from 202 ms to 1.1 s 60 s later',
  ])
})

test('a dependency a little slower does not explain a caller that got far slower: that one is slow itself', () => {
  const asked = question(
    series('checkout', 'latency', 0.2, [5, 5, 5]),
    series('payment', 'latency', 0.1, [0.15, 0.15, 0.15]),
  )
  expect(order(asked)[0]).toBe('checkout')
})

test('few failures in many requests explain many failures in few', () => {
  const shared = [series('checkout', 'errors', 0, [0.3, 0.3]), series('payment', 'errors', 0, [0.05, 0.05])]
  expect(order(question(...shared))[0]).toBe('checkout')
  const counted = [quiet('checkout', 'traffic', 10), quiet('payment', 'traffic', 60)]
  expect(order(question(...shared, ...counted))[0]).toBe('payment')
})

test('a leaf that is full explains itself and its callers', () => {
  const asked = question(
    series('checkout', 'latency', 0.2, [0.2, 2, 2]),
    series('payment', 'saturation', 0.3, [1, 1, 1]),
    series('payment', 'latency', 0.1, [0.1, 1.9, 1.9]),
  )
  const [first] = rankMeasured(asked)
  expect(first?.service).toBe('payment')
  expect(measuredEvidence(first ?? fail())).toContain("payment's CPU rose 3.3×, from 30 % to 100 %")
})

test('callers wait and the callee does not: the way to it', () => {
  const of = (seenBy: 'caller' | 'callee', after: number[]) =>
    series('checkout', 'latency', 0.05, after, { callee: 'payment', seenBy })
  const asked = question(
    series('checkout', 'latency', 0.2, [0.9, 0.9]),
    quiet('payment', 'latency', 0.05),
    of('caller', [0.75, 0.75]),
    of('callee', [0.05, 0.05]),
  )
  const [first] = rankMeasured(asked)
  expect(first).toMatchObject({ service: 'payment', signs: [{ kind: 'way' }] })
  expect(measuredEvidence(first ?? fail())[0]).toContain('while payment sees none of that')
  const slowItself = question(of('caller', [0.75, 0.75]), of('callee', [0.74, 0.74]))
  expect(rankMeasured(slowItself)).toEqual([])
})

test('one that reports nothing is a weaker suspect than one that does', () => {
  const asked = question(
    series('front', 'errors', 0, [0.2, 0.2], { callee: 'balancer', seenBy: 'caller' }),
    series('checkout', 'errors', 0, [0.2, 0.2]),
  )
  expect(order(asked)).toEqual(['checkout', 'balancer'])
})

test('only what the hurt service calls can be its cause, and what went wrong alike speaks louder', () => {
  const all = [series('catalog', 'errors', 0, [0.2, 0.2]), series('payment', 'latency', 0.1, [2, 2])]
  expect(order({ ...question(...all), hurt: [{ service: 'checkout', measured: null }] })).toEqual(['payment'])
  const [alike, unlike] = rankMeasured({ ...question(...all), hurt: [{ service: 'front', measured: 'errors' }] })
  expect([alike?.service, unlike?.service]).toEqual(['catalog', 'payment'])
})

test('nothing deviates: no cause is named', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.98, max: 1.02, noNaN: true }), { minLength: 5, maxLength: 5 }), (noise) => {
      const after = (usual: number) => noise.map((each) => usual * each)
      expect(
        order(
          question(series('payment', 'latency', 0.1, after(0.1)), series('payment', 'saturation', 0.5, after(0.5))),
        ),
      ).toEqual([])
    }),
  )
})

test('the order of the series changes nothing, and every cause has its evidence', () => {
  const services = ['front', 'checkout', 'payment', 'catalog']
  const one = fc.record({
    service: fc.constantFrom(...services),
    measured: fc.constantFrom<Measured>('latency', 'errors', 'saturation', 'traffic'),
    after: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 5 }),
    callee: fc.option(fc.constantFrom(...services)),
    seenBy: fc.constantFrom<'caller' | 'callee'>('caller', 'callee'),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(one, {
        maxLength: 8,
        selector: (each) => JSON.stringify([each.service, each.measured, each.callee, each.seenBy]),
      }),
      (drawn) => {
        const all = drawn.map(({ service, measured, after, callee, seenBy }) =>
          series(service, measured, 0.2, after, callee === null ? null : { callee, seenBy }),
        )
        const ranked = rankMeasured(question(...all))
        const scores = (causes: typeof ranked) => causes.map((each) => [each.service, each.score.toFixed(9)])
        expect(scores(rankMeasured(question(...[...all].reverse())))).toEqual(scores(ranked))
        for (const cause of ranked) expect(measuredEvidence(cause).length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 60 },
  )
})

function fail(): never {
  throw new Error('A cause was expected.')
}
