// Read without objects or with them: the same points of the same series, and nothing that is wrong gets through.
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { newDecodeMemory } from './memory.ts'
import type { ResourceMetrics } from './otlp-model.ts'
import { decodeOtlpProtobuf, readOtlpProtobuf } from './otlp-protobuf.ts'
import type { SampleBatch } from './sample-batch.ts'

const { root } = protobuf.parse(
  `syntax = "proto3";
message AnyValue { string s = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Exemplar { fixed64 time = 2; }
message Point { fixed64 start = 2; fixed64 time = 3; oneof value { double d = 4; sfixed64 i = 6; } repeated Exemplar exemplars = 5; repeated KeyValue attributes = 7; uint32 flags = 8; }
message Sum { repeated Point points = 1; uint32 temporality = 2; bool monotonic = 3; }
message Gauge { repeated Point points = 1; }
message Metric { string name = 1; string description = 2; string unit = 3; Gauge gauge = 5; Sum sum = 7; }
message Scope { string name = 1; string version = 2; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scopes = 2; }
message Export { repeated ResourceMetrics resources = 1; }`,
  { keepCase: true },
)
const encode = (resources: readonly object[]): Uint8Array => {
  const found = root.lookupType('Export')
  return found.encode(found.fromObject({ resources })).finish()
}
const keyOf = (bytes: Uint8Array, start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end))
const memoryOf = () => newDecodeMemory(keyOf)

const word = fc.constantFrom('a', 'code', 'route', 'ü', 'x'.repeat(130))
const attributes = fc
  .dictionary(word, word, { maxKeys: 3 })
  .map((given) => Object.entries(given).map(([key, s]) => ({ key, value: { s } })))
const nanos = fc.integer({ min: 0, max: 2e12 }).map((ms) => String(BigInt(ms) * 1_000_000n))
const point = fc.record(
  {
    start: nanos,
    time: fc.oneof({ weight: 9, arbitrary: nanos }, { weight: 1, arbitrary: fc.constant('0') }),
    d: fc.oneof(fc.nat(), fc.double(), fc.constantFrom(0.5, -1, Number.NaN, 2 ** 60)),
    attributes,
    exemplars: fc.array(fc.record({ time: nanos }), { maxLength: 1 }),
    flags: fc.constantFrom(0, 0, 0, 1),
  },
  { requiredKeys: ['time', 'attributes'] },
)
const whole = fc.record({ start: nanos, time: nanos.filter((each) => each !== '0'), i: fc.nat(), attributes })
const metric = fc
  .record({
    name: fc.constantFrom('requests', 'jobs', 'special', ''),
    description: fc.constantFrom('', 'What it is.'),
    unit: fc.constantFrom('', '1'),
    points: fc.oneof(
      { weight: 3, arbitrary: fc.array(whole, { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.array(point, { maxLength: 3 }) },
    ),
    temporality: fc.constantFrom(2, 2, 2, 1, 0),
    monotonic: fc.constantFrom(true, true, false),
    gauge: fc.constantFrom(false, false, false, true),
  })
  .map(({ points, temporality, monotonic, gauge, ...names }) => ({
    ...names,
    ...(gauge ? { gauge: { points } } : { sum: { points, temporality, monotonic } }),
  }))
const scope = fc.record(
  { scope: fc.record({ name: fc.constantFrom('', 'shop') }), metrics: fc.array(metric, { maxLength: 3 }) },
  { requiredKeys: ['metrics'] },
)
const resource = fc.record(
  { resource: fc.record({ attributes }), scopes: fc.array(scope, { maxLength: 2 }) },
  { requiredKeys: ['scopes'] },
)

const lineOf = (...given: readonly unknown[]) => JSON.stringify(given)
const sorted = (names: ReadonlyMap<string, string>) => [...names].sort()

function pointsIn(resources: readonly ResourceMetrics[]): readonly string[] {
  return resources.flatMap((each) =>
    each.scopes.flatMap(({ name: scopeName, metrics }) =>
      metrics.flatMap(({ name, unit, data }) =>
        data.points.map(({ attributes: own, at, startAt, value }) =>
          lineOf(sorted(each.attributes), scopeName, name, unit, data.kind, sorted(own), at, startAt ?? 0, value),
        ),
      ),
    ),
  )
}

function pointsOf(batch: SampleBatch | null): readonly string[] {
  if (batch === null) return []
  return batch.told.flatMap(({ resource: of, scope: scopeName, metric: name, unit, attributes: own }, index) => {
    const [from, to] = [batch.ends[index - 1] ?? 0, batch.ends[index] ?? 0]
    return Array.from({ length: to - from }, (_, at) =>
      lineOf(
        sorted(of),
        scopeName,
        name,
        unit,
        'sum',
        sorted(own),
        batch.times[from + at],
        batch.createdMs[index],
        batch.values[from + at],
      ),
    )
  })
}

const isPlain = (name: string) => name !== 'special'

test('what is read in either way is the same', { timeout: 300_000 }, () => {
  let quick = 0
  fc.assert(
    fc.property(fc.array(fc.array(resource, { maxLength: 3 }), { minLength: 1, maxLength: 4 }), (requests) => {
      // One memory for all of them, as a process has it.
      const memory = memoryOf()
      for (const given of [...requests, ...requests]) {
        const bytes = encode(given)
        const expected = decodeOtlpProtobuf(bytes)
        const found = readOtlpProtobuf(bytes, memory, isPlain)
        if (expected.state === 'refused' || found.state === 'refused') throw new Error('nothing is wrong with it')
        expect([...pointsIn(found.resources), ...pointsOf(found.batch)].sort()).toEqual(
          [...pointsIn(expected.resources)].sort(),
        )
        expect(found.resources.map((each) => sorted(each.attributes))).toEqual(
          expected.resources.map((each) => sorted(each.attributes)),
        )
        const { accepted, rejected, findings } = expected
        expect(found).toMatchObject({ accepted, rejected, findings })
        quick += found.batch?.times.length ?? 0
      }
    }),
    { numRuns: 3_000 },
  )
  expect(quick).toBeGreaterThan(3_000)
})

test('bytes that are wrong are refused in either way, or read the same', { timeout: 300_000 }, () => {
  // Most bytes that matter are lengths: a few more or less end inside something else.
  const change = fc.record({ at: fc.nat(), by: fc.oneof(fc.integer({ min: -8, max: 8 }), fc.nat(255)) })
  const damage = fc.array(change, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(resource, { minLength: 1, maxLength: 2 }), damage, (given, changes) => {
      const bytes = encode(given)
      for (const { at, by } of bytes.length > 0 ? changes : [])
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) + by
      const expected = decodeOtlpProtobuf(bytes)
      const found = readOtlpProtobuf(bytes, memoryOf(), isPlain)
      expect(found.state).toBe(expected.state)
      if (expected.state === 'refused' || found.state === 'refused') return
      expect([...pointsIn(found.resources), ...pointsOf(found.batch)].sort()).toEqual(
        [...pointsIn(expected.resources)].sort(),
      )
    }),
    { numRuns: 10_000 },
  )
})

