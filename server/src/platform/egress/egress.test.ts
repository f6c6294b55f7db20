// Real local servers, reached because a list allows loopback for this connector and this port.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../kernel/app-error.ts'
import { createEgress, type EgressOptions, type EgressRecord, mayHaveArrived } from './egress.ts'
import type { AllowedTarget, EgressPolicy, Scheme } from './policy.ts'
import { redactUrl } from './target.ts'
import { authority, certificate, key } from './test-certificates.ts'

const open: { close: () => void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

async function listening(server: TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  return (server.address() as AddressInfo).port
}

async function http(listener: RequestListener): Promise<{ port: number; server: Server; url: string }> {
  const server = createServer(listener)
  const port = await listening(server)
  open.push({ close: () => server.closeAllConnections() })
  return { port, server, url: `http://127.0.0.1:${port}/` }
}

/** Answers every connection with these bytes, or does with it what it is told. */
async function tcp(act: (socket: import('node:net').Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    open.push({ close: () => socket.destroy() })
    act(socket)
  })
  return `http://127.0.0.1:${await listening(server)}/`
}

const loopback = (
  ports: AllowedTarget['ports'] = 'any',
  schemes: readonly Scheme[] = ['http', 'https', 'tcp', 'tls'],
): AllowedTarget => ({ cidr: '127.0.0.0/8', ports, schemes })
const guard = { ownPorts: () => [], endpoints: () => [] }
const egressWith = (options: Partial<EgressOptions> = {}, policy: Partial<EgressPolicy> = {}) =>
  createEgress({ policies: (connector) => ({ connector, allow: [loopback()], ...policy }), guard, ...options })

const get = (url: string) => ({ connector: 'test', method: 'GET', url }) as const
async function codeOf(promise: Promise<unknown>): Promise<string> {
  const cause = await promise.then(
    () => null,
    (error: unknown) => error,
  )
  return cause instanceof AppError ? cause.code : String(cause)
}
async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('a request arrives as it was given, and its reply comes back', async () => {
  const seen: unknown[] = []
  const { url, port } = await http(async (request, response) => {
    seen.push(request.method, request.url, request.headers, await textOf(request))
    response.writeHead(202, { 'x-id': '7', 'set-cookie': ['a=1', 'b=2'] }).end('noted')
  })
  const records: EgressRecord[] = []
  const egress = egressWith({ observe: (record) => records.push(record) })
  const order = {
    connector: 'test',
    method: 'POST',
    url: `${url}services/SECRET?q=1`,
    headers: { 'Content-Type': 'text/plain' },
    body: 'grüße',
  }
  const reply = await egress.request(order)
  expect(reply).toMatchObject({ status: 202, complete: true, headers: { 'x-id': '7', 'set-cookie': ['a=1', 'b=2'] } })
  expect(reply.body.toString()).toBe('noted')
  const headers = {
    host: `127.0.0.1:${port}`,
    'content-type': 'text/plain',
    'user-agent': 'Mainstay',
    connection: 'close',
    'content-length': '7',
  }
  expect(seen).toEqual(['POST', '/services/SECRET?q=1', headers, 'grüße'])
  expect(records).toEqual([
    {
      connector: 'test',
      target: `http://127.0.0.1:${port}`,
      method: 'POST',
      status: 202,
      code: null,
      durationMs: expect.any(Number),
    },
  ])
  expect(JSON.stringify(records)).not.toContain('SECRET')
  expect(egress.openConnections()).toBe(0)
})

test('the name stays in Host while the connection goes to the address that was judged', async () => {
  const { port } = await http((request, response) => response.end(request.headers.host))
  let asked = 0
  // Rebinding: public or allowed when asked first, inner ever after.
  const answers = [['127.0.0.1'], ['10.0.0.1'], ['93.184.215.14', '192.168.0.1']]
  const egress = egressWith({ resolve: async () => answers[asked++] ?? ['169.254.169.254'] })
  const reply = await egress.request(get(`http://Rebind.Example.:${port}/`))
  expect(reply.body.toString()).toBe(`rebind.example:${port}`)
  expect(asked).toBe(1)
  for (let i = 0; i < 3; i += 1)
    expect(await codeOf(egress.request(get(`http://rebind.example:${port}/`)))).toBe('egress.address-refused')
})

test('the next address of a name is tried when the first does not answer', async () => {
  const { port } = await http((_request, response) => response.end('second'))
  const egress = egressWith({ resolve: async () => ['127.9.9.9', '127.0.0.1'] })
  expect((await egress.request(get(`http://two.example:${port}/`))).body.toString()).toBe('second')
})

