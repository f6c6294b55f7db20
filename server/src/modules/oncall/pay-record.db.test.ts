// Pay follows the record: whose shifts they were when they were served, where people lived then, and what paged them.
import { afterEach, expect, test } from 'vitest'
import type { Actor } from '../../kernel/actor.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import type { PayStatement } from './pay.contract.ts'
import { callOf, openWorld, root, type World } from './testing/world.ts'
import { keepEveryHistory } from './usecases/keep-history.ts'

const person = (name: string, zone = 'UTC') =>
  `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${name}}\nspec: {email: ${name}@shop.example, timeZone: ${zone}}\n---\n`
const team = (name: string) =>
  `apiVersion: mainstay.dev/v1\nkind: Team\nmetadata: {name: ${name}}\nspec: {lead: dee, members: [ana]}\n---\n`
const rota = (name: string, of: string, members = 'ana', more = '') => `apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: ${name}}
spec:
  zone: UTC
  ${of === '' ? '' : `team: ${of}`}
  ${more}
  rotations:
    - {name: all, start: 2026-03-01T00:00, turn: {unit: week, every: 52}, members: [{person: ${members}}]}
---
`
const policy = (schedule: string) => `apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: default}
spec: {levels: [{notify: [{schedule: ${schedule}}], waitFor: 20m}], fallbackOwner: root}
`
const dee: Actor = { kind: 'person', id: 'dee', name: 'dee', role: 'responder', teams: [] }
let world: World
afterEach(() => world.close())

async function open(name: string, more: { readonly pagesKeptMs?: number } = {}) {
  world = await openWorld({ name, at: '2026-03-01T00:00:00Z', ...more })
  await world.apply(
    `${['ana', 'ben', 'dee', 'root'].map((each) => person(each)).join('')}${team('web')}${team('data')}`,
  )
}
async function at(time: string) {
  await world.moveTo(time)
  await keepEveryHistory(world.needs)
}
const march = { from: '2026-03-01', until: '2026-04-01' }
const april = { from: '2026-04-01', until: '2026-05-01' }
const read = (of: string, query: object = march) =>
  callOf(world)<PayStatement>('pay.read', { params: { team: of }, query, actor: dee })
const sign = (of: string, body: object = march) =>
  callOf(world)<PayStatement>('pay.sign', { params: { team: of }, body, actor: dee })
const standby = (found: PayStatement) =>
  Object.fromEntries(
    found.people.map((each) => [each.person, each.sums.reduce((sum, { standbyMs }) => sum + standbyMs, 0) / hour]),
  )
const remove = (name: string) =>
  deleteResource(world.needs, world.catalog, { key: { kind: 'Schedule', name }, actor: root })

async function page(time: string, lasts: number, answeredBy = 'ana') {
  const alertId = newId()
  await world.moveTo(time)
  const facts = { service: 's', severity: 'critical', summary: 's', startedAt: world.now(), link: 'http://x' } as const
  await world.database.transaction((tx) =>
    world.pager.open(tx, {
      ...{ alertId, service: null, policyName: null, urgency: 'high', severity: 'critical', tier: 1 },
      facts: { ...facts, impact: null, action: null, runbook: null, change: null },
    }),
  )
  await world.forward(minute)
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId, by: answeredBy }))
  await world.forward(lasts - minute)
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId, ended: 'resolved' }))
}

test('a schedule that was removed still counts for whom it was served', async () => {
  await open('paygone')
  await world.apply(rota('primary', 'web', 'ana', "holidays: [{name: Opening, date: '2026-03-04'}]"))
  await at('2026-03-11T00:00:00Z')
  await remove('primary')
  await at('2026-04-02T00:00:00Z')
  const found = await read('web')
  expect(standby(found)).toEqual({ ana: 10 * 24 })
  expect(found.people[0]?.sums.find((each) => each.class === 'holiday')?.standbyMs).toBe(24 * hour)
  expect(found.unrecordedMs).toBe(0)
  expect(standby(await read('data'))).toEqual({})
})

test('one that moved to another team is paid by each for its own time, and once', async () => {
  await open('paymoved')
  await world.apply(rota('primary', 'web'))
  await at('2026-03-11T00:00:00Z')
  await world.apply(rota('primary', 'data'))
  await at('2026-04-02T00:00:00Z')
  expect([standby(await read('web')), standby(await read('data'))]).toEqual([{ ana: 10 * 24 }, { ana: 21 * 24 }])
  // Signed and looked at again, nothing differs.
  await sign('web')
  expect((await read('web')).people[0]?.differs).toEqual([])
})

