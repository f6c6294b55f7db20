// OTLP is counted like remote write: kept, then counted with whatever else came, once each, in whatever pieces, by whichever process.
import protobuf from 'protobufjs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '../../platform/database/queries.ts'
import type { Temporality } from './core/index.ts'
import { newStreamCache } from './count-directly.fixture.ts'
import { openDecodeMemory } from './decode-memory.ts'
import { readWaiting } from './inbox.store.ts'
import { readBody } from './read-body.ts'
import { findSources } from './series.store.ts'
import { readFeeds, readSlices } from './slices.store.ts'
import type { NewStream } from './stream.ts'
import { findStream } from './streams.store.ts'
import {
  countAccepted,
  countDirectly,
  dying,
  forget,
  nobodyCollects,
  openTelemetryWorld,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf,
} from './telemetry.fixture.ts'
import { createFolder } from './usecases/fold-samples.ts'
import { createSampleIntake } from './usecases/take-samples.ts'

const { root } = protobuf.parse(
  `syntax = "proto3";
message AnyValue { string stringValue = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Point { fixed64 startTimeUnixNano = 2; fixed64 timeUnixNano = 3; oneof value { double asDouble = 4; sfixed64 asInt = 6; } repeated KeyValue attributes = 7; }
message Sum { repeated Point dataPoints = 1; uint32 aggregationTemporality = 2; bool isMonotonic = 3; }
message Explicit { fixed64 startTimeUnixNano = 2; fixed64 timeUnixNano = 3; fixed64 count = 4; repeated fixed64 bucketCounts = 6; repeated double explicitBounds = 7; repeated KeyValue attributes = 9; }
message Histogram { repeated Explicit dataPoints = 1; uint32 aggregationTemporality = 2; }
message Buckets { sint32 offset = 1; repeated uint64 bucketCounts = 2; }
message Exponential { repeated KeyValue attributes = 1; fixed64 startTimeUnixNano = 2; fixed64 timeUnixNano = 3; fixed64 count = 4; sint32 scale = 6; fixed64 zeroCount = 7; Buckets positive = 8; }
message ExponentialHistogram { repeated Exponential dataPoints = 1; uint32 aggregationTemporality = 2; }
message Metric { string name = 1; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponentialHistogram = 10; }
message Scope { string name = 1; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scopeMetrics = 2; }
message Export { repeated ResourceMetrics resourceMetrics = 1; }`,
)
const asBytes = (json: Buffer): Buffer => {
  const found = root.lookupType('Export')
  return Buffer.from(found.encode(found.fromObject(JSON.parse(json.toString()))).finish())
}

let world: TelemetryWorld
let now: number

beforeAll(async () => {
  world = await openTelemetryWorld('fold_otlp')
})
afterAll(() => world.close())
beforeEach(async () => {
  await forget(world.database)
  now = await world.database.now()
})

const ids = ['front-availability', 'front-latency', 'front-jobs', 'front-orders']

/** What is told apart: sums and histograms, all of them and those below a threshold, some in groups. */
async function registerAll(): Promise<void> {
  await register(world.database, requestsOf('front', { grouping: { by: ['route'], most: 2 } }))
  const latency = requestsOf('front', { id: 'front-latency' })
  const jobs = requestsOf('front', { id: 'front-jobs', sliceMs: 5_000 })
  if (latency.source.kind !== 'otlp') throw new Error('not otlp')
  const { parts } = latency.source
  const fast: NewStream['source'] = {
    ...latency.source,
    parts: parts.map((part) => ({ ...part, ...(part.side === 'good' ? { atMost: 0.5 } : {}) })),
  }
  await register(world.database, { ...latency, source: fast })
  const of = (metric: string) => ({ ...latency.source, parts: parts.map((part) => ({ ...part, metric })) })
  await register(world.database, { ...jobs, source: of('jobs.done') })
  const grouping = { by: ['route'], most: 2 }
  await register(world.database, requestsOf('front', { id: 'front-orders', source: of('orders'), grouping }))
}

const pairs = (given: Record<string, string>) =>
  Object.entries(given).map(([key, stringValue]) => ({ key, value: { stringValue } }))
const nanos = (ms: number) => String(BigInt(Math.round(ms)) * 1_000_000n)

interface Random {
  next(below: number): number
}

function randomOf(seed: number): Random {
  let state = seed
  return {
    next: (below) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((state / 2_147_483_648) * below)
    },
  }
}

