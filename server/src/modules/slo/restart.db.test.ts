// C1, C4, C11: generated traffic with late data, packed and taken over at any time, against an engine that went on.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { findStream, readResolved } from '../telemetry/index.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { packOldSlices } from '../telemetry/usecases/pack-slices.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { compileSpend } from './core/spend.ts'
import { sumSlices } from './core/window.ts'
import { createEngine } from './engine/engine.ts'
import { findObjective } from './objectives.store.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { readStates } from './states.store.ts'

let world: TelemetryWorld
let clock: TestClock
const catalog = catalogOf()

const objective = (name: string, window: string, method: string) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: website
  indicator: {metadata: {name: views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: ${window}, isRolling: true}]
  budgetingMethod: ${method}
  objectives: [{target: 0.99${method === 'Timeslices' ? ', timeSliceTarget: 0.95' : ''}${method === 'Occurrences' ? '' : ', timeSliceWindow: 1m'}}]`
const names = ['events', 'minutes', 'ratios'] as const

beforeAll(async () => {
  world = await openTelemetryWorld('restart')
  clock = await installClock(world.connection)
  await clock.set(instant(Date.UTC(2026, 2, 1, 9, 0, 0)))
  const documents = [
    'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: website}\nspec: {tier: 2}\n',
    objective('events', '30d', 'Occurrences'),
    objective('minutes', '7d', 'Timeslices'),
    objective('ratios', '30d', 'RatioTimeslices'),
  ].join('\n---\n')
  await applyDocuments(world.needs, catalog, { documents, actor: admin })
})
afterAll(() => world.close())

async function push(at: Instant, good: number, bad: number): Promise<void> {
  const time = new Date(at).toISOString()
  await pushCounts(world.needs, { counts: names.map((name) => ({ objective: name, at: time, good, bad })) }, sender)
}

/** The window, summed the plain way from what is stored. */
async function resummed(name: string, asOf: Instant) {
  const row = await findObjective(world.database, name)
  const stream = await findStream(world.database, name)
  if (row === null || stream === null) throw new Error('gone')
  const { windowMs, sliceMs, budgeting } = row.definition
  const slices = await readResolved(world.database, stream, asOf - windowMs, asOf)
  const born = instant(Math.floor((row.born ?? asOf) / sliceMs) * sliceMs)
  return sumSlices(slices, { end: asOf, lengthMs: windowMs, sliceMs }, compileSpend(budgeting), born)
}

const step = fc.record({
  good: fc.nat(2_000),
  bad: fc.nat(40),
  late: fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 2_800 }), bad: fc.nat(50) }), { maxLength: 3 }),
  forwardMs: fc.constantFrom(60_000, 3_600_000, 9 * 3_600_000, 3 * 86_400_000),
  pack: fc.boolean(),
})

test('whatever is packed and whoever takes over, the numbers are those of an engine that went on', async () => {
  const engine = createEngine(world.needs)
  let packed = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      for (const { good, bad, late, forwardMs, pack } of steps) {
        const now = await clock.now()
        await push(now, good, bad)
        for (const each of late) await push(instant(now - each.minutes * 60_000), 10, each.bad)
        if (pack) packed += await packOldSlices(world.needs)
        await clock.forward(forwardMs)
        await engine.tick()
        const went = await readStates(world.database, null)
        engine.forget()
        expect((await engine.tick()).rebuilt).toBe(names.length)
        expect(await readStates(world.database, null)).toEqual(went)
        for (const state of went) {
          const sum = await resummed(state.name, state.asOf)
          expect(state.view.budget).toMatchObject({ good: sum.good, bad: sum.bad })
        }
      }
    }),
    { numRuns: 10 },
  )
  expect(packed).toBeGreaterThan(0)
  expect((await world.database.one(sql<{ n: number }>`select count(*)::int as n from slice_blocks`)).n).toBeGreaterThan(
    0,
  )
}, 120_000)
