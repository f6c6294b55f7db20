// Two ways: a page leaves through a provider, somebody answers there, paging stops, and the message says so.
import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMattermostCallback } from '../../integrations/mattermost/mattermost-callback.ts'
import { createMattermostChannel } from '../../integrations/mattermost/mattermost-channel.ts'
import { createMattermostConnector } from '../../integrations/mattermost/mattermost-connector.ts'
import { createNtfyChannel } from '../../integrations/ntfy/ntfy-channel.ts'
import { slackCallback } from '../../integrations/slack/slack-callback.ts'
import { createSlackChannel } from '../../integrations/slack/slack-channel.ts'
import { createSlackConnector } from '../../integrations/slack/slack-connector.ts'
import { createTeamsConnector } from '../../integrations/teams/teams-connector.ts'
import { telegramCallback } from '../../integrations/telegram/telegram-callback.ts'
import { createTelegramChannel } from '../../integrations/telegram/telegram-channel.ts'
import { createTelegramConnector } from '../../integrations/telegram/telegram-connector.ts'
import {
  signatureOf,
  twilioCallCallback,
  twilioSmsCallback,
  twilioStatusCallback,
} from '../../integrations/twilio/twilio-callback.ts'
import {
  createSmsChannel,
  createTwilioConnector,
  createVoiceChannel,
} from '../../integrations/twilio/twilio-channel.ts'
import type { Actor } from '../../kernel/actor.ts'
import { minute, second } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { createEgress } from '../../platform/egress/index.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { silentLog } from '../../platform/log/log.ts'
import { findOfAlert } from '../oncall/index.ts'
import { openWorld, type World } from '../oncall/testing/world.ts'
import { listAttempts, listDeliveryRows } from './deliveries.store.ts'
import { openAnswerToken, readConnection } from './index.ts'
import { notificationsRoom } from './notifications.module.ts'
import { type Asked, type ProviderServer, startProvider } from './testing/provider-server.ts'
import * as providers from './testing/providers.ts'

let world: World
let server: FastifyInstance
let slack: ProviderServer
let telegram: ProviderServer
let mattermost: ProviderServer
let twilio: ProviderServer
let ntfy: ProviderServer
const publicUrl = 'http://mainstay.example'
const person = (id: string, role: 'editor' | 'admin' = 'editor'): Actor => ({
  kind: 'person',
  id,
  name: id,
  role,
  teams: [],
})

