// Packed and loose slices are one thing: whatever was added and whenever it was packed, the same counts are read.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { blockSlices, findUnpacked, packSlices } from './slice-blocks.store.ts'
import { addToSlices, readSlices, sumSteps, takeChangedSlices } from './slices.store.ts'
import { openTelemetryWorld, register, requestsOf, type TelemetryWorld } from './telemetry.fixture.ts'
import { packAfterMs, packOldSlices } from './usecases/pack-slices.ts'
import { tidyTelemetry } from './usecases/tidy-telemetry.ts'

let world: TelemetryWorld
let clock: TestClock
const begin = instant(Date.UTC(2026, 2, 3, 9, 0, 0))
const source = { kind: 'push', form: 'good-bad' } as const

beforeAll(async () => {
  world = await openTelemetryWorld('slice-blocks')
  clock = await installClock(world.connection)
  await clock.set(begin)
})
afterAll(() => world.close())

const addition = fc.record({
  stream: fc.nat(1),
  // Over the edge of two blocks.
  minute: fc.integer({ min: -2_000, max: -1 }),
  good: fc.oneof(fc.nat(3), fc.nat(100_000)),
  bad: fc.nat(9),
})
const order = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('add' as const), rows: fc.array(addition, { maxLength: 30 }) }),
  },
  fc.record({ kind: fc.constant('pack' as const), back: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ kind: fc.constant('take' as const) }),
)

test('counts are the same however they are packed, and the engine is told of what it has not seen', async () => {
  const keys: readonly number[] = [
    await register(world.database, requestsOf('p', { source, longestWindowMs: 30 * day })),
    await register(world.database, requestsOf('q', { source, longestWindowMs: 30 * day })),
  ]
  const { database } = world
  await fc.assert(
    fc.asyncProperty(fc.array(order, { maxLength: 14 }), async (orders) => {
      for (const table of ['slices', 'slice_blocks', 'slice_changes', 'slice_hours'])
        await database.run(sql`delete from ${sql.table(table)}`)
      const told = new Map<string, { good: number; bad: number }>()
      const fresh = new Set<string>()
      for (const each of orders) {
        if (each.kind === 'add') {
          // One addition for a slice in one call, as those who call it merge them.
          const rows = [...new Map(each.rows.map((row) => [`${row.stream} ${row.minute}`, row])).entries()]
          const additions = rows.map(([key, row]) => {
            const before = told.get(key) ?? { good: 0, bad: 0 }
            told.set(key, { good: before.good + row.good, bad: before.bad + row.bad })
            fresh.add(key)
            const sliceStart = instant(begin + row.minute * minute)
            return {
              stream: keys[row.stream] ?? 0,
              sliceStart,
              good: row.good,
              bad: row.bad,
              total: 0,
              corrected: false,
            }
          })
          await database.transaction((tx) => addToSlices(tx, additions))
        } else if (each.kind === 'pack') {
          const before = begin - each.back * hour
          for (;;) {
            const found = await findUnpacked(database, before, 10)
            if (found.length === 0) break
            await database.transaction((tx) => packSlices(tx, found))
          }
        } else {
          const taken = await database.transaction((tx) => takeChangedSlices(tx))
          const seen = taken.map((row) => [
            `${keys.indexOf(row.stream)} ${(row.sliceStart - begin) / minute}`,
            { good: row.good, bad: row.bad },
          ])
          expect(Object.fromEntries(seen)).toEqual(Object.fromEntries([...fresh].map((key) => [key, told.get(key)])))
          fresh.clear()
        }
      }
      for (const [index, key] of keys.entries()) {
        const rows = await readSlices(database, key, begin - 3 * day, begin)
        const expected = [...told].filter(([name]) => name.startsWith(`${index} `))
        expect(
          new Map(
            rows.map((row) => [`${index} ${(row.sliceStart - begin) / minute}`, { good: row.good, bad: row.bad }]),
          ),
        ).toEqual(new Map(expected))
        const steps = await sumSteps(
          database,
          { key, sliceMs: minute },
          { from: begin - 3 * day, to: begin, stepMs: hour },
        )
        const sum = (of: readonly { good: number; bad: number }[]) =>
          of.reduce((all, { good, bad }) => all + good + bad, 0)
        expect(sum(steps)).toBe(sum(expected.map(([, counts]) => counts)))
        expect(steps.reduce((all, step) => all + step.measured, 0)).toBe(expected.length)
      }
    }),
    { numRuns: 30 },
  )
}, 120_000)

test('a day takes one row; what comes late is in its hour with the next round', async () => {
  const { database } = world
  const key = await register(database, requestsOf('r', { source, longestWindowMs: 30 * day }))
  const at = (minutes: number) => instant(begin - 2 * day + minutes * minute)
  const add = (minutes: readonly number[], late: boolean) =>
    database.transaction((tx) =>
      addToSlices(
        tx,
        minutes.map((each) => ({ stream: key, sliceStart: at(each), good: 10, bad: 1, total: 0, corrected: late })),
      ),
    )
  await add(
    Array.from({ length: blockSlices }, (_, index) => index),
    false,
  )
  await packOldSlices(world.needs)
  const rows = () => database.one(sql`select count(*)::int as rows from slices where stream = ${key}`)
  expect(await rows()).toEqual({ rows: 0 })
  const hours = () =>
    database.many(sql`select good, bad, measured from slice_hours where stream = ${key} and hour_start = ${at(0)}`)
  expect(await hours()).toEqual([{ good: 600, bad: 60, measured: 60 }])
  await add([7, 8], true)
  expect(await hours()).toEqual([{ good: 600, bad: 60, measured: 60 }])
  await packOldSlices(world.needs)
  expect(await hours()).toEqual([{ good: 620, bad: 62, measured: 60 }])
  expect(await rows()).toEqual({ rows: 0 })
})

test('blocks end with their slices', async () => {
  const { database } = world
  await clock.forward(packAfterMs)
  await tidyTelemetry(world.needs)
  const blocks = async () =>
    (await database.one(sql<{ rows: number }>`select count(*)::int as rows from slice_blocks`)).rows
  expect(await blocks()).toBeGreaterThan(0)
  await clock.forward(40 * day)
  await tidyTelemetry(world.needs)
  expect(await blocks()).toBe(0)
})
