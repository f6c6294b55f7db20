// Remote write through the real route into PostgreSQL, in the bytes that senders send.
import type { FastifyInstance } from 'fastify'
import protobuf from 'protobufjs'
import { compress } from 'snappyjs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '../../platform/database/queries.ts'
import type { NewStream } from './stream.ts'
import {
  countAccepted,
  forget,
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf,
} from './telemetry.fixture.ts'
import { telemetryRoom } from './telemetry.module.ts'

const { root } = protobuf.parse(
  `syntax = "proto3";
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message Series1 { repeated Label labels = 1; repeated Sample samples = 2; }
message Request1 { repeated Series1 timeseries = 1; }
message Series2 { repeated uint32 labels_refs = 1; repeated Sample samples = 2; int64 created_timestamp = 6; }
message Request2 { repeated string symbols = 4; repeated Series2 timeseries = 5; }`,
  { keepCase: true },
)
const encode = (type: string, body: object) => {
  const found = root.lookupType(type)
  return Buffer.from(compress(found.encode(found.fromObject(body)).finish()))
}

let world: TelemetryWorld
let server: FastifyInstance
let now: number

beforeAll(async () => {
  world = await openTelemetryWorld('remote_write')
  server = await world.serve([telemetryRoom(world.needs, portsWith({}))])
})
afterAll(() => world.close())
beforeEach(async () => {
  await forget(world.database)
  now = await world.database.now()
  await register(world.database, shop())
})

function shop(): NewStream {
  const part = { metric: 'requests_total', filters: [{ key: 'job', op: 'equals' as const, value: 'shop' }] }
  const failing = { key: 'code', op: 'regex' as const, value: '5..' }
  return requestsOf('shop', {
    source: {
      kind: 'remote-write',
      form: 'bad-total',
      parts: [
        { side: 'bad', ...part, filters: [...part.filters, failing] },
        { side: 'total', ...part },
      ],
    },
  })
}

type Given = {
  code: string
  samples: readonly (readonly [ago: number, value: number])[]
  more?: Record<string, string>
}
const timeseries = (given: readonly Given[]) =>
  given.map(({ code, samples, more = {} }) => ({
    labels: Object.entries({ __name__: 'requests_total', code, instance: 'a:1', job: 'shop', ...more }).map(
      ([name, value]) => ({ name, value }),
    ),
    samples: samples.map(([ago, value]) => ({ timestamp: now - ago * 1000, value })),
  }))
const post = (payload: Buffer, headers: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url: '/api/v1/write',
    headers: {
      authorization: 'Bearer key',
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      ...headers,
    },
    payload,
  })
const write = async (...given: Given[]) =>
  (await post(encode('Request1', { timeseries: timeseries(given) }))).statusCode
const counted = async () => {
  await countAccepted(world.needs)
  const { bad, total } = await totalsOf(world.database, 'shop-availability')
  return { bad, total }
}

test('what a target began to count is counted from 0; what was there before us is not', async () => {
  expect(await write({ code: '200', samples: [[90, 1_000]] })).toBe(204)
  expect(
    await write(
      {
        code: '200',
        samples: [
          [75, 1_030],
          [60, 1_040],
        ],
      },
      { code: '503', samples: [[60, 2]] },
    ),
  ).toBe(204)
  expect(await counted()).toEqual({ bad: 2, total: 42 })
  // Another instance, first seen with what it counted in the past.
  await write({ code: '503', samples: [[45, 500]], more: { instance: 'b:1' } })
  // The same series under other names: a label was added by its scrape.
  await write({ code: '200', samples: [[45, 1_040]], more: { zone: 'eu' } })
  expect(await counted()).toEqual({ bad: 2, total: 42 })
})

test('two processes that take turns, each with a memory of its own, count as one', async () => {
  const another = await world.serve([telemetryRoom(world.needs, portsWith({}))])
  const processes = [server, another]
  const turns = [0, 0, 1, 0, 1, 1, 0]
  for (const [index, turn] of turns.entries()) {
    const body = encode('Request1', {
      timeseries: timeseries([
        { code: '200', samples: [[100 - 10 * index, 100 + 7 * index]] },
        { code: '500', samples: [[100 - 10 * index, index]] },
      ]),
    })
    const headers = {
      authorization: 'Bearer key',
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
    }
    const reply = await processes[turn]?.inject({ method: 'POST', url: '/api/v1/write', headers, payload: body })
    expect(reply?.statusCode).toBe(204)
  }
  expect(await counted()).toEqual({ bad: 6, total: 48 })
})