beforeAll(async () => {
  world = await openWorld({ name: 'channels', at: '2026-03-02T02:00:00Z' })
  ;[slack, telegram, mattermost, twilio, ntfy] = await Promise.all([
    startProvider(providers.slack),
    startProvider(providers.telegram),
    startProvider(providers.mattermost),
    startProvider(providers.twilio),
    startProvider(providers.ntfy),
  ])
  const egress = createEgress({
    policies: (connector) => ({
      connector,
      allow: [{ cidr: '127.0.0.0/8', ports: 'any', schemes: ['http'] }],
      maxConcurrentPerTarget: 50,
    }),
    guard: { ownPorts: () => [], endpoints: () => [], ownAddresses: () => [] },
  })
  const ports = world.notifications
  const of = (kind: Parameters<typeof readConnection>[2]) => ({
    egress,
    settings: () => readConnection(world.database, ports, kind),
    publicUrl,
  })
  Object.assign(ports.channels, {
    slack: createSlackChannel(of('slack')),
    telegram: createTelegramChannel(of('telegram')),
    mattermost: createMattermostChannel(of('mattermost')),
    sms: createSmsChannel(of('twilio')),
    voice: createVoiceChannel(of('twilio')),
    ntfy: createNtfyChannel(egress),
  })
  const room = notificationsRoom(world.needs, ports, {
    connectors: {
      slack: createSlackConnector(egress),
      // As behind https: only then Telegram is told where we listen.
      telegram: createTelegramConnector(egress, 'https://mainstay.example'),
      mattermost: createMattermostConnector(egress),
      teams: createTeamsConnector(egress),
      twilio: createTwilioConnector(egress),
    },
    callbacks: {
      slack: slackCallback,
      telegram: telegramCallback,
      mattermost: createMattermostCallback((token) => openAnswerToken(ports, token)),
      'twilio-call': twilioCallCallback,
      'twilio-sms': twilioSmsCallback,
      'twilio-status': twilioStatusCallback,
    },
    acknowledge: world.oncall.acknowledge,
  })
  const open = new Set(['notifications.provider-callback', 'notifications.message-seen'])
  server = await buildHttp({
    operations: room.operations ?? [],
    wireRoutes: room.wireRoutes === undefined ? [] : [room.wireRoutes],
    gatekeeper: {
      authenticate: async ({ token }) => (token === null ? null : person(token, token === 'root' ? 'admin' : 'editor')),
      isPublic: (id) => open.has(id),
      authorize: () => undefined,
    },
    idempotency: { database: world.database },
    rateLimits: createRateLimits({ tight: {} }),
    metrics: createMetrics(),
    instrument: null,
    log: silentLog,
    trustProxy: false,
    secure: false,
  })
  await world.apply(`
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: ana}
spec: {email: ana@shop.example, timeZone: Europe/Berlin}
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: ben}
spec: {email: ben@shop.example, timeZone: Europe/Berlin}
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: default}
spec: {levels: [{notify: [{person: ana}], waitFor: 30m}], repeat: 0, fallbackOwner: ana}
`)
})
afterAll(async () => {
  await server.close()
  await Promise.all([slack, telegram, mattermost, twilio, ntfy].map((each) => each.close()))
  await world.close()
})
beforeEach(async () => {
  await world.database.run(sql`
    truncate contacts, notification_rules, escalations, pages, deliveries, delivery_attempts, page_notices, bundles, due_work,
      channel_connections, channel_messages cascade`)
  for (const each of [slack, telegram, mattermost, twilio, ntfy]) {
    each.asked.length = 0
    each.manner = 'documented'
  }
  world.entries.length = 0
  await world.moveTo('2026-03-02T02:00:00Z')
})

async function call<Reply>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object, who = 'ana') {
  const reply = await server.inject({
    method,
    url,
    headers: { authorization: `Bearer ${who}`, 'x-mainstay-csrf': '1' },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: reply.statusCode, body: (reply.body === '' ? null : reply.json()) as Reply, text: reply.body }
}
const connect = (kind: string, settings: object) =>
  call<{ detail: string }>('PUT', `/api/v1/channels/${kind}/connection`, settings, 'root')
const secrets = {
  slack: () => ({ botToken: 'xoxb-right', signingSecret: 'sign', apiUrl: slack.url }),
  telegram: () => ({ botToken: '1:right', apiUrl: telegram.url }),
  mattermost: () => ({ url: mattermost.url, botToken: 'mm-right' }),
  twilio: () => ({ accountSid: 'ACright00000', authToken: 'token-right', from: '+15005550006', apiUrl: twilio.url }),
}
interface Added {
  readonly contact: { readonly id: string; readonly verified: boolean; readonly label: string }
}

/** Adds a contact and proves it by the code that arrived through the provider itself. */
async function verified(order: object, provider: ProviderServer, who = 'ana'): Promise<string> {
  const { body, status, text } = await call<Added>('POST', '/api/v1/contacts', order, who)
  if (status !== 201) throw new Error(text)
  expect(body.contact.verified).toBe(false)
  await world.run()
  const sent = decodeURIComponent((provider.asked.at(-1)?.text ?? '').replaceAll('+', ' '))
  // A call says the digits one by one.
  const code = /\b(\d{6}) is your/.exec(sent.replace(/(\d), (?=\d)/g, '$1'))?.[1]
  const reply = await call<{ verified: boolean }>('POST', `/api/v1/contacts/${body.contact.id}/verify`, { code }, who)
  expect(reply.body.verified).toBe(true)
  provider.asked.length = 0
  return body.contact.id
}

async function alert(service = 'nas'): Promise<string> {
  const alertId = newId()
  const facts = {
    severity: 'critical',
    summary: 'Disk full',
    startedAt: world.now(),
    impact: null,
    action: null,
  } as const
  await world.database.transaction((tx) =>
    world.pager.open(tx, {
      alertId,
      service: null,
      policyName: null,
      urgency: 'high',
      severity: 'critical',
      tier: null,
      facts: { service, ...facts, runbook: null, change: null, link: `${publicUrl}/alerts/${alertId}` },
    }),
  )
  await world.run()
  return alertId
}
const phaseOf = async (alertId: string) => (await findOfAlert(world.database, alertId))?.state.phase
const deliveries = () => listDeliveryRows(world.database, { alertId: null, pageId: null, person: null }, null, 100)
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const fieldsOf = (asked: Asked | undefined) => new URLSearchParams(asked?.text ?? '')

function fromSlack(body: string, secret = 'sign') {
  const time = String(Math.floor(world.now() / 1_000))
  const mac = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex')
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': time,
    'x-slack-signature': `v0=${mac}`,
  }
  return server.inject({ method: 'POST', url: '/hooks/slack', headers, payload: body })
}
function fromTwilio(url: string, fields: Record<string, string>, token = 'token-right') {
  const signature = signatureOf(token, `${publicUrl}${url}`, new URLSearchParams(fields))
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature }
  return server.inject({ method: 'POST', url, headers, payload: form(fields) })
}

