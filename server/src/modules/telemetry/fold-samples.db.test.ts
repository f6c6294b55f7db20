// Accepted, then counted: once each, in whatever pieces, by whichever process, and whoever dies in between.
import protobuf from 'protobufjs'
import { compress, uncompress } from 'snappyjs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database, Tx } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { decodeRemoteWrite, defaultLimits } from './core/index.ts'
import { newStreamCache } from './count-directly.fixture.ts'
import { openDecodeMemory } from './decode-memory.ts'
import { appendBodies, readWaiting } from './inbox.store.ts'
import { findSources } from './series.store.ts'
import { readFeeds, readSlices } from './slices.store.ts'
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
import { createSignalCollector } from './usecases/collect-signals.ts'
import { createUsageCollector } from './usecases/collect-usage.ts'
import { createFolder } from './usecases/fold-samples.ts'
import { createSampleIntake, type SampleIntake } from './usecases/take-samples.ts'

const { root } = protobuf.parse(
  `syntax = "proto3";
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message Series { repeated Label labels = 1; repeated Sample samples = 2; }
message Request { repeated Series timeseries = 1; }`,
  { keepCase: true },
)
type Given = {
  code: string
  samples: readonly (readonly [ago: number, value: number])[]
  more?: Record<string, string>
}

let world: TelemetryWorld
let now: number
const started: SampleIntake[] = []

beforeAll(async () => {
  world = await openTelemetryWorld('fold_samples')
})
afterAll(() => world.close())
beforeEach(async () => {
  await forget(world.database)
  now = await world.database.now()
  await register(world.database, shop())
})
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop()
})

const shop = (more: Parameters<typeof requestsOf>[1] = {}) => {
  const filters = [{ key: 'job', op: 'equals' as const, value: 'shop' }]
  const failing = { key: 'code', op: 'prefix' as const, value: '5' }
  const metric = 'requests_total'
  return requestsOf('shop', {
    source: {
      kind: 'remote-write',
      form: 'bad-total',
      parts: [
        { side: 'bad', metric, filters: [...filters, failing] },
        { side: 'total', metric, filters },
      ],
    },
    ...more,
  })
}

function body(...given: Given[]): Buffer {
  const found = root.lookupType('Request')
  const timeseries = given.map(({ code, samples, more = {} }) => ({
    labels: Object.entries({ __name__: 'requests_total', code, instance: 'a:1', job: 'shop', ...more }).map(
      ([name, value]) => ({ name, value }),
    ),
    samples: samples.map(([ago, value]) => ({ timestamp: now - ago * 1000, value })),
  }))
  return Buffer.from(compress(found.encode(found.fromObject({ timeseries })).finish()))
}

const intake = (needs: Needs = world.needs, every?: number) => createSampleIntake(needs, nobodyCollects, every)
const counted = async () => {
  const { bad, total } = await totalsOf(world.database, 'shop-availability')
  return { bad, total }
}
// A busy machine is no failure.
const patient = { timeout: 60_000, interval: 20 }
const waiting = async () => (await readWaiting(world.database)).bodies

