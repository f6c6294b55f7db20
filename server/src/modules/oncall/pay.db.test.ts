// Pay: counted where people live, frozen when signed, corrected by lines beside it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../kernel/actor.ts'
import { hour, minute } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import type { PayStatement } from './pay.contract.ts'
import { callOf, openWorld, type World } from './testing/world.ts'
import { payCsv } from './usecases/describe-pay.ts'
import { keepEveryHistory } from './usecases/keep-history.ts'

const person = (name: string, zone: string, shown = name) =>
  `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${name}, displayName: '${shown}'}\nspec: {email: ${name}@shop.example, timeZone: ${zone}}\n---\n`
const documents = `${person('ana', 'Europe/Berlin', '=Ana, "A"')}${person('ben', 'America/New_York')}${person('dee', 'UTC')}${person('root', 'UTC')}
apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: web, displayName: Web}
spec: {lead: dee, members: [ana, ben]}
---
apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: primary}
spec:
  zone: Europe/Berlin
  team: web
  holidays: [{name: Opening, date: 2026-03-30}]
  rotations:
    - {name: weekly, start: 2026-03-23T00:00, turn: {unit: week, every: 1}, members: [{person: ana}, {person: ben}]}
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: default}
spec: {levels: [{notify: [{schedule: primary}], waitFor: 20m}], fallbackOwner: root}
`
const named = (id: string, role: 'responder' | 'admin' = 'responder'): Actor => ({
  kind: 'person',
  id,
  name: id,
  role,
  teams: [],
})
let world: World
beforeAll(async () => {
  world = await openWorld({ name: 'pay', at: '2026-03-20T00:00:00Z' })
  await world.apply(documents)
  const alertId = newId()
  // A night call of Ana over the change of the clock: 01:30 to 04:00 on the wall are an hour and a half.
  await world.moveTo('2026-03-29T00:30:00Z')
  const facts = { service: 's', severity: 'critical', summary: 's', startedAt: world.now(), link: 'http://x' } as const
  await world.database.transaction((tx) =>
    world.pager.open(tx, {
      ...{ alertId, service: null, policyName: null, urgency: 'high', severity: 'critical', tier: 1 },
      facts: { ...facts, impact: null, action: null, runbook: null, change: null },
    }),
  )
  await world.forward(minute)
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId, by: 'ana' }))
  await world.moveTo('2026-03-29T02:00:00Z')
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId, ended: 'resolved' }))
  await world.moveTo('2026-03-31T12:00:00Z')
  await keepEveryHistory(world.needs)
})
afterAll(() => world.close())

const period = { from: '2026-03-23', until: '2026-03-31' }
const read = (actor: Actor, query: object = period) =>
  callOf(world)<PayStatement>('pay.read', { params: { team: 'web' }, query, actor })
const sign = (actor: Actor, body: object = period) =>
  callOf(world)<PayStatement>('pay.sign', { params: { team: 'web' }, body, actor })
const correct = (id: string, body: object, actor = named('dee')) =>
  callOf(world)<PayStatement>('pay.correct', { params: { id }, body: { reason: 'r', ...body }, actor })
const hours = (sums: PayStatement['people'][number]['sums'] | undefined) =>
  Object.fromEntries((sums ?? []).map((each) => [each.class, [each.standbyMs / hour, each.awakeMs / hour]]))

test('each person’s hours in the person’s own zone, over the change of the clock', async () => {
  const found = await read(named('dee'))
  expect(found).toMatchObject({ state: 'open', reads: 'everybody', id: null, unrecordedMs: 0 })
  const [ana, ben] = found.people
  // Ana in Berlin: five weekdays, and a weekend of 47 hours; the holiday is Ben's turn.
  expect(hours(ana?.sums)).toEqual({ holiday: [0, 0], weekend: [47, 1.5], night: [40, 0], weekday: [80, 0] })
  // Ben in New York takes over on Sunday at 18:00 there; Monday the 30th is a holiday for him as well.
  expect(hours(ben?.sums)).toEqual({ holiday: [24, 0], weekend: [6, 0], night: [0, 0], weekday: [0, 0] })
  expect(ana?.days.find((each) => each.date === '2026-03-29')).toMatchObject({ class: 'weekend', standbyMs: 23 * hour })
})

test('everybody reads their own lines only; an administrator and the lead all of them', async () => {
  const own = await read(named('ben'))
  expect([own.reads, own.people.map((each) => each.person)]).toEqual(['own', ['ben']])
  expect((await read(named('stranger'))).people).toEqual([])
  expect((await read(named('boss', 'admin'))).people).toHaveLength(2)
})

