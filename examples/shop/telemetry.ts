// OpenTelemetry metrics with the names of the semantic conventions. Where they go is said by the standard
// variables: OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS, OTEL_METRIC_EXPORT_INTERVAL, OTEL_RESOURCE_ATTRIBUTES.
import { type Attributes, DiagLogLevel, diag, type Meter } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { Log } from './log.ts'
import { roster, type ServiceName } from './roster.ts'

export interface Telemetry {
  readonly meter: Meter
  /** One served request: how long it took, in seconds, and what came of it. */
  served(seconds: number, attributes: Attributes): void
  /** One call to another service. */
  called(seconds: number, attributes: Attributes): void
  active(change: 1 | -1, attributes: Attributes): void
  /** Sends what is still held, then stops. Bounded: a dead receiver does not keep the process. */
  stop(): Promise<void>
}

// The conventions' advice, with 0.3 added: an objective of 300 ms can be counted exactly only at an edge.
export const durationEdges = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const stopLimitMs = 1_500

export function openTelemetry(
  service: ServiceName,
  release: string,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Telemetry {
  const report = (message: string) => log.write('warn', 'telemetry', { detail: message.slice(0, 400) })
  const quiet = () => undefined
  diag.setLogger(
    { error: report, warn: report, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const shape = roster[service].shape
  const provider = new MeterProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': service,
          'service.namespace': 'shop',
          'service.version': release,
          'service.instance.id': `${service}-${process.pid}`,
          'deployment.environment.name': environment.SHOP_ENVIRONMENT ?? 'demo',
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    readers: environment.OTEL_SDK_DISABLED === 'true' ? [] : [openReader(shape === 'delta temporality', environment)],
    views: [
      {
        instrumentType: InstrumentType.HISTOGRAM,
        aggregation:
          shape === 'exponential buckets'
            ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
            : { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: durationEdges } },
      },
    ],
  })
  const meter = provider.getMeter('shop')
  const served = meter.createHistogram('http.server.request.duration', {
    unit: 's',
    description: 'Duration of HTTP server requests.',
  })
  const called = meter.createHistogram('http.client.request.duration', {
    unit: 's',
    description: 'Duration of HTTP client requests.',
  })
  const active = meter.createUpDownCounter('http.server.active_requests', { unit: '{request}' })
  observeProcess(meter)
  return {
    meter,
    served: (seconds, attributes) => served.record(seconds, attributes),
    called: (seconds, attributes) => called.record(seconds, attributes),
    active: (change, attributes) => active.add(change, attributes),
    async stop() {
      const limit = new Promise<void>((resolve) => setTimeout(resolve, stopLimitMs).unref())
      await Promise.race([provider.shutdown().catch((error: unknown) => report(String(error))), limit])
    },
  }
}

function openReader(delta: boolean, environment: NodeJS.ProcessEnv): PeriodicExportingMetricReader {
  const interval = positive(environment.OTEL_METRIC_EXPORT_INTERVAL) ?? 60_000
  const timeout = positive(environment.OTEL_METRIC_EXPORT_TIMEOUT) ?? 30_000
  return new PeriodicExportingMetricReader({
    // Without a choice of ours the exporter follows OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE.
    exporter: new OTLPMetricExporter(delta ? { temporalityPreference: AggregationTemporality.DELTA } : {}),
    exportIntervalMillis: interval,
    exportTimeoutMillis: Math.min(timeout, interval),
  })
}

function positive(text: string | undefined): number | null {
  const value = Number(text)
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : null
}

function observeProcess(meter: Meter): void {
  meter
    .createObservableUpDownCounter('process.memory.usage', { unit: 'By' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()))
  meter.createObservableCounter('process.cpu.time', { unit: 's' }).addCallback((result) => {
    const usage = process.cpuUsage()
    result.observe(usage.user / 1e6, { 'cpu.mode': 'user' })
    result.observe(usage.system / 1e6, { 'cpu.mode': 'system' })
  })
  // The share of the last interval in which the event loop was busy: a service of one thread is full at 1.
  let before = performance.eventLoopUtilization()
  meter.createObservableGauge('nodejs.eventloop.utilization', { unit: '1' }).addCallback((result) => {
    const now = performance.eventLoopUtilization()
    result.observe(performance.eventLoopUtilization(now, before).utilization)
    before = now
  })
  meter.createObservableGauge('process.uptime', { unit: 's' }).addCallback((result) => result.observe(process.uptime()))
}
