// Groups are counted in the transaction that counts the whole, so they add up to it whatever is sent; who gets a group
// is decided once and holds.
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { day } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { countOthers, listGroups, readMembership } from './groups.store.ts'
import { readSlices } from './slices.store.ts'
import { findStream, findStreamsNamed, keepSlices, listStreams, saveStream } from './streams.store.ts'
import {
  countAccepted,
  forget,
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  sender,
  type TelemetryWorld,
  totalsOf,
} from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'
import { packOldSlices } from './usecases/pack-slices.ts'
import { pushCounts } from './usecases/push-counts.ts'
import { tidyTelemetry } from './usecases/tidy-telemetry.ts'

let world: TelemetryWorld
let server: FastifyInstance
const patient = { timeout: 120_000 }
const pushed = { source: { kind: 'push', form: 'good-total' } } as const

beforeAll(async () => {
  world = await openTelemetryWorld('groups')
  server = await world.serve([telemetryRoom(world.needs, portsWith({}))])
})
afterAll(() => world.close())
beforeEach(() => forget(world.database))

type Sums = { good: number; bad: number; total: number }

async function groupsOf(id: string): Promise<Map<string, Sums>> {
  const stream = await findStream(world.database, id)
  const found = new Map<string, Sums>()
  for (const group of stream === null ? [] : await listGroups(world.database, [stream.key])) {
    const rows = await readSlices(world.database, group.key, 0, Number.MAX_SAFE_INTEGER)
    const sum = (side: keyof Sums) => rows.reduce((all, row) => all + row[side], 0)
    found.set(group.values === null ? 'others' : group.values.join('|'), {
      good: sum('good'),
      bad: sum('bad'),
      total: sum('total'),
    })
  }
  return found
}

const sumOf = (groups: ReadonlyMap<string, Sums>): Sums =>
  [...groups.values()].reduce(
    (all, each) => ({ good: all.good + each.good, bad: all.bad + each.bad, total: all.total + each.total }),
    { good: 0, bad: 0, total: 0 },
  )

const push = (counts: Parameters<typeof pushCounts>[1]['counts']) => pushCounts(world.needs, { counts }, sender)

test('whatever is pushed, and however it is packed, the groups add up to the whole', patient, async () => {
  const count = fc.record({
    tenant: fc.integer({ min: 0, max: 11 }),
    unnamed: fc.boolean(),
    minutes: fc.integer({ min: 0, max: 5_000 }),
    good: fc.integer({ min: 0, max: 50 }),
    bad: fc.integer({ min: 0, max: 5 }),
  })
  const batches = fc.array(fc.array(count, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(batches, fc.integer({ min: 1, max: 8 }), fc.boolean(), async (all, most, pack) => {
      await forget(world.database)
      await register(world.database, requestsOf('website', { ...pushed, grouping: { by: ['tenant'], most } }))
      const now = await world.database.now()
      let members = new Set<string>()
      for (const batch of all) {
        await push(
          batch.map(({ tenant, unnamed, minutes, good, bad }) => ({
            objective: 'website-availability',
            at: new Date(now - minutes * 60_000).toISOString(),
            good,
            bad,
            ...(unnamed ? {} : { labels: { tenant: `t${tenant}`, route: '/' } }),
          })),
        )
        if (pack) await packOldSlices(world.needs)
        const groups = await groupsOf('website-availability')
        const { good, bad, total } = await totalsOf(world.database, 'website-availability')
        expect(sumOf(groups)).toEqual({ good, bad, total })
        const named = new Set([...groups.keys()].filter((name) => name !== 'others'))
        expect(named.size).toBeLessThanOrEqual(most)
        expect([...members].every((name) => named.has(name))).toBe(true)
        members = named
      }
    }),
    { numRuns: 25 },
  )
})

test('batches at the same time agree on who gets the last group', patient, async () => {
  const key = await register(
    world.database,
    requestsOf('website', { ...pushed, grouping: { by: ['tenant'], most: 3 } }),
  )
  await Promise.all(
    Array.from({ length: 8 }, (_, sent) =>
      push(
        Array.from({ length: 4 }, (_, index) => ({
          objective: 'website-availability',
          good: 1,
          labels: { tenant: `t${(sent + index) % 6}` },
        })),
      ),
    ),
  )
  expect(await readMembership(world.database, { key })).toMatchObject({ groups: 3 })
  expect(sumOf(await groupsOf('website-availability'))).toEqual({ good: 32, bad: 0, total: 32 })
})

test('a flood of values is counted in one group, told in one kilobyte, and takes no room', patient, async () => {
  const key = await register(world.database, requestsOf('website', { ...pushed, grouping: { by: ['user'], most: 5 } }))
  for (let batch = 0; batch < 6; batch += 1)
    await push(
      Array.from({ length: 1_000 }, (_, index) => ({
        objective: 'website-availability',
        good: 1,
        labels: { user: `u${batch * 1_000 + index}` },
      })),
    )
  const groups = await groupsOf('website-availability')
  expect([...groups.keys()]).toEqual(['u0', 'u1', 'u2', 'u3', 'u4', 'others'])
  expect(groups.get('others')?.total).toBe(5_995)
  expect(Math.abs((await countOthers(world.database, key)) - 5_995)).toBeLessThan(600)
  const kept = await world.database.one(
    sql<{ bytes: number }>`select sum(octet_length(sketch))::int as bytes from stream_overflow`,
  )
  expect(kept.bytes).toBe(1_024)
})

test('OTLP: attributes of the point, and of its resource where it has none', patient, async () => {
  await register(world.database, requestsOf('front', { grouping: { by: ['http.route', 'cloud.region'], most: 10 } }))
  const now = await world.database.now()
  const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)
  const point = (at: number, route: string, status: string, value: number) => ({
    attributes: [
      { key: 'http.route', value: { stringValue: route } },
      { key: 'http.response.status_code', value: { stringValue: status } },
    ],
    startTimeUnixNano: nanos(now - 600_000),
    timeUnixNano: nanos(at),
    asInt: String(value),
  })
  const send = async (at: number, values: readonly [string, string, number][]) => {
    const dataPoints = values.map(([route, status, value]) => point(at, route, status, value))
    const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints }
    const resource = [
      { key: 'service.name', value: { stringValue: 'front' } },
      { key: 'cloud.region', value: { stringValue: 'eu' } },
    ]
    const metrics = [{ name: 'http.server.request.duration', sum }]
    const reply = await server.inject({
      method: 'POST',
      url: '/v1/metrics',
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
      payload: JSON.stringify({
        resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ scope: { name: 'x' }, metrics }] }],
      }),
    })
    expect(reply.statusCode).toBe(200)
    await countAccepted(world.needs)
  }
  await send(now - 120_000, [
    ['/cart', '200', 10],
    ['/cart', '503', 1],
    ['/pay', '200', 5],
  ])
  await send(now - 60_000, [
    ['/cart', '200', 14],
    ['/cart', '503', 4],
    ['/pay', '200', 6],
  ])
  const groups = await groupsOf('front-availability')
  const { good, bad, total } = await totalsOf(world.database, 'front-availability')
  expect(sumOf(groups)).toEqual({ good, bad, total })
  const cart = groups.get('/cart|eu')
  expect((cart?.total ?? 0) - (cart?.good ?? 0)).toBe((total ?? 0) - (good ?? 0))
  expect([...groups.keys()].sort()).toEqual(['/cart|eu', '/pay|eu'])
})

