// A local receiver that understands what the shop sends: OTLP metrics in protobuf, and deployments.
import { createServer } from 'node:http'
import protobuf from 'protobufjs'
import { isObject, type JsonObject, listOf, readObject } from '../json.ts'

export interface SeenMetric {
  readonly service: string
  readonly resource: Readonly<Record<string, unknown>>
  readonly name: string
  readonly unit: string
  /** `histogram`, `exponentialHistogram`, `sum`, `gauge`. */
  readonly shape: string
  /** 1 delta, 2 cumulative. */
  readonly temporality: number | null
  readonly points: readonly JsonObject[]
}

export interface Sink {
  readonly url: string
  readonly exports: number
  readonly metrics: readonly SeenMetric[]
  readonly deployments: readonly { readonly authorization: string; readonly body: JsonObject }[]
  readonly authorizations: ReadonlySet<string>
  close(): Promise<void>
}

// The part of opentelemetry/proto/metrics/v1 that the tests look at; unknown fields are skipped.
const request = protobuf
  .parse(`syntax = "proto3";
message Request { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric { string name = 1; string unit = 3;
  oneof data { Points gauge = 5; Points sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10; } }
message Points { repeated Point data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Point { repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; double as_double = 4; sfixed64 as_int = 6; }
message Histogram { repeated HistogramPoint data_points = 1; int32 aggregation_temporality = 2; }
message HistogramPoint { repeated KeyValue attributes = 9; fixed64 count = 4; repeated fixed64 bucket_counts = 6;
  repeated double explicit_bounds = 7; }
message ExponentialHistogram { repeated ExponentialPoint data_points = 1; int32 aggregation_temporality = 2; }
message ExponentialPoint { repeated KeyValue attributes = 1; fixed64 count = 4; sint32 scale = 6; }`)
  .root.lookupType('Request')

export async function openSink(): Promise<Sink> {
  const metrics: SeenMetric[] = []
  const deployments: { authorization: string; body: JsonObject }[] = []
  const authorizations = new Set<string>()
  let exports = 0
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const body = Buffer.concat(parts)
      const authorization = String(incoming.headers.authorization)
      if (incoming.url === '/v1/metrics') {
        exports += 1
        authorizations.add(authorization)
        metrics.push(...read(body))
        outgoing.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
      } else {
        deployments.push({ authorization, body: { path: incoming.url, ...readObject(body.toString('utf8')) } })
        outgoing.writeHead(201, { 'content-type': 'application/json' }).end('{}')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    get exports() {
      return exports
    },
    metrics,
    deployments,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function read(body: Buffer): SeenMetric[] {
  const decoded: unknown = request.toObject(request.decode(body), { longs: Number })
  return listOf(isObject(decoded) ? decoded : {}, 'resourceMetrics').flatMap((resourceMetrics) => {
    const resource = attributesOf(isObject(resourceMetrics.resource) ? resourceMetrics.resource : {})
    return listOf(resourceMetrics, 'scopeMetrics').flatMap((scope) =>
      listOf(scope, 'metrics').map((metric) => readMetric(metric, resource)),
    )
  })
}

function readMetric(metric: JsonObject, resource: Readonly<Record<string, unknown>>): SeenMetric {
  const shape = ['histogram', 'exponentialHistogram', 'sum', 'gauge'].find((key) => isObject(metric[key])) ?? 'none'
  const inner = metric[shape]
  const data = isObject(inner) ? inner : {}
  return {
    service: String(resource['service.name']),
    resource,
    name: String(metric.name),
    unit: String(metric.unit),
    shape,
    temporality: typeof data.aggregationTemporality === 'number' ? data.aggregationTemporality : null,
    points: listOf(data, 'dataPoints').map((point) => ({ ...point, attributes: attributesOf(point) })),
  }
}

function attributesOf(holder: JsonObject): Record<string, unknown> {
  return Object.fromEntries(
    listOf(holder, 'attributes').map(({ key, value }) => [
      String(key),
      isObject(value) ? Object.values(value)[0] : undefined,
    ]),
  )
}
