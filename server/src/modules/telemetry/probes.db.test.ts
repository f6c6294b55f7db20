// Probes against a small HTTP server, run by a real worker.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { createObserver } from '../../integrations/probing/observe.ts'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { createEgress } from '../../platform/egress/index.ts'
import { plantRecurring } from '../../platform/work/due-work.store.ts'
import { applyDocuments, type CatalogPorts } from '../catalog/index.ts'
import { probeKind } from './kinds/probe.ts'
import { runProbes as runProbesJob } from './telemetry.contract.ts'
import { openTelemetryWorld, portsWith, register, type TelemetryWorld, totalsOf } from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'
import { nextAt } from './usecases/probe-times.ts'
import { runProbes } from './usecases/run-probes.ts'

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

const allow = [{ cidr: '127.0.0.1/32', ports: 'any' as const, schemes: ['http' as const] }]
const egress = createEgress({
  policies: (connector) => ({ connector, allow, breaker: false }),
  guard: { ownPorts: () => [], endpoints: () => [] },
})
const run = () => runProbes(world.needs, portsWith({ observe: createObserver(egress) }))

const document = (more: string) =>
  `apiVersion: mainstay.dev/v1\nkind: Probe\nmetadata: {name: home}\nspec: {interval: 15s, timeout: 2s, http: {url: '${url}', ${more}}}`

test('each check is one event with its evidence, at its own place in the interval', async () => {
  const http = await world.serve([telemetryRoom(world.needs, portsWith({}))])
  await register(world.database, {
    id: 'home-answers',
    indicator: null,
    sliceMs: 60_000,
    longestWindowMs: 3_600_000,
    source: { kind: 'probe', form: 'good-bad', probe: 'home' },
  })
  await apply(document("expect: {status: 200, bodyContains: 'welcome'}"))
  await run()
  for (const next of [
    { status: 500, body: 'welcome' },
    { status: 200, body: 'sorry' },
    { status: 200, body: 'welcome' },
  ]) {
    answer = next
    await clock.forward(16_000)
    await run()
  }
  expect(await totalsOf(world.database, 'home-answers')).toMatchObject({ good: 2, bad: 2 })
  const results = await http.inject({ url: '/api/v1/probes/home/results', headers: { authorization: 'Bearer key' } })
  expect(results.json().items.map((item: { reason: string }) => item.reason)).toEqual([
    'Answered 200.',
    'The body lacks the expected text.',
    'Answered 500 instead of 200.',
    'Answered 200.',
  ])
  // What the answer was is kept of bad ones only.
  expect(results.json().items.map((item: { evidence: { body?: string } }) => item.evidence.body)).toEqual([
    undefined,
    'sorry',
    'welcome',
    undefined,
  ])
  const probes = await http.inject({ url: '/api/v1/probes', headers: { authorization: 'Bearer key' } })
  expect(probes.json().items).toMatchObject([
    { name: 'home', kind: 'http', everyMs: 15_000, url, target: url, lastGood: true },
  ])

  // A changed probe goes on under its new rules; one job, not two.
  await apply(document('expect: {status: 418}'))
  await run()
  await clock.forward(16_000)
  await run()
  expect(await totalsOf(world.database, 'home-answers')).toMatchObject({ good: 2, bad: 4 })
})

test('a heartbeat is a promise of a job: each run must be heard, its grace included', async () => {
  const http = await world.serve([telemetryRoom(world.needs, portsWith({}))])
  await clock.set(instant(Date.UTC(2026, 2, 1, 12, 0, 0)))
  await register(world.database, {
    id: 'backup-runs',
    indicator: null,
    sliceMs: 60_000,
    longestWindowMs: 3_600_000,
    source: { kind: 'probe', form: 'good-bad', probe: 'backup' },
  })
  await apply(
    `apiVersion: mainstay.dev/v1\nkind: Probe\nmetadata: {name: backup}\nspec: {heartbeat: {schedule: '0 * * * *', grace: 10m}}`,
  )
  const beat = async (body: object) =>
    (
      await http.inject({
        method: 'POST',
        url: '/api/v1/probes/backup/beat',
        headers: { authorization: 'Bearer key' },
        payload: body,
      })
    ).json()
  const at = (hour: number, minute: number) => clock.set(instant(Date.UTC(2026, 2, 1, hour, minute, 0)))
  await at(13, 5)
  await run()
  expect(await totalsOf(world.database, 'backup-runs')).toMatchObject({ good: 0, bad: 0 })
  expect(await beat({})).toMatchObject({ expectedBefore: '2026-03-01T13:10:00.000Z' })
  await at(13, 10)
  await run()
  await at(14, 10)
  await run()
  await at(15, 3)
  await beat({ ok: false, note: 'the disk is full' })
  await at(15, 10)
  await run()
  expect(await totalsOf(world.database, 'backup-runs')).toMatchObject({ good: 1, bad: 2 })
  const results = await http.inject({ url: '/api/v1/probes/backup/results', headers: { authorization: 'Bearer key' } })
  expect(results.json().items).toMatchObject([
    { good: false, reason: 'Reported a failure at 2026-03-01T15:03:00.000Z.', evidence: { note: 'the disk is full' } },
    { good: false, reason: 'No sign of life for the run at 2026-03-01T14:00:00.000Z, 10m of grace included.' },
    { good: true, reason: 'Heard at 2026-03-01T13:05:00.000Z.' },
  ])
  // Mainstay itself was away over two runs: nobody listened, so nothing is said of them.
  await at(17, 30)
  await run()
  expect(await totalsOf(world.database, 'backup-runs')).toMatchObject({ good: 1, bad: 2 })
  expect(await beat({})).toMatchObject({ expectedBefore: '2026-03-01T18:10:00.000Z' })
  await at(18, 10)
  await run()
  expect(await totalsOf(world.database, 'backup-runs')).toMatchObject({ good: 2, bad: 2 })
  expect(await beat({ ok: 'yes' })).toMatchObject({ code: 'http.invalid' })
  const other = await http.inject({
    method: 'POST',
    url: '/api/v1/probes/home/beat',
    headers: { authorization: 'Bearer key' },
    payload: {},
  })
  expect([other.statusCode, other.json().code]).toEqual([409, 'telemetry.no-heartbeat'])
})

