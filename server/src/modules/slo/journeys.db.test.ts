// Journeys over the real slices of their members, and ceilings over the dependencies of the catalog.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { exclusionKind } from './kinds/exclusion-kind.ts'
import { journeyKind } from './kinds/journey-kind.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { describeJourney, describeJourneys, evaluateAllJourneys } from './usecases/describe-journeys.ts'
import { readCeiling } from './usecases/read-ceiling.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const catalog = catalogOf([exclusionKind, journeyKind])
const apply = (...documents: readonly string[]) =>
  applyDocuments(world.needs, catalog, { documents: documents.join('\n---\n'), actor: admin })

const service = (name: string, dependsOn: string) =>
  `apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {tier: 2, dependsOn: [${dependsOn}]}`
const counts =
  '{ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}'
const slo = (name: string, target: number, of = name) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: ${of}
  indicator: {metadata: {name: ${name}-answers}, spec: ${counts}}
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: ${target}}]`
const journey = (name: string, spec: string) =>
  `apiVersion: mainstay.dev/v1\nkind: JourneyObjective\nmetadata: {name: ${name}}\nspec: {target: 0.95, window: 1h, ${spec}}`

// Minutes of a shop's life, lived against a real database.
const patient = { timeout: 120_000 }

beforeAll(async () => {
  world = await openTelemetryWorld('journeys')
  clock = await installClock(world.connection)
  await clock.set(instant(Date.UTC(2026, 2, 1, 9, 0, 0)))
  await apply(
    service('front', 'payment, {service: reviews, strength: soft}'),
    service('payment', ''),
    service('reviews', ''),
    slo('front', 0.98),
    slo('payment', 0.99),
    slo('reviews', 0.9),
  )
  engine = createEngine(world.needs)
}, 60_000)
afterAll(() => world.close())

type Traffic = Readonly<Record<string, readonly [number, number] | null>>
async function live(minutes: number, traffic: Traffic): Promise<void> {
  for (let past = 0; past < minutes; past += 1) {
    const at = new Date(await clock.now()).toISOString()
    const told = Object.entries(traffic).flatMap(([objective, each]) =>
      each === null ? [] : [{ objective, at, good: each[0], bad: each[1] }],
    )
    await pushCounts(world.needs, { counts: told }, sender)
    await clock.forward(60_000)
    await engine.tick()
  }
}

const all = { front: [100, 0], payment: [50, 0], reviews: [20, 0] } as const

test('a journey is refused for what cannot be: no such member, all of several, itself', patient, async () => {
  const refused = (spec: string, pointer: string, detail: string) =>
    expect(apply(journey('buy', spec))).rejects.toMatchObject({
      details: { faults: [expect.objectContaining({ pointer, detail: expect.stringContaining(detail) })] },
    })
  await refused('members: [{objective: front, weight: 1.0e-12}]', '/spec/members/0/weight', '9 decimal places')
  await refused('members: [{objective: paymnt}]', '/spec/members/0/objective', 'Did you mean payment?')
  await refused('members: [{objective: front, journey: x}]', '/spec/members/0', 'Exactly one')
  await refused('members: [{anyOf: [front, payment], need: 2}]', '/spec/members/0', 'members of their own')
  await refused('members: [{objective: front}, {objective: front}]', '/spec/members/1', 'already')
  await refused('members: [{journey: buy}]', '/spec/members', 'buy → buy')
  await expect(apply(journey('buy', 'members: [{objective: front}]').replace('1h', '90d'))).rejects.toMatchObject({
    details: {
      faults: [expect.objectContaining({ pointer: '/spec/window', detail: expect.stringContaining('are kept') })],
    },
  })
  await expect(
    apply(
      journey('a', 'members: [{journey: b}]'),
      journey('b', 'members: [{journey: c}]'),
      journey('c', 'members: [{journey: a}, {objective: front}]'),
    ),
  ).rejects.toMatchObject({ details: { faults: [expect.objectContaining({ detail: expect.stringContaining('→') })] } })
})

test('what it came to: mean, worst, product, and the time in which nothing failed', patient, async () => {
  const changes = await apply(
    journey('buy', 'members: [{objective: front, weight: 3}, {objective: payment}, {objective: reviews, use: 0.2}]'),
    journey('mean', 'mode: weighted, members: [{objective: front, weight: 3}, {objective: payment}]'),
    journey('weakest', 'mode: worst, members: [{objective: front, weight: 3}, {objective: payment}]'),
    journey('outer', 'members: [{journey: mean}, {anyOf: [payment, reviews]}]').replace('0.95', '0.94'),
  )
  expect(changes.flatMap((each) => each.warnings)).toEqual([])
  // The newest minute still fills.
  await live(51, all)
  // Together for two minutes, then payment alone for three.
  await live(2, { ...all, front: [80, 20], payment: [40, 10] })
  await live(3, { ...all, payment: [40, 10] })
  await live(5, all)
  const buy = await describeJourney(world.database, 'buy')
  const [front, payment] = [1 - 40 / 6_000, 1 - 50 / 3_000]
  expect(buy.weighted).toBeCloseTo((3 * front + payment + 1) / 5, 12)
  expect(buy.worst).toBeCloseTo(payment, 12)
  expect(buy.product).toBeCloseTo(front * payment, 12)
  expect(buy.steps).toEqual({ good: 55, bad: 5, unknown: 0, idle: 0 })
  expect(buy.attainment).toBeCloseTo(55 / 60, 12)
  expect(buy.remainingRatio).toBeCloseTo(1 - 5 / 60 / 0.05, 9)
  expect(buy.state).toBe('exhausted')
  expect(buy.members.map((each) => [each.name, each.badSteps, each.aloneSteps, each.worst])).toEqual([
    ['front', 2, 0, false],
    ['payment', 5, 3, true],
    ['reviews', 0, 0, false],
  ])
  expect(buy.sentence).toContain('91.66 % over the last 1 h, of 95 % promised.')
  expect(buy.sentence).toContain('The weakest is payment')
  expect((await describeJourney(world.database, 'mean')).attainment).toBeCloseTo((3 * front + payment) / 4, 12)
  expect((await describeJourney(world.database, 'weakest')).attainment).toBeCloseTo(payment, 12)
  const outer = await describeJourney(world.database, 'outer')
  // Of payment and reviews one was always well.
  expect(outer.product).toBeCloseTo(front * payment * (1 - (1 - payment) * 0), 12)
  expect(outer.steps).toMatchObject({ bad: 5 })
  expect(outer.members.map((each) => [each.kind, each.depth])).toEqual([
    ['journey', 0],
    ['objective', 1],
    ['objective', 1],
    ['any-of', 0],
    ['objective', 1],
    ['objective', 1],
  ])
})

test(
  'it is the same whether it is asked for or evaluated by the minute, and a change is told once',
  patient,
  async () => {
    expect(await evaluateAllJourneys(world.needs)).toBe(4)
    const listed = await describeJourneys(world.database)
    for (const each of listed) {
      const { attainment, product, remainingRatio, state, sentence } = await describeJourney(world.database, each.name)
      expect(each).toMatchObject({ attainment, product, remainingRatio, state, sentence })
    }
    const told = await world.database.many(
      sql<{ data: JsonObject }>`select data from journal where type = 'journey.state-changed' and subject_id = 'buy'`,
    )
    expect(told.map((each) => each.data)).toMatchObject([{ from: null, to: 'exhausted' }])
    await evaluateAllJourneys(world.needs)
    const again = await world.database.many(sql`select 1 from journal where type = 'journey.state-changed'`)
    expect(again.length).toBe(4)
  },
)

test('planned work of a member is taken out of the journey, too', patient, async () => {
  const now = await clock.now()
  const [from, to] = [now - 10 * 60_000, now - 5 * 60_000].map((at) => new Date(at).toISOString())
  await apply(
    `apiVersion: mainstay.dev/v1\nkind: BudgetExclusion\nmetadata: {name: planned}\nspec: {objectives: [front, payment], reason: Planned work, once: {from: '${from}', to: '${to}'}}`,
  )
  const buy = await describeJourney(world.database, 'buy')
  expect(buy.steps).toEqual({ good: 55, bad: 0, unknown: 0, idle: 0 })
  expect(buy).toMatchObject({ attainment: 1, product: 1, state: 'ok' })
})

test(
  'a member that is not measured makes the journey unknown, or counts as failed; it is never good',
  patient,
  async () => {
    await apply(
      journey('strict', 'missing: bad, mode: weighted, members: [{objective: front}, {objective: payment}]'),
      journey('lenient', 'missing: leave-out, mode: weighted, members: [{objective: front}, {objective: payment}]'),
    )
    await live(5, { front: [100, 0], payment: null, reviews: [20, 0] })
    // Most of the window was measured and well, but an outage could hide behind the last minutes.
    const blind = await describeJourney(world.database, 'buy')
    expect(blind).toMatchObject({ state: 'no-data', attainment: 1 })
    expect(blind.sentence).toContain('Not measured now: payment.')
    await live(25, { front: [100, 0], payment: null, reviews: [20, 0] })
    const buy = await describeJourney(world.database, 'buy')
    expect(buy).toMatchObject({ state: 'no-data', attainment: null, product: null, remainingRatio: null })
    expect(buy.sentence).toContain('too little of payment was measured')
    expect(buy.steps.unknown).toBeGreaterThan(20)
    const strict = await describeJourney(world.database, 'strict')
    expect(strict.attainment).toBeLessThan(0.8)
    expect(strict.state).toBe('exhausted')
    const lenient = await describeJourney(world.database, 'lenient')
    expect(lenient.attainment).toBe(1)
    expect(lenient.members[1]).toMatchObject({ name: 'payment', state: 'no-data', attainment: null })
  },
)

test('a member that was removed is unknown, and a journey in another is not removed', patient, async () => {
  const ports = { needs: world.needs, catalog }
  await expect(
    deleteResource(ports.needs, ports.catalog, { key: { kind: 'JourneyObjective', name: 'mean' }, actor: admin }),
  ).rejects.toMatchObject({ kind: 'conflict' })
  await deleteResource(ports.needs, ports.catalog, { key: { kind: 'SLO', name: 'reviews' }, actor: admin })
  await engine.tick()
  const outer = await describeJourney(world.database, 'outer')
  expect(outer.members.find((each) => each.name === 'reviews')).toMatchObject({ state: 'no-data', attainment: null })
  await apply(slo('reviews', 0.9))
})

test('a composite SLO is a journey: its members’ budgets are spent together by weight', patient, async () => {
  await apply(`
