// Golden signals from the bytes of the OpenTelemetry SDK and of a Prometheus, through the real routes into PostgreSQL.

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
import { day, hour, minute } from '../../kernel/duration.ts'
import { formatInstant, instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import type { Attributes, ExponentialHistogram, HistogramValue, Metric, ResourceMetrics } from './core/index.ts'
import { signalsKept } from './signals-retention.store.ts'
import { nobodyWatches, openTelemetryWorld, portsWith, type TelemetryWorld } from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'
import { createSignalCollector, type SignalCollector } from './usecases/collect-signals.ts'
import { readSignals } from './usecases/read-signals.ts'
import { otlpSignals } from './usecases/take-samples.ts'

let world: TelemetryWorld
let server: FastifyInstance
let signals: SignalCollector

beforeAll(async () => {
  world = await openTelemetryWorld('signals')
  signals = createSignalCollector(world.needs, nobodyWatches)
  server = await world.serve([telemetryRoom(world.needs, portsWith({}), signals)])
})
afterAll(() => world.close())
beforeEach(async () => {
  await signals.flush()
  for (const table of ['signal_services', 'signal_senders', 'signal_minutes', 'signal_hours', 'service_usage'])
    await world.database.run(sql`delete from ${sql.table(table)}`)
})

const explicit = (...counts: number[]): HistogramValue => ({ kind: 'explicit', bounds: [0.1, 0.3, 1], counts })

function told(
  service: string,
  at: number,
  value: HistogramValue,
  point: Record<string, string> = { 'http.response.status_code': '200' },
  more: { startAt?: number; instance?: string; unit?: string } = {},
): ResourceMetrics {
  const attributes: Attributes = new Map(Object.entries(point))
  const metric = {
    name: 'http.server.request.duration',
    unit: more.unit ?? 's',
    data: {
      kind: value.kind === 'explicit' ? 'histogram' : 'exponential',
      temporality: 'cumulative',
      points: [
        { attributes, at: instant(at), startAt: more.startAt === undefined ? null : instant(more.startAt), value },
      ],
    },
  } as Metric
  return {
    attributes: new Map([
      ['service.name', service],
      ['service.instance.id', more.instance ?? `${service}-1`],
    ]),
    scopes: [{ name: 'test', version: '', metrics: [metric] }],
  }
}

async function tell(...resources: readonly ResourceMetrics[]): Promise<void> {
  signals.take(resources, resources.length, otlpSignals)
  await signals.flush()
}

const base = async () => Math.floor((await world.database.now()) / minute) * minute - 20 * minute

const read = (service: string, from: number, to: number, stepMs: number | null = minute) =>
  readSignals(world.database, { service, from: instant(from), to: instant(to), stepMs })

test('minutes hold what was told, and those nobody told of are gaps', async () => {
  const from = await base()
  await tell(told('front', from, explicit(1, 1, 0, 0)))
  await tell(
    told('front', from + minute, explicit(11, 3, 0, 0)),
    told('front', from + minute, explicit(0, 0, 0, 0), { 'http.response.status_code': '500' }),
  )
  await tell(
    told('front', from + 2 * minute, explicit(11, 3, 0, 0)),
    told('front', from + 2 * minute, explicit(0, 0, 4, 0), { 'http.response.status_code': '500' }),
  )
  const { points, bound, signals: standings } = await read('front', from - minute, from + 4 * minute)
  expect(points.map((each) => each.state)).toEqual(['gap', 'measured', 'measured', 'gap', 'gap'])
  expect(points[0]).toMatchObject({ traffic: null, errors: null, latency: null, saturation: null })
  expect(points[1]).toMatchObject({ traffic: { requests: 12, perSecond: 0.2 }, errors: { count: 0, ratio: 0 } })
  expect(points[2]).toMatchObject({ traffic: { requests: 4 }, errors: { count: 4, judged: 4, ratio: 1 } })
  expect(points[1]?.latency?.p99).toMatchObject({ low: 0.1, high: 0.3 })
  expect(bound).toContain('between two edges')
  expect(standings.map((each) => each.state)).toEqual(['silent', 'silent', 'silent', 'never'])
})

test('a batch that is sent twice, and read by two processes, counts once', async () => {
  const from = await base()
  const other = createSignalCollector(world.needs, nobodyWatches)
  const batches = [told('front', from, explicit(1, 0, 0, 0)), told('front', from + minute, explicit(6, 0, 0, 0))]
  for (const batch of [...batches, ...batches]) {
    await tell(batch)
    other.take([batch], 1, otlpSignals)
    await other.flush()
  }
  // What one process wrote is where the other goes on.
  other.take([told('front', from + 2 * minute, explicit(9, 0, 0, 0))], 1, otlpSignals)
  await other.flush()
  await tell(told('front', from + 3 * minute, explicit(9, 0, 0, 0)))
  const { points } = await read('front', from, from + 3 * minute)
  expect(points.map((each) => each.traffic?.requests)).toEqual([5, 3, 0])
})

test('hours are the sum of their minutes, hosts and all', async () => {
  const now = await base()
  const from = Math.floor(now / hour) * hour
  for (const instance of ['a', 'b'])
    for (const [index, count] of [0, 5, 9].entries())
      await tell(told('cart', now - (2 - index) * minute, explicit(count, 0, 1, 0), undefined, { instance }))
  const minutes = (await read('cart', now - 5 * minute, now)).points
  const hours = (await read('cart', Math.min(from, now - 5 * minute), now, hour)).points
  const sum = (points: typeof minutes) => points.reduce((all, each) => all + (each.traffic?.requests ?? 0), 0)
  expect(sum(minutes)).toBe(18)
  expect(sum(hours)).toBe(18)
  expect(hours.reduce((all, each) => all + each.measuredMs, 0)).toBe(2 * minute)
  expect(hours.some((each) => each.state === 'measured')).toBe(false)
})

test('a request that does not say how it ended is traffic, and no success', async () => {
  const from = await base()
  await tell(told('front', from, explicit(1, 0, 0, 0), {}))
  await tell(told('front', from + minute, explicit(4, 0, 0, 0), {}))
  const { points, signals: standings } = await read('front', from, from + minute)
  expect(points[0]).toMatchObject({ traffic: { requests: 3 }, errors: null })
  expect(standings.find((each) => each.signal === 'errors')?.state).toBe('never')
})

test('exponential histograms of two hosts make one percentile within its bound', async () => {
  const from = await base()
  const exponential = (offset: number, count: number): ExponentialHistogram => ({
    kind: 'exponential',
    scale: 7,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: { offset, counts: [count] },
    negative: { offset: 0, counts: [] },
  })
  // 2^-2 s and 2^-1 s are upper edges of these.
  for (const [instance, offset] of [
    ['a', -257],
    ['b', -129],
  ] as const) {
    await tell(told('pay', from, exponential(offset, 1), undefined, { instance }))
    await tell(told('pay', from + minute, exponential(offset, 100), undefined, { instance }))
  }
  const { points, bound } = await read('pay', from, from + minute)
  const { p50, p99 } = points[0]?.latency ?? {}
  expect(Math.abs((p50?.seconds ?? 0) - 0.25)).toBeLessThan(0.011 * 0.25)
  expect(Math.abs((p99?.seconds ?? 0) - 0.5)).toBeLessThan(0.011 * 0.5)
  expect(p99?.error).toBeLessThan(0.011)
  expect(bound).toContain('1.1 %')
})

test('the bytes of the SDK come out as signals', async () => {
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'checkout', 'service.instance.id': 'checkout-1' }),
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({
          url: `${address}/v1/metrics`,
          headers: { authorization: 'Bearer key' },
          temporalityPreference: AggregationTemporality.DELTA,
        }),
        exportIntervalMillis: 3_600_000,
        exportTimeoutMillis: 5_000,
      }),
    ],
    views: [{ instrumentType: InstrumentType.HISTOGRAM, aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  })
  const meter = provider.getMeter('shop')
  const duration = meter.createHistogram('http.server.request.duration', { unit: 's' })
  meter.createObservableGauge('nodejs.eventloop.utilization').addCallback((result) => result.observe(0.4))
  for (let index = 0; index < 10; index += 1)
    duration.record(0.2, { 'http.response.status_code': index < 3 ? 503 : 200 })
  await provider.forceFlush()
  await provider.shutdown()
  await signals.flush()
  const now = await world.database.now()
  const { points, signals: standings } = await read('checkout', now - 5 * minute, now + 5 * minute)
  const sum = (of: (each: (typeof points)[number]) => number | undefined) =>
    points.reduce((all, each) => all + (of(each) ?? 0), 0)
  expect(sum((each) => each.traffic?.requests)).toBe(10)
  expect(sum((each) => each.errors?.count)).toBe(3)
  const latency = points.find((each) => each.latency !== null)?.latency
  expect(Math.abs((latency?.p50.seconds ?? 0) - 0.2)).toBeLessThan(0.011 * 0.2)
  expect(points.find((each) => each.saturation !== null)?.saturation).toMatchObject({ highest: 0.4, of: 'loop' })
  expect(standings.map((each) => each.state)).toEqual(['told', 'told', 'told', 'told'])
})

