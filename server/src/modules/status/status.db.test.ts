// A status page lived with: declared, published on, read by customers, heard of by mail, and up while the database is not.
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { day, hour, minute, second } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { insertIncident } from '../incidents/incidents.store.ts'
import { openStatusWorld, type StatusWorld } from './status.fixture.ts'

let house: StatusWorld
beforeAll(async () => {
  house = await openStatusWorld('status')
  await house.apply(`
apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: web}
spec: {}
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: checkout}
spec: {team: web, tier: 1}
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: shop}
spec:
  title: Shop <status>
  visibility: public
  team: web
  components:
    - {name: checkout, title: Checkout, group: Buying, services: [checkout], objective: checkout-availability}
    - {name: search, title: Search, objective: nobody-knows}
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: staff}
spec: {visibility: private, components: [{name: wiki, title: Wiki}]}
`)
  const midnight = Date.parse('2026-03-02T00:00:00Z')
  house.counts.set('checkout-availability', [
    { start: instant(midnight), good: 9_990, bad: 10 },
    { start: instant(midnight - day), good: 90, bad: 10 },
  ])
  await house.room.start?.()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.database.run(
    sql`truncate status_posts, status_updates, status_subscribers, status_mails, due_work, incidents cascade`,
  )
  await house.database.run(sql`update status_revision set revision = revision + 1`)
  house.mails.length = 0
  house.entries.length = 0
  house.mailAnswer = 'accept'
  await house.moveTo('2026-03-02T09:00:00Z')
  await look()
})

/** As the two-second look of a process does. */
async function look(): Promise<void> {
  await house.room.stop?.()
  await house.room.start?.()
}
const get = (url: string, headers: Record<string, string> = {}) => house.server.inject({ method: 'GET', url, headers })
async function call<Reply>(method: 'GET' | 'POST', url: string, body?: object) {
  const headers = { authorization: 'Bearer ana', 'x-mainstay-csrf': '1' }
  const reply = await house.server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) })
  return { status: reply.statusCode, body: reply.json<Reply>(), text: reply.body }
}
interface Post {
  readonly id: string
  readonly state: string
  readonly impacts: Record<string, string>
  readonly closedAt: string | null
  readonly updates: readonly { state: string; body: string; author: string }[]
}
const publish = (body: object) => call<Post>('POST', '/api/v1/status-pages/shop/posts', body)
const problem = {
  kind: 'incident',
  title: 'Payments <b>fail</b>',
  state: 'investigating',
  body: 'We are looking.',
  impacts: { checkout: 'partial_outage' },
}
const update = (id: string, body: object) => call<Post>('POST', `/api/v1/status-posts/${id}/updates`, body)
const form = (url: string, email: string) =>
  house.server.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ email }).toString(),
  })
const linkIn = (index: number, verb: string) =>
  new RegExp(`https://status\\.shop\\.example(/status/${verb}/\\S+)`).exec(
    house.mails.at(index)?.email.text ?? '',
  )?.[1] ?? ''

async function subscriber(email: string): Promise<void> {
  expect((await form('/status/shop/subscribe', email)).statusCode).toBe(202)
  await house.run()
  const link = linkIn(-1, 'confirm')
  expect((await house.server.inject({ method: 'POST', url: link })).statusCode).toBe(200)
}

test('the page needs no script, escapes what people wrote, and says no data where there is none', async () => {
  await publish(problem)
  const page = await get('/status/shop')
  expect(page.statusCode).toBe(200)
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.headers['cache-control']).toBe('public, max-age=15')
  expect(page.headers['content-security-policy']).toContain("default-src 'none'")
  expect(page.body).not.toMatch(/<script|style=|<b>fail/)
  expect(page.body).toContain('Payments &lt;b&gt;fail&lt;/b&gt;')
  expect(page.body).toContain('Shop &lt;status&gt;')
  expect(page.body).toContain('Some systems work only in part')
  expect(page.body).toContain('99.80 % over 2 of 90 days measured')
  expect(page.body.match(/<p class="soft">No data<\/p>/g)).toHaveLength(1)
  expect(page.body.match(/<i class="no-data"/g)).toHaveLength(88)
  const packed = await get('/status/shop', { 'accept-encoding': 'gzip, br' })
  expect(packed.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(packed.rawPayload).toString()).toBe(page.body)
  const same = await get('/status/shop', { 'if-none-match': String(page.headers.etag) })
  expect([same.statusCode, same.body]).toEqual([304, ''])
  expect((await get('/status/page.css')).body).toContain('prefers-color-scheme:dark')
  expect((await get('/status/nothing')).statusCode).toBe(404)
})