test('kept before teams were kept with it, the definition of that time says whose it was; without one it is not on record', async () => {
  await open('payold')
  await world.apply(`${rota('primary', 'web')}${rota('second', 'data', 'ben')}`)
  await at('2026-03-11T00:00:00Z')
  await world.apply(rota('primary', 'data'))
  await at('2026-04-02T00:00:00Z')
  await world.database.run(sql`update schedule_history set team = null`)
  expect([standby(await read('web')), standby(await read('data'))]).toEqual([
    { ana: 10 * 24 },
    { ana: 21 * 24, ben: 31 * 24 },
  ])
  await remove('primary')
  await world.database.run(sql`delete from resource_versions where kind = 'Schedule' and name = 'primary'`)
  const found = await read('data')
  expect([standby(found), found.unrecordedMs]).toEqual([{ ben: 31 * 24 }, 31 * 24 * hour])
})

test('who moves between two months is paid for every hour once', async () => {
  await open('payzone')
  await world.apply(`${person('ana', 'Asia/Tokyo')}${rota('primary', 'web')}`)
  await at('2026-04-02T00:00:00Z')
  await sign('web')
  await world.apply(person('ana', 'America/New_York'))
  await at('2026-05-02T00:00:00Z')
  const found = await read('web', april)
  // From midnight in Tokyo, 15:00 of 31 March in UTC, to midnight in New York, 04:00 of 1 May.
  expect(standby(found)).toEqual({ ana: 30 * 24 + 9 + 4 })
  await sign('web', april)
  await world.apply(person('ana', 'UTC'))
  expect((await read('web', april)).people[0]?.differs).toEqual([])
})

test('a statement between two signed ones fills what lies between, and takes nothing of theirs', async () => {
  await open('paygap')
  await world.apply(`${person('ana', 'America/New_York')}${rota('primary', 'web')}`)
  await at('2026-05-02T12:00:00Z')
  await sign('web', april)
  await world.apply(person('ana', 'Asia/Tokyo'))
  // To where April began in New York.
  const found = await read('web', { from: '2026-03-20', until: '2026-04-01' })
  expect(standby(found)).toEqual({ ana: 12 * 24 + 9 + 4 })
})

test('once its first pages may be gone, a period is not signed, and what was signed is not compared', async () => {
  await open('paylate', { pagesKeptMs: 90 * day })
  await world.apply(`${rota('primary', 'web')}${policy('primary')}`)
  await page('2026-03-02T10:00:00Z', hour)
  await at('2026-04-02T00:00:00Z')
  const signed = await sign('web')
  expect(signed.people[0]?.sums.reduce((sum, { awakeMs }) => sum + awakeMs, 0)).toBe(hour)
  await at('2026-06-02T00:00:00Z')
  await world.database.run(sql`delete from pages`)
  const { people, unrecordedMs } = await read('web')
  expect([people[0]?.differs, unrecordedMs]).toEqual([[], signed.unrecordedMs])
  await at('2026-07-15T00:00:00Z')
  await expect(sign('web', april)).rejects.toMatchObject({ code: 'oncall.pay-pages-gone' })
  await sign('web', { from: '2026-05-01', until: '2026-06-01' })
})

test('whoever is found only by now is shown, with what was not signed', async () => {
  await open('paynew')
  await world.apply(rota('primary', 'web'))
  await at('2026-04-02T00:00:00Z')
  await sign('web')
  const served = sql`
    insert into schedule_history (schedule, team, person, starts_at, ends_at, source)
    values ('forgotten', 'web', 'ben', '2026-03-10T00:00:00Z', '2026-03-10T02:00:00Z', '{"kind": "rotation", "rotation": "r", "turn": 0}')`
  await world.database.run(served)
  await world.database.run(sql`
    insert into schedule_history_marks (schedule, since, until) values ('forgotten', '2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z')`)
  const found = await read('web')
  expect(found.people.map((each) => [each.person, each.days.length])).toEqual([
    ['ana', found.people[0]?.days.length],
    ['ben', 0],
  ])
  expect(found.people[1]?.differs).toEqual([{ class: 'night', standbyMs: 2 * hour, awakeMs: 0 }])
})

test('a call on duty for two teams says how much of it both count', async () => {
  await open('payboth')
  await world.apply(`${rota('primary', 'web')}${rota('second', 'data')}${policy('primary')}`)
  await page('2026-03-03T10:00:00Z', 2 * hour)
  await at('2026-04-02T00:00:00Z')
  expect((await read('web')).people[0]).toMatchObject({
    alsoElsewhereAwakeMs: 2 * hour,
    alsoElsewhereMs: 31 * 24 * hour,
  })
})

test('whose line a correction is, and why, is not in the journal', async () => {
  await open('payjournal')
  await world.apply(rota('primary', 'web'))
  await at('2026-04-02T00:00:00Z')
  const { id } = await sign('web')
  const body = { person: 'ana', class: 'night', awakeMs: hour, reason: 'Was ill and was called' }
  const corrected = await callOf(world)<PayStatement>('pay.correct', { params: { id }, body, actor: dee })
  const entry = world.entries.find((each) => each.type === 'pay.corrected')
  expect(JSON.stringify(entry)).not.toMatch(/ana|ill/)
  expect(entry?.entry.data).toMatchObject({ correction: corrected.people[0]?.corrections[0]?.id })
})
