// What a Prometheus answers, by group: counters series by series, values with fractions, thresholds. Σ groups = whole.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { listGroups } from './groups.store.ts'
import { readSlices } from './slices.store.ts'
import type { StreamSource } from './stream.ts'
import { findStream } from './streams.store.ts'
import { forget, openTelemetryWorld, register, requestsOf, type TelemetryWorld } from './telemetry.fixture.ts'
import { countAnswers } from './usecases/count-prometheus.ts'

let world: TelemetryWorld
const patient = { timeout: 120_000 }
const id = 'website-availability'

beforeAll(async () => {
  world = await openTelemetryWorld('groups_prometheus')
})
afterAll(() => world.close())
beforeEach(() => forget(world.database))

type Source = Extract<StreamSource, { kind: 'prometheus' }>
type Series = { readonly tenant: string; readonly values: readonly (number | null)[] }

const queries = (counter: boolean): Source => ({
  kind: 'prometheus',
  form: 'good-total',
  dataSource: 'main',
  queries: [
    { side: 'good', query: counter ? 'good' : 'sum by (tenant) (increase(good[1m]))', counter },
    { side: 'total', query: counter ? 'total' : 'sum by (tenant) (increase(total[1m]))', counter },
  ],
})

async function read(source: Source, answers: readonly (readonly Series[])[], most: number) {
  await forget(world.database)
  await register(world.database, requestsOf('website', { source, grouping: { by: ['tenant'], most } }))
  const stream = await findStream(world.database, id)
  if (stream === null) throw new Error('no stream')
  const now = await world.database.now()
  const after = instant(Math.floor((now - 10 * minute) / minute) * minute)
  const length = Math.max(1, ...answers.flat().map((each) => each.values.length))
  const to = instant(after + length * minute)
  const order = { stream, source, known: null, back: false, after, to }
  const answered = answers.map((series) => ({
    state: 'read' as const,
    series: series.map(({ tenant, values }) => ({
      labels: { tenant },
      samples: values.flatMap((value, index) =>
        value === null ? [] : [{ at: instant(after + (index + 1) * minute), value }],
      ),
    })),
  }))
  await world.database.transaction((tx) => countAnswers(tx, order, answered))
  const rowsOf = (key: number) => readSlices(world.database, key, 0, Number.MAX_SAFE_INTEGER)
  const whole = await rowsOf(stream.key)
  const groups = await listGroups(world.database, [stream.key])
  const parts = (await Promise.all(groups.map((group) => rowsOf(group.key)))).flat()
  return { whole, parts, groups }
}

function expectSums({ whole, parts }: Awaited<ReturnType<typeof read>>) {
  for (const slice of whole) {
    const own = parts.filter((part) => part.sliceStart === slice.sliceStart)
    for (const side of ['good', 'bad', 'total'] as const)
      expect(own.reduce((sum, part) => sum + part[side], 0)).toBe(slice[side])
  }
  const starts = new Set(whole.map((slice) => slice.sliceStart))
  expect(parts.every((part) => starts.has(part.sliceStart))).toBe(true)
}

// No answer has two series with the same labels.
const series = (value: fc.Arbitrary<number | null>) =>
  fc.uniqueArray(
    fc.record({ tenant: fc.constantFrom('a', 'b', 'c', ''), values: fc.array(value, { minLength: 2, maxLength: 4 }) }),
    { minLength: 1, maxLength: 4, selector: ({ tenant }) => tenant },
  )

test('values with fractions, gaps and nonsense are split so that the groups add up', patient, async () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    fc.constantFrom(null, Number.NaN, -1, Number.POSITIVE_INFINITY, 0),
  )
  await fc.assert(
    fc.asyncProperty(series(value), series(value), fc.integer({ min: 1, max: 4 }), async (good, total, most) => {
      expectSums(await read(queries(false), [good, total], most))
    }),
    { numRuns: 15 },
  )
})

test('counters are split series by series, resets and all', patient, async () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constant(null))
  await fc.assert(
    fc.asyncProperty(series(value), series(value), async (good, total) => {
      expectSums(await read(queries(true), [good, total], 2))
    }),
    { numRuns: 15 },
  )
})

test('samples judged by a threshold count for the group they are of', async () => {
  const source: Source = {
    ...{ kind: 'prometheus', form: 'good-bad', dataSource: 'main', queries: [] },
    threshold: { query: 'latency', op: 'lte', value: 0.5 },
  }
  const found = await read(
    source,
    [
      [
        { tenant: 'a', values: [0.1, 0.9] },
        { tenant: 'b', values: [0.2, 0.3] },
      ],
    ],
    5,
  )
  expectSums(found)
  expect(found.whole.map(({ good, bad }) => [good, bad])).toEqual([
    [2, 0],
    [1, 1],
  ])
  expect(found.groups.map((each) => each.values)).toEqual([['a'], ['b']])
})