test('from the first word to the last: components, history, journal and feeds follow', async () => {
  const { status, body: post } = await publish(problem)
  expect([status, post.updates.map((each) => [each.state, each.author])]).toEqual([201, [['investigating', 'ana']]])
  await house.forward(10 * minute)
  const found = await update(post.id, { state: 'identified', body: 'A release did it.\nIt is being rolled back.' })
  expect(found.body.impacts).toEqual({ checkout: 'partial_outage' })
  const wrong = await update(post.id, { state: 'resolved', body: 'Over.', impacts: { checkout: 'major_outage' } })
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('/impacts/checkout')])
  await house.forward(10 * minute)
  const over = await update(post.id, { state: 'resolved', body: 'It is over.' })
  expect(over.body).toMatchObject({ state: 'resolved', impacts: {}, closedAt: '2026-03-02T09:20:00.000Z' })
  expect((await update(post.id, { state: 'investigating', body: 'Again?' })).status).toBe(422)
  expect((await get('/status/shop')).body).toContain('All systems operational')
  expect((await get('/status/shop/history')).body).toContain('A release did it.<br>It is being rolled back.')
  expect(house.entries.map((each) => each.type)).toEqual(['status.published', 'status.updated', 'status.updated'])
  const atom = (await get('/status/shop/feed.atom')).body
  expect(atom.match(/<entry>/g)).toHaveLength(3)
  expect(atom.indexOf('Resolved: ')).toBeLessThan(atom.indexOf('Investigating: '))
  expect(atom).toContain('<updated>2026-03-02T09:20:00.000Z</updated>')
  const rss = await get('/status/shop/feed.rss')
  expect(rss.headers['content-type']).toBe('application/rss+xml; charset=utf-8')
  expect(rss.body).toContain('<pubDate>Mon, 02 Mar 2026 09:20:00 GMT</pubDate>')
})

test('an incident drafts its words; a restricted one is nobody’s business', async () => {
  const incident = {
    id: newId(),
    title: 'Checkout 5xx',
    severity: 'SEV2',
    severityReason: 'x',
    status: 'active',
    services: ['checkout'],
    teams: [],
    impactStartedAt: null,
    detectedAt: null,
    acknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    declaredBy: 'ana',
    automatic: false,
    readers: [],
  } as const
  const secret = { ...incident, id: newId(), kind: 'security' } as const
  await house.database.transaction(async (tx) => {
    await insertIncident(tx, { ...incident, kind: 'normal' })
    await insertIncident(tx, secret)
  })
  const draft = await call<object>('GET', `/api/v1/status-pages/shop/draft?incident=${incident.id}`)
  expect(draft.body).toEqual({
    title: 'Problem with Checkout',
    state: 'investigating',
    body: 'We are looking into a problem with Checkout.',
    impacts: { checkout: 'partial_outage' },
    published: null,
  })
  expect((await call('GET', `/api/v1/status-pages/shop/draft?incident=${secret.id}`)).status).toBe(404)
  expect((await publish({ ...problem, incident: secret.id })).status).toBe(404)
  const { body } = await publish({ ...problem, incident: incident.id })
  expect(house.entries.at(-1)?.entry.links).toEqual([
    { kind: 'incident', id: incident.id },
    { kind: 'service', id: 'checkout' },
  ])
  const again = await call<{ published: string }>('GET', `/api/v1/status-pages/shop/draft?incident=${incident.id}`)
  expect(again.body.published).toBe(body.id)
})

test('a maintenance begins and ends by the clock, and touches its components only in between', async () => {
  const plan = {
    kind: 'maintenance',
    title: 'New disks',
    state: 'scheduled',
    body: 'We add disks.',
    impacts: { search: 'under_maintenance' },
  }
  expect((await publish(plan)).status).toBe(422)
  await publish({ ...plan, startsAt: '2026-03-02T10:00:00Z', endsAt: '2026-03-02T11:00:00Z' })
  expect((await get('/status/shop')).body).toContain('All systems operational')
  await house.forward(hour)
  await house.run()
  await look()
  expect((await get('/status/shop')).body).toContain('Maintenance is under way')
  await house.forward(hour)
  await house.run()
  await look()
  const page = (await get('/status/shop')).body
  expect(page).toContain('All systems operational')
  expect(page).toContain('The maintenance is over.')
})

