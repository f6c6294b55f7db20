// A reminder reaches the first working contact of one person, once for each occasion.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../oncall/testing/world.ts'
import { listDeliveryRows } from './deliveries.store.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ name: 'reminders', at: '2026-03-02T09:00:00Z' })
  await world.apply(
    'apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ana}\nspec: {email: ana@shop.example}\n',
  )
})
afterAll(() => world.close())

const facts = {
  head: 'Update of incident 7 is due (SEV1)',
  sentence: 'People wait to hear about: Nobody can pay',
  link: 'http://mainstay.example/incidents/7',
}
const remind = (occasion: string, person = 'ana') =>
  world.database.transaction((tx) =>
    world.notifier.remind(tx, { occasion, person, because: 'It was promised.', facts }),
  )

test('told once for each occasion, by mail where that is all there is', async () => {
  expect(await remind('a')).toBe(true)
  expect(await remind('a')).toBe(false)
  expect(await remind('a', 'nobody')).toBe(false)
  await world.run()
  expect(world.mails.map((mail) => mail.email.subject)).toEqual([facts.head])
  expect(world.mails[0]?.raw).toContain('People wait to hear about: Nobody can pay')
  expect(await remind('b')).toBe(true)
  const rows = await listDeliveryRows(world.database, { alertId: null, pageId: null, person: 'ana' }, null, 10)
  expect(rows.map((row) => row.purpose)).toEqual(['reminder', 'reminder'])
})
