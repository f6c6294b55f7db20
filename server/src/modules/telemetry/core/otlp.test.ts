import fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { decodeOtlpJson } from './otlp-json.ts'
import { type Decoded, defaultLimits, type Metric } from './otlp-model.ts'
import { decodeOtlpProtobuf } from './otlp-protobuf.ts'

// The message definitions as an independent encoder sees them, so that our reader is not tested against itself.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
  message Request { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
  message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
  message Metric { string name = 1; string description = 2; string unit = 3;
    oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10; Summary summary = 11; } }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
  message Histogram { repeated HistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
  message ExponentialHistogram { repeated ExponentialHistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
  message Summary { repeated SummaryDataPoint data_points = 1; }
  message NumberDataPoint { repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    oneof value { double as_double = 4; sfixed64 as_int = 6; } uint32 flags = 8; }
  message HistogramDataPoint { repeated KeyValue attributes = 9; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    fixed64 count = 4; optional double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7;
    uint32 flags = 10; optional double min = 11; optional double max = 12; }
  message ExponentialHistogramDataPoint { repeated KeyValue attributes = 1; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    fixed64 count = 4; optional double sum = 5; sint32 scale = 6; fixed64 zero_count = 7; Buckets positive = 8; Buckets negative = 9;
    uint32 flags = 10; optional double min = 12; optional double max = 13; double zero_threshold = 14; }
  message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
  message SummaryDataPoint { repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; }
`)
const request = root.lookupType('Request')
const encode = (json: object): Uint8Array => request.encode(request.fromObject(json)).finish()

const time = '1795228847635999999'
const started = '1795228800000000000'
const stamp = { timeUnixNano: time, startTimeUnixNano: started }
const wrap = (...metrics: object[]) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout – Ωμέγα 🛒' } }] },
      scopeMetrics: [{ scope: { name: 'http', version: '1.0' }, metrics }],
    },
  ],
})
const sum = (point: object, more: object = {}) => ({
  name: 'requests',
  unit: '{request}',
  sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...stamp, ...point }], ...more },
})
const histogram = (point: object) => ({
  name: 'latency',
  histogram: { aggregationTemporality: 1, dataPoints: [{ ...stamp, ...point }] },
})
const exponential = (point: object) => ({
  name: 'latency',
  exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{ ...stamp, ...point }] },
})

const metricsOf = (decoded: Decoded): readonly Metric[] =>
  decoded.state === 'decoded' ? decoded.resources.flatMap((each) => each.scopes.flatMap((scope) => scope.metrics)) : []

const rich = wrap(
  sum({
    asInt: '9007199254740991',
    attributes: [
      { key: 'code', value: { intValue: '503' } },
      { key: 'huge', value: { intValue: '-9223372036854775808' } },
      { key: 'cached', value: { boolValue: true } },
      { key: 'ratio', value: { doubleValue: 0.5 } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } } },
      { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } } },
      { key: 'id', value: { bytesValue: '3q2+7w==' } },
      { key: 'none', value: {} },
    ],
  }),
  sum({ asDouble: 2.5 }, { aggregationTemporality: 1, isMonotonic: false }),
  { name: 'depth', gauge: { dataPoints: [{ ...stamp, asInt: '-4' }] } },
  histogram({ count: '6', sum: 3.5, bucketCounts: ['1', '2', '3'], explicitBounds: [0.1, 0.5] }),
  exponential({
    count: '7',
    scale: -1,
    zeroCount: '1',
    positive: { offset: -3, bucketCounts: ['2', '0', '300'].slice(0, 1) },
    negative: { offset: 1, bucketCounts: ['4'] },
    zeroThreshold: 0.001,
  }),
)

test.each([
  ['JSON', () => decodeOtlpJson(rich)],
  ['protobuf', () => decodeOtlpProtobuf(encode(rich))],
])('%s: every kind of point, attribute and number', (_, decode) => {
  const decoded = decode()
  expect(decoded).toMatchObject({ state: 'decoded', accepted: 5, rejected: 0, findings: [] })
  if (decoded.state !== 'decoded') throw new Error('decoded')
  expect(decoded.resources[0]?.attributes.get('service.name')).toBe('checkout – Ωμέγα 🛒')
  expect(decoded.resources[0]?.scopes[0]).toMatchObject({ name: 'http', version: '1.0' })
  const [requests, deltas, depth, latency, native] = metricsOf(decoded)
  expect(requests).toMatchObject({
    name: 'requests',
    unit: '{request}',
    data: { kind: 'sum', temporality: 'cumulative', monotonic: true },
  })
  const point = requests?.data.points[0]
  // Nanoseconds are cut to the millisecond, not rounded up into the next one.
  expect(point).toMatchObject({ value: 9_007_199_254_740_991, at: 1_795_228_847_635, startAt: 1_795_228_800_000 })
  expect([...(point?.attributes ?? [])]).toEqual([
    ['code', '503'],
    ['huge', '-9223372036854775808'],
    ['cached', 'true'],
    ['ratio', '0.5'],
    ['list', '["a","1"]'],
    ['map', '[["k","v"]]'],
    ['id', 'deadbeef'],
    ['none', ''],
  ])
  expect(deltas?.data).toMatchObject({ kind: 'sum', temporality: 'delta', monotonic: false, points: [{ value: 2.5 }] })
  expect(depth?.data).toMatchObject({ kind: 'gauge', points: [{ value: -4 }] })
  expect(latency?.data.points[0]?.value).toEqual({ kind: 'explicit', bounds: [0.1, 0.5], counts: [1, 2, 3] })
  expect(native?.data.points[0]?.value).toEqual({
    kind: 'exponential',
    scale: -1,
    zeroThreshold: 0.001,
    zeroCount: 1,
    positive: { offset: -3, counts: [2] },
    negative: { offset: 1, counts: [4] },
  })
})

test.each([
  { says: 'NaN', metric: sum({ asDouble: 'NaN' }), finding: 'not-finite' },
  { says: 'infinity', metric: sum({ asDouble: 'Infinity' }), finding: 'not-finite' },
  { says: 'an integer doubles cannot hold', metric: sum({ asInt: '9007199254740993' }), finding: 'too-large' },
  { says: 'no time', metric: sum({ asInt: '1', timeUnixNano: '0' }), finding: 'no-time' },
  { says: 'no temporality', metric: sum({ asInt: '1' }, { aggregationTemporality: 0 }), finding: 'no-temporality' },
  { says: 'no name', metric: { ...sum({ asInt: '1' }), name: '' }, finding: 'no-name' },
  {
    says: 'a bucket too few',
    metric: histogram({ count: '3', bucketCounts: ['1', '2'], explicitBounds: [0.1, 0.5] }),
    finding: 'uneven-buckets',
  },
  {
    says: 'edges out of order',
    metric: histogram({ count: '6', bucketCounts: ['1', '2', '3'], explicitBounds: [0.5, 0.1] }),
    finding: 'bounds-not-ascending',
  },
  {
    says: 'buckets that are not the count',
    metric: histogram({ count: '7', bucketCounts: ['1', '2', '3'], explicitBounds: [0.1, 0.5] }),
    finding: 'count-mismatch',
  },
  { says: 'a scale beyond doubles', metric: exponential({ count: '0', scale: 50 }), finding: 'too-large' },
  { says: 'a summary', metric: { name: 'old', summary: { dataPoints: [stamp] } }, finding: 'summary' },
])('$says is a finding, and the other points are taken', ({ metric, finding }) => {
  const both = wrap(metric, sum({ asInt: '1' }))
  // protobufjs takes NaN as a number, JSON as a text.
  const numeric = JSON.parse(JSON.stringify(both), (key, value) => (key === 'asDouble' ? Number(value) : value))
  for (const decoded of [decodeOtlpJson(both), decodeOtlpProtobuf(encode(numeric))])
    expect(decoded).toMatchObject({
      state: 'decoded',
      accepted: 1,
      rejected: 1,
      findings: [{ kind: finding, points: 1 }],
    })
})

test('a point that says it has no value is left out without being called an error', () => {
  for (const decoded of [decodeOtlpJson(wrap(sum({ flags: 1 }))), decodeOtlpProtobuf(encode(wrap(sum({ flags: 1 }))))])
    expect(decoded).toMatchObject({ accepted: 0, rejected: 0, findings: [{ kind: 'no-value', points: 1 }] })
})

test.each([
  { says: 'not an object', body: [], at: '' },
  { says: 'no list', body: { resourceMetrics: {} }, at: '/resourceMetrics' },
  {
    says: 'a number that is none',
    body: wrap(sum({ asInt: 'seven' })),
    at: '/resourceMetrics/0/scopeMetrics/0/metrics/0/sum/dataPoints/0/asInt',
  },
  {
    says: 'a time that is none',
    body: wrap(sum({ timeUnixNano: 'now' })),
    at: '/resourceMetrics/0/scopeMetrics/0/metrics/0/sum/dataPoints/0/timeUnixNano',
  },
])('JSON with $says is refused at its place', ({ body, at }) => {
  expect(decodeOtlpJson(body)).toMatchObject({ state: 'refused', at })
})

test('names of enums and an empty body are accepted', () => {
  expect(
    metricsOf(decodeOtlpJson(wrap(sum({ asInt: 1 }, { aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA' }))))[0]
      ?.data,
  ).toMatchObject({ temporality: 'delta' })
  expect(decodeOtlpJson({})).toMatchObject({ state: 'decoded', accepted: 0 })
  expect(decodeOtlpProtobuf(new Uint8Array())).toMatchObject({ state: 'decoded', accepted: 0 })
})

const nest = (depth: number): object =>
  depth === 0 ? { stringValue: 'x' } : { arrayValue: { values: [nest(depth - 1)] } }

test.each([
  {
    says: 'points',
    body: wrap({
      ...sum({}),
      sum: { aggregationTemporality: 2, dataPoints: Array.from({ length: 6 }, () => ({ ...stamp, asInt: '1' })) },
    }),
    limits: { points: 5 },
  },
  {
    says: 'attributes',
    body: wrap(
      sum({
        asInt: '1',
        attributes: Array.from({ length: 6 }, (_, index) => ({ key: `k${index}`, value: { stringValue: 'v' } })),
      }),
    ),
    limits: { attributes: 5 },
  },
  {
    says: 'longer than',
    body: wrap(sum({ asInt: '1', attributes: [{ key: 'k', value: { stringValue: 'v'.repeat(40) } }] })),
    limits: { textLength: 39 },
  },
  {
    says: 'entries',
    body: wrap(histogram({ count: '6', bucketCounts: ['1', '2', '3'], explicitBounds: [0.1, 0.5] })),
    limits: { buckets: 2 },
  },
  { says: 'deeper', body: wrap(sum({ asInt: '1', attributes: [{ key: 'k', value: nest(9) }] })), limits: { depth: 4 } },
])('a limit is a refusal that names it: $says', ({ says, body, limits }) => {
  const most = { ...defaultLimits, ...limits }
  for (const decoded of [decodeOtlpJson(body, most), decodeOtlpProtobuf(encode(body), most)]) {
    expect(decoded.state).toBe('refused')
    expect(decoded.state === 'refused' ? decoded.detail : '').toContain(says)
  }
})

test('input cut anywhere is refused with its place, or ends between two fields', () => {
  const bytes = encode(rich)
  const whole = decodeOtlpProtobuf(bytes)
  let refused = 0
  for (let length = 1; length < bytes.length; length += 1) {
    const decoded = decodeOtlpProtobuf(bytes.subarray(0, length))
    if (decoded.state === 'refused') refused += 1
    if (decoded.state === 'refused') expect(decoded.at).toMatch(/^byte \d+$/)
  }
  expect(whole.state).toBe('decoded')
  expect(refused).toBe(bytes.length - 1)
})

test('no bytes and no JSON make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(['decoded', 'refused']).toContain(decodeOtlpProtobuf(bytes).state)
    }),
  )
  const bytes = encode(rich)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const changed = Uint8Array.from(bytes)
      changed[at] = byte
      expect(['decoded', 'refused']).toContain(decodeOtlpProtobuf(changed).state)
    }),
  )
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(['decoded', 'refused']).toContain(decodeOtlpJson(value).state)
      expect(['decoded', 'refused']).toContain(decodeOtlpJson(wrap(sum({ attributes: value }))).state)
    }),
  )
})

test('hostile text cannot reach the database: NUL and broken UTF-8 are replaced', () => {
  const bytes = encode(wrap({ ...sum({ asInt: '1' }), name: 'a\u0000b' }))
  expect(metricsOf(decodeOtlpProtobuf(bytes))[0]?.name).toBe('a\ufffdb')
  expect(metricsOf(decodeOtlpJson(wrap({ ...sum({ asInt: '1' }), name: 'a\u0000\ud800b' })))[0]?.name).toBe(
    'a\ufffd\ufffdb',
  )
})

test('texts of any script survive', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), (name) => {
      const expected = name.replaceAll('\u0000', '\ufffd')
      expect(metricsOf(decodeOtlpProtobuf(encode(wrap({ ...sum({ asInt: '1' }), name }))))[0]?.name).toBe(expected)
    }),
  )
})

// Lengths that lie about their parents, written by hand: tag, length, content.
const field = (number: number, ...content: number[]) => [number * 8 + 2, content.length, ...content]
const nested = (...content: number[]) => Uint8Array.from(field(1, ...field(2, ...field(2, ...content))))

test.each([
  {
    says: 'a text that reaches past its metric',
    bytes: Uint8Array.from([...field(1, ...field(2, ...field(2, 10, 3, 97))), 98, 99]),
  },
  {
    says: 'a packed list whose last number is cut',
    bytes: nested(...field(9, ...field(1, ...field(6, 1, 0, 0, 0, 0, 0, 0, 0, 1)))),
  },
  {
    says: 'a packed list whose last number runs into the next field',
    bytes: nested(...field(9, ...field(1, ...field(6, 1, 0, 0), 125, 0, 0, 0, 0))),
  },
  { says: 'field number 0', bytes: Uint8Array.from([2, 0]) },
  { says: 'a wire type that is not in use', bytes: Uint8Array.from([15]) },
  { says: 'a number that never ends', bytes: Uint8Array.from([8, ...Array.from({ length: 11 }, () => 0xff)]) },
])('$says is refused', ({ bytes }) => {
  expect(decodeOtlpProtobuf(bytes)).toMatchObject({ state: 'refused', at: expect.stringMatching(/^byte \d+$/) })
})
