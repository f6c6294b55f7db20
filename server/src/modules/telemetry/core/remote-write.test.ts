import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { uncompress } from 'snappyjs'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { countAtMost } from './histogram.ts'
import { decodeRemoteWrite } from './remote-write.ts'
import { electReplica, failoverMs } from './replica.ts'

const proto = `syntax = "proto3";
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message Span { sint32 offset = 1; uint32 length = 2; }
message Histogram { uint64 count_int = 1; double count_float = 2; double sum = 3; sint32 schema = 4; double zero_threshold = 5;
  uint64 zero_count_int = 6; repeated Span negative_spans = 8; repeated sint64 negative_deltas = 9;
  repeated Span positive_spans = 11; repeated sint64 positive_deltas = 12; int64 timestamp = 15; }
message Series1 { repeated Label labels = 1; repeated Sample samples = 2; repeated Histogram histograms = 4; }
message Request1 { repeated Series1 timeseries = 1; }
message Metadata { int32 type = 1; }
message Series2 { repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3; Metadata metadata = 5; int64 created_timestamp = 6; }
message Request2 { repeated string symbols = 4; repeated Series2 timeseries = 5; }`
const { root } = protobuf.parse(proto, { keepCase: true })
const encode = (type: string, body: object) => {
  const found = root.lookupType(type)
  return new Uint8Array(found.encode(found.fromObject(body)).finish())
}

const labels = { __name__: 'requests_total', job: 'shop', instance: 'a:1', code: '200' }
const first = (more: Record<string, string> = {}, samples: object[] = [{ value: 7, timestamp: 60_000 }]) =>
  encode('Request1', {
    timeseries: [{ labels: Object.entries({ ...labels, ...more }).map(([name, value]) => ({ name, value })), samples }],
  })

function decoded(bytes: Uint8Array, version: '1.0' | '2.0' = '1.0') {
  const found = decodeRemoteWrite(bytes, version)
  if (found.state !== 'decoded') throw new Error(found.detail)
  return found
}

test('what a real Prometheus 2.42 sent', () => {
  const file = path.join(import.meta.dirname, '../fixtures/remote-write-1.snappy')
  const found = decoded(new Uint8Array(uncompress(readFileSync(file))))
  const metrics = found.resources.flatMap((each) => each.scopes.flatMap((scope) => scope.metrics))
  // 500 samples; nine quantiles are NaN and one limit is infinite.
  expect([found.accepted, found.rejected]).toEqual([490, 0])
  expect(found.replica).toEqual({ cluster: 'c1', replica: 'r0' })
  expect(
    metrics.find((each) => each.name === 'prometheus_rule_evaluation_duration_seconds_count')?.data.points,
  ).toMatchObject([{ at: 1_795_228_448_210, value: 54, startAt: null }])
  expect(metrics.every((each) => each.data.points.every((point) => !point.attributes.has('replica')))).toBe(true)
})

test('the marker of an ended series is no sample', () => {
  const bytes = first({}, [
    { value: 7, timestamp: 60_000 },
    { value: 1.5, timestamp: 75_000 },
  ])
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = bytes.findIndex((_, index) => index + 8 <= bytes.length && view.getFloat64(index, true) === 1.5)
  view.setBigUint64(at, 0x7ff0000000000002n, true)
  expect(decoded(bytes).resources[0]?.scopes[0]?.metrics[0]?.data.points).toMatchObject([{ at: 60_000, value: 7 }])
})

