// The intakes in other products' formats, as their real clients speak.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { type AlertsWorld, openAlertsWorld } from './alerts.fixture.ts'
import { listOrphans } from './orphans.store.ts'
import { sweep } from './usecases/sweep.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alerts wire')
})
afterAll(() => world.close())
const start = instant(Date.UTC(2026, 2, 1, 3))
const at = (ms: number) => formatInstant(plus(start, ms))
beforeEach(async () => {
  await world.clear()
  await world.clock.set(start)
})

const post = (body: unknown, as = 'key-one') => world.call({ method: 'POST', url: '/api/v2/alerts', as, body })
// As Prometheus sends: an end four evaluations ahead, the query's address, everything in labels and annotations.
const firing = (more: object = {}, labels: object = {}) => ({
  labels: { alertname: 'BasketErrors', service: 'checkout', severity: 'page', instance: 'eu-1', ...labels },
  annotations: { summary: 'Baskets fail', runbook_url: 'https://wiki.shop.example/baskets' },
  startsAt: at(0),
  endsAt: at(4 * minute),
  generatorURL: 'http://prometheus.shop.example/graph?g0.expr=up',
  ...more,
})

test('a rule fires, is repeated, and resolves', async () => {
  expect((await post([firing()])).statusCode).toBe(200)
  expect((await post([firing({ endsAt: at(5 * minute) })])).statusCode).toBe(200)
  const open = await world.only()
  expect(open).toMatchObject({
    service: 'checkout',
    severity: 'critical',
    title: 'Baskets fail',
    count: 2,
    leaseUntil: plus(start, 5 * minute),
  })
  const read = (await world.call({ url: `/api/v1/alerts/${open.id}` })).json()
  expect(read).toMatchObject({
    severityGiven: 'page',
    leaseUntil: at(5 * minute),
    links: [
      { title: 'Query in Prometheus', url: 'http://prometheus.shop.example/graph?g0.expr=up' },
      { title: 'Runbook', url: 'https://wiki.shop.example/baskets' },
    ],
  })
  await world.clock.forward(2 * minute)
  expect((await post([firing({ endsAt: at(minute) })])).statusCode).toBe(200)
  expect(await world.only()).toMatchObject({ status: 'resolved', ended: 'resolved', endedAt: plus(start, minute) })
  // Prometheus repeats a resolved alert for a quarter of an hour.
  await post([firing({ endsAt: at(minute) })])
  expect(await world.alerts()).toHaveLength(1)
  expect(world.asked).toEqual(['open checkout', 'resolve checkout resolved'])
})

test('the zero time of Go and a missing end mean "for five minutes"', async () => {
  await post([firing({ startsAt: undefined, endsAt: '0001-01-01T00:00:00Z' })])
  await world.clock.forward(5 * minute)
  await sweep(world.needs, world.ports)
  expect(await world.only()).toMatchObject({ ended: 'silent', startedAt: start })
})

test('a pair of Prometheus servers speaks of one alert, two keys of two', async () => {
  await Promise.all([post([firing()]), post([firing()]), post([firing({}, { empty: '' })])])
  expect(await world.only()).toMatchObject({ count: 3 })
  await post([firing()], 'key-two')
  expect((await world.alerts()).map((each) => each.source)).toHaveLength(2)
  await post([firing({ endsAt: at(0) })], 'key-two')
  expect((await world.alerts()).map((each) => each.status).sort()).toEqual(['firing', 'resolved'])
})

test('1,500 alerts in one request are taken', async () => {
  const many = Array.from({ length: 1_500 }, (_, index) => firing({}, { instance: `i${index}`, severity: 'warning' }))
  expect((await post(many)).statusCode).toBe(200)
  expect(await world.alerts()).toHaveLength(1_500)
})

test.each([
  { why: 'no list', body: { alerts: [] }, says: 'must be a list' },
  { why: 'no labels', body: [{ annotations: {} }], says: 'labels in body is required', status: 422 },
  { why: 'labels that are no texts', body: [{ labels: { a: 1 } }], says: 'Alert 0: labels' },
  { why: 'only empty labels', body: [{ labels: { a: '' } }], says: 'neither labels nor a key' },
  { why: 'a time that is none', body: [firing({ startsAt: 'now' })], says: 'RFC 3339' },
  {
    why: 'an end before the start',
    body: [firing({ startsAt: at(minute), endsAt: at(0) })],
    says: 'ends before it starts',
  },
  { why: 'a NUL in a label', body: [firing({}, { a: 'b\u0000' })], says: 'none of them NUL' },
  { why: 'one bad among good ones', body: [firing(), 7], says: 'Alert 1 is not an object' },
])('$why: refused in words, kept as an orphan, and nothing of it taken', async ({ body, says, status = 400 }) => {
  const answer = await post(body)
  expect(answer.statusCode).toBe(status)
  // A text, or {code, message}: what Alertmanager's clients read.
  expect(typeof answer.json() === 'string' ? answer.json() : answer.json().message).toContain(says)
  expect(await world.alerts()).toEqual([])
  expect(await listOrphans(world.database, 5)).toMatchObject([{ source: 'alertmanager' }])
})

test('what is no JSON, too large, or without a key never reaches the room', async () => {
  expect((await post('[{')).statusCode).toBe(400)
  expect((await post(`["${'x'.repeat(5 * 1024 * 1024)}"]`)).statusCode).toBe(413)
  expect((await post([firing()], '')).statusCode).toBe(401)
  expect((await post([firing()], 'vic')).statusCode).toBe(403)
  expect(await world.alerts()).toEqual([])
})

