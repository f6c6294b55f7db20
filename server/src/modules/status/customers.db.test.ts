// One customer's view of a page: reached by a secret, told what nobody else is told, and saying to nobody that others exist.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { insertIncident } from '../incidents/incidents.store.ts'
import { draftUpdateOf, findIncident } from '../incidents/index.ts'
import { openStatusWorld, type StatusWorld } from './status.fixture.ts'
import { tellCustomer } from './usecases/tell-customer.ts'

let house: StatusWorld
const signedIn = { authorization: 'Bearer ana', 'x-mainstay-csrf': '1' }
beforeAll(async () => {
  house = await openStatusWorld('status-customers')
  await house.apply(`
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: importer}
spec: {tier: 2, type: service}
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: shop}
spec:
  title: Shop
  visibility: public
  languages: [en, de]
  color: '#c2185b'
  host: status.example.org
  components: [{name: checkout, title: Checkout}, {name: search, title: Search}]
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: staff}
spec: {title: Staff, components: [{name: wiki, title: Wiki}]}
---
apiVersion: mainstay.dev/v1
kind: StatusCustomer
metadata: {name: acme}
spec:
  page: shop
  title: Acme <Ltd>
  components: [{name: checkout}, {name: acme-import, title: Import for Acme, services: [importer], objective: importer/ok}]
---
apiVersion: mainstay.dev/v1
kind: StatusCustomer
metadata: {name: globex}
spec: {page: shop, title: Globex, components: [{name: search}, {name: globex-import, title: Import for Globex}]}
---
apiVersion: mainstay.dev/v1
kind: StatusCustomer
metadata: {name: partner}
spec: {page: staff, title: Partner, components: [{name: wiki}]}
`)
  const today = Date.parse('2026-03-02T00:00:00Z')
  house.counts.set('importer/ok', [{ start: instant(today), good: 99, bad: 1 }])
  await house.room.start?.()
})
afterAll(() => house.close())

