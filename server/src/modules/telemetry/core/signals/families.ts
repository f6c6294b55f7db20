// Which metrics tell of a service's golden signals: the names of OpenTelemetry's semantic conventions, now and before they
// were stable, and the names that Prometheus makes of them or that its clients have always used.
import type { Attributes } from '../selector.ts'
import type { Unit } from './latency.ts'

export type Protocol = 'http' | 'rpc'

/** A histogram, or a count, of requests that the service answered. */
export interface RequestFamily {
  readonly kind: 'requests'
  readonly protocol: Protocol
  /** A sender that tells the same requests under two names is counted by the one with the lowest rank. */
  readonly rank: number
  /** Of its values, unless the metric says its unit. */
  readonly unit: Unit
}

export const resources = ['cpu', 'memory', 'loop', 'pool'] as const
export type SaturatedResource = (typeof resources)[number]

/** How full something is: 1 is full. */
export interface FullnessFamily {
  readonly kind: 'fullness'
  readonly resource: SaturatedResource
  readonly percent: boolean
}

export type Family = RequestFamily | FullnessFamily

const requests = (protocol: Protocol, rank: number, unit: Unit): RequestFamily => ({
  kind: 'requests',
  protocol,
  rank,
  unit,
})
const fullness = (resource: SaturatedResource, percent = false): FullnessFamily => ({
  kind: 'fullness',
  resource,
  percent,
})

// By the name with underscores for dots. Of a host's own (`system.…`) nobody knows which service they belong to.
const families: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['http_server_request_duration', requests('http', 0, 's')],
  ['http_server_request_duration_seconds', requests('http', 0, 's')],
  ['http_server_duration', requests('http', 1, 'ms')],
  ['http_server_duration_milliseconds', requests('http', 1, 'ms')],
  ['http_server_requests_seconds', requests('http', 2, 's')],
  ['http_request_duration_seconds', requests('http', 3, 's')],
  ['rpc_server_call_duration', requests('rpc', 0, 's')],
  ['rpc_server_call_duration_seconds', requests('rpc', 0, 's')],
  ['rpc_server_duration', requests('rpc', 1, 'ms')],
  ['rpc_server_duration_milliseconds', requests('rpc', 1, 'ms')],
  ['process_cpu_utilization', fullness('cpu')],
  ['k8s_pod_cpu_limit_utilization', fullness('cpu')],
  ['k8s_container_cpu_limit_utilization', fullness('cpu')],
  ['jvm_cpu_recent_utilization', fullness('cpu')],
  ['container_memory_percent', fullness('memory', true)],
  ['k8s_pod_memory_limit_utilization', fullness('memory')],
  ['k8s_container_memory_limit_utilization', fullness('memory')],
  ['nodejs_eventloop_utilization', fullness('loop')],
  ['db_client_connection_utilization', fullness('pool')],
])

/** Picks what a Prometheus has of these families: edges of histograms, and gauges. PromQL. */
export function familySelector(): string {
  const named = (kind: Family['kind']) => [...families].filter(([, each]) => each.kind === kind).map(([name]) => name)
  return `{__name__=~"(${named('requests').join('|')})_bucket|(${named('fullness').join('|')})(_ratio)?"}`
}

/** The family of a metric, and which part of it the metric is: `bucket` is one edge of a classic histogram. */
export function familyOf(metric: string): { readonly family: Family; readonly part: 'whole' | 'bucket' } | null {
  const name = metric.replaceAll('.', '_')
  const bucket = name.endsWith('_bucket')
  const family = families.get(bucket ? name.slice(0, -'_bucket'.length) : name.replace(/_ratio$/, ''))
  if (family === undefined || (bucket && family.kind !== 'requests')) return null
  return { family, part: bucket ? 'bucket' : 'whole' }
}

/** The unit a metric says, in the code of UCUM; null when it says none that is a time. */
export function unitOf(text: string): Unit | null {
  return text === 's' || text === 'ms' || text === 'us' || text === 'ns' ? text : null
}

export type Verdict = 'error' | 'fine' | 'unknown'

const statusKeys = [
  'http.response.status_code',
  'http_response_status_code',
  'http.status_code',
  'http_status_code',
  'status_code',
  'code',
  'status',
]
const rpcKeys = ['rpc.grpc.status_code', 'rpc_grpc_status_code', 'rpc.response.status_code', 'rpc_response_status_code']

// By the conventions an error of the server; the others are the caller's: 4xx of gRPC.
const rpcErrors = new Set(
  ['2', '4', '12', '13', '14', '15'].concat([
    'UNKNOWN',
    'DEADLINE_EXCEEDED',
    'UNIMPLEMENTED',
    'INTERNAL',
    'UNAVAILABLE',
    'DATA_LOSS',
  ]),
)

/** `unknown` when the attributes do not say how it ended: such requests are traffic, and neither good nor bad. */
export function verdictOf(protocol: Protocol, attributes: Attributes): Verdict {
  const found = (keys: readonly string[]) => keys.map((key) => attributes.get(key)).find((value) => value !== undefined)
  const errorType = found(['error.type', 'error_type']) ?? ''
  if (protocol === 'rpc') {
    const code = found(rpcKeys)
    if (code !== undefined && code !== '') return rpcErrors.has(code.toUpperCase()) ? 'error' : 'fine'
    return errorType === '' ? 'unknown' : 'error'
  }
  const status = found(statusKeys) ?? ''
  // Also `5xx`, as some clients shorten it.
  if (/^[1-5](\d\d|xx)$/i.test(status)) return status.startsWith('5') ? 'error' : 'fine'
  return errorType === '' ? 'unknown' : 'error'
}

/** Longer names are none that anybody declared. */
const longestName = 100
const controls = /\p{Cc}/u

/**
 * Whose points these are. Prometheus carries `service.namespace/service.name` in `job`. Null: it does not say, which is a
 * finding, and nothing is counted.
 */
export function serviceOf(resource: Attributes, point: Attributes): string | null {
  const said =
    resource.get('service.name') ??
    resource.get('service_name') ??
    point.get('service_name') ??
    (resource.get('job') ?? '').split('/').at(-1) ??
    ''
  // What an SDK says when nobody told it: `unknown_service:node`.
  if (said === '' || said.startsWith('unknown_service') || said.length > longestName) return null
  // Nor what no database takes and nobody can type.
  return said.isWellFormed() && !controls.test(said) ? said : null
}
