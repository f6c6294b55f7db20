// The roll-up over a quarter: what a report says stays the same when minutes have gone, and follows what changes the past.
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
// 1 October in Kathmandu, which lies five hours and three quarters from UTC.
const begin = Date.parse('2026-09-30T18:15:00Z')
const measuredDays = 20
/** The newest minutes may still change. */
const openMinutes = 3
const slo = (name: string, method: string) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: website
  indicator: {metadata: {name: ${name}-all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: ${method}
  objectives: [{target: 0.99${method === 'Timeslices' ? ', timeSliceTarget: 0.9, timeSliceWindow: 1m' : ''}}]`

beforeAll(async () => {
  world = await openTelemetryWorld('roll-up')
  clock = await installClock(world.connection)
  engine = createEngine(world.needs)
  await clock.set(instant(begin))
  const documents = [
    'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: website}\nspec: {tier: 1}',
    slo('views', 'Occurrences'),
    slo('minutes', 'Timeslices'),
  ]
  await applyDocuments(world.needs, catalog, { documents: documents.join('\n---\n'), actor: admin })
  const first = ['views', 'minutes'].map((objective) => ({
    ...{ objective, good: 90, bad: 10 },
    at: new Date(begin).toISOString(),
  }))
  await clock.set(instant(begin + minute))
  await pushCounts(world.needs, { counts: first }, sender)
  await clock.set(instant(begin + measuredDays * day))
  // Every hundredth minute is half bad; an hour of the third day is not told of at all.
  await world.database.run(sql`
    insert into slices (stream, slice_start, good, total)
    select s.key, ${begin}::bigint + m * ${minute}::bigint, case when m % 100 = 0 then 50 else 100 end, 100
    from telemetry_streams s, generate_series(1, ${measuredDays * 1_440 - 1}) m
    where m < 2 * 1440 or m >= 2 * 1440 + 60 on conflict do nothing`)
  await engine.tick()
  await engine.tick()
}, 120_000)
afterAll(() => world.close())

const report = async (more: object = {}) => {
  const asked = { period: 'quarter', zone: 'Asia/Kathmandu', at: new Date(begin + hour).toISOString() } as const
  const { rows, notes } = await reportAttainment(world.database, {}, { ...asked, ...more })
  const row = (name: string) => rows.find((each) => each.objective === name)
  return { views: row('views'), minutes: row('minutes'), notes }
}
const rollAll = async () => {
  for (let round = 0; round < 100 && (await rollUpDays(world.needs)) > 0; round += 1);
}
const dropSlices = () => world.database.run(sql`delete from slices`)
const countsUntil = (end: number) => {
  const minutes = Array.from({ length: end }, (_, at) => at).filter((at) => at < 2_880 || at >= 2_940)
  const bad = minutes.filter((at) => at % 100 === 0 && at > 0).length
  return { good: minutes.length * 100 - bad * 50 - 10, bad: bad * 50 + 10, failed: bad + 1 }
}

test('a quarter is the plain sum, by minutes and rolled up; an hour nobody told of is not known', async () => {
  const before = await report()
  const { good, bad, failed } = countsUntil(measuredDays * 1_440 - openMinutes)
  expect(before.views).toMatchObject({ good, bad, badMinutes: failed, unknownMinutes: 60 })
  expect(before.minutes).toMatchObject({ good, bad, badMinutes: failed - 1, unknownMinutes: 60 })
  expect(before.views?.measuredRatio).toBeCloseTo(1 - 60 / (measuredDays * 1_440 - openMinutes), 9)
  await rollAll()
  const written = await world.database.one(sql<{ days: number }>`select count(*)::int as days from objective_days`)
  expect(written.days).toBeGreaterThanOrEqual(2 * (measuredDays - 1))
  expect(await report()).toEqual(before)
  expect(await rollUpDays(world.needs)).toBe(0)
})

test('late counts mark their day, and the next run takes them in', async () => {
  const before = await report()
  const stream = await findStream(world.database, 'views')
  const late = { good: 0, bad: 0, total: 7, corrected: true, sliceStart: instant(begin + 4 * day + 3 * hour) }
  await world.database.transaction((tx) => addToSlices(tx, [{ stream: stream?.key ?? 0, ...late }]))
  await engine.tick()
  const after = await report()
  expect(after.views).toMatchObject({ good: before.views?.good, bad: (before.views?.bad ?? 0) + 7 })
  expect(await rollUpDays(world.needs)).toBe(1)
  expect(await report()).toEqual(after)
  expect(await rollUpDays(world.needs)).toBe(0)
})

test('a correction of the past is in the report at once, and in the roll-up with the next run', async () => {
  await rollAll()
  const before = await report()
  await correctObjective(world.needs, {
    ...{ name: 'views', mode: 'drop', reason: 'A load test', actor: admin },
    from: instant(begin + 5 * day),
    to: instant(begin + 5 * day + 100 * minute),
  })
  const after = await report()
  const dropped = Array.from({ length: 100 }, (_, past) => 5 * 1_440 + past).filter((at) => at % 100 === 0).length
  expect((before.views?.bad ?? 0) - (after.views?.bad ?? 0)).toBe(50 * dropped)
  await rollAll()
  expect(await report()).toEqual(after)
})

test('when minutes have gone, the quarter says the same; what was never measured stays not known', async () => {
  // Two days later the last of them is rolled up, too.
  await clock.forward(2 * day)
  await engine.tick()
  await rollAll()
  const whole = { at: new Date(begin + hour).toISOString() }
  const before = await report(whole)
  await clock.forward(60 * day)
  await dropSlices()
  await engine.tick()
  await rollAll()
  const after = await report(whole)
  for (const name of ['views', 'minutes'] as const)
    expect(after[name]).toMatchObject({
      good: before[name]?.good,
      bad: before[name]?.bad,
      badMinutes: before[name]?.badMinutes,
      // Kept as far as it was seen, which is too little to call it so.
      verdict: 'unknown',
    })
  // Silence since is not known.
  expect(after.views?.unknownMinutes).toBeGreaterThan(55 * 1_440)
  expect(after.notes.join()).toContain('not known')
  const month = await report({ period: 'month', at: new Date(begin + 25 * day).toISOString() })
  expect(month.views?.bad).toBe(before.views?.bad)
  // A month in UTC begins elsewhere: fewer hours of September, and none of November.
  const elsewhere = await report({ period: 'month', zone: 'UTC', at: '2026-09-30T23:00:00Z' })
  expect(elsewhere.views?.good).toBe(countsUntil(345).good)
})

test('an exclusion of the time whose minutes have gone takes out whole quarters of an hour, and says so', async () => {
  const before = await report()
  const at = (past: number) => instant(begin + 7 * day + past)
  const cut = { name: 'views', mode: 'drop', reason: 'Agreed with the customer', actor: admin } as const
  await correctObjective(world.needs, { ...cut, from: at(0), to: at(30 * minute) })
  const whole = await report()
  const lost = (before.views?.good ?? 0) + (before.views?.bad ?? 0) - (whole.views?.good ?? 0) - (whole.views?.bad ?? 0)
  expect(lost).toBe(3_000)
  expect(whole.notes.join()).not.toContain('excluded in part')
  await correctObjective(world.needs, { ...cut, from: at(60 * minute), to: at(70 * minute) })
  expect((await report()).notes.join()).toContain('One quarter of an hour was excluded in part')
  await rollAll()
  expect((await report()).notes.join()).toContain('One quarter of an hour was excluded in part')
})
