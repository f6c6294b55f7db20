// Agreements where a customer would be told something wrong: before anything was measured, while something is on its way,
// when terms, slices or objectives change, and when they end.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { AppError } from '../../kernel/app-error.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { agreementKind } from './kinds/agreement-kind.ts'
import { journeyKind } from './kinds/journey-kind.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import type { SloPorts, Word } from './slo.ports.ts'
import { describeAgreement, describeAgreements, readStatement, settleByHand } from './usecases/read-agreements.ts'
import { rollUpDays } from './usecases/roll-up-days.ts'
import { watchAgreements } from './usecases/watch-agreements.ts'

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
const catalog = catalogOf([journeyKind, agreementKind])
const apply = async (...documents: string[]): Promise<unknown> => {
  try {
    await applyDocuments(world.needs, catalog, { documents: documents.join('\n---\n'), actor: admin })
    return []
  } catch (error) {
    return error instanceof AppError ? (error.details.faults ?? error.message) : error
  }
}
const remove = (kind: string, name: string) =>
  deleteResource(world.needs, catalog, { key: { kind, name }, actor: admin })

const slo = (name: string, slice: string) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: shop
  indicator: {metadata: {name: ${name}-all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  ${
    slice === ''
      ? 'budgetingMethod: Occurrences\n  objectives: [{target: 0.9995}]'
      : `budgetingMethod: Timeslices\n  objectives: [{target: 0.9995, timeSliceTarget: 0.9, timeSliceWindow: ${slice}}]`
  }`
const sla = (name: string, more: string, period = 'month') => `
apiVersion: mainstay.dev/v1
kind: ServiceLevelAgreement
metadata: {name: ${name}}
spec:
  customer: Acme
  target: 99.9%
  period: ${period}
  timeZone: UTC
  fee: 1000.00 EUR
  credits: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 25%}]
  ${more}`
const downtime = (objective: string, more = '') =>
  `objective: ${objective}\n  counts: downtime\n  downtime: {below: 50%}${more === '' ? '' : `\n  ${more}`}`

const at = (text: string) => instant(Date.parse(text))
const march = at('2026-03-01T00:00:00Z')

beforeAll(async () => {
  world = await openTelemetryWorld('agreements-edges')
  clock = await installClock(world.connection)
  engine = createEngine(world.needs)
  await clock.set(march)
  expect(
    await apply(
      'apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ben}\nspec: {email: ben@example.org}',
      'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: shop}\nspec: {tier: 1}',
      slo('checkout', ''),
      slo('slots', '1m'),
    ),
  ).toEqual([])
}, 120_000)
beforeEach(() => {
  told.length = 0
})
afterAll(() => world.close())

/** A hundred good requests a minute, or a slice of another length. */
const fill = (objective: string, from: number, until: number, stepMs: number = minute, good = 100) =>
  world.database.run(sql`
    insert into slices (stream, slice_start, good, total)
    select s.key, m, ${good}::int, 100
    from telemetry_streams s, generate_series(${from}::bigint, ${until - 1}::bigint, ${stepMs}::bigint) m
    where s.id = ${objective} and s.retired_at is null on conflict do nothing`)
/** Sets the clock, and tells of everything before. */
const standAt = async (now: number, ...objectives: string[]) => {
  await clock.set(instant(now))
  for (const objective of objectives)
    await pushCounts(
      world.needs,
      { counts: [{ objective, at: new Date(now - minute).toISOString(), good: 100, bad: 0 }] },
      sender,
    )
  engine.forget()
  await engine.tick()
  await engine.tick()
}
const watch = () => watchAgreements(world.needs, ports)

test('agreed as down, and nothing expected yet: no credit is announced in the first minutes of a period', async () => {
  const maintenance = 'exclusions: [{reason: Agreed, once: {from: 2026-03-01T00:00:00Z, to: 2026-03-01T01:00:00Z}}]'
  expect(
    await apply(sla('strict', downtime('checkout', `unmeasured: down\n  notify: [ben]\n  ${maintenance}`))),
  ).toEqual([])
  await clock.set(instant(march + 20_000))
  await watch()
  await standAt(march + 30 * minute, 'checkout')
  await watch()
  expect(told).toEqual([])
  expect(await readStatement(world.database, 'strict', {})).toMatchObject({
    verdict: 'open',
    attainedText: 'not known',
  })
  // What was expected and not measured is down.
  await standAt(march + 5 * hour, 'checkout')
  const { downMinutes, unknownMinutes, verdict } = await readStatement(world.database, 'strict', {})
  expect({ downMinutes, verdict }).toEqual({ downMinutes: 0, verdict: 'missed' })
  expect(unknownMinutes).toBeGreaterThan(200)
  await watch()
  expect(told.map(({ head }) => head)).toEqual(['A credit is due: strict, Acme'])
})

test('what a contract is measured by is not removed before it, and nothing is settled of what is gone', async () => {
  await expect(remove('SLO', 'checkout')).rejects.toMatchObject({ code: 'slo.under-agreement' })
  await expect(remove('SLO', 'checkout')).rejects.toThrow('The agreement strict is measured by checkout.')
  await remove('ServiceLevelAgreement', 'strict')
})

test('requests of a period that runs: what was not measured may have failed', async () => {
  await apply(sla('requests', 'objective: checkout\n  counts: requests'))
  await fill('checkout', march, march + 3 * day)
  await standAt(march + 3 * day, 'checkout')
  expect(await readStatement(world.database, 'requests', {})).toMatchObject({ verdict: 'kept' })
  // Two days of which nobody knows anything.
  await standAt(march + 5 * day, 'checkout')
  const statement = await readStatement(world.database, 'requests', {})
  expect(statement).toMatchObject({ verdict: 'open', creditLeast: { percentText: '0' } })
  expect(statement.creditMost.percentText).toBe('25')
  await remove('ServiceLevelAgreement', 'requests')
})

test('no period is settled before it was told of to its end, neither by itself nor by hand', async () => {
  const april = at('2026-04-01T00:00:00Z')
  await apply(sla('at-once', downtime('checkout', 'settleAfterDays: 0')))
  await fill('checkout', march, april - hour)
  await standAt(april - hour, 'checkout')
  // The engine stands still.
  await clock.set(instant(april + minute))
  await watch()
  const statement = await readStatement(world.database, 'at-once', { ago: 1 })
  expect(statement).toMatchObject({ settled: null, period: { title: 'March 2026' } })
  const order = { name: 'at-once', start: march, unmeasured: 'up', reason: 'It was up', actor: admin } as const
  await expect(settleByHand(world.needs, order)).rejects.toThrow('It was told of only until 2026-03-31T2')
  await fill('checkout', april - hour, april + minute)
  await standAt(april + 10 * minute, 'checkout')
  await watch()
  expect(await readStatement(world.database, 'at-once', { ago: 1 })).toMatchObject({
    verdict: 'kept',
    unknownMinutes: 0,
    settled: { reason: null },
  })
})

test('longer periods from now on: a quarter that begins with a settled month is one of its own', async () => {
  const [april, may, july] = [at('2026-04-01T00:00:00Z'), at('2026-05-01T00:00:00Z'), at('2026-07-01T00:00:00Z')]
  await fill('checkout', april, may + minute)
  await standAt(may + hour, 'checkout')
  await watch()
  await apply(sla('at-once', downtime('checkout', 'settleAfterDays: 0'), 'quarter'))
  await fill('checkout', may, july + minute)
  await standAt(july + hour, 'checkout')
  await watch()
  // A part of it was settled by other terms: whether that is paid once more somebody decides.
  expect(await readStatement(world.database, 'at-once', { ago: 1 })).toMatchObject({
    ...{ settled: null, verdict: 'kept' },
    period: { title: 'second quarter of 2026' },
  })
  const order = { name: 'at-once', start: april, unmeasured: 'up', reason: 'Agreed with Acme', actor: admin } as const
  expect(await settleByHand(world.needs, order)).toMatchObject({
    period: { title: 'second quarter of 2026' },
    settled: { reason: 'Agreed with Acme' },
  })
  const { periods } = await describeAgreement(world.database, 'at-once')
  expect(periods.filter((each) => each.settled).map((each) => each.title)).toEqual([
    'second quarter of 2026',
    'April 2026',
    'March 2026',
  ])
  // Shorter again: months of a settled quarter are not asked for a second time.
  await apply(sla('at-once', downtime('checkout', 'settleAfterDays: 0\n  from: 2026-03-01')))
  await watch()
  const [line] = (await describeAgreements(world.database, 'declared')).filter((each) => each.name === 'at-once')
  expect(line?.unsettled).toBe(0)
  // What was settled by the terms of then is found by its ends; by its beginning, the period of now.
  const quarter = periods.find((each) => each.title === 'second quarter of 2026') ?? expect.unreachable()
  const then = await readStatement(world.database, 'at-once', { at: quarter.start, end: quarter.end })
  expect(then).toMatchObject({ period: { title: 'second quarter of 2026' }, terms: { period: 'quarter' } })
  expect(then.settled).not.toBeNull()
  expect((await readStatement(world.database, 'at-once', { at: quarter.start })).period.title).toBe('April 2026')
  await expect(
    readStatement(world.database, 'at-once', { at: quarter.start, end: '2026-06-02T00:00:00Z' }),
  ).rejects.toMatchObject({ code: 'slo.bad-period' })
})

test('a credit says itself in words, also one that was settled before credits did', async () => {
  await world.database.run(sql`
    update agreement_statements set statement = statement #- '{creditLeast,text}' #- '{creditMost,text}' where name = 'at-once'`)
  const { periods } = await describeAgreement(world.database, 'at-once')
  expect(periods.map((each) => each.credit.text)).toEqual(
    periods.map(() => expect.stringMatching(/^none$|% of the fee, /)),
  )
  const april = await readStatement(world.database, 'at-once', { at: '2026-04-01T00:00:00Z' })
  expect([april.creditLeast.text, april.creditMost.text]).toEqual([expect.any(String), expect.any(String)])
})