test('double opt-in: nothing before the yes, one letter for each update, gone with one press', async () => {
  expect((await form('/status/shop/subscribe', 'not an address')).statusCode).toBe(422)
  await form('/status/shop/subscribe', 'Eve@example.org')
  // A second form within the hour asks nothing more, and the answer tells nobody.
  expect((await form('/status/shop/subscribe', 'eve@example.org')).statusCode).toBe(202)
  await house.run()
  expect(house.mails.map((each) => [each.to, each.email.subject])).toEqual([
    ['Eve@example.org', 'Confirm: updates of Shop <status>'],
  ])
  await publish(problem)
  await house.run()
  expect(house.mails).toHaveLength(1)
  const confirm = linkIn(0, 'confirm')
  // Mail scanners open links: looking is not pressing.
  expect((await get(confirm)).body).toContain('<button type="submit">Confirm</button>')
  await publish(problem)
  await house.run()
  expect(house.mails).toHaveLength(1)
  await house.server.inject({ method: 'POST', url: confirm })
  expect(house.entries.at(-1)?.type).toBe('status.subscribed')
  const { body: post } = await publish(problem)
  await house.run()
  await house.run()
  expect(house.mails).toHaveLength(2)
  const letter = house.mails[1]
  expect(letter?.email.subject).toBe('Investigating: Payments <b>fail</b>')
  expect(letter?.email.text).toContain('Checkout: Partial outage')
  expect(letter?.email.html).not.toContain('<b>fail')
  // RFC 8058.
  expect(letter?.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m)
  const leave = linkIn(1, 'unsubscribe')
  expect(letter?.raw.replace(/\r?\n[ \t]+/g, ' ')).toContain(`List-Unsubscribe: <https://status.shop.example${leave}>`)
  const pressed = await house.server.inject({
    method: 'POST',
    url: leave,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  })
  expect([pressed.statusCode, pressed.body]).toEqual([200, expect.stringContaining('Nothing more is sent to you.')])
  await update(post.id, { state: 'resolved', body: 'Over.' })
  await house.run()
  expect(house.mails).toHaveLength(2)
  for (const bent of [`${leave.slice(0, -2)}xx`, leave.replace('unsubscribe', 'confirm')])
    expect((await house.server.inject({ method: 'POST', url: bent })).statusCode).toBe(404)
})

test('a mail server that says later is asked again; who left meanwhile hears nothing; notify: false tells nobody', async () => {
  await subscriber('ana@example.org')
  await subscriber('ben@example.org')
  const leave = async (email: string) => {
    const letter = house.mails.findLast((each) => each.to === email)
    const path = /(\/status\/unsubscribe\/\S+)/.exec(letter?.email.text ?? '')?.[1] ?? ''
    await house.server.inject({ method: 'POST', url: path })
  }
  await publish({ ...problem, notify: false })
  await house.run()
  expect(house.mails).toHaveLength(2)
  await publish(problem)
  await house.run()
  expect(
    house.mails
      .slice(2)
      .map((each) => each.to)
      .sort(),
  ).toEqual(['ana@example.org', 'ben@example.org'])
  house.mailAnswer = 'later'
  await publish(problem)
  await house.run()
  await leave('ben@example.org')
  house.mailAnswer = 'accept'
  await house.forward(31 * second)
  await house.run()
  expect(house.mails.slice(4).map((each) => each.to)).toEqual(['ana@example.org'])
  const states = await house.database.many(sql<{ state: string }>`
    select state from status_mails where update_id is not null order by created_at desc, state limit 2`)
  expect(states.map((each) => each.state)).toEqual(['dropped', 'sent'])
  house.mailAnswer = 'never'
  await publish(problem)
  await house.run()
  house.mailAnswer = 'accept'
  await house.forward(day)
  await house.run()
  expect(house.mails).toHaveLength(5)
})

