// The watchdog outside hears from us only while pages really pass.
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { minute, second } from '../../kernel/duration.ts'
import { addWork } from '../../platform/work/due-work.store.ts'
import { openWorld, type World } from '../oncall/testing/world.ts'
import { syntheticPage } from './notifications.contract.ts'
import { sendHeartbeat, watchMetrics } from './usecases/watch-paging.ts'
import { readWatch } from './watch.store.ts'

let world: World
const beats: string[] = []
const registry = new Registry()
const watch = { registry, beat: async () => `beat ${beats.push('beat')}` }
beforeAll(async () => {
  world = await openWorld({ name: 'watch', at: '2026-03-02T09:00:00Z' })
  watchMetrics(world.needs, registry)
})
afterAll(() => world.close())
const age = async () => /^mainstay_synthetic_page_age_seconds (\S+)$/m.exec(await registry.metrics())?.[1]

test('no page has passed yet: silence', async () => {
  expect(await sendHeartbeat(world.needs, watch)).toBe(false)
  expect(await age()).toBe('-1')
})

test('after a synthetic page through the lane of pages: one beat; when they stop passing, silence again', async () => {
  await world.database.transaction((tx) => addWork(tx, syntheticPage, {}, { key: 'watch' }))
  await world.forward(3 * second)
  await world.run()
  expect(await readWatch(world.database)).toMatchObject({ passedAt: world.now(), lateMs: 3_000 })
  expect(await sendHeartbeat(world.needs, watch)).toBe(true)
  expect(await readWatch(world.database)).toMatchObject({ heartbeatOutcome: 'beat 1' })
  await world.forward(119 * second)
  expect(await sendHeartbeat(world.needs, watch)).toBe(true)
  expect(await age()).toBe('119')
  await world.forward(minute)
  expect(await sendHeartbeat(world.needs, watch)).toBe(false)
  expect(await sendHeartbeat(world.needs, { registry, beat: null })).toBe(false)
  expect(beats).toHaveLength(2)
})