test('groups are no streams of their own: not listed, not pushed to, ended with the whole', async () => {
  await register(world.database, requestsOf('website', { ...pushed, grouping: { by: ['tenant'], most: 3 } }))
  await push([{ objective: 'website-availability', good: 1, labels: { tenant: 'a' } }])
  const [group] = await world.database.many(
    sql<{ id: string }>`select id from telemetry_streams where parent is not null`,
  )
  expect(await listStreams(world.database, null)).toHaveLength(1)
  expect(await findStreamsNamed(world.database, [group?.id ?? ''])).toEqual([])
  expect(await findStream(world.database, group?.id ?? '')).toBeNull()
})

test('another limit keeps the groups; other attributes begin anew, and what is over goes when its time is', async () => {
  const order = requestsOf('website', { ...pushed, grouping: { by: ['tenant'], most: 2 } })
  const key = await register(world.database, order)
  const tenants = (names: readonly string[]) =>
    push(names.map((tenant) => ({ objective: 'website-availability', good: 1, labels: { tenant } })))
  await tenants(['a', 'b', 'c'])
  await world.database.transaction((tx) => saveStream(tx, { ...order, grouping: { by: ['tenant'], most: 3 } }))
  await tenants(['c', 'd'])
  expect(
    Object.fromEntries([...(await groupsOf('website-availability'))].map(([name, { good }]) => [name, good])),
  ).toEqual({ a: 1, b: 1, others: 2, c: 1 })
  await world.database.transaction((tx) => saveStream(tx, { ...order, grouping: { by: ['region'], most: 3 } }))
  expect(await groupsOf('website-availability')).toEqual(new Map())
  expect((await findStream(world.database, 'website-availability'))?.groupedSince).not.toBeNull()
  expect(await countOthers(world.database, key)).toBe(0)
  await world.database.run(sql`
    update telemetry_streams set retired_at = retired_at - make_interval(secs => keep_ms / 1000.0 + ${(2 * day) / 1000}) where parent is not null`)
  await world.database.run(sql`delete from slices`)
  await tidyTelemetry(world.needs)
  const left = await world.database.one(
    sql<{ rows: number }>`select count(*)::int as rows from telemetry_streams where parent is not null`,
  )
  expect(left.rows).toBe(0)
})

test('a contract keeps the whole for longer, and its groups for their windows alone', async () => {
  const order = requestsOf('website', { ...pushed, grouping: { by: ['tenant'], most: 3 } })
  await register(world.database, order)
  const window = (await findStream(world.database, 'website-availability'))?.keepMs ?? 0
  await world.database.transaction((tx) => keepSlices(tx, ['website-availability'], 401 * day))
  await push([{ objective: 'website-availability', good: 1, labels: { tenant: 'a' } }])
  await world.database.transaction((tx) => saveStream(tx, order))
  expect((await findStream(world.database, 'website-availability'))?.keepMs).toBe(401 * day)
  const kept = await world.database.many(
    sql<{
      keepMs: number
    }>`select greatest(keep_ms, agreed_ms) as "keepMs" from telemetry_streams where parent is not null`,
  )
  expect(kept).toEqual([{ keepMs: window }])
  expect(window).toBeLessThan(100 * day)
})

test('hour sums are of the whole', async () => {
  await register(world.database, requestsOf('website', { ...pushed, grouping: { by: ['tenant'], most: 2 } }))
  await push([{ objective: 'website-availability', good: 1, labels: { tenant: 'a' } }])
  await tidyTelemetry(world.needs)
  expect(await world.database.many(sql<{ stream: number }>`select stream from slice_hours`)).toHaveLength(1)
})