test('a provider is asked before its secrets are kept; they are sealed and never read back', async () => {
  const wrong = await connect('slack', { ...secrets.slack(), botToken: 'xoxb-wrong' })
  expect([wrong.status, wrong.body.detail]).toEqual([422, 'Slack does not take the bot token: invalid_auth.'])
  slack.manner = { status: 503 }
  expect((await connect('slack', secrets.slack())).status).toBe(409)
  slack.manner = 'documented'
  for (const kind of ['slack', 'telegram', 'mattermost', 'twilio'] as const)
    expect((await connect(kind, secrets[kind]())).status).toBe(200)
  const listed = await call<{ items: { kind: string; available: boolean; twoWay: boolean }[] }>(
    'GET',
    '/api/v1/channels',
  )
  for (const secret of ['xoxb-right', '"sign"', '1:right', 'mm-right', 'token-right'])
    expect(listed.text).not.toContain(secret)
  expect(listed.text).toContain('mainstay_bot')
  expect(listed.body.items.filter((each) => each.twoWay && each.available).map((each) => each.kind)).toEqual(
    expect.arrayContaining(['slack', 'telegram', 'sms', 'voice', 'mattermost']),
  )
  const stored = JSON.stringify(await world.database.many(sql`select * from channel_connections`))
  const journal = JSON.stringify(world.entries)
  for (const secret of ['xoxb-right', '1:right', 'mm-right', 'token-right'])
    expect(stored + journal).not.toContain(secret)
  // Telegram was told where we listen, with a secret of ours.
  const hook = telegram.asked.find((each) => each.path.endsWith('/setWebhook'))
  expect(JSON.parse(hook?.text ?? '{}')).toMatchObject({ url: 'https://mainstay.example/hooks/telegram' })
  expect((await call('DELETE', '/api/v1/channels/slack/connection', undefined, 'root')).status).toBe(204)
  expect((await call('DELETE', '/api/v1/channels/slack/connection', undefined, 'root')).status).toBe(404)
})