test('of an agreement that was removed, what was settled is still handed over', async () => {
  await remove('ServiceLevelAgreement', 'at-once')
  expect(await readStatement(world.database, 'at-once', {})).toMatchObject({
    period: { title: 'second quarter of 2026' },
  })
  expect(await readStatement(world.database, 'at-once', { ago: 1 })).toMatchObject({ period: { title: 'April 2026' } })
  expect(await describeAgreement(world.database, 'at-once')).toMatchObject({
    ...{ displayName: 'at-once', effectiveAt: null, current: null },
    periods: [{ settled: true }, { settled: true }, { settled: true }],
  })
  expect((await describeAgreements(world.database, 'declared')).map((each) => each.name)).not.toContain('at-once')
  expect(await describeAgreements(world.database, 'removed')).toMatchObject([
    { name: 'at-once', removed: true, title: 'second quarter of 2026', customer: 'Acme', unsettled: 0 },
  ])
  expect((await describeAgreements(world.database, 'all')).map((each) => each.name)).toContain('at-once')
  const [, april] = (await describeAgreement(world.database, 'at-once')).periods
  expect(
    await readStatement(world.database, 'at-once', { at: april?.start ?? '', end: april?.end ?? '' }),
  ).toMatchObject({ period: { title: 'April 2026' } })
  await expect(readStatement(world.database, 'at-once', { at: '2025-01-01T00:00:00Z' })).rejects.toMatchObject({
    code: 'slo.bad-period',
  })
  await expect(readStatement(world.database, 'none', {})).rejects.toMatchObject({ code: 'slo.unknown-agreement' })
})

