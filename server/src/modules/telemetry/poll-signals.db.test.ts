// Golden signals out of a Prometheus that objectives are read from.
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import type { ResourceKind } from '../../platform/resources/resource-kind.ts'
import { applyDocuments } from '../catalog/index.ts'
import {
  nobodyWatches,
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  type TelemetryWorld,
} from './telemetry.fixture.ts'
import type { RangeAnswer } from './telemetry.ports.ts'
import { createSignalCollector } from './usecases/collect-signals.ts'
import { pollSignals } from './usecases/poll-signals.ts'
import { readSignals } from './usecases/read-signals.ts'

const begin = instant(Date.UTC(2026, 2, 1, 9, 0, 0))
// The room slo has the real kind; it comes later in the order.
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

beforeAll(async () => {
  world = await openTelemetryWorld('poll_signals')
  clock = await installClock(world.connection)
  await applyDocuments(
    world.needs,
    { kinds: () => [dataSource], translators: [], mayChange: () => undefined },
    {
      documents: `apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: main}\nspec: {type: prometheus, connectionDetails: {url: 'http://127.0.0.1:9090'}}`,
      actor: { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] },
    },
  )
  await register(world.database, {
    ...requestsOf('front'),
    source: { kind: 'prometheus', form: 'good-total', dataSource: 'main', queries: [] },
  })
})
afterAll(() => world.close())

test('what was scraped is counted once, however often it is asked for, and a server that fails leaves a gap', async () => {
  await clock.set(begin)
  const signals = createSignalCollector(world.needs, nobodyWatches)
  // Scraped every 15 s, three requests between two scrapes, one of them slow.
  const series = (from: number, to: number): RangeAnswer => ({
    state: 'read',
    series: [
      ['0.1', 2],
      ['+Inf', 3],
    ].map(([le, each]) => ({
      labels: {
        __name__: 'http_server_request_duration_seconds_bucket',
        job: 'shop/front',
        instance: 'f:1',
        http_response_status_code: '200',
        le: String(le),
      },
      samples: Array.from({ length: 100 }, (_, index) => begin - 5 * minute + index * 15_000)
        .filter((at) => at > from && at <= to)
        .map((at) => ({ at: instant(at), value: ((at - begin) / 15_000 + 100) * Number(each) })),
    })),
  })
  let fails = false
  const asked: string[] = []
  const ports = portsWith({
    queryRange: async (_fetch, { query, from, to }) => {
      asked.push(query)
      return fails ? { state: 'failed', because: 'unreachable', detail: 'gone' } : series(from, to)
    },
  })
  const reads = new Map<string, number>()
  for (const after of [0, 30_000, minute, 2 * minute]) {
    await clock.set(instant(begin + after))
    await pollSignals(world.needs, ports, signals, reads)
    await signals.flush()
  }
  fails = true
  await clock.set(instant(begin + 3 * minute))
  await pollSignals(world.needs, ports, signals, reads)
  await signals.flush()
  const { points } = await readSignals(world.database, {
    service: 'front',
    from: begin,
    to: instant(begin + 3 * minute),
    stepMs: minute,
  })
  expect(points.map((each) => each.traffic?.requests ?? null)).toEqual([12, 12, null])
  expect(points[0]?.latency?.p50).toMatchObject({ low: 0, high: 0.1 })
  expect(new Set(asked).size).toBe(1)
  expect(asked[0]).toMatch(/^\{__name__=~"\(http_server_request_duration\|/)
})
