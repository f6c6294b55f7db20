// Hearing of a page by webhook, and of some components only: asked once, signed, sent once, given up, taken up again.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { day, hour, minute, second } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { verifyWebhook } from '../../platform/egress/index.ts'
import { openStatusWorld, type StatusWorld } from './status.fixture.ts'

let house: StatusWorld
beforeAll(async () => {
  house = await openStatusWorld('status-subscribers')
  await house.apply(`
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: shop}
spec:
  title: Shop
  visibility: public
  components: [{name: checkout, title: Checkout}, {name: search, title: Search}]
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: staff}
spec: {visibility: private, components: [{name: wiki, title: Wiki}]}
`)
  await house.room.start?.()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.database.run(
    sql`truncate status_posts, status_updates, status_subscribers, status_mails, due_work cascade`,
  )
  house.mails.length = 0
  house.hooks.length = 0
  house.entries.length = 0
  house.mailAnswer = 'accept'
  house.hookAnswer = 200
  await house.moveTo('2026-03-02T09:00:00Z')
})

const signedIn = { authorization: 'Bearer ana', 'x-mainstay-csrf': '1' }
async function call<Reply>(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object, headers = signedIn) {
  const reply = await house.server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) })
  return { status: reply.statusCode, text: reply.body, body: (reply.body === '' ? {} : reply.json()) as Reply }
}
const subscribe = (body: object, page = 'shop') =>
  house.server.inject({ method: 'POST', url: `/api/v1/status-pages/${page}/subscriptions`, payload: body })
interface Event {
  readonly type: string
  readonly data: {
    readonly confirm: string
    readonly unsubscribe: string
    readonly secret: string
    readonly components: readonly (string | { readonly name: string; readonly state: string })[] | null
    readonly post: { readonly title: string; readonly state: string }
    readonly update: { readonly body: string }
  }
}
const told = (at: number): Event => JSON.parse(house.hooks.at(at)?.body ?? '{}') as Event
const press = (url: string) => house.server.inject({ method: 'POST', url: new URL(url).pathname })
async function hear(components: readonly string[] = [], path = '/in'): Promise<string> {
  expect((await subscribe({ webhook: `${house.hookHost}${path}`, components })).statusCode).toBe(202)
  await house.run()
  const { confirm, secret } = told(-1).data
  expect((await press(confirm)).statusCode).toBe(200)
  return secret
}
const publish = (impacts: object = {}, extra: object = {}) =>
  call<{ id: string }>('POST', '/api/v1/status-pages/shop/posts', {
    ...{ kind: 'incident', title: 'Payments fail', state: 'investigating', body: 'We are looking.', impacts, ...extra },
  })
interface Subscriber {
  readonly id: string
  readonly channel: string
  readonly address: string
  readonly components: readonly string[] | null
  readonly state: string
  readonly failingSince: string | null
  readonly because: string | null
}
const list = async (query = '') =>
  (await call<{ items: readonly Subscriber[] }>('GET', `/api/v1/status-pages/shop/subscribers${query}`)).body.items

test('a webhook is asked once, hears nothing before it confirms, and then every update signed with its own secret', async () => {
  expect((await subscribe({ webhook: `${house.hookHost}/in` })).json()).toEqual({ asked: true })
  await house.run()
  expect(house.hooks).toHaveLength(1)
  const question = told(0)
  expect(question.type).toBe('dev.mainstay.status.question')
  expect(question.data.secret).toMatch(/^whsec_/)
  await publish()
  await house.run()
  expect(house.hooks).toHaveLength(1)
  // Looking changes nothing; pressing does.
  const look = await house.server.inject({ method: 'GET', url: new URL(question.data.confirm).pathname })
  expect(look.body).toContain('Press the button')
  expect((await press(question.data.confirm)).statusCode).toBe(200)
  const { body: post } = await publish({ checkout: 'partial_outage' })
  await house.run()
  expect(house.hooks).toHaveLength(2)
  const [, sent] = house.hooks
  const verdict = verifyWebhook({
    headers: sent?.headers ?? {},
    body: sent?.body ?? '',
    secrets: [question.data.secret],
    now: await house.database.now(),
  })
  expect(verdict.genuine).toBe(true)
  expect(told(1)).toMatchObject({
    type: 'dev.mainstay.status.update',
    data: {
      page: { name: 'shop', url: 'https://status.shop.example/status/shop' },
      post: { id: post.id, title: 'Payments fail', state: 'investigating' },
      components: [{ name: 'checkout', title: 'Checkout', state: 'partial_outage' }],
    },
  })
  expect((await press(told(1).data.unsubscribe)).statusCode).toBe(200)
  await publish()
  await house.run()
  expect(house.hooks).toHaveLength(2)
})

