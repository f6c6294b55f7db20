// Read from memory or from the bytes: the same points, whatever was sent before.
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { newDecodeMemory, Shelf } from './memory.ts'
import { type Decoded, defaultLimits } from './otlp-model.ts'
import { decodeOtlpProtobuf } from './otlp-protobuf.ts'
import { decodeRemoteWrite } from './remote-write.ts'

const { root } = protobuf.parse(
  `syntax = "proto3";
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message Series1 { repeated Label labels = 1; repeated Sample samples = 2; }
message Request1 { repeated Series1 timeseries = 1; }
message Series2 { repeated uint32 labels_refs = 1; repeated Sample samples = 2; }
message Request2 { repeated string symbols = 4; repeated Series2 timeseries = 5; }
message AnyValue { string string_value = 1; int64 int_value = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Point { fixed64 start = 2; fixed64 time = 3; double as_double = 4; repeated KeyValue attributes = 7; uint32 flags = 8; }
message Sum { repeated Point points = 1; uint32 temporality = 2; bool monotonic = 3; }
message Metric { string name = 1; Sum sum = 7; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scopes = 2; }
message Export { repeated ResourceMetrics resources = 1; }`,
  { keepCase: true },
)
const encode = (type: string, body: object) => {
  const found = root.lookupType(type)
  return new Uint8Array(found.encode(found.fromObject(body)).finish())
}
const keyOf = (bytes: Uint8Array, start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end))

// Few words, so that requests meet the same names again, in other orders and under other numbers.
const word = fc.constantFrom('', 'a', 'b', 'job', 'instance', 'replica', 'ü')
const names = fc
  .tuple(
    fc.constantFrom('requests', 'errors'),
    fc.dictionary(
      word.filter((each) => each !== ''),
      word,
    ),
  )
  .map(([name, more]) => ({ __name__: name, ...more }))
const series = fc.array(fc.record({ names, value: fc.nat(), at: fc.integer({ min: 1, max: 1e6 }) }), { maxLength: 6 })
type Series = typeof series extends fc.Arbitrary<infer Each> ? Each : never

const first = (given: Series) =>
  encode('Request1', {
    timeseries: given.map((each) => ({
      labels: Object.entries(each.names).map(([name, value]) => ({ name, value })),
      samples: [{ value: each.value, timestamp: each.at }],
    })),
  })
const second = (given: Series) => {
  const symbols = ['', ...new Set(given.flatMap((each) => Object.entries(each.names).flat()))]
  return encode('Request2', {
    symbols,
    timeseries: given.map((each) => ({
      labels_refs: Object.entries(each.names)
        .flat()
        .map((text) => symbols.indexOf(text)),
      samples: [{ value: each.value, timestamp: each.at }],
    })),
  })
}
const pairs = (given: Record<string, string>) =>
  Object.entries(given).map(([key, value]) => ({
    key,
    value: value === 'b' ? { int_value: 7 } : { string_value: value },
  }))
const otlp = (given: Series) =>
  encode('Export', {
    resources: given.map((each) => ({
      resource: { attributes: pairs({ 'service.name': each.names.__name__ }) },
      scopes: [
        {
          metrics: [
            {
              name: 'requests',
              sum: {
                temporality: 2,
                monotonic: true,
                points: [
                  { time: { low: each.at * 1_000_000, high: 1 }, as_double: each.value, attributes: pairs(each.names) },
                  { time: { low: 5, high: 7 }, as_double: each.value, attributes: pairs(each.names), flags: 0 },
                ],
              },
            },
          ],
        },
      ],
    })),
  })

/** Without the remark that the names are remembered. */
const plain = (decoded: Decoded) =>
  decoded.state === 'refused'
    ? decoded
    : { ...decoded, resources: decoded.resources.map(({ attributes, scopes }) => ({ attributes, scopes })) }

test('what is remembered of names changes nothing of what is read', () => {
  const memory = newDecodeMemory(keyOf)
  fc.assert(
    fc.property(fc.array(series, { minLength: 1, maxLength: 4 }), (requests) => {
      for (const given of [...requests, ...requests]) {
        const [one, two, three] = [first(given), second(given), otlp(given)]
        expect(plain(decodeRemoteWrite(one, '1.0', defaultLimits, memory))).toEqual(
          plain(decodeRemoteWrite(one, '1.0')),
        )
        expect(plain(decodeRemoteWrite(two, '2.0', defaultLimits, memory))).toEqual(
          plain(decodeRemoteWrite(two, '2.0')),
        )
        expect(plain(decodeOtlpProtobuf(three, defaultLimits, memory))).toEqual(plain(decodeOtlpProtobuf(three)))
      }
    }),
  )
})

test('bytes that were hurt are judged as without a memory', () => {
  const memory = newDecodeMemory(keyOf)
  fc.assert(
    fc.property(series, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }), (given, hurts) => {
      for (const [whole, read] of [
        [
          first(given),
          (bytes: Uint8Array, known: typeof memory | null) => decodeRemoteWrite(bytes, '1.0', defaultLimits, known),
        ],
        [
          second(given),
          (bytes: Uint8Array, known: typeof memory | null) => decodeRemoteWrite(bytes, '2.0', defaultLimits, known),
        ],
        [
          otlp(given),
          (bytes: Uint8Array, known: typeof memory | null) => decodeOtlpProtobuf(bytes, defaultLimits, known),
        ],
      ] as const) {
        read(whole, memory)
        const bytes = whole.slice()
        if (bytes.length > 0) for (const [at, byte] of hurts) bytes[at % bytes.length] = byte
        const [known, fresh] = [plain(read(bytes, memory)), plain(read(bytes, null))]
        if (fresh.state === 'refused') expect(known.state).toBe('refused')
        else expect(known).toEqual(fresh)
      }
    }),
  )
})

test('a shelf keeps what is asked for and is bounded', () => {
  const shelf = new Shelf<number>(10)
  shelf.keep('often', 1)
  for (let index = 0; index < 1_000; index += 1) {
    shelf.keep(`once-${index}`, index)
    expect(shelf.find('often')).toBe(1)
  }
  const left = Array.from({ length: 1_000 }, (_, index) => shelf.find(`once-${index}`)).filter(
    (each) => each !== undefined,
  )
  expect(left.length).toBeLessThanOrEqual(20)
})
