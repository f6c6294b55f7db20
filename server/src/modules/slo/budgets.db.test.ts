// Budgets as numbers alone: the same as each objective tells of itself, page by page.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock } from '../../../test/clock.ts'
import { minute } from '../../kernel/duration.ts'
import { parseInstant } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine } from './engine/engine.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { describeObjective } from './usecases/describe-objectives.ts'
import { listBudgets } from './usecases/list-budgets.ts'

let world: TelemetryWorld
const names = ['alpha', 'beta', 'gamma']

const slo = (name: string, service: string, extra = '') => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}${extra}}
spec:
  service: ${service}
  indicator: {metadata: {name: ${name}-all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]`
const service = (name: string) => `
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: ${name}}
spec: {tier: 1}`

beforeAll(async () => {
  world = await openTelemetryWorld('budgets')
  const clock = await installClock(world.connection)
  const start = parseInstant('2026-03-02T09:00:00Z') ?? expect.unreachable('a time')
  await clock.set(start)
  const documents = [
    service('bank'),
    service('shop'),
    slo('alpha', 'shop'),
    slo('beta', 'bank'),
    slo('gamma', 'shop', ', annotations: {mainstay.dev/expires-at: "2026-03-01"}'),
  ].join('\n---')
  await applyDocuments(world.needs, catalogOf(), { documents, actor: admin })
  const engine = createEngine(world.needs)
  const counts = (objective: string, good: number, bad: number) =>
    Array.from({ length: 10 }, (_, past) => ({
      objective,
      at: new Date(start + past * minute).toISOString(),
      good,
      bad,
    }))
  await clock.forward(10 * minute)
  await pushCounts(world.needs, { counts: [...counts('alpha', 1_000_003, 7), ...counts('gamma', 10, 0)] }, sender)
  await engine.tick()
})
afterAll(() => world.close())

test('the numbers are those each objective tells, also of one that nothing is known of', async () => {
  const { items, nextCursor } = await listBudgets(world.database, {})
  expect(nextCursor).toBeNull()
  expect(items.map((each) => each.objective)).toEqual(names)
  for (const item of items) {
    const told = await describeObjective(world.database, item.objective)
    const { good, bad, totalBad, spentBad, remainingRatio, measuredRatio } = told.budget
    expect(item).toEqual({
      ...{ objective: told.name, service: told.service, state: told.state, level: told.level, windowMs: told.windowMs },
      ...{ good, bad, totalBad, spentBad, remainingRatio, measuredRatio },
      ...{ burnRate: told.burn?.rate ?? null, asOf: told.asOf },
    })
  }
  expect(items[0]?.good).toBeGreaterThan(1_000_000)
  expect(items[0]?.bad).toBeGreaterThan(0)
  expect(items[1]).toMatchObject({ good: 0, remainingRatio: null, state: 'no-data' })
  expect(items[2]?.state).toBe('expired')
})

test('pages go on where the last one ended, and filters choose', async () => {
  const found: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < names.length; page += 1) {
    const answer = await listBudgets(world.database, { limit: 1, ...(cursor === undefined ? {} : { cursor }) })
    found.push(...answer.items.map((each) => each.objective))
    cursor = answer.nextCursor ?? undefined
  }
  expect(found).toEqual(names)
  expect(cursor).toBeUndefined()
  const of = async (query: Parameters<typeof listBudgets>[1]) =>
    (await listBudgets(world.database, query)).items.map((each) => each.objective)
  expect(await of({ service: 'shop' })).toEqual(['alpha', 'gamma'])
  expect(await of({ objective: 'beta' })).toEqual(['beta'])
  expect(await of({ service: 'nobody' })).toEqual([])
})
