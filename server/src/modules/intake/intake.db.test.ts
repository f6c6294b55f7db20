// A sender from its declaration to an alert: tokens, orphans, replay, back-pressure, silence.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute, second } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { type IntakeWorld, openIntakeWorld } from './intake.fixture.ts'

let world: IntakeWorld
const start = instant(Date.UTC(2026, 2, 1, 3))
beforeAll(async () => {
  world = await openIntakeWorld('intake')
  await world.declare('shop', {
    format: 'generic',
    mapping: {
      alerts: 'body.problems',
      status: 'item.state',
      key: 'item.id',
      summary: 'item.title',
      severity: 'item.level',
      service: 'item.component',
      labels: '{"host": item.host}',
    },
    severities: { Ouch: 'critical', meh: 'info' },
  })
  await world.declare('plain', { format: 'generic', service: 'search', severity: 'warning' })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await world.alerts.clock.set(start)
})

const problem = (more: object = {}) => ({
  id: 'p1',
  state: 'firing',
  title: 'Baskets fail',
  level: 'ouch',
  component: 'checkout',
  host: 'eu-1',
  ...more,
})
const titles = async () => (await world.alerts.alerts()).map(({ title, status }) => `${title}: ${status}`).sort()

test('a payload of any shape becomes alerts by its mapping, and ends them', async () => {
  const answer = await world.send('shop', {
    problems: [problem(), problem({ id: 'p2', title: 'Search', level: 'meh' })],
  })
  expect([answer.statusCode, answer.json()]).toEqual([202, { status: 'taken', signals: 2 }])
  expect(await titles()).toEqual(['Baskets fail: firing', 'Search: firing'])
  const alerts = await world.alerts.alerts()
  expect(alerts.find(({ key }) => key === 'p1')).toMatchObject({
    source: 'in/shop',
    severity: 'critical',
    service: 'checkout',
    signal: { labels: { host: 'eu-1' }, severityWord: 'ouch' },
  })
  expect(alerts.find(({ key }) => key === 'p2')).toMatchObject({ severity: 'info' })
  await world.send('shop', { problems: [problem({ state: 'ok' })] })
  expect(await titles()).toEqual(['Baskets fail: resolved', 'Search: firing'])
})

test('without a mapping our own shape is read; what it leaves out the declaration says', async () => {
  await world.send('plain', { dedupKey: 'a', summary: 'Slow' })
  expect(await world.alerts.only()).toMatchObject({ service: 'search', severity: 'warning', title: 'Slow' })
})

test.each([
  { what: 'no token', token: null },
  { what: 'a wrong one', token: 'msi_wrong' },
  { what: 'one of another source', token: 'plain' },
])('$what: nothing is read', async ({ token }) => {
  const given = token === 'plain' ? await world.token('plain') : token
  const answer = await world.send('shop', '{"not json', { token: given })
  expect(answer.statusCode).toBe(401)
  expect(answer.headers['www-authenticate']).toContain('Basic')
  expect(await world.alerts.alerts()).toEqual([])
  const orphans = await world.call({ url: '/api/v1/intake/orphans', as: 'ana' })
  expect(orphans.json().items).toEqual([])
})

test('a token may stand in the address, in basic authentication, or in a header of Opsgenie', async () => {
  const token = await world.token('plain')
  const body = { dedupKey: 'a', summary: 'Slow' }
  for (const [source, headers] of [
    [`plain/${token}`, {}],
    [`plain?token=${token}`, {}],
    ['plain', { authorization: `Basic ${Buffer.from(`any:${token}`).toString('base64')}` }],
    ['plain', { authorization: `GenieKey ${token}` }],
  ] as const)
    expect((await world.send(source, body, { token: null, headers })).statusCode).toBe(202)
  expect(await world.alerts.only()).toMatchObject({ count: 4 })
})

test('an address that is opened in a browser keeps no orphan', async () => {
  const answer = await world.send('plain', '', { method: 'GET' })
  expect([answer.statusCode, answer.json().message]).toEqual([400, 'The token is right. Send alarms here by POST.'])
  expect((await world.call({ url: '/api/v1/intake/orphans', as: 'ana' })).json().items).toEqual([])
})

