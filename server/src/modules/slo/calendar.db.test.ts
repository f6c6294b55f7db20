// A calendar window lived through: over midnight in a zone, and over a restart.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { instant } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { describeObjective } from './usecases/describe-objectives.ts'
import { reportPeriods } from './usecases/report-periods.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const catalog = catalogOf()

const objective = (name: string, method: string) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: website
  indicator: {metadata: {name: views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1d, isRolling: false, calendar: {startTime: '2026-01-01 00:00:00', timeZone: Europe/Vienna}}]
  budgetingMethod: ${method}
  objectives: [{target: 0.99${method === 'Occurrences' ? '' : ', timeSliceTarget: 0.95, timeSliceWindow: 1m'}}]`

beforeAll(async () => {
  world = await openTelemetryWorld('calendar')
  clock = await installClock(world.connection)
  // Ten minutes before the day in which Vienna's clocks are put forward.
  await clock.set(instant(Date.parse('2026-03-28T22:50:00Z')))
  await applyDocuments(world.needs, catalog, {
    documents: [
      'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: website}\nspec: {tier: 2}\n',
      objective('events', 'Occurrences'),
      objective('minutes', 'Timeslices'),
    ].join('\n---\n'),
    actor: admin,
  })
  engine = createEngine(world.needs)
})
afterAll(() => world.close())

async function live(minutes: number, good: number, bad: number): Promise<void> {
  for (let past = 0; past < minutes; past += 1) {
    const at = new Date(await clock.now()).toISOString()
    await pushCounts(
      world.needs,
      { counts: ['events', 'minutes'].map((name) => ({ objective: name, at, good, bad })) },
      sender,
    )
    await clock.forward(60_000)
    await engine.tick()
  }
}

test('a budget begins anew at midnight in its zone, and what ended is on record', async () => {
  await live(8, 90, 10)
  const before = await describeObjective(world.database, 'events')
  expect(before.period).toMatchObject({ start: '2026-03-27T23:00:00.000Z', end: '2026-03-28T23:00:00.000Z' })
  expect(before.state).toBe('exhausted')
  expect(before.sentence).toContain('the period until 2026-03-29 00:00 Europe/Vienna')
  await live(10, 100, 0)
  engine.forget()
  await engine.tick()
  const after = await describeObjective(world.database, 'events')
  expect(after.period).toMatchObject({ start: '2026-03-28T23:00:00.000Z', end: '2026-03-29T22:00:00.000Z' })
  expect(after.budget).toMatchObject({ bad: 0, remainingRatio: 1 })
  const reported = await reportPeriods(world.database, 'events', 10)
  expect(reported.map((each) => [each.state, each.end.slice(0, 16), each.bad])).toEqual([
    ['running', '2026-03-29T22:00', 0],
    ['ended', '2026-03-28T23:00', 80],
  ])
  expect(reported[1]).toMatchObject({ good: 8 * 90 + 2 * 100, met: false })
})

test('a period of slices has its whole budget from the first minute: 1,380 minutes on that day', async () => {
  const minutes = await describeObjective(world.database, 'minutes')
  expect(minutes.budget.totalBad).toBeCloseTo(13.8, 9)
  const [, ended] = await reportPeriods(world.database, 'minutes', 10)
  // Born ten minutes before the end: those ten are the slices of its first period.
  expect(ended).toMatchObject({ spentBad: 8, totalBad: 0.1, measuredRatio: 1 })
  await live(1, 0, 100)
  await live(2, 100, 0)
  expect((await describeObjective(world.database, 'minutes')).budget).toMatchObject({ spentBad: 1 })
})
