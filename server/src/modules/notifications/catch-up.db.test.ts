// After an outage: each page once, as it stands now, and more than three as one.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { hour, minute } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { openWorld, type World } from '../oncall/testing/world.ts'
import { saveRules } from './contacts.store.ts'
import { listDeliveryRows } from './deliveries.store.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ name: 'catch-up', at: '2026-03-02T09:00:00Z' })
  await world.apply(
    'apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ana}\nspec: {email: ana@shop.example}\n',
  )
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.run(
    sql`truncate contacts, notification_rules, deliveries, delivery_attempts, page_notices, bundles, due_work cascade`,
  )
  world.mails.length = 0
  await world.moveTo('2026-03-02T09:00:00Z')
})

async function page(summary: string): Promise<string> {
  const alertId = newId()
  const facts = {
    service: 'nas',
    severity: 'critical',
    summary,
    startedAt: world.now(),
    impact: null,
    action: null,
  } as const
  const rest = { runbook: null, change: null, because: 'named', link: 'http://mainstay.example/x' }
  await world.database.transaction((tx) =>
    world.notifier.sendPage(tx, {
      pageId: newId(),
      alertId,
      step: 1,
      person: 'ana',
      urgency: 'high',
      severity: 'critical',
      facts: { ...facts, ...rest },
      again: null,
    }),
  )
  return alertId
}
const rows = () => listDeliveryRows(world.database, { alertId: null, pageId: null, person: null }, null, 100)

test('six pages that stood through an outage come as one message; what was acknowledged meanwhile is not in it', async () => {
  const alerts: string[] = []
  for (let each = 0; each < 6; each += 1) {
    alerts.push(await page(`alert ${each}`))
    await world.forward(2 * minute)
  }
  await world.forward(3 * hour)
  const [done] = alerts
  await world.database.transaction((tx) =>
    world.notifier.cancelDeliveries(tx, { alertId: done ?? '', because: 'ben acknowledged.', by: automation('test') }),
  )
  // Several workers wake at once, as after a restart.
  await Promise.all([world.run(), world.worker('second').drain(), world.worker('third').drain()])
  expect(world.mails.map((mail) => mail.email.subject)).toEqual(['Critical: 5 alerts on nas'])
  expect(world.mails[0]?.email.text).not.toContain('alert 0')
  const phases = (await rows()).map((row) => `${row.purpose} ${row.phase}`).sort()
  expect(phases).toEqual(['bundle sent', ...Array(6).fill('page cancelled')])
})

test('three late pages come one by one, and reminders of one page fall away but the last', async () => {
  const steps = [0, 5 * minute, 10 * minute].map((delayMs) => ({ delayMs, contact: 'email' }))
  await world.database.transaction((tx) => saveRules(tx, 'ana', { high: steps, low: [] }))
  for (const each of ['one', 'two', 'three']) {
    await page(each)
    await world.forward(30_000)
  }
  await world.forward(hour)
  await world.run()
  expect(world.mails).toHaveLength(3)
  expect((await rows()).filter((row) => row.phase === 'sent').map((row) => row.order)).toEqual([3, 3, 3])
  await world.pass(hour, 10 * minute)
  expect(world.mails).toHaveLength(3)
})

test('a page that is on time is never held for others', async () => {
  await page('late')
  await world.forward(hour)
  await page('now')
  await world.run()
  expect(world.mails).toHaveLength(2)
})