test('a new token leaves the former one a day, and a third ends the first at once', async () => {
  await world.declare('rotated', { format: 'generic' })
  const issue = async () =>
    (await world.call({ method: 'POST', url: '/api/v1/intake/sources/rotated/tokens', body: {} })).json()
  const statusOf = async (token: string) => (await world.send('rotated', { dedupKey: 'a' }, { token })).statusCode
  const before = await world.token('rotated')
  const first = await issue()
  expect(first.token).toMatch(/^msi_[\w-]{43}$/)
  expect([await statusOf(before), await statusOf(first.token)]).toEqual([202, 202])
  const third = await issue()
  expect([await statusOf(before), await statusOf(first.token), await statusOf(third.token)]).toEqual([401, 202, 202])
  await world.alerts.clock.forward(24 * 60 * minute + second)
  expect([await statusOf(first.token), await statusOf(third.token)]).toEqual([401, 202])
  await world.flush()
  const read = (await world.call({ url: '/api/v1/intake/sources/rotated', as: 'ana' })).json()
  expect(read.liveTokens).toMatchObject([{ id: third.issued.id, last4: third.token.slice(-4) }])
  expect(read.liveTokens[0].usedAt).not.toBeNull()
  const revoked = await world.call({
    method: 'DELETE',
    url: `/api/v1/intake/sources/rotated/tokens/${third.issued.id}`,
  })
  expect(revoked.statusCode).toBe(204)
  expect(await statusOf(third.token)).toBe(401)
  const stored = await world.alerts.owner.query('select * from intake_tokens')
  expect(JSON.stringify(stored.rows)).not.toContain(third.token)
})

test('what cannot be understood is kept once, and understood once the mapping is mended', async () => {
  await world.declare('mended', { format: 'generic', mapping: { key: 'body.ident', status: 'body.state' } })
  const body = { id: 'x', state: 'down', title: 'It broke' }
  for (const _ of [1, 2]) {
    const answer = await world.send('mended', body)
    expect([answer.statusCode, answer.json().status]).toEqual([202, 'kept'])
    expect(answer.json().message).toContain('ident')
  }
  const [orphan, ...more] = (await world.call({ url: '/api/v1/intake/orphans?source=mended', as: 'ana' })).json().items
  expect(more).toEqual([])
  expect(orphan).toMatchObject({ source: 'mended', times: 2, cut: false, body: JSON.stringify(body) })
  const replay = () =>
    world.call({ method: 'POST', url: `/api/v1/intake/orphans/${orphan.id}/replay`, as: 'ana', body: {} })
  expect((await replay()).json()).toMatchObject({ understood: false })
  await world.declare('mended', {
    format: 'generic',
    mapping: { key: 'body.id', status: 'body.state', summary: 'body.title' },
  })
  expect((await replay()).json()).toEqual({ understood: true, signals: 1, because: null })
  expect(await titles()).toEqual(['It broke: firing'])
  expect((await replay()).statusCode).toBe(404)
})

test('the good part of a payload is taken, whatever the rest is', async () => {
  const answer = await world.send('shop', {
    problems: [problem(), { state: 'firing' }, problem({ id: 'p3', state: '?' })],
  })
  expect(answer.json()).toMatchObject({ status: 'kept', signals: 1 })
  expect(answer.json().message).toMatch(/Item 2: key.*Item 3: status/)
  expect(await titles()).toEqual(['Baskets fail: firing'])
})

test('two hundred different orphans are kept; older ones are marked, and counted', async () => {
  for (let at = 0; at < 203; at += 1) await world.send('plain', `{"broken ${at}`)
  await world.flush()
  const read = (await world.call({ url: '/api/v1/intake/sources/plain', as: 'ana' })).json()
  expect(read).toMatchObject({ orphans: 200, displaced: 3, lastHour: { deliveries: 203, orphans: 203 } })
  expect(read.samples[0].outcome).toBe('It is not JSON.')
})

test('under pressure first events and ends pass, and repeats only count', async () => {
  await world.declare('busy', { format: 'generic', limits: { perMinute: 3 } })
  const fire = (key: string, severity = 'warning') => ({ dedupKey: key, summary: key, severity })
  await world.send('busy', [fire('a'), fire('b'), fire('c')])
  const answer = await world.send('busy', [
    ...[fire('a'), fire('a'), fire('d'), fire('b', 'critical'), fire('b')],
    { dedupKey: 'c', summary: 'c', status: 'resolved' },
    ...[fire('c')],
  ])
  expect(answer.json()).toEqual({ status: 'taken', signals: 7, counted: 3 })
  const seen = async () =>
    (await world.alerts.alerts())
      .map(({ key, status, count, severity }) => `${key} ${status} ${severity} ${count}`)
      .sort()
  expect(await seen()).toEqual([
    'a firing warning 1',
    'b firing critical 2',
    'c firing warning 1',
    'c resolved warning 2',
    'd firing warning 1',
  ])
  // What waited goes in together, the newest of each.
  await world.flush()
  expect(await seen()).toContain('a firing warning 2')
  const read = (await world.call({ url: '/api/v1/intake/sources/busy', as: 'ana' })).json()
  expect(read.lastHour).toMatchObject({ deliveries: 2, signals: 10, counted: 3 })
})

