// The HTTP edge through real requests in the process: each refusal once, then the good case.
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { type Edge, openEdge } from '../../../test/edge.ts'
import { gate, openPlatform } from '../../../test/platform.ts'
import { Problem } from './problem.ts'

const isProblem = new Ajv({ strict: false }).compile(Problem)
const key = { authorization: 'Bearer key' }
const json = { ...key, 'content-type': 'application/json' }

type Reply = Awaited<ReturnType<Edge['server']['inject']>>

/** Every refusal is a whole problem with the headers of every other answer. */
function problemOf(reply: Reply): Problem {
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json\b/)
  const body: unknown = reply.json()
  expect(isProblem(body), JSON.stringify(isProblem.errors)).toBe(true)
  expectHeaders(reply)
  const problem = body as Problem
  expect(problem.status).toBe(reply.statusCode)
  expect(problem.requestId).toBe(reply.headers['x-request-id'])
  return problem
}

function expectHeaders(reply: Reply): void {
  expect(reply.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    'strict-transport-security': expect.stringContaining('max-age='),
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  })
  expect(reply.headers['content-security-policy']).not.toMatch(/unsafe-(inline|eval)/)
  expect(reply.headers['x-powered-by']).toBeUndefined()
  expect(reply.headers.server).toBeUndefined()
}

