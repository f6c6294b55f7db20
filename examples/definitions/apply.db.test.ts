// The sample definitions through the real engine of declared objects, with the kinds of all rooms.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../server/src/kernel/actor.ts'
import { AppError } from '../../server/src/kernel/app-error.ts'
import {
  applyDocuments,
  type CatalogPorts,
  describeService,
  planDocuments,
} from '../../server/src/modules/catalog/index.ts'
import { catalogKinds } from '../../server/src/modules/catalog/kinds/kinds.ts'
import { oncallKinds } from '../../server/src/modules/oncall/kinds/kinds.ts'
import { journeyKind } from '../../server/src/modules/slo/kinds/journey-kind.ts'
import { openSloKinds } from '../../server/src/modules/slo/kinds/openslo-kinds.ts'
import { listObjectives } from '../../server/src/modules/slo/objectives.store.ts'
import { listStreams } from '../../server/src/modules/telemetry/index.ts'
import { probeKind } from '../../server/src/modules/telemetry/kinds/probe.ts'
import { openTelemetryWorld, type TelemetryWorld } from '../../server/src/modules/telemetry/telemetry.fixture.ts'
import { workflowKind } from '../../server/src/modules/workflows/kinds/workflow.ts'

let world: TelemetryWorld
const admin: Actor = { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] }
const ports: CatalogPorts = {
  kinds: () => [...catalogKinds, ...oncallKinds, probeKind, ...openSloKinds, journeyKind, workflowKind],
  translators: [],
  mayChange: () => undefined,
}
const apply = (documents: string) => applyDocuments(world.needs, ports, { documents, actor: admin })
const file = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

beforeAll(async () => {
  world = await openTelemetryWorld('definitions')
})
afterAll(() => world.close())

const explain = (error: unknown): never => {
  throw error instanceof AppError ? new Error(JSON.stringify(error.details.faults ?? error.message, null, 1)) : error
}

test('shop.yaml is applied as it stands, and once more without a change', async () => {
  const changes = await apply(file('shop.yaml')).catch(explain)
  expect(new Set(changes.map((change) => change.action))).toEqual(new Set(['create']))
  // Checkout promises more than payment and its card network can: shown by plan, and on the page of the objective.
  expect(changes.flatMap((change) => change.warnings.map((warning) => warning.detail))).toEqual([
    'checkout-availability promises 99.9 %, which is impossible while payment promises 99.5 %.',
  ])
  const again = await apply(file('shop.yaml'))
  expect(new Set(again.map((change) => change.action))).toEqual(new Set(['unchanged']))

  const objectives = new Map((await listObjectives(world.database)).map((each) => [each.name, each.definition]))
  expect(objectives.size).toBe(18)
  expect(objectives.get('front-availability')).toMatchObject({
    service: 'front',
    windowMs: 30 * 86_400_000,
    sliceMs: 60_000,
    indicator: 'front-answers',
    notify: [],
    alertWhenNoData: true,
  })
  expect(objectives.get('front-availability')?.plan.tiers.map((tier) => `${tier.severity} ${tier.name}`)).toEqual([
    'page 1h/5m',
    'page 6h/30m',
    'ticket 1d/2h',
    'ticket 3d/6h',
  ])
  expect(objectives.get('front-latency-now')).toMatchObject({
    kind: 'latency',
    windowMs: 3_600_000,
    sliceMs: 5_000,
    notify: ['shop-on-call'],
    alertWhenNoData: false,
    plan: { tiers: [{ name: '2m/10s', severity: 'page', threshold: { num: 5n, den: 1n } }] },
  })
  const streams = new Map((await listStreams(world.database, 'otlp')).map((stream) => [stream.id, stream]))
  expect(streams.size).toBe(18)
  expect(streams.get('front-latency')?.source).toMatchObject({ form: 'good-total', parts: [{ atMost: 0.3 }, {}] })
})

test('the whole folder is applied at once, and one file after the other by different managers', async () => {
  const both = [file('shop.yaml'), file('minimal.yaml')].join('---\n')
  const order = { actor: admin, manager: 'git:all' }
  const plan = await planDocuments(world.needs, ports, { ...order, documents: both }).catch(explain)
  expect(plan.filter((change) => change.action === 'conflict')).toEqual([])
  const alone = await planDocuments(world.needs, ports, {
    ...{ documents: file('minimal.yaml'), actor: admin, manager: 'git:small' },
  }).catch(explain)
  expect(new Set(alone.map((change) => change.action))).toEqual(new Set(['create']))
})

