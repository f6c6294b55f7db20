// A request id among the attributes makes a series of each request: the number of series is bounded, and what is
// refused is shown to people, while known series count on.
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../platform/database/queries.ts'
import { unpackSeries } from './core/index.ts'
import { mostSeries } from './counting-rules.ts'
import {
  countAccepted,
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
  world = await openTelemetryWorld('otlp_cap')
  server = await world.serve([telemetryRoom(world.needs, portsWith({}))])
})
afterAll(() => world.close())

function body(at: number, value: number, ids: readonly number[]): string {
  const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)
  const dataPoints = ids.map((id) => ({
    attributes: [{ key: 'request.id', value: { stringValue: `r-${id}` } }],
    startTimeUnixNano: nanos(at - 600_000),
    timeUnixNano: nanos(at),
    asInt: String(value),
  }))
  const metric = {
    name: 'http.server.request.duration',
    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints },
  }
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'front' } }] },
        scopeMetrics: [{ scope: { name: 'shop' }, metrics: [metric] }],
      },
    ],
  })
}

const send = async (text: string) =>
  (
    await server.inject({
      method: 'POST',
      url: '/v1/metrics',
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
      payload: text,
    })
  ).json()

test(`the series of an objective end at ${mostSeries}`, async () => {
  const stream = await register(world.database, requestsOf('front'))
  const now = await world.database.now()
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
  expect(await send(body(now - 40_000, 1, range(0, mostSeries - 10)))).toEqual({})
  // How many there are is known when they are counted: it is said of the sender.
  expect(await send(body(now - 40_000, 1, range(mostSeries - 10, mostSeries + 90)))).toEqual({})
  const kept = async () => {
    await countAccepted(world.needs)
    const packs = await world.database.many(sql<{ packed: Buffer }>`select packed from series_packs`)
    return packs.flatMap((each) => unpackSeries(each.packed)).filter((each) => each.stream === stream).length
  }
  expect(await kept()).toBe(mostSeries)

  // Known ones count on, in the same request in which strangers are refused again.
  await send(body(now - 20_000, 4, [0, 1, 2, mostSeries + 200]))
  expect(await kept()).toBe(mostSeries)
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ total: 9 })
  const sources = await server.inject({ url: '/api/v1/telemetry/sources', headers: { authorization: 'Bearer key' } })
  const found = sources.json().items[0].findings.find((each: { kind: string }) => each.kind === 'too-many-series')
  expect(found).toMatchObject({ count: 91, example: 'front-availability' })
})