test('asked again it is told nothing new, and a stranger cannot take its secret or change what it hears', async () => {
  const secret = await hear()
  await house.forward(2 * hour)
  expect((await subscribe({ webhook: `${house.hookHost}/in` })).json()).toEqual({ asked: true })
  await house.run()
  expect(house.hooks).toHaveLength(1)
  // Another choice is a question of its own, and holds only when it is answered.
  await subscribe({ webhook: `${house.hookHost}/in`, components: ['search'] })
  await house.run()
  expect(told(1).data).toMatchObject({ secret, components: ['search'] })
  expect((await list())[0]?.components).toBeNull()
  await press(told(1).data.confirm)
  expect((await list())[0]?.components).toEqual(['search'])
})

test.each([
  [{}, 'Give an e-mail address or a webhook.'],
  [{ email: 'a@example.org', webhook: 'https://example.org' }, 'Give an e-mail address or a webhook.'],
  [{ webhook: 'ftp://example.org' }, 'begins with https://'],
  [{ email: 'nobody' }, 'no e-mail address'],
])('%j is refused with its field and the way out', async (body, words) => {
  const reply = await subscribe(body)
  expect([reply.statusCode, reply.body]).toEqual([422, expect.stringContaining(words)])
})

test('of a private page strangers hear nothing; who is signed in may subscribe', async () => {
  const stranger = await subscribe({ email: 'ana@example.org' }, 'staff')
  const nowhere = await subscribe({ email: 'ana@example.org' }, 'nowhere')
  expect([stranger.statusCode, nowhere.statusCode]).toEqual([404, 404])
  expect(stranger.json<{ code: string }>().code).toBe(nowhere.json<{ code: string }>().code)
  const own = await call('POST', '/api/v1/status-pages/staff/subscriptions', { email: 'ana@example.org' })
  expect(own.status).toBe(202)
})

test('who chose components hears of those from the first word to the last, and of what is about none', async () => {
  await hear(['search'], '/search')
  await hear([], '/all')
  house.hooks.length = 0
  const { body: post } = await publish({ checkout: 'major_outage' })
  await house.run()
  expect(house.hooks.map((each) => each.path)).toEqual(['/all'])
  const { body: other } = await publish({ search: 'partial_outage' })
  await house.run()
  expect(house.hooks.map((each) => each.path).sort()).toEqual(['/all', '/all', '/search'])
  house.hooks.length = 0
  // The last word names no component, but is about those that were hurt.
  await call('POST', `/api/v1/status-posts/${other.id}/updates`, { state: 'resolved', body: 'Over.' })
  await call('POST', `/api/v1/status-posts/${post.id}/updates`, { state: 'resolved', body: 'Over.' })
  await house.run()
  expect(house.hooks.map((each) => each.path).sort()).toEqual(['/all', '/all', '/search'])
  house.hooks.length = 0
  await publish({})
  await house.run()
  expect(house.hooks.map((each) => each.path).sort()).toEqual(['/all', '/search'])
})

