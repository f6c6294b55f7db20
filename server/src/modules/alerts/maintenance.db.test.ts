// Under maintenance nobody is paged for the services it covers; what is still there at its end is told then.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hour, minute } from '../../kernel/duration.ts'
import { instant, plus } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { ana as admin, declaring } from '../maintenance/maintenance.fixture.ts'
import { listOccurrences } from '../maintenance/maintenance.store.ts'
import { changeOccurrence } from '../maintenance/usecases/change-occurrence.ts'
import { turnMaintenance } from '../maintenance/usecases/plan-windows.ts'
import { type AlertsWorld, openAlertsWorld } from './alerts.fixture.ts'
import { loadAlertsPlan } from './usecases/alerts-plan.ts'
import { heldUntil } from './usecases/held-until.ts'
import { sweepSilences } from './usecases/sweep-alerts.ts'

let world: AlertsWorld
let words: ReturnType<typeof declaring>
const night = instant(Date.UTC(2026, 2, 3, 1))
beforeAll(async () => {
  world = await openAlertsWorld('alerts maintenance')
  words = declaring(world.needs)
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await world.clock.set(plus(night, -hour))
  await world.database.run(sql`delete from maintenance_occurrences`)
  await world.database.run(sql`delete from maintenance_windows`)
  await world.database.run(sql`delete from resources where kind = 'MaintenanceWindow'`)
})

const sweep = () => sweepSilences(world.needs, world.ports)
const only = async () => {
  const [found] = await listOccurrences(
    world.database,
    { from: instant(0), to: plus(night, 1_000 * hour), services: null, window: null },
    null,
    1,
  )
  if (found === undefined) throw new Error('Nothing is planned.')
  return found
}
const declare = (more: object = {}) =>
  words.declare('disks', { services: ['checkout'], start: '2026-03-03 01:00', ...more })
const explain = async (body: object) =>
  (await world.call({ method: 'POST', url: '/api/v1/signals/explain', as: 'vic', body })).json()

test('an alert of a covered service pages nobody until its end, says why, and is told then', async () => {
  await declare()
  await world.clock.set(plus(night, minute))
  await world.receive([{}, { dedupKey: 'other', service: 'search' }])
  expect(world.asked).toEqual(['open search'])
  const held = (await world.alerts()).find((each) => each.service === 'checkout')
  expect(held?.silencedBy).toBe((await only()).id)
  expect(await world.trace(held?.id ?? '')).toEqual(expect.arrayContaining(['maintenance: held', 'paging: held']))
  await world.clock.set(plus(night, 2 * hour - 1))
  expect(await sweep()).toBe(0)
  await world.clock.set(plus(night, 2 * hour))
  expect(await sweep()).toBe(1)
  expect(await sweep()).toBe(0)
  expect(world.asked).toEqual(['open search', 'open checkout'])
  expect(await world.journal(held?.id ?? '')).toEqual(['alert.opened', 'alert.unsilenced'])
})

test('a resolve flows through, and nobody is told of it at the end', async () => {
  await declare()
  await world.clock.set(plus(night, minute))
  await world.receive([{}])
  await world.receive([{ status: 'resolved' }])
  expect(await world.only()).toMatchObject({ status: 'resolved' })
  await world.clock.set(plus(night, 3 * hour))
  expect(await sweep()).toBe(0)
  expect(world.asked).toEqual([])
})

test('the catalog’s service counts, whatever a label is called', async () => {
  await declare()
  await world.clock.set(plus(night, minute))
  await world.receive([{ service: 'checkout', labels: { service: 'pay-v2', __service__: 'report' } }])
  await world.receive([{ dedupKey: 'b', service: 'report', labels: { service: 'checkout', __service__: 'checkout' } }])
  expect(world.asked).toEqual(['open report'])
})

test('what already pages is put off when it begins, and goes on at once when a person ends it early', async () => {
  await declare()
  await world.receive([{}])
  expect(world.asked).toEqual(['open checkout'])
  await world.clock.set(plus(night, 10 * minute))
  expect(await sweep()).toBe(1)
  expect(await sweep()).toBe(0)
  expect(world.asked).toEqual(['open checkout', 'snooze checkout maintenance disks'])
  const alert = await world.only()
  const held = await world.database.transaction((tx) => heldUntil(tx, alert.id))
  expect(held?.because).toMatch(/^maintenance disks holds it until 2026-03-03T03:00/)
  await world.clock.set(plus(night, hour))
  const order = { actor: admin, reason: 'quicker than thought' }
  await changeOccurrence(world.needs, (await only()).id, { kind: 'end' }, order)
  expect(await sweep()).toBe(1)
  expect(world.asked.slice(2)).toEqual(['unacknowledge checkout the end of the maintenance'])
  expect((await world.only()).silencedBy).toBeNull()
})

