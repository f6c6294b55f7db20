// A page under a host name of its own: nothing before its DNS says so, nothing but the page then, whatever the header holds.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { day } from '../../kernel/duration.ts'
import { openStatusWorld, type StatusWorld } from './status.fixture.ts'

let house: StatusWorld
const page = (name: string, extra: string) => `
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: ${name}}
spec: {title: ${name}, ${extra}, components: [{name: web, title: Web}]}
`
beforeAll(async () => {
  house = await openStatusWorld('status-hosts')
  await house.apply(page('shop', "visibility: public, host: status.example.org, languages: [en, de], color: '#c2185b'"))
  await house.apply(page('other', 'visibility: public'))
  await house.room.start?.()
})
afterAll(() => house.close())

const get = (url: string, host = 'status.example.org', more: Record<string, string> = {}) =>
  house.server.inject({ method: 'GET', url, headers: { host, ...more } })
const headers = { authorization: 'Bearer ana', 'x-mainstay-csrf': '1' }
interface Host {
  readonly answers: boolean
  readonly because: string | null
  readonly record: { readonly name: string; readonly value: string }
}
const look = async (): Promise<Host> =>
  (await house.server.inject({ method: 'POST', url: '/api/v1/status-pages/shop/host/check', headers })).json<Host>()
const ask = async (domain: string) =>
  (await get(`/status/-/ask?domain=${encodeURIComponent(domain)}`, '127.0.0.1')).statusCode

test('a name answers nothing until its DNS says that it is for the page', async () => {
  expect((await get('/')).statusCode).toBe(404)
  expect(await ask('status.example.org')).toBe(404)
  expect(await look()).toMatchObject({ answers: false, because: 'Its name servers did not answer.' })
  house.names.set('status.example.org', { txt: ['mainstay-page=guessed'], cname: ['evil.example'] })
  const found = await look()
  expect(found).toMatchObject({ answers: false, record: { name: '_mainstay.status.example.org' } })
  house.names.set('status.example.org', { txt: [found.record.value], cname: [] })
  expect(await look()).toMatchObject({ answers: true, because: null })
  expect(house.entries.at(-1)?.type).toBe('status.host-changed')
  expect(await ask('status.example.org')).toBe(200)
  expect(await ask('STATUS.example.org.')).toBe(200)
  expect(await ask('other.example.org')).toBe(404)
})

test('of two pages that claim one name at the same moment one gets it', async () => {
  const claims = ['first', 'second'].map((name) =>
    house.apply(page(name, 'visibility: public, host: both.example.org')),
  )
  const ends = await Promise.allSettled(claims)
  expect(ends.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('the page, its feeds and links stand under the name, in every language', async () => {
  const body = (await get('/')).body
  expect(body).toContain('<link rel="canonical" href="https://status.example.org/">')
  expect(body).toContain('hreflang="de" href="https://status.example.org/?lang=de"')
  expect(body).toContain('action="/subscribe"')
  expect(body).toContain('href="/history"')
  expect((await get('/?lang=de')).body).toContain('<html lang="de"')
  for (const path of [
    '/history',
    '/subscribe',
    '/feed.atom',
    '/feed.rss',
    '/maintenance.ics',
    '/brand.css',
    '/status/page.css',
  ])
    expect([path, (await get(path)).statusCode]).toEqual([path, 200])
  expect((await get('/feed.atom')).body).toContain('href="https://status.example.org/feed.atom"')
  // The installation's own address shows the same page, and says where it lives.
  const old = (await get('/status/shop', 'mainstay.example.net')).body
  expect(old).toContain('<link rel="canonical" href="https://status.example.org/">')
  expect(old).toContain('href="/status/shop/history"')
})

test.each(['/status/other', '/api/v1/status-pages', '/login', '/metrics', '//evil.example', '/%2e%2e/api/v1/session'])(
  'under the name %s is nothing',
  async (path) => {
    const reply = await get(path, 'status.example.org', headers)
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  },
)

test.each([
  'evil.example',
  'status.example.org.evil.example',
  'status.example.org@evil.example',
  'status.example.org, evil.example',
  'xstatus.example.org',
  '"><script>',
])('the header Host: %s shows no page and is repeated nowhere', async (host) => {
  const reply = await get('/', host)
  expect(reply.statusCode).toBe(404)
  expect(reply.body).not.toContain(host)
  expect((await get('/status/shop', host)).body).not.toContain('evil.example')
})

test('mails and their links use the name', async () => {
  const sent = await house.server.inject({
    method: 'POST',
    url: '/subscribe',
    headers: { host: 'status.example.org', 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'email=ana%40example.org',
  })
  expect([sent.statusCode, sent.body]).toEqual([202, expect.stringContaining('<a href="/">')])
  await house.run()
  const confirm =
    /https:\/\/status\.example\.org(\/status\/confirm\/\S+)/.exec(house.mails[0]?.email.text ?? '')?.[1] ?? ''
  const done = await house.server.inject({ method: 'POST', url: confirm, headers: { host: 'status.example.org' } })
  expect(done.statusCode).toBe(200)
})

test('a name is one page’s, and only public pages have one', async () => {
  await expect(house.apply(page('third', 'visibility: public, host: status.example.org'))).rejects.toThrow()
  await expect(house.apply(page('third', 'visibility: private, host: third.example.org'))).rejects.toThrow()
  await expect(house.apply(page('third', 'visibility: public, host: "third.example.org/x"'))).rejects.toThrow()
})

test('a record that goes takes the page away after three days, another name at once', async () => {
  house.names.set('status.example.org', { txt: [], cname: [] })
  expect(await look()).toMatchObject({ answers: true, because: expect.stringContaining('Neither') })
  await house.forward(3 * day)
  expect(await look()).toMatchObject({ answers: false })
  expect((await get('/')).statusCode).toBe(404)
  await house.apply(page('shop', 'visibility: public'))
  const gone = await house.server.inject({ method: 'POST', url: '/api/v1/status-pages/shop/host/check', headers })
  expect(gone.statusCode).toBe(404)
})
