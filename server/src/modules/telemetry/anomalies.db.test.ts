import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import type { Room } from '../../platform/room/room.ts'
import { listEntries } from '../audit/index.ts'
import { listAnomalyRows, removeWatch, saveWatch, type WatchRow } from './anomalies.store.ts'
import type { AnomalyPorts, MeasuredObjective } from './anomaly.ports.ts'
import { anomalyRoom } from './anomaly-room.ts'
import { readCounted, stepMs } from './anomaly-steps.ts'
import { emptyMinute } from './core/signals/index.ts'
import { latencyOf } from './core/signals/latency.ts'
import { saveSignalMinutes, saveSignalServices, type WrittenCell } from './signals.store.ts'
import { addToSlices, type SliceAddition } from './slices.store.ts'
import { removeStream } from './streams.store.ts'
import { forget, openTelemetryWorld, register, requestsOf, type TelemetryWorld } from './telemetry.fixture.ts'
import { findAnomalies, newAnomalyMemory } from './usecases/find-anomalies.ts'

let world: TelemetryWorld
let clock: TestClock
let now = 0
// A Monday.
const begin = Date.UTC(2026, 2, 2)
const counted: MeasuredObjective = { name: 'shop-availability', service: 'shop', kind: 'availability' }
const objectives: MeasuredObjective[] = []
const ports: AnomalyPorts = { objectives: async () => objectives }
const watch: WatchRow = {
  name: 'shop',
  service: 'shop',
  mode: 'alert',
  sensitivity: 'hint',
  severity: 'warning',
  signals: ['traffic', 'errors', 'latency'],
  timeZone: 'UTC',
}

beforeAll(async () => {
  world = await openTelemetryWorld('anomalies')
  clock = await installClock(world.connection)
})
afterAll(() => world.close())
beforeEach(async () => {
  await forget(world.database)
  for (const table of ['signal_services', 'signal_minutes', 'anomaly_series', 'anomalies', 'anomaly_watches'])
    await world.database.run(sql`delete from ${sql.table(table)}`)
  objectives.splice(0, objectives.length, counted)
  now = begin
})

const source = { kind: 'push', form: 'good-bad' } as const

function noiseOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 - 0.5
  }
}
const next = noiseOf(5)
/** Requests of five minutes by the hour of the day. */
const usual = (at: number) => Math.round(5_000 + 3_000 * Math.sin(((at % day) / day) * 2 * Math.PI) + 300 * next())

interface Counts {
  readonly good: number
  readonly bad: number
}
const calm = (at: number): Counts => ({ good: usual(at), bad: Math.round(5 + 4 * next()) })

/** Counts until then, step by step, and moves the clock there. */
async function live(stream: number, until: number, counts: (at: number) => Counts | null = calm): Promise<void> {
  const slices: SliceAddition[] = []
  for (; now < until; now += stepMs) {
    const found = counts(now)
    if (found !== null) slices.push({ stream, sliceStart: instant(now), ...found, total: 0, corrected: false })
  }
  await world.database.transaction((tx) => addToSlices(tx, slices))
  await clock.set(instant(now + 3 * minute))
}

const find = () => findAnomalies(world.needs, ports)
const shop = () => register(world.database, requestsOf('shop', { source, sliceMs: stepMs, longestWindowMs: 28 * day }))
const rows = () =>
  listAnomalyRows(world.database, { service: null, signal: null, state: null, from: null, to: null }, null, 100)
const entriesOf = async (type: string) => {
  const own = new Set((await rows()).map(({ id }) => id))
  const entries = await listEntries(world.database, { all: true }, { type }, null, 100)
  return entries.filter(({ subject }) => own.has(subject.id))
}
const seriesRows = () =>
  world.database.many(
    sql`select service, signal, objective, points, fed_until as "fedUntil" from anomaly_series order by signal`,
  )

