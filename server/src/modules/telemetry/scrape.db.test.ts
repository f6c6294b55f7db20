// An endpoint that tells its metrics, fetched over real HTTP and counted.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import type { ResourceKind } from '../../platform/resources/resource-kind.ts'
import { applyDocuments } from '../catalog/index.ts'
import {
  forget,
  nobodyWatches,
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf,
} from './telemetry.fixture.ts'
import { createSignalCollector, type SignalCollector } from './usecases/collect-signals.ts'
import { newScrapeMemory, type ScrapeMemory, scrapeEndpoints } from './usecases/scrape-endpoints.ts'

const dataSource: ResourceKind = {
  apiVersion: 'openslo/v1',
  kind: 'DataSource',
  plural: 'datasources',
  summary: '',
  order: 1,
  spec: Type.Object({}, { additionalProperties: true }),
  owner: () => null,
  references: () => [],
  admit: () => ({ faults: [], warnings: [] }),
}
let world: TelemetryWorld
let clock: TestClock
let server: Server
let told = { status: 200, type: 'text/plain; version=0.0.4', body: '' }
let asked: (string | undefined)[] = []
const begin = instant(Date.UTC(2026, 2, 1, 9, 0, 0))
const ports = portsWith({ secret: (name) => `text of ${name}` })
let memory: ScrapeMemory
let signals: SignalCollector
const scrape = () => scrapeEndpoints(world.needs, ports, memory, signals)

beforeAll(async () => {
  world = await openTelemetryWorld('scrape')
  signals = createSignalCollector(world.needs, nobodyWatches)
  clock = await installClock(world.connection)
  server = createServer((request, response) => {
    asked.push(request.headers.authorization)
    response.writeHead(told.status, { 'content-type': told.type })
    response.end(told.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await applyDocuments(
    world.needs,
    { kinds: () => [dataSource], translators: [], mayChange: () => undefined },
    {
      documents: `apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: shop}\nspec: {type: scrape, connectionDetails: {url: 'http://127.0.0.1:${port}/metrics', bearer: {secret: SHOP}, interval: 10s}}`,
      actor: { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] },
    },
  )
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await world.close()
})
beforeEach(async () => {
  await forget(world.database)
  await clock.set(begin)
  asked = []
  memory = newScrapeMemory(world.needs)
  const parts = [
    { side: 'bad' as const, metric: 'requests_total', filters: [{ key: 'code', op: 'regex' as const, value: '5..' }] },
    { side: 'total' as const, metric: 'requests_total', filters: [] },
  ]
  await register(
    world.database,
    requestsOf('shop', { source: { kind: 'scrape', form: 'bad-total', dataSource: 'shop', parts }, sliceMs: 10_000 }),
  )
})

const counted = async () => {
  const { bad, total, slices } = await totalsOf(world.database, 'shop-availability')
  return { bad, total, slices }
}
const text = (...lines: string[]) => {
  told = {
    status: 200,
    type: 'text/plain; version=0.0.4',
    body: `# TYPE requests_total counter\n${lines.join('\n')}\n`,
  }
}

test('each at its interval, with its credentials; what was born since the last fetch is counted from 0', async () => {
  text('requests_total{code="200"} 1000')
  await scrape()
  await clock.forward(5_000)
  await scrape()
  expect(asked).toEqual(['Bearer text of SHOP'])
  await clock.forward(5_000)
  text('requests_total{code="200"} 1030', 'requests_total{code="503"} 2')
  await scrape()
  await clock.forward(10_000)
  text('requests_total{code="200"} 4', 'requests_total{code="503"} 1')
  await scrape()
  expect(await counted()).toEqual({ bad: 3, total: 37, slices: 2 })
})

test('OpenMetrics: created times tell what is new, exemplars and units do not disturb', async () => {
  const at = (ms: number) => (ms / 1000).toFixed(3)
  await clock.forward(30_000)
  told = {
    status: 200,
    type: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    body: [
      '# TYPE requests counter',
      'requests_total{code="200"} 6 # {trace_id="4bf9"} 1.0',
      `requests_created{code="200"} ${at(begin + 20_000)}`,
      '# TYPE latency_seconds histogram',
      '# UNIT latency_seconds seconds',
      'latency_seconds_bucket{le="+Inf"} 6',
      '# EOF',
      '',
    ].join('\n'),
  }
  await scrape()
  expect(await counted()).toMatchObject({ bad: 0, total: 6 })
})

test.each([
  ['unreachable', { status: 500, type: 'text/plain', body: 'no' }],
  ['refused', { status: 401, type: 'text/plain', body: 'no' }],
  ['bad-answer', { status: 200, type: 'text/html', body: '<html><body>Sign in</body></html>' }],
  // A time that no clock can hold: nothing of it is kept, and nobody else's scrape is given up for it.
  ['bad-answer', { status: 200, type: 'text/plain', body: 'requests_total{code="200"} 20 1e300\n' }],
  ['bad-answer', { status: 200, type: 'application/openmetrics-text', body: 'requests_total{code="200"} 9\n' }],
])('%s is a finding and a gap, never good', async (kind, answer) => {
  text('requests_total{code="200"} 10')
  await scrape()
  told = answer
  for (let round = 0; round < 20; round += 1) {
    await clock.forward(10_000)
    await scrape()
  }
  const [source] = await world.database.many(sql<{ findings: object }>`select findings from telemetry_sources`)
  expect(source?.findings).toHaveProperty(kind)
  expect(await counted()).toMatchObject({ total: 0, slices: 0 })
  text('requests_total{code="200"} 25')
  await clock.forward(10_000)
  await scrape()
  // The counter kept its sum while nobody could look: nothing is lost, it is spread over the time it covers.
  expect((await counted()).total).toBe(15)
})
