import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '../../platform/database/queries.ts'
import { takeChangedSlices } from './slices.store.ts'
import { removeStream } from './streams.store.ts'
import {
  forget,
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf,
} from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'

let world: TelemetryWorld
let server: FastifyInstance

beforeAll(async () => {
  world = await openTelemetryWorld('push')
  server = await world.serve([telemetryRoom(world.needs, portsWith({}))])
})
afterAll(() => world.close())
beforeEach(async () => {
  await forget(world.database)
  const pushed = { source: { kind: 'push', form: 'good-total' } } as const
  await register(world.database, requestsOf('website', { ...pushed, indicator: 'views' }))
  await register(
    world.database,
    requestsOf('website', { ...pushed, id: 'website-now', indicator: 'views', sliceMs: 5_000 }),
  )
  await register(world.database, requestsOf('front'))
})

async function push(body: object) {
  const reply = await server.inject({
    method: 'POST',
    url: '/api/v1/telemetry/counts',
    headers: { authorization: 'Bearer key' },
    payload: body,
  })
  return { status: reply.statusCode, body: reply.json() }
}

test('a batch is counted once, whatever it is repeated; another content under its id is refused', async () => {
  const batch = { batchId: 'a-1', counts: [{ objective: 'website-availability', good: 98, bad: 2 }] }
  expect(await push(batch)).toEqual({ status: 200, body: { accepted: 1, repeated: false } })
  expect(await push(batch)).toEqual({ status: 200, body: { accepted: 0, repeated: true } })
  expect(await totalsOf(world.database, 'website-availability')).toMatchObject({ good: 98, total: 100 })
  const other = { ...batch, counts: [{ objective: 'website-availability', good: 1 }] }
  expect(await push(other)).toMatchObject({ status: 409, body: { code: 'telemetry.batch-differs' } })
})

test('an indicator is counted for every objective over it', async () => {
  await push({ counts: [{ indicator: 'views', good: 5, bad: 1 }] })
  expect(await totalsOf(world.database, 'website-availability')).toMatchObject({ good: 5, total: 6 })
  expect(await totalsOf(world.database, 'website-now')).toMatchObject({ good: 5, total: 6 })
})

test('concurrent batches add up, and the engine is told of each slice', async () => {
  const at = new Date(await world.database.now()).toISOString()
  const one = { counts: [{ objective: 'website-availability', at, good: 3, bad: 1 }] }
  await Promise.all(Array.from({ length: 20 }, () => push(one)))
  const changed = await world.database.transaction(takeChangedSlices)
  expect(changed).toMatchObject([{ good: 60, total: 80 }])
  expect(await world.database.transaction(takeChangedSlices)).toEqual([])
})

test.each([
  ['telemetry.unknown-objective', 404, { objective: 'nobody', good: 1 }],
  ['telemetry.not-pushed', 422, { objective: 'front-availability', good: 1 }],
  ['telemetry.too-late', 422, { objective: 'website-availability', at: '2020-01-01T00:00:00Z', good: 1 }],
  ['telemetry.too-late', 422, { objective: 'website-availability', at: '2099-01-01T00:00:00Z', good: 1 }],
  ['http.invalid', 422, { objective: 'website-availability', good: -1 }],
  ['http.invalid', 422, { objective: 'website-availability', good: 1.5 }],
])('%s: nothing of the batch is taken', async (code, status, wrong) => {
  const fine = { objective: 'website-availability', good: 1 }
  expect(await push({ batchId: 'b', counts: [fine, wrong] })).toMatchObject({ status, body: { code } })
  expect(await totalsOf(world.database, 'website-availability')).toMatchObject({ total: 0 })
  // The refused batch is not remembered either.
  expect(await push({ batchId: 'b', counts: [fine] })).toMatchObject({ body: { repeated: false } })
})

test('late counts correct their hour at once', async () => {
  const now = await world.database.now()
  const old = new Date(now - 5 * 3_600_000).toISOString()
  await push({ counts: [{ objective: 'website-availability', at: old, good: 8, bad: 2 }] })
  await push({ counts: [{ objective: 'website-availability', at: old, good: 1, bad: 0 }] })
  const hours = await world.database.many(sql`select good, total, measured from slice_hours`)
  expect(hours).toEqual([{ good: 9, total: 11, measured: 1 }])
})

test('a removed objective counts nothing more', async () => {
  await world.database.transaction((tx) => removeStream(tx, 'website-availability'))
  expect(await push({ counts: [{ objective: 'website-availability', good: 1 }] })).toMatchObject({ status: 404 })
})
