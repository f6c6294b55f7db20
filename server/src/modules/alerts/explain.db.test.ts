// Explanations agree with what happens; previews count what a silence would hide.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlertsWorld, openAlertsWorld } from './alerts.fixture.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('explain')
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const explain = async (labels: object, more: object = {}) =>
  (await world.call({ method: 'POST', url: '/api/v1/signals/explain', as: 'vic', body: { labels, ...more } })).json()
const silence = (name: string, value: string, url = '/api/v1/silences') =>
  world.call({
    method: 'POST',
    url,
    body: {
      sets: [[{ name, operator: '=', value }]],
      endsAt: '2099-01-01T00:00:00Z',
      ...(url.endsWith('preview') ? {} : { reason: 'work' }),
    },
  })
const labels = { alertname: 'Slow', service: 'checkout', severity: 'critical' }

test('explained and then sent: told, joined, silenced, inhibited', async () => {
  expect(await explain(labels)).toMatchObject({
    told: true,
    alert: null,
    sentence: expect.stringContaining('Team web'),
  })
  await world.receive([{ dedupKey: 'a', labels }])
  expect(world.asked).toEqual(['open checkout'])
  expect(await explain(labels)).toMatchObject({
    told: false,
    sentence: expect.stringMatching(/open as #\d+ \(firing\)/),
  })
  const other = { ...labels, alertname: 'Errors' }
  expect(await explain(other)).toMatchObject({ told: true, sentence: expect.stringContaining('is told of it as well') })
  await world.receive([{ dedupKey: 'b', labels: other }])
  expect(world.asked).toEqual(['open checkout'])
  await silence('alertname', 'Full')
  const full = await explain({ ...labels, alertname: 'Full' })
  expect(full).toMatchObject({ told: false, sentence: 'Nobody: it is silenced.' })
  expect(full.trace.map((step: { rule: string }) => step.rule)).toEqual(['service', 'urgency', 'silence'])
  const file = `route: {receiver: a}
receivers: [{name: a}]
inhibit_rules: [{source_matchers: [alertname=Slow], target_matchers: [alertname=Tail]}]`
  await world.call({ method: 'PUT', url: '/api/v1/routing', as: 'ada', body: { text: file } })
  expect(await explain({ ...labels, alertname: 'Tail' })).toMatchObject({
    told: false,
    sentence: 'Nobody: another alert inhibits it.',
  })
  // Nothing was made by asking.
  expect(await world.alerts()).toHaveLength(2)
})

test('a service nobody declared is told to the last resort, and the explanation says so', async () => {
  expect(await explain({ alertname: 'X' }, { service: 'ghost' })).toMatchObject({
    told: true,
    sentence: expect.stringContaining('last resort'),
  })
})

test('a preview counts what is open and what was, warns of what is wide, and makes nothing', async () => {
  for (const service of ['checkout', 'search', 'report'])
    await world.receive([{ dedupKey: service, service, labels: { alertname: 'Slow', zone: 'a' } }])
  await world.receive([{ dedupKey: 'search', service: 'search', status: 'resolved' }])
  const wide = (await silence('zone', 'a', '/api/v1/silences/preview')).json()
  expect(wide).toMatchObject({ open: 2, history: 1, critical: 3, services: ['checkout', 'report', 'search'] })
  expect(wide.warnings.join(' ')).toMatch(/3 services: checkout, report, search/)
  expect(wide.examples.map((each: { status: string }) => each.status)).toEqual(['firing', 'firing', 'resolved'])
  const none = (await silence('zone', 'b', '/api/v1/silences/preview')).json()
  expect(none.warnings[0]).toMatch(/matches nothing/)
  expect((await silence('zone', '', '/api/v1/silences/preview')).statusCode).toBe(422)
  expect((await world.call({ url: '/api/v1/silences' })).json().items).toEqual([])
})

test('without a routing file there is a tree without routes', async () => {
  const tree = await world.call({ url: '/api/v1/routing/tree', as: 'vic' })
  expect([tree.statusCode, tree.json()]).toMatchObject([200, { version: null, routes: [] }])
})
