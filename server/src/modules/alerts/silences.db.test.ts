// A silence holds pages back; alerts open, end and are counted as without one, and are heard when it is over.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hour, minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { type AlertsWorld, ana, openAlertsWorld } from './alerts.fixture.ts'
import { acknowledgeAlert } from './usecases/acknowledge-alerts.ts'
import { sweepSilences } from './usecases/sweep-alerts.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alerts silences')
})
afterAll(() => world.close())
const start = instant(Date.UTC(2026, 2, 1, 3))
beforeEach(async () => {
  await world.clear()
  await world.clock.set(start)
})

const onRegion = [[{ name: 'region', operator: '=~', value: 'eu|us' }]]
const silence = (more: object = {}) =>
  world.call({
    method: 'POST',
    url: '/api/v1/silences',
    body: { sets: onRegion, endsAt: formatInstant(plus(start, hour)), reason: 'Moving house', ...more },
  })
const eu = { labels: { region: 'eu' } }
const sweep = () => sweepSilences(world.needs, world.ports)

test('an alert that opens under a silence pages nobody until the silence ends', async () => {
  const made = await silence()
  expect(made.statusCode).toBe(201)
  await world.receive([eu, { dedupKey: 'other', labels: { region: 'asia' } }])
  expect(world.asked).toEqual(['open checkout'])
  const [held] = (await world.alerts()).filter((each) => each.silencedBy === made.json().id)
  expect(await world.trace(held?.id ?? '')).toContain('paging: held')
  await world.clock.forward(59 * minute)
  expect(await sweep()).toBe(0)
  await world.clock.forward(minute)
  expect(await sweep()).toBe(1)
  expect(await sweep()).toBe(0)
  expect(world.asked.slice(1)).toEqual(['open checkout'])
  expect((await world.alerts()).map((each) => each.silencedBy)).toEqual([null, null])
  expect(await world.journal(held?.id ?? '')).toEqual(['alert.opened', 'alert.unsilenced'])
})

test('an end flows through a silence, and a worse one waits for its end', async () => {
  await silence()
  await world.receive([{ ...eu, severity: 'warning' }])
  await world.receive([{ ...eu, severity: 'critical' }])
  expect(world.asked).toEqual([])
  expect(await world.trace((await world.only()).id)).toContain('paging: held')
  await world.receive([{ ...eu, status: 'resolved' }])
  expect(await world.only()).toMatchObject({ status: 'resolved', worst: 'critical' })
  await world.clock.forward(2 * hour)
  expect(await sweep()).toBe(0)
})

test('a silence stops what is already paging, and expiring it early lets it go on', async () => {
  await world.receive([eu])
  const made = await silence()
  expect(world.asked).toEqual(['open checkout', 'snooze checkout ana'])
  expect((await world.only()).silencedBy).toBe(made.json().id)
  expect((await world.call({ method: 'DELETE', url: `/api/v1/silences/${made.json().id}` })).statusCode).toBe(204)
  expect(world.asked.slice(2)).toEqual(['unacknowledge checkout the end of the silence'])
  expect((await world.only()).silencedBy).toBeNull()
  expect(await sweep()).toBe(0)
})

test('what somebody answered under a silence stays answered after it', async () => {
  await silence()
  await world.receive([eu])
  await acknowledgeAlert(world.needs, world.ports, { alertId: (await world.only()).id, actor: ana, by: 'ana' })
  await world.clock.forward(hour)
  expect(await sweep()).toBe(1)
  expect(world.asked).toEqual(['open checkout', 'acknowledge checkout ana'])
  expect((await world.only()).status).toBe('acknowledged')
})

test('the last of two silences decides', async () => {
  await silence()
  const longer = await silence({ endsAt: formatInstant(plus(start, 2 * hour)) })
  await world.receive([eu])
  await world.clock.forward(hour)
  await sweep()
  expect((await world.only()).silencedBy).toBe(longer.json().id)
  await world.clock.forward(hour)
  expect(await sweep()).toBe(1)
  expect((await world.only()).silencedBy).toBeNull()
})

test('a longer silence takes over what a shorter one holds, and back when it is ended', async () => {
  await world.receive([eu])
  const shorter = await silence()
  const longer = await silence({ endsAt: formatInstant(plus(start, 2 * hour)) })
  expect((await world.only()).silencedBy).toBe(longer.json().id)
  await silence({ endsAt: formatInstant(plus(start, minute)) })
  expect((await world.only()).silencedBy).toBe(longer.json().id)
  await world.call({ method: 'DELETE', url: `/api/v1/silences/${longer.json().id}` })
  expect((await world.only()).silencedBy).toBe(shorter.json().id)
  expect(world.asked).toEqual(['open checkout', ...Array(3).fill('snooze checkout ana')])
  await world.clock.forward(hour)
  expect(await sweep()).toBe(1)
  // Its pages wait for the same end and go on by themselves.
  expect(world.asked).toHaveLength(4)
})

test('a silence for later takes hold when it begins', async () => {
  await world.receive([eu])
  const later = await silence({ startsAt: formatInstant(plus(start, 10 * minute)) })
  expect(later.json().state).toBe('pending')
  expect(await sweep()).toBe(0)
  await world.clock.forward(10 * minute)
  expect(await sweep()).toBe(1)
  expect(await sweep()).toBe(0)
  expect(world.asked).toEqual(['open checkout', 'snooze checkout ana'])
})

test.each([
  { why: 'ends before it starts', more: { endsAt: formatInstant(start) }, status: 422 },
  { why: 'matches everything', more: { sets: [[{ name: 'region', operator: '=~', value: '.*' }]] }, status: 422 },
  {
    why: 'has a pattern that cannot be read',
    more: { sets: [[{ name: 'a', operator: '=~', value: '(' }]] },
    status: 422,
  },
  { why: 'has no matcher', more: { sets: [] }, status: 422 },
  { why: 'has an unknown operator', more: { sets: [[{ name: 'a', operator: '~', value: 'b' }]] }, status: 422 },
])('a silence that $why is refused', async ({ more, status }) => {
  expect((await silence(more)).statusCode).toBe(status)
  expect((await world.call({ url: '/api/v1/silences' })).json().items).toEqual([])
})

test('a silence that is over cannot be ended again', async () => {
  const { id } = (await silence()).json()
  const end = () => world.call({ method: 'DELETE', url: `/api/v1/silences/${id}` })
  expect((await world.call({ url: '/api/v1/silences' })).json().items).toMatchObject([
    { id, state: 'active', createdBy: 'ana' },
  ])
  expect([(await end()).statusCode, (await end()).statusCode]).toEqual([204, 404])
})
