// One page in several languages: chosen by name or by what the reader accepts, in mails and feeds as on the page.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hour } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { openStatusWorld, type StatusWorld } from './status.fixture.ts'

let house: StatusWorld
beforeAll(async () => {
  house = await openStatusWorld('status-languages')
  await house.apply(`
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: shop}
spec:
  title: Shop
  visibility: public
  languages: [de, en, ja]
  timeZone: Europe/Vienna
  components: [{name: kasse, title: Kasse}, {name: suche, title: Suche}]
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: plain}
spec: {visibility: public, components: [{name: web, title: Web}]}
`)
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.database.run(
    sql`truncate status_posts, status_updates, status_subscribers, status_mails, due_work cascade`,
  )
  await house.database.run(sql`update status_revision set revision = revision + 1`)
  house.mails.length = 0
  await house.moveTo('2026-03-02T09:00:00Z')
  await house.room.stop?.()
  await house.room.start?.()
})
const get = (url: string, headers: Record<string, string> = {}) => house.server.inject({ method: 'GET', url, headers })
const publish = (body: object) =>
  house.server.inject({
    method: 'POST',
    url: '/api/v1/status-pages/shop/posts',
    headers: { authorization: 'Bearer ana', 'x-mainstay-csrf': '1' },
    payload: { kind: 'incident', state: 'investigating', title: 'Kasse klemmt', body: 'Wir sehen nach.', ...body },
  })
const translated = { titles: { en: 'Checkout is stuck' }, bodies: { en: 'We are looking.' } }

test('the language is the one asked for, else the best one accepted, else the first', async () => {
  await publish(translated)
  const german = await get('/status/shop')
  expect(german.body).toContain('<html lang="de" dir="ltr">')
  expect(german.body).toContain('Aktuelle Störungen')
  expect(german.headers.vary).toBe('accept-encoding, accept-language')
  const english = await get('/status/shop', { 'accept-language': 'fr, en-GB;q=0.7' })
  expect(english.body).toContain('<html lang="en" dir="ltr">')
  expect(english.body).toContain('Checkout is stuck')
  expect(english.body).toContain('2 Mar 2026, 10:00 CET')
  const japanese = await get('/status/shop?lang=ja', { 'accept-language': 'en' })
  expect(japanese.body).toContain('<html lang="ja" dir="ltr">')
  // What nobody translated is shown as it was written, and says in which language that is.
  expect(japanese.body).toContain('<h3 lang="de">Kasse klemmt</h3>')
  expect(japanese.body).toContain('hreflang="x-default" href="https://status.shop.example/status/shop"')
  expect(japanese.body).toContain('hreflang="en" href="https://status.shop.example/status/shop?lang=en"')
  expect((await get('/status/shop?lang=xx')).body).toContain('<html lang="de"')
  expect((await get('/status/plain', { 'accept-language': 'de' })).body).toContain('<html lang="en"')
  expect((await get('/status/plain')).headers.vary).toBe('accept-encoding')
  expect((await get('/status/nowhere', { 'accept-language': 'nl' })).body).toContain('Deze pagina bestaat niet')
})

test('feeds, calendar and what the clock says follow', async () => {
  await publish(translated)
  const planned = { kind: 'maintenance', state: 'scheduled', title: 'Umbau', body: 'Kurz weg.' }
  const times = { startsAt: '2026-03-02T10:00:00Z', endsAt: '2026-03-02T11:00:00Z' }
  expect((await publish({ ...planned, ...times })).statusCode).toBe(201)
  await house.forward(hour)
  await house.run()
  await house.room.stop?.()
  await house.room.start?.()
  const atom = (await get('/status/shop/feed.atom?lang=en')).body
  expect(atom).toContain('xml:lang="en"')
  expect(atom).toContain('Investigating: Checkout is stuck')
  expect(atom).toContain('The maintenance has begun.')
  expect((await get('/status/shop/feed.rss')).body).toContain('Wird untersucht: Kasse klemmt')
  expect((await get('/status/shop')).body).toContain('Die Wartung hat begonnen.')
  expect((await get('/status/shop/maintenance.ics?lang=ja')).body).toContain('メンテナンス')
})

test('a subscriber gets question and updates in the language of the form', async () => {
  const sent = await house.server.inject({
    method: 'POST',
    url: '/status/shop/subscribe',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ email: 'ana@example.org', lang: 'en' }).toString(),
  })
  expect(sent.body).toContain('Look into your mailbox')
  await house.run()
  expect(house.mails[0]?.email.subject).toBe('Confirm: updates of Shop')
  const confirm = /https:\S+\/confirm\/\S+/.exec(house.mails[0]?.email.text ?? '')?.[0] ?? ''
  const done = await house.server.inject({ method: 'POST', url: new URL(confirm).pathname })
  expect(done.body).toContain('<h1>Subscribed</h1>')
  expect(done.body).toContain('href="/status/shop?lang=en"')
  await publish(translated)
  await house.run()
  expect(house.mails[1]?.email.subject).toBe('Investigating: Checkout is stuck')
  expect(house.mails[1]?.email.text).toContain('Unsubscribe: ')
})

test.each([
  [{ bodies: { fr: 'Nous regardons.' } }, '/bodies/fr', 'not read in'],
  [{ titles: { de: 'Noch einmal' } }, '/titles/de', 'first language'],
])('%j is refused at %s', async (extra, pointer, words) => {
  const reply = await publish(extra)
  expect([reply.statusCode, reply.body]).toEqual([422, expect.stringContaining(pointer)])
  expect(reply.body).toContain(words)
})

test('a zone there is not is refused when the page is declared', async () => {
  const declared = house.apply(`
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: lost}
spec: {timeZone: Mars/Olympus, components: [{name: web, title: Web}]}
`)
  await expect(declared).rejects.toMatchObject({
    details: { faults: [expect.objectContaining({ pointer: expect.stringContaining('timeZone') })] },
  })
})
