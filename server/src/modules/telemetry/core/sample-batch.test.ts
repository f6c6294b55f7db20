// Read without objects or with them: the same samples of the same series, and nothing that is wrong gets through.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { uncompress } from 'snappyjs'
import { expect, test } from 'vitest'
import { newDecodeMemory } from './memory.ts'
import { decodeRemoteWrite, type RemoteWriteVersion } from './remote-write.ts'
import { readSampleBatch, type SampleBatch } from './sample-batch.ts'

const { root } = protobuf.parse(
  `syntax = "proto3";
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message Exemplar { double value = 2; }
message Histogram { uint64 count_int = 1; int64 timestamp = 15; }
message Metadata { uint32 type = 1; uint32 help_ref = 3; }
message Series1 { repeated Label labels = 1; repeated Sample samples = 2; repeated Exemplar exemplars = 3; repeated Histogram histograms = 4; }
message Request1 { repeated Series1 timeseries = 1; repeated Metadata metadata = 3; }
message Series2 { repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Exemplar exemplars = 4; Metadata metadata = 5; int64 created_timestamp = 6; }
message Request2 { repeated string symbols = 4; repeated Series2 timeseries = 5; }`,
  { keepCase: true },
)
const encode = (type: string, body: object) => {
  const found = root.lookupType(type)
  return new Uint8Array(found.encode(found.fromObject(body)).finish())
}
const keyOf = (bytes: Uint8Array, start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end))

const word = fc.constantFrom('', 'a', 'job', 'instance', 'replica', 'prometheus_replica', 'cluster', 'ü')
const labels = fc
  .tuple(
    fc.constantFrom('requests', 'errors', 'x'.repeat(140)),
    fc.dictionary(
      word.filter((each) => each !== ''),
      word,
    ),
  )
  .map(([name, more]) => ({ __name__: name, ...more }))
const sample = fc.record({
  value: fc.oneof(fc.nat(), fc.double(), fc.constantFrom(0, -1, 2 ** 54, Number.NaN, Number.POSITIVE_INFINITY)),
  timestamp: fc.oneof(fc.integer({ min: 1, max: 4e12 }), fc.constant(0)),
})
const series = fc.array(
  fc.record({
    labels,
    samples: fc.array(sample, { maxLength: 4 }),
    exemplars: fc.array(fc.record({ value: fc.constant(1) }), { maxLength: 1 }),
    type: fc.constantFrom(0, 1, 2, 3),
    created: fc.constantFrom(0, 0, 1_700_000_000_000),
  }),
  { maxLength: 5 },
)
type Given = typeof series extends fc.Arbitrary<infer Each> ? Each : never

function encoded(given: Given, version: RemoteWriteVersion): Uint8Array {
  if (version === '1.0')
    return encode('Request1', {
      timeseries: given.map((each) => ({
        labels: Object.entries(each.labels).map(([name, value]) => ({ name, value })),
        samples: each.samples,
        exemplars: each.exemplars,
      })),
      metadata: given.map(({ type }) => ({ type })),
    })
  const symbols = ['', ...new Set(given.flatMap((each) => Object.entries(each.labels).flat()))]
  return encode('Request2', {
    symbols,
    timeseries: given.map((each) => ({
      labels_refs: Object.entries(each.labels)
        .flat()
        .map((text) => symbols.indexOf(text)),
      samples: each.samples,
      exemplars: each.exemplars,
      metadata: { type: each.type },
      created_timestamp: each.created,
    })),
  })
}

/** Every sample with all that is known of it, in the order of its series. */
function told(batch: SampleBatch): unknown[] {
  let from = 0
  return batch.told.flatMap(({ metric, resource, attributes }, index) => {
    const [start, to] = [from, batch.ends[index] ?? 0]
    from = to
    const startAt = batch.createdMs[index] || null
    return Array.from({ length: to - start }, (_, at) => ({
      ...{ metric, resource: [...resource], attributes: [...attributes].sort(), gauge: batch.gauge[index], startAt },
      ...{ at: batch.times[start + at], value: batch.values[start + at] },
    }))
  })
}