test('extended, it holds for longer', async () => {
  await declare()
  await world.clock.set(plus(night, minute))
  await world.receive([{}])
  const until = plus(night, 4 * hour)
  await changeOccurrence(
    world.needs,
    (await only()).id,
    { kind: 'extend', until },
    { actor: admin, reason: 'a slow disk' },
  )
  await world.clock.set(plus(night, 3 * hour))
  expect(await sweep()).toBe(0)
  await world.clock.set(until)
  expect(await sweep()).toBe(1)
  expect(world.asked).toEqual(['open checkout'])
})

test('of two that overlap the last decides; a service that joins under way is held, too', async () => {
  await declare()
  await words.declare('cables', { services: ['checkout'], start: '2026-03-03 02:00' })
  await world.clock.set(plus(night, 90 * minute))
  await world.receive([{}])
  await world.clock.set(plus(night, 2 * hour))
  await sweep()
  expect(world.asked).toEqual([])
  await words.declare('cables', { services: ['checkout', 'search'], start: '2026-03-03 02:00' })
  await turnMaintenance(world.needs)
  await world.receive([{ dedupKey: 'other', service: 'search' }])
  expect(world.asked).toEqual([])
  await world.clock.set(plus(night, 3 * hour))
  await sweep()
  expect([...world.asked].sort()).toEqual(['open checkout', 'open search'])
})

test('an Alertmanager’s clients see it as a silence that is none of theirs to end', async () => {
  await declare()
  await world.clock.set(plus(night, minute))
  await world.receive([{ labels: { alertname: 'Slow', service: 'checkout' } }])
  const { id } = await only()
  const [alert] = (await world.call({ url: '/api/v2/alerts' })).json()
  expect(alert.status).toMatchObject({ state: 'suppressed', silencedBy: [id] })
  expect((await world.call({ url: `/api/v2/silence/${id}` })).json()).toMatchObject({
    comment: 'Maintenance disks: New disks',
    matchers: [{ name: 'service', value: 'checkout', isRegex: true, isEqual: true }],
    status: { state: 'active' },
  })
  expect((await world.call({ url: '/api/v2/silences' })).json()).toMatchObject([{ id }])
  expect((await world.call({ method: 'DELETE', url: `/api/v2/silence/${id}` })).statusCode).toBe(404)
})

test('the plan for the time without a database knows it', async () => {
  await declare()
  const plan = await loadAlertsPlan(world.database, world.ports, plus(night, -hour))
  expect(plan.silences).toMatchObject([{ maintenance: { window: 'disks', services: ['checkout'] } }])
})

test('explained at a time: by its own maintenance, beyond the calendar, and as if it were new', async () => {
  await declare({ repeat: 'FREQ=WEEKLY;BYDAY=TU', timeZone: 'Europe/Vienna' })
  const labels = { service: 'checkout', severity: 'critical' }
  const at = (wall: string, timeZone = 'Europe/Vienna') => explain({ labels, wall, timeZone })
  expect(await at('2026-03-03 01:30')).toMatchObject({
    at: '2026-03-03T00:30:00.000Z',
    told: false,
    sentence: expect.stringMatching(/^Nobody: held by maintenance disks until 2026-03-03T02:00.*New disks/),
  })
  expect(await at('2026-11-03 01:30')).toMatchObject({ told: false })
  expect(await at('2026-11-03 03:30')).toMatchObject({ told: true, paged: null })
  await world.receive([{ service: 'checkout', labels }])
  expect(await explain({ labels })).toMatchObject({ told: false, alert: { service: 'checkout' } })
  const later = await at('2026-11-03 03:30')
  expect(later).toMatchObject({ told: true, alert: null })
  expect(later.trace.map((each: { verdict: string }) => each.verdict)).toContain('assumed new')
})

test.each([
  { body: { at: '2026-03-03T01:00:00Z', wall: '2026-03-03 01:00' }, says: 'not both' },
  { body: { timeZone: 'UTC' }, says: 'belongs to a `wall`' },
  { body: { wall: '2026-02-31 01:00' }, says: 'no such time' },
  { body: { wall: '2026-03-03 01:00', timeZone: 'Mars' }, says: 'no time zone' },
  { body: { at: '2036-03-03T01:00:00Z' }, says: '400 days' },
])('a time that is none is refused: $says', async ({ body, says }) => {
  const refused = await world.call({
    method: 'POST',
    url: '/api/v1/signals/explain',
    as: 'vic',
    body: { labels: { service: 'checkout' }, ...body },
  })
  expect(refused.statusCode).toBe(422)
  expect(refused.body).toContain(says)
})
