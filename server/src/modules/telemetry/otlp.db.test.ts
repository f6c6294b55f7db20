// Real bytes of the OpenTelemetry SDK through the real route into PostgreSQL.
import { gzipSync } from 'node:zlib'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '../../platform/database/queries.ts'
import {
  countAccepted,
  forget,
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf as totalsNow,
} from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'

let world: TelemetryWorld
let server: FastifyInstance
let address: string

beforeAll(async () => {
  world = await openTelemetryWorld('otlp')
  server = await world.serve([telemetryRoom(world.needs, portsWith({}))])
  address = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => world.close())
beforeEach(() => forget(world.database))

/** Once everything that was accepted is counted. */
async function totalsOf(...of: Parameters<typeof totalsNow>) {
  await countAccepted(world.needs)
  return totalsNow(...of)
}
const sources = async () => {
  await countAccepted(world.needs)
  const reply = await server.inject({ url: '/api/v1/telemetry/sources', headers: { authorization: 'Bearer key' } })
  return reply.json().items
}

function openShop(service: string, temporality: AggregationTemporality, exponential = false) {
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.instance.id': `${service}-1` }),
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({
          url: `${address}/v1/metrics`,
          headers: { authorization: 'Bearer key' },
          temporalityPreference: temporality,
        }),
        exportIntervalMillis: 3_600_000,
        exportTimeoutMillis: 5_000,
      }),
    ],
    views: [
      {
        instrumentType: InstrumentType.HISTOGRAM,
        aggregation: exponential
          ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
          : { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [0.1, 0.3, 1] } },
      },
    ],
  })
  const duration = provider.getMeter('shop').createHistogram('http.server.request.duration', { unit: 's' })
  return {
    serve: (status: number, seconds: number, times = 1) => {
      for (let index = 0; index < times; index += 1)
        duration.record(seconds, { 'http.response.status_code': status, 'http.route': '/buy' })
    },
    flush: () => provider.forceFlush(),
    stop: () => provider.shutdown(),
  }
}

test.each([
  ['cumulative, explicit buckets', AggregationTemporality.CUMULATIVE, false],
  ['delta, explicit buckets', AggregationTemporality.DELTA, false],
  ['cumulative, exponential buckets', AggregationTemporality.CUMULATIVE, true],
])('every request of the SDK is counted once: %s', async (_name, temporality, exponential) => {
  await register(world.database, requestsOf('front'))
  const fast = requestsOf('front', { id: 'front-latency' })
  if (fast.source.kind !== 'otlp') throw new Error('not otlp')
  const [good, total] = fast.source.parts
  if (good === undefined || total === undefined) throw new Error('no parts')
  await register(world.database, { ...fast, source: { ...fast.source, parts: [{ ...good, atMost: 0.3 }, total] } })
  const shop = openShop('front', temporality, exponential)
  shop.serve(200, 0.05, 40)
  shop.serve(503, 0.02, 2)
  await shop.flush()
  shop.serve(200, 0.05, 50)
  shop.serve(200, 0.8, 7)
  shop.serve(503, 0.02, 3)
  await shop.flush()
  await shop.stop()
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ good: 97, total: 102 })
  expect(await totalsOf(world.database, 'front-latency')).toMatchObject({ good: 90, total: 102 })
  expect(await sources()).toMatchObject([
    { name: 'otlp:front/front-1', kind: 'otlp', objectives: ['front-availability', 'front-latency'] },
  ])
})

const second = 1_000_000_000n
function json(now: number, points: readonly { at: number; value: number; status?: number; start?: number }[]): object {
  const nanos = (ms: number) => String((BigInt(ms) * second) / 1000n)
  return {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'front' } }] },
        scopeMetrics: [
          {
            scope: { name: 'shop' },
            metrics: [
              {
                name: 'http.server.request.duration',
                sum: {
                  aggregationTemporality: 2,
                  isMonotonic: true,
                  dataPoints: points.map(({ at, value, status = 200, start = now - 600_000 }) => ({
                    attributes: [{ key: 'http.response.status_code', value: { intValue: String(status) } }],
                    startTimeUnixNano: nanos(start),
                    timeUnixNano: nanos(at),
                    asInt: String(value),
                  })),
                },
              },
            ],
          },
        ],
      },
    ],
  }
}
const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url: '/v1/metrics',
    headers: { authorization: 'Bearer key', 'content-type': 'application/json', ...headers },
    payload: body,
  })
const send = (body: object) => post(JSON.stringify(body))

test('a baseline, a restart, a repeated and a late batch', async () => {
  await register(world.database, requestsOf('front'))
  const now = await world.database.now()
  const at = (seconds: number) => now - 100_000 + seconds * 1000
  expect((await send(json(now, [{ at: at(0), value: 1000 }]))).statusCode).toBe(200)
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ total: 0 })
  await send(json(now, [{ at: at(20), value: 1030 }]))
  const late = json(now, [{ at: at(10), value: 1010 }])
  expect((await send(late)).json()).toEqual({})
  await send(late)
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ good: 30, total: 30 })
  // The process restarted: its counter begins again.
  await send(json(now, [{ at: at(30), value: 4, start: at(25) }]))
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ good: 34, total: 34 })
  // Another value for a known instant is left out, which only counting tells: it is said of the sender.
  expect((await send(json(now, [{ at: at(30), value: 5, start: at(25) }]))).json()).toEqual({})
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ good: 34, total: 34 })
  const [source] = await sources()
  expect(source).toMatchObject({ name: 'otlp:front' })
  expect(source.findings.map((each: { kind: string }) => each.kind).sort()).toEqual([
    'baseline',
    'conflict',
    'late',
    'reset',
  ])
})