test.each<{
  why: string
  allow: (port: number) => AllowedTarget
  own?: boolean
  database?: string
  code: string | null
}>([
  { why: 'its network, port and scheme are listed', allow: (port) => loopback([port], ['http']), code: null },
  { why: 'another port is listed', allow: (port) => loopback([port + 1]), code: 'egress.address-refused' },
  {
    why: 'another scheme is listed',
    allow: () => loopback('any', ['https', 'tcp', 'tls']),
    code: 'egress.address-refused',
  },
  {
    why: 'another network is listed',
    allow: () => ({ ...loopback(), cidr: '10.0.0.0/8' }),
    code: 'egress.address-refused',
  },
  {
    why: 'the list is not readable',
    allow: () => ({ ...loopback(), cidr: '127.0.0.1/8' }),
    code: 'egress.address-refused',
  },
  { why: 'everything is listed', allow: () => ({ ...loopback(), cidr: '0.0.0.0/0' }), code: null },
  { why: 'it is the own port', allow: () => loopback(), own: true, code: 'egress.address-refused' },
  { why: 'it is the database', allow: () => loopback(), database: '127.0.0.1', code: 'egress.address-refused' },
  {
    why: 'it is the database by name',
    allow: () => loopback(),
    database: 'db.internal',
    code: 'egress.address-refused',
  },
  {
    why: 'it is the database behind a socket file',
    allow: () => loopback(),
    database: '/run/postgresql',
    code: 'egress.address-refused',
  },
  {
    why: 'the name of the database does not resolve',
    allow: () => loopback(),
    database: 'gone.internal',
    code: 'egress.guard-unresolved',
  },
])('a loopback target: $why → $code', async ({ allow, own, database, code }) => {
  const { port, url } = await http((_request, response) => response.end())
  const egress = egressWith(
    {
      guard: {
        ownPorts: () => (own === true ? [port] : []),
        endpoints: () => (database === undefined ? [] : [{ host: database, port }]),
      },
      resolve: async (host) => {
        if (host === 'gone.internal') throw new Error('no such name')
        return ['127.0.0.1']
      },
    },
    { allow: [allow(port)] },
  )
  const outcome = egress.request(get(url))
  if (code === null) expect((await outcome).status).toBe(200)
  else expect(await codeOf(outcome)).toBe(code)
})

test.each([
  '169.254.169.254',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '168.63.129.16',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:5db8:d70e::5601:5601]',
  '[::ffff:169.254.169.254]',
  '224.0.0.1',
  '0.0.0.0',
])('no list opens %s', async (host) => {
  const any = { ports: 'any', schemes: ['http'] } as const
  const egress = egressWith(
    {},
    {
      allow: [
        { cidr: '0.0.0.0/0', ...any },
        { cidr: '::/0', ...any },
      ],
    },
  )
  expect(await codeOf(egress.request(get(`http://${host}/`)))).toBe('egress.address-refused')
})

test('a NAT64 network on the list does not open the private addresses behind it', async () => {
  const egress = egressWith({}, { allow: [{ cidr: '64:ff9b::/96', ports: 'any', schemes: ['tcp'] }] })
  const at = (host: string) => egress.resolveChecked({ connector: 'test', host, port: 25, tls: false })
  expect(await at('64:ff9b::808:808')).toEqual(['64:ff9b::808:808'])
  expect(await codeOf(at('64:ff9b::a00:1'))).toBe('egress.address-refused')
})

test('a connector that may reach only its list does not reach the public internet', async () => {
  const egress = egressWith({}, { onlyAllowed: true })
  expect(await codeOf(egress.request(get('http://93.184.215.14/')))).toBe('egress.address-refused')
})

test.each([300, 301, 302, 303, 307, 308])('a redirect by %i is a failure, and nobody follows it', async (status) => {
  let visits = 0
  const { url } = await http((_request, response) => {
    visits += 1
    response.writeHead(status, { location: '/elsewhere' }).end()
  })
  expect(await codeOf(egressWith().request(get(url)))).toBe('egress.redirected')
  expect(visits).toBe(1)
})

test('304 is an answer, not a redirect', async () => {
  const { url } = await http((_request, response) => response.writeHead(304).end())
  expect((await egressWith().request(get(url))).status).toBe(304)
})

const quick = { headersMs: 150, totalMs: 300 }
const never = (): void => undefined