const open = async (name: string) => openEdge(await openPlatform(name))
const send = (edge: Edge, payload: string | object, headers: Record<string, string> = {}) =>
  edge.server.inject({
    method: 'POST',
    url: '/api/v1/notes',
    headers: { ...json, ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })

test('a good request: 201, the body, its version as ETag, where it is, a request id', async () => {
  const edge = await open('good')
  const reply = await send(edge, { text: 'hello' })
  expect(reply.statusCode).toBe(201)
  expect(reply.json()).toEqual({ text: 'hello', stars: 0 })
  expect(reply.headers).toMatchObject({ etag: '"v1"', location: '/api/v1/notes/1' })
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
  expectHeaders(reply)
})

test.each([
  { body: {}, errors: [{ pointer: '/text', detail: 'It is missing.' }] },
  {
    body: { text: 'x', colur: 'red' },
    errors: [{ pointer: '/colur', detail: 'There is no such field. Did you mean colour?' }],
  },
  {
    body: { text: 'x', colour: 'rad' },
    errors: [{ pointer: '/colour', detail: 'It must be one of red, blue (it is "rad").' }],
  },
  { body: { text: 'x', stars: '3' }, errors: [{ pointer: '/stars', detail: 'It must be integer (it is "3").' }] },
  { body: { text: 'x', stars: 9 }, errors: [{ pointer: '/stars', detail: 'It must be <= 5 (it is 9).' }] },
  { body: { text: 'x', at: '2026-02-30T00:00:00Z' }, errors: [{ pointer: '/at' }] },
  { body: { text: 'x', at: '+010000-01-01T00:00:00Z' }, errors: [{ pointer: '/at' }] },
  { body: { text: '', stars: -1 }, errors: [{ pointer: '/text' }, { pointer: '/stars' }] },
  { body: { text: 'x', tags: ['a', 'much too long for this'] }, errors: [{ pointer: '/tags/1' }] },
  { body: [], errors: [{ pointer: '' }] },
  { body: 'null', errors: [{ pointer: '' }] },
  { body: '"text"', errors: [{ pointer: '' }] },
  { body: '{"text":"x","share":1e400}', errors: [{ pointer: '/share' }] },
])('422 for $body, with place and way out', async ({ body, errors }) => {
  const edge = await open('faults')
  const problem = problemOf(await send(edge, body))
  expect(problem).toMatchObject({ status: 422, code: 'http.invalid', errors })
  expect(problem.errors).toHaveLength(errors.length)
  expect(edge.created).toEqual([])
})

test('parameters are text and are read as what they mean; bodies are taken as they are', async () => {
  const edge = await open('coerce')
  const get = (query: string) => edge.server.inject({ method: 'GET', url: `/api/v1/notes${query}`, headers: key })
  expect((await get('?limit=7&starred=true')).json()).toEqual({ limit: 7, starred: true })
  expect((await get('')).json()).toEqual({ limit: 5, starred: null })
  for (const query of [
    '?limit=x',
    '?limit=0',
    '?limit=11',
    '?limit=1.5',
    '?limit=1&limit=2',
    '?starred=yes',
    '?share=Infinity',
    '?share=NaN',
  ])
    expect(problemOf(await get(query)), query).toMatchObject({ status: 422, code: 'http.invalid' })
  const problem = problemOf(await get('?limt=3'))
  expect(problem.errors).toEqual([{ pointer: '?/limt', detail: 'There is no such field. Did you mean limit?' }])
})

test.each([
  { what: 'NUL in a text', body: '{"text":"a\\u0000b"}', pointer: '/text' },
  { what: 'half a surrogate pair', body: '{"text":"\\ud800"}', pointer: '/text' },
  { what: 'NUL in a name', body: '{"te\\u0000xt":"a"}', pointer: '/te\u0000xt' },
  { what: 'deep inside', body: '{"text":"a","tags":["b",{"c":"\\udfff"}]}', pointer: '/tags/1/c' },
])('$what is refused with its place, before it reaches the database', async ({ body, pointer }) => {
  const edge = await open('unstorable')
  expect(problemOf(await send(edge, body))).toMatchObject({
    status: 422,
    code: 'input.unstorable-text',
    errors: [{ pointer }],
  })
})

test('NUL in a path or a query too', async () => {
  const edge = await open('unstorable url')
  const query = await edge.server.inject({ method: 'GET', url: '/api/v1/notes?limit=%00', headers: key })
  expect(problemOf(query)).toMatchObject({ status: 422 })
  const path = await edge.server.inject({ method: 'DELETE', url: '/api/v1/notes/of/%00', headers: key })
  expect(problemOf(path)).toMatchObject({ status: 422, code: 'input.unstorable-text' })
})

test.each(['__proto__', 'constructor'])('a body that would poison prototypes by %s is refused', async (name) => {
  const edge = await open('poison')
  const reply = await send(edge, `{"text":"x","${name}":{"prototype":{"polluted":true}}}`)
  expect([400, 422]).toContain(problemOf(reply).status)
  expect('polluted' in {}).toBe(false)
})

test.each([
  { what: 'arrays', text: '['.repeat(10_000) + ']'.repeat(10_000) },
  { what: 'objects', text: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}` },
  { what: 'as much as fits', text: '['.repeat(500_000) + ']'.repeat(500_000) },
])('JSON nested without end is refused, not walked: $what', async ({ text }) => {
  const edge = await open('deep')
  for (const url of ['/api/v1/notes', '/api/v1/notes/free']) {
    const reply = await edge.server.inject({ method: 'POST', url, headers: json, payload: text })
    expect(problemOf(reply)).toMatchObject({ status: 400, code: 'http.unreadable' })
  }
  expect(edge.logged).toEqual([])
})

test.each([
  { what: 'half a document', text: '{"text":' },
  { what: 'nothing', text: '' },
  { what: 'not JSON', text: 'text=x' },
  { what: 'bytes that are no UTF-8', text: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) },
])('$what is unreadable', async ({ text }) => {
  const edge = await open('unreadable')
  const reply = await edge.server.inject({ method: 'POST', url: '/api/v1/notes', headers: json, payload: text })
  expect([400, 422]).toContain(problemOf(reply).status)
})

test('a body over 1 MiB is refused by its length', async () => {
  const edge = await open('large')
  const reply = await send(edge, { text: 'x'.repeat(1_100_000) })
  expect(problemOf(reply)).toMatchObject({ status: 413, code: 'http.too-large' })
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
  'a body of the type %s is refused: a form of another site must not pass for JSON',
  async (type) => {
    const edge = await open('type')
    const reply = await send(edge, '{"text":"x"}', { 'content-type': type })
    expect(problemOf(reply)).toMatchObject({ status: 415, code: 'http.unsupported-media-type' })
    expect(edge.created).toEqual([])
  },
)

test('half a million wrong items are answered soon and briefly', async () => {
  const edge = await open('many faults')
  const problem = problemOf(await send(edge, `{"text":"x","tags":[${'1,'.repeat(500_000)}1]}`))
  expect(problem.status).toBe(422)
  expect(problem.errors?.length).toBeLessThanOrEqual(20)
})

const id = '01890a5d-ac96-774b-bcce-b302099a8057'
const change = (edge: Edge, ifMatch?: string) =>
  edge.server.inject({
    method: 'PUT',
    url: `/api/v1/notes/${id}`,
    headers: { ...json, ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
    payload: '{"text":"new"}',
  })

test.each([
  { ifMatch: undefined, status: 428, code: 'http.version-needed' },
  { ifMatch: '"v2"', status: 412, code: 'http.version-mismatch' },
  { ifMatch: '*', status: 412, code: 'http.version-mismatch' },
  { ifMatch: 'W/"v3"', status: 412, code: 'http.version-mismatch' },
  { ifMatch: '"v99999999999"', status: 412, code: 'http.version-mismatch' },
])('an update with If-Match $ifMatch is $status', async ({ ifMatch, status, code }) => {
  const edge = await open('if-match')
  expect(problemOf(await change(edge, ifMatch))).toMatchObject({ status, code })
})

test('an update with the version that was read goes through and answers the next', async () => {
  const reply = await change(await open('if-match good'), '"v3"')
  expect([reply.statusCode, reply.headers.etag]).toEqual([200, '"v4"'])
})

test('the same Idempotency-Key and body give the same answer once more, headers and all', async () => {
  const edge = await open('replay')
  const [first, second] = [
    await send(edge, { text: 'a' }, { 'idempotency-key': 'k1' }),
    await send(edge, { text: 'a' }, { 'idempotency-key': 'k1' }),
  ]
  expect(edge.created).toEqual(['a'])
  expect([second.statusCode, second.body]).toEqual([first.statusCode, first.body])
  expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true', etag: '"v1"', location: '/api/v1/notes/1' })
  expect(first.headers['idempotency-replayed']).toBeUndefined()
})

test('another body or another operation under the same key is refused', async () => {
  const edge = await open('reuse')
  await send(edge, { text: 'a' }, { 'idempotency-key': 'k1' })
  expect(problemOf(await send(edge, { text: 'b' }, { 'idempotency-key': 'k1' }))).toMatchObject({
    status: 422,
    code: 'http.idempotency-reused',
  })
  const elsewhere = await edge.server.inject({
    method: 'POST',
    url: '/api/v1/notes/free',
    headers: { ...json, 'idempotency-key': 'k1' },
    payload: '{"text":"a"}',
  })
  expect(problemOf(elsewhere)).toMatchObject({ status: 422, code: 'http.idempotency-reused' })
})

test('keys belong to their caller', async () => {
  const edge = await open('callers')
  await send(edge, { text: 'a' }, { 'idempotency-key': 'k1' })
  const ana = await edge.server.inject({
    method: 'POST',
    url: '/api/v1/notes',
    headers: {
      'content-type': 'application/json',
      cookie: 'mainstay_session=ana',
      'x-mainstay-csrf': '1',
      'idempotency-key': 'k1',
    },
    payload: '{"text":"of ana"}',
  })
  expect(ana.statusCode).toBe(201)
  expect(edge.created).toEqual(['a', 'of ana'])
})

test('while the first is at work, the repeat is told to come back; afterwards it gets the answer', async () => {
  const edge = await open('in flight')
  const release = gate()
  edge.hold(release.opened)
  const entered = edge.entered.next()
  const first = send(edge, { text: 'a' }, { 'idempotency-key': 'k1' })
  await Promise.all([entered, Promise.race([first, entered])])
  const repeat = await send(edge, { text: 'a' }, { 'idempotency-key': 'k1' })
  expect(problemOf(repeat)).toMatchObject({ status: 409, code: 'http.idempotency-in-flight' })
  expect(Number(repeat.headers['retry-after'])).toBeGreaterThan(0)
  release.open()
  expect((await first).statusCode).toBe(201)
  expect((await send(edge, { text: 'a' }, { 'idempotency-key': 'k1' })).statusCode).toBe(201)
  expect(edge.created).toEqual(['a'])
})

test('after a refusal the key is free for a better try', async () => {
  const edge = await open('refused key')
  expect((await send(edge, { text: 'no' }, { 'idempotency-key': 'k1' })).statusCode).toBe(409)
  expect((await send(edge, { text: 'yes' }, { 'idempotency-key': 'k1' })).statusCode).toBe(201)
})

test.each(['', ' ', 'with space', 'x'.repeat(129), 'ümlaut'])('an Idempotency-Key of «%s» is refused', async (bad) => {
  const edge = await open('bad key')
  expect(problemOf(await send(edge, { text: 'a' }, { 'idempotency-key': bad }))).toMatchObject({
    status: 422,
    code: 'http.bad-idempotency-key',
  })
})

test('an answer that holds a secret is given once and kept nowhere', async () => {
  const platform = await openPlatform('secret')
  const edge = await openEdge(platform)
  const ask = () =>
    edge.server.inject({ method: 'POST', url: '/api/v1/notes/secret', headers: { ...key, 'idempotency-key': 'k1' } })
  expect((await ask()).json()).toEqual({ token: 'canary-secret' })
  expect(problemOf(await ask())).toMatchObject({ status: 409, code: 'http.secret-given' })
  expect(edge.created).toEqual(['secret'])
  const { sql } = await import('../database/queries.ts')
  expect(JSON.stringify(await platform.database.many(sql`select * from idempotency_keys`))).not.toContain('canary')
})

test('without credentials: 401 before anything is read, with the way to sign in', async () => {
  const edge = await open('anonymous')
  const ask = (payload: string, type = 'application/json') =>
    edge.server.inject({ method: 'POST', url: '/api/v1/notes', headers: { 'content-type': type }, payload })
  for (const reply of [
    await ask('{"text":"x"}'),
    await ask('{"wrong'),
    await ask('<a/>', 'text/xml'),
    await ask('x'.repeat(2_000_000)),
  ]) {
    expect(problemOf(reply)).toMatchObject({ status: 401, code: 'http.unauthenticated' })
    expect(reply.headers['www-authenticate']).toBe('Bearer')
  }
})

test.each(['Bearer wrong', 'Basic !!!', `Bearer ${'x'.repeat(5_000)}`, 'Digest x', 'Bearer'])(
  '%.20s does not sign in',
  async (authorization) => {
    const edge = await open('wrong')
    const reply = await edge.server.inject({ method: 'GET', url: '/api/v1/notes', headers: { authorization } })
    expect(problemOf(reply).status).toBe(401)
  },
)

test('a key may come as the password of basic authentication', async () => {
  const edge = await open('basic')
  const authorization = `Basic ${Buffer.from('anybody:key').toString('base64')}`
  const reply = await edge.server.inject({ method: 'GET', url: '/api/v1/notes', headers: { authorization } })
  expect(reply.statusCode).toBe(200)
})

test('a cookie alone changes nothing: the header another site cannot send must be there', async () => {
  const edge = await open('csrf')
  const ask = (headers: Record<string, string>, method: 'GET' | 'POST' = 'POST') =>
    edge.server.inject({
      method,
      url: '/api/v1/notes',
      headers: {
        cookie: 'mainstay_session=ana',
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(method === 'POST' ? { payload: '{"text":"x"}' } : {}),
    })
  expect(problemOf(await ask({}))).toMatchObject({ status: 403, code: 'http.csrf' })
  // An Authorization that signs nobody in must not switch the rule off.
  expect((await ask({ authorization: 'Bearer wrong' })).statusCode).not.toBe(201)
  expect((await ask({ 'x-mainstay-csrf': '1' })).statusCode).toBe(201)
  expect((await ask({}, 'GET')).statusCode).toBe(200)
})

test('permission: 403 with the reason; the owner decides where a team owns it', async () => {
  const edge = await open('permission')
  const ben = { cookie: 'mainstay_session=ben', 'x-mainstay-csrf': '1', 'content-type': 'application/json' }
  expect(
    problemOf(
      await edge.server.inject({ method: 'POST', url: '/api/v1/notes', headers: ben, payload: '{"text":"x"}' }),
    ),
  ).toMatchObject({ status: 403, code: 'test.role' })
  const remove = (team: string) =>
    edge.server.inject({ method: 'DELETE', url: `/api/v1/notes/of/${team}`, headers: key })
  expect(problemOf(await remove('blue'))).toMatchObject({ status: 403, code: 'test.not-yours' })
  const removed = await remove('red')
  expect([removed.statusCode, removed.body]).toEqual([204, ''])
})

test('too many from one caller: 429 with when to come back; others are not slowed', async () => {
  const edge = await openEdge(await openPlatform('limits'), { perSecond: 0.001, burst: 2 })
  const get = (headers: Record<string, string>) => edge.server.inject({ method: 'GET', url: '/api/v1/notes', headers })
  expect([(await get(key)).statusCode, (await get(key)).statusCode]).toEqual([200, 200])
  const refused = await get(key)
  expect(problemOf(refused)).toMatchObject({ status: 429, code: 'http.too-many-requests' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await get({ cookie: 'mainstay_session=ana' })).statusCode).toBe(200)
})

test('requests that make no sense use up the limit as well', async () => {
  const edge = await openEdge(await openPlatform('limits 2'), { perSecond: 0.001, burst: 3 })
  const statuses: number[] = []
  for (let count = 0; count < 5; count += 1) statuses.push((await send(edge, '{"nonsense":')).statusCode)
  expect(statuses).toEqual([400, 400, 400, 429, 429])
})

test('guessing has a limit of its own for each address', async () => {
  const edge = await open('guessing')
  const statuses: number[] = []
  for (let count = 0; count < 6; count += 1) {
    const payload = JSON.stringify({ word: `try ${count}` })
    const reply = await edge.server.inject({
      method: 'POST',
      url: '/api/v1/notes/guess',
      headers: { 'content-type': 'application/json' },
      payload,
    })
    statuses.push(reply.statusCode)
  }
  expect(statuses).toEqual([200, 200, 200, 429, 429, 429])
})

test('a fault of ours is 500 without a word of its cause; the log has it under the request id', async () => {
  const edge = await open('fault')
  const reply = await edge.server.inject({
    method: 'GET',
    url: '/api/v1/notes/broken',
    headers: { ...key, 'x-request-id': 'my-request-1' },
  })
  const problem = problemOf(reply)
  expect(problem).toMatchObject({ status: 500, code: 'http.unexpected', requestId: 'my-request-1' })
  expect(reply.body).not.toContain('canary')
  expect(edge.logged).toMatchObject([
    { level: 'error', fields: { requestId: 'my-request-1', operation: 'notes.broken' } },
  ])
})

test.each(['short', 'x'.repeat(65), 'with space in it', 'new\tline-in-it', '<script>alert'])(
  'a request id of «%.20s» is replaced by one of ours',
  async (bad) => {
    const edge = await open('request id')
    const reply = await edge.server.inject({
      method: 'GET',
      url: '/api/v1/notes',
      headers: { ...key, 'x-request-id': bad },
    })
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  },
)

test.each([
  { method: 'GET', url: '/nowhere', status: 404, code: 'http.no-such-path' },
  { method: 'GET', url: '/api/v1/notes/', status: 404, code: 'http.no-such-path' },
  { method: 'GET', url: '/api/v1/%zz', status: 400, code: 'http.unreadable' },
  { method: 'GET', url: `/api/v1/nowhere/${'x'.repeat(600)}`, status: 404, code: 'http.no-such-path' },
  { method: 'DELETE', url: `/api/v1/notes/of/${'x'.repeat(600)}`, status: 404, code: 'http.no-such-path' },
  { method: 'PATCH', url: '/api/v1/notes', status: 405, code: 'http.method-not-allowed' },
  { method: 'DELETE', url: '/api/v1/notes/free', status: 405, code: 'http.method-not-allowed' },
  { method: 'OPTIONS', url: '/nowhere', status: 404, code: 'http.no-such-path' },
] as const)('$method $url is a problem too ($status)', async ({ method, url, status, code }) => {
  const edge = await open('nowhere')
  const reply = await edge.server.inject({ method, url, headers: key })
  expect(problemOf(reply)).toMatchObject({ status, code })
  if (status === 405) expect(reply.headers.allow).toMatch(/GET|POST/)
})
