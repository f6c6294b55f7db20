// Alertmanager's API v2: codes, bodies and what its programs rely on; and that who is paged agrees with what is shown.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { formatInstant, plus } from '../../kernel/instant.ts'
import { type AlertsWorld, openAlertsWorld } from './alerts.fixture.ts'
import { sweep } from './usecases/sweep.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alertmanager')
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const file = `
route:
  receiver: mails
  group_by: [alertname]
  routes:
    - {matchers: [severity="critical"], receiver: pager, continue: true}
    - {matchers: [team="nights"], receiver: mails, active_time_intervals: [nights]}
    - {matchers: [alertname="Watchdog"], receiver: nobody}
    - {matchers: [severity="critical"], receiver: mails}
time_intervals: [{name: nights, time_intervals: [{times: [{start_time: '20:00', end_time: '24:00'}]}]}]
inhibit_rules:
  - {source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [cluster]}
receivers:
  - {name: mails, email_configs: [{to: a@shop.example}]}
  - {name: pager, pagerduty_configs: [{routing_key: top-secret}]}
  - {name: nobody}
`
const take = (text = file) =>
  world.call({ method: 'PUT', url: '/api/v1/routing', as: 'ada', body: { text, timing: 'at-once' } })
const post = (alerts: readonly Readonly<Record<string, string>>[], more: object = {}) =>
  world.call({
    method: 'POST',
    url: '/api/v2/alerts',
    as: 'key-one',
    body: alerts.map((labels) => ({ labels, ...more })),
  })
const get = async (url: string) => (await world.call({ url: `/api/v2${url}` })).json()
const names = async (query = '') =>
  (await get(`/alerts${query}`)).map((each: { labels: { alertname: string } }) => each.labels.alertname).sort()
const silence = (more: object = {}) =>
  world.call({
    method: 'POST',
    url: '/api/v2/silences',
    as: 'key-one',
    body: {
      matchers: [{ name: 'alertname', value: 'A', isRegex: false }],
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2099-01-01T00:00:00Z',
      createdBy: 'me',
      comment: 'work',
      ...more,
    },
  })

test('an alert as Alertmanager shows it', async () => {
  await take()
  await post([{ alertname: 'A', severity: 'critical' }], {
    generatorURL: 'http://prom.example/g',
    annotations: { summary: 's' },
  })
  const [shown] = await get('/alerts')
  expect(shown).toMatchObject({
    annotations: { summary: 's' },
    generatorURL: 'http://prom.example/g',
    labels: { alertname: 'A', severity: 'critical' },
    receivers: [{ name: 'pager' }, { name: 'mails' }],
    status: { state: 'active', silencedBy: [], inhibitedBy: [] },
  })
  expect(shown.fingerprint).toMatch(/^[0-9a-f]{16}$/)
  expect(shown.endsAt > shown.updatedAt).toBe(true)
  expect(await get('/receivers')).toEqual([{ name: 'mails' }, { name: 'pager' }, { name: 'nobody' }])
  const groups = await get('/alerts/groups')
  expect(groups.map((each: { labels: object; receiver: object }) => [each.labels, each.receiver])).toEqual([
    [{ alertname: 'A' }, { name: 'mails' }],
    [{ alertname: 'A' }, { name: 'pager' }],
  ])
  const { config } = await get('/status')
  expect(config.original).toContain('group_by: [alertname]')
  expect(config.original).not.toContain('top-secret')
})

test('a batch keeps what is right and says what is wrong', async () => {
  const answer = await post([{ alertname: 'Good' }, {}])
  expect(answer.statusCode).toBe(400)
  expect(typeof answer.json()).toBe('string')
  expect(await names()).toEqual(['Good'])
})

test('filters, receivers and states', async () => {
  await take()
  await post([
    { alertname: 'A', severity: 'critical', cluster: 'one' },
    { alertname: 'B', severity: 'warning', cluster: 'one' },
    { alertname: 'C', severity: 'warning', cluster: 'two' },
  ])
  await silence({ matchers: [{ name: 'alertname', value: 'C', isRegex: false }] })
  expect(await names()).toEqual(['A', 'B', 'C'])
  expect(await names('?filter=severity%3D%22warning%22&filter=cluster!%3Dtwo')).toEqual(['B'])
  expect(await names('?filter=%7Bcluster%3D~%22o.*%22,severity%3Dcritical%7D')).toEqual(['A'])
  expect(await names('?receiver=page.*')).toEqual(['A'])
  expect(await names('?receiver=page')).toEqual([])
  expect(await names('?inhibited=false&silenced=false')).toEqual(['A'])
  expect(await names('?active=false')).toEqual(['B', 'C'])
  const bad = await world.call({ url: '/api/v2/alerts?filter=foo' })
  expect([bad.statusCode, bad.json()]).toEqual([400, 'bad matcher format: foo'])
})