test('what is stored is learnt at once and tells nothing; then a fall of traffic is a hint that ends', async () => {
  const stream = await shop()
  // A bad hour of the past is no news.
  await live(stream, begin + 20 * day, (at) =>
    at >= begin + 15 * day && at < begin + 15 * day + hour ? { good: 5, bad: 0 } : calm(at),
  )
  await find()
  expect(await rows()).toEqual([])
  expect(await seriesRows()).toEqual([
    { service: 'shop', signal: 'errors', objective: 'shop-availability', points: 20 * 288, fedUntil: now },
    { service: 'shop', signal: 'traffic', objective: 'shop-availability', points: 20 * 288, fedUntil: now },
  ])

  const at = now + 2 * hour
  await live(stream, at)
  await find()
  expect(await rows()).toEqual([])
  await live(stream, at + stepMs, () => ({ good: 900, bad: 1 }))
  await find()
  const [found] = await rows()
  expect(found).toMatchObject({ service: 'shop', signal: 'traffic', beganAt: at, endedAt: null, alerted: false })
  expect(found?.sentence).toMatch(/^Traffic: \d\d % of the usual Sunday 02:00 \(180 a minute, usually 1\d\d\d\)$/)
  const [told] = await entriesOf('anomaly.began')
  expect(told).toMatchObject({ subject: { kind: 'anomaly', id: found?.id }, data: { alert: null, service: 'shop' } })
  expect(told?.links).toContain('service:shop')

  await find()
  await live(stream, at + 4 * stepMs, () => ({ good: 900, bad: 1 }))
  await find()
  expect(await rows()).toHaveLength(1)
  await live(stream, at + 10 * stepMs)
  await find()
  const [ended] = await rows()
  expect(ended).toMatchObject({ endedBecause: 'back' })
  expect(Number(ended?.endedAt)).toBeGreaterThan(at + 4 * stepMs)
  expect(await entriesOf('anomaly.ended')).toHaveLength(1)
})

test('more errors are unusual, fewer are not; a watch makes them an alert, and only the signals it names', async () => {
  const stream = await shop()
  await world.database.transaction((tx) => saveWatch(tx, { ...watch, signals: ['errors'] }))
  await live(stream, begin + 10 * day)
  await find()
  await live(stream, now + 6 * stepMs, (at) => ({ good: usual(at), bad: 0 }))
  await find()
  expect(await rows()).toEqual([])
  await live(stream, now + stepMs, (at) => ({ good: usual(at), bad: 400 }))
  await find()
  expect(await rows()).toMatchObject([{ signal: 'errors', alerted: true }])
  expect((await rows())[0]?.sentence).toMatch(/^Errors: .*usual/)
  await live(stream, now + stepMs, () => ({ good: 90_000, bad: 400 }))
  await find()
  expect(await rows()).toMatchObject([{ signal: 'traffic', alerted: false }, { signal: 'errors' }])
  expect((await entriesOf('anomaly.began')).map(({ data }) => data.alert)).toEqual([null, 'warning'])
})

test('golden signals are read where a service tells of them, and its objective only for the rest', async () => {
  const stream = await shop()
  objectives.push({ name: 'shop-slow', service: 'shop', kind: 'latency' })
  await register(world.database, requestsOf('shop', { id: 'shop-slow', source, sliceMs: stepMs, longestWindowMs: day }))
  const told = {
    service: 'shop',
    firstAt: begin,
    trafficAt: begin + 2 * day,
    errorsAt: null,
    latencyAt: begin + 2 * day,
  }
  const quick = (slow: boolean) => ({
    kind: 'explicit' as const,
    bounds: [0.05, 0.1, 0.2, 2],
    counts: slow ? [0, 0, 10, 90, 0] : [60, 38, 2, 0, 0],
  })
  const tell = async (from: number, to: number, slow: boolean) => {
    const cells: WrittenCell[] = []
    for (let at = from; at < to; at += minute) {
      const latency = latencyOf(slow ? quick(true) : quick(false), 's')
      cells.push({
        service: 'shop',
        start: at,
        minute: { ...emptyMinute, traffic: 100 + Math.round(9 * next()), latency },
      })
    }
    await world.database.transaction(async (tx) => {
      await saveSignalServices(tx, [{ ...told, lastAt: to, saturationAt: null, findings: {} }])
      await saveSignalMinutes(tx, cells)
    })
  }
  await tell(begin, begin + 2 * day, false)
  await live(stream, begin + 2 * day)
  await find()
  const series = await world.database.many(
    sql`select signal, objective, points from anomaly_series order by signal, objective`,
  )
  expect(series).toEqual([
    { signal: 'errors', objective: 'shop-availability', points: 2 * 288 },
    { signal: 'latency', objective: '', points: 2 * 288 },
    { signal: 'traffic', objective: '', points: 2 * 288 },
  ])
  await tell(now, now + stepMs, true)
  await live(stream, now + stepMs)
  await find()
  const [found] = await rows()
  expect(found).toMatchObject({ signal: 'latency', objective: '' })
  expect(found?.sentence).toMatch(/^Latency \(p90\): \d\.\d× the usual 00:00 \(.* m?s, usually \d\d ms\)$/)
})

