// Traces of the server itself, by OpenTelemetry's own environment variables and off unless they are set. What leaves goes
// through egress like everything else.
import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Environment } from '../config/config.ts'
import type { Egress } from '../egress/index.ts'
import type { Log } from '../log/log.ts'

export interface Tracing {
  /** A span for each request, named by its operation, continuing the caller's `traceparent`. */
  readonly instrument: (server: FastifyInstance) => void
  readonly stop: () => Promise<void>
}

export interface TracingOptions {
  readonly environment: Environment
  readonly egress: Pick<Egress, 'request'>
  readonly log: Log
  readonly version: string
}

const spanOf = new WeakMap<FastifyRequest, Span>()

export function createTracing(options: TracingOptions): Tracing | null {
  const { environment } = options
  const endpoint = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? joined(environment.OTEL_EXPORTER_OTLP_ENDPOINT)
  if (endpoint === undefined || environment.OTEL_SDK_DISABLED === 'true') return null
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      ...pairs(environment.OTEL_RESOURCE_ATTRIBUTES),
      'service.name': environment.OTEL_SERVICE_NAME ?? 'mainstay',
      'service.version': options.version,
    }),
    spanProcessors: [
      new BatchSpanProcessor(exporterOf(options, endpoint), { maxQueueSize: 4_096, scheduledDelayMillis: 2_000 }),
    ],
  })
  const tracer = provider.getTracer('mainstay')
  return { instrument: (server) => instrument(server, tracer), stop: () => provider.shutdown() }
}

function instrument(server: FastifyInstance, tracer: Tracer): void {
  const propagator = new W3CTraceContextPropagator()
  server.addHook('onRequest', async (request) => {
    const parent = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter)
    const name = `${request.method} ${request.routeOptions.url ?? 'unknown'}`
    spanOf.set(
      request,
      tracer.startSpan(
        name,
        {
          kind: SpanKind.SERVER,
          attributes: {
            'http.request.method': request.method,
            'http.route': request.routeOptions.url ?? '',
            'mainstay.request_id': request.id,
          },
        },
        parent,
      ),
    )
  })
  server.addHook('onResponse', async (request, reply) => {
    const span = spanOf.get(request)
    span?.setAttribute('http.response.status_code', reply.statusCode)
    span?.setAttribute('mainstay.operation', request.routeOptions.config.operationId ?? 'other')
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
  })
}

/** The id that joins a log line to its trace; null without tracing. */
export function traceIdOf(request: FastifyRequest): string | null {
  return spanOf.get(request)?.spanContext().traceId ?? null
}

function exporterOf(options: TracingOptions, endpoint: string): SpanExporter {
  const headers = pairs(
    options.environment.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? options.environment.OTEL_EXPORTER_OTLP_HEADERS,
  )
  return {
    export: (spans: ReadableSpan[], done: (result: ExportResult) => void) => {
      const body = ProtobufTraceSerializer.serializeRequest(spans)
      if (body === undefined) return done({ code: ExportResultCode.SUCCESS })
      options.egress
        .request({
          connector: 'otlp',
          method: 'POST',
          url: endpoint,
          headers: { ...headers, 'content-type': 'application/x-protobuf' },
          body,
        })
        .then(
          (reply) => done({ code: reply.status < 300 ? ExportResultCode.SUCCESS : ExportResultCode.FAILED }),
          (error: unknown) => {
            options.log.debug('Traces could not be sent.', { error })
            done({ code: ExportResultCode.FAILED })
          },
        )
    },
    shutdown: async () => undefined,
  }
}

const joined = (base: string | undefined): string | undefined =>
  base === undefined || base === '' ? undefined : `${base.replace(/\/$/, '')}/v1/traces`

/** `key=value,key=value`, values percent-encoded, as the OpenTelemetry specification writes lists in variables. */
function pairs(text: string | undefined): Record<string, string> {
  const entries = (text ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())] as const]
  })
  return Object.fromEntries(entries)
}