// PagerDuty's keys have 32 characters.
const one = 'key-one'.padEnd(32, '0')
const two = 'key-two'.padEnd(32, '0')
const enqueue = (body: object) => world.call({ method: 'POST', url: '/v2/enqueue', as: '', body })
const trigger = (key = one, more: object = {}) =>
  enqueue({
    routing_key: key,
    event_action: 'trigger',
    dedup_key: 'd1',
    client: 'Watcher',
    client_url: 'https://watcher.shop.example/1',
    links: [{ href: 'https://wiki.shop.example/1', text: 'What to do' }],
    payload: {
      summary: 'Card payments fail',
      source: 'eu-1',
      severity: 'error',
      component: 'checkout',
      custom_details: { rate: 0.3 },
    },
    ...more,
  })
const act = (event_action: 'acknowledge' | 'resolve', key = one) =>
  enqueue({ routing_key: key, event_action, dedup_key: 'd1' })
const states = async () => (await world.alerts()).map((each) => each.status)

test('an event of PagerDuty becomes an alert with all it says', async () => {
  const answer = await trigger()
  expect([answer.statusCode, answer.json()]).toEqual([
    202,
    { status: 'success', message: 'Event processed', dedup_key: 'd1' },
  ])
  const alert = await world.only()
  expect(alert).toMatchObject({
    service: 'checkout',
    severity: 'critical',
    title: 'Card payments fail',
    leaseUntil: null,
  })
  expect(alert.signal).toMatchObject({
    severityWord: 'error',
    annotations: { rate: '0.3' },
    links: [
      { href: 'https://wiki.shop.example/1', text: 'What to do' },
      { href: 'https://watcher.shop.example/1', text: 'Watcher' },
    ],
  })
})

// The open state of (key, dedup key), and what each event does to it. Two alerts of one service share a page.
test.each([
  { before: [], event: () => trigger(), states: ['firing'], asked: ['open'] },
  { before: [], event: () => act('acknowledge'), states: [], asked: [] },
  { before: [], event: () => act('resolve'), states: [], asked: [] },
  { before: [() => trigger()], event: () => trigger(), states: ['firing'], asked: ['open'] },
  {
    before: [() => trigger()],
    event: () => act('acknowledge'),
    states: ['acknowledged'],
    asked: ['open', 'acknowledge'],
  },
  { before: [() => trigger()], event: () => act('resolve'), states: ['resolved'], asked: ['open', 'resolve'] },
  { before: [() => trigger()], event: () => trigger(two), states: ['firing', 'firing'], asked: ['open'] },
  { before: [() => trigger()], event: () => act('resolve', two), states: ['firing'], asked: ['open'] },
  { before: [() => trigger()], event: () => act('acknowledge', two), states: ['firing'], asked: ['open'] },
  {
    before: [() => trigger(), () => act('acknowledge')],
    event: () => trigger(),
    states: ['acknowledged'],
    asked: ['open', 'acknowledge'],
  },
  {
    before: [() => trigger(), () => act('acknowledge')],
    event: () => act('resolve'),
    states: ['resolved'],
    asked: ['open', 'acknowledge', 'resolve'],
  },
  {
    before: [() => trigger(), () => act('resolve')],
    event: () => act('acknowledge'),
    states: ['resolved'],
    asked: ['open', 'resolve'],
  },
  {
    before: [() => trigger(), () => act('resolve')],
    event: () => trigger(),
    states: ['firing', 'resolved'],
    asked: ['open', 'resolve', 'open'],
  },
])('matrix of events, row %#', async ({ before, event, states: expected, asked }) => {
  for (const each of before) expect((await each()).statusCode).toBe(202)
  await world.clock.forward(1_000)
  expect((await event()).statusCode).toBe(202)
  expect((await states()).sort()).toEqual([...expected].sort())
  expect(world.asked.map((each) => each.split(' ')[0])).toEqual(asked)
})

test('an event without a key is always a new alert, and its key is told', async () => {
  const answers = await Promise.all([trigger(one, { dedup_key: undefined }), trigger(one, { dedup_key: undefined })])
  const keys = answers.map((each) => each.json().dedup_key)
  expect(new Set(keys).size).toBe(2)
  expect((await world.alerts()).map((each) => each.key).sort()).toEqual([...keys].sort())
})

test.each([
  { body: {}, says: "'routing_key' is missing or blank" },
  { body: { routing_key: one, event_action: 'page' }, says: "'event_action'" },
  { body: { routing_key: one, event_action: 'resolve' }, says: "'dedup_key' is missing" },
  { body: { routing_key: one, event_action: 'trigger' }, says: "'payload' is missing" },
  {
    body: { routing_key: one, event_action: 'trigger', payload: { summary: ' ', source: 'a', severity: 'bad' } },
    says: "'payload.summary'",
  },
  { body: { routing_key: one, event_action: 'resolve', dedup_key: 'x'.repeat(256) }, says: '255' },
  {
    body: {
      routing_key: one,
      event_action: 'trigger',
      dedup_key: 'a\u0000',
      payload: { summary: 's', source: 'a', severity: 'info' },
    },
    says: 'none of them NUL',
  },
  { body: { routing_key: 'nobody', event_action: 'resolve', dedup_key: 'd1' }, says: 'not a key of this server' },
])('$says', async ({ body, says }) => {
  const answer = await enqueue(body)
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ status: 'invalid event', message: 'Event object is invalid' })
  expect(answer.json().errors.join(' ')).toContain(says)
  expect(await world.alerts()).toEqual([])
})

test('an event with an unknown key is kept without the key', async () => {
  await trigger('a'.repeat(32))
  const [orphan] = await listOrphans(world.database, 5)
  expect(orphan?.body).toContain('Card payments fail')
  expect(orphan?.body).not.toContain('aaaa')
})
