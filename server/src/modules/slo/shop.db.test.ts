// The shop's own definitions, fed as the shop feeds them: OTLP every three seconds, an evaluation every five.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { instant } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { probeKind } from '../telemetry/kinds/probe.ts'
import { nobodyCollects, openTelemetryWorld, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { createSampleIntake, type SampleIntake } from '../telemetry/usecases/take-samples.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { journeyKind } from './kinds/journey-kind.ts'
import { openSloKinds } from './kinds/openslo-kinds.ts'
import { admin } from './slo.fixture.ts'
import { readStates } from './states.store.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
let samples: SampleIntake
const start = instant(Date.UTC(2026, 2, 1, 9, 0, 0))
// What the process has counted since it started, by status: a cumulative histogram with one edge.
let passed = 0
const counted = new Map<number, { fast: number; slow: number }>()

beforeAll(async () => {
  world = await openTelemetryWorld('shop')
  clock = await installClock(world.connection)
  await clock.set(start)
  engine = createEngine(world.needs)
  samples = createSampleIntake(world.needs, nobodyCollects)
  const text = readFileSync(new URL('../../../../examples/definitions/shop.yaml', import.meta.url), 'utf8')
  const documents = text
    .split(/^---$/m)
    .filter((part) => !/^kind: (Schedule|EscalationPolicy)$/m.test(part))
    .join('---\n')
    .replaceAll(/^ {2}escalationPolicy: .*$/gm, '')
  const ports = {
    kinds: () => [...catalogKinds, probeKind, ...openSloKinds, journeyKind],
    translators: [],
    mayChange: () => undefined,
  }
  await applyDocuments(world.needs, ports, { documents, actor: admin })
})
afterAll(() => world.close())

async function exportCheckout(): Promise<void> {
  const now = await clock.now()
  const nanos = (ms: number) => `${ms}000000`
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
  const dataPoints = [...counted].map(([status, { fast, slow }]) => ({
    attributes: [{ key: 'http.response.status_code', value: { intValue: String(status) } }],
    startTimeUnixNano: nanos(start + 1_000),
    timeUnixNano: nanos(now),
    count: String(fast + slow),
    sum: 1,
    explicitBounds: [0.3],
    bucketCounts: [String(fast), String(slow)],
  }))
  const metric = { name: 'http.server.request.duration', histogram: { aggregationTemporality: 2, dataPoints } }
  const resource = { attributes: [text('service.name', 'checkout'), text('service.instance.id', 'checkout-1')] }
  const body = JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] })
  expect(await samples.takeMetrics(Buffer.from(body), 'otlp-json')).toMatchObject({ state: 'kept', rejected: 0 })
  await samples.settle()
}

/** Twenty requests a second, an export every third, an evaluation every fifth. */
async function live(seconds: number, failing: number, slow: number, until: () => Promise<boolean> = async () => false) {
  let due = 0
  for (let second = 1; second <= seconds; second += 1) {
    passed += 1
    due += 1
    const serve = (status: number, bucket: 'fast' | 'slow', times: number) => {
      const found = counted.get(status) ?? { fast: 0, slow: 0 }
      found[bucket] += times
      counted.set(status, found)
    }
    serve(500, 'fast', failing)
    serve(200, 'slow', slow)
    serve(200, 'fast', 20 - failing - slow)
    if (passed % 3 !== 0 && passed % 5 !== 0) continue
    // Moving the clock is a connection of its own, so it is moved only when somebody looks at it.
    await clock.forward(due * 1_000)
    due = 0
    if (passed % 3 === 0) await exportCheckout()
    if (passed % 5 !== 0) continue
    await engine.tick()
    if (await until()) return second
  }
  return null
}

const stateOf = async (name: string) => (await readStates(world.database, [name]))[0]
const pages = async () => (await stateOf('checkout-availability-now'))?.level === 'page'

// Minutes of the shop's life, lived against a real database.
const patient = { timeout: 120_000 }

test(
  'a checkout that fails for three requests of five pages within half a minute, and stops after it is mended',
  patient,
  async () => {
    await live(60, 0, 0)
    expect(await stateOf('checkout-availability-now')).toMatchObject({ state: 'ok', remaining: 1 })
    expect(await stateOf('checkout-availability')).toMatchObject({ state: 'ok' })
    expect(await stateOf('front-availability-now')).toMatchObject({ state: 'no-data' })
    expect(await stateOf('cart-availability')).toMatchObject({ state: 'no-data' })

    expect(await live(60, 12, 0, pages)).toBeLessThanOrEqual(30)
    expect(await live(120, 0, 0, async () => !(await pages()))).toBeLessThanOrEqual(60)
    await live(75, 0, 0)
    const [now, month] = [await stateOf('checkout-availability-now'), await stateOf('checkout-availability')]
    expect(now?.view.budget.bad).toBeGreaterThan(0)
    // The same failures for both, cut into slices of five seconds and of a minute.
    expect(month?.view.budget.bad).toBe(now?.view.budget.bad)
  },
)

test('slow answers spend the latency budget and not the one of availability', patient, async () => {
  await live(30, 0, 0)
  const before = await stateOf('checkout-availability-now')
  await live(40, 0, 15)
  const after = await stateOf('checkout-availability-now')
  expect(after?.view.budget.bad).toBe(before?.view.budget.bad)
  expect(await stateOf('checkout-latency-now')).toMatchObject({ level: 'page' })
})
