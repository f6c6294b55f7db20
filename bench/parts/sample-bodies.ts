// Requests as senders make them: remote write 1.0 and 2.0 in snappy, OTLP/HTTP in protobuf. Each objective has eight counters,
// four status codes on each of two pods; or as many histograms of 15 buckets.
import { gzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { compress } from 'snappyjs'

const { root } = protobuf.parse(
  `syntax = "proto3";
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message Series1 { repeated Label labels = 1; repeated Sample samples = 2; }
message Request1 { repeated Series1 timeseries = 1; }
message Metadata2 { uint32 type = 1; }
message Series2 { repeated uint32 labels_refs = 1; repeated Sample samples = 2; Metadata2 metadata = 5; }
message Request2 { repeated string symbols = 4; repeated Series2 timeseries = 5; }
message AnyValue { string string_value = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Point { fixed64 start = 2; fixed64 time = 3; sfixed64 as_int = 6; repeated KeyValue attributes = 7; }
message Sum { repeated Point points = 1; uint32 temporality = 2; bool monotonic = 3; }
message Buckets { fixed64 start = 2; fixed64 time = 3; fixed64 count = 4; repeated fixed64 counts = 6; repeated double bounds = 7; repeated KeyValue attributes = 9; }
message Histogram { repeated Buckets points = 1; uint32 temporality = 2; }
message Metric { string name = 1; string unit = 3; Sum sum = 7; Histogram histogram = 9; }
message Scope { string name = 1; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scopes = 2; }
message Export { repeated ResourceMetrics resources = 1; }`,
  { keepCase: true },
)

export const protocols = ['remote-write 1.0', 'remote-write 2.0', 'otlp', 'otlp histograms'] as const
export type Protocol = (typeof protocols)[number]

export const headersOf: Readonly<Record<Protocol, Readonly<Record<string, string>>>> = {
  'remote-write 1.0': { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
  'remote-write 2.0': {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'content-encoding': 'snappy',
  },
  // As the Collector's exporter sends it unless told otherwise.
  otlp: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
  'otlp histograms': { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
}
export const pathOf = (protocol: Protocol) => (protocol.startsWith('otlp') ? '/v1/metrics' : '/api/v1/write')

export const metricName = 'shop_requests_total'
export const histogramName = 'shop.latency'
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const codes = ['200', '404', '500', '503']
export const seriesOfOne = 2 * codes.length

export interface BenchSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly perSecond: number
}

export function seriesOf(objective: number): readonly BenchSeries[] {
  const job = `svc-${String(objective).padStart(5, '0')}`
  return ['a', 'b'].flatMap((pod, host) =>
    codes.map((code, index) => ({
      labels: {
        __name__: metricName,
        code,
        handler: '/api',
        instance: `10.0.${objective % 250}.${host}:8080`,
        job,
        namespace: `team-${objective % 50}`,
        pod: `${job}-${pod}`,
      },
      perSecond: [100, 5, 0.02, 0.01][index] ?? 1,
    })),
  )
}

/** Each series at each of the times: whole counts that only grow. */
export function encodeSamples(protocol: Protocol, series: readonly BenchSeries[], times: readonly number[]): Buffer {
  const samplesOf = ({ perSecond }: BenchSeries) =>
    times.map((timestamp) => ({ timestamp, value: Math.floor((timestamp / 1000 - 1.7e9) * perSecond) }))
  if (protocol === 'otlp' || protocol === 'otlp histograms')
    return gzipSync(message('Export', { resources: resourcesOf(series, times, protocol !== 'otlp') }))
  if (protocol === 'remote-write 1.0') {
    const timeseries = series.map((each) => ({
      labels: Object.entries(each.labels).map(([name, value]) => ({ name, value })),
      samples: samplesOf(each),
    }))
    return packed(message('Request1', { timeseries }))
  }
  const symbols = new Map<string, number>([['', 0]])
  const refOf = (text: string) => {
    const known = symbols.get(text) ?? symbols.size
    symbols.set(text, known)
    return known
  }
  const timeseries = series.map((each) => ({
    labels_refs: Object.entries(each.labels).flat().map(refOf),
    samples: samplesOf(each),
    metadata: { type: 1 },
  }))
  return packed(message('Request2', { symbols: [...symbols.keys()], timeseries }))
}

function resourcesOf(series: readonly BenchSeries[], times: readonly number[], histograms: boolean): readonly object[] {
  const byTarget = new Map<string, BenchSeries[]>()
  for (const each of series) {
    const key = each.labels.instance + (each.labels.job ?? '')
    byTarget.set(key, [...(byTarget.get(key) ?? []), each])
  }
  const pairs = (given: Readonly<Record<string, string>>) =>
    Object.entries(given).map(([key, text]) => ({ key, value: { string_value: text } }))
  return [...byTarget.values()].map((own) => {
    const { job = '', instance = '', namespace = '', pod = '' } = own[0]?.labels ?? {}
    const points = own.flatMap(({ labels, perSecond }) =>
      times.map((at) => {
        const value = Math.floor((at / 1000 - 1.7e9) * perSecond)
        const attributes = pairs({ code: labels.code ?? '', handler: labels.handler ?? '' })
        const point = { start: nanos(1.7e12), time: nanos(at), attributes }
        if (!histograms) return { ...point, as_int: value }
        const counts = Array.from({ length: bounds.length + 1 }, (_, index) =>
          Math.floor((value + index) / (bounds.length + 1)),
        )
        return { ...point, count: value, counts, bounds }
      }),
    )
    const metric = histograms
      ? { name: histogramName, unit: 's', histogram: { points, temporality: 2 } }
      : { name: metricName, unit: '{request}', sum: { points, temporality: 2, monotonic: true } }
    return {
      resource: {
        attributes: pairs({
          'service.name': job,
          'service.instance.id': instance,
          'k8s.namespace.name': namespace,
          'k8s.pod.name': pod,
        }),
      },
      scopes: [{ scope: { name: 'shop' }, metrics: [metric] }],
    }
  })
}

const nanos = (ms: number) => {
  const exact = BigInt(ms) * 1_000_000n
  return { low: Number(BigInt.asIntN(32, exact)), high: Number(BigInt.asIntN(32, exact >> 32n)), unsigned: true }
}

function message(type: string, body: object): Buffer {
  const found = root.lookupType(type)
  return Buffer.from(found.encode(found.fromObject(body)).finish())
}

const packed = (bytes: Buffer): Buffer => Buffer.from(compress(new Uint8Array(bytes)))