test('what is told behind the metrics it is about is heard, too', () => {
  const one = (ms: number) => ({
    name: 'jobs',
    sum: { temporality: 2, monotonic: true, points: [{ time: `${ms}000000`, i: 3 }] },
  })
  const before = encode([
    { resource: { attributes: [{ key: 'a', value: { s: 'b' } }] }, scopes: [{ metrics: [one(5)] }] },
  ])
  // The same message with its resource said once more, otherwise, at its end.
  const more = encode([{ resource: { attributes: [{ key: 'a', value: { s: 'c' } }] }, scopes: [] }]).subarray(2)
  const bytes = new Uint8Array([...before, ...more])
  bytes[1] = (bytes[1] ?? 0) + more.length
  const found = readOtlpProtobuf(bytes, memoryOf(), isPlain)
  if (found.state === 'refused') throw new Error(found.detail)
  expect(found.batch).toBeNull()
  expect(found.resources).toMatchObject([
    { attributes: new Map([['a', 'c']]), scopes: [{ metrics: [{ name: 'jobs' }] }] },
  ])
})

test('a scope that ends inside its last metric is refused, whatever the bytes beyond it could be', () => {
  const sum = { temporality: 2, monotonic: true, points: [{ time: '5000000', i: 3 }] }
  const bytes = encode([{ resource: {}, scopes: [{ metrics: [{ name: 'jobs', sum }] }] }])
  expect(readOtlpProtobuf(bytes, memoryOf(), isPlain).state).toBe('decoded')
  // export: tag, length; its resource: tag, length 0; its scope: tag, length.
  const at = 5
  expect(bytes[at]).toBe(bytes.length - at - 1)
  // The scope's last two bytes are the sum's flag: for the resource they would be a field nobody knows.
  bytes[at] = (bytes[at] ?? 0) - 2
  const refused = { state: 'refused', detail: 'a field reaches past the end of its message' }
  expect(decodeOtlpProtobuf(bytes)).toMatchObject(refused)
  expect(readOtlpProtobuf(bytes, memoryOf(), isPlain)).toMatchObject(refused)
})