test.each<{ target: string; act: (socket: import('node:net').Socket) => void; code: string; arrived: boolean }>([
  { target: 'never answers', act: never, code: 'egress.reply-timeout', arrived: true },
  {
    target: 'drips headers',
    act: (socket) => void socket.write('HTTP/1.1 200 OK\r\nx-drip: '),
    code: 'egress.reply-timeout',
    arrived: true,
  },
  {
    target: 'resets',
    act: (socket) => socket.once('data', () => socket.resetAndDestroy()),
    code: 'egress.reset',
    arrived: true,
  },
  { target: 'hangs up', act: (socket) => socket.once('data', () => socket.end()), code: 'egress.reset', arrived: true },
  {
    target: 'speaks another protocol',
    act: (socket) => socket.once('data', () => socket.write('500 unknown command\r\n')),
    code: 'egress.reply-invalid',
    arrived: true,
  },
  {
    target: 'sends endless headers',
    act: (socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(40_000)}`),
    code: 'egress.reply-invalid',
    arrived: true,
  },
])('a target that $target: $code', async ({ act, code, arrived }) => {
  const url = await tcp(act)
  const outcome = await egressWith()
    .request({ ...get(url), timeouts: quick })
    .catch((error: unknown) => error)
  expect(outcome).toMatchObject({ code, kind: 'unavailable' })
  expect(mayHaveArrived(outcome)).toBe(arrived)
})

test('nobody listens: connect-failed, and certainly nothing arrived', async () => {
  const { url, server } = await http(never)
  server.close()
  await once(server, 'close')
  const outcome = await egressWith()
    .request(get(url))
    .catch((error: unknown) => error)
  expect(outcome).toMatchObject({ code: 'egress.connect-failed' })
  expect(mayHaveArrived(outcome)).toBe(false)
})

test('a name that never resolves ends at the deadline', async () => {
  const egress = egressWith({ resolve: () => new Promise(never) })
  expect(await codeOf(egress.request({ ...get('http://slow.example/'), timeouts: quick }))).toBe(
    'egress.connect-timeout',
  )
})

test.each<{ what: string; act: (response: ServerResponse) => void; bytes: number }>([
  { what: 'drips for ever', act: (response) => void response.write('partial'), bytes: 7 },
  { what: 'is cut off', act: (response) => void response.write('partial', () => response.destroy()), bytes: 7 },
  { what: 'is 10 MB long', act: (response) => void response.end(Buffer.alloc(10_485_760)), bytes: 65_536 },
])('a reply that $what keeps its status and says that it is not whole', async ({ act, bytes }) => {
  const { url } = await http((_request, response) => {
    response.on('error', never)
    act(response)
  })
  const reply = await egressWith().request({ ...get(url), timeouts: quick })
  expect(reply).toMatchObject({ status: 200, complete: false })
  expect(reply.body.length).toBe(bytes)
})

test.each<{ why: string; headers: Record<string, string> }>([
  { why: 'CRLF in a value', headers: { 'x-a': 'b\r\nx-injected: 1' } },
  { why: 'LF in a value', headers: { 'x-a': 'b\nc' } },
  { why: 'NUL in a value', headers: { 'x-a': '\u0000' } },
  { why: 'a character that folds to LF', headers: { 'x-a': 'b\u010ac' } },
  { why: 'CRLF in a name', headers: { 'x-a\r\nx-b': '1' } },
  { why: 'a space in a name', headers: { 'x a': '1' } },
  { why: 'no name', headers: { '': '1' } },
  { why: 'another host', headers: { Host: 'metadata.google.internal' } },
  { why: 'own framing', headers: { 'Transfer-Encoding': 'chunked' } },
  { why: 'a wrong length', headers: { 'Content-Length': '3' } },
  { why: 'an upgrade', headers: { upgrade: 'websocket' } },
  { why: 'proxy credentials', headers: { 'proxy-authorization': 'Basic x' } },
  { why: 'the same header twice', headers: { 'X-A': '1', 'x-a': '2' } },
  { why: 'too much', headers: { 'x-a': 'a'.repeat(20_000) } },
  { why: 'too many', headers: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`x-${i}`, '1'])) },
])('headers with $why are refused before anything is sent', async ({ headers }) => {
  let connections = 0
  const { url, server } = await http((_request, response) => response.end())
  server.on('connection', () => {
    connections += 1
  })
  expect(await codeOf(egressWith().request({ ...get(url), headers }))).toBe('egress.header-invalid')
  expect(connections).toBe(0)
})

test.each(['get', 'CONNECT', 'TRACE', 'GET / HTTP/1.1\r\nX: y', ''])('the method %j is refused', async (method) => {
  expect(await codeOf(egressWith().request({ connector: 'test', method, url: 'http://127.0.0.1/' }))).toBe(
    'egress.method-refused',
  )
})

test('an acknowledgement between connecting and writing stops the page', async () => {
  let requests = 0
  const { url } = await http((_request, response) => {
    requests += 1
    response.end()
  })
  const acknowledged = new AppError('conflict', 'notifications.acknowledged', 'Acknowledged meanwhile.')
  const egress = egressWith()
  const stop = egress.request({ ...get(url), beforeWrite: () => Promise.reject(acknowledged) })
  await expect(stop).rejects.toBe(acknowledged)
  const given = new AbortController()
  given.abort()
  expect(await codeOf(egress.request({ ...get(url), signal: given.signal }))).toBe('egress.cancelled')
  const stuck = egress.request({ ...get(url), timeouts: quick, beforeWrite: () => new Promise(never) })
  expect(await codeOf(stuck)).toBe('egress.connect-timeout')
  await egress.request({ ...get(url), beforeWrite: never })
  expect(requests).toBe(1)
  expect(egress.openConnections()).toBe(0)
})

test('proxies named in the environment are not used', async () => {
  let proxied = 0
  const proxy = await http((_request, response) => {
    proxied += 1
    response.end()
  })
  const { url } = await http((_request, response) => response.end('direct'))
  const names = ['http_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
  const before = names.map((name) => process.env[name])
  try {
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url
    expect((await egressWith().request(get(url))).body.toString()).toBe('direct')
  } finally {
    for (const [i, name] of names.entries()) {
      const value = before[i]
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  expect(proxied).toBe(0)
})

test('five failures open the breaker; a probe closes it; other targets do not notice', async () => {
  let [mode, visits, time] = ['fail', 0, 0]
  const { url } = await http((_request, response) => {
    visits += 1
    if (mode === 'fail') response.writeHead(503).end()
    else response.end()
  })
  const other = await http((_request, response) => response.end())
  const egress = egressWith({ now: () => time })
  for (let i = 0; i < 5; i += 1) expect((await egress.request(get(url))).status).toBe(503)
  const refused = await egress.request(get(url)).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'egress.breaker-open', kind: 'unavailable', details: { retryAfterSeconds: 5 } })
  expect(mayHaveArrived(refused)).toBe(false)
  expect((await egress.request(get(other.url))).status).toBe(200)
  time = 5_000
  expect((await egress.request(get(url))).status).toBe(503)
  expect(await codeOf(egress.request(get(url)))).toBe('egress.breaker-open')
  ;[time, mode] = [15_000, 'answer']
  expect((await egress.request(get(url))).status).toBe(200)
  expect((await egress.request(get(url))).status).toBe(200)
  expect(visits).toBe(8)
})

test("a refused address is nobody's failure: it never opens a breaker", async () => {
  const egress = egressWith()
  for (let i = 0; i < 8; i += 1)
    expect(await codeOf(egress.request(get('http://10.0.0.1/')))).toBe('egress.address-refused')
})

test('a hanging target fills its own slots only', async () => {
  const held: ServerResponse[] = []
  let most = 0
  const hanging = await http((_request, response) => {
    held.push(response)
    most = Math.max(most, held.length)
    if (held.length === 2) arrivedTwice()
  })
  let arrivedTwice = never
  const twoHang = new Promise<void>((resolve) => {
    arrivedTwice = resolve
  })
  const healthy = await http((_request, response) => response.end('fine'))
  const egress = egressWith({}, { maxConcurrent: 3, maxConcurrentPerTarget: 2 })
  const waiting = Array.from({ length: 6 }, () => egress.request(get(hanging.url)))
  await twoHang
  for (let i = 0; i < 3; i += 1) expect((await egress.request(get(healthy.url))).body.toString()).toBe('fine')
  expect(most).toBe(2)
  const late = egress.request({ ...get(hanging.url), timeouts: quick })
  expect(await codeOf(late)).toBe('egress.busy')
  const answer = setInterval(() => held.splice(0).forEach((response) => void response.end()), 5)
  await Promise.all(waiting)
  clearInterval(answer)
  expect(most).toBe(2)
  expect(egress.openConnections()).toBe(0)
})

async function https(): Promise<number> {
  const server = createTlsServer({ cert: certificate, key }, (request, response) => response.end(request.headers.host))
  open.push({ close: () => server.closeAllConnections() })
  return listening(server)
}
const hooks = async () => ['127.0.0.1']

test('TLS proves the name asked for; a private authority is trusted only where it is configured', async () => {
  const port = await https()
  const trusting = egressWith({ resolve: hooks }, { tls: { authorities: [authority] } })
  expect((await trusting.request(get(`https://hooks.example:${port}/`))).body.toString()).toBe(`hooks.example:${port}`)
  expect(await codeOf(trusting.request(get(`https://other.example:${port}/`)))).toBe('egress.tls-failed')
  expect(await codeOf(trusting.request(get(`https://127.0.0.1:${port}/`)))).toBe('egress.tls-failed')
  expect(await codeOf(egressWith({ resolve: hooks }).request(get(`https://hooks.example:${port}/`)))).toBe(
    'egress.tls-failed',
  )
})

test('a server without TLS, or one that never ends the handshake, fails as TLS or as late', async () => {
  const plain = await http((_request, response) => response.end())
  expect(await codeOf(egressWith().request(get(plain.url.replace('http:', 'https:'))))).toBe('egress.tls-failed')
  const silent = (await tcp(never)).replace('http:', 'https:')
  expect(await codeOf(egressWith().request({ ...get(silent), timeouts: quick }))).toBe('egress.connect-timeout')
  const closing = (await tcp((socket) => socket.end())).replace('http:', 'https:')
  expect(await codeOf(egressWith().request({ ...get(closing), timeouts: quick }))).toBe('egress.tls-failed')
})

test('a certificate nobody trusts can be looked at', async () => {
  const port = await https()
  const seen = await egressWith({ resolve: hooks }).inspectCertificate({
    connector: 'test',
    host: 'hooks.example',
    port,
  })
  expect(seen).toMatchObject({
    trusted: false,
    subject: 'hooks.example',
    issuer: 'Test authority',
    altNames: 'DNS:hooks.example',
  })
  expect(seen.problem).toMatch(/UNABLE_TO/)
  expect(Date.parse(seen.validTo)).toBeGreaterThan(Date.UTC(2100, 0))
  const trusting = egressWith({ resolve: hooks }, { tls: { authorities: [authority] } })
  expect(await trusting.inspectCertificate({ connector: 'test', host: 'hooks.example', port })).toMatchObject({
    trusted: true,
    problem: null,
  })
})

test('fetch gives the same rules to libraries', async () => {
  const { url } = await http(async (request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/' }).end()
    else if (request.url === '/long') response.end('a'.repeat(100))
    else if (request.url === '/none') response.writeHead(204).end()
    else
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ type: request.headers['content-type'], body: await textOf(request) }))
  })
  const fetch = egressWith().fetch('test', { maxReplyBytes: 99 })
  const reply = await fetch(url, { method: 'POST', body: new URLSearchParams({ query: 'up' }) })
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(await reply.json()).toEqual({ type: 'application/x-www-form-urlencoded;charset=UTF-8', body: 'query=up' })
  expect((await fetch(new URL('/none', url))).status).toBe(204)
  expect(await codeOf(fetch(`${url}moved`, { redirect: 'follow' }))).toBe('egress.redirected')
  expect(await codeOf(fetch(`${url}long`))).toBe('egress.reply-incomplete')
  expect(await codeOf(fetch('http://[::1]/'))).toBe('egress.address-refused')
})