test('Slack: verified through Slack, paged, acknowledged by the button, and the message says so', async () => {
  await connect('slack', secrets.slack())
  await verified({ kind: 'slack', recipient: 'U0123456' }, slack)
  const alertId = await alert()
  const [post] = slack.asked
  expect(post?.path).toBe('/api/chat.postMessage')
  const handle = /"value":"([^"]+)"/.exec(post?.text ?? '')?.[1] ?? ''
  const press = `payload=${encodeURIComponent(
    JSON.stringify({ user: { id: 'U0123456' }, actions: [{ action_id: 'acknowledge', value: handle }] }),
  )}`
  expect((await fromSlack(press, 'forged')).statusCode).toBe(403)
  expect(await phaseOf(alertId)).toMatchObject({ kind: 'escalating' })
  expect((await fromSlack(press)).statusCode).toBe(200)
  expect(await phaseOf(alertId)).toMatchObject({ kind: 'acknowledged', by: 'ana' })
  await world.run()
  const update = slack.asked.at(-1)
  expect(update?.path).toBe('/api/chat.update')
  expect(update?.text).toContain('ana acknowledged.')
  expect(update?.text).not.toContain('"Acknowledge"')
  expect(world.types()).toContain('delivery.updated')
  // Over: the same message is changed once more.
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId, ended: 'resolved' }))
  await world.run()
  expect(slack.asked.filter((each) => each.path === '/api/chat.update').at(-1)?.text).toContain('Resolved after')
  // Pressed twice by somebody late.
  expect((await fromSlack(press)).statusCode).toBe(200)
})

test('Slack: a colleague who presses in a shared channel answers as themselves', async () => {
  await connect('slack', secrets.slack())
  await verified({ kind: 'slack', recipient: 'C0SHARED' }, slack)
  await verified({ kind: 'slack', recipient: 'U0BEN00' }, slack, 'ben')
  const alertId = await alert()
  const handle = /"value":"([^"]+)"/.exec(slack.asked[0]?.text ?? '')?.[1] ?? ''
  const press = { user: { id: 'U0BEN00' }, actions: [{ action_id: 'acknowledge', value: handle }] }
  await fromSlack(`payload=${encodeURIComponent(JSON.stringify(press))}`)
  expect(await phaseOf(alertId)).toMatchObject({ kind: 'acknowledged', by: 'ben' })
})

test('a change that Slack throttles is tried again; the page itself is not sent twice', async () => {
  await connect('slack', secrets.slack())
  await verified({ kind: 'slack', recipient: 'U0123456' }, slack)
  const alertId = await alert()
  slack.manner = { status: 429, headers: { 'retry-after': '1' }, body: { ok: false, error: 'ratelimited' } }
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId, by: 'ben' }))
  await world.run()
  slack.manner = 'documented'
  await world.pass(10 * second, second)
  const paths = slack.asked.map((each) => each.path)
  expect(paths).toEqual(['/api/chat.postMessage', '/api/chat.update', '/api/chat.update'])
})

test('Telegram: the button acknowledges; without the secret token it does nothing', async () => {
  await connect('telegram', secrets.telegram())
  const hook = telegram.asked.find((each) => each.path.endsWith('/setWebhook'))
  const token = String((JSON.parse(hook?.text ?? '{}') as { secret_token?: string }).secret_token)
  await verified({ kind: 'telegram', recipient: '4242' }, telegram)
  const alertId = await alert()
  const data = /"callback_data":"([^"]+)"/.exec(telegram.asked[0]?.text ?? '')?.[1] ?? ''
  expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64)
  const press = (secret: string) =>
    server.inject({
      method: 'POST',
      url: '/hooks/telegram',
      headers: { 'x-telegram-bot-api-secret-token': secret },
      payload: { update_id: 1, callback_query: { id: 'q1', from: { id: 4242 }, data } },
    })
  expect((await press('guessed')).statusCode).toBe(403)
  const reply = await press(token)
  expect(reply.json()).toMatchObject({
    method: 'answerCallbackQuery',
    callback_query_id: 'q1',
    text: expect.stringContaining('Acknowledged: nas'),
  })
  expect(await phaseOf(alertId)).toMatchObject({ kind: 'acknowledged', by: 'ana' })
  await world.run()
  expect(telegram.asked.at(-1)?.path).toContain('/editMessageText')
})

