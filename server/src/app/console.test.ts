import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveConsole } from './console.ts'

const folder = mkdtempSync(join(tmpdir(), 'mainstay-console-'))
const script = 'export const answer = 42\n'.repeat(100)
let server: FastifyInstance
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<script nonce="{{nonce}}" src="/assets/main-abc.js"></script>')
  writeFileSync(join(folder, 'sw.js'), '// worker')
  writeFileSync(join(folder, 'assets/main-abc.js'), script)
  writeFileSync(join(folder, 'assets/main-abc.js.br'), brotliCompressSync(script))
  writeFileSync(join(folder, 'assets/main-abc.js.gz'), gzipSync(script))
  writeFileSync(join(folder, 'assets/small-abc.js'), '1')
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

test('every address is the page, with a nonce of its own; files and APIs that are not there are missing', async () => {
  const [one, two] = [await get('/'), await get('/services/checkout')]
  expect([one.statusCode, two.statusCode]).toEqual([200, 200])
  const nonce = /nonce="([^"]{20,})"/.exec(one.body)?.[1] ?? ''
  expect(one.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
  expect(two.body).not.toContain(nonce)
  for (const url of ['/assets/gone.js', '/api/v1/nothing', '/a/token'])
    expect([url, (await get(url)).statusCode]).toEqual([url, 404])
})