test('inhibited: nobody is paged; when the cause ends with the symptom still there, somebody is', async () => {
  await take()
  const symptom = { alertname: 'Slow', severity: 'warning', cluster: 'one', service: 'checkout' }
  const cause = { alertname: 'Down', severity: 'critical', cluster: 'one', service: 'search' }
  await post([symptom, cause])
  expect(world.asked).toEqual(['open search'])
  const held = (await world.alerts()).find((row) => row.title === 'Slow')
  expect(held?.heldBecause).toBe('inhibited')
  expect(await world.trace(held?.id ?? '')).toContain('inhibition: inhibited')
  await sweep(world.needs, world.ports)
  expect(world.asked).toHaveLength(1)
  await post([cause], { endsAt: formatInstant(await world.database.now()) })
  await sweep(world.needs, world.ports)
  expect(world.asked.slice(-1)).toEqual(['open checkout'])
})

test('outside the hours of its route nobody is paged; when they begin, somebody is', async () => {
  await take()
  await post([{ alertname: 'Backup', team: 'nights', service: 'report' }])
  const now = await world.database.now()
  const isNight = new Date(now).getUTCHours() >= 20
  expect(world.asked).toEqual(isNight ? ['open report'] : [])
  await world.clock.set(plus(now, ((20 - new Date(now).getUTCHours() + 24) % 24) * 60 * minute))
  await sweep(world.needs, world.ports)
  expect(world.asked).toEqual(['open report'])
})

test('routed to a receiver that sends nowhere: nobody, until the file says otherwise', async () => {
  await take()
  await post([{ alertname: 'Watchdog' }])
  expect(world.asked).toEqual([])
  await world.call({ method: 'DELETE', url: '/api/v1/routing', as: 'ada' })
  await sweep(world.needs, world.ports)
  expect(world.asked).toHaveLength(1)
})

test('silences: created, edited in place, replaced when matchers change, over, gone', async () => {
  const { silenceID: id } = (await silence()).json()
  expect(await get(`/silence/${id}`)).toMatchObject({ status: { state: 'active' }, createdBy: 'me', comment: 'work' })
  const longer = (await silence({ id, endsAt: '2098-01-01T00:00:00Z' })).json()
  expect(longer.silenceID).toBe(id)
  const other = (await silence({ id, matchers: [{ name: 'a', value: 'b.+', isRegex: true }] })).json()
  expect(other.silenceID).not.toBe(id)
  expect((await get(`/silence/${id}`)).status.state).toBe('expired')
  expect((await get('/silences?filter=a%3D~%22b.%2B%22')).map((each: { id: string }) => each.id)).toEqual([
    other.silenceID,
  ])
  const remove = (of: string) => world.call({ method: 'DELETE', url: `/api/v2/silence/${of}`, as: 'key-one' })
  expect((await remove(other.silenceID)).statusCode).toBe(200)
  expect((await remove(other.silenceID)).statusCode).toBe(200)
  expect((await remove('00000000-0000-4000-8000-000000000000')).statusCode).toBe(404)
})

test.each([
  ['no matchers', { matchers: [] }, 422],
  ['nobody', { createdBy: undefined }, 422],
  ['a pattern that is none', { matchers: [{ name: 'a', value: '[', isRegex: true }] }, 400],
  ['what covers everything', { matchers: [{ name: 'a', value: '.*', isRegex: true }] }, 400],
  ['an end that is past', { endsAt: '2020-01-02T00:00:00Z' }, 400],
  ['an id nobody gave', { id: '00000000-0000-4000-8000-000000000000' }, 404],
])('a silence with %s is refused', async (_, more, status) => {
  expect((await silence(more)).statusCode).toBe(status)
})

test('health, wrong methods, wrong ids, strangers', async () => {
  const status = async (method: 'GET' | 'DELETE', url: string, as?: string) =>
    (await world.call({ method, url, ...(as === undefined ? {} : { as }) })).statusCode
  expect(await status('GET', '/-/healthy', '')).toBe(200)
  expect(await status('GET', '/-/ready', '')).toBe(200)
  expect(await status('DELETE', '/api/v2/alerts')).toBe(405)
  expect(await status('GET', '/api/v2/silence/x')).toBe(422)
  expect(await status('GET', '/api/v2/alerts', '')).toBe(401)
  expect(await status('DELETE', '/api/v2/silence/00000000-0000-4000-8000-000000000000', 'vic')).toBe(403)
})

test('a file that cannot be used changes nothing and names the line; a test of one says where and why', async () => {
  await take()
  const refused = await take('receivers: [{name: a}]\nroute:\n  receiver: b\n')
  expect(refused.statusCode).toBe(422)
  expect(refused.json().errors).toMatchObject([{ detail: 'Line 3: There is no receiver b.' }])
  const read = (await world.call({ url: '/api/v1/routing' })).json()
  expect(read).toMatchObject({ version: 1, receivers: ['mails', 'pager', 'nobody'] })
  const ask = async (labels: object) =>
    (await world.call({ method: 'POST', url: '/api/v1/routing/test', body: { labels } })).json()
  expect(await ask({ severity: 'critical' })).toMatchObject({ receivers: ['pager', 'mails'], told: true })
  expect(await ask({ alertname: 'Watchdog' })).toMatchObject({ receivers: ['nobody'], told: false })
})