test('what Prometheus scrapes of a service becomes its signals', async () => {
  const from = await base()
  const bucket = (at: number, le: string, value: number): ResourceMetrics => ({
    attributes: new Map([
      ['job', 'shop/catalog'],
      ['instance', 'c:1'],
    ]),
    scopes: [
      {
        name: '',
        version: '',
        metrics: [
          {
            name: 'http_server_request_duration_seconds_bucket',
            unit: '',
            data: {
              kind: 'sum',
              temporality: 'cumulative',
              monotonic: true,
              points: [
                {
                  attributes: new Map([
                    ['le', le],
                    ['http_response_status_code', '200'],
                  ]),
                  at: instant(at),
                  startAt: null,
                  value,
                },
              ],
            },
          },
        ],
      },
    ],
  })
  const intake = { kind: 'remote-write' as const, senderOf: () => 'remote-write:shop/catalog/c:1', wholeTargets: true }
  for (const index of [0, 1, 2]) {
    // The edges of one scrape come in two requests.
    signals.take([bucket(from + index * minute, '0.1', 2 * index)], 1, intake)
    await signals.flush()
    signals.take([bucket(from + index * minute, '+Inf', 3 * index)], 1, intake)
    await signals.flush()
  }
  const { points } = await read('catalog', from, from + 2 * minute)
  expect(points.map((each) => each.traffic?.requests)).toEqual([3, 3])
  expect(points[0]?.latency?.p50).toMatchObject({ low: 0, high: 0.1 })
  expect(points[0]?.latency?.p99).toMatchObject({ low: 0.1, high: null, seconds: null })
})

