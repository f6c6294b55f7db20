// Time that does not count: declared, corrected, withdrawn; and the same after a restart.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { exclusionKind } from './kinds/exclusion-kind.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { readStates } from './states.store.ts'
import { correctObjective, readCorrections, withdrawObjectiveCorrection } from './usecases/correct-objective.ts'
import { readLedger } from './usecases/read-ledger.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const catalog = catalogOf([exclusionKind])
const begin = instant(Date.parse('2026-03-02T09:00:00Z'))
const minutes = (count: number) => instant(begin + count * 60_000)

beforeAll(async () => {
  world = await openTelemetryWorld('exclusions')
  clock = await installClock(world.connection)
  await clock.set(begin)
  await apply(`
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: website}
spec: {tier: 2}
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
  for (let past = 0; past < 30; past += 1) await minute(past < 10 ? 50 : 0)
})
afterAll(() => world.close())

const apply = (documents: string) => applyDocuments(world.needs, catalog, { documents, actor: admin })

async function minute(bad: number): Promise<void> {
  const at = new Date(await clock.now()).toISOString()
  await pushCounts(world.needs, { counts: [{ objective: 'views', at, good: 100, bad }] }, sender)
  await clock.forward(60_000)
  await engine.tick()
}

async function budget() {
  const [state] = await readStates(world.database, ['views'])
  return state?.view.budget
}

/** The same numbers from an engine that remembers nothing. */
async function restartSaysTheSame(): Promise<void> {
  const before = await readStates(world.database, null)
  engine.forget()
  await engine.tick()
  expect(await readStates(world.database, null)).toEqual(before)
}

test('a correction takes a past stretch out, names who and why, and withdrawn it counts again', async () => {
  expect(await budget()).toMatchObject({ bad: 500, good: 2_900 })
  const order = { name: 'views', from: minutes(0), to: minutes(5), mode: 'drop' as const, actor: admin }
  const correction = await correctObjective(world.needs, { ...order, reason: 'A load test, not customers' })
  await engine.tick()
  expect(await budget()).toMatchObject({ bad: 250, good: 2_400 })
  await restartSaysTheSame()
  // What is left is exactly what the ledger accounts for, and what was taken out stands beside it.
  const ledger = await readLedger(world.database, {}, { name: 'views', from: null, to: null })
  expect(ledger.total).toBe(250)
  expect(ledger.rows.reduce((all, row) => all + row.bad, 0)).toBe(250)
  expect(ledger.excluded).toMatchObject([{ id: correction.id, mode: 'drop', bad: 250, author: 'Ana' }])
  const entries = await world.database.many(
    sql`select type, reason from journal where subject_id = 'views' and type like 'objective.correct%'`,
  )
  expect(entries).toEqual([{ type: 'objective.corrected', reason: 'A load test, not customers' }])
  // Late data under it change nothing until it is lifted.
  await pushCounts(
    world.needs,
    { counts: [{ objective: 'views', at: new Date(minutes(1)).toISOString(), good: 0, bad: 7 }] },
    sender,
  )
  await engine.tick()
  expect(await budget()).toMatchObject({ bad: 250 })
  await withdrawObjectiveCorrection(world.needs, {
    name: 'views',
    id: correction.id,
    reason: 'It was customers',
    actor: admin,
  })
  await engine.tick()
  expect(await budget()).toMatchObject({ bad: 507, good: 2_900 })
  await restartSaysTheSame()
  expect(await readCorrections(world.database, 'views')).toMatchObject([
    { author: 'Ana', reason: 'A load test, not customers', withdrawn: { by: 'Ana', reason: 'It was customers' } },
  ])
})

test('treated as good, failures count as answers', async () => {
  const order = { name: 'views', from: minutes(0), to: minutes(10), mode: 'good' as const, actor: admin }
  const { id } = await correctObjective(world.needs, { ...order, reason: 'Measured wrong' })
  await engine.tick()
  expect(await budget()).toMatchObject({ bad: 0, good: 3_407, remainingRatio: 1 })
  await restartSaysTheSame()
  await withdrawObjectiveCorrection(world.needs, { name: 'views', id, reason: 'Not so', actor: admin })
})

test('a declared window excludes what is to come, of its service, until it is removed', async () => {
  await apply(`
apiVersion: mainstay.dev/v1
kind: BudgetExclusion
metadata: {name: ten-o-clock}
spec:
  services: [website]
  reason: Database maintenance
  repeat: {rule: FREQ=DAILY, start: '2026-03-01 10:40', timeZone: Europe/Vienna, lasts: 5m}`)
  await engine.tick()
  const before = await budget()
  // From 09:30 UTC; the window is from 09:40 to 09:45.
  for (let past = 0; past < 18; past += 1) await minute(past >= 10 && past < 15 ? 100 : 0)
  expect((await budget())?.bad).toBe(before?.bad)
  await restartSaysTheSame()
  await deleteResource(world.needs, catalog, { key: { kind: 'BudgetExclusion', name: 'ten-o-clock' }, actor: admin })
  await engine.tick()
  expect((await budget())?.bad).toBe((before?.bad ?? 0) + 500)
  await restartSaysTheSame()
})

test.each([
  { says: 'the future', from: minutes(100), to: minutes(90_000), code: 'slo.bad-correction' },
  { says: 'nothing', from: minutes(5), to: minutes(5), code: 'slo.bad-correction' },
])('a correction of $says is refused', async ({ from, to, code }) => {
  await expect(
    correctObjective(world.needs, { name: 'views', from, to, mode: 'drop', reason: 'because', actor: admin }),
  ).rejects.toMatchObject({ code })
})

test('a rule that cannot be read is refused with the library’s words', async () => {
  const result = await apply(
    "apiVersion: mainstay.dev/v1\nkind: BudgetExclusion\nmetadata: {name: x}\nspec: {reason: because, repeat: {rule: FREQ=NOW, start: '2026-01-01 00:00', timeZone: UTC, lasts: 1h}}",
  ).catch((error: unknown) => error)
  expect(JSON.stringify(result)).toContain('cannot be read')
})
