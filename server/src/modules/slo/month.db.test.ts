// A month of minutes of each member, most of it packed: the journey's numbers are those of the plain sums.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock } from '../../../test/clock.ts'
import { day, minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { packOldSlices } from '../telemetry/usecases/pack-slices.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine } from './engine/engine.ts'
import { journeyKind } from './kinds/journey-kind.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { describeJourney } from './usecases/describe-journeys.ts'

let world: TelemetryWorld
const catalog = catalogOf([journeyKind])
const now = Date.UTC(2026, 2, 1, 9, 0, 0)
const names = ['cart', 'checkout', 'payment']
const slo = (name: string) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: shop
  indicator: {metadata: {name: ${name}-answers}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]`

beforeAll(async () => {
  world = await openTelemetryWorld('month')
  const clock = await installClock(world.connection)
  await clock.set(instant(now))
  const documents = [
    'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: shop}\nspec: {tier: 2}',
    ...names.map(slo),
    `apiVersion: mainstay.dev/v1\nkind: JourneyObjective\nmetadata: {name: buy}\nspec: {target: 0.9, window: 28d, members: [${names.map((name) => `{objective: ${name}}`).join(', ')}]}`,
  ]
  await applyDocuments(world.needs, catalog, { documents: documents.join('\n---\n'), actor: admin })
  const counts = names.map((objective) => ({ objective, at: new Date(now - minute).toISOString(), good: 100, bad: 0 }))
  await pushCounts(world.needs, { counts }, sender)
  // Of each hundred minutes one is half bad: in every third hundred the same for all, else another for each.
  await world.database.transaction(async (tx) => {
    await tx.run(sql`
      insert into slices (stream, slice_start, good, total)
      select s.key, ${now - 28 * day}::bigint + m * ${minute}::bigint,
        case when m % 100 = 7 * (s.key % 3) * least(1, m % 300 / 100) then 50 else 100 end, 100
      from telemetry_streams s, generate_series(0, 28 * 1440 - 2) m on conflict do nothing`)
    await tx.run(sql`update objectives set born = ${new Date(now - 28 * day).toISOString()}`)
  })
  await createEngine(world.needs).tick()
}, 120_000)
afterAll(() => world.close())

test('a journey over a month is the plain sum, before and after its slices are packed', {
  timeout: 120_000,
}, async () => {
  const before = await describeJourney(world.database, 'buy')
  const bad = before.members.map((each) => each.badSteps)
  expect(before.steps.unknown).toBe(0)
  expect(before.steps.bad).toBeGreaterThan(400)
  expect(Math.max(...bad)).toBeLessThan(before.steps.bad)
  // Each bad minute was half bad, of as many events as any.
  for (const [index, member] of before.members.entries()) {
    const steps = before.steps.good + before.steps.bad
    expect(member.attainment).toBeCloseTo(1 - (bad[index] ?? 0) / steps / 2, 12)
  }
  expect(before.product).toBeCloseTo(
    before.members.map((each) => each.attainment ?? 0).reduce((a, b) => a * b, 1),
    12,
  )
  for (let round = 0; round < 400 && (await packOldSlices(world.needs)) > 0; round += 1);
  const rows = await world.database.one(sql<{ left: number }>`select count(*)::int as left from slices`)
  expect(rows.left).toBeLessThan(3 * 60 * 24)
  expect(await describeJourney(world.database, 'buy')).toEqual(before)
})