test('any order of batches gives the same slices', async () => {
  const now = await world.database.now()
  const points = Array.from({ length: 8 }, (_, index) => ({
    at: now - 90_000 + index * 10_000,
    value: 100 + index ** 2,
  }))
  const results: unknown[] = []
  for (const order of [
    [0, 1, 2, 3, 4, 5, 6, 7],
    [0, 2, 1, 4, 3, 7, 5, 6],
    [7, 6, 5, 4, 3, 2, 1, 0],
  ]) {
    await forget(world.database)
    await register(world.database, requestsOf('front'))
    for (const index of order) await send(json(now, [points[index] ?? { at: 0, value: 0 }]))
    await countAccepted(world.needs)
    results.push(
      await world.database.many(
        sql`select slice_start, good, bad, total from slices where total > 0 order by slice_start`,
      ),
    )
  }
  expect(results[0]).toHaveLength(2)
  expect(results[1]).toEqual(results[0])
  expect(results[2]).toEqual(results[0])
})

test('what a request alone shows to be wrong is refused in the answer, and counted nowhere', async () => {
  await register(world.database, requestsOf('front'))
  const now = await world.database.now()
  await send(json(now, [{ at: now - 40_000, value: 10 }]))
  const mixed = json(now, [
    { at: now - 20_000, value: 25 },
    { at: now + 400_000, value: 90, status: 201 },
    { at: now - 20_000, value: -3, status: 202 },
  ])
  const said = { rejectedDataPoints: '2', errorMessage: expect.stringContaining('future in http.server.request') }
  expect((await send(mixed)).json()).toMatchObject({ partialSuccess: said })
  expect((await send(mixed)).json().partialSuccess.errorMessage).toContain('negative in http.server.request.duration')
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ total: 15, good: 15 })
  const [source] = await sources()
  expect(source.findings.map((each: { kind: string }) => each.kind).sort()).toEqual(['baseline', 'future', 'negative'])
})

test.each(['application/json', 'gzip'])('it is kept as it came (%s), and any process can count it', async (as) => {
  await register(world.database, requestsOf('front'))
  const now = await world.database.now()
  for (const [back, value] of [
    [40_000, 10],
    [20_000, 25],
  ] as const) {
    const text = JSON.stringify(json(now, [{ at: now - back, value }]))
    if (as === 'gzip') await post(gzipSync(text), { 'content-encoding': 'gzip' })
    else await post(text)
  }
  const kept = await world.database.many(sql<{ version: string }>`select version from sample_inbox order by id`)
  expect(kept.map((each) => each.version)).toEqual(Array(2).fill(as === 'gzip' ? 'otlp-json+gzip' : 'otlp-json'))
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ total: 15, good: 15 })
})

test('concurrent batches of one source are counted as if in turn', async () => {
  await register(world.database, requestsOf('front'))
  const now = await world.database.now()
  await send(json(now, [{ at: now - 60_000, value: 0 }]))
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      send(json(now, [{ at: now - 50_000 + index * 1_000, value: (index + 1) * 5 }])),
    ),
  )
  expect(replies.map((reply) => reply.statusCode)).toEqual(replies.map(() => 200))
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ good: 100, total: 100 })
})

test('a quiet source was measured, a silent one was not', async () => {
  await register(world.database, requestsOf('front', { sliceMs: 5_000 }))
  const now = Math.floor((await world.database.now()) / 5_000) * 5_000
  await send(json(now, [{ at: now - 60_000, value: 7 }]))
  for (const back of [50_000, 40_000, 30_000]) await send(json(now, [{ at: now - back, value: 7 }]))
  expect(await totalsOf(world.database, 'front-availability')).toEqual({ good: 0, bad: 0, total: 0, slices: 6 })
})

test('what cannot be taken is refused in a sentence, never with a fault of ours', async () => {
  expect((await server.inject({ method: 'POST', url: '/v1/metrics', payload: '{}' })).statusCode).toBe(401)
  expect((await post('{"resourceMetrics": 1}')).statusCode).toBe(400)
  expect((await post('not json')).json()).toMatchObject({ code: 3 })
  expect((await post('{}')).json()).toEqual({})
  const protobuf = { 'content-type': 'application/x-protobuf' }
  expect((await post(Buffer.from('ffffffffffffffffffff', 'hex'), protobuf)).statusCode).toBe(400)
  expect((await post(Buffer.alloc(0), protobuf)).statusCode).toBe(200)
  expect((await post('x', { 'content-type': 'text/plain' })).statusCode).toBe(415)
  expect((await post('x', { ...protobuf, 'content-encoding': 'br' })).statusCode).toBe(415)
  expect((await post('x', { ...protobuf, 'content-encoding': 'gzip' })).statusCode).toBe(400)
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  expect(bomb.length).toBeLessThan(100_000)
  expect((await post(bomb, { ...protobuf, 'content-encoding': 'gzip' })).statusCode).toBe(413)
  expect((await post(Buffer.alloc(5 * 1024 * 1024), protobuf)).statusCode).toBe(413)
  const fine = gzipSync(JSON.stringify(json(0, [])))
  expect((await post(fine, { 'content-encoding': 'gzip' })).statusCode).toBe(200)
})