test('the last days of a contract that ended are read and settled, and periods wait for years', async () => {
  await apply(sla('ended', downtime('checkout', 'from: 2025-01-01\n  until: 2026-07-10')))
  await fill('checkout', at('2026-07-01T00:01:00Z'), at('2026-07-14T00:00:00Z'))
  await standAt(at('2026-07-14T00:00:00Z'), 'checkout')
  await watch()
  const last = await readStatement(world.database, 'ended', {})
  expect(last.period).toMatchObject({ end: '2026-07-11T00:00:00.000Z', running: false })
  expect(last.settled).not.toBeNull()
  const [line] = (await describeAgreements(world.database, 'declared')).filter((each) => each.name === 'ended')
  // January 2025 to February 2026 were never measured; March to June were.
  expect(line?.unsettled).toBe(14)
})

test('one agreement that cannot be looked at keeps no other from its customers', async () => {
  await apply(
    sla('broken', downtime('checkout', 'unmeasured: down')),
    sla('sound', downtime('checkout', 'from: 2026-05-01')),
  )
  await world.database.run(sql`update agreements set definition = definition - 'counting' where name = 'broken'`)
  await expect(watch()).rejects.toThrow()
  const settled = await readStatement(world.database, 'sound', { ago: 1 })
  expect(settled.settled).not.toBeNull()
  await remove('ServiceLevelAgreement', 'broken')
})

