// Every kind of source, declared, becomes what is counted; and what cannot be counted is refused at its place.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../server/src/kernel/actor.ts'
import { AppError } from '../../server/src/kernel/app-error.ts'
import { applyDocuments, type CatalogPorts } from '../../server/src/modules/catalog/index.ts'
import { catalogKinds } from '../../server/src/modules/catalog/kinds/kinds.ts'
import { journeyKind } from '../../server/src/modules/slo/kinds/journey-kind.ts'
import { openSloKinds } from '../../server/src/modules/slo/kinds/openslo-kinds.ts'
import { listStreams } from '../../server/src/modules/telemetry/index.ts'
import { probeKind } from '../../server/src/modules/telemetry/kinds/probe.ts'
import { openTelemetryWorld, type TelemetryWorld } from '../../server/src/modules/telemetry/telemetry.fixture.ts'

let world: TelemetryWorld
const actor: Actor = { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] }
const ports: CatalogPorts = {
  kinds: () => [...catalogKinds, probeKind, ...openSloKinds, journeyKind],
  translators: [],
  mayChange: () => undefined,
}
const text = readFileSync(new URL('sources.yaml', import.meta.url), 'utf8')
const apply = (documents: string) => applyDocuments(world.needs, ports, { documents, actor })

beforeAll(async () => {
  world = await openTelemetryWorld('sources')
})
afterAll(() => world.close())

test('sources.yaml is applied as it stands, and once more without a change', async () => {
  const changes = await apply(text)
  expect(new Set(changes.map((change) => change.action))).toEqual(new Set(['create']))
  expect(changes.flatMap((change) => change.warnings)).toEqual([])
  expect(new Set((await apply(text)).map((change) => change.action))).toEqual(new Set(['unchanged']))
  const streams = new Map((await listStreams(world.database, null)).map((each) => [each.id, each.source]))
  const failing = { key: 'code', op: 'regex', value: '5..' }
  const ours = { key: 'job', op: 'equals', value: 'payments' }
  expect(streams.get('payments-asked')).toMatchObject({ kind: 'prometheus', dataSource: 'mimir', form: 'bad-total' })
  expect(streams.get('payments-sent')).toEqual({
    kind: 'remote-write',
    form: 'bad-total',
    parts: [
      { side: 'bad', metric: 'http_requests_total', filters: [ours, failing] },
      { side: 'total', metric: 'http_requests_total', filters: [ours] },
    ],
  })
  expect(streams.get('payments-fetched')).toEqual({
    kind: 'scrape',
    form: 'bad-total',
    dataSource: 'payments-metrics',
    parts: [
      { side: 'bad', metric: 'http_requests_total', filters: [failing] },
      { side: 'total', metric: 'http_requests_total', filters: [] },
    ],
  })
  expect(streams.get('payments-probed')).toMatchObject({ kind: 'probe', probe: 'payments-door', atMostMs: 800 })
})

test.each([
  ['a password in the catalog', text.replace('{ secret: MIMIR }', 'hunter2'), 'Write the name of a secret'],
  [
    'a query that computes, of what is sent',
    text.replace(
      "{ type: remote-write, spec: { query: 'http_requests_total",
      "{ type: remote-write, spec: { query: 'sum(http_requests_total",
    ),
    'nothing is computed here',
  ],
  [
    'an endpoint nobody declared',
    text.replace('metricSourceRef: payments-metrics', 'metricSourceRef: nowhere'),
    'nowhere',
  ],
  ['a kind of server that is not known', text.replace('type: scrape\n', 'type: graphite\n'), '`scrape`'],
])('%s is refused with the way out', async (_what, documents, sentence) => {
  expect(documents).not.toBe(text)
  const error: unknown = await apply(documents).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AppError)
  expect(JSON.stringify(error instanceof AppError ? [error.message, error.details.faults] : null)).toContain(sentence)
})