/** A process as an SDK tells of it: restarts, late and repeated requests, what comes as differences with fractions. */
function history(seed: number): readonly Buffer[] {
  const { next } = randomOf(seed)
  const temporality: Temporality = seed % 2 === 0 ? 'delta' : 'cumulative'
  const aggregationTemporality = temporality === 'delta' ? 1 : 2
  const kinds = ['sum', 'explicit', 'exponential'] as const
  const kind = kinds[seed % 3] ?? 'sum'
  const counts = new Map<string, number[]>()
  const starts = new Map<string, number>()
  const bodies: Buffer[] = []
  for (let ago = 450; ago > 0; ago -= 10 + next(30)) {
    const resourceMetrics = ['a', 'b'].flatMap((instance) => {
      if (next(6) === 0) return []
      if (next(12) === 0) {
        starts.set(instance, now - (ago + 1) * 1_000)
        for (const key of [...counts.keys()]) if (key.startsWith(instance)) counts.delete(key)
      }
      const start = starts.get(instance) ?? now - 600_000
      const at = now - ago * 1_000 + (next(30) === 0 ? 900_000 : 0)
      const points = [
        ['200', '/buy'],
        ['500', '/buy'],
        ['200', '/cart'],
        ['200', '/help'],
      ].flatMap(([code = '', route = '']): (Record<string, unknown> & { timeUnixNano: string })[] => {
        if (next(5) === 0) return []
        const key = `${instance} ${code} ${route}`
        const before = temporality === 'delta' ? [0, 0, 0] : (counts.get(key) ?? [0, 0, 0])
        const after = before.map((count) => count + next(9))
        counts.set(key, after)
        const [fast = 0, slow = 0, slower = 0] = after
        const common = {
          attributes: pairs({ 'http.response.status_code': code, route }),
          startTimeUnixNano: nanos(temporality === 'delta' ? at - 9_000 : start),
          timeUnixNano: nanos(at),
        }
        if (kind === 'sum') return [{ ...common, asDouble: fast + (temporality === 'delta' ? 0.25 : 0) }]
        const count = String(fast + slow + slower)
        if (kind === 'explicit')
          return [{ ...common, count, explicitBounds: [0.5, 1], bucketCounts: [fast, slow, slower].map(String) }]
        const positive = { offset: -3, bucketCounts: [fast, slow, slower].map(String) }
        return [{ ...common, count, scale: 0, zeroCount: '0', positive }]
      })
      const jobs = {
        attributes: pairs({ 'http.response.status_code': '200' }),
        startTimeUnixNano: nanos(start),
        timeUnixNano: nanos(at),
        asInt: String(Math.floor((now - start) / 1_000) + 450 - ago),
      }
      const data = { aggregationTemporality, dataPoints: points }
      const orders = points.map((each, index) => ({
        attributes: pairs({ 'http.response.status_code': index === 1 ? '500' : '200', route: `/${index}` }),
        startTimeUnixNano: nanos(start),
        timeUnixNano: each.timeUnixNano,
        asInt: String(index + (450 - ago) * (index + 1) + (next(30) === 0 ? -400 : 0)),
      }))
      const requests =
        kind === 'sum'
          ? { sum: { ...data, isMonotonic: true } }
          : kind === 'explicit'
            ? { histogram: data }
            : { exponentialHistogram: data }
      return [
        {
          resource: { attributes: pairs({ 'service.name': 'front', 'service.instance.id': instance }) },
          scopeMetrics: [
            {
              scope: { name: 'shop' },
              metrics: [
                { name: 'http.server.request.duration', ...requests },
                { name: 'jobs.done', sum: { aggregationTemporality: 2, isMonotonic: next(9) > 0, dataPoints: [jobs] } },
                { name: 'orders', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: orders } },
                { name: 'unknown', ...(next(4) === 0 ? { sum: { ...data, aggregationTemporality: 0 } } : {}) },
              ],
            },
          ],
        },
      ]
    })
    if (resourceMetrics.length > 0) bodies.push(Buffer.from(JSON.stringify({ resourceMetrics })))
    if (bodies.length > 2 && next(4) === 0) bodies.push(bodies[bodies.length - 1 - next(3)] ?? Buffer.alloc(0))
  }
  return bodies
}