test('repeated, out of order and restarted: the counts are those of the process', async () => {
  await write({ code: '200', samples: [[100, 10]] })
  await write({ code: '200', samples: [[70, 25]] })
  const late = [[85, 18]] as const
  await write({ code: '200', samples: late })
  await write({ code: '200', samples: late })
  await write({ code: '200', samples: [[55, 4]] })
  expect(await counted()).toEqual({ bad: 0, total: 19 })
  const sources = await server.inject({ url: '/api/v1/telemetry/sources', headers: { authorization: 'Bearer key' } })
  expect(sources.json().items).toMatchObject([
    { name: 'remote-write:shop/a:1', kind: 'remote-write', objectives: ['shop-availability'] },
  ])
  expect(
    sources
      .json()
      .items[0].findings.map((each: { kind: string }) => each.kind)
      .sort(),
  ).toEqual(['baseline', 'late', 'reset'])
})

test('of a pair one is listened to, and the other takes over when it is silent', async () => {
  const from = (replica: string) => ({ prometheus: 'infra/main', prometheus_replica: replica })
  await write({ code: '200', samples: [[100, 10]], more: from('p-0') })
  await write({ code: '200', samples: [[98, 500]], more: from('p-1') })
  await write({ code: '200', samples: [[85, 15]], more: from('p-0') })
  await write({ code: '200', samples: [[83, 400]], more: from('p-1') })
  expect(await counted()).toEqual({ bad: 0, total: 5 })
  await world.database.run(sql`update telemetry_replicas set last_at = last_at - interval '31 seconds'`)
  await write({ code: '200', samples: [[40, 21]], more: from('p-1') })
  expect(await counted()).toEqual({ bad: 0, total: 11 })
})

test('2.0: created timestamps say what is new, and the answer says what was written', async () => {
  const series = timeseries([
    {
      code: '503',
      samples: [
        [30, 3],
        [15, 4],
      ],
    },
  ])[0]
  const symbols = ['', ...(series?.labels.flatMap(({ name, value }) => [name, value]) ?? [])]
  const request = (created: number) =>
    encode('Request2', {
      symbols,
      timeseries: [
        {
          labels_refs: series?.labels.flatMap(({ name, value }) => [symbols.indexOf(name), symbols.indexOf(value)]),
          samples: series?.samples,
          created_timestamp: created,
        },
      ],
    })
  const two = { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }
  const [{ since }] = [await world.database.one(sql<{ since: number }>`select since from telemetry_streams`)]
  await world.database.run(sql`update telemetry_streams set since = since - interval '2 minutes'`)
  const reply = await post(request(since - 40_000), two)
  expect(reply.statusCode).toBe(204)
  expect(reply.headers).toMatchObject({
    'x-prometheus-remote-write-samples-written': '2',
    'x-prometheus-remote-write-histograms-written': '0',
    'x-prometheus-remote-write-exemplars-written': '0',
  })
  expect(await counted()).toEqual({ bad: 4, total: 4 })
})

test('what is written twice at once is counted once', async () => {
  await write({ code: '200', samples: [[100, 0]] })
  const batches = Array.from({ length: 10 }, (_, index) => [90 - index, (index + 1) * 5] as const)
  await Promise.all([...batches, ...batches].map((sample) => write({ code: '200', samples: [sample] })))
  expect(await counted()).toEqual({ bad: 0, total: 50 })
})

test.each([
  ['no key', 401, { authorization: '' }, null],
  ['another message', 415, { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v3.Request' }, null],
  ['another type', 415, { 'content-type': 'application/json' }, null],
  ['another packing', 415, { 'content-encoding': 'zstd' }, null],
  ['no snappy', 400, {}, Buffer.from('hello')],
  ['no such message', 400, {}, Buffer.from(compress(Uint8Array.of(0xff, 0xff, 0xff)))],
  ['a bomb', 413, {}, Buffer.from('ffffffff0f00', 'hex')],
])('%s: %i, so that it is not sent again', async (_what, status, headers, payload) => {
  expect((await post(payload ?? encode('Request1', { timeseries: [] }), headers)).statusCode).toBe(status)
  expect(await counted()).toEqual({ bad: 0, total: 0 })
})

test('while the database is away the sender is told to try again', async () => {
  const away = {
    ...world.needs,
    database: {
      ...world.database,
      transaction: () => Promise.reject(Object.assign(new Error('terminating connection'), { code: '57P01' })),
    },
  }
  const other = await world.serve([telemetryRoom(away, portsWith({}))])
  const reply = await other.inject({
    method: 'POST',
    url: '/api/v1/write',
    headers: { authorization: 'Bearer key', 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
    payload: encode('Request1', { timeseries: timeseries([{ code: '200', samples: [[10, 1]] }]) }),
  })
  expect(reply.statusCode).toBeGreaterThanOrEqual(500)
})
