// Where to look first in an incident, by what its objectives and other measurers say.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { day, minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { openSloKinds } from '../slo/kinds/openslo-kinds.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import type { MeasuredSeries } from './core/index.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'

const objective = `
apiVersion: openslo/v1
kind: SLO
metadata: {name: payment-now}
spec:
  service: payment
  indicator: {metadata: {name: payment-views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1h, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
`
let world: IncidentsWorld
let onset = instant(Date.UTC(2026, 2, 1, 12))
beforeAll(async () => {
  world = await openIncidentsWorld('incidents causes')
  const everyone = { kinds: () => [...catalogKinds, ...openSloKinds], translators: [], mayChange: () => undefined }
  await applyDocuments(world.needs, everyone, { documents: objective, actor: automation('test') })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  // Days of its own for each test: what is usual is read from the day before.
  onset = plus(onset, 3 * day)
  await world.clock.set(onset)
})

/** Three hundred minutes as usual, then these. */
function series(service: string, usual: number, after: readonly number[]): MeasuredSeries {
  const before = Array.from({ length: 300 }, (_, place) => ({
    at: plus(onset, (place - 300) * minute),
    value: usual * (1 + (place % 9) / 500),
  }))
  const then = after.map((value, place) => ({ at: plus(onset, place * minute), value }))
  return { service, calls: null, measured: 'latency', words: 'p99 latency', samples: [...before, ...then] }
}

const related = async () => {
  const { id } = await world.only()
  const answer = await world.call({ url: `/api/v1/incidents/${id}/related` })
  return answer.json() as {
    causes: { service: string; because: string[] }[]
    looked: { series: number; services: number; deviating: number } | null
  }
}

test('a service without an alert of its own is found by its objective, two calls below the one that hurts', async () => {
  const counts = Array.from({ length: 310 }, (_, place) => ({
    objective: 'payment-now',
    at: formatInstant(plus(onset, (place - 300) * minute)),
    good: place < 300 ? 1000 - (place % 3) : 700,
    bad: place < 300 ? place % 3 : 300,
  }))
  await world.clock.set(plus(onset, 11 * minute))
  await pushCounts(world.needs, { counts }, automation('test'))
  await world.drain()
  await world.receive({ service: 'front', summary: 'p99 latency too high', startsAt: plus(onset, minute) })
  await world.clock.set(plus(onset, 15 * minute))
  const { causes, looked } = await related()
  expect(causes.map((each) => each.service)).toEqual(['payment', 'front'])
  expect(causes[0]?.because[0]).toMatch(/^payment's errors in “payment-now” rose \d+\.\d×, from 0\.10 % to 30 %$/)
  expect(looked).toMatchObject({ services: 1, deviating: 1 })
})

test('whatever else measures counts in the same list; nothing deviates: that is said, and no cause made up', async () => {
  await world.receive({ service: 'checkout', summary: 'Checkout fails', startsAt: onset })
  await world.clock.set(plus(onset, 6 * minute))
  world.series.push(series('checkout', 0.2, [0.9, 1, 1.1]), series('payment', 0.1, [0.8, 0.9, 0.9]))
  world.series.push(series('search', 0.1, [9, 9, 9]))
  const found = await related()
  expect(found.causes[0]).toMatchObject({ service: 'payment' })
  expect(found.causes[0]?.because).toContain(
    'checkout calls payment; its p99 latency rose 5.2×, from 202 ms to 1.0 s at the same time',
  )
  expect(found.causes.map((each) => each.service)).not.toContain('search')
  expect(await related()).toEqual(found)

  world.series.splice(0, 3, series('checkout', 0.2, [0.2, 0.2]), series('payment', 0.1, [0.1, 0.1]))
  const quiet = await related()
  expect(quiet.looked).toMatchObject({ deviating: 0 })
  expect(quiet.causes).toEqual([expect.objectContaining({ service: 'checkout', because: ['Checkout fails'] })])
})

test('golden signals of a service count: its processor was full before its caller was slow', async () => {
  const [from, until] = [plus(onset, -300 * minute), plus(onset, 6 * minute)]
  await world.owner.query(
    `insert into signal_services (service, first_at, last_at, traffic_at) values ('payment', $1, $2, $2)`,
    [from, until],
  )
  await world.owner.query(
    `insert into signal_minutes (service, minute_start, traffic, judged, errors, saturation)
     select 'payment', at, 600, 600, at / 60000 % 3, jsonb_build_object('cpu', case when at >= $3 then 0.99 else 0.2 + at / 60000 % 5 / 100.0 end)
     from generate_series($1::bigint, $2::bigint - 1, 60000) as at`,
    [from, until, onset],
  )
  await world.receive({ service: 'checkout', summary: 'Checkout is slow', startsAt: plus(onset, minute) })
  await world.clock.set(until)
  const { causes, looked } = await related()
  expect(causes[0]).toMatchObject({ service: 'payment', because: ["payment's CPU rose 4.5×, from 22 % to 99 %"] })
  expect(looked).toEqual({ series: 3, services: 1, deviating: 1 })
})

test('nothing is measured: alerts alone say where to look', async () => {
  await world.receive({ service: 'search', summary: 'Search is slow', startsAt: onset })
  expect(await related()).toMatchObject({ looked: null, causes: [{ service: 'search' }] })
})
