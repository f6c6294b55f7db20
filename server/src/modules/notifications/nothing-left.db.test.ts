// Processes that were killed between "it may leave" and their last bytes: what their disks show of it is written down, and a page
// that was given up because two copies might have left goes out after all.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { minute, second } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { openWorld, type World } from '../oncall/testing/world.ts'
import { type DeliveryRow, listAttempts, listDeliveryRows } from './deliveries.store.ts'
import type { NotificationPorts, Outgoing } from './notifications.ports.ts'
import { deliverMessage } from './usecases/deliver-message.ts'
import { recordNothingLeft } from './usecases/record-nothing-left.ts'

let world: World
const by = automation('test')
beforeAll(async () => {
  world = await openWorld({ name: 'nothing-left', at: '2026-03-02T09:00:00Z' })
  await world.apply(
    'apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ana}\nspec: {email: ana@shop.example}\n',
  )
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.run(sql`truncate deliveries, delivery_attempts, page_notices, bundles, due_work cascade`)
  world.mails.length = 0
})

async function page(): Promise<{ readonly alertId: string; readonly key: string }> {
  const [pageId, alertId] = [newId(), newId()]
  const facts = { service: 'nas', severity: 'critical' as const, summary: 'Disk full', startedAt: world.now() }
  const rest = { impact: null, action: null, runbook: null, change: null, because: 'named', link: 'http://m.example/x' }
  await world.database.transaction((tx) =>
    world.notifier.sendPage(tx, {
      ...{ pageId, alertId, step: 1, person: 'ana', urgency: 'high', severity: 'critical', again: null },
      facts: { ...facts, ...rest },
    }),
  )
  const { key } = await only()
  return { alertId, key }
}

async function only(): Promise<DeliveryRow> {
  const everything = { alertId: null, pageId: null, person: null }
  const [row, ...others] = await listDeliveryRows(world.database, everything, null, 10)
  if (row === undefined || others.length > 0) throw new Error('There is not exactly one delivery.')
  return row
}

/** The process is gone between the answer that it may leave and its first byte: the send never ends. */
async function dieAt(key: string, attempt: number): Promise<void> {
  const dying = withMail(async ({ beforeWrite }) => {
    await beforeWrite()
    return new Promise(() => undefined)
  })
  void deliverMessage(world.needs, dying, key)
  const written = sql<{ written: boolean | null }>`
    select written from delivery_attempts where key = ${key} and attempt = ${attempt}`
  await expect.poll(async () => (await world.database.maybe(written))?.written).toBe(true)
}

const withMail = (send: (outgoing: Outgoing) => ReturnType<NotificationPorts['channels']['email']['send']>) => ({
  ...world.notifications,
  channels: { ...world.notifications.channels, email: { send } },
})
const nothingLeft = (key: string, attempt: number) =>
  world.database.transaction((tx) => recordNothingLeft(tx, world.needs, { key, attempt }))

test('two in a row: given up, then told by their disks that nothing left, and sent once', async () => {
  const { key } = await page()
  await dieAt(key, 1)
  await world.forward(9 * second)
  await dieAt(key, 2)
  await world.forward(9 * second)
  await deliverMessage(world.needs, world.notifications, key)
  expect(await only()).toMatchObject({ phase: 'unknown', copies: 2 })
  expect(await nothingLeft(key, 1)).toBe(true)
  expect(await nothingLeft(key, 2)).toBe(true)
  // Told twice it changes nothing more.
  expect(await nothingLeft(key, 1)).toBe(false)
  await world.run()
  expect(world.mails).toHaveLength(1)
  expect(await only()).toMatchObject({ phase: 'sent', copies: 0, attempts: 3 })
  expect((await listAttempts(world.database, [key])).map((each) => each.outcome)).toEqual([
    'refused',
    'refused',
    'accepted',
  ])
})

test('told before anybody took over: the lease is waited for, and no copy is counted', async () => {
  const { key } = await page()
  await dieAt(key, 1)
  expect(await nothingLeft(key, 1)).toBe(true)
  await world.forward(6 * second)
  await world.run()
  expect(world.mails).toHaveLength(1)
  expect(await only()).toMatchObject({ phase: 'sent', copies: 0, attempts: 2 })
})

test('answered meanwhile: nobody hears of it again', async () => {
  const { alertId, key } = await page()
  await dieAt(key, 1)
  await world.forward(9 * second)
  await dieAt(key, 2)
  await world.forward(9 * second)
  await deliverMessage(world.needs, world.notifications, key)
  await world.database.transaction((tx) =>
    world.notifier.cancelDeliveries(tx, { alertId, because: 'ana acknowledged it.', by }),
  )
  expect(await nothingLeft(key, 2)).toBe(true)
  await world.forward(minute)
  await world.run()
  expect(world.mails).toHaveLength(0)
  expect(await only()).toMatchObject({ phase: 'unknown' })
})

test('what was taken, refused or never marked stays what it is', async () => {
  const { key } = await page()
  await world.run()
  expect(world.mails).toHaveLength(1)
  expect(await nothingLeft(key, 1)).toBe(false)
  expect(await nothingLeft(key, 7)).toBe(false)
  expect(await nothingLeft('page:no:1:such:1:one', 1)).toBe(false)
  expect(await only()).toMatchObject({ phase: 'sent' })
})