test('2.0 has a table of texts, a start, and says what is a gauge', () => {
  const symbols = ['', ...Object.entries(labels).flat(), 'depth']
  const at = (word: string) => symbols.indexOf(word)
  const refs = Object.entries(labels).flatMap(([name, value]) => [at(name), at(value)])
  const found = decoded(
    encode('Request2', {
      symbols,
      timeseries: [
        {
          labels_refs: refs,
          samples: [{ value: 3, timestamp: 60_000 }],
          created_timestamp: 45_000,
          metadata: { type: 1 },
        },
        {
          labels_refs: [at('__name__'), at('depth')],
          samples: [{ value: 3, timestamp: 60_000 }],
          metadata: { type: 2 },
        },
      ],
    }),
    '2.0',
  )
  expect(found.resources.map((each) => each.scopes[0]?.metrics[0]?.data)).toMatchObject([
    { kind: 'sum', monotonic: true, temporality: 'cumulative', points: [{ at: 60_000, startAt: 45_000, value: 3 }] },
    { kind: 'gauge', points: [{ value: 3 }] },
  ])
  expect(
    decodeRemoteWrite(encode('Request2', { symbols: ['a'], timeseries: [{ labels_refs: [0, 9] }] }), '2.0'),
  ).toMatchObject({
    state: 'refused',
  })
})

test('a native histogram is cut where its buckets end', () => {
  // Scale 0: buckets (0.5,1] (1,2] (2,4], then a gap, then (8,16].
  const histogram = {
    count_int: 12,
    schema: 0,
    zero_threshold: 1e-128,
    zero_count_int: 1,
    positive_spans: [
      { offset: 0, length: 3 },
      { offset: 1, length: 1 },
    ],
    positive_deltas: [2, 1, 1, -2],
    timestamp: 60_000,
  }
  const bytes = encode('Request1', {
    timeseries: [{ labels: [{ name: '__name__', value: 'latency' }], histograms: [histogram] }],
  })
  const data = decoded(bytes).resources[0]?.scopes[0]?.metrics[0]?.data
  if (data?.kind !== 'exponential' || data.points[0] === undefined) throw new Error('no histogram')
  const { value } = data.points[0]
  expect([0.5, 1, 2, 4, 8, 16].map((edge) => countAtMost(value, edge))).toMatchObject(
    [1, 3, 6, 10, 10, 12].map((good) => ({ state: 'counted', good, total: 12 })),
  )
})

test.each([
  ['no metric name', first({ __name__: '' })],
  ['a label twice', encode('Request1', { timeseries: [{ labels: [{ name: 'a' }, { name: 'a' }] }] })],
  ['rubbish', Uint8Array.of(0xff, 0xff, 0xff)],
])('%s is refused whole', (_what, bytes) => {
  expect(decodeRemoteWrite(bytes, '1.0').state).toBe('refused')
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('1.0' as const, '2.0' as const),
      (bytes, version) => {
        expect(['decoded', 'refused']).toContain(decodeRemoteWrite(bytes, version).state)
      },
    ),
  )
  const whole = first()
  for (let cut = 1; cut < whole.length; cut += 1)
    expect(['decoded', 'refused']).toContain(decodeRemoteWrite(whole.slice(0, cut), '1.0').state)
})

test.each([
  [
    'of the operator',
    { prometheus: 'infra/main', prometheus_replica: 'p-0' },
    { cluster: 'infra/main', replica: 'p-0' },
  ],
  ['of Mimir', { cluster: 'c', __replica__: 'r' }, { cluster: 'c', replica: 'r' }],
  ['a label of the application', { replica: '3' }, null],
])('a pair is known by the labels %s', (_whose, more, replica) => {
  expect(decoded(first(more)).replica).toEqual(replica)
})

test('one of a pair leads until it is silent', () => {
  const at = (ms: number) => instant(1_000_000 + ms)
  const a = electReplica(null, 'a', at(0))
  expect(a).toMatchObject({ verdict: 'accept', because: 'first' })
  if (a.verdict !== 'accept') return
  expect(electReplica(a.leader, 'b', at(failoverMs))).toEqual({ verdict: 'drop', because: 'another-leads' })
  expect(electReplica(a.leader, 'a', at(failoverMs))).toMatchObject({ because: 'leads' })
  expect(electReplica(a.leader, 'b', at(failoverMs + 1))).toMatchObject({
    because: 'took-over',
    leader: { replica: 'b' },
  })
})
