// OTLP over gRPC with a real gRPC client, and the bytes of OpenTelemetry's own serializer.
import { ChannelCredentials, Client, Metadata, status } from '@grpc/grpc-js'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listenForMetrics } from '../../integrations/otlp-grpc/metrics-listener.ts'
import { AppError } from '../../kernel/app-error.ts'
import {
  countAccepted,
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf,
} from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'

let world: TelemetryWorld
let client: Client
let stop: () => Promise<void>
let away = false

beforeAll(async () => {
  world = await openTelemetryWorld('otlp_grpc')
  let port = 0
  const room = telemetryRoom(
    world.needs,
    portsWith({
      listenGrpc: async (receive) => {
        const listener = await listenForMetrics({ host: '127.0.0.1', port: 0 }, receive)
        port = listener.port
        return listener
      },
      admitToken: async ({ token }, operation) => {
        expect(operation).toBe('intake.otlp')
        if (away) throw new AppError('unavailable', 'database.unavailable', 'The database is away.')
        if (token === 'busy') throw new AppError('limited', 'http.too-many', 'Too many.', { retryAfterSeconds: 3 })
        if (token !== 'key') throw new AppError('forbidden', 'http.unauthenticated', 'Send an API key.')
      },
    }),
  )
  await room.start?.()
  stop = async () => room.stop?.()
  client = new Client(`127.0.0.1:${port}`, ChannelCredentials.createInsecure())
})
afterAll(async () => {
  client.close()
  await stop()
  await world.close()
})

interface Sent {
  readonly code: number
  readonly answer: Buffer | undefined
  readonly details: string
}

function send(body: Buffer, token = 'key'): Promise<Sent> {
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${token}`)
  const asIs = (bytes: Buffer) => bytes
  return new Promise((resolve) =>
    client.makeUnaryRequest(
      '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
      asIs,
      asIs,
      body,
      metadata,
      (error, answer) => resolve({ code: error?.code ?? status.OK, answer, details: error?.details ?? '' }),
    ),
  )
}

function openShop() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'front', 'service.instance.id': 'front-1' }),
    readers: [
      new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, exportTimeoutMillis: 5_000 }),
    ],
  })
  const duration = provider.getMeter('shop').createHistogram('http.server.request.duration', { unit: 's' })
  return {
    serve: (code: number, times: number) => {
      for (let index = 0; index < times; index += 1) duration.record(0.05, { 'http.response.status_code': code })
    },
    body: async () => {
      await provider.forceFlush()
      const [metrics] = exporter.getMetrics().slice(-1)
      if (metrics === undefined) throw new Error('nothing was exported')
      return Buffer.from(ProtobufMetricsSerializer.serializeRequest(metrics) ?? [])
    },
    stop: () => provider.shutdown(),
  }
}

test('every request of an SDK is counted once, whatever is sent again', async () => {
  await register(world.database, requestsOf('front'))
  const shop = openShop()
  shop.serve(200, 40)
  shop.serve(503, 2)
  const first = await shop.body()
  expect(await send(first)).toMatchObject({ code: status.OK, answer: Buffer.alloc(0) })
  shop.serve(200, 8)
  const second = await shop.body()
  await send(second)
  await send(second)
  await send(first)
  await shop.stop()
  await countAccepted(world.needs)
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ good: 48, total: 50 })
})

test.each([
  ['no good key', 'other', Buffer.alloc(0), status.UNAUTHENTICATED],
  ['too much', 'busy', Buffer.alloc(0), status.RESOURCE_EXHAUSTED],
  ['no such message', 'key', Buffer.from('ffffffffffffffffffff', 'hex'), status.INVALID_ARGUMENT],
  ['too large', 'key', Buffer.alloc(9 * 1024 * 1024), status.RESOURCE_EXHAUSTED],
])('%s is said by its code', async (_what, token, body, code) => {
  expect((await send(body, token)).code).toBe(code)
})

test('while the database is away the sender is told to send again', async () => {
  away = true
  expect(await send(Buffer.alloc(0))).toMatchObject({ code: status.UNAVAILABLE })
  away = false
  expect((await send(Buffer.alloc(0))).code).toBe(status.OK)
})
