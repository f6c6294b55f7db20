// The picture and the colour of a page: taken by its bytes, sent as nothing that runs, there while the database is not.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { openStatusWorld, type StatusWorld } from './status.fixture.ts'

let house: StatusWorld
const declare = (color: string) =>
  house.apply(`
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: shop}
spec: {title: Shop, visibility: public, home: 'https://example.org/', color: '${color}', components: [{name: web, title: Web}]}
`)
beforeAll(async () => {
  house = await openStatusWorld('status-images')
  await declare('#ffd400')
  await house.apply(`
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: staff}
spec: {visibility: private, components: [{name: wiki, title: Wiki}]}
`)
  await house.room.start?.()
})
afterAll(() => house.close())

const headers = { authorization: 'Bearer ana', 'x-mainstay-csrf': '1' }
// One pixel.
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const put = (page: string, kind: string, data: string) =>
  house.server.inject({ method: 'PUT', url: `/api/v1/status-pages/${page}/images/${kind}`, headers, payload: { data } })
const get = (url: string, given: Record<string, string> = {}) =>
  house.server.inject({ method: 'GET', url, headers: given })

test('a logo stands on the page, leads home, and is sent as a picture and nothing else', async () => {
  const { url } = (await put('shop', 'logo', pixel)).json<{ url: string }>()
  const address = url.replace('https://status.shop.example', '')
  const page = (await get('/status/shop')).body
  expect(page).toContain(
    `<a class="home" href="https://example.org/"><img class="logo" src="${address}" alt="Shop"></a>`,
  )
  const picture = await get(address)
  expect(picture.rawPayload.toString('base64')).toBe(pixel)
  expect(picture.headers).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'public, max-age=31536000, immutable',
  })
  expect((await get('/status/shop/images/logo')).headers['cache-control']).toBe('no-cache')
  expect((await get('/status/shop/images/icon')).statusCode).toBe(404)
  expect((await get('/status/shop/images/..%2flogo')).statusCode).toBe(404)
})

test('a picture of a private page is shown to who is signed in', async () => {
  expect((await put('staff', 'icon', pixel)).statusCode).toBe(200)
  expect((await get('/status/staff/images/icon')).statusCode).toBe(401)
  const own = await get('/status/staff/images/icon', { authorization: 'Bearer ana' })
  expect([own.statusCode, own.headers['cache-control']]).toEqual([200, 'private, no-store'])
})

test.each([
  ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>').toString('base64')],
  ['no base64', '<<<<>>>>'],
  ['text', Buffer.from('logo.png'.repeat(20)).toString('base64')],
])('%s is refused with the way out', async (_what, data) => {
  const reply = await put('shop', 'logo', data)
  expect([reply.statusCode, reply.body]).toEqual([422, expect.stringContaining('PNG')])
})

test('a colour is made readable in each theme, and what changes changes the address', async () => {
  expect((await get('/status/shop')).body).toContain('href="/status/shop/brand.css?v=ffd400"')
  const css = (await get('/status/shop/brand.css')).body
  expect(css).toContain('prefers-color-scheme:dark){:root{--link:#ffd400}')
  expect(css).not.toContain(':root{--link:#ffd400}\n@media')
  await expect(declare('red;}body{display:none')).rejects.toThrow()
})

test('pictures stay while the database is away, and one that is taken away is gone', async () => {
  expect((await put('shop', 'icon', pixel)).statusCode).toBe(200)
  const gone = await house.server.inject({ method: 'DELETE', url: '/api/v1/status-pages/shop/images/icon', headers })
  expect(gone.statusCode).toBe(204)
  expect((await get('/status/shop/images/icon')).statusCode).toBe(404)
  expect(house.entries.map((each) => each.type)).toContain('status.image-changed')
  await house.cutDatabase()
  house.pass(minute)
  expect((await get('/status/shop/images/logo')).statusCode).toBe(200)
})
