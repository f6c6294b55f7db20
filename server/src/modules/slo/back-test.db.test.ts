import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { minute } from '../../kernel/duration.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine } from './engine/engine.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { readStates } from './states.store.ts'
import { backTestObjective } from './usecases/back-test-objective.ts'

let world: TelemetryWorld
let clock: TestClock
const catalog = catalogOf()
const begin = instant(Date.parse('2026-03-02T09:00:00Z'))
const at = (minutes: number): Instant => instant(begin + minutes * minute)

beforeAll(async () => {
  world = await openTelemetryWorld('back-test')
  clock = await installClock(world.connection)
  await clock.set(begin)
  await applyDocuments(world.needs, catalog, {
    documents: `
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
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]`,
    actor: admin,
  })
  const engine = createEngine(world.needs)
  // Six hours; forty minutes in, a failure of a quarter for ten minutes.
  for (let past = 0; past < 360; past += 4) {
    const now = await clock.now()
    const counts = Array.from({ length: 4 }, (_, index) => ({
      objective: 'views',
      at: new Date(now + index * minute).toISOString(),
      good: past + index >= 240 && past + index < 250 ? 75 : 100,
      bad: past + index >= 240 && past + index < 250 ? 25 : 0,
    }))
    await clock.forward(4 * minute)
    await pushCounts(world.needs, { counts }, sender)
    await engine.tick()
  }
}, 60_000)
afterAll(() => world.close())

const incident = {
  kind: 'incident' as const,
  id: 'i-1',
  label: '#1 Pages fail',
  from: at(240),
  to: at(250),
}
const ask = (proposal: Parameters<typeof backTestObjective>[2]['proposal']) =>
  backTestObjective(
    world.database,
    { causes: async () => [incident] },
    { name: 'views', proposal, from: at(0), to: null },
  )

test('the present definition says of the past what was said; a stricter one spends more', async () => {
  const [state] = await readStates(world.database, ['views'])
  const same = await ask({})
  expect(same.current).toEqual(same.proposed)
  expect(same.current.spentBad).toBe(state?.view.budget.spentBad)
  expect(same.current.remainingRatio).toBeCloseTo(state?.view.budget.remainingRatio ?? 0, 12)
  expect(same.measuredRatio).toBe(1)
  const stricter = await ask({ target: 0.999 })
  expect(stricter.proposed.remainingRatio).toBeLessThan(stricter.current.remainingRatio ?? 0)
  expect(stricter.proposed.pages).toBeGreaterThanOrEqual(stricter.current.pages)
})

test('incidents say how soon each definition would have paged', async () => {
  const slow = await ask({ tiers: [{ level: 'page', longMs: 120 * minute, shortMs: 10 * minute, threshold: 90 }] })
  const [found] = slow.incidents
  expect(found).toMatchObject({ label: '#1 Pages fail', proposedAfterMs: null })
  const fast = await ask({ tiers: [{ level: 'page', longMs: 10 * minute, shortMs: 2 * minute, threshold: 2 }] })
  expect(fast.incidents[0]?.proposedAfterMs).toBe(minute)
  expect(fast.proposed.alerts[0]).toMatchObject({
    level: 'page',
    tier: '10m/2m',
    firedAt: new Date(at(241)).toISOString(),
  })
})

test.each([
  { says: 'a window of half a slice', proposal: { windowMs: 90_500 } },
  {
    says: 'a short window longer than the long one',
    proposal: { tiers: [{ level: 'page' as const, longMs: 60_000, shortMs: 120_000, threshold: 2 }] },
  },
  { says: 'a slice target for events', proposal: { sliceTarget: 0.9 } },
])('$says is refused', async ({ proposal }) => {
  await expect(ask(proposal)).rejects.toMatchObject({ code: 'slo.bad-proposal' })
})
