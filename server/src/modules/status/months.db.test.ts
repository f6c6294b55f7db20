// History month by month: as far back as there is anything, and honest while the database is away.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { openStatusWorld, type StatusWorld } from './status.fixture.ts'

let house: StatusWorld
const headers = { authorization: 'Bearer ana', 'x-mainstay-csrf': '1' }
const get = (url: string, given: Record<string, string> = {}) =>
  house.server.inject({ method: 'GET', url, headers: given })
async function publish(page: string, title: string, at: string): Promise<void> {
  await house.moveTo(at)
  const reply = await house.server.inject({
    method: 'POST',
    url: `/api/v1/status-pages/${page}/posts`,
    headers,
    payload: { kind: 'incident', title, state: 'resolved', body: 'It is over.' },
  })
  expect(reply.statusCode).toBe(201)
}
beforeAll(async () => {
  house = await openStatusWorld('status-months')
  for (const [name, visibility] of [
    ['shop', 'public'],
    ['staff', 'private'],
  ])
    await house.apply(`
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: ${name}}
spec: {title: ${name}, visibility: ${visibility}, timeZone: Europe/Vienna, languages: [en, de], components: [{name: web, title: Web}]}
`)
  await publish('shop', 'Long ago', '2024-05-10T10:00:00Z')
  await publish('staff', 'Not for all', '2024-05-11T10:00:00Z')
  await publish('shop', 'New Year there, old year here', '2025-12-31T23:30:00Z')
  await publish('shop', 'In January', '2026-01-20T10:00:00Z')
  await house.moveTo('2026-06-02T09:00:00Z')
  // Pages are drawn once a minute of the process's own clock, which stands still here.
  await house.database.run(sql`update status_revision set revision = revision + 1`)
  await house.room.start?.()
})
afterAll(() => house.close())

test('from the last 90 days back to the first word, past the months with nothing', async () => {
  const now = (await get('/status/shop/history')).body
  expect(now).toContain('Nothing was published.')
  const first = /href="(\/status\/shop\/history\?month=2026-03)"/.exec(now)?.[1] ?? ''
  const march = (await get(first)).body
  expect(march).toContain('<h2>March 2026</h2>')
  expect(march).toContain('rel="prev" href="/status/shop/history?month=2026-01"')
  const january = (await get('/status/shop/history?month=2026-01')).body
  expect(january).toContain('In January')
  // The month is that of the page's zone.
  expect(january).toContain('New Year there')
  expect(january).not.toContain('rel="next"')
  expect(january).toContain('rel="prev" href="/status/shop/history?month=2024-05"')
  const may = (await get('/status/shop/history?month=2024-05&lang=de')).body
  expect(may).toContain('<h2>Mai 2024</h2>')
  expect(may).toContain('Long ago')
  expect(may).not.toContain('Not for all')
  expect(may).toContain('rel="next" href="/status/shop/history?month=2026-01&amp;lang=de"')
  expect(may).not.toContain('rel="prev"')
})

test.each(['2026-13', '..%2f', '2026-01-01', "'--", ''])('month=%s shows the last 90 days', async (month) => {
  const reply = await get(`/status/shop/history?month=${month}`)
  expect([reply.statusCode, reply.body]).toEqual([200, expect.stringContaining('month=2026-03')])
})

test('of a private page strangers read no month', async () => {
  expect((await get('/status/staff/history?month=2024-05')).statusCode).toBe(401)
  const own = await get('/status/staff/history?month=2024-05', { authorization: 'Bearer ana' })
  expect([own.statusCode, own.headers['cache-control']]).toEqual([200, 'private, no-store'])
  expect(own.body).toContain('Not for all')
})

test('the same by API', async () => {
  interface Found {
    readonly month: string
    readonly posts: readonly { readonly title: string }[]
    readonly older: string | null
    readonly newer: string | null
  }
  const found = (await get('/api/v1/status-pages/shop/history?month=2025-06', headers)).json<Found>()
  expect(found).toEqual({ month: '2025-06', posts: [], older: '2024-05', newer: '2026-01' })
  expect((await get('/api/v1/status-pages/shop/history', headers)).json<Found>().month).toBe('2026-06')
  expect((await get('/api/v1/status-pages/shop/history?month=June', headers)).statusCode).toBe(422)
})

test('while the database is away, what was read lately is shown with its age, and of the rest it is said', async () => {
  await get('/status/shop/history?month=2026-01')
  await house.cutDatabase()
  house.pass(2 * minute)
  const known = await get('/status/shop/history?month=2026-01')
  expect([known.statusCode, known.body]).toEqual([200, expect.stringContaining('This is a copy of')])
  expect(known.body).toContain('In January')
  const unknown = await get('/status/shop/history?month=2025-03')
  expect([unknown.statusCode, unknown.headers['retry-after']]).toEqual([503, '60'])
  expect(unknown.body).toContain('cannot be read at the moment')
  expect((await get('/status/shop/history')).statusCode).toBe(200)
})
