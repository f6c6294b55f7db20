// Probes against a small HTTP server, run by a real worker.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import type { Actor } from '../../kernel/actor.ts'
import { instant } from '../../kernel/instant.ts'
import { silentLog } from '../../platform/log/log.ts'
import { createWorker } from '../../platform/work/worker.ts'
import { applyDocuments, type CatalogPorts } from '../catalog/index.ts'
import { probeKind } from './kinds/probe.ts'
import { openTelemetryWorld, portsWith, register, type TelemetryWorld, totalsOf } from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'
import { nextAt } from './usecases/run-probe.ts'

let world: TelemetryWorld
let clock: TestClock
let server: Server
let url: string
let answer = { status: 200, body: 'welcome' }
const admin: Actor = { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] }
const catalog: CatalogPorts = { kinds: () => [probeKind], translators: [], mayChange: () => undefined }
const apply = (documents: string) => applyDocuments(world.needs, catalog, { documents, actor: admin })

beforeAll(async () => {
  world = await openTelemetryWorld('probes')
  clock = await installClock(world.connection)
  await clock.set(instant(Date.UTC(2026, 2, 1, 9, 0, 0)))
  server = createServer((_request, response) => {
    response.writeHead(answer.status)
    response.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await world.close()
})

const document = (more: string) =>
  `apiVersion: mainstay.dev/v1\nkind: Probe\nmetadata: {name: home}\nspec: {interval: 15s, timeout: 2s, http: {url: '${url}', ${more}}}`

test('each check is one event with its evidence, at its own place in the interval', async () => {
  const room = telemetryRoom(world.needs, portsWith({}))
  const http = await world.serve([room])
  const worker = createWorker({ database: world.database, jobs: room.jobs ?? [], log: silentLog, owner: 'test' })
  await register(world.database, {
    id: 'home-answers',
    indicator: null,
    sliceMs: 60_000,
    longestWindowMs: 3_600_000,
    source: { kind: 'probe', form: 'good-bad', probe: 'home' },
  })
  await apply(document("expect: {status: 200, bodyContains: 'welcome'}"))
  await worker.drain()
  for (const next of [
    { status: 500, body: 'welcome' },
    { status: 200, body: 'sorry' },
    { status: 200, body: 'welcome' },
  ]) {
    answer = next
    await clock.forward(16_000)
    await worker.drain()
  }
  expect(await totalsOf(world.database, 'home-answers')).toMatchObject({ good: 2, bad: 2 })
  const results = await http.inject({ url: '/api/v1/probes/home/results', headers: { authorization: 'Bearer key' } })
  expect(results.json().items.map((item: { reason: string }) => item.reason)).toEqual([
    'Answered 200.',
    'The body lacks the expected text.',
    'Answered 500 instead of 200.',
    'Answered 200.',
  ])
  const probes = await http.inject({ url: '/api/v1/probes', headers: { authorization: 'Bearer key' } })
  expect(probes.json().items).toMatchObject([{ name: 'home', everyMs: 15_000, url, lastGood: true }])

  // A changed probe goes on under its new rules; one job, not two.
  await apply(document('expect: {status: 418}'))
  await worker.drain()
  await clock.forward(16_000)
  await worker.drain()
  expect(await totalsOf(world.database, 'home-answers')).toMatchObject({ good: 2, bad: 4 })
})

test('probes of one interval do not all ask at once', () => {
  const now = instant(Date.UTC(2026, 2, 1, 9, 0, 0))
  const places = new Set(['home', 'cart', 'checkout', 'search', 'login'].map((name) => nextAt(now, 60_000, name) - now))
  expect(places.size).toBe(5)
  for (const place of places) {
    expect(place).toBeGreaterThan(0)
    expect(place).toBeLessThanOrEqual(61_000)
  }
})
