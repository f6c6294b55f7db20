import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveConsole } from './console.ts'
import { encodingFor, readConsoleFiles } from './console-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'mainstay-console-'))
const script = 'export const answer = 42\n'.repeat(100)
let server: FastifyInstance
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(
    join(folder, 'index.html'),
    '<head><meta name="session" content="{{session}}"><script nonce="{{nonce}}" src="/assets/main-abc.js"></script></head>',
  )
  const alerts = { pattern: '^/alerts/*$', scripts: ['/assets/alerts-abc.js'], styles: ['/assets/alerts-abc.css'] }
  writeFileSync(join(folder, 'pages.json'), JSON.stringify([alerts]))
  writeFileSync(join(folder, 'sw.js'), '// worker')
  writeFileSync(join(folder, 'assets/main-abc.js'), script)
  writeFileSync(join(folder, 'assets/main-abc.js.br'), brotliCompressSync(script))
  writeFileSync(join(folder, 'assets/main-abc.js.gz'), gzipSync(script))
  writeFileSync(join(folder, 'assets/small-abc.js'), '1')
  writeFileSync(join(folder, 'notes.xyz'), 'of no kind')
  server = fastify()
  await serveConsole(server, folder, (_request, reply) => reply.code(404).send({ missing: true }))
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const get = (url: string, encoding = 'identity') => server.inject({ url, headers: { 'accept-encoding': encoding } })

test.each([
  ['br, gzip', 'br', brotliCompressSync(script).length],
  ['gzip', 'gzip', gzipSync(script).length],
  ['identity', undefined, script.length],
])('a browser that reads %s gets the script as %s, to keep for ever', async (accepted, sent, length) => {
  const reply = await get('/assets/main-abc.js', accepted)
  expect([reply.statusCode, reply.headers['content-encoding'], reply.rawPayload.length]).toEqual([200, sent, length])
  expect(reply.headers).toMatchObject({
    ...{ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' },
    'content-type': expect.stringContaining('javascript'),
  })
})

test('what has no compressed copy is sent as it is; what has no hash in its name is asked for anew', async () => {
  const small = await get('/assets/small-abc.js', 'br')
  expect([small.statusCode, small.body, small.headers['content-encoding']]).toEqual([200, '1', undefined])
  expect((await get('/sw.js')).headers['cache-control']).toBe('no-cache')
})

test('what a browser has is not sent again; a head has no body', async () => {
  const first = await get('/assets/main-abc.js', 'br')
  const { etag, 'last-modified': modified } = first.headers
  const again = (headers: Record<string, string>) => server.inject({ url: '/assets/main-abc.js', headers })
  for (const headers of [
    { 'if-none-match': String(etag) },
    { 'if-none-match': `"other", ${etag}` },
    { 'if-modified-since': String(modified) },
  ]) {
    const reply = await again(headers)
    expect([reply.statusCode, reply.body, reply.headers.etag]).toEqual([304, '', etag])
    expect(reply.headers['cache-control']).toContain('immutable')
  }
  expect((await again({ 'if-none-match': '"other"', 'if-modified-since': String(modified) })).statusCode).toBe(200)
  const head = await server.inject({ method: 'HEAD', url: '/assets/main-abc.js' })
  expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', String(script.length)])
})

test('a file is there as it was when the server started, whatever comes of the folder', async () => {
  const file = join(folder, 'assets/small-abc.js')
  writeFileSync(file, '2')
  expect((await get('/assets/small-abc.js')).body).toBe('1')
  rmSync(file)
  expect((await get('/assets/small-abc.js')).body).toBe('1')
})

test('what does not fit into memory, or is of no known kind, comes from the disk', async () => {
  const { kept, left } = readConsoleFiles(folder, 200)
  expect(kept.map((each) => each.address)).not.toContain('/assets/main-abc.js')
  expect(left).toContain('assets/main-abc.js')
  expect(left.filter((each) => /\.(br|gz)$/.test(each))).toEqual([])
  const other = await get('/notes.xyz')
  expect([other.statusCode, other.body]).toEqual([200, 'of no kind'])
  expect(other.headers['cache-control']).toBe('no-cache')
})

test.each([
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['identity', null],
  [undefined, null],
])('of %s the form is %s', (accepted, form) => {
  expect(encodingFor(accepted, { compressed: { br: Buffer.alloc(1), gzip: Buffer.alloc(1) } })).toBe(form)
  expect(encodingFor(accepted, { compressed: {} })).toBeNull()
})

test('every address is the page, with a nonce of its own; files and APIs that are not there are missing', async () => {
  const [one, two] = [await get('/'), await get('/services/checkout')]
  expect([one.statusCode, two.statusCode]).toEqual([200, 200])
  const nonce = /nonce="([^"]{20,})"/.exec(one.body)?.[1] ?? ''
  expect(one.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
  expect(two.body).not.toContain(nonce)
  for (const url of ['/assets/gone.js', '/api/v1/nothing', '/a/token'])
    expect([url, (await get(url)).statusCode]).toEqual([url, 404])
})

test('the page knows whether a session came with the request, and nothing of it', async () => {
  expect((await get('/alerts')).body).toContain('content="none"')
  const known = await server.inject({
    url: '/alerts',
    headers: { cookie: 'theme=dark; mainstay_session=sealed-secret' },
  })
  expect(known.body).toContain('content="brought"')
  expect(known.body).not.toContain('sealed-secret')
})

test('for who is known the files of the page are named in it; for a stranger and elsewhere none are', async () => {
  const known = { cookie: 'mainstay_session=sealed' }
  const alerts = await server.inject({ url: '/alerts?status=open', headers: known })
  expect(alerts.body).toContain(
    '<link rel="modulepreload" crossorigin href="/assets/alerts-abc.js">' +
      '<link rel="preload" as="style" crossorigin href="/assets/alerts-abc.css"></head>',
  )
  expect((await get('/alerts')).body).not.toContain('preload')
  expect((await server.inject({ url: '/services', headers: known })).body).not.toContain('preload')
})
