import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createClient, ProblemError } from './client.ts'

interface Heard {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server that answers as told and keeps what it heard. */
async function played(answer: (response: ServerResponse) => void) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    heard.push({ method: request.method, url: request.url, headers: request.headers, body })
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(() => resolve())))
  return { heard, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response
      .writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...headers })
      .end(JSON.stringify(body))

test('path, query, key and CSRF proof are sent as the server wants them', async () => {
  const { heard, baseUrl } = await played(json(200, { items: [], nextCursor: null }))
  const page = await createClient({ baseUrl, token: 'secret' })['resources.list']({
    params: { plural: 'a/b c' },
    query: { limit: 5, cursor: undefined },
  })
  expect(page).toEqual({ items: [], nextCursor: null })
  expect(heard[0]).toMatchObject({ method: 'GET', url: '/api/v1/resources/a%2Fb%20c?limit=5' })
  expect(heard[0]?.headers.authorization).toBe('Bearer secret')

  await createClient({ baseUrl })['resources.apply']({ body: { documents: 'kind: Team' }, idempotencyKey: 'once' })
  expect(heard[1]).toMatchObject({ method: 'POST', body: '{"documents":"kind: Team"}' })
  expect(heard[1]?.headers).toMatchObject({
    'x-mainstay-csrf': '1',
    'idempotency-key': 'once',
    'content-type': 'application/json',
  })
  expect(heard[1]?.headers.authorization).toBeUndefined()
})

test('204 is nothing', async () => {
  const { baseUrl } = await played((response) => void response.writeHead(204).end())
  expect(
    await createClient({ baseUrl })['resources.delete']({ params: { plural: 'teams', name: 'shop' } }),
  ).toBeUndefined()
})

test('a problem becomes an error with every field', async () => {
  const problem = {
    type: 'https://mainstay.dev/problems/resources.unknown',
    title: 'Not found',
    code: 'resources.unknown',
    detail: 'There is none.',
    requestId: 'r1',
    errors: [{ pointer: '/a', detail: 'no' }],
  }
  const { baseUrl } = await played(json(404, problem, { 'retry-after': '7' }))
  const error = await createClient({ baseUrl })
    ['services.read']({ params: { name: 'x' } })
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ProblemError)
  expect(error).toMatchObject({ ...problem, status: 404, message: 'There is none.', retryAfterSeconds: 7 })
})

test("a proxy's own page is a problem too", async () => {
  const { baseUrl } = await played(
    (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway'),
  )
  await expect(createClient({ baseUrl })['resources.kinds']()).rejects.toMatchObject({
    status: 502,
    code: 'http.502',
    errors: [],
  })
})

test('no answer is client.unreachable; an abort stays an abort', async () => {
  const { baseUrl } = await played(() => undefined)
  for (const close of closing.splice(0)) await close()
  await expect(createClient({ baseUrl })['resources.kinds']()).rejects.toMatchObject({
    status: 0,
    code: 'client.unreachable',
  })
  await expect(createClient({ baseUrl })['resources.kinds']({ signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  })
})

test('an empty parameter never reaches another operation', async () => {
  await expect(
    createClient({ baseUrl: 'http://127.0.0.1:9' })['services.read']({ params: { name: '' } }),
  ).rejects.toThrow('name of /api/v1/services/{name} is missing')
})