test('requests that come by two ways are counted once, by the better one', async () => {
  const from = await base()
  const scraped = { kind: 'scrape' as const, senderOf: () => 'scrape:front', wholeTargets: true }
  for (const index of [0, 1, 2]) {
    const batch = told('front', from + index * minute, explicit(5 * index, 0, 0, 0))
    await tell(batch)
    signals.take([batch], 1, scraped)
    await signals.flush()
  }
  const { points } = await read('front', from, from + 2 * minute)
  expect(points.map((each) => each.traffic?.requests)).toEqual([5, 5])
})

test('asked over HTTP: a service nobody knows is not found, and a wrong range is refused', async () => {
  const from = await base()
  await tell(told('front', from, explicit(1, 0, 0, 0)))
  const get = (url: string) => server.inject({ url, headers: { authorization: 'Bearer key' } })
  const span = `from=${formatInstant(instant(from))}&to=${formatInstant(instant(from + hour))}`
  expect((await get(`/api/v1/services/front/signals?${span}`)).statusCode).toBe(200)
  const unknown = await get(`/api/v1/services/nobody/signals?${span}`)
  expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'telemetry.unknown-service'])
  for (const name of ['%00', '%ed%a0%80', 'a%2Fb', '%F0%9F%8F%94', '%27%3B--', 'x'.repeat(101)])
    for (const what of [`signals?${span}`, 'coverage'])
      expect((await get(`/api/v1/services/${name}/${what}`)).statusCode, name).toSatisfy(
        (code: number) => code >= 400 && code < 500,
      )
  for (const query of ['search=%00', 'search=%25', 'cursor=WzFd', 'cursor=Wy0xXQ', 'limit=1&missing=any&sort=samples'])
    expect((await get(`/api/v1/telemetry/coverage?${query}`)).statusCode, query).toBeLessThan(500)
  for (const wrong of ['&step=61000', `&to=0001-01-01T00:00:00Z`, '&from=0001-01-01T00:00:00Z&step=60000'])
    expect((await get(`/api/v1/services/front/signals?${span}${wrong}`)).statusCode).toBe(422)
})

test('old minutes go before old hours, and a day is gone when its hours are', async () => {
  const from = await base()
  for (const index of [0, 1, 2]) await tell(told('front', from + index * minute, explicit(index, 0, 0, 0)))
  const counts = async () =>
    world.database.one(sql<{ minutes: number; hours: number; days: number }>`
      select (select count(*)::int from signal_minutes) as minutes, (select count(*)::int from signal_hours) as hours,
        (select count(*)::int from service_usage) as days`)
  const before = await counts()
  expect(before.minutes).toBe(2)
  const remove = async (name: string, at: number) =>
    world.database.transaction(async (tx) => {
      const rule = signalsKept.find((each) => each.name === name)
      const found = await rule?.pick(tx, { before: instant(at), after: null, limit: 10 })
      expect(found?.candidates.every((each) => each.services?.includes('front'))).toBe(true)
      return rule?.remove(tx, found?.candidates.map((each) => each.id) ?? [])
    })
  await remove('signal-minutes', from)
  expect(await counts()).toEqual(before)
  await remove('signal-minutes', from + 2 * day)
  expect(await counts()).toEqual({ ...before, minutes: 0 })
  await remove('signal-hours', from + 2 * day)
  expect(await counts()).toEqual({ minutes: 0, hours: 0, days: 0 })
})