test('a mail that hangs is not sent by a second turn, however its lease runs out', async () => {
  await subscriber('ana@example.org')
  const sent = () => house.mails.slice(1).map((each) => each.to)
  house.mailAnswer = 'hold'
  await publish(problem)
  const first = house.run()
  await vi.waitFor(() => expect(sent()).toHaveLength(1), { timeout: 30_000 })
  // The lease of the work is over, the attempt is not.
  await house.forward(16 * second)
  const second_ = house.run()
  await vi.waitFor(
    async () => {
      const { due } = await house.database.one(sql<{ due: boolean }>`
        select exists(select from due_work where kind = 'status.send-mail' and due_at > mainstay_now() and claim is null) as due`)
      expect(due).toBe(true)
    },
    { timeout: 30_000 },
  )
  // The second turn has looked and left it to the first.
  expect(sent()).toEqual(['ana@example.org'])
  house.mailAnswer = 'accept'
  house.letGo()
  await Promise.all([first, second_])
  await house.forward(day)
  await house.run()
  expect(await mailStates()).toMatchObject([{ state: 'sent' }])
})

test('a server that takes a mail and breaks off before it says so gets it twice at most, under one id', async () => {
  await subscriber('ana@example.org')
  house.mailAnswer = 'drop'
  await publish(problem)
  for (let turn = 0; turn < 6; turn += 1) {
    await house.run()
    await house.forward(2 * hour)
  }
  const copies = house.mails.slice(1)
  expect(copies.map((each) => each.to)).toEqual(['ana@example.org', 'ana@example.org'])
  expect(new Set(copies.map((each) => each.email.messageId)).size).toBe(1)
  expect(await mailStates()).toEqual([{ state: 'failed', copies: 2 }])
})

const mailStates = () =>
  house.database.many(sql<{ state: string; copies: number }>`
    select state, copies from status_mails where update_id is not null order by created_at, id`)

test('what another status page told before is taken over once, with its true times, and tells nobody', async () => {
  await subscriber('ana@example.org')
  const update = (status: string, at: string, more: object = {}) => ({
    status,
    body: `It is ${status}.`,
    created_at: at,
    ...more,
  })
  const hurt = {
    affected_components: [
      { name: 'Checkout', new_status: 'major_outage' },
      { name: 'Fax', new_status: 'partial_outage' },
    ],
  }
  const text = JSON.stringify({
    incidents: [
      {
        id: 'a',
        name: 'Payments <i>failed</i>',
        incident_updates: [
          update('resolved', '2026-02-20T10:00:00Z'),
          update('investigating', '2026-02-20T09:00:00Z', hurt),
        ],
      },
      { id: 'b', name: 'Still on', incident_updates: [update('identified', '2026-03-01T09:00:00Z')] },
    ],
  })
  const take = async (more: object = {}) =>
    (await call<object>('POST', '/api/v1/status-pages/shop/import', { text, ...more })).body
  const expected = {
    from: 'Statuspage',
    added: 1,
    known: 0,
    leftOut: ['Still on: it is not over; publish it here'],
    missing: ['Fax'],
  }
  expect(await take({ dryRun: true })).toEqual(expected)
  expect((await get('/status/shop')).body).not.toContain('Payments &lt;i&gt;')
  // The journal of this house is a list that forgets nothing, not even what was only tried.
  house.entries.length = 0
  expect(await take()).toEqual(expected)
  expect(await take()).toEqual({ ...expected, added: 0, known: 1 })
  await look()
  const page = (await get('/status/shop')).body
  expect(page).toContain('Payments &lt;i&gt;failed&lt;/i&gt;')
  expect(page).toContain('20 Feb 2026, 09:00 UTC')
  expect(page).toContain('All systems operational')
  expect(house.entries.filter((each) => each.type === 'status.imported')).toHaveLength(1)
  await house.run()
  expect(house.mails).toHaveLength(1)
  expect(await take({ text: '{"what":1}' })).toMatchObject({ code: 'status.unknown-export' })
})

test('planned maintenance is a calendar to subscribe to; what is cancelled is gone from it', async () => {
  const plan = { kind: 'maintenance', title: 'New disks', state: 'scheduled', body: 'We add disks.' }
  const { body: post } = await publish({ ...plan, startsAt: '2026-03-04T02:00:00Z', endsAt: '2026-03-04T04:00:00Z' })
  const calendar = await get('/status/shop/maintenance.ics')
  expect(calendar.headers['content-type']).toContain('text/calendar')
  for (const line of ['DTSTART:20260304T020000Z', 'DTEND:20260304T040000Z', 'SUMMARY:New disks'])
    expect(calendar.body).toContain(line)
  await update(post.id, { state: 'cancelled', body: 'Not this week.' })
  expect((await get('/status/shop/maintenance.ics')).body).not.toContain('New disks')
})