test('a changed indicator reaches every objective that counts it, and keeps what was counted', async () => {
  const before = new Map((await listStreams(world.database, 'otlp')).map((stream) => [stream.id, stream.key]))
  const documents = file('shop.yaml').split(/^---$/m)
  const sli = documents.find((text) => /name: cart-answers,/.test(text)) ?? ''
  await apply(sli.replaceAll('equals: cart', 'equals: carts')).catch(explain)
  for (const stream of await listStreams(world.database, 'otlp')) {
    expect(stream.key).toBe(before.get(stream.id))
    const source = JSON.stringify(stream.source)
    expect(source.includes('"carts"')).toBe(stream.id.startsWith('cart-availability'))
  }
  const objectives = await listObjectives(world.database)
  expect(objectives.filter((each) => each.version === 2).map((each) => each.name)).toEqual([
    'cart-availability',
    'cart-availability-now',
  ])
})

test('an indicator that could not be counted any more is refused with the objective it would break', async () => {
  const documents = file('shop.yaml').split(/^---$/m)
  const sli = documents.find((text) => /name: front-fast,/.test(text)) ?? ''
  await expect(apply(sli.replaceAll('type: otlp', 'type: graphite'))).rejects.toMatchObject({
    code: 'slo.cannot-be-counted',
  })
})

test('minimal.yaml is applied as it stands', async () => {
  const changes = await apply(file('minimal.yaml')).catch(explain)
  expect(changes.find((change) => change.kind === 'SLO')).toMatchObject({ action: 'create', warnings: [] })
  expect(await describeService(world.database, 'website')).toMatchObject({ sloCount: 1 })
  expect(await describeService(world.database, 'front')).toMatchObject({ sloCount: 6 })
  const objective = (await listObjectives(world.database)).find((each) => each.name === 'website-availability')
  expect(objective?.definition).toMatchObject({ indicator: 'page-views', source: { kind: 'push', form: 'good-total' } })
})

const slo = (spec: string) =>
  `apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: wrong}\nspec: {service: website, budgetingMethod: Occurrences, ${spec}}\n`
const push =
  'indicator: {metadata: {name: views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}'
const month = 'timeWindow: [{duration: 30d, isRolling: true}]'

test.each([
  [
    'a promise of everything',
    slo(`${push}, ${month}, objectives: [{target: 1}]`),
    '/spec/objectives/0/target',
    'below 1',
  ],
  [
    'a promise of nothing',
    slo(`${push}, ${month}, objectives: [{target: 0}]`),
    '/spec/objectives/0/target',
    'promises nothing',
  ],
  [
    'a window too short to judge',
    slo(`${push}, timeWindow: [{duration: 4m, isRolling: true}], objectives: [{target: 0.9}]`),
    '',
    '60',
  ],
  [
    'a window of a month',
    slo(`${push}, timeWindow: [{duration: 1M, isRolling: true}], objectives: [{target: 0.9}]`),
    '/spec/timeWindow/0',
    'fixed length',
  ],
  [
    'a mistyped source',
    slo(`${push.replaceAll('push', 'otpl')}, ${month}, objectives: [{target: 0.9}]`),
    '/type',
    'did you mean `otlp`',
  ],
  ['an unknown field', slo(`${push}, ${month}, objectives: [{target: 0.99}], surprise: 1`), '/spec/surprise', ''],
  [
    'a policy that is not there',
    slo(`${push}, ${month}, objectives: [{target: 0.9}], alertPolicies: [{alertPolicyRef: nobody}]`),
    '/spec/alertPolicies/0/alertPolicyRef',
    'nobody',
  ],
])('%s is refused at its place', async (_what, text, pointer, detail) => {
  const error = await apply(text).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`Not refused: ${String(error)}`)
  const faults = error.details.faults ?? []
  expect(faults.some((fault) => (fault.pointer ?? '').endsWith(pointer) && fault.detail.includes(detail))).toBe(true)
})

test('workflows.yaml is applied on top of shop.yaml, without a word of warning', async () => {
  await apply(file('shop.yaml')).catch(explain)
  const changes = await apply(file('workflows.yaml')).catch(explain)
  expect(changes.map((change) => [change.action, change.warnings])).toEqual(changes.map(() => ['create', []]))
  expect(changes.map((change) => change.name)).toContain('severe-incident')
})
