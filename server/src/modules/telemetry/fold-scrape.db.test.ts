// A target that is scraped is counted in memory: whoever counts it, whatever dies on the way, slices are those of one process that never did.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { pointsOf } from './core/exposed-points.fixture.ts'
import { newExpositionMemory, readExposition, readScrape, type SampleBatch } from './core/index.ts'
import { countMetrics, newStreamCache, type StreamCache } from './count-directly.fixture.ts'
import { dropOldFolds } from './scrape.store.ts'
import { readSlices, takeChangedSlices } from './slices.store.ts'
import { findStream } from './streams.store.ts'
import { dying, forget, openTelemetryWorld, register, requestsOf, type TelemetryWorld } from './telemetry.fixture.ts'
import { createScrapeFolder, type ScrapeFolder, scrapeSource } from './usecases/fold-scrape.ts'

let world: TelemetryWorld
let clock: TestClock
const begin = instant(Date.UTC(2026, 2, 1, 9, 0, 0))
const stepMs = 10_000

beforeAll(async () => {
  world = await openTelemetryWorld('fold-scrape')
  clock = await installClock(world.connection)
})
afterAll(() => world.close())
beforeEach(() => start())

async function start(): Promise<void> {
  await forget(world.database)
  await clock.set(begin)
  for (const dataSource of ['steady', 'shared']) {
    const parts = [
      { side: 'bad' as const, metric: 'requests_total', filters: [{ key: 'code', op: 'prefix' as const, value: '5' }] },
      { side: 'total' as const, metric: 'requests_total', filters: [] },
    ]
    const source = { kind: 'scrape' as const, form: 'bad-total' as const, dataSource, parts }
    await register(world.database, requestsOf(dataSource, { source, sliceMs: stepMs }))
  }
}

interface Process {
  readonly folder: ScrapeFolder
  /** Its session ends before its next commit. */
  dies: boolean
}

function newProcess(mostSeries = 1_000): Process {
  const doomed = dying(world).database
  const needs: Pick<Needs, 'database'> = {
    database: {
      ...world.database,
      transaction: (work) => (own.dies ? doomed : world.database).transaction(work),
    },
  }
  const own: Process = { folder: createScrapeFolder(needs, mostSeries), dies: false }
  return own
}

const slicesOf = async (dataSource: string) => {
  const stream = await findStream(world.database, `${dataSource}-availability`)
  const rows = await readSlices(world.database, stream?.key ?? 0, 0, Number.MAX_SAFE_INTEGER)
  return rows.map(({ sliceStart, bad, total }) => ({ sliceStart, bad, total }))
}

const textOf = (lines: readonly string[]): string => ['# TYPE requests_total counter', ...lines, ''].join('\n')

const batchOf = (lines: readonly string[], at: Instant): SampleBatch => {
  const read = readScrape(
    textOf(lines),
    'text',
    at,
    newExpositionMemory({ job: 'shop', instance: 'a:80' }, (each) => each),
  )
  if (read.state === 'refused') throw new Error(read.detail)
  return read.batch
}

/** What one series tells over time; null: it is not there. */
const series = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.nat(50) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
    { weight: 1, arbitrary: fc.constant('half' as const) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  { minLength: 14, maxLength: 14 },
)
const scrape = fc.record({
  by: fc.constantFrom('first', 'second', 'fresh'),
  diesFirst: fc.boolean(),
  turned: fc.boolean(),
  /** Steps of the clock until it; 0 comes too soon, which a process may do that is just starting. */
  after: fc.constantFrom(1, 1, 1, 2, 7, 0, 0.3, 0.5),
})

const timeless = fc.constantFrom(1, 1, 1, 2)
const beside = fc
  .record({ by: fc.constantFrom('first', 'second', 'fresh', 'before', 'before'), after: timeless })
  .map((each) => ({ ...each, diesFirst: false, turned: false }))

async function compare(
  told: readonly (readonly (number | 'restart' | 'half' | null)[])[],
  scrapes: readonly { by: string; diesFirst: boolean; turned: boolean; after: number }[],
): Promise<void> {
  await start()
  const steady = newProcess()
  const [first, second] = [newProcess(), newProcess()]
  const before = newStreamCache()
  const counts = told.map(() => 0)
  let at = begin
  for (const [round, { by, diesFirst, turned, after }] of scrapes.entries()) {
    at = instant(at + after * stepMs)
    await clock.set(at)
    const lines = told.flatMap((values, index) => {
      const move = values[round] ?? null
      if (move === null) return []
      counts[index] = move === 'restart' ? 3 : (counts[index] ?? 0) + (move === 'half' ? 0.5 : move)
      return [`requests_total{code="${index % 2 === 0 ? 200 : 503}",pod="${index}"} ${counts[index]}`]
    })
    const ordered = turned ? [...lines].reverse() : lines
    await steady.folder.fold('steady', batchOf(ordered, at), at)
    if (by === 'before') {
      await countAsBefore(before, ordered, at)
      continue
    }
    const own = by === 'first' ? first : by === 'second' ? second : newProcess()
    if (diesFirst) {
      own.dies = true
      await expect(own.folder.fold('shared', batchOf(ordered, at), at)).rejects.toThrow()
      own.dies = false
    }
    await own.folder.fold('shared', batchOf(ordered, at), at)
  }
  expect(await slicesOf('shared')).toEqual(await slicesOf('steady'))
}