test.each([
  ['{}', '/spec'],
  ['{tcp: {host: a, port: 1}, tls: {host: a}}', '/spec'],
  ['{interval: 1s, tcp: {host: a, port: 1}}', '/spec/interval'],
  ['{interval: 10s, timeout: 20s, tcp: {host: a, port: 1}}', '/spec/timeout'],
  ["{heartbeat: {schedule: '61 * * * *'}}", '/spec/heartbeat/schedule'],
  ["{heartbeat: {schedule: '0 * * * *', every: 1h}}", '/spec/heartbeat'],
  ["{http: {url: 'http://a', expect: {bodyMatches: '('}}}", '/spec/http/expect/bodyMatches'],
])('%s is refused at %s', async (spec, pointer) => {
  const refused = await apply(`apiVersion: mainstay.dev/v1\nkind: Probe\nmetadata: {name: wrong}\nspec: ${spec}`).catch(
    (error: unknown) => error,
  )
  expect(JSON.stringify(refused instanceof AppError ? refused.details : refused)).toContain(`"${pointer}"`)
})

test('a slow probe holds up nobody, and a result of a former revision does not count', async () => {
  await world.database.run(sql`delete from probes`)
  const names = Array.from({ length: 30 }, (_, index) => `fast-${index}`)
  for (const name of [...names, 'slow'])
    await apply(
      `apiVersion: mainstay.dev/v1\nkind: Probe\nmetadata: {name: ${name}}\nspec: {tcp: {host: ${name}, port: 1}}`,
    )
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const running = runProbes(
    world.needs,
    portsWith({
      observe: async (check) => {
        if ('host' in check && check.host === 'slow') await held
        return { what: 'tcp', said: '', totalMs: 3 }
      },
    }),
  )
  const rows = async () =>
    (
      await world.database.many(
        sql<{ probe: string }>`select probe from probe_results where probe <> 'home' and probe <> 'backup'`,
      )
    ).map((row) => row.probe)
  await expect.poll(async () => (await rows()).length).toBe(30)
  expect(await rows()).not.toContain('slow')
  await apply(`apiVersion: mainstay.dev/v1\nkind: Probe\nmetadata: {name: slow}\nspec: {tcp: {host: other, port: 1}}`)
  release()
  await running
  expect((await rows()).filter((name) => name === 'slow')).toEqual(['slow'])
})

test('where nothing is due the next round waits for what will be, five seconds at most, and a new probe calls it', async () => {
  await world.database.run(sql`delete from probes`)
  await clock.set(instant(Date.UTC(2026, 2, 2, 9, 0, 0)))
  expect(await run()).toBe(5_000)
  await plantRecurring(world.database, runProbesJob)
  const dueIn = async () =>
    (
      await world.database.one(sql<{ ms: number }>`
        select (extract(epoch from due_at - mainstay_now()) * 1000)::float8 as ms from due_work where kind = ${runProbesJob.kind}`)
    ).ms
  await world.database.run(sql`update due_work set due_at = due_at + interval '5 s' where kind = ${runProbesJob.kind}`)
  await apply('apiVersion: mainstay.dev/v1\nkind: Probe\nmetadata: {name: job}\nspec: {heartbeat: {every: 1h}}')
  expect(await dueIn()).toBe(5_000)
  await apply(document("expect: {status: 200, bodyContains: 'welcome'}"))
  expect(await dueIn()).toBe(0)
  expect(await run()).toBe(1_000)
  const due = (ms: number) =>
    world.database.run(
      sql`update probes set due_at = mainstay_now() + make_interval(secs => ${ms / 1_000}) where name = 'home'`,
    )
  await due(3_300)
  expect(await run()).toBe(3_300)
  await due(10)
  expect(await run()).toBe(1_000)
  // One that another process has taken is due again when its time is over.
  await due(0)
  await world.database.run(sql`update probes set taken_until = mainstay_now() + interval '2 s' where name = 'home'`)
  expect(await run()).toBe(2_000)
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