test('Mattermost: the button carries a sealed name, and only ours is taken', async () => {
  await connect('mattermost', secrets.mattermost())
  await verified({ kind: 'mattermost', recipient: 'abcdefghijklmnopqrstuvwxyz' }, mattermost)
  const alertId = await alert()
  const posted = mattermost.asked[0]?.text ?? ''
  expect(posted).toContain('"pending_post_id"')
  const token = /"token":"([^"]+)"/.exec(posted)?.[1] ?? ''
  const press = (context: object) =>
    server.inject({ method: 'POST', url: '/hooks/mattermost', payload: { user_id: 'u', context } })
  expect((await press({ token: `${token.slice(0, -2)}aa` })).statusCode).toBe(403)
  expect((await press({})).statusCode).toBe(403)
  const reply = await press({ token })
  expect(reply.json()).toMatchObject({ update: { message: expect.stringContaining('Acknowledged: nas') } })
  expect(await phaseOf(alertId)).toMatchObject({ kind: 'acknowledged', by: 'ana' })
})

test('SMS: a reply acknowledges the newest page, ALL the rest, and strangers nothing', async () => {
  await connect('twilio', secrets.twilio())
  await verified({ kind: 'sms', phone: '+49 170 1234567' }, twilio)
  const first = await alert('nas')
  await world.forward(2 * minute)
  const second_ = await alert('web')
  await world.forward(2 * minute)
  const third = await alert('mail')
  expect(fieldsOf(twilio.asked[0]).get('Body')).toMatch(/^nas: Disk full.* Reply 4 to acknowledge\. http/)
  const reply = (text: string, from = '+491701234567', token = 'token-right') =>
    fromTwilio('/hooks/twilio-sms', { From: from, Body: text, MessageSid: 'SM9' }, token)
  expect((await reply('4', '+491701234567', 'wrong')).statusCode).toBe(403)
  expect((await reply('4', '+4917000000')).body).toContain('No page to this number')
  expect((await reply('4')).body).toMatch(/Acknowledged: mail\..*2 more wait/)
  expect([await phaseOf(first), await phaseOf(third)]).toMatchObject([
    { kind: 'escalating' },
    { kind: 'acknowledged', by: 'ana' },
  ])
  await reply('all')
  expect([await phaseOf(first), await phaseOf(second_)]).toMatchObject([
    { kind: 'acknowledged' },
    { kind: 'acknowledged' },
  ])
  expect((await reply('4')).body).toContain('No page to this number waits')
})

test('a call: 4 acknowledges, another digit does not, and what rings is ended by an answer elsewhere', async () => {
  await connect('twilio', secrets.twilio())
  await verified({ kind: 'voice', phone: '+491701234567' }, twilio)
  const alertId = await alert()
  const call_ = fieldsOf(twilio.asked[0])
  expect(call_.get('Twiml')).toContain('Press 4 to acknowledge.')
  const action = /action="http:\/\/mainstay\.example([^"]+)"/.exec(call_.get('Twiml') ?? '')?.[1] ?? ''
  const press = (Digits: string, token?: string) =>
    fromTwilio(action, { Digits, To: '+491701234567', CallSid: 'CA1' }, token)
  expect((await press('5')).body).toContain('not acknowledged')
  expect((await press('4', 'wrong')).statusCode).toBe(403)
  expect(await phaseOf(alertId)).toMatchObject({ kind: 'escalating' })
  expect((await press('4')).body).toContain('<Say>Acknowledged: nas.')
  expect(await phaseOf(alertId)).toMatchObject({ kind: 'acknowledged', by: 'ana' })
  await world.run()
  expect(twilio.asked.at(-1)).toMatchObject({
    path: '/2010-04-01/Accounts/ACright00000/Calls/CA1.json',
    text: 'Status=canceled',
  })
})