test.each([
  ['only one day', { from: '2026-03-23' }],
  ['the wrong way round', { from: '2026-03-24', until: '2026-03-23' }],
  ['more than a hundred days', { from: '2026-01-01', until: '2026-06-01' }],
  ['a day that is none', { from: '2026-02-30', until: '2026-03-03' }],
])('a period that is %s is refused', async (_name, query) => {
  await expect(read(named('dee'), query)).rejects.toMatchObject({ code: 'oncall.pay-period' })
})

test('the last whole month unless said', async () => {
  expect(await read(named('dee'), {})).toMatchObject({ from: '2026-02-01', until: '2026-03-01' })
})

test('it is signed once, when it is over for everybody, by whoever answers for it', async () => {
  await expect(sign(named('ben'))).rejects.toMatchObject({ kind: 'forbidden', code: 'oncall.pay-not-yours' })
  await expect(sign(named('dee'), { from: '2026-03-23', until: '2026-04-01' })).rejects.toMatchObject({
    code: 'oncall.pay-not-over',
  })
  const signed = await sign(named('dee'))
  expect(signed).toMatchObject({ state: 'signed', signedBy: 'dee', people: [{ person: 'ana' }, { person: 'ben' }] })
  await expect(sign(named('dee'), { from: '2026-03-30', until: '2026-03-31' })).rejects.toMatchObject({
    code: 'oncall.pay-signed',
  })
  expect(world.types()).toContain('pay.signed')
  expect(signed.earlier.map((each) => each.from)).toEqual(['2026-03-23'])
})

test('what was signed stays, whatever is changed afterwards; corrections are lines of their own', async () => {
  const before = await read(named('dee'))
  await world.apply(documents.replace('date: 2026-03-30', 'date: 2026-03-25').replace('Europe/Berlin', 'Asia/Tokyo'))
  const after = await read(named('dee'))
  expect(after.people.map((each) => each.sums)).toEqual(before.people.map((each) => each.sums))
  // The record would say otherwise now, and it is said so; in the zone that was signed.
  expect(hours(after.people[0]?.differs)).toEqual({ holiday: [24, 0], weekday: [-16, 0], night: [-8, 0] })
  const id = after.id ?? ''
  await expect(correct(id, { person: 'ana', class: 'night' })).rejects.toMatchObject({ code: 'oncall.pay-nothing' })
  await expect(correct(id, { person: 'zed', class: 'night', awakeMs: 1 })).rejects.toMatchObject({ kind: 'not-found' })
  await expect(correct(newId(), { person: 'ana', class: 'night', awakeMs: 1 })).rejects.toMatchObject({
    kind: 'not-found',
  })
  await expect(correct(id, { person: 'ana', class: 'night', awakeMs: 1 }, named('ana'))).rejects.toMatchObject({
    kind: 'forbidden',
  })
  await correct(id, { person: 'ana', class: 'holiday', standbyMs: 24 * hour })
  await correct(id, { person: 'ana', class: 'weekday', standbyMs: -16 * hour })
  const corrected = await correct(id, {
    person: 'ana',
    class: 'night',
    standbyMs: -8 * hour,
    reason: 'Opening was the 25th',
  })
  const [ana] = corrected.people
  expect(ana?.sums).toEqual(before.people[0]?.sums)
  expect(hours(ana?.total)).toEqual({ holiday: [24, 0], weekend: [47, 1.5], night: [32, 0], weekday: [64, 0] })
  expect(ana?.differs).toEqual([])
  expect(ana?.corrections.at(-1)).toMatchObject({ class: 'night', by: 'dee', reason: 'Opening was the 25th' })
})

test('neither statements nor corrections can be changed or removed in the database', async () => {
  for (const statement of [
    sql`update pay_statements set signed_by = 'mallory'`,
    sql`delete from pay_statements`,
    sql`update pay_corrections set standby_ms = 1`,
    sql`delete from pay_corrections`,
  ])
    await expect(world.database.run(statement)).rejects.toThrow(/append-only/)
})

test('comma-separated values: a row for each day and kind of hour, then the corrections, safe for a spreadsheet', async () => {
  const rows = payCsv(await read(named('dee'))).split('\r\n')
  expect(rows[0]).toBe('person,name,zone,date,class,standby_hours,called_out_hours,line,reason,by')
  expect(rows).toContain(`ana,"'=Ana, ""A""",Europe/Berlin,2026-03-29,weekend,23,1.5,signed,,dee`)
  expect(rows).toContain(`ana,"'=Ana, ""A""",Europe/Berlin,,night,-8,0,correction,Opening was the 25th,dee`)
})