/** As a process of the version before counts a scrape: each series in a row of its own. */
async function countAsBefore(cache: StreamCache, lines: readonly string[], at: Instant): Promise<void> {
  const read = readExposition(textOf(lines), 'text')
  if (read.state === 'refused') throw new Error(read.detail)
  const decoded = pointsOf(read.lines, { job: 'shop', instance: 'a:80', at })
  const intake = { kind: 'scrape' as const, dataSource: 'shared', nameOf: () => scrapeSource('shared') }
  await world.database.transaction((tx) =>
    countMetrics(tx, cache, decoded, { ...intake, wholeTargets: true, keepsAll: true }),
  )
}

test('processes in turn, and those that die before their commit, count what one that never does counts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(series, { minLength: 1, maxLength: 4 }),
      fc.array(scrape, { minLength: 6, maxLength: 14 }),
      compare,
    ),
    { numRuns: 60 },
  )
}, 300_000)

test('beside processes of the version before, each goes on where the other ended', async () => {
  const others = fc.array(beside, { minLength: 4, maxLength: 12 })
  const first = { by: 'before', diesFirst: false, turned: false, after: 1 }
  await fc.assert(
    fc.asyncProperty(fc.array(series, { minLength: 1, maxLength: 3 }), others, (told, scrapes) =>
      compare(told, [first, ...scrapes]),
    ),
    { numRuns: 40 },
  )
}, 300_000)

test('a process of the version before that comes back after a long time begins anew: nothing counts twice', async () => {
  const { folder } = newProcess()
  const before = newStreamCache()
  const tell = async (value: number, by: 'now' | 'before') => {
    await clock.forward(2 * stepMs)
    const at = await world.database.now()
    await (by === 'now' ? folder.fold('shared', batchOf(one(value), at), at) : countAsBefore(before, one(value), at))
  }
  await tell(0, 'before')
  for (let round = 1; round <= 60; round += 1) await tell(10 * round, 'now')
  expect(await total()).toBe(600)
  const { rows } = await world.database.one(sql<{ rows: number }>`select count(*)::int as rows from series_states`)
  expect(rows).toBe(0)
  await tell(610, 'before')
  await tell(620, 'now')
  await tell(630, 'before')
  await tell(640, 'now')
  // All but the ten that it could not know of.
  expect(await total()).toBe(630)
})

const one = (value: number) => [`requests_total{code="200"} ${value}`]

/** A scrape a step, each 10 more than the last. */
async function scrapes(folder: ScrapeFolder, count: number, from: number, name = 'shared'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await clock.forward(stepMs)
    const at = await world.database.now()
    await folder.fold(name, batchOf(one(from + 10 * index), at), at)
  }
}

const total = async () => (await slicesOf('shared')).reduce((all, slice) => all + slice.total, 0)

test('packs and what moved since give a new process the very series, however long it goes on', async () => {
  await scrapes(newProcess().folder, 150, 0)
  const { packs, moves } = await world.database.one(sql<{ packs: number; moves: number }>`
    select (select count(*)::int from scrape_packs) as packs, (select count(*)::int from scrape_moves) as moves`)
  expect(packs).toBe(1)
  // Bounded: whoever takes over counts them again.
  expect(moves).toBeLessThan(120)
  await scrapes(newProcess().folder, 1, 1500)
  expect(await total()).toBe(1500)
})

test.each(['one process', 'another each time'] as const)(
  '%s: every slice is measured up to what was told, and once',
  async (who) => {
    const { folder } = newProcess()
    const written: number[] = []
    for (const offset of [2_000, 7_000, 10_000, 20_000, 20_500, 33_000, 39_999]) {
      const at = instant(begin + offset)
      await clock.set(at)
      await (who === 'one process' ? folder : newProcess().folder).fold('shared', batchOf(one(5), at), at)
      written.push((await world.database.transaction((tx) => takeChangedSlices(tx))).length)
    }
    expect((await slicesOf('shared')).map(({ sliceStart }) => sliceStart - begin)).toEqual([0, 10_000, 20_000, 30_000])
    // Nothing happened: whoever told a slice already does not tell it again.
    expect(written).toEqual(who === 'one process' ? [0, 1, 0, 1, 1, 1, 0] : [0, 1, 1, 1, 1, 2, 1])
  },
)

test('more series than there is room for are read when it is their turn', async () => {
  const { folder } = newProcess(1)
  await scrapes(folder, 3, 0)
  await scrapes(folder, 3, 0, 'steady')
  await scrapes(folder, 3, 30)
  expect(await total()).toBe(50)
})

test('two at once: one counts the scrape, the other finds it counted', async () => {
  const [first, second] = [newProcess(), newProcess()]
  await scrapes(first.folder, 2, 0)
  await clock.forward(stepMs)
  const at = await world.database.now()
  await Promise.all([first, second].map(({ folder }) => folder.fold('shared', batchOf(one(40), at), at)))
  await scrapes(first.folder, 1, 50)
  await scrapes(second.folder, 1, 60)
  expect(await total()).toBe(60)
})

test('forgotten while it was silent: the next scrape only begins something, and whoever remembers more forgets it', async () => {
  const { folder } = newProcess()
  await scrapes(folder, 3, 0)
  await world.database.transaction((tx) => dropOldFolds(tx, instant(begin + 86_400_000)))
  await scrapes(newProcess().folder, 1, 1_000)
  await scrapes(folder, 1, 1_005)
  // 20 of before, 5 since: what was between is nobody's to say.
  expect(await total()).toBe(25)
})