test('mail goes over a checked socket', async () => {
  const mails: string[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      stream.on('data', (chunk: Buffer) => mails.push(chunk.toString()))
      stream.on('end', () => done())
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  open.push({ close: () => smtp.close(never) })
  const { port } = smtp.server.address() as AddressInfo
  const egress = egressWith({ resolve: async () => ['127.0.0.1'] })
  const transport = createTransport({
    host: 'mail.example',
    port,
    secure: false,
    ignoreTLS: true,
    getSocket: (_options, give) => {
      egress.checkedSocket({ connector: 'mail', host: 'mail.example', port, tls: false }).then(
        (connection) => give(null, { connection }),
        (cause: Error) => give(cause, false),
      )
    },
  })
  await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', subject: 'Page', text: 'Wake up' })
  expect(mails.join('')).toContain('Wake up')
})

test.each([
  ['https://hooks.slack.com/services/T0/B0/SECRET', 'https://hooks.slack.com/…'],
  ['https://user:pass@example.com:8443/?token=SECRET', 'https://example.com:8443/…'],
  ['https://example.com/', 'https://example.com/'],
  ['https://example.com/#SECRET', 'https://example.com/'],
  ['SECRET', '[not a URL]'],
  ['mailto:SECRET', '[not a URL]'],
])('%s may be logged as %s', (url, redacted) => {
  expect(redactUrl(url)).toBe(redacted)
})