test('nobody picks up: the next contact of the person is tried at once, unless it was answered meanwhile', async () => {
  await connect('twilio', secrets.twilio())
  const voice = await verified({ kind: 'voice', phone: '+491701234567' }, twilio)
  const sms = await verified({ kind: 'sms', phone: '+491701234567' }, twilio)
  const rules = {
    high: [
      { delayMs: 0, contact: voice },
      { delayMs: 10 * minute, contact: sms },
    ],
    low: [],
  }
  expect((await call('PUT', '/api/v1/notification-rules', rules)).status).toBe(200)
  await alert()
  const status = new URL(fieldsOf(twilio.asked[0]).get('StatusCallback') ?? '').pathname
  expect((await fromTwilio(status, { CallStatus: 'no-answer', CallSid: 'CA1' })).statusCode).toBe(204)
  // The provider repeats itself.
  await fromTwilio(status, { CallStatus: 'no-answer', CallSid: 'CA1' })
  await world.run()
  expect(twilio.asked.map((each) => each.path.split('/').at(-1))).toEqual(['Calls.json', 'Messages.json'])
  expect(world.types().filter((type) => type === 'delivery.unheard')).toHaveLength(1)

  const answered = await alert('web')
  const other = new URL(fieldsOf(twilio.asked.at(-1)).get('StatusCallback') ?? '').pathname
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId: answered, by: 'ben' }))
  const before = twilio.asked.filter((each) => each.path.endsWith('Messages.json')).length
  await fromTwilio(other, { CallStatus: 'busy', CallSid: 'CA2' })
  await world.run()
  expect(twilio.asked.filter((each) => each.path.endsWith('Messages.json'))).toHaveLength(before)
})

test('a push nobody has seen for a minute goes to the next contact; a seen one does not', async () => {
  await connect('twilio', secrets.twilio())
  const push = await verified({ kind: 'ntfy', url: `${ntfy.url}/my-topic` }, ntfy)
  const sms = await verified({ kind: 'sms', phone: '+491701234567' }, twilio)
  const rules = {
    high: [
      { delayMs: 0, contact: push },
      { delayMs: 20 * minute, contact: sms },
    ],
    low: [],
  }
  await call('PUT', '/api/v1/notification-rules', rules)
  await alert()
  await world.pass(59 * second, 59 * second)
  expect(twilio.asked).toHaveLength(0)
  await world.pass(second, second)
  expect(twilio.asked).toHaveLength(1)
  expect(ntfy.asked).toHaveLength(1)

  await world.forward(10 * minute)
  await alert('web')
  const [row] = (await deliveries()).filter((each) => each.kind === 'ntfy' && each.service === 'web')
  const { handleOf, answerTokenOf } = await import('./usecases/message-handle.ts')
  const token = answerTokenOf(world.notifications, handleOf(row?.key ?? ''))
  expect((await server.inject({ method: 'POST', url: `/hooks/seen/${encodeURIComponent(token)}` })).statusCode).toBe(
    204,
  )
  expect((await server.inject({ method: 'POST', url: '/hooks/seen/nonsense' })).statusCode).toBe(204)
  expect(world.types()).toContain('delivery.seen')
  await world.pass(5 * minute, minute)
  expect(twilio.asked).toHaveLength(1)
})

test('every attempt is on record with the provider’s own words', async () => {
  await connect('twilio', secrets.twilio())
  await verified({ kind: 'sms', phone: '+491701234567' }, twilio)
  twilio.manner = { status: 429, body: { code: 20_429, message: 'Too Many Requests', status: 429 } }
  await alert()
  twilio.manner = 'documented'
  await world.pass(2 * second, second)
  const row = (await deliveries()).find((each) => each.purpose === 'page' && each.kind === 'sms')
  const attempts = await listAttempts(world.database, [row?.key ?? ''])
  expect(attempts.map((each) => [each.outcome, each.answer])).toEqual([
    ['refused', 'Twilio answered 429: Too Many Requests (20429)'],
    ['accepted', 'Twilio SM1, queued'],
  ])
})

test.each([
  [{ kind: 'sms', phone: '0170 1234567' }, 'phone'],
  [{ kind: 'telegram', recipient: 'ana' }, 'recipient'],
  [{ kind: 'slack', recipient: '#general' }, 'recipient'],
  [{ kind: 'mattermost' }, 'recipient'],
  [{ kind: 'teams', recipient: 'ana@shop.example' }, 'recipient'],
  [{ kind: 'ntfy', url: 'https://ntfy.sh/' }, 'url'],
])('%j is no contact: %s', async (order, field) => {
  const { status, text } = await call('POST', '/api/v1/contacts', order)
  expect(status).toBe(422)
  expect(text).toContain(`/${field}`)
})
