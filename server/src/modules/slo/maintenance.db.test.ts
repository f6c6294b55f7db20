// What a maintenance does to a budget: its time is left out, forgiven or counted, as it is declared; exactly as long as
// it lasted, and the same after a restart.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { minute } from '../../kernel/duration.ts'
import { instant, plus } from '../../kernel/instant.ts'
import { ana, declaring } from '../maintenance/maintenance.fixture.ts'
import { listOccurrences } from '../maintenance/maintenance.store.ts'
import { changeOccurrence } from '../maintenance/usecases/change-occurrence.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { openSloKinds } from './kinds/openslo-kinds.ts'
import { readStates } from './states.store.ts'
import { readLedger } from './usecases/read-ledger.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
let words: ReturnType<typeof declaring>
const begin = instant(Date.parse('2026-03-02T09:00:00Z'))

beforeAll(async () => {
  world = await openTelemetryWorld('slo maintenance')
  clock = await installClock(world.connection)
  await clock.set(begin)
  words = declaring(world.needs, openSloKinds)
  await words.apply(`
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: db}
spec: {tier: 1}
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: website}
spec: {tier: 2, dependsOn: [db]}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: views}
spec:
  service: website
  indicator: {metadata: {name: all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]`)
  engine = createEngine(world.needs)
  await minutes(10, 0)
})
afterAll(() => world.close())

async function minutes(count: number, bad: number): Promise<void> {
  for (let past = 0; past < count; past += 1) {
    const at = new Date(await clock.now()).toISOString()
    await pushCounts(world.needs, { counts: [{ objective: 'views', at, good: 100 - bad, bad }] }, sender)
    await clock.forward(minute)
    await engine.tick()
  }
}

async function budget() {
  await engine.tick()
  const [state] = await readStates(world.database, ['views'])
  return { bad: state?.view.budget?.bad, good: state?.view.budget?.good }
}

const ledger = async () => (await readLedger(world.database, {}, { name: 'views', from: null, to: null })).excluded

test('dropped with its dependants, until a person ends it; then it counts again', async () => {
  await words.declare('disks', {
    ...{ services: ['db'], dependants: 'hard', start: '2026-03-02 09:20', lasts: '1h', timeZone: 'UTC' },
  })
  await minutes(10, 50)
  const before = await budget()
  expect(before).toEqual({ bad: 450, good: 1_450 })
  await minutes(11, 50)
  expect(await budget()).toEqual({ bad: 500, good: 1_500 })
  const [running] = await listOccurrences(
    world.database,
    { from: begin, to: plus(begin, 1_000 * minute), services: ['website'], window: null },
    null,
    1,
  )
  const order = { actor: ana, reason: 'done' }
  await changeOccurrence(world.needs, running?.id ?? '', { kind: 'end' }, order)
  await minutes(6, 50)
  expect(await budget()).toEqual({ bad: 750, good: 1_750 })
  engine.forget()
  expect(await budget()).toEqual({ bad: 750, good: 1_750 })
  expect(await ledger()).toMatchObject([{ source: 'maintenance', author: 'Ana', reason: 'New disks', mode: 'drop' }])
})

test('removed when it is over, what it took out stays out', async () => {
  const before = await budget()
  await words.remove('disks')
  expect(await budget()).toEqual(before)
})

test('treated as good, what failed is forgiven; counted, it counts', async () => {
  const before = await budget()
  const now = await clock.now()
  const start = new Date(plus(now, minute)).toISOString().slice(0, 16).replace('T', ' ')
  const spec = { services: ['website'], start, lasts: '10m', timeZone: 'UTC' }
  await words.declare('cables', { ...spec, budget: 'good' })
  await minutes(6, 50)
  const forgiven = await budget()
  expect((forgiven.bad ?? 0) - (before.bad ?? 0)).toBe(100)
  await words.declare('cables', { ...spec, budget: 'count' })
  await minutes(6, 50)
  expect(((await budget()).bad ?? 0) - (forgiven.bad ?? 0)).toBeGreaterThanOrEqual(250)
})
