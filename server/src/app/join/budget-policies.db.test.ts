// What policies ask of later rooms: a message goes out once and low, whoever is on call is found, accounts have authority.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { listDeliveryRows } from '../../modules/notifications/index.ts'
import { openWorld, type World } from '../../modules/oncall/testing/world.ts'
import { sql } from '../../platform/database/queries.ts'
import { budgetPolicyPortsOf } from './budget-policies.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ name: 'budget_policy_ports', at: '2026-03-02T09:00:00Z' })
  await world.apply(`
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: ana}
spec: {email: ana@shop.example}
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: ben}
spec: {email: ben@shop.example}
---
apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: shop}
spec: {members: [ana]}
---
apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: primary}
spec:
  team: shop
  zone: Europe/Berlin
  rotations: [{name: weekly, start: 2026-01-05T09:00, turn: {unit: week, every: 1}, members: [{person: ben}]}]
`)
})
afterAll(() => world.close())

const ports = () => budgetPolicyPortsOf(world.needs, world.notifier)
const at = instant(Date.parse('2026-03-02T09:00:00Z'))

test('a word reaches a person once, with low urgency; who cannot be reached is said to be', async () => {
  const word = (person: string) => ({
    ...{ occasion: 'budget-policy 1 0', person, because: 'The policy says so.' },
    ...{ head: 'Shop: checkout entered spent', sentence: 'Nothing is left.', link: 'http://mainstay.example/x' },
  })
  const tell = (person: string) => world.database.transaction((tx) => ports().tell(tx, word(person)))
  expect([await tell('ana'), await tell('ana'), await tell('nobody')]).toEqual([true, true, false])
  const rows = await listDeliveryRows(world.database, { alertId: null, pageId: null, person: 'ana' }, null, 10)
  expect(rows.map((row) => [row.purpose, row.urgency])).toEqual([['reminder', 'low']])
  await world.run()
  expect(world.mails.map((mail) => mail.email.subject)).toEqual(['Shop: checkout entered spent'])
})

test('whoever is on call then; an unknown schedule has nobody', async () => {
  expect(await ports().onCallIn(world.database, ['primary', 'gone'], at)).toEqual(['ben'])
})

test('only an account that may sign in has authority', async () => {
  expect(await ports().authorityOf(world.database, 'ana')).toBeNull()
  await world.database.run(
    sql`insert into people (id, email, name, role, time_zone) values (${world.needs.newId()}, 'ana@shop.example', 'Ana', 'editor', 'UTC')`,
  )
  expect(await ports().authorityOf(world.database, 'ana')).toMatchObject({ role: 'editor' })
  await world.database.run(sql`update people set disabled_at = mainstay_now()`)
  expect(await ports().authorityOf(world.database, 'ana')).toBeNull()
})
