import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { addToSlices, readSlices } from './slices.store.ts'
import { openTelemetryWorld, register, requestsOf, sender, type TelemetryWorld } from './telemetry.fixture.ts'
import { pushCounts } from './usecases/push-counts.ts'
import { tidyTelemetry } from './usecases/tidy-telemetry.ts'

let world: TelemetryWorld
let clock: TestClock
const begin = instant(Date.UTC(2026, 2, 1, 9, 0, 0))

beforeAll(async () => {
  world = await openTelemetryWorld('tidy')
  clock = await installClock(world.connection)
  await clock.set(begin)
})
afterAll(() => world.close())

const count = async (table: string) =>
  (await world.database.one(sql<{ rows: number }>`select count(*)::int as rows from ${sql.table(table)}`)).rows

test('hours are summed once and stay; slices, series and batches end when nothing looks back at them', async () => {
  const source = { kind: 'push', form: 'good-bad' } as const
  const long = await register(world.database, requestsOf('a', { source, longestWindowMs: 30 * day }))
  const short = await register(world.database, requestsOf('b', { source, sliceMs: 5_000, longestWindowMs: hour }))
  const slice = (stream: number, at: number) => ({
    stream,
    sliceStart: instant(at),
    good: 3,
    bad: 1,
    total: 0,
    corrected: false,
  })
  await world.database.transaction((tx) =>
    addToSlices(tx, [slice(long, begin - minute), slice(long, begin - 2 * minute), slice(short, begin - 5_000)]),
  )
  await pushCounts(world.needs, { batchId: 'x', counts: [{ objective: 'a-availability', good: 1 }] }, sender)
  await tidyTelemetry(world.needs)
  await tidyTelemetry(world.needs)
  const hours = () =>
    world.database.many(sql`select stream, good, bad, measured from slice_hours order by stream, hour_start`)
  const summed = [
    { stream: long, good: 6, bad: 2, measured: 2 },
    { stream: long, good: 1, bad: 0, measured: 1 },
    { stream: short, good: 3, bad: 1, measured: 1 },
  ]
  expect(await hours()).toEqual(summed)

  await clock.forward(3 * hour)
  await tidyTelemetry(world.needs)
  // What is kept is packed by now; what is not kept was not packed first.
  expect(await count('slices')).toBe(0)
  expect(await world.database.many(sql`select stream from slice_blocks`)).toEqual([{ stream: long }])
  expect(await readSlices(world.database, long, begin - hour, begin + hour)).toHaveLength(3)
  expect(await count('slice_changes')).toBe(2)
  await clock.forward(36 * day)
  await tidyTelemetry(world.needs)
  for (const table of [
    'slices',
    'slice_blocks',
    'slice_changes',
    'pushed_batches',
    'telemetry_sources',
    'stream_feeds',
  ])
    expect([table, await count(table)]).toEqual([table, 0])
  expect(await hours()).toEqual(summed)
  await clock.forward(400 * day)
  await tidyTelemetry(world.needs)
  expect(await hours()).toEqual([])
})
