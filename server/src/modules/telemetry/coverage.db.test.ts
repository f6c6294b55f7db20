// What services send and lack, through the collector into PostgreSQL and out of the routes.
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import type { Metric, ResourceMetrics } from './core/index.ts'
import { otherMetrics } from './core/usage/index.ts'
import { openTelemetryWorld, portsWith, type TelemetryWorld } from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'
import { createSignalCollector, type SignalCollector } from './usecases/collect-signals.ts'
import { createUsageCollector } from './usecases/collect-usage.ts'
import { otlpSignals } from './usecases/take-samples.ts'

let world: TelemetryWorld
let server: FastifyInstance
let signals: SignalCollector

beforeAll(async () => {
  world = await openTelemetryWorld('coverage')
  signals = createSignalCollector(world.needs, createUsageCollector())
  const ports = portsWith({
    standingsOf: async (_queries, services) =>
      services.map((service) => ({ service, count: service === 'cart' ? 0 : 1 })),
    samplePrice: { perMillion: 0.5, currency: 'EUR' },
  })
  server = await world.serve([telemetryRoom(world.needs, ports, signals)])
})
afterAll(() => world.close())
beforeEach(async () => {
  await signals.flush()
  for (const table of [
    'signal_services',
    'signal_senders',
    'signal_minutes',
    'signal_hours',
    'service_usage',
    'resources',
  ])
    await world.database.run(sql`delete from ${sql.table(table)}`)
})

async function declare(name: string, spec: object): Promise<void> {
  const document = { apiVersion: 'mainstay.dev/v1', kind: 'Service', metadata: { name }, spec }
  await world.database.run(sql`
    insert into resources (kind, name, api_version, document, version, owners, created_by, created_at, updated_at)
    values ('Service', ${name}, 'mainstay.dev/v1', ${JSON.stringify(document)}::jsonb, 1, '{}', 'test', mainstay_now(), mainstay_now())`)
}

const metric = (name: string, points: readonly Record<string, string>[], at: number, unit = 's'): Metric => ({
  name,
  unit,
  data: {
    kind: 'histogram',
    temporality: 'delta',
    points: points.map((each) => ({
      attributes: new Map(Object.entries(each)),
      at: instant(at),
      startAt: instant(at - minute),
      value: { kind: 'explicit', bounds: [0.1, 1], counts: [1, 1, 0] },
    })),
  },
})

async function tell(service: string | null, metrics: readonly Metric[]): Promise<void> {
  const attributes = new Map(service === null ? [] : [['service.name', service] as const])
  const resource: ResourceMetrics = { attributes, scopes: [{ name: '', version: '', metrics }] }
  signals.take([resource], metrics.length, otlpSignals)
  await signals.flush()
}

const get = async (url: string) => (await server.inject({ url, headers: { authorization: 'Bearer key' } })).json()
const ok = { 'http.response.status_code': '200' }

test('a service is complete, another lacks nearly everything, and one that nobody declared is shown', async () => {
  const now = await world.database.now()
  const links = ['dashboard', 'runbook', 'other'].map((kind) => ({
    kind,
    url: 'https://example.org',
    title: kind === 'other' ? 'Traces in Tempo' : kind,
  }))
  await declare('front', { team: 'web', tier: 1, links })
  await declare('cart', { tier: 2 })
  const utilization: Metric = {
    name: 'process.cpu.utilization',
    unit: '1',
    data: { kind: 'gauge', points: [{ attributes: new Map(), at: instant(now - 1_000), startAt: null, value: 0.5 }] },
  }
  await tell('front', [metric('http.server.request.duration', [ok], now - 1_000), utilization])
  await tell('stray', [metric('queue.wait', [{}], now - 1_000)])
  const { items, summary } = await get('/api/v1/telemetry/coverage')
  const row = (service: string) => items.find((each: { service: string }) => each.service === service)
  const states = (service: string) =>
    Object.fromEntries(row(service).cells.map((cell: { column: string; state: string }) => [cell.column, cell.state]))
  expect(new Set(Object.values(states('front')))).toEqual(new Set(['present']))
  expect(row('front')).toMatchObject({
    declared: true,
    missing: 0,
    usage: { samples: 2, series: 2, cost: { currency: 'EUR' } },
  })
  expect(row('front').storedBytes).toBeGreaterThan(0)
  expect(new Set(Object.values(states('cart')))).toEqual(new Set(['missing']))
  expect(row('stray')).toMatchObject({ declared: false, team: null, usage: { samples: 1 } })
  expect(summary).toMatchObject({ services: 3, complete: 1, samples: 3 })
  expect(summary.missing.find((each: { column: string }) => each.column === 'traffic').services).toBe(2)
  const lacking = await get('/api/v1/telemetry/coverage?missing=owner&sort=samples')
  expect(lacking.items.map((each: { service: string }) => each.service)).toEqual(['stray', 'cart'])
})