test('a journey in a journey: what is not known of the inner one stays so', async () => {
  const journey = (name: string, members: string) =>
    `apiVersion: mainstay.dev/v1\nkind: JourneyObjective\nmetadata: {name: ${name}}\nspec: {target: 0.99, window: 28d, missing: bad, members: [${members}]}`
  const now = at('2026-08-03T00:00:00Z')
  await apply(
    journey('pay', '{objective: slots}'),
    journey('buy', '{objective: checkout}, {journey: pay}'),
    sla('nested', 'journey: buy\n  counts: downtime\n  downtime: {below: 50%}'),
  )
  await fill('checkout', at('2026-07-31T00:00:00Z'), now)
  await standAt(now, 'checkout', 'slots')
  const statement = await readStatement(world.database, 'nested', {})
  expect(statement).toMatchObject({ verdict: 'open', downMinutes: 0 })
  expect(statement.unknownMinutes).toBeGreaterThan(2_800)
  await expect(remove('SLO', 'slots')).rejects.toMatchObject({ code: 'slo.under-agreement' })
})

test('slices of another length since: the time before counts as it was measured, and somebody looks at it', async () => {
  const september = at('2026-09-01T00:00:00Z')
  const changed = september + 10 * day + 7 * minute
  await clock.set(september)
  await apply(sla('changed', downtime('slots')), sla('changed-events', 'objective: checkout\n  counts: requests'))
  await standAt(september, 'slots', 'checkout')
  await fill('slots', september, changed)
  await world.database.run(sql`
    update slices set good = 0 where slice_start >= ${september + 2 * day} and slice_start < ${september + 2 * day + 20 * minute}
      and stream = (select key from telemetry_streams where id = 'slots' and retired_at is null)`)
  await fill('checkout', september, changed)
  await standAt(changed, 'slots', 'checkout')
  for (let round = 0; round < 50 && (await rollUpDays(world.needs)) > 0; round += 1);
  expect(await apply(slo('slots', '5m'), slo('checkout', '5m'))).toEqual([])
  // Events are added whatever slices they lie in, also of the day that was not rolled up yet.
  expect(await apply(slo('checkout', ''))).toEqual([])
  const october = at('2026-10-01T00:00:00Z')
  await fill('slots', Math.floor(changed / (5 * minute)) * 5 * minute, october + 4 * day, 5 * minute)
  await fill('checkout', changed, october + 4 * day)
  await standAt(october + 4 * day, 'slots', 'checkout')
  await watch()
  const slots = await readStatement(world.database, 'changed', { ago: 1 })
  expect(slots).toMatchObject({ downMinutes: 20, unknownMinutes: 0, verdict: 'kept', settled: null })
  const events = await readStatement(world.database, 'changed-events', { ago: 1 })
  expect(events).toMatchObject({ bad: 0, unknownMinutes: 0, good: (30 * 1_440 + 1) * 100, settled: null })
})