const get = (url: string, headers: Record<string, string> = {}) => house.server.inject({ method: 'GET', url, headers })
async function call<Reply>(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  const reply = await house.server.inject({
    method,
    url,
    headers: signedIn,
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: reply.statusCode, body: (reply.body === '' ? {} : reply.json()) as Reply }
}
async function link(customer: string): Promise<string> {
  const made = await call<{ url: string }>('POST', `/api/v1/status-customers/${customer}/link`)
  expect(made.status).toBe(201)
  return new URL(made.body.url).pathname
}
const post = async (extra: object, page = 'shop') => {
  const said = { kind: 'incident', state: 'investigating', body: 'We are looking.', impacts: {}, ...extra }
  const made = await call<{ id: string; customer: string | null }>('POST', `/api/v1/status-pages/${page}/posts`, said)
  expect(made.status).toBe(201)
  return made.body
}
const subscribe = (base: string, form: string) =>
  house.server.inject({
    method: 'POST',
    url: `${base}/subscribe`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: form,
  })
const paths = [
  '',
  '/history',
  '/history?month=2026-03',
  '/subscribe',
  '/feed.atom',
  '/feed.rss',
  '/maintenance.ics',
  '/brand.css',
] as const

/** What each process does by itself every two seconds. */
const look = async () => {
  await house.room.stop?.()
  await house.room.start?.()
}

let [acme, globex] = ['', '']
test('a link is shown once and kept as a digest; what is under it is for nobody else to keep', async () => {
  acme = await link('acme')
  globex = await link('globex')
  const secret = acme.split('/').at(-1) ?? ''
  expect(secret).toMatch(/^[\w-]{43}$/)
  const rows = await house.database.many(sql<{ row: string }>`select to_jsonb(c)::text as row from status_customers c`)
  expect(rows.map((each) => each.row).join()).not.toContain(secret)
  expect(JSON.stringify(house.entries)).not.toContain(secret)
  const listed = JSON.stringify((await call('GET', '/api/v1/status-customers')).body)
  expect(listed).toContain('"madeBy":"ana"')
  expect(listed).not.toContain(secret)
  for (const path of paths) {
    const reply = await get(`${acme}${path}`)
    const { 'cache-control': kept, 'referrer-policy': referrer, 'x-robots-tag': robots } = reply.headers
    expect([path, reply.statusCode, kept, referrer, robots]).toEqual([
      path,
      200,
      'private, no-store',
      'no-referrer',
      'noindex',
    ])
  }
  const page = (await get(acme)).body
  expect(page).toContain('For Acme &lt;Ltd&gt;')
  expect(page).toContain('Import for Acme')
  expect(page).toContain('99.00 %')
  expect(page).not.toContain('Search')
  expect(page).not.toContain('Globex')
  expect(page).not.toContain('rel="canonical"')
  expect(page).toContain(`href="${acme}/history"`)
  expect((await get(`${acme}?lang=de`)).body).toContain('Für Acme')
})

test('what is for one is on its view and nowhere else, in every form there is', async () => {
  const own = await post({ title: 'Import is late', customer: 'acme', impacts: { 'acme-import': 'partial_outage' } })
  expect(own).toMatchObject({ page: 'shop', customer: 'acme' })
  await post({
    ...{ title: 'Import is moved', kind: 'maintenance', state: 'scheduled', customer: 'acme' },
    ...{ startsAt: '2026-03-03T09:00:00Z', endsAt: '2026-03-03T10:00:00Z' },
  })
  await post({ title: 'Payments fail', impacts: { checkout: 'partial_outage' } })
  await post({ title: 'Search is slow', impacts: { search: 'degraded_performance' } })
  await post({ title: 'Something is odd' })
  // A month that was read is remembered for a minute.
  house.pass(2 * minute)
  const read = async (base: string) =>
    (await Promise.all(paths.map((path) => get(`${base}${path}`)))).map((each) => each.body)
  const [forAcme, forGlobex, forAll] = [await read(acme), await read(globex), await read('/status/shop')]
  for (const title of ['Import is late', 'Payments fail', 'Something is odd']) expect(forAcme[0]).toContain(title)
  expect(forAcme.join()).not.toContain('Search is slow')
  expect(forAcme[2]).toContain('Import is late')
  expect(forAcme[4]).toContain('Import is late')
  expect(forAcme[6]).toContain('Import is moved')
  expect(forGlobex[0]).toContain('Search is slow')
  expect(forGlobex[0]).toContain('Something is odd')
  for (const others of [forGlobex.join(), forAll.join()]) {
    expect(others).not.toMatch(/Import is|acme/i)
    expect(others).not.toContain(acme)
  }
  expect(forGlobex.join()).not.toContain('Payments fail')
  // The overall state of everybody's page says nothing of it, nor does what a viewer reads by API.
  const views = JSON.stringify([
    (await call('GET', '/api/v1/status-pages')).body,
    (await call('GET', '/api/v1/status-pages/shop/history?month=2026-03')).body,
  ])
  expect(views).not.toMatch(/Import is|acme|globex/i)
  const list = (
    await call<{ items: readonly { name: string; open: readonly { title: string }[] }[] }>(
      'GET',
      '/api/v1/status-customers?page=shop',
    )
  ).body.items
  expect(list.map((each) => [each.name, each.open.map((one) => one.title)])).toEqual([
    ['acme', ['Import is moved', 'Import is late']],
    ['globex', []],
  ])
})

test('a component of another customer, or of the page beyond its own, cannot be named', async () => {
  const refused = async (impacts: object, customer: string, page = 'shop') =>
    (
      await call('POST', `/api/v1/status-pages/${page}/posts`, {
        ...{ kind: 'incident', title: 'x', state: 'investigating', body: 'x', impacts, customer },
      })
    ).status
  expect(await refused({ search: 'major_outage' }, 'acme')).toBe(422)
  expect(await refused({ 'globex-import': 'major_outage' }, 'acme')).toBe(422)
  expect(await refused({}, 'nobody')).toBe(404)
  expect(await refused({}, 'acme', 'staff')).toBe(404)
})

const nothing = '/status/no-such-page'
test('a wrong link, one of another page and none at all are the same 404, byte for byte', async () => {
  const missing = await get(nothing)
  expect(missing.statusCode).toBe(404)
  const same = (reply: typeof missing) => {
    const headers = { ...reply.headers, 'x-request-id': '', date: '' }
    return { status: reply.statusCode, body: reply.body, headers }
  }
  const secret = acme.split('/').at(-1) ?? ''
  const ids = await house.database.many(sql<{ id: string }>`select id::text from status_customers`)
  for (const base of [
    '/status/shop/c/wrong',
    `/status/staff/c/${secret}`,
    `/status/no-such-page/c/${secret}`,
    `/status/shop/c/${secret.slice(1)}`,
    `/status/shop/c/${secret.toUpperCase()}`,
    ...['acme', 'globex', 'nobody', '%00'].map((name) => `/status/shop/c/${name}`),
    ...ids.flatMap(({ id }) => [`/status/shop%2F${id}`, `/status/shop/c/${id}`]),
  ])
    for (const path of paths)
      expect([base, path, same(await get(`${base}${path}`))]).toEqual([
        base,
        path,
        same(await get(`${nothing}${path}`)),
      ])
  const form = 'email=eve%40example.org'
  expect(same(await subscribe('/status/shop/c/wrong', form))).toEqual(same(await subscribe(nothing, form)))
  for (const { id } of ids)
    expect(same(await subscribe(`/status/shop%2F${id}`, form))).toEqual(same(await subscribe(nothing, form)))
  const api = (page: string) =>
    house.server.inject({
      method: 'POST',
      url: `/api/v1/status-pages/${page}/subscriptions`,
      payload: { email: 'eve@example.org' },
    })
  for (const { id } of ids) expect((await api(`shop%2F${id}`)).statusCode).not.toBe(202)
  expect((await house.database.many(sql`select 1 from status_subscribers`)).length).toBe(0)
})

test('under the page’s own host the link works, and links stay there', async () => {
  house.names.set('status.example.org', { txt: [], cname: ['status.shop.example'] })
  await call('POST', '/api/v1/status-pages/shop/host/check')
  const there = acme.replace('/status/shop', '')
  const reply = await get(there, { host: 'status.example.org' })
  expect(reply.body).toContain('Import for Acme')
  expect(reply.body).toContain(`href="${there}/history"`)
  expect((await get(`${there}/feed.atom`, { host: 'status.example.org' })).body).toContain(
    `https://status.example.org${there}/feed.atom`,
  )
  const wrong = await get('/c/wrong', { host: 'status.example.org' })
  expect([wrong.statusCode, wrong.body]).toEqual([404, (await get('/nothing', { host: 'status.example.org' })).body])
  const made = await call<{ url: string }>('POST', '/api/v1/status-customers/partner/link')
  expect(made.body.url).toMatch(/^https:\/\/status\.shop\.example\/status\/staff\/c\//)
  // Of a private page strangers read nothing; its customer needs no account.
  expect((await get('/status/staff')).statusCode).toBe(401)
  expect((await get(new URL(made.body.url).pathname)).body).toContain('Wiki')
  house.names.delete('status.example.org')
  await house.database.run(sql`update status_hosts set verified_at = null`)
  await house.database.run(sql`update status_revision set revision = revision + 1`)
  await house.forward(minute)
})

const confirm = async (at: number): Promise<void> => {
  const text = house.mails[at]?.email.text ?? ''
  const path = /(\/status\/confirm\/\S+)/.exec(text)?.[1] ?? ''
  expect((await house.server.inject({ method: 'POST', url: path })).statusCode).toBe(200)
}

test('who subscribes there hears what the view shows, by mail and webhook, and nobody else hears what is for it', async () => {
  house.mails.length = 0
  const asked = await subscribe(acme, 'email=ann%40acme.example')
  expect([asked.statusCode, asked.headers['cache-control']]).toEqual([202, 'private, no-store'])
  await subscribe(acme, `webhook=${encodeURIComponent(`${house.hookHost}/acme`)}`)
  await subscribe(globex, 'email=ben%40globex.example')
  await subscribe('/status/shop', 'email=cem%40example.org')
  // The same address may hear of the page and of the view.
  await subscribe('/status/shop', 'email=ann%40acme.example')
  await house.run()
  const to = () => house.mails.map((each) => each.to).sort()
  expect(to()).toEqual(['ann@acme.example', 'ann@acme.example', 'ben@globex.example', 'cem@example.org'])
  for (const at of house.mails.keys()) await confirm(at)
  const question = JSON.parse(house.hooks[0]?.body ?? '{}') as { data: { confirm: string; page: object } }
  expect(question.data.page).toEqual({ name: 'shop', title: 'Shop', url: null })
  await house.server.inject({ method: 'POST', url: new URL(question.data.confirm).pathname })
  house.mails.length = 0
  house.hooks.length = 0
  const own = await post({ title: 'Acme only', customer: 'acme', impacts: { 'acme-import': 'major_outage' } })
  await house.run()
  expect(to()).toEqual(['ann@acme.example'])
  expect(house.mails[0]?.email.text).toContain('Import for Acme: Major outage')
  expect(house.hooks.map((each) => each.path)).toEqual(['/acme'])
  house.mails.length = 0
  await call('POST', `/api/v1/status-posts/${own.id}/updates`, { state: 'resolved', body: 'It is over.' })
  await house.run()
  expect(to()).toEqual(['ann@acme.example'])
  house.mails.length = 0
  house.hooks.length = 0
  await post({ title: 'Checkout again', impacts: { checkout: 'partial_outage', search: 'major_outage' } })
  await house.run()
  expect(to()).toEqual(['ann@acme.example', 'ann@acme.example', 'ben@globex.example', 'cem@example.org'])
  // What the view does not show is in no message to it.
  const told = JSON.parse(house.hooks[0]?.body ?? '{}') as { data: { components: readonly { name: string }[] } }
  expect(told.data.components.map((each) => each.name)).toEqual(['checkout'])
  house.mails.length = 0
  await post({ title: 'Search only', impacts: { search: 'partial_outage' } })
  await house.run()
  expect(to()).toEqual(['ann@acme.example', 'ben@globex.example', 'cem@example.org'])
  for (const { email, to: who } of house.mails) {
    expect(`${email.text} ${email.html}`).not.toContain('/c/')
    if (who !== 'ann@acme.example') expect(`${email.text} ${email.html}`).not.toMatch(/acme/i)
  }
  const list = await call<{ items: readonly { customer: string | null; page: string }[] }>(
    'GET',
    '/api/v1/status-pages/shop/subscribers',
  )
  expect(list.body.items.map((each) => [each.page, each.customer])).toEqual(
    expect.arrayContaining([
      ['shop', 'acme'],
      ['shop', 'globex'],
      ['shop', null],
    ]),
  )
})

test('unsubscribing says nothing of the customer and leads to no page', async () => {
  house.mails.length = 0
  await post({ title: 'Once more', customer: 'globex', state: 'resolved', body: 'It was short.' })
  await house.run()
  const leave = /(\/status\/unsubscribe\/\S+)/.exec(house.mails[0]?.email.text ?? '')?.[1] ?? ''
  const look = await get(leave)
  const done = await house.server.inject({ method: 'POST', url: leave })
  for (const reply of [look, done]) {
    expect(reply.statusCode).toBe(200)
    expect(reply.body).not.toMatch(/globex|\/c\/|\/status\/shop/i)
  }
})

test('a new link ends the old one and what was asked by it; none lets nobody in, and who confirmed goes on hearing', async () => {
  house.mails.length = 0
  await subscribe(acme, 'email=eve%40example.org')
  await house.run()
  const before = acme
  acme = await link('acme')
  expect((await get(before)).body).toBe((await get(nothing)).body)
  expect((await get(acme)).statusCode).toBe(200)
  const path = /(\/status\/confirm\/\S+)/.exec(house.mails[0]?.email.text ?? '')?.[1] ?? ''
  expect((await house.server.inject({ method: 'POST', url: path })).statusCode).toBe(404)
  expect((await call('DELETE', '/api/v1/status-customers/acme/link')).status).toBe(204)
  expect((await call('DELETE', '/api/v1/status-customers/acme/link')).status).toBe(404)
  for (const path of paths) expect((await get(`${acme}${path}`)).body).toBe((await get(`${nothing}${path}`)).body)
  house.mails.length = 0
  await post({ title: 'Without a link', customer: 'acme', state: 'resolved', body: 'It was short.' })
  await house.run()
  expect(house.mails.map((each) => each.to)).toEqual(['ann@acme.example'])
})

test('an incident’s update for one customer is on its view and in its mailbox, once, and nowhere else', async () => {
  acme = await link('acme')
  const incident = {
    ...{ id: newId(), title: 'Queue imp-7 is stuck', severityReason: 'x' },
    ...{ services: ['importer'], teams: [], impactStartedAt: null, detectedAt: null, acknowledgedAt: null },
    severity: 'SEV2',
    status: 'active',
    ...{ mitigatedAt: null, resolvedAt: null, declaredBy: 'ana', automatic: false, readers: [] },
  } as const
  const secret = newId()
  await house.database.transaction(async (tx) => {
    await insertIncident(tx, { ...incident, kind: 'normal' })
    await tx.run(sql`update incidents set impact_statement = 'Globex and Acme cannot import.'`)
    await insertIncident(tx, { ...incident, id: secret, kind: 'security' })
  })
  // A draft for one is made of what is about this one: the statement names another.
  const row = await findIncident(house.database, incident.id)
  if (row === null) throw new Error('There is no incident.')
  const drafted = await draftUpdateOf(house.database, row, { audience: 'customer', customer: 'acme' })
  expect(drafted.text).toContain('State: We are working on it')
  expect(drafted.text).not.toMatch(/imp-7|Globex|importer/)
  expect((await draftUpdateOf(house.database, row, { audience: 'company', customer: null })).text).toContain('Globex')
  house.mails.length = 0
  const tell = async (text: string) => {
    await house.tell({ incident: incident.id, customer: 'acme', text })
    await look()
  }
  await tell('Your import waits.')
  const page = (await get(acme)).body
  expect(page).toContain('<h3>Problem with Import for Acme</h3>')
  expect(page).toContain('Your import waits.')
  expect(page).toContain('Partial outage')
  expect(page).not.toMatch(/imp-7|Globex/)
  for (const other of ['/status/shop', globex]) expect((await get(other)).body).not.toContain('Your import waits.')
  expect(house.mails.map((each) => each.to)).toEqual(['ann@acme.example'])
  const posted = house.entries.find((each) => each.type === 'incident.update-posted')
  expect(posted?.entry.data).toMatchObject({ audience: 'customer', customer: 'acme' })
  // The job that tells it may run again; the update is said once.
  const again = { incident: incident.id, update: 1, customer: 'acme' }
  await tellCustomer({ ...house.needs, database: house.database }, again)
  await house.database.run(
    sql`update incidents set status = 'resolved', resolved_at = mainstay_now() where id = ${incident.id}`,
  )
  await tell('It is there now.')
  const { items } = (
    await call<{
      items: readonly {
        name: string
        past: readonly {
          incident: string | null
          state: string
          updates: readonly { body: string; author: string }[]
        }[]
      }[]
    }>('GET', '/api/v1/status-customers?page=shop')
  ).body
  const told = items.find((each) => each.name === 'acme')?.past.find((each) => each.incident === incident.id)
  expect(told?.state).toBe('resolved')
  expect(told?.updates.map((each) => [each.body, each.author])).toEqual([
    ['It is there now.', 'ana'],
    ['Your import waits.', 'ana'],
  ])
  expect((await get(acme)).body).toContain('It is there now.')
  await expect(house.tell({ incident: secret, customer: 'acme', text: 'x' })).rejects.toThrow('told to no customer')
  await expect(house.tell({ incident: incident.id, customer: 'nobody', text: 'x' })).rejects.toThrow(
    'no customer "nobody"',
  )
})

test('declared again under the same name it is another customer, and reads nothing of the one before', async () => {
  acme = await link('acme')
  const doc = (spec: string) => `
apiVersion: mainstay.dev/v1
kind: StatusCustomer
metadata: {name: acme}
spec: ${spec}
`
  await expect(house.apply(doc('{page: staff, components: [{name: wiki}]}'))).rejects.toThrow()
  await expect(house.apply(doc('{page: shop, components: [{name: nothing}]}'))).rejects.toThrow()
  await expect(house.apply(doc('{page: shop, components: [{name: search, title: Mine}]}'))).rejects.toThrow()
  await house.remove('StatusCustomer', 'acme')
  await look()
  expect((await get(acme)).statusCode).toBe(404)
  await house.apply(doc('{page: shop, title: Acme, components: [{name: checkout}]}'))
  acme = await link('acme')
  const page =
    (await get(acme)).body + (await get(`${acme}/history`)).body + (await get(`${acme}/history?month=2026-03`)).body
  expect(page).toContain('Payments fail')
  expect(page).not.toMatch(/Import is|Acme only/)
  house.mails.length = 0
  await post({ title: 'New Acme', customer: 'acme' })
  await house.run()
  expect(house.mails).toEqual([])
})

test('while the database is away the view answers from its copy, and a wrong link is still none', async () => {
  await get(`${acme}/history?month=2026-03`)
  await house.cutDatabase()
  house.pass(2 * minute)
  const reply = await get(acme)
  expect([reply.statusCode, reply.body]).toEqual([200, expect.stringContaining('New Acme')])
  expect((await get(`${acme}/history?month=2026-03`)).body).toContain('This is a copy of')
  const [wrong, missing] = [await get('/status/shop/c/wrong'), await get(nothing)]
  expect([wrong.statusCode, wrong.body]).toEqual([404, missing.body])
})