function expected(bytes: Uint8Array, version: RemoteWriteVersion) {
  const decoded = decodeRemoteWrite(bytes, version)
  if (decoded.state !== 'decoded') return null
  const points = decoded.resources.flatMap((resource) =>
    resource.scopes.flatMap((scope) =>
      scope.metrics.flatMap((metric) =>
        metric.data.points.map((point) => ({
          ...{ metric: metric.name, resource: [...resource.attributes], attributes: [...point.attributes].sort() },
          ...{ gauge: metric.data.kind === 'gauge', startAt: point.startAt, at: point.at, value: point.value },
        })),
      ),
    ),
  )
  return { points, accepted: decoded.accepted, replica: decoded.replica }
}

const inOrder = (all: readonly unknown[]) =>
  all
    .map((each) => JSON.stringify(each))
    .sort()
    .join()

test.each<RemoteWriteVersion>(['1.0', '2.0'])(
  '%s: what is read is what objects say',
  { timeout: 300_000 },
  (version) => {
    fc.assert(
      fc.property(fc.array(series, { minLength: 1, maxLength: 4 }), (requests) => {
        const memory = newDecodeMemory(keyOf)
        for (const given of [...requests, ...requests]) {
          const bytes = encoded(given, version)
          const batch = readSampleBatch(bytes, version, memory)
          const wanted = expected(bytes, version)
          expect(batch === null).toBe(wanted === null)
          if (batch === null || wanted === null) continue
          expect(inOrder(told(batch))).toBe(inOrder(wanted.points))
          expect(batch.times.length).toBe(wanted.accepted)
          expect(batch.replica).toEqual(wanted.replica)
        }
      }),
      { numRuns: 300 },
    )
  },
)

test.each<RemoteWriteVersion>(['1.0', '2.0'])(
  '%s: bytes that were hurt say nothing else than to objects',
  (version) => {
    fc.assert(
      fc.property(
        series,
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
        fc.nat(400),
        (given, hurt, cut) => {
          const bytes = encoded(given, version)
          for (const [at, byte] of hurt) if (bytes.length > 0) bytes[at % bytes.length] = byte
          const part = cut % 3 === 0 ? bytes.subarray(0, cut) : bytes
          const batch = readSampleBatch(part, version, newDecodeMemory(keyOf))
          if (batch === null) return
          const wanted = expected(part, version)
          expect(inOrder(told(batch))).toBe(inOrder(wanted?.points ?? ['refused']))
          expect(batch.times.length).toBe(wanted?.accepted)
        },
      ),
      { numRuns: 1_000 },
    )
  },
)

test('what a real Prometheus 2.42 sent', () => {
  const file = path.join(import.meta.dirname, '../fixtures/remote-write-1.snappy')
  const bytes = new Uint8Array(uncompress(readFileSync(file)))
  const batch = readSampleBatch(bytes, '1.0', newDecodeMemory(keyOf))
  expect(batch?.times.length).toBe(490)
  expect(batch?.replica).toEqual({ cluster: 'c1', replica: 'r0' })
})

test('native histograms, and labels behind samples, are for those who make objects', () => {
  const names = [{ name: '__name__', value: 'requests' }]
  const native = encode('Request1', { timeseries: [{ labels: names, histograms: [{ count_int: 1, timestamp: 5 }] }] })
  expect(readSampleBatch(native, '1.0', newDecodeMemory(keyOf))).toBeNull()
  const whole = encode('Series1', { labels: names, samples: [{ value: 1, timestamp: 5 }] })
  const after = [...whole, ...encode('Series1', { labels: [{ name: 'code', value: '200' }] })]
  expect(readSampleBatch(Uint8Array.of(0x0a, after.length, ...after), '1.0', newDecodeMemory(keyOf))).toBeNull()
})