test('a source that falls silent is an alert, which ends when it speaks', async () => {
  await world.declare('pulse', {
    format: 'heartbeat',
    service: 'report',
    heartbeat: { every: '5m', grace: '1m', severity: 'warning' },
  })
  await world.watch()
  expect(await world.alerts.alerts()).toEqual([])
  expect((await world.send('pulse', '', { method: 'GET' })).statusCode).toBe(202)
  await world.flush()
  await world.alerts.clock.forward(6 * minute - second)
  await world.watch()
  expect(await world.alerts.alerts()).toEqual([])
  await world.alerts.clock.forward(second)
  await world.watch()
  await world.watch()
  const alert = await world.alerts.only()
  expect(alert).toMatchObject({
    status: 'firing',
    severity: 'warning',
    service: 'report',
    source: 'in/pulse/heartbeat',
  })
  expect(alert.title).toContain('silent for 6m')
  const state = async () => (await world.call({ url: '/api/v1/intake/sources', as: 'vic' })).json()
  expect((await state()).items.find((each: { name: string }) => each.name === 'pulse').state).toBe('silent')
  await world.send('pulse', 'done in 4 s', { headers: { 'content-type': 'text/plain' } })
  await world.flush()
  await world.watch()
  expect(await world.alerts.only()).toMatchObject({ status: 'resolved' })
})

test('a watchdog is a sign of life and no alert', async () => {
  await world.declare('prom', { format: 'alertmanager', heartbeat: { every: '1m', alert: 'Watchdog' } })
  const alert = (alertname: string) => ({
    status: 'firing',
    labels: { alertname, severity: 'warning' },
    annotations: {},
    startsAt: '2026-03-01T02:59:00Z',
    endsAt: '0001-01-01T00:00:00Z',
  })
  await world.send('prom', { version: '4', alerts: [alert('DiskFull')] })
  await world.flush()
  const beatAt = async () =>
    (await world.call({ url: '/api/v1/intake/sources/prom', as: 'ana' })).json().heartbeat.beatAt
  expect(await beatAt()).toBeNull()
  await world.send('prom', { version: '4', alerts: [alert('Watchdog')] })
  await world.flush()
  expect(await beatAt()).not.toBeNull()
  expect(await titles()).toEqual(['DiskFull: firing'])
})

test('a signed source takes nothing unsigned, old or played again, and two secrets for a while', async () => {
  await world.declare('signed', {
    format: 'generic',
    signature: { kind: 'hmac-sha256', header: 'X-Sig', prefix: 'sha256=', timestampHeader: 'X-Time' },
  })
  const body = JSON.stringify({ dedupKey: 'a', summary: 'Signed' })
  const send = async (secret: string, at = start, text = body) => {
    const time = String(Math.floor(at / 1000))
    const digest = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    return (await world.send('signed', text, { headers: { 'x-sig': `sha256=${digest}`, 'x-time': time } })).statusCode
  }
  const store = (secret: string) =>
    world.call({ method: 'PUT', url: '/api/v1/intake/sources/signed/secret', body: { secret } })
  expect(await send('first secret')).toBe(401)
  expect((await store('first secret')).statusCode).toBe(204)
  expect(await send('first secret')).toBe(202)
  expect(await send('first secret', instant(start - 6 * minute))).toBe(401)
  expect(await send('first secret', start, `${body} `)).toBe(401)
  expect((await world.send('signed', body)).statusCode).toBe(401)
  await store('second secret')
  expect([await send('first secret'), await send('second secret')]).toEqual([202, 202])
  await world.alerts.clock.forward(25 * 60 * minute)
  const later = instant(start + 25 * 60 * minute)
  expect([await send('first secret', later), await send('second secret', later)]).toEqual([401, 202])
  const shown = await world.call({ url: '/api/v1/intake/sources/signed', as: 'ana' })
  expect(shown.body).not.toContain('second secret')
})

test('a preview says what a payload would become and takes nothing in', async () => {
  const preview = (body: object) => world.call({ method: 'POST', url: '/api/v1/intake/preview', as: 'ana', body })
  const answer = await preview({
    source: 'shop',
    body: JSON.stringify({ problems: [problem({ level: undefined })] }),
  })
  expect(answer.json()).toMatchObject({
    signals: [{ key: 'p1', severity: 'critical', severityGiven: null, service: 'checkout' }],
    notes: ['severity: field not found: level.'],
    unread: [],
  })
  const wrong = await preview({ format: 'generic', mapping: { key: 'body.' }, body: '{}' })
  expect([wrong.statusCode, wrong.json().errors[0].pointer]).toEqual([422, '/mapping/key'])
  expect(await world.alerts.alerts()).toEqual([])
})

test('whoever guesses tokens is held up, and a neighbour that proves itself is not', async () => {
  const statuses = []
  for (let at = 0; at < 60; at += 1) statuses.push((await world.send('plain', {}, { token: `msi_${at}` })).statusCode)
  expect(statuses.slice(-5)).toEqual([429, 429, 429, 429, 429])
  const { token } = (await world.call({ method: 'POST', url: '/api/v1/intake/sources/plain/tokens', body: {} })).json()
  expect((await world.send('plain', { dedupKey: 'z' }, { token })).statusCode).toBe(202)
})