/** All that is kept of what was counted, but for keys and the clock. */
async function kept() {
  const stream = await findStream(world.database, 'shop-availability')
  const slices = stream === null ? [] : await readSlices(world.database, stream.key, 0, Number.MAX_SAFE_INTEGER)
  const names = ['remote-write:shop/a:1', 'remote-write:shop/b:1']
  const sources = [...(await findSources(world.database, names)).values()]
  const feeds = await readFeeds(
    world.database,
    sources.map((each) => each.key),
  )
  return {
    slices: slices.map(({ sliceStart, good, bad, total }) => [sliceStart, good, bad, total]),
    sources: sources
      .map(({ name, samples, matched, findings, key }) => ({
        ...{ name, samples, matched, told: feeds.filter((feed) => feed.source === key).map((feed) => feed.lastAt) },
        found: Object.entries(findings as Record<string, { count: number }>)
          .map(([kind, { count }]) => `${kind} ${count}`)
          .sort(),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** As it was before there was an inbox: each request in a transaction of its own. */
async function countedAtOnce(bodies: readonly Buffer[]) {
  const [cache, memory] = [newStreamCache(), openDecodeMemory()]
  for (const each of bodies) {
    const decoded = decodeRemoteWrite(new Uint8Array(uncompress(each)), '1.0', defaultLimits, memory)
    if (decoded.state !== 'decoded') throw new Error(decoded.detail)
    await countDirectly(world.needs, cache, decoded, 'remote-write')
  }
  return kept()
}

/** A history with restarts, late and repeated requests, two instances and newcomers; the same for one seed. */
function history(seed: number): readonly Buffer[] {
  let state = seed
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const counts = new Map<string, number>()
  const bodies: Buffer[] = []
  for (let ago = 450; ago > 0; ago -= 15 + next(30)) {
    const parts: Given[] = []
    for (const instance of ['a:1', 'b:1'])
      for (const code of ['200', '500', '503']) {
        if (next(5) === 0) continue
        const key = `${instance} ${code}`
        const value = next(12) === 0 ? next(5) : (counts.get(key) ?? next(50)) + next(20)
        counts.set(key, value)
        parts.push({
          code,
          samples:
            next(4) === 0
              ? [
                  [ago + 7, value],
                  [ago, value],
                ]
              : [[ago, value]],
          more: { instance },
        })
      }
    if (parts.length > 0) bodies.push(body(...parts))
    if (bodies.length > 2 && next(4) === 0) bodies.push(bodies[bodies.length - 1 - next(3)] ?? Buffer.alloc(0))
  }
  return bodies
}

test.each([1, 2, 3, 4])(
  'history %i: in any pieces, by any process, as if each request was counted at once',
  async (seed) => {
    const bodies = history(seed)
    const expected = await countedAtOnce(bodies)
    await forget(world.database)
    await register(world.database, shop())
    const names = openDecodeMemory()
    const folders = [createFolder(world.needs, names), createFolder(world.needs, openDecodeMemory())]
    let at = 0
    for (let round = 0; at < bodies.length; round += 1) {
      const part = bodies.slice(at, at + 1 + ((round * seed) % 5))
      at += part.length
      await world.database.transaction((tx) =>
        appendBodies(
          tx,
          part.map((each) => ({ form: '1.0' as const, weight: 1, body: each })),
        ),
      )
      const folder = folders[round % 3 === 0 ? 1 : 0]
      // One that has died in the middle has counted nothing.
      if (round % 2 === 1)
        await expect(createFolder(dying(world), names).fold({ patienceMs: 0, alone: false })).rejects.toThrow()
      await folder?.fold({ patienceMs: 0, alone: round % 4 === 3 })
    }
    await countAccepted(world.needs)
    expect(await waiting()).toBe(0)
    expect(await kept()).toEqual(expected)
  },
)

test('what little moved stands apart until as much moved as there is, and whoever takes over reads both', async () => {
  const codes = ['200', '404', '500', '503', '504', '429']
  const all = (ago: number, value: number) => body(...codes.map((code) => ({ code, samples: [[ago, value] as const] })))
  const apart = async () => {
    const { rows } = await world.database.one(sql<{ rows: number }>`select count(*)::int as rows from series_moves`)
    return rows
  }
  const [first, second] = [createFolder(world.needs, openDecodeMemory()), createFolder(world.needs, openDecodeMemory())]
  const fold = async (folder: typeof first, ...bodies: Buffer[]) => {
    await world.database.transaction((tx) =>
      appendBodies(
        tx,
        bodies.map((each) => ({ form: '1.0' as const, weight: 1, body: each })),
      ),
    )
    await folder.fold({ patienceMs: 0, alone: false })
  }
  await fold(first, all(110, 100))
  expect(await apart()).toBe(0)
  await fold(first, body({ code: '200', samples: [[100, 110]] }), body({ code: '500', samples: [[100, 101]] }))
  await fold(first, body({ code: '200', samples: [[90, 115]] }))
  expect(await apart()).toBe(2)
  // It goes on from the latest, adds one that nobody knew, and forgets nothing of the rest.
  await fold(second, body({ code: '200', samples: [[80, 120]] }, { code: '502', samples: [[80, 2]] }))
  expect(await apart()).toBe(3)
  await fold(first, body({ code: '200', samples: [[70, 121]] }, { code: '502', samples: [[70, 3]] }))
  expect(await apart()).toBe(0)
  // One that dies has written nothing, and a request that comes again counts nothing.
  await expect(
    fold(createFolder(dying(world), openDecodeMemory()), body({ code: '404', samples: [[60, 107]] })),
  ).rejects.toThrow()
  await fold(second, body({ code: '404', samples: [[60, 107]] }))
  await fold(first, all(50, 130))
  expect(await counted()).toEqual({ bad: 30 + 30 + 30 + 3, total: 30 + 30 + 30 + 30 + 30 + 30 + 3 })
})

test('two processes that accept and count at the same time count each sample once', async () => {
  const processes = [intake(world.needs, 5), intake(world.needs, 5)]
  for (const each of processes) {
    each.start()
    started.push(each)
  }
  await processes[0]?.take(body({ code: '200', samples: [[100, 0]] }), '1.0')
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      processes[index % 2]?.take(body({ code: '200', samples: [[90 - index, (index + 1) * 5]] }), '1.0'),
    ),
  )
  await Promise.all(processes.map((each) => each.settle()))
  await expect.poll(waiting, patient).toBe(0)
  expect(await counted()).toEqual({ bad: 0, total: 200 })
})

test('while one counts, another lets it; when it falls silent, the other goes on with what waits', async () => {
  const [first, second] = [createFolder(world.needs, openDecodeMemory()), createFolder(world.needs, openDecodeMemory())]
  const other = intake()
  await other.take(body({ code: '200', samples: [[100, 10]] }), '1.0')
  expect(await first.fold({ patienceMs: 4_000, alone: false })).toMatchObject({ elsewhere: false, full: false })
  await other.take(body({ code: '200', samples: [[70, 25]] }), '1.0')
  expect(await second.fold({ patienceMs: 4_000, alone: false })).toMatchObject({ elsewhere: true, bodies: [] })
  await world.database.run(sql`update sample_fold set at = at - interval '5 seconds'`)
  // It may have been idle: what waits is left to it for a while, too.
  expect(await second.fold({ patienceMs: 4_000, alone: false })).toMatchObject({ elsewhere: true })
  await world.database.run(sql`update sample_inbox set at = at - interval '5 seconds'`)
  expect((await second.fold({ patienceMs: 4_000, alone: false })).bodies).toHaveLength(1)
  expect(await counted()).toEqual({ bad: 0, total: 15 })
  // The first comes back and knows that it missed something.
  await other.take(body({ code: '200', samples: [[40, 31]] }), '1.0')
  await world.database.run(sql`update sample_fold set at = at - interval '5 seconds'`)
  await world.database.run(sql`update sample_inbox set at = at - interval '5 seconds'`)
  await first.fold({ patienceMs: 4_000, alone: false })
  expect(await counted()).toEqual({ bad: 0, total: 21 })
})

test('a transaction that runs again after a conflict counts once', async () => {
  let conflicts = 0
  const database: Database = {
    ...world.database,
    transaction: <T>(work: (tx: Tx) => Promise<T>) =>
      world.database.transaction<T>(async (tx) => {
        const result = await work(tx)
        conflicts += 1
        if (conflicts % 2 === 1) throw Object.assign(new Error('could not serialize access'), { code: '40001' })
        return result
      }),
  }
  const folder = createFolder({ ...world.needs, database }, openDecodeMemory())
  const samples = intake()
  for (const [ago, value] of [
    [100, 10],
    [70, 25],
    [40, 31],
  ] as const) {
    await samples.take(body({ code: '200', samples: [[ago, value]] }), '1.0')
    await folder.fold({ patienceMs: 0, alone: false })
  }
  expect(conflicts).toBe(6)
  expect(await counted()).toEqual({ bad: 0, total: 21 })
})

test('the same request again and again counts once', async () => {
  const samples = intake()
  await samples.take(body({ code: '200', samples: [[100, 10]] }), '1.0')
  const again = body({ code: '200', samples: [[70, 25]] }, { code: '500', samples: [[70, 3]] })
  for (let times = 0; times < 5; times += 1) {
    await samples.take(again, '1.0')
    if (times % 2 === 0) await samples.settle()
  }
  await samples.settle()
  expect(await counted()).toEqual({ bad: 3, total: 18 })
})

test('a request that cannot be counted is put aside, and nothing waits behind it', async () => {
  const samples = intake()
  await samples.take(body({ code: '200', samples: [[100, 10]] }), '1.0')
  await world.database.transaction((tx) =>
    appendBodies(tx, [{ form: '1.0', weight: 1, body: Buffer.from('no snappy') }]),
  )
  await samples.take(body({ code: '200', samples: [[70, 25]] }), '1.0')
  const running = intake(world.needs, 5)
  running.start()
  started.push(running)
  await expect.poll(waiting, patient).toBe(0)
  expect(await counted()).toEqual({ bad: 0, total: 15 })
  expect(await readWaiting(world.database)).toMatchObject({ oldest: null, aside: 1 })
})

test('when too much waits, the sender is asked to come again', async () => {
  const samples = intake(world.needs, 5)
  await samples.take(body({ code: '200', samples: [[100, 10]] }), '1.0')
  await world.database.run(sql`update sample_inbox set bytes = 300000000`)
  await world.database.run(sql`insert into sample_fold default values on conflict do nothing`)
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let isLocked = (): void => undefined
  const locked = new Promise<void>((resolve) => {
    isLocked = resolve
  })
  // Somebody else is counting, and slow.
  const slow = world.database.transaction(async (tx) => {
    await tx.run(sql`select 1 from sample_fold for update`)
    isLocked()
    await held
  })
  await locked
  samples.start()
  started.push(samples)
  const more = () =>
    samples.take(body({ code: '200', samples: [[70, 25]] }), '1.0').then(
      () => 'taken',
      (error) => error.code,
    )
  await expect.poll(more, patient).toBe('telemetry.inbox-full')
  release()
  await slow
  await expect.poll(more, patient).toBe('taken')
  await samples.settle()
  expect(await counted()).toEqual({ bad: 0, total: 15 })
})

test('what was remembered of series before there were packs is gone on with', async () => {
  await countedAtOnce([body({ code: '200', samples: [[100, 10]] })])
  const samples = intake()
  await samples.take(body({ code: '200', samples: [[70, 25]] }, { code: '500', samples: [[70, 4]] }), '1.0')
  await samples.settle()
  expect(await counted()).toEqual({ bad: 4, total: 19 })
})

test('groups add up to the whole', async () => {
  await register(world.database, shop({ grouping: { by: ['zone'], most: 2 } }))
  const samples = intake()
  const zones = ['a', 'b', 'c', 'd']
  const all = (ago: number, value: number) =>
    body(...zones.map((zone) => ({ code: '200', samples: [[ago, value] as const], more: { zone } })))
  for (const [ago, value] of [
    [100, 1],
    [70, 11],
    [40, 31],
  ] as const) {
    await samples.take(all(ago, value), '1.0')
    if (ago === 70) await samples.settle()
  }
  await samples.settle()
  const rows = await world.database.many(sql<{ values: string[] | null; total: number }>`
    select t.group_values as values, sum(s.total)::int as total from telemetry_streams t join slices s on s.stream = t.key
    group by t.key, t.group_values, t.parent order by t.parent nulls first, t.group_values nulls last`)
  expect(rows.map(({ values, total }) => [values, total])).toEqual([
    [null, 120],
    [['a'], 30],
    [['b'], 30],
    [null, 60],
  ])
})

test('what is counted is also seen: usage by service, from the same requests', async () => {
  const signals = createSignalCollector(world.needs, createUsageCollector())
  const samples = createSampleIntake(world.needs, signals)
  for (const ago of [100, 70, 40])
    await samples.take(body({ code: '200', samples: [[ago, 200 - ago]] }, { code: '500', samples: [[ago, 1]] }), '1.0')
  await samples.settle()
  await signals.stop()
  const rows = await world.database.many(
    sql<{ service: string; samples: number; series: number }>`select service, samples, series from service_usage`,
  )
  expect(rows).toEqual([{ service: 'shop', samples: 6, series: 2 }])
})
