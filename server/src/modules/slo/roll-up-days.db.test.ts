// Days of the roll-up at their edges: one that was rolled up before it ended, one whose slices stay longer than they
// must, one whose slices have gone, and runs that end before all is done.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { addToSlices } from '../telemetry/slices.store.ts'
import { findStream } from '../telemetry/streams.store.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { correctObjective } from './usecases/correct-objective.ts'
import { reportAttainment } from './usecases/report-attainment.ts'
import { rollUpDays } from './usecases/roll-up-days.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const catalog = catalogOf()
const begin = Date.parse('2026-03-01T00:00:00Z')
const measuredDays = 50
const slo = (name: string, window: string, target = 0.99) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: website
  indicator: {metadata: {name: ${name}-all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: ${window}, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: ${target}}]`
const apply = (...documents: string[]) =>
  applyDocuments(world.needs, catalog, { documents: documents.join('\n---\n'), actor: admin })

beforeAll(async () => {
  world = await openTelemetryWorld('roll-up-days')
  clock = await installClock(world.connection)
  engine = createEngine(world.needs)
  await clock.set(instant(begin))
  await apply(
    'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: website}',
    slo('quick', '12h'),
    slo('slow', '7d'),
  )
  await push('slow', begin)
}, 120_000)
afterAll(() => world.close())

const push = async (objective: string, at: number) => {
  const counts = [{ objective, at: new Date(at).toISOString(), good: 1, bad: 0 }]
  await clock.set(instant(at + minute))
  await pushCounts(world.needs, { counts }, sender)
  await engine.tick()
}
const insert = (objective: string, from: number, until: number, stepMs: number) =>
  world.database.run(sql`
    insert into slices (stream, slice_start, good, total)
    select s.key, m, 1, 1 from telemetry_streams s, generate_series(${from}::bigint, ${until - 1}::bigint, ${stepMs}::bigint) m
    where s.id = ${objective} on conflict do nothing`)
const report = async (objective: string, at: number) => {
  engine.forget()
  await engine.tick()
  const asked = { period: 'year', zone: 'UTC', at: new Date(at).toISOString() } as const
  const { rows } = await reportAttainment(world.database, {}, asked)
  return rows.find((row) => row.objective === objective)
}
const rollAll = async () => {
  for (let round = 0; round < 100 && (await rollUpDays(world.needs)) > 0; round += 1);
}

test('late counts of a day whose slices stay longer than any window needs them are taken in', async () => {
  await clock.set(instant(begin + measuredDays * day))
  await insert('slow', begin, begin + measuredDays * day, minute)
  await report('slow', begin)
  await rollAll()
  const before = await report('slow', begin)
  const stream = await findStream(world.database, 'slow')
  const late = { good: 0, bad: 0, total: 7, corrected: true, sliceStart: instant(begin + 4 * day + 3 * hour) }
  await world.database.transaction((tx) => addToSlices(tx, [{ stream: stream?.key ?? 0, ...late }]))
  await engine.tick()
  expect(await rollUpDays(world.needs)).toBe(1)
  expect((await report('slow', begin))?.bad).toBe((before?.bad ?? 0) + 7)
})

test('a run that ends before all days of the last objective are done is gone on with', async () => {
  await rollAll()
  const from = instant(begin + 45 * day)
  const cut = { name: 'slow', mode: 'drop', reason: 'A load test', actor: admin } as const
  await correctObjective(world.needs, { ...cut, from, to: instant(from + 3 * day) })
  const after = await report('slow', begin)
  expect(await rollUpDays(world.needs, 1)).toBe(1)
  expect(await rollUpDays(world.needs, 1)).toBe(1)
  expect(await rollUpDays(world.needs, 5)).toBe(1)
  expect(await rollUpDays(world.needs)).toBe(0)
  expect(await report('slow', begin)).toEqual(after)
})

test('another rule, when slices have gone: days keep what they came to, and no run writes them again', async () => {
  // The last of them has ended, and is rolled up, too.
  await clock.forward(2 * hour)
  const before = await report('slow', begin)
  await rollAll()
  await clock.forward(40 * day)
  for (const table of [sql`slices`, sql`slice_blocks`, sql`slice_hours`])
    await world.database.run(sql`delete from ${table}`)
  await rollAll()
  await apply(slo('slow', '7d', 0.98))
  // Silent days that slices could still be told of, and none of those before.
  expect(await rollUpDays(world.needs)).toBeLessThanOrEqual(35)
  expect(await rollUpDays(world.needs)).toBe(0)
  expect(await report('slow', begin)).toMatchObject({ good: before?.good, bad: before?.bad })
})

test('a day of short slices that was rolled up while it ran is whole after midnight', async () => {
  const midnight = begin + 101 * day
  await push('quick', midnight - hour)
  await clock.set(instant(midnight - 15 * minute))
  await insert('quick', midnight - hour, midnight - 15 * minute, 10_000)
  await rollAll()
  await insert('quick', midnight - 15 * minute, midnight, 10_000)
  await clock.set(instant(midnight + 10 * minute))
  expect((await report('quick', midnight - hour))?.good).toBe(360)
  await rollAll()
  expect((await report('quick', midnight - hour))?.good).toBe(360)
  await clock.forward(2 * day)
  await world.database.run(sql`delete from slices`)
  await rollAll()
  expect((await report('quick', midnight - hour))?.good).toBe(360)
})

test('what followed the last run of a day of short slices was expected all the same', async () => {
  const noon = begin + 110 * day + 12 * hour
  await clock.set(instant(noon))
  await insert('quick', noon - hour, noon, 10_000)
  await rollAll()
  const day110 = async () => {
    const asked = { period: 'trailing', days: 1, zone: 'UTC', at: new Date(noon + 12 * hour).toISOString() } as const
    return (await reportAttainment(world.database, {}, asked)).rows.find((row) => row.objective === 'quick')
  }
  // Nothing rolled up until its slices had gone.
  await clock.set(instant(noon + 2 * day))
  await world.database.run(sql`delete from slices`)
  engine.forget()
  await engine.tick()
  await rollAll()
  const found = await day110()
  expect(found).toMatchObject({ verdict: 'unknown', good: 360 })
  expect(found?.unknownMinutes).toBe(23 * 60)
})
