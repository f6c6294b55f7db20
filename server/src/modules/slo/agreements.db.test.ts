// Agreements end to end: by the terms of the contract alone, told once before a credit is due, settled when all is known.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { AppError } from '../../kernel/app-error.ts'
import { day, minute } from '../../kernel/duration.ts'
import { formatInstant, instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { agreementKind } from './kinds/agreement-kind.ts'
import { exclusionKind } from './kinds/exclusion-kind.ts'
import { journeyKind } from './kinds/journey-kind.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { sloRoom } from './slo.module.ts'
import type { SloPorts, Word } from './slo.ports.ts'
import { describeAgreement, describeAgreements, readStatement, settleByHand } from './usecases/read-agreements.ts'
import { lookSoon, watchAgreement, watchAgreements } from './usecases/watch-agreements.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const told: Word[] = []
const ports: SloPorts = {
  tell: async (_tx, word) => {
    told.push(word)
    return true
  },
}
const catalog = catalogOf([exclusionKind, journeyKind, agreementKind])
/** The newest minutes may still change. */
const openMinutes = 3
// 1 March in Vienna.
const begin = Date.parse('2026-02-28T23:00:00Z')
/** The faults; none when all of it was taken. */
const apply = async (...documents: string[]): Promise<unknown> => {
  try {
    await applyDocuments(world.needs, catalog, { documents: documents.join('\n---\n'), actor: admin })
    return []
  } catch (error) {
    return error instanceof AppError ? (error.details.faults ?? error.message) : error
  }
}

const sla = (name: string, more: string) => `
apiVersion: mainstay.dev/v1
kind: ServiceLevelAgreement
metadata: {name: ${name}, displayName: Shop for Acme}
spec:
  customer: Acme
  target: 99.9%
  period: month
  timeZone: Europe/Vienna
  fee: 1000.00 EUR
  credits: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 25%}]
  cap: 20%
  ${more}`

beforeAll(async () => {
  world = await openTelemetryWorld('agreements')
  clock = await installClock(world.connection)
  engine = createEngine(world.needs)
  await clock.set(instant(begin))
  expect(
    await apply(
      'apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ben}\nspec: {email: ben@example.org}',
      'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: shop}\nspec: {tier: 1}',
      `apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec:
  service: shop
  indicator: {metadata: {name: checkout-all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9995}]`,
      'apiVersion: mainstay.dev/v1\nkind: JourneyObjective\nmetadata: {name: buy}\nspec: {target: 0.99, window: 28d, members: [{objective: checkout}]}',
      // Leaves a day out of the budget; customers never agreed to that.
      `apiVersion: mainstay.dev/v1
kind: BudgetExclusion
metadata: {name: our-own}
spec: {objectives: [checkout], reason: A rebuild, once: {from: ${formatInstant(instant(begin + 2 * day))}, to: ${formatInstant(instant(begin + 3 * day))}}}`,
      sla(
        'acme-downtime',
        `objective: checkout
  counts: downtime
  downtime: {below: 50%, atLeast: 5}
  notify: [ben]
  exclusions: [{reason: Agreed maintenance, once: {from: ${formatInstant(instant(begin + day))}, to: ${formatInstant(instant(begin + day + 60 * minute))}}}]`,
      ),
      sla('acme-requests', 'objective: checkout\n  counts: requests'),
      sla('acme-journey', 'journey: buy\n  counts: downtime\n  downtime: {below: 50%}'),
    ),
  ).toEqual([])
  await clock.set(instant(begin + 4 * day))
  await pushCounts(
    world.needs,
    { counts: [{ objective: 'checkout', at: new Date(begin).toISOString(), good: 100, bad: 0 }] },
    sender,
  )
  await fill(1, 4 * 1_440)
  await engine.tick()
  await engine.tick()
}, 120_000)
afterAll(() => world.close())

/**
 * A hundred requests a minute. Down: 30 minutes of the agreed maintenance, 36 minutes of our own exclusion, and three
 * minutes alone.
 */
async function fill(from: number, to: number) {
  await world.database.run(sql`
    insert into slices (stream, slice_start, good, total)
    select s.key, ${begin}::bigint + m * ${minute}::bigint, case when down then 0 else 100 end, 100
    from telemetry_streams s, generate_series(${from}::int, ${to - 1}::int) m,
      lateral (select m between 1440 and 1469 or m between 3000 and 3035 or m between 4000 and 4002 as down) d
    on conflict do nothing`)
}
const newest = async () => {
  const now = await world.database.now()
  const at = new Date(Math.floor((now - minute) / minute) * minute).toISOString()
  await pushCounts(world.needs, { counts: [{ objective: 'checkout', at, good: 100, bad: 0 }] }, sender)
  await engine.tick()
  await engine.tick()
}

test('downtime: agreed maintenance is left out, our own exclusion is not, a short failure does not count', async () => {
  const statement = await readStatement(world.database, 'acme-downtime', {})
  expect(statement).toMatchObject({
    verdict: 'kept',
    downMinutes: 36,
    excludedMinutes: 60,
    unknownMinutes: 0,
    creditLeast: { percentText: '0', amount: { amount: '0.00', currency: 'EUR' } },
    period: { title: 'March 2026', running: true },
  })
  expect(statement.outages.map(({ minutes, counted }) => [minutes, counted])).toEqual([
    [36, true],
    [3, false],
  ])
  // A month with an hour less has 44,580 minutes, of which 60 are agreed: 44 may be down.
  expect(statement.next).toMatchObject({ leftMs: 8 * minute + 31_200, usedRatio: expect.closeTo(36 / 44.52, 6) })
  expect(statement.next?.sentence).toBe('8 min more of this and the 10 % credit is due.')
})

test('requests: everything counts, the agreed hour of another contract too', async () => {
  const statement = await readStatement(world.database, 'acme-requests', {})
  expect(statement).toMatchObject({
    bad: 6_900,
    good: (4 * 1_440 - openMinutes) * 100 - 6_900,
    excludedMinutes: 0,
    downMinutes: null,
  })
  expect(statement.creditLeast.belowText).toBe('99.9')
})

test('a journey: a minute is down when a part of it fails', async () => {
  expect(await readStatement(world.database, 'acme-journey', {})).toMatchObject({ downMinutes: 69, verdict: 'missed' })
})

test('the list knows how a contract stands before anybody looked at it, and right after its terms changed', async () => {
  const line = async (name: string) =>
    (await describeAgreements(world.database, 'declared')).find((each) => each.name === name) ??
    expect.unreachable(name)
  const waiting = async () =>
    (
      await world.database.many(
        sql<{ key: string }>`select key from due_work where kind = 'slo.look-at-agreement' order by key`,
      )
    ).map((row) => row.key)
  expect(await line('acme-journey')).toMatchObject({
    verdict: 'missed',
    title: 'March 2026',
    attainedText: expect.stringMatching(/%/),
  })
  expect(await waiting()).toEqual(['acme-downtime', 'acme-journey', 'acme-requests'])
  await watchAgreements(world.needs, ports)
  const before = await line('acme-requests')
  expect(
    await apply(
      sla('acme-requests', 'objective: checkout\n  counts: downtime\n  downtime: {below: 50%, atLeast: 100}'),
    ),
  ).toEqual([])
  expect([before.verdict, (await line('acme-requests')).verdict]).toEqual(['missed', 'kept'])
  expect(await apply(sla('acme-requests', 'objective: checkout\n  counts: requests'))).toEqual([])
  expect((await line('acme-requests')).verdict).toBe('missed')
  // What they are measured by changed: each is looked at soon, and once.
  await world.database.transaction((tx) => tx.run(sql`delete from due_work where kind = 'slo.look-at-agreement'`))
  await lookSoon(world.needs, new Set(['something-else']))
  expect(await waiting()).toEqual([])
  await lookSoon(world.needs, new Set(['checkout']))
  await lookSoon(world.needs, new Set(['checkout']))
  expect(await waiting()).toEqual(['acme-downtime', 'acme-journey', 'acme-requests'])
  await watchAgreement(world.needs, ports, 'acme-requests')
  await watchAgreement(world.needs, ports, 'gone')
  const kept = await world.database.one(
    sql<{ same: boolean }>`
      select s.version = a.version as same from agreement_states s join agreements a using (name) where name = 'acme-requests'`,
  )
  expect(kept.same).toBe(true)
})

test('people are told once that a credit is near, and once that it is due', async () => {
  await watchAgreements(world.needs, ports)
  await watchAgreements(world.needs, ports)
  expect(told.map(({ person, head }) => [person, head])).toEqual([['ben', 'A credit is near: Shop for Acme, Acme']])
  await clock.set(instant(begin + 5 * day))
  await fill(4 * 1_440, 5 * 1_440)
  const bad = (from: number, to: number) =>
    world.database.run(sql`
      update slices set good = 0, total = 100
      where slice_start between ${begin + from * minute}::bigint and ${begin + to * minute}::bigint`)
  await bad(6_000, 6_019)
  await newest()
  await watchAgreements(world.needs, ports)
  await watchAgreements(world.needs, ports)
  expect(told.map(({ head }) => head)).toEqual([
    'A credit is near: Shop for Acme, Acme',
    'A credit is due: Shop for Acme, Acme',
  ])
  const [line] = (await describeAgreements(world.database, 'declared')).filter((each) => each.name === 'acme-downtime')
  expect(line).toMatchObject({ verdict: 'missed', warning: expect.stringContaining('10 %'), unsettled: 0 })
})

test('a period of which all is known settles itself, by its terms of then; a later correction changes no statement', async () => {
  const end = Date.parse('2026-03-31T22:00:00Z')
  await clock.set(instant(end + 2 * day))
  await fill(5 * 1_440, (end + 2 * day - begin) / minute)
  await newest()
  await watchAgreements(world.needs, ports)
  expect((await readStatement(world.database, 'acme-downtime', { ago: 1 })).settled).toBeNull()
  await clock.set(instant(end + 4 * day))
  await fill((end + 2 * day - begin) / minute, (end + 4 * day - begin) / minute)
  await newest()
  await watchAgreements(world.needs, ports)
  const settled = await readStatement(world.database, 'acme-downtime', { ago: 1 })
  expect(settled).toMatchObject({
    verdict: 'missed',
    downMinutes: 56,
    unknownMinutes: 0,
    creditLeast: { percentText: '10', amount: { amount: '100.00', currency: 'EUR' } },
    settled: { by: expect.any(String), reason: null },
  })
  expect(
    await apply(sla('acme-downtime', 'objective: checkout\n  counts: downtime\n  downtime: {below: 90%}')),
  ).toEqual([])
  expect(await readStatement(world.database, 'acme-downtime', { ago: 1 })).toEqual(settled)
  const { periods } = await describeAgreement(world.database, 'acme-downtime')
  expect(periods[0]).toMatchObject({ title: 'March 2026', settled: true, verdict: 'missed' })
  const entries = await world.database.one(
    sql<{ count: number }>`select count(*)::int as count from journal where type = 'agreement.settled'`,
  )
  expect(entries.count).toBe(3)
})

test('what was not measured stays open until somebody decides, with a reason', async () => {
  // April: two days were measured, then nothing.
  const end = Date.parse('2026-04-30T22:00:00Z')
  await clock.set(instant(end + 4 * day))
  await newest()
  await watchAgreements(world.needs, ports)
  const april = await readStatement(world.database, 'acme-downtime', { ago: 1 })
  expect(april).toMatchObject({ verdict: 'open', settled: null, creditMost: { percentText: '20', capped: true } })
  expect(april.unknownMinutes).toBeGreaterThan(20 * 1_440)
  const [line] = (await describeAgreements(world.database, 'declared')).filter((each) => each.name === 'acme-downtime')
  expect(line?.unsettled).toBe(1)
  const order = { name: 'acme-downtime', start: instant(Date.parse(april.period.start)), actor: admin } as const
  const done = await settleByHand(world.needs, { ...order, unmeasured: 'up', reason: 'Our probes say it was up' })
  expect(done).toMatchObject({ settled: { by: 'Ana', reason: 'Our probes say it was up' }, verdict: 'kept' })
  await expect(settleByHand(world.needs, { ...order, unmeasured: 'down', reason: 'Again' })).rejects.toMatchObject({
    code: 'slo.cannot-settle',
  })
})

test.each([
  { says: 'no such objective', more: 'objective: chekout\n  counts: requests', detail: 'Did you mean checkout?' },
  { says: 'both', more: 'objective: checkout\n  journey: buy\n  counts: requests', detail: 'exactly one' },
  { says: 'requests of a journey', more: 'journey: buy\n  counts: requests', detail: 'count `downtime`' },
  { says: 'no threshold', more: 'objective: checkout\n  counts: downtime', detail: 'when a minute is down' },
])('refused: $says', async ({ more, detail }) => {
  expect(JSON.stringify(await apply(sla('other', more)))).toContain(detail)
})

test('at the edge: a statement to hand over, faults as everywhere', async () => {
  const server = await world.serve([sloRoom(world.needs, ports)])
  const get = (url: string) =>
    server.inject({ method: 'GET', url: `/api/v1/agreements${url}`, headers: { authorization: 'Bearer x' } })
  const csv = await get('/acme-downtime/statement.csv?at=2026-03-10T00:00:00Z')
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(csv.body).toContain('credit_amount,100.00,EUR')
  expect(csv.body).toContain('exclusion,,2026-03-01T23:00:00.000Z,2026-03-02T00:00:00.000Z,60,Agreed maintenance')
  expect((await get('/none/statement')).statusCode).toBe(404)
  expect((await get('/none')).statusCode).toBe(404)
  expect((await get('/acme-downtime/statement?at=2099-01-01T00:00:00Z')).statusCode).toBe(422)
  expect((await get('')).json().items).toHaveLength(3)
})