apiVersion: openslo/v1
kind: SLO
metadata: {name: whole}
spec:
  service: front
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives:
    - {target: 0.9, compositeWeight: 3, indicator: {metadata: {name: x}, spec: ${counts}}}
    - {target: 0.99, indicator: {metadata: {name: y}, spec: ${counts}}}`)
  await live(10, { whole: [95, 5], 'whole-2': [999, 1] })
  const whole = await describeJourney(world.database, 'whole')
  expect(whole).toMatchObject({ source: 'SLO', mode: 'budget-weighted', target: null })
  // Half of the first budget, a tenth of the second; three to one.
  expect(whole.remainingRatio).toBeCloseTo(1 - (3 * 0.5 + 0.1) / 4, 9)
  await expect(apply(journey('whole', 'members: [{objective: front}]'))).rejects.toMatchObject({ kind: 'invalid' })
  await deleteResource(world.needs, catalog, { key: { kind: 'SLO', name: 'whole' }, actor: admin })
  await expect(describeJourney(world.database, 'whole')).rejects.toMatchObject({ code: 'slo.unknown-journey' })
})

test(
  'a target above what its dependencies promise is warned of, from either side, and found above what they did',
  patient,
  async () => {
    const warnings = async (...documents: readonly string[]) =>
      (await apply(...documents)).flatMap((each) => each.warnings.map((warning) => warning.detail))
    expect(await warnings(slo('payment', 0.999))).toEqual([])
    expect(await warnings(slo('front', 0.9995))).toEqual(['99.95 % is impossible while payment promises 99.9 %.'])
    expect(await warnings(slo('payment', 0.998))).toEqual([
      'front promises 99.95 %, which is impossible while payment promises 99.8 %.',
    ])
    const above = await readCeiling(world.database, 'front')
    expect(above.ceiling).toMatchObject({
      state: 'above-promised',
      promised: 0.998,
      sentence: '99.95 % is impossible while payment promises 99.8 %.',
    })
    expect(above.dependencies).toMatchObject([
      { service: 'payment', strength: 'hard', objective: 'payment', target: 0.998 },
      { service: 'reviews', strength: 'soft' },
    ])
    expect(await warnings(slo('front', 0.997))).toEqual([])
    await live(20, { payment: [90, 10], front: [100, 0] })
    const measured = await readCeiling(world.database, 'front')
    expect(measured.ceiling.state).toBe('above-measured')
    expect(measured.ceiling.sentence).toContain('99.7 % is more than its dependencies did')
    // A journey above its members.
    const [warning] = await warnings(
      journey('proud', 'members: [{objective: front}, {objective: payment}]').replace('0.95', '0.999'),
    )
    expect(warning).toBe(
      '99.9 % is impossible while front promises 99.7 %; together its members promise 99.5 % at most.',
    )
  },
)
