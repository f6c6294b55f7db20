// Senders with addresses or signatures of their own, as they speak.
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import metricAlert from '../../integrations/sentry/fixtures/metric-alert.json' with { type: 'json' }
import { certificate, certificateUrl, signedMessage, topic } from '../../integrations/sns-cloudwatch/amazon.fixture.ts'
import alarm from '../../integrations/sns-cloudwatch/fixtures/alarm.json' with { type: 'json' }
import { hour } from '../../kernel/duration.ts'
import { instant, plus } from '../../kernel/instant.ts'
import { type IntakeWorld, openIntakeWorld } from './intake.fixture.ts'
import { confirmSubscriptionOf } from './usecases/confirm-subscription.ts'

let world: IntakeWorld
const start = instant(Date.UTC(2027, 2, 1, 3))
beforeAll(async () => {
  world = await openIntakeWorld('intake senders')
  await world.declare('aws', { format: 'cloudwatch', topic, service: 'checkout' })
  await world.declare('pd', { format: 'pagerduty', service: 'checkout' })
  await world.declare('og', { format: 'opsgenie', heartbeat: { every: '10m' } })
  await world.declare('errors', { format: 'sentry' })
  await world.declare('graphs', { format: 'grafana' })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await world.alerts.clock.set(start)
  world.amazon.set(certificateUrl, certificate)
})
const seen = async () => (await world.alerts.alerts()).map(({ key, status }) => `${key} ${status}`)
const plainText = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' }
const notify = (draft: Partial<Parameters<typeof signedMessage>[0]> = {}) =>
  world.send('aws', signedMessage({ at: start, message: JSON.stringify(alarm), ...draft }), { headers: plainText })

test('a CloudWatch alarm comes once, however often it is delivered', async () => {
  expect((await notify()).json()).toEqual({ status: 'taken', signals: 1 })
  expect((await notify()).json()).toMatchObject({ signals: 0, message: 'It was taken in before.' })
  expect(await world.alerts.only()).toMatchObject({ count: 1, service: 'checkout', title: 'Checkout answers 5xx' })
  await notify({ id: 'm-2', message: JSON.stringify({ ...alarm, NewStateValue: 'OK' }) })
  expect(await seen()).toEqual([`${alarm.AlarmArn} resolved`])
})

test('a message of another topic, an old one, and a forged one are refused', async () => {
  expect((await notify({ more: { TopicArn: `${topic}-other` } })).statusCode).toBe(401)
  expect((await notify({ at: plus(start, -7 * hour) })).statusCode).toBe(401)
  const forged = { ...signedMessage({ at: start, message: JSON.stringify(alarm) }), Message: '{}' }
  expect((await world.send('aws', forged, { headers: plainText })).statusCode).toBe(401)
  expect(await world.alerts.alerts()).toEqual([])
})

test('without Amazon’s certificate the delivery is asked for again', async () => {
  world.amazon.clear()
  const other = certificateUrl.replace('0000', '0009')
  const answer = await notify({ more: { SigningCertURL: other } })
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
})

test('a subscription is confirmed by a job, with Amazon and nobody else', async () => {
  const confirmation = signedMessage({ type: 'SubscriptionConfirmation', at: start, message: 'You have chosen' })
  expect((await world.send('aws', confirmation, { headers: plainText })).statusCode).toBe(202)
  expect(world.asked).not.toContain(confirmation.SubscribeURL)
  const due = await world.alerts.owner.query(
    `delete from due_work where kind = 'intake.confirm-subscription' returning payload`,
  )
  const [{ payload }] = due.rows
  expect(JSON.stringify(payload)).not.toContain('ConfirmSubscription')
  world.amazon.set(String(confirmation.SubscribeURL), '<ConfirmSubscriptionResponse/>')
  await confirmSubscriptionOf(world.desk, payload)
  expect(world.asked).toContain(confirmation.SubscribeURL)
})

const enqueue = (event: object) => world.alerts.call({ method: 'POST', url: '/v2/enqueue', as: '', body: event })

test('PagerDuty events come in by the token of a source as their routing key', async () => {
  const key = await world.token('pd')
  expect(key).toMatch(/^[0-9a-z]{32}$/)
  const trigger = (more: object = {}) =>
    enqueue({
      ...{ routing_key: key, event_action: 'trigger', dedup_key: 'd1' },
      payload: { summary: 'Down', source: 'eu-1', severity: 'critical' },
      ...more,
    })
  const answer = await trigger()
  expect([answer.statusCode, answer.json()]).toEqual([
    202,
    { status: 'success', message: 'Event processed', dedup_key: 'd1' },
  ])
  expect(await world.alerts.only()).toMatchObject({ source: 'in/pd', service: 'checkout', key: 'd1' })
  await enqueue({ routing_key: key, event_action: 'acknowledge', dedup_key: 'd1' })
  expect(await seen()).toEqual(['d1 acknowledged'])
  await enqueue({ routing_key: key, event_action: 'resolve', dedup_key: 'd1' })
  expect(await seen()).toEqual(['d1 resolved'])
  const unnamed = (await trigger({ dedup_key: undefined })).json()
  expect(unnamed.dedup_key).toMatch(/^[0-9a-f]{32}$/)
  const wrong = await trigger({ payload: { summary: 'x', source: 'y', severity: 'odd' } })
  expect([wrong.statusCode, wrong.json().status]).toEqual([400, 'invalid event'])
  await world.flush()
  const read = await world.call({ url: '/api/v1/intake/sources/pd', as: 'ana' })
  // The event whose shape is wrong was refused before its key was looked at.
  expect(read.json()).toMatchObject({ lastHour: { deliveries: 4 } })
  expect(read.body).not.toContain(key)
})