test('steps fed one by one leave the same state as all at once', async () => {
  const stream = await shop()
  await live(stream, begin + 2 * day)
  await find()
  for (let index = 0; index < 5; index += 1) {
    await live(stream, now + stepMs)
    await find()
    await find()
  }
  const states = () =>
    world.database.many(sql`select signal, state, points, last_at from anomaly_series order by signal`)
  const grown = await states()
  await world.database.run(sql`delete from anomaly_series`)
  await find()
  expect(await states()).toEqual(grown)
})

test('a gap is told of nobody; after an hour of it what was unusual ends unmeasured', async () => {
  const stream = await shop()
  await live(stream, begin + 10 * day)
  await find()
  await live(stream, now + stepMs, () => ({ good: 60_000, bad: 1 }))
  await find()
  expect(await rows()).toMatchObject([{ endedAt: null }])
  await live(stream, now + 2 * hour, () => null)
  await find()
  expect(await rows()).toMatchObject([{ endedBecause: 'unmeasured' }])
  await live(stream, now + day)
  await find()
  expect(await rows()).toHaveLength(1)
})

test('between two steps nothing is looked for anew, and what is declared meanwhile is heeded at once', async () => {
  let asked = 0
  const memory = newAnomalyMemory()
  const counting: AnomalyPorts = {
    objectives: async () => {
      asked += 1
      return objectives
    },
  }
  const look = () => findAnomalies(world.needs, counting, memory)
  const stream = await shop()
  await live(stream, begin + day)
  await look()
  await look()
  expect(asked).toBe(1)
  expect(await seriesRows()).toMatchObject([{ fedUntil: now }, { fedUntil: now }])
  await live(stream, begin + day + 2 * stepMs)
  await look()
  expect(asked).toBe(2)
  expect(await seriesRows()).toMatchObject([{ fedUntil: now }, { fedUntil: now }])
  // Another process watches what this one knows nothing of yet.
  await world.database.run(sql`delete from anomaly_series where signal = 'errors'`)
  await findAnomalies(world.needs, ports)
  await look()
  expect(await seriesRows()).toHaveLength(2)
  objectives.splice(0)
  await world.database.transaction((tx) => removeStream(tx, 'shop-availability'))
  await look()
  expect(await seriesRows()).toEqual([])
  objectives.push(counted)
  await shop()
  await look()
  expect(await seriesRows()).toHaveLength(2)
  await world.database.transaction((tx) => saveWatch(tx, { ...watch, mode: 'off' }))
  await look()
  expect(await seriesRows()).toEqual([])
})

test('series of one objective that are fed from several instants are read from each', async () => {
  const stream = await shop()
  await live(stream, begin + 10 * day)
  await find()
  await world.database.run(
    sql`update anomaly_series set fed_until = ${begin + 5 * day}, points = 5 * 288, last_at = ${begin + 5 * day - stepMs} where signal = 'errors'`,
  )
  await live(stream, begin + 11 * day)
  await find()
  expect(await seriesRows()).toMatchObject([
    { signal: 'errors', fedUntil: now },
    { signal: 'traffic', fedUntil: now, points: 11 * 288 },
  ])
})

