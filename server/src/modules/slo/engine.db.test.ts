// The engine over real slices: pushed counts, a clock in the test's hands, PostgreSQL.
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { sql } from '../../platform/database/queries.ts'
import { type Subscription, subscribe } from '../../platform/journal/journal.ts'
import { applyDocuments } from '../catalog/index.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { findStream, readResolved } from '../telemetry/index.ts'
import { probeKind } from '../telemetry/kinds/probe.ts'
import { openTelemetryWorld, portsWith, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { telemetryRoom } from '../telemetry/telemetry.module.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { compileSpend } from './core/spend.ts'
import { sumSlices } from './core/window.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { findObjective } from './objectives.store.ts'
import { objectiveBurning } from './slo.contract.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { sloRoom } from './slo.module.ts'
import { readStates } from './states.store.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const catalog = catalogOf([probeKind])
// Somebody listens: a burning objective must become work of its own.
const subscriptions: Subscription[] = [subscribe(objectiveBurning, 'test', async () => undefined, { lane: 'page' })]

const objective = (name: string, window: string, target: number, policies = '') => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}, displayName: ${name}}
spec:
  service: website
  indicator: {metadata: {name: ${name}-views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: ${window}, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: ${target}}]
  ${policies}
`
const documents = [
  'apiVersion: mainstay.dev/v1\nkind: Team\nmetadata: {name: web}\nspec: {}\n',
  'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: website}\nspec: {team: web, tier: 2}\n',
  objective(
    'now',
    '1h',
    0.99,
    `alertPolicies:
    - kind: AlertPolicy
      metadata: {name: page-now}
      spec:
        alertWhenBreaching: true
        alertWhenNoData: true
        conditions: [{kind: AlertCondition, metadata: {name: fast}, spec: {severity: page, condition: {kind: burnrate, op: gt, threshold: 5, lookbackWindow: 2m}}}]
        notificationTargets: [{kind: AlertNotificationTarget, metadata: {name: us}, spec: {target: web-on-call}}]`,
  ),
  objective('month', '30d', 0.999),
].join('---\n')

// Minutes of a service's life, lived against a real database.
const patient = { timeout: 120_000 }
const start = instant(Date.UTC(2026, 2, 1, 9, 0, 0))

beforeAll(async () => {
  world = await openTelemetryWorld('engine', () => subscriptions)
  clock = await installClock(world.connection)
  await clock.set(start)
  await applyDocuments(world.needs, catalog, { documents, actor: admin })
  engine = createEngine(world.needs)
})
afterAll(() => world.close())

const push = (name: string, at: Instant, good: number, bad: number) =>
  pushCounts(world.needs, { counts: [{ objective: name, at: new Date(at).toISOString(), good, bad }] }, sender)

/** Lives through a stretch: every step some traffic and a tick. */
async function live(name: string, ms: number, stepMs: number, traffic: { good: number; bad: number } | null) {
  for (let past = 0; past < ms; past += stepMs) {
    const now = await clock.now()
    if (traffic !== null) await push(name, now, traffic.good, traffic.bad)
    await clock.forward(stepMs)
    await engine.tick()
  }
}

async function stateOf(name: string) {
  const [row] = await readStates(world.database, [name])
  if (row === undefined) throw new Error(`${name} has no state.`)
  return row
}

interface Entry {
  readonly type: string
  readonly data: JsonObject
}
const entries = (name: string) =>
  world.database.many(
    sql<Entry>`select type, data from journal where subject_kind = 'objective' and subject_id = ${name} order by id`,
  )

test('nothing measured is a state of its own, and is neither good nor an alert before there was anything', async () => {
  await engine.tick()
  expect(await stateOf('now')).toMatchObject({ state: 'no-data', level: 'none', remaining: null })
  expect((await stateOf('now')).view.sentence).toContain('Not known')
  expect(await entries('now')).toEqual([])
})

test(
  'a failing shop pages within half a minute and recovers; the numbers are those of the slices',
  patient,
  async () => {
    await live('now', 180_000, 5_000, { good: 100, bad: 0 })
    expect(await stateOf('now')).toMatchObject({ state: 'ok', level: 'none', remaining: 1 })

    const failing = await clock.now()
    let pagedAfter: number | null = null
    for (let past = 0; past < 60_000 && pagedAfter === null; past += 5_000) {
      await live('now', 5_000, 5_000, { good: 40, bad: 60 })
      if ((await stateOf('now')).level === 'page') pagedAfter = (await clock.now()) - failing
    }
    expect(pagedAfter).toBeLessThanOrEqual(30_000)
    const burning = (await entries('now')).filter((entry) => entry.type === 'objective.burning')
    expect(burning).toHaveLength(1)
    expect(burning[0]?.data).toMatchObject({
      objective: 'now',
      service: 'website',
      level: 'page',
      tier: '2m/10s',
      notify: ['web-on-call'],
    })
    expect(String(burning[0]?.data.sentence)).toMatch(/^Burning .*× over 2m/)
    const due = await world.database.many(
      sql<{ lane: number }>`select lane from due_work where kind = 'test:objective.burning'`,
    )
    expect(due).toEqual([{ lane: 0 }])

    // While it goes on nobody is told twice; when it ends, once.
    await live('now', 60_000, 5_000, { good: 40, bad: 60 })
    await live('now', 150_000, 5_000, { good: 100, bad: 0 })
    const told = (await entries('now')).map((entry) => entry.type).filter((type) => type !== 'objective.state-changed')
    expect(told).toEqual(['objective.burning', 'objective.recovered'])
    const state = await stateOf('now')
    expect(state).toMatchObject({ state: 'exhausted', level: 'none' })
    expect(await resummed('now')).toMatchObject({ good: state.view.budget.good, bad: state.view.budget.bad })
    expect(state.view.sentence).toMatch(
      /^Overspent by .* of bad time in the \d+ min .*of 1 h that were measured; without further failures kept again 2026-03-01 /,
    )
  },
)

/** The same window, summed the plain way from what is stored. */
async function resummed(name: string) {
  const row = await findObjective(world.database, name)
  const stream = await findStream(world.database, name)
  const state = await stateOf(name)
  if (row === null || stream === null) throw new Error('gone')
  const { windowMs, sliceMs, budgeting } = row.definition
  const slices = await readResolved(world.database, stream, state.asOf - windowMs, state.asOf)
  const born = instant(Math.floor((row.born ?? state.asOf) / sliceMs) * sliceMs)
  return sumSlices(slices, { end: state.asOf, lengthMs: windowMs, sliceMs }, compileSpend(budgeting), born)
}

test('late counts correct what was judged, and the sums stay those of the slices', async () => {
  const before = await stateOf('now')
  await push('now', instant(before.asOf - 600_000), 1_000, 7)
  await clock.forward(1_000)
  await engine.tick()
  const after = await stateOf('now')
  expect(after.view.budget.bad - before.view.budget.bad).toBe(7)
  const sum = await resummed('now')
  expect(after.view.budget).toMatchObject({ good: sum.good, bad: sum.bad })
})

test('after a restart, and with another owner in between, the numbers go on as they were', async () => {
  const before = await stateOf('now')
  engine.forget()
  const report = await engine.tick()
  expect(report.rebuilt).toBe(2)
  expect(await stateOf('now')).toEqual(before)
  const other = createEngine(world.needs)
  await push('now', await clock.now(), 100, 0)
  await clock.forward(10_000)
  expect((await other.tick()).rebuilt).toBe(2)
  await push('now', await clock.now(), 100, 0)
  await clock.forward(5_000)
  expect((await engine.tick()).rebuilt).toBe(2)
  expect((await engine.tick()).rebuilt).toBe(0)
  const after = await stateOf('now')
  const sum = await resummed('now')
  expect(after.view.budget).toMatchObject({ good: sum.good, bad: sum.bad })
  expect(sum.good).toBeGreaterThan(before.view.budget.good)
})

test('a tick that fails half way leaves nothing, and the next one says the same', async () => {
  await push('now', await clock.now(), 50, 1)
  await clock.forward(10_000)
  const broken = createEngine({
    ...world.needs,
    database: {
      ...world.database,
      transaction: <T>(work: Parameters<typeof world.database.transaction<T>>[0]) =>
        world.database.transaction<T>(async (tx) => {
          await work(tx)
          throw new Error('lost before the commit')
        }),
    },
  })
  const before = await stateOf('now')
  await expect(broken.tick()).rejects.toThrow('lost')
  expect(await stateOf('now')).toEqual(before)
  await push('now', await clock.now(), 100, 0)
  await engine.tick()
  const sum = await resummed('now')
  expect((await stateOf('now')).view.budget).toMatchObject({ good: sum.good, bad: sum.bad })
})

test('silence freezes the verdict, is told after the delay, and ends when somebody speaks again', patient, async () => {
  await live('now', 30_000, 5_000, { good: 100, bad: 0 })
  const told = (await entries('now')).length
  await live('now', 15_000, 5_000, null)
  expect((await entries('now')).slice(told).map((entry) => entry.type)).not.toContain('objective.unmeasured')
  await live('now', 180_000, 5_000, null)
  const silent = (await entries('now')).slice(told).map((entry) => entry.type)
  expect(silent).toEqual(['objective.state-changed', 'objective.unmeasured'])
  expect(await stateOf('now')).toMatchObject({ state: 'no-data' })
  await live('now', 150_000, 5_000, { good: 100, bad: 0 })
  expect((await entries('now')).slice(told).map((entry) => entry.type)).toContain('objective.measured')
  expect((await stateOf('now')).state).not.toBe('no-data')
})

test('what was never measured was not silent: its first minute is no alert about those before', patient, async () => {
  await applyDocuments(world.needs, catalog, { documents: objective('young', '30d', 0.999), actor: admin })
  await live('young', 10 * 60_000, 30_000, null)
  await live('young', 3 * 60_000, 5_000, { good: 100, bad: 0 })
  expect(await stateOf('young')).toMatchObject({ state: 'ok' })
  expect((await entries('young')).map((entry) => entry.type)).toEqual(['objective.state-changed'])
  // From then on it is.
  await live('young', 15 * 60_000, 30_000, null)
  expect((await entries('young')).map((entry) => entry.type)).toContain('objective.unmeasured')
  await deleteResource(world.needs, catalog, { key: { kind: 'SLO', name: 'young' }, actor: admin })
})

test(
  'a month behaves by the minute: failing pages, a quiet service has no events and is not good by default',
  patient,
  async () => {
    await live('month', 10 * 60_000, 60_000, { good: 1_000, bad: 0 })
    expect(await stateOf('month')).toMatchObject({ state: 'ok' })
    await live('month', 6 * 60_000, 60_000, { good: 0, bad: 1_000 })
    expect(await stateOf('month')).toMatchObject({ level: 'page', state: 'burning' })
    const sum = await resummed('month')
    expect((await stateOf('month')).view.budget).toMatchObject({ good: sum.good, bad: sum.bad })
  },
)

test('a changed target is a new version over the same counts', async () => {
  const before = await stateOf('month')
  const text = objective('month', '30d', 0.5)
  await applyDocuments(world.needs, catalog, { documents: text, actor: admin })
  await engine.tick()
  const after = await stateOf('month')
  expect(after.version).toBe(before.version + 1)
  expect(after.view.budget).toMatchObject({ good: before.view.budget.good, bad: before.view.budget.bad })
  expect(after.remaining).toBeGreaterThan(0)
})

test('objectives are listed, read, drawn, and their budget is accounted for', async () => {
  const unused = portsWith({})
  const now = await clock.now()
  const registry = new Registry()
  const incident = {
    kind: 'incident' as const,
    id: 'i-1',
    label: '#1 Website down',
    from: instant(start),
    to: null,
  }
  const room = sloRoom(world.needs, { causes: async () => [incident], registry })
  const server = await world.serve([telemetryRoom(world.needs, unused), room])
  const get = async (url: string) => {
    const reply = await server.inject({ url, headers: { authorization: 'Bearer key' } })
    return { status: reply.statusCode, body: reply.json() }
  }
  const first = await get('/api/v1/objectives?limit=1&sort=remaining')
  expect(first.body.items).toHaveLength(1)
  const rest = await get(`/api/v1/objectives?limit=5&sort=remaining&cursor=${first.body.nextCursor}`)
  const names = [...first.body.items, ...rest.body.items].map((item: { name: string }) => item.name)
  expect(names.sort()).toEqual(['month', 'now'])
  expect(first.body.items[0]).toMatchObject({ service: 'website', team: 'web', tier: 2, kind: 'availability' })
  expect((await get('/api/v1/objectives?state=no-events')).body.items).toEqual([])

  const read = await get('/api/v1/objectives/month')
  expect(read.body).toMatchObject({ target: 0.5, targetText: '50', windowMs: 2_592_000_000, version: 2 })
  expect(read.body.tiers.length).toBeGreaterThan(0)
  expect((await get('/api/v1/objectives/nobody')).status).toBe(404)

  const range = `from=${new Date(start).toISOString()}&to=${new Date(now).toISOString()}`
  const series = await get(`/api/v1/objectives/now/series?${range}`)
  expect(series.body).not.toHaveProperty('detail')
  const judged = series.body.points.filter((point: { remainingRatio: number | null }) => point.remainingRatio !== null)
  expect(judged.length).toBeGreaterThan(5)
  const slices = await get(`/api/v1/objectives/now/slices?${range}`)
  const badOf = (rows: readonly { bad: number }[]) => rows.reduce((all, row) => all + row.bad, 0)
  expect(badOf(series.body.points)).toBe(badOf(slices.body.slices))

  const ledger = await get('/api/v1/objectives/now/ledger')
  expect(ledger.body.total).toBe(badOf(ledger.body.rows))
  expect(ledger.body.rows[0].cause).toEqual({ kind: 'incident', id: 'i-1', label: '#1 Website down' })
  const shares = ledger.body.rows.reduce((all: number, row: { share: number }) => all + row.share, 0)
  expect(Math.round(shares * 10_000)).toBe(10_000)

  const text = await registry.metrics()
  expect(text).toContain('mainstay_objective_budget_remaining_ratio{objective="month",service="website"}')
  expect(text).toContain('mainstay_objective_state{objective="now",service="website",state="no-data"} 1')
})

test('an objective that is removed while it burns ends its alert', async () => {
  expect(await stateOf('month')).toMatchObject({ level: 'page' })
  await deleteResource(world.needs, catalog, { key: { kind: 'SLO', name: 'month' }, actor: admin })
  await engine.tick()
  expect((await entries('month')).at(-1)).toMatchObject({
    type: 'objective.recovered',
    data: { service: 'website', sentence: 'The objective was removed.' },
  })
  expect(await readStates(world.database, ['month'])).toEqual([])
  await applyDocuments(world.needs, catalog, { documents: objective('month', '30d', 0.5), actor: admin })
  await engine.tick()
  expect(await stateOf('month')).toMatchObject({ state: 'no-data', level: 'none' })
})

test('more objectives than are written at once: each has its own state, and an engine that takes over goes on from it', async () => {
  const names = Array.from({ length: 205 }, (_, index) => `many-${String(index).padStart(3, '0')}`)
  await applyDocuments(world.needs, catalog, {
    documents: names.map((name) => objective(name, '1h', 0.9)).join('---\n'),
    actor: admin,
  })
  const at = await clock.now()
  const counts = names.map((name, index) => ({
    ...{ objective: name, at: new Date(at).toISOString() },
    ...{ good: 1_000 + index, bad: index % 3 },
  }))
  for (let from = 0; from < counts.length; from += 100)
    await pushCounts(world.needs, { counts: counts.slice(from, from + 100) }, sender)
  await clock.forward(60_000)
  await engine.tick()
  const told = async () =>
    (await readStates(world.database, names)).map(({ name, view }) => [name, view.budget.good, view.budget.bad])
  expect(await told()).toEqual(names.map((name, index) => [name, 1_000 + index, index % 3]))
  const since = new Map((await readStates(world.database, names)).map((row) => [row.name, row.since]))
  await clock.forward(10_000)
  const other = createEngine(world.needs)
  expect(await other.tick()).toMatchObject({ rebuilt: names.length + 2 })
  expect(await told()).toEqual(names.map((name, index) => [name, 1_000 + index, index % 3]))
  for (const row of await readStates(world.database, names)) expect(row.since).toBe(since.get(row.name))
}, 120_000)

test(
  'after an absence of its own the engine gives those who speak their time, and then tells who is silent',
  patient,
  async () => {
    await applyDocuments(world.needs, catalog, { documents: objective('away', '30d', 0.999), actor: admin })
    await live('away', 5 * 60_000, 5_000, { good: 100, bad: 0 })
    expect(await stateOf('away')).toMatchObject({ state: 'ok' })
    await clock.forward(20 * 60_000)
    engine = createEngine(world.needs)
    // Nobody was asked meanwhile, and the first answers take a moment.
    await live('away', 45_000, 5_000, null)
    await live('away', 3 * 60_000, 5_000, { good: 100, bad: 0 })
    expect((await entries('away')).map((entry) => entry.type)).not.toContain('objective.unmeasured')
    await live('away', 15 * 60_000, 30_000, null)
    expect((await entries('away')).map((entry) => entry.type)).toContain('objective.unmeasured')
    await deleteResource(world.needs, catalog, { key: { kind: 'SLO', name: 'away' }, actor: admin })
  },
)