test('PagerDuty change events are changes, once each, and never alarms', async () => {
  const routing_key = await world.token('pd')
  const change = (more: object = {}) =>
    world.call({
      method: 'POST',
      url: '/v2/change/enqueue',
      as: '',
      body: { routing_key, payload: { summary: 'Build 42 is out', source: 'ci' }, links: [], ...more },
    })
  expect((await change()).json()).toEqual({ status: 'success', message: 'Change event processed' })
  expect((await change()).statusCode).toBe(202)
  expect((await change({ routing_key: 'x'.repeat(32) })).json()).toMatchObject({ status: 'invalid event' })
  expect((await change({ payload: {} })).statusCode).toBe(400)
  const { rows } = await world.alerts.owner.query('select source, service, summary from changes')
  expect(rows).toEqual([{ source: 'in/pd', service: 'checkout', summary: 'Build 42 is out' }])
  expect(await world.alerts.alerts()).toEqual([])
})

test('Opsgenie: created, acknowledged and closed by alias, with its key in its header', async () => {
  const key = await world.token('og')
  const post = (url: string, body?: object, authorization = `GenieKey ${key}`) =>
    world.raw({
      method: 'POST',
      url,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
  const created = await post('/v2/alerts', { alias: 'disk a/b', message: 'Disk full', priority: 'P1' })
  expect([created.statusCode, created.json().result]).toEqual([202, 'Request will be processed'])
  expect(created.json().requestId).toMatch(/^[0-9a-f-]{36}$/)
  const at = '/v2/alerts/disk%20a%2Fb'
  await post(`${at}/acknowledge?identifierType=alias`, {})
  expect(await seen()).toEqual(['disk a/b acknowledged'])
  await post(`${at}/notes?identifierType=alias`, { note: 'x' })
  await post(`${at}/close?identifierType=alias`)
  expect(await seen()).toEqual(['disk a/b resolved'])
  expect((await post('/v2/alerts', { alias: 'x' })).statusCode).toBe(422)
  const wrong = await post('/v2/alerts', { message: 'x' }, 'GenieKey nobody')
  expect([wrong.statusCode, wrong.json().message]).toEqual([401, 'Could not authenticate'])
  const ping = await world.raw({
    method: 'GET',
    url: '/v2/heartbeats/job/ping',
    headers: { authorization: `GenieKey ${key}` },
  })
  expect(ping.statusCode).toBe(202)
  await world.flush()
  const { heartbeat } = (await world.call({ url: '/api/v1/intake/sources/og', as: 'ana' })).json()
  expect(heartbeat.beatAt).not.toBeNull()
})

test('what comes with an unknown routing key is shown, without the key', async () => {
  const payload = { summary: 'Card payments fail', source: 'eu-1', severity: 'critical' }
  await enqueue({ routing_key: 'b'.repeat(32), event_action: 'trigger', dedup_key: 'd', payload })
  const { items } = (await world.call({ url: '/api/v1/intake/unclaimed', as: 'ana' })).json()
  expect(items).toMatchObject([{ source: 'pagerduty', because: 'The routing key is none of ours.' }])
  expect(items[0].body).toContain('Card payments fail')
  expect(items[0].body).not.toContain('bbbb')
  expect((await world.call({ url: '/api/v1/intake/unclaimed', as: 'vic' })).statusCode).toBe(403)
})

test('the key of one format opens no address of another', async () => {
  const key = await world.token('pd')
  const headers = { authorization: `GenieKey ${key}`, 'content-type': 'application/json' }
  const answer = await world.raw({ method: 'POST', url: '/v2/alerts', headers, payload: '{"message":"x"}' })
  expect(answer.statusCode).toBe(401)
})

test('Sentry: once its secret is stored, only what it signed is read', async () => {
  const body = JSON.stringify(metricAlert)
  expect((await world.send('errors', body)).statusCode).toBe(202)
  await world.call({ method: 'PUT', url: '/api/v1/intake/sources/errors/secret', body: { secret: 'client secret' } })
  const signed = (secret: string) => createHmac('sha256', secret).update(body).digest('hex')
  const send = (signature: string) => world.send('errors', body, { headers: { 'sentry-hook-signature': signature } })
  expect((await send(signed('client secret'))).json()).toMatchObject({ status: 'taken', signals: 1 })
  // Recorded on the way and played again.
  expect((await send(signed('client secret'))).json()).toMatchObject({ signals: 0, message: 'It was taken in before.' })
  expect((await send(signed('another secret'))).statusCode).toBe(401)
  expect((await world.send('errors', body)).statusCode).toBe(401)
  await world.call({ method: 'DELETE', url: '/api/v1/intake/sources/errors/secret' })
  expect((await world.send('errors', body)).statusCode).toBe(202)
})

test('beyond what is taken in at once, each sender is told what makes it try again', async () => {
  const [plain, pd, og] = [await world.token('graphs'), await world.token('pd'), await world.token('og')]
  const { owner } = world.alerts
  await owner.query('begin; lock table intake_tokens in access exclusive mode')
  const waiting = Array.from({ length: 64 }, () => world.send('graphs', { alerts: [] }, { token: plain }))
  // They have all come in once one is turned away.
  let answer = await world.send('graphs', { alerts: [] }, { token: plain })
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1'])
  const headers = { 'content-type': 'application/json', authorization: `GenieKey ${og}` }
  answer = await world.raw({ method: 'POST', url: '/v2/alerts', headers, payload: '{"message":"x"}' })
  expect(answer.statusCode).toBe(429)
  const payload = JSON.stringify({ routing_key: pd, payload: { summary: 'x' } })
  answer = await world.raw({ method: 'POST', url: '/v2/change/enqueue', headers, payload })
  expect([answer.statusCode, answer.json().status]).toEqual([429, 'throttled'])
  await owner.query('commit')
  expect(new Set((await Promise.all(waiting)).map((each) => each.statusCode))).toEqual(new Set([202]))
  expect((await world.send('graphs', { alerts: [] }, { token: plain })).statusCode).toBe(202)
})

test('Grafana: with a signed time only what is fresh, without one what is signed', async () => {
  const secret = 'shared with grafana'
  await world.declare('graphs-signed', { format: 'grafana' })
  await world.call({ method: 'PUT', url: '/api/v1/intake/sources/graphs-signed/secret', body: { secret } })
  const body = JSON.stringify({ alerts: [], version: '1' })
  const send = async (time: string | null, signedTime = time) => {
    const signed = signedTime === null ? body : `${signedTime}:${body}`
    const headers = {
      'x-grafana-alerting-signature': createHmac('sha256', secret).update(signed).digest('hex'),
      ...(time === null ? {} : { 'x-grafana-alerting-timestamp': time }),
    }
    return (await world.send('graphs-signed', body, { headers })).statusCode
  }
  const seconds = String(start / 1_000)
  const old = String(start / 1_000 - 400)
  expect([await send(seconds), await send(null)]).toEqual([202, 202])
  expect([await send(old), await send(seconds, old), await send(null, old)]).toEqual([401, 401, 401])
})

test('a secret for a format that does not sign is refused', async () => {
  const answer = await world.call({
    method: 'PUT',
    url: '/api/v1/intake/sources/pd/secret',
    body: { secret: 'something' },
  })
  expect([answer.statusCode, answer.json().code]).toEqual([409, 'intake.not-signed'])
})

test('viewers see rates, not payloads; responders make no tokens', async () => {
  expect((await world.call({ url: '/api/v1/intake/sources', as: 'vic' })).statusCode).toBe(200)
  expect((await world.call({ url: '/api/v1/intake/sources/pd', as: 'vic' })).statusCode).toBe(403)
  const url = '/api/v1/intake/sources/pd/tokens'
  expect((await world.call({ method: 'POST', url, as: 'ana', body: {} })).statusCode).toBe(403)
})

test.each([
  'generic',
  'alertmanager',
  'pagerduty',
  'opsgenie',
  'datadog',
  'sentry',
  'zabbix',
  'uptimekuma',
  'heartbeat',
])('whatever bytes come under the token of %s are taken or kept', async (format) => {
  const name = `fuzz-${format}`
  await world.declare(name, { format, ...(format === 'heartbeat' ? { heartbeat: { every: '1d' } } : {}) })
  const odd = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
    fc.constantFrom('{"a":"\\u0000"}', '"\\ud800"', '['.repeat(200), '{"__proto__":{"status":"firing"}}', '1e999'),
    fc
      .record({ dedupKey: fc.string({ unit: 'binary' }), summary: fc.string({ unit: 'binary' }) })
      .map((each) => JSON.stringify(each)),
  )
  await fc.assert(
    fc.asyncProperty(odd, async (body) => {
      const answer = await world.send(name, body)
      expect(answer.statusCode).toBe(202)
    }),
    { numRuns: 40 },
  )
})
