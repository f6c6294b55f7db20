// What is odd about a metric as it comes in, by the semantic conventions of OpenTelemetry: old names, units, attributes that
// never end. Each finding says what it costs and the way out.

import type { Attributes } from '../selector.ts'
import { familyOf, unitOf } from '../signals/families.ts'

export const lintCodes = [
  'no-service-name',
  'old-metric',
  'old-attribute',
  'unit',
  'no-unit',
  'default-edges',
  'no-status',
  'unbounded-attribute',
  'many-series',
  'too-many-metrics',
] as const
export type LintCode = (typeof lintCodes)[number]

export interface LintFinding {
  readonly code: LintCode
  /** An attribute, a name or a number that it is about; empty for the metric as a whole. */
  readonly about: string
  readonly example: string
}

export interface SeenMetric {
  readonly name: string
  readonly unit: string
  readonly kind: 'gauge' | 'sum' | 'histogram' | 'exponential'
  /** Of the first histogram with explicit buckets. */
  readonly edges: readonly number[] | null
  readonly points: readonly Attributes[]
}

const oldMetrics: ReadonlyMap<string, string> = new Map([
  ['http.server.duration', 'http.server.request.duration'],
  ['http.client.duration', 'http.client.request.duration'],
  ['http.server.request.size', 'http.server.request.body.size'],
  ['http.server.response.size', 'http.server.response.body.size'],
  ['http.client.request.size', 'http.client.request.body.size'],
  ['http.client.response.size', 'http.client.response.body.size'],
  ['rpc.server.duration', 'rpc.server.call.duration'],
  ['rpc.client.duration', 'rpc.client.call.duration'],
  ['process.runtime.jvm.memory.usage', 'jvm.memory.used'],
  ['process.runtime.jvm.gc.duration', 'jvm.gc.duration'],
  ['process.runtime.jvm.threads.count', 'jvm.thread.count'],
  ['process.runtime.jvm.cpu.utilization', 'jvm.cpu.recent_utilization'],
  ['db.client.connections.usage', 'db.client.connection.count'],
  ['db.client.connections.max', 'db.client.connection.max'],
  ['http_server_duration_milliseconds', 'http_server_request_duration_seconds'],
  ['http_client_duration_milliseconds', 'http_client_request_duration_seconds'],
])

const oldAttributes: ReadonlyMap<string, string> = new Map([
  ['http.method', 'http.request.method'],
  ['http.status_code', 'http.response.status_code'],
  ['http.scheme', 'url.scheme'],
  ['http.target', 'url.path and url.query'],
  ['http.url', 'url.full'],
  ['http.flavor', 'network.protocol.version'],
  ['net.host.name', 'server.address'],
  ['net.host.port', 'server.port'],
  ['net.peer.name', 'server.address'],
  ['net.peer.port', 'server.port'],
  ['db.system', 'db.system.name'],
  ['deployment.environment', 'deployment.environment.name'],
  ['http_method', 'http_request_method'],
  ['http_status_code', 'http_response_status_code'],
])

/** Attributes whose values never end, by name. */
const endless = new Set(
  [
    'user.id',
    'enduser.id',
    'user.email',
    'user.name',
    'session.id',
    'request.id',
    'http.request.id',
    'trace.id',
    'span.id',
    'url.full',
    'url.path',
    'url.query',
    'http.url',
    'http.target',
    'client.address',
    'client.ip',
    'customer.id',
    'order.id',
    'tenant.user',
  ].flatMap((key) => [key, key.replaceAll('.', '_')]),
)

/** Values that look made for one request or one person. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'an id'],
  [/^[0-9a-f]{24,}$/i, 'an id'],
  [/^[^@\s/]{1,64}@[^@\s/]{1,255}\.[a-z]{2,}$/i, 'an address of a person'],
  [/^\/.*\/(\d{3,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{21,})(\/|$)/i, 'a path with an id in it'],
  [/^https?:\/\/\S+\?\S+/i, 'a full address'],
]

// A process and its host are told by ids on purpose, and end with it.
const mayBeId = /^(service\.instance\.id|instance|k8s\.|container\.|host\.|pod|uid|le$)/

/** Series of one metric of one service in a day; past this somebody pays for labels. */
export const manySeries = 1_000

export function lintMetric(metric: SeenMetric): readonly LintFinding[] {
  const { name, points } = metric
  const findings: LintFinding[] = []
  const add = (code: LintCode, about: string, example: string) =>
    findings.push({ code, about, example: example.slice(0, 120) })
  const renamed = oldMetrics.get(name)
  if (renamed !== undefined) add('old-metric', '', renamed)
  lintUnit(metric, add)
  const { edges } = metric
  // The SDK's default edges are milliseconds: 0, 5, 10, 25 … 10,000. In seconds nearly everything falls below the first.
  const isSeconds = unitOf(metric.unit) === 's' || /_seconds$/.test(name)
  if (isSeconds && edges !== null && edges.length >= 10 && (edges.at(-1) ?? 0) >= 5_000 && (edges[1] ?? 0) >= 1)
    add('default-edges', '', edges.slice(0, 5).join(', '))
  lintAttributes(points, add)
  const family = familyOf(name)?.family
  if (family?.kind === 'requests' && family.protocol === 'http' && points.length > 0 && !points.some(saysHowItEnded))
    add('no-status', '', name)
  return findings
}

type Add = (code: LintCode, about: string, example: string) => void

function lintUnit({ name, unit, kind }: SeenMetric, add: Add): void {
  const isTime = /(^|[._])duration$/.test(name)
  if (isTime && (unit === 'ms' || unit === 'us' || unit === 'ns')) add('unit', unit, 's')
  if (/_(milliseconds|millis|ms)(_bucket)?$/.test(name))
    add('unit', 'ms', name.replace(/_(milliseconds|millis|ms)/, '_seconds'))
  // Prometheus says the unit in the name.
  if (isTime && unit === '' && name.includes('.') && kind !== 'gauge') add('no-unit', '', name)
}

function lintAttributes(points: readonly Attributes[], add: Add): void {
  const seen = new Set<string>()
  for (const attributes of points)
    for (const [key, value] of attributes) {
      if (seen.has(key)) continue
      const renamed = oldAttributes.get(key)
      const shape = mayBeId.test(key) ? undefined : shapes.find(([pattern]) => pattern.test(value))
      if (endless.has(key)) add('unbounded-attribute', key, value)
      else if (shape !== undefined) add('unbounded-attribute', key, `${value} looks like ${shape[1]}`)
      if (renamed !== undefined) add('old-attribute', key, renamed)
      if (endless.has(key) || shape !== undefined || renamed !== undefined) seen.add(key)
    }
}

const saysHowItEnded = (attributes: Attributes): boolean =>
  [...attributes.keys()].some((key) =>
    /^(http[._](response[._])?status_code|status_code|code|status|error[._]type)$/.test(key),
  )