/** All that is kept of what was counted, but for keys and the clock. */
async function kept() {
  const slices = await Promise.all(
    ids.map(async (id) => {
      const stream = await findStream(world.database, id)
      const rows = stream === null ? [] : await readSlices(world.database, stream.key, 0, Number.MAX_SAFE_INTEGER)
      return rows.map(({ sliceStart, good, bad, total }) => [id, sliceStart, good, bad, total])
    }),
  )
  const groups = await world.database.many(sql`
    select p.id, t.group_values as values, s.slice_start, s.good, s.total
    from telemetry_streams t join telemetry_streams p on p.key = t.parent join slices s on s.stream = t.key
    order by p.id, t.group_values nulls last, s.slice_start`)
  const sources = [...(await findSources(world.database, ['otlp:front/a', 'otlp:front/b'])).values()]
  const feeds = await readFeeds(
    world.database,
    sources.map((each) => each.key),
  )
  return {
    slices,
    groups,
    sources: sources
      .map(({ name, samples, matched, findings, key }) => ({
        ...{ name, samples, matched },
        told: feeds
          .filter((feed) => feed.source === key)
          .map((feed) => feed.lastAt)
          .sort(),
        found: Object.entries(findings)
          .map(([kind, { count }]) => `${kind} ${count}`)
          .sort(),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

async function countedAtOnce(bodies: readonly Buffer[]) {
  const [cache, memory] = [newStreamCache(), openDecodeMemory()]
  for (const each of bodies) {
    const body = await readBody(each, 'otlp-json', memory)
    if (body.decoded === null || body.batch !== null) throw new Error('JSON is read into objects')
    await countDirectly(world.needs, cache, body.decoded, 'otlp')
  }
  return kept()
}

const intake = () => createSampleIntake(world.needs, nobodyCollects)

test.each([1, 2, 3, 4, 5, 6].flatMap((seed) => (['otlp-json', 'otlp'] as const).map((form) => ({ seed, form }))))(
  'history $seed as $form: in any pieces, by any process, as if each request was counted at once',
  { timeout: 60_000 },
  async ({ seed, form }) => {
    await registerAll()
    const bodies = history(seed)
    const expected = await countedAtOnce(bodies)
    await forget(world.database)
    await registerAll()
    const folders = [
      createFolder(world.needs, openDecodeMemory()),
      createFolder(world.needs, openDecodeMemory()),
    ] as const
    const accepting = intake()
    for (let at = 0, round = 0; at < bodies.length; round += 1) {
      const part = bodies.slice(at, at + 1 + ((round * seed) % 5))
      at += part.length
      for (const each of part) {
        const body = form === 'otlp' ? asBytes(each) : each
        expect(await accepting.takeMetrics(body, form)).toMatchObject({ state: 'kept' })
      }
      // One that has died in the middle has counted nothing.
      if (round % 2 === 1) {
        const dead = createFolder(dying(world), openDecodeMemory())
        await expect(dead.fold({ patienceMs: 0, alone: false })).rejects.toThrow()
      }
      await folders[round % 3 === 0 ? 1 : 0].fold({ patienceMs: 0, alone: round % 4 === 3 })
    }
    await countAccepted(world.needs)
    expect((await readWaiting(world.database)).bodies).toBe(0)
    const { slices, groups, sources } = await kept()
    expect(sources).toEqual(expected.sources)
    expect(slices).toEqual(expected.slices)
    expect(groups).toEqual(expected.groups)
    expect(slices.flat().length).toBeGreaterThan(10)
  },
)

test('what was remembered before OTLP was kept first is gone on with', async () => {
  await register(world.database, requestsOf('front'))
  const bodies = history(3)
  const [first = Buffer.alloc(0), ...others] = bodies
  const expected = await countedAtOnce(bodies)
  await forget(world.database)
  await register(world.database, requestsOf('front'))
  await countedAtOnce([first])
  const samples = intake()
  for (const each of others) await samples.takeMetrics(each, 'otlp-json')
  await samples.settle()
  expect((await kept()).slices).toEqual(expected.slices)
})

test('objectives that are there when requests are counted count them', async () => {
  const samples = intake()
  for (const each of history(3)) await samples.takeMetrics(each, 'otlp-json')
  await registerAll()
  await samples.settle()
  expect((await totalsOf(world.database, 'front-availability')).total).toBeGreaterThan(0)
})

test('when too much waits, the sender is asked to come again, and when', async () => {
  const samples = createSampleIntake(world.needs, nobodyCollects, 5)
  const [first = Buffer.alloc(0), second = first] = history(3)
  await samples.takeMetrics(first, 'otlp-json')
  await world.database.run(sql`update sample_inbox set bytes = 300000000`)
  // Somebody else counts, and is not done.
  await world.database.run(sql`insert into sample_fold default values on conflict do nothing`)
  await world.database.transaction(async (tx) => {
    await tx.run(sql`select 1 from sample_fold for update`)
    samples.start()
    const more = () =>
      samples.takeMetrics(second, 'otlp-json').then(
        () => null,
        (error) => [error.kind, error.code, error.details.retryAfterSeconds],
      )
    await expect.poll(more, { timeout: 60_000, interval: 20 }).toEqual(['unavailable', 'telemetry.inbox-full', 2])
  })
  await samples.stop()
  await samples.settle()
  expect((await readWaiting(world.database)).bodies).toBe(0)
})

test('two processes that accept and count at the same time count each point once', async () => {
  await register(world.database, requestsOf('front'))
  const request = (ago: number, value: number) => {
    const point = {
      attributes: pairs({ 'http.response.status_code': '200' }),
      startTimeUnixNano: nanos(now - 600_000),
      timeUnixNano: nanos(now - ago),
      asInt: String(value),
    }
    const metric = {
      name: 'http.server.request.duration',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] },
    }
    const resource = { attributes: pairs({ 'service.name': 'front' }) }
    return Buffer.from(JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] }))
  }
  const processes = [0, 1].map(() => createSampleIntake(world.needs, nobodyCollects, 5))
  for (const each of processes) each.start()
  await processes[0]?.takeMetrics(request(100_000, 0), 'otlp-json')
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      processes[index % 2]?.takeMetrics(request(90_000 - index * 1_000, (index + 1) * 5), 'otlp-json'),
    ),
  )
  await Promise.all(processes.map((each) => each.settle()))
  for (const each of processes) await each.stop()
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ good: 200, total: 200 })
})