test('mail subscribers choose components on the page', async () => {
  const form = new URLSearchParams([
    ['email', 'ana@example.org'],
    ['component', 'search'],
  ])
  const page = await house.server.inject({ method: 'GET', url: '/status/shop/subscribe' })
  expect(page.body).toContain('value="search"')
  const sent = await house.server.inject({
    method: 'POST',
    url: '/status/shop/subscribe',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: form.toString(),
  })
  expect(sent.statusCode).toBe(202)
  await house.run()
  const text = house.mails[0]?.email.text ?? ''
  expect(text).toContain('Only of: Search')
  await press(/https:\S+\/confirm\/\S+/.exec(text)?.[0] ?? '')
  await publish({ checkout: 'major_outage' })
  await house.run()
  expect(house.mails).toHaveLength(1)
  await publish({ search: 'major_outage' })
  await house.run()
  expect(house.mails).toHaveLength(2)
  expect(await list()).toMatchObject([{ channel: 'email', address: 'a…@example.org', state: 'hearing' }])
})

/** All attempts of what waits, until nothing is tried any more. */
async function tryAll(): Promise<void> {
  for (let round = 0; round < 6; round += 1) {
    await house.run()
    await house.forward(hour + minute)
  }
}

test('a receiver that fails is tried five times, paused after three days with its reason, and taken up by a person', async () => {
  await hear()
  house.hooks.length = 0
  house.hookAnswer = 500
  await publish()
  await tryAll()
  expect(house.hooks).toHaveLength(5)
  expect(new Set(house.hooks.map((each) => each.headers['webhook-id'])).size).toBe(1)
  const [failing] = await list('?failing=true')
  expect(failing).toMatchObject({ state: 'hearing', because: 'The receiver answered 500.' })
  await house.forward(3 * day)
  await publish()
  await tryAll()
  expect((await list())[0]).toMatchObject({ state: 'paused', address: new URL(house.hookHost).host })
  expect(house.entries.map((each) => each.type)).toContain('status.subscriber-paused')
  const page = await call<{ subscribers: object }>('GET', '/api/v1/status-pages/shop')
  expect(page.body.subscribers).toEqual({ confirmed: 0, waiting: 0, paused: 1 })
  house.hooks.length = 0
  house.hookAnswer = 200
  await publish()
  await tryAll()
  expect(house.hooks).toHaveLength(0)
  const resumed = await call<Subscriber>('POST', `/api/v1/status-subscribers/${failing?.id}/resume`)
  expect([resumed.status, resumed.body.state, resumed.body.failingSince]).toEqual([200, 'hearing', null])
  await publish()
  await house.run()
  expect(house.hooks).toHaveLength(1)
  expect((await call('DELETE', `/api/v1/status-subscribers/${failing?.id}`)).status).toBe(204)
  expect((await call('DELETE', `/api/v1/status-subscribers/${failing?.id}`)).status).toBe(404)
})

test('one answer makes it good again, and 410 ends it for good', async () => {
  await hear()
  house.hookAnswer = 503
  await publish()
  await tryAll()
  expect((await list())[0]?.failingSince).not.toBeNull()
  house.hookAnswer = 200
  await publish()
  await house.run()
  expect((await list())[0]?.failingSince).toBeNull()
  house.hookAnswer = 410
  await publish()
  await house.run()
  expect(await list()).toEqual([])
  expect(house.entries.at(-1)?.type).toBe('status.unsubscribed')
})

test('where no answer came it goes once more under the same id, never a third time', async () => {
  await hear()
  house.hooks.length = 0
  house.hookAnswer = 'break'
  await publish()
  await tryAll()
  expect(house.hooks).toHaveLength(2)
  expect(house.hooks[0]?.headers['webhook-id']).toBe(house.hooks[1]?.headers['webhook-id'])
})

test('a webhook may not lead inside, and its host is not flooded through us', async () => {
  await subscribe({ webhook: 'https://169.254.169.254/latest/meta-data' })
  await tryAll()
  const [inside] = await list()
  expect(inside).toMatchObject({
    state: 'waiting',
    address: '169.254.169.254',
    because: expect.stringContaining('no connector may reach'),
  })
  const answers: number[] = []
  for (let at = 0; at < 11; at += 1)
    answers.push((await subscribe({ webhook: `${house.hookHost}/flood/${at}` })).statusCode)
  expect(answers).toEqual([...Array.from({ length: 10 }, () => 202), 429])
  await house.forward(second)
})