const planned = (more: object = {}) =>
  house.apply(
    JSON.stringify({
      apiVersion: 'mainstay.dev/v1',
      kind: 'MaintenanceWindow',
      metadata: { name: 'disks' },
      spec: {
        ...{
          services: ['checkout'],
          reason: 'internal words',
          start: '2026-03-04 02:00',
          timeZone: 'Europe/Vienna',
          lasts: '2h',
        },
        announce: { title: 'New disks', text: 'Buying may be slow.', ahead: '1d' },
        ...more,
      },
    }),
  )
const posts = async () => {
  const view = await house.server.inject({ url: '/api/v1/status-pages/shop', headers: { authorization: 'Bearer ana' } })
  const { open, past } = view.json()
  return [...open, ...past].filter((each: { title: string }) => each.title === 'New disks')
}

test('a declared maintenance is announced ahead, begins, takes longer and ends on the page, and subscribers hear of each', async () => {
  await subscriber('ana@example.org')
  await planned()
  await house.turn()
  expect(await posts()).toEqual([])
  await house.moveTo('2026-03-03T01:00:00Z')
  await house.turn()
  await house.turn()
  expect(await posts()).toMatchObject([
    {
      kind: 'maintenance',
      state: 'scheduled',
      startsAt: '2026-03-04T01:00:00.000Z',
      endsAt: '2026-03-04T03:00:00.000Z',
    },
  ])
  await planned({ start: '2026-03-04 03:00' })
  await house.turn()
  expect((await posts()).map((each: { startsAt: string }) => each.startsAt)).toEqual(['2026-03-04T02:00:00.000Z'])
  await house.moveTo('2026-03-04T02:00:01Z')
  await house.turn()
  await look()
  const page = (await get('/status/shop')).body
  expect(page).toContain('Under maintenance')
  expect(page).not.toContain('internal words')
  const [running] = (await posts()).filter((each: { state: string }) => each.state === 'in_progress')
  await house.extend('2026-03-04T06:00:00Z')
  await house.moveTo('2026-03-04T04:00:01Z')
  await house.turn()
  await house.moveTo('2026-03-04T06:00:01Z')
  await house.turn()
  await house.turn()
  const [done] = (await posts()).filter((each: { id: string }) => each.id === running.id)
  expect(done.updates.map((each: { body: string }) => each.body)).toEqual([
    'The maintenance is over.',
    'The maintenance takes longer than planned and lasts until 4 Mar 2026, 06:00 UTC.',
    'The maintenance has begun.',
    'The maintenance was moved: it is now from 4 Mar 2026, 02:00 UTC to 4 Mar 2026, 04:00 UTC.',
    'Buying may be slow.',
  ])
  const subjects = house.mails.map((each) => each.email.subject).filter((each) => each?.includes('New disks'))
  expect(subjects).toHaveLength(5)
})

test('a page that shows none of its services says nothing, and words that are not for customers stay inside', async () => {
  await house.database.run(sql`delete from maintenance_occurrences`)
  await house.apply(
    '{apiVersion: mainstay.dev/v1, kind: MaintenanceWindow, metadata: {name: quiet}, spec: {services: [checkout], reason: inside, start: "2026-03-02 10:00", timeZone: UTC, lasts: 1h}}',
  )
  await house.moveTo('2026-03-02T10:00:01Z')
  await house.turn()
  const open = await house.database.many(sql<{ page: string }>`select page from status_posts`)
  expect(open).toEqual([])
})

test('a private page is for those who are signed in', async () => {
  expect((await get('/status/staff')).statusCode).toBe(401)
  expect((await form('/status/staff/subscribe', 'eve@example.org')).statusCode).toBe(401)
  const seen = await get('/status/staff', { authorization: 'Bearer ana' })
  expect([seen.statusCode, seen.headers['cache-control']]).toEqual([200, 'private, no-store'])
})

test('with the database away the last copy stays, and says how old it is', async () => {
  await publish(problem)
  const before = await get('/status/shop')
  await house.cutDatabase()
  await look()
  expect((await get('/status/shop')).body).toBe(before.body)
  house.pass(31 * second)
  await look()
  const stale = await get('/status/shop')
  expect(stale.statusCode).toBe(200)
  expect(stale.body).toContain('This is a copy of <time datetime="2026-03-02T09:00:00.000Z">')
  expect(stale.body).toContain('Payments &lt;b&gt;fail')
  expect((await get('/status/shop/feed.atom')).statusCode).toBe(200)
})