test('what is switched off or no longer declared is forgotten, and what was open ends', async () => {
  const stream = await shop()
  await live(stream, begin + 10 * day)
  await find()
  await live(stream, now + stepMs, () => ({ good: 60_000, bad: 1 }))
  await find()
  await world.database.transaction((tx) => saveWatch(tx, { ...watch, mode: 'off' }))
  await find()
  expect(await seriesRows()).toEqual([])
  expect(await rows()).toMatchObject([{ endedBecause: 'gone' }])

  await world.database.transaction((tx) => removeWatch(tx, 'shop'))
  await find()
  expect(await seriesRows()).toHaveLength(2)
  objectives.length = 0
  await world.database.transaction((tx) => removeStream(tx, 'shop-availability'))
  await find()
  expect(await seriesRows()).toEqual([])
})

test('another zone is learnt anew, by its own hours', async () => {
  const stream = await shop()
  await live(stream, begin + 8 * day)
  await find()
  await world.database.transaction((tx) => saveWatch(tx, { ...watch, mode: 'hint', timeZone: 'Asia/Tokyo' }))
  await find()
  expect(await seriesRows()).toMatchObject([{ points: 8 * 288 }, { points: 8 * 288 }])
  await live(stream, now + stepMs, () => ({ good: 60_000, bad: 1 }))
  await find()
  // Midnight of UTC, a Tuesday.
  expect((await rows())[0]?.sentence).toContain('the usual Tuesday 09:00')
})

test('a step of which little was measured is a gap, one of which half was is scaled', async () => {
  await register(world.database, requestsOf('fine', { source }))
  const streams = await import('./streams.store.ts')
  const stream = await streams.findStream(world.database, 'fine-availability')
  if (stream === null) throw new Error('It was registered above.')
  const slice = (at: number) => ({
    stream: stream.key,
    sliceStart: instant(begin + at * minute),
    good: 10,
    bad: 1,
    total: 0,
    corrected: false,
  })
  await world.database.transaction((tx) => addToSlices(tx, [0, 1, 2, 3, 4, 5, 6, 10, 11, 12].map(slice)))
  const steps = (await readCounted(world.database, [{ stream, from: begin, to: begin + 20 * minute }])).get(stream.key)
  // Fewer than fifty events are held against fifty.
  expect(steps).toEqual([
    { at: begin, traffic: 11, errors: 5 / 55, latency: 5 / 55 },
    { at: begin + 10 * minute, traffic: 11, errors: 3 / 50, latency: 3 / 50 },
  ])
})

test('the lists show hints and what is learnt, page by page', async () => {
  const stream = await shop()
  await live(stream, begin + 10 * day)
  await find()
  await live(stream, now + stepMs, () => ({ good: 60_000, bad: 9_000 }))
  await find()
  const room: Room = anomalyRoom(world.needs, ports)
  const server = await world.serve([room])
  const get = async (url: string) => {
    const answer = await server.inject({ method: 'GET', url, headers: { authorization: 'Bearer k' } })
    return { status: answer.statusCode, body: answer.json() }
  }
  const first = await get('/api/v1/anomalies?service=shop&state=open&limit=1')
  expect(first.status).toBe(200)
  expect(first.body.items).toHaveLength(1)
  const second = await get(`/api/v1/anomalies?service=shop&state=open&limit=1&cursor=${first.body.nextCursor}`)
  expect([...first.body.items, ...second.body.items].map(({ signal }) => signal).sort()).toEqual(['errors', 'traffic'])
  expect(second.body.nextCursor).toBeNull()
  expect((await get('/api/v1/anomalies?service=other')).body.items).toEqual([])
  expect((await get('/api/v1/anomalies?state=ended')).body.items).toEqual([])
  const series = await get('/api/v1/anomalies/series?limit=1')
  expect(series.body.items).toMatchObject([
    { service: 'shop', signal: 'errors', mode: 'hint', learning: false, timeZone: 'UTC' },
  ])
  const more = await get(`/api/v1/anomalies/series?limit=1&cursor=${series.body.nextCursor}`)
  expect(more.body.items).toMatchObject([{ signal: 'traffic', steps: 10 * 288 + 1 }])
  const wild = Buffer.from(JSON.stringify([1e300, 'x'])).toString('base64url')
  expect((await get(`/api/v1/anomalies?cursor=${wild}`)).status).toBe(422)
  for (const path of ['anomalies?service=%00', 'anomalies/series?service=%00', 'anomalies?from=0001-01-01T00:00:00Z'])
    expect((await get(`/api/v1/${path}`)).status, path).toBeLessThan(500)
})