test('pages go through all services once, in every order', async () => {
  for (let index = 0; index < 7; index += 1) await declare(`svc-${index}`, {})
  for (const sort of ['name', 'missing', 'samples']) {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: { service: string }[]; nextCursor: string | null } = await get(
        `/api/v1/telemetry/coverage?limit=3&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(...page.items.map((each) => each.service))
      cursor = page.nextCursor
    }
    expect(seen).toEqual([...new Set(seen)])
    expect(seen).toHaveLength(7)
  }
})

test('what a metric costs and what is odd about it is said with the way out', async () => {
  const now = await world.database.now()
  const users = Array.from({ length: 80 }, (_, index) => ({ ...ok, 'user.id': String(index) }))
  await tell('front', [
    metric('http.server.duration', users, now - 1_000, 'ms'),
    metric('queue.wait', [{}], now - 1_000),
  ])
  const { metrics } = await get('/api/v1/services/front/coverage')
  expect(metrics.map((each: { name: string }) => each.name)).toEqual(['http.server.duration', 'queue.wait'])
  const [first] = metrics
  expect(first.samples).toBe(80)
  expect(Math.abs(first.series - 80)).toBeLessThan(12)
  expect(first.findings.map((each: { code: string }) => each.code).sort()).toEqual([
    'old-metric',
    'unbounded-attribute',
    'unit',
  ])
  expect(first.findings.find((each: { code: string }) => each.code === 'unbounded-attribute').sentence).toContain(
    'user.id',
  )
})

test('two processes count into one day, and a metric told twice is one series', async () => {
  const now = await world.database.now()
  const other = createSignalCollector(world.needs, createUsageCollector())
  const told = metric('queue.wait', [{ queue: 'a' }, { queue: 'b' }], now - 1_000)
  await tell('front', [told])
  const attributes = new Map([['service.name', 'front']])
  other.take([{ attributes, scopes: [{ name: '', version: '', metrics: [told] }] }], 2, otlpSignals)
  await other.flush()
  const { usage } = await get('/api/v1/services/front/coverage')
  expect(usage).toMatchObject({ samples: 4, series: 2, whole: false })
})

test('names of metrics that never end are counted together; senders without a service are found', async () => {
  const now = await world.database.now()
  await tell(
    'front',
    Array.from({ length: 510 }, (_, index) => metric(`m${index}`, [{}], now - 1_000)),
  )
  await tell(null, [metric('queue.wait', [{}], now - 1_000)])
  const { metrics, usage } = await get('/api/v1/services/front/coverage')
  expect(usage.samples).toBe(510)
  expect(metrics.find((each: { name: string }) => each.name === otherMetrics)).toMatchObject({ samples: 10 })
  const unnamed = await get('/api/v1/services/unknown_service/coverage')
  expect(unnamed.metrics[0].findings[0].code).toBe('no-service-name')
  expect((await get('/api/v1/services/nobody/coverage')).code).toBe('telemetry.unknown-service')
})
