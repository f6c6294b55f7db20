// The board of actions by what they are worth, and how long they have been there.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { day, hour, minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { type IncidentsWorld, openIncidentsWorld } from '../incidents/incidents.fixture.ts'
import { postmortemsRoom } from './postmortems.module.ts'

let world: IncidentsWorld
const start = instant(Date.UTC(2026, 2, 2, 3))
beforeAll(async () => {
  world = await openIncidentsWorld('action_priority', (needs, people) => [postmortemsRoom(needs, people)])
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await world.owner.query('truncate postmortems cascade')
  await world.clock.set(start)
})

const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, as: string, body?: object) =>
  (await world.call({ method, url: `/api/v1/${path}`, as, ...(body === undefined ? {} : { body }) })).json()

async function action(severity: string, title: string, more: object = {}, kind = 'normal'): Promise<string> {
  const now = await world.database.now()
  const order = { title, severity, kind, services: ['payment'], startedAt: formatInstant(plus(now, -30 * minute)) }
  const incident = (await call('POST', 'incidents', 'root', order)).id
  await call('POST', `incidents/${incident}/transition`, 'root', { to: 'resolved', note: 'Over.' })
  await world.drain()
  const { id } = await call('POST', 'postmortems', 'root', { incident })
  const body = { title, kind: 'prevent', owner: 'ben', dueAt: formatInstant(plus(now, 7 * day)), ...more }
  return (await call('POST', `postmortems/${id}/actions`, 'root', body)).id
}
const titles = (page: { items: { title: string }[] }) => page.items.map((each) => each.title)

test('sorted by the risk for a day of work; what happens again weighs more', async () => {
  await action('SEV3', 'Small and quick', { size: 'S' })
  await world.clock.set(plus(start, hour))
  const large = await action('SEV1', 'Worst and long', { size: 'L' })
  const first = await call('GET', 'actions?state=unfinished', 'vic')
  expect(titles(first)).toEqual(['Small and quick', 'Worst and long'])
  expect(first.items[1]).toMatchObject({
    size: 'L',
    priority: {
      points: 24,
      perDay: 2.4,
      sentence: /^SEV1 8 × 2 for 1 repeat × 1.5 for 30 min of hurt users = 24 points/,
    },
  })
  expect(titles(await call('GET', 'actions?sort=priority', 'vic'))).toEqual(['Small and quick', 'Worst and long'])
  expect((await call('PATCH', `actions/${large}`, 'ana', { size: 'S' })).priority).toMatchObject({ perDay: 24 })
  const page = await call('GET', 'actions?sort=priority&limit=1', 'vic')
  expect(titles(page)).toEqual(['Worst and long'])
  const next = await call('GET', `actions?sort=priority&limit=1&cursor=${page.nextCursor}`, 'vic')
  expect([titles(next), next.nextCursor]).toEqual([['Small and quick'], null])
  expect((await call('PATCH', `actions/${large}`, 'ana', { size: null })).size).toBeNull()
  expect(await call('PATCH', `actions/${large}`, 'ana', { size: 'XL' })).toMatchObject({ status: 422 })
})

test('a restricted incident is no repeat to who may not read it', async () => {
  await action('SEV1', 'Of a break-in', {}, 'security')
  await world.clock.set(plus(start, hour))
  await action('SEV2', 'Of an outage')
  const seenBy = async (who: string) =>
    (await call('GET', 'actions', who)).items.find((each: { title: string }) => each.title === 'Of an outage').priority
  expect((await seenBy('vic')).sentence).not.toContain('repeat')
  expect((await seenBy('root')).sentence).toContain('for 1 repeat')
})

test('how long what is not done has been agreed', async () => {
  await action('SEV2', 'Old')
  await world.clock.set(plus(start, 40 * day))
  await action('SEV2', 'New')
  expect((await call('GET', 'action-ageing', 'vic')).buckets).toEqual([
    { bucket: 'under 30 days', actions: 1, overdue: 0 },
    { bucket: '30 to 89 days', actions: 1, overdue: 1 },
    { bucket: '90 to 179 days', actions: 0, overdue: 0 },
    { bucket: '180 days and more', actions: 0, overdue: 0 },
  ])
})
