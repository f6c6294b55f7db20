// An alert that the database took in a moment before it went away, and that its sender repeats: whoever hears of it aboard gives
// it the name that it has, so that its people are told of it under the same key, by a process that told them once not again.
import { expect, test } from 'vitest'
import { instant, plus } from '../../src/kernel/instant.ts'
import { openSea, signal } from './sea.fixture.ts'

type Sea = Awaited<ReturnType<typeof openSea>>

const keysOf = async ({ ask }: Sea): Promise<readonly string[]> => {
  const { items } = await ask<{ items: readonly { key: string }[] }>('GET /api/v1/deliveries')
  return items.map((each) => each.key)
}

const alertsOf = async ({ ask }: Sea): Promise<readonly unknown[]> => {
  const { items } = await ask<{ items: readonly Record<string, unknown>[] }>('GET /api/v1/alerts')
  return items.map((each) => [each.status, each.count])
}

test('one whose people were told after the plan was read last has its own page aboard, and nobody is told twice', async () => {
  const sea = await openSea()
  const { world, ask, boat, leave, back, pass } = sea
  await ask('POST /api/v1/signals', signal('disk'))
  await world.worker.drain()
  world.expectPage('ana', /disk/)
  const keys = await keysOf(sea)
  await leave()
  await ask('POST /api/v1/signals', signal('disk'))
  await pass(250)
  // The boat knew of no such alert, made its page, and found its key among those that are out.
  expect(boat.state().counts).toMatchObject({ signals: 1, alerts: 1, pages: 1 })
  world.expectNoPage()
  await back()
  world.expectNoPage()
  expect(await alertsOf(sea)).toEqual([['firing', 2]])
  expect(await keysOf(sea)).toEqual(keys)
  const pages = await ask<{ items: readonly { person: string }[] }>('GET /api/v1/pages')
  expect(pages.items.map((each) => each.person)).toEqual(['ana'])
  // The wait of its level goes on as if nothing had been.
  await world.forward('16m')
  world.expectPage('ben', /disk/)
})

test('one that was over within the hour and came again has another key, the same ashore and aboard', async () => {
  const sea = await openSea()
  const { world, ask, boat, leave, back, pass } = sea
  await ask('POST /api/v1/signals', signal('disk'))
  await world.worker.drain()
  world.expectPage('ana', /disk/)
  await ask('POST /api/v1/signals', signal('disk', 'checkout', 'resolved'))
  // Longer than the same failure is told with the page before.
  await world.forward('20m')
  world.newMails()
  const first = await keysOf(sea)
  await boat.arm()
  await ask('POST /api/v1/signals', signal('disk'))
  await world.worker.drain()
  world.expectPage('ana', /disk/)
  const keys = await keysOf(sea)
  expect(keys.filter((key) => !first.includes(key))).toHaveLength(1)
  await leave()
  await ask('POST /api/v1/signals', signal('disk'))
  await pass(250)
  expect(boat.state().counts).toMatchObject({ signals: 1, alerts: 1 })
  world.expectNoPage()
  await back()
  world.expectNoPage()
  expect(await alertsOf(sea)).toEqual([
    ['firing', 2],
    ['resolved', 2],
  ])
  expect([...(await keysOf(sea))].sort()).toEqual([...keys].sort())
})

test('what ended aboard and comes again aboard is told again, under another key', async () => {
  const sea = await openSea()
  const { world, ask, leave, back, pass } = sea
  await leave()
  await ask('POST /api/v1/signals', signal('disk'))
  await pass(250)
  world.expectPage('ana', /disk/)
  await ask('POST /api/v1/signals', signal('disk', 'checkout', 'resolved'))
  await pass(250)
  await pass(30 * 60_000)
  world.newMails()
  await ask('POST /api/v1/signals', signal('disk'))
  await pass(250)
  world.expectPage('ana', /disk/)
  await back()
  // Both were written down in the moment of the landing.
  expect([...(await alertsOf(sea))].sort()).toEqual([
    ['firing', 1],
    ['resolved', 2],
  ])
  const { items } = await ask<{ items: readonly { purpose: string; person: string; state: string }[] }>(
    'GET /api/v1/deliveries',
  )
  const sent = items.filter((each) => each.purpose === 'page' && each.state === 'sent')
  expect(sent.map((each) => each.person)).toEqual(['ana', 'ana'])
})

test('a clock that goes back by an hour and comes again: every episode has a name of its own, and none is refused', async () => {
  const { world, ask } = await openSea()
  const half = instant(Date.UTC(2026, 2, 2, 10, 30))
  for (const minutes of [0, -60, 5, -50, 10, -40]) {
    await world.clock.set(plus(half, minutes * 60_000))
    await ask('POST /api/v1/signals', signal('disk'))
    await ask('POST /api/v1/signals', signal('disk', 'checkout', 'resolved'))
    await world.worker.drain()
  }
  const { items } = await ask<{ items: readonly { id: string; status: string }[] }>('GET /api/v1/alerts')
  expect(items.map((each) => each.status)).toEqual(Array.from({ length: 6 }, () => 'resolved'))
  expect(new Set(items.map((each) => each.id)).size).toBe(6)
})
