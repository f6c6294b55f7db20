// The report of a month: exact sums, bad minutes, pages, and what is not known in a column of its own.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine } from './engine/engine.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { sloRoom } from './slo.module.ts'
import type { SloPorts } from './slo.ports.ts'
import { correctObjective } from './usecases/correct-objective.ts'
import { reportAttainment } from './usecases/report-attainment.ts'

let world: TelemetryWorld
let clock: TestClock
const catalog = catalogOf()
// 1 March, 00:10 in Vienna: the month has just begun there, and not yet in UTC.
const begin = instant(Date.parse('2026-02-28T23:10:00Z'))
const ports: SloPorts = { pagesOf: async () => new Map([['website', 4]]) }

const slo = (name: string, service: string, target: number) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}, displayName: "=Sum(${name})"}
spec:
  service: ${service}
  indicator: {metadata: {name: ${name}-all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: ${target}}]`

beforeAll(async () => {
  world = await openTelemetryWorld('report')
  clock = await installClock(world.connection)
  await clock.set(begin)
  const documents = [
    'apiVersion: mainstay.dev/v1\nkind: Team\nmetadata: {name: web}\nspec: {members: []}',
    'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: website}\nspec: {tier: 1, team: web}',
    'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: backend}\nspec: {tier: 2}',
    slo('views', 'website', 0.9),
    slo('orders', 'website', 0.99),
    slo('silent', 'backend', 0.99),
  ]
  await applyDocuments(world.needs, catalog, { documents: documents.join('\n---\n'), actor: admin })
  // Forty minutes; ten of them fail by a third. The last five of `orders` are not told of.
  const counts = Array.from({ length: 40 }, (_, past) => {
    const at = new Date(begin + past * minute).toISOString()
    const bad = past >= 20 && past < 30 ? 30 : 0
    return [
      { objective: 'views', at, good: 100 - bad, bad },
      ...(past < 35 ? [{ objective: 'orders', at, good: 100 - bad, bad }] : []),
    ]
  }).flat()
  await clock.forward(40 * minute)
  await pushCounts(world.needs, { counts }, sender)
  const engine = createEngine(world.needs)
  await engine.tick()
  await clock.forward(10 * minute)
  await engine.tick()
})
afterAll(() => world.close())

const asked = { period: 'month', zone: 'Europe/Vienna' } as const
const report = (more: object = {}) => reportAttainment(world.database, ports, { ...asked, ...more })

test('sums are exact; missed is missed, and what is not known is neither met nor good', async () => {
  const { rows, period, total, teams, services, tiers, notes } = await report()
  expect(period).toMatchObject({ start: '2026-02-28T23:00:00.000Z', end: '2026-03-31T22:00:00.000Z', running: true })
  expect(rows).toMatchObject([
    {
      objective: 'orders',
      verdict: 'missed',
      good: 3_200,
      bad: 300,
      badMinutes: 10,
      attained: expect.closeTo(32 / 35, 12),
    },
    {
      objective: 'silent',
      verdict: 'unknown',
      attained: null,
      attainedText: 'not known',
      measuredRatio: null,
      tier: 2,
    },
    { objective: 'views', verdict: 'unknown', good: 3_700, bad: 300, badMinutes: 10, attained: 0.925 },
  ])
  // Silence since 23:45 and 23:50 is time of its own.
  expect(rows.map((row) => row.unknownMinutes > 0)).toEqual([true, false, true])
  expect(total).toMatchObject({ objectives: 3, met: 0, missed: 1, unknown: 2, badMinutes: 20, pages: 4 })
  expect(teams.map((each) => [each.key, each.objectives, each.pages])).toEqual([
    ['web', 2, 4],
    ['', 1, 0],
  ])
  expect(services.map((each) => each.key)).toEqual(['backend', 'website'])
  expect(tiers.map((each) => each.key)).toEqual(['1', '2'])
  expect(notes.join()).toContain('still running')
})

test('a month in UTC began earlier, and the month before knows nothing', async () => {
  expect((await report({ zone: 'UTC', at: '2026-02-28T23:30:00Z' })).period.start).toBe('2026-02-01T00:00:00.000Z')
  const before = await report({ ago: 1 })
  expect(before.period.running).toBe(false)
  expect(before.rows.every((row) => row.verdict === 'unknown' && row.good === 0)).toBe(true)
})

test('corrections count, also in the report', async () => {
  await correctObjective(world.needs, {
    ...{ name: 'orders', mode: 'drop', reason: 'A load test', actor: admin },
    from: instant(begin + 20 * minute),
    to: instant(begin + 30 * minute),
  })
  const [orders] = (await report({ service: 'website' })).rows
  expect(orders).toMatchObject({ objective: 'orders', good: 2_500, bad: 0, badMinutes: 0, attained: 1 })
})

test.each([
  { says: 'a zone that is none', query: { zone: 'Mars/Olympus' } },
  { says: 'the future', query: { at: '2030-01-01T00:00:00Z' } },
  { says: 'long ago', query: { at: '1969-01-01T00:00:00Z' } },
])('$says is refused', async ({ query }) => {
  await expect(report(query)).rejects.toMatchObject({ code: 'slo.bad-period' })
})

test('as comma-separated values: for whoever may read it, without formulas, faults as everywhere', async () => {
  const server = await world.serve([sloRoom(world.needs, ports)])
  const get = (query: string, headers = { authorization: 'Bearer x' }) =>
    server.inject({ method: 'GET', url: `/api/v1/slo-report.csv${query}`, headers })
  const reply = await get('?period=trailing&days=1&team=web')
  expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8')
  const lines = reply.body.split('\r\n')
  expect(lines).toHaveLength(4)
  expect(lines[0]).toContain('objective,display_name,service')
  expect(lines[1]).toContain("orders,'=Sum(orders),website,web,1,99,")
  expect((await get('?period=century')).statusCode).toBe(422)
  expect((await get('?tear=1')).statusCode).toBe(422)
  const stranger = await server.inject({ method: 'GET', url: '/api/v1/slo-report.csv' })
  expect(stranger.statusCode).toBe(401)
  const json = await server.inject({
    ...{ method: 'GET', url: '/api/v1/slo-report?team=web' },
    headers: { authorization: 'Bearer x' },
  })
  expect(json.json()).toMatchObject({ total: { objectives: 2 } })
})
