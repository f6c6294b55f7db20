// One real service, three ways at once: its SDK sends OTLP, a real Prometheus scrapes it and sends remote write, and the
// same Prometheus is asked. Each way counts what the service counted, through restarts of the service and the sender.
import { ExportResultCode } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { queryRange } from '../../src/integrations/prometheus/range-query.ts'
import { applyDocuments } from '../../src/modules/catalog/index.ts'
import { openSloKinds } from '../../src/modules/slo/kinds/openslo-kinds.ts'
import type { StreamSource } from '../../src/modules/telemetry/index.ts'
import {
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf,
} from '../../src/modules/telemetry/telemetry.fixture.ts'
import { telemetryRoom } from '../../src/modules/telemetry/telemetry.module.ts'
import { pollPrometheus } from '../../src/modules/telemetry/usecases/poll-prometheus.ts'
import { sql } from '../../src/platform/database/queries.ts'
import type { Room } from '../../src/platform/room/room.ts'
import { type CountingShop, startShop } from './counting-shop.ts'
import { prometheusProgram, type RealPrometheus, startPrometheus } from './real-prometheus.ts'

let world: TelemetryWorld
let shop: CountingShop
let prometheus: RealPrometheus
let address: string
let room: Room
const ports = portsWith({ queryRange })

beforeAll(async () => {
  if (prometheusProgram === null) return
  world = await openTelemetryWorld('three_ways')
  room = telemetryRoom(world.needs, ports)
  const server = await world.serve([room])
  // What remote write accepts is counted by the process that runs.
  await room.start?.()
  address = await server.listen({ host: '127.0.0.1', port: 0 })
  shop = await startShop()
  prometheus = await startPrometheus({
    config: `global: {scrape_interval: 200ms, scrape_timeout: 200ms}
scrape_configs:
- {job_name: shop, static_configs: [{targets: ['127.0.0.1:${shop.port}']}]}
remote_write:
- url: ${address}/api/v1/write
  authorization: {credentials: key}
  queue_config: {batch_send_deadline: 200ms, min_backoff: 30ms, max_backoff: 200ms}
`,
  })
  await applyDocuments(
    world.needs,
    { kinds: () => openSloKinds, translators: [], mayChange: () => undefined },
    {
      documents: `apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: main}\nspec: {type: prometheus, connectionDetails: {url: '${prometheus.url}'}}`,
      actor: { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] },
    },
  )
  for (const [id, source] of Object.entries(sources))
    await register(world.database, requestsOf('shop', { id, source, sliceMs: 1_000 }))
})
afterAll(async () => {
  if (prometheusProgram === null) return
  await prometheus.stop()
  await shop.stop()
  await room.stop?.()
  await world.close()
})

const failing = { key: 'code', op: 'regex', value: '5..' } as const
const parts = (metric: string) => [
  { side: 'bad' as const, metric, filters: [failing] },
  { side: 'total' as const, metric, filters: [] },
]
const sources: Record<string, StreamSource> = {
  'by-otlp': { kind: 'otlp', form: 'bad-total', parts: parts('shop.requests') },
  'by-remote-write': { kind: 'remote-write', form: 'bad-total', parts: parts('shop_requests_total') },
  'by-query': {
    kind: 'prometheus',
    form: 'bad-total',
    dataSource: 'main',
    queries: [
      { side: 'bad', query: 'shop_requests_total{code=~"5.."}', counter: true },
      { side: 'total', query: 'shop_requests_total', counter: true },
    ],
  },
}

function startSdk() {
  const exporter = new OTLPMetricExporter({ url: `${address}/v1/metrics`, headers: { authorization: 'Bearer key' } })
  const send = exporter.export.bind(exporter)
  const failures: unknown[] = []
  exporter.export = (metrics, done) =>
    send(metrics, (result) => {
      if (result.code !== ExportResultCode.SUCCESS) failures.push(result.error)
      done(result)
    })
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'shop', 'service.instance.id': 'shop-1' }),
    readers: [
      new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, exportTimeoutMillis: 5_000 }),
    ],
  })
  const counter = provider.getMeter('shop').createCounter('shop.requests')
  return {
    failures,
    count: (code: number, times: number) => counter.add(times, { code: String(code) }),
    flush: () => provider.forceFlush(),
    stop: () => provider.shutdown(),
  }
}

test.skipIf(prometheusProgram === null)(
  'OTLP, remote write and PromQL agree to the event',
  { timeout: 120_000 },
  async () => {
    let sdk = startSdk()
    const serve = (code: number, times: number) => {
      shop.serve(code, times)
      sdk.count(code, times)
    }
    const truth = () => ({ bad: shop.truth.bad, total: shop.truth.good + shop.truth.bad })
    const counted = async (id: string) => {
      const { bad, total } = await totalsOf(world.database, id)
      return { bad, total }
    }
    const expectAgreement = async () => {
      await sdk.flush()
      await expect
        .poll(
          async () => {
            await pollPrometheus(world.needs, ports)
            return Object.fromEntries(
              await Promise.all(Object.keys(sources).map(async (id) => [id, await counted(id)] as const)),
            )
          },
          { timeout: 25_000, interval: 250 },
        )
        .toEqual(Object.fromEntries(Object.keys(sources).map((id) => [id, truth()])))
    }
    // Remote write has told of the target once: from here on every way hears every event.
    await expect.poll(() => world.database.many(sql`select 1 from series_packs`), { timeout: 20_000 }).not.toEqual([])
    serve(200, 40)
    serve(503, 3)
    await expectAgreement()

    // The service begins anew; so does its SDK, as they are one process.
    await shop.restart()
    await sdk.stop()
    sdk = startSdk()
    serve(200, 5)
    serve(500, 1)
    await expectAgreement()

    // The sender begins anew while the service goes on.
    await prometheus.restart(() => {
      serve(200, 17)
      serve(500, 2)
    })
    await expectAgreement()
    expect(sdk.failures).toEqual([])
  },
)
