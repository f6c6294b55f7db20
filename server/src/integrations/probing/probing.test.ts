// Every kind of probe against a real small server of its kind.
import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { day } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { type AskedCheck, judgeCheck } from '../../modules/telemetry/core/index.ts'
import { createEgress, schemes } from '../../platform/egress/index.ts'
import { authority, certificate, key } from '../../platform/egress/test-certificates.ts'
import { createObserver } from './observe.ts'

const open: { close(): unknown }[] = []
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
const now = instant(Date.UTC(2026, 10, 21))
let allowed = true
const egress = createEgress({
  policies: (connector) => ({
    connector,
    allow: allowed ? [{ cidr: '127.0.0.0/8', ports: 'any', schemes }] : [],
    breaker: false,
    tls: { authorities: [authority] },
  }),
  guard: { ownPorts: () => [], endpoints: () => [] },
  resolve: async () => ['127.0.0.1'],
})
const observe = createObserver(egress)
const ask = async (check: AskedCheck) => judgeCheck(check, await observe(check), now)
const every = { timeoutMs: 2_000, withinMs: null }

let web: number
let tcp: number
let tls: number
let dns: DatagramSocket
let grpc: Server
let grpcPort: number

beforeAll(async () => {
  const http = createServer((request, response) => {
    const { url = '/' } = request
    if (url.startsWith('/to/')) response.writeHead(302, { location: url.slice(3) }).end()
    else if (url.startsWith('/away/')) response.writeHead(302, { location: url.slice('/away/'.length) }).end()
    else if (url === '/loop') response.writeHead(307, { location: '/loop' }).end()
    else if (url === '/silent') return
    else
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-who': request.headers.authorization ?? 'nobody' })
        .end(`{"status":"UP","method":"${request.method}"}`)
  }).listen(0, '127.0.0.1')
  const banner = createTcp((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 mail.example ESMTP\r\n')
  }).listen(0, '127.0.0.1')
  const secured = createTls({ cert: certificate, key }, (socket) => socket.end()).listen(0, '127.0.0.1')
  secured.on('tlsClientError', () => undefined)
  await Promise.all([http, banner, secured].map((server) => once(server, 'listening')))
  open.push(http, { close: () => http.closeAllConnections() }, banner, secured)
  ;[web, tcp, tls] = [portOf(http), portOf(banner), portOf(secured)]
  dns = createSocket('udp4').bind(0, '127.0.0.1')
  dns.on('message', (question, from) => dns.send(answerOf(question), from.port, from.address))
  await once(dns, 'listening')
  open.push(dns)
  grpc = new Server()
  const bytes = {
    requestSerialize: (b: Buffer) => b,
    requestDeserialize: (b: Buffer) => b,
    responseSerialize: (b: Buffer) => b,
    responseDeserialize: (b: Buffer) => b,
  }
  grpc.addService(
    { check: { path: '/grpc.health.v1.Health/Check', requestStream: false, responseStream: false, ...bytes } },
    {
      check: (call: { request: Buffer }, reply: (error: object | null, value?: Buffer) => void) => {
        const service = call.request.subarray(2).toString()
        if (service === 'stranger') reply({ code: 5, details: 'unknown service' })
        else reply(null, Buffer.from([8, service === 'cart' ? 2 : 1]))
      },
    },
  )
  grpcPort = await new Promise<number>((resolve, reject) =>
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  )
})
afterAll(async () => {
  for (const each of open) each.close()
  grpc.forceShutdown()
})

/** One A record, 192.0.2.7, for what begins with `shop`; NXDOMAIN for the rest. */
function answerOf(question: Buffer): Buffer {
  const known = question.subarray(13, 17).toString() === 'shop'
  const head = Buffer.from(question.subarray(0, 12))
  head.writeUInt16BE(known ? 0x8180 : 0x8183, 2)
  head.writeUInt16BE(known ? 1 : 0, 6)
  head.writeUInt32BE(0, 8)
  let end = 12
  while ((question[end] ?? 0) !== 0) end += (question[end] ?? 0) + 1
  const asked = question.subarray(12, end + 5)
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7])
  return Buffer.concat([head, asked, ...(known ? [record] : [])])
}

const http = (path: string, more: Partial<Extract<AskedCheck, { kind: 'http' }>> = {}): AskedCheck => ({
  kind: 'http',
  ...every,
  method: 'GET',
  url: `http://127.0.0.1:${web}${path}`,
  headers: {},
  body: null,
  statuses: [],
  bodyContains: null,
  bodyMatches: null,
  expectHeaders: {},
  redirects: 0,
  ...more,
})

test.each<[string, () => AskedCheck, boolean, string]>([
  ['a plain answer', () => http('/'), true, 'Answered 200.'],
  ['a redirect that is the answer', () => http('/to/'), true, 'Answered 302.'],
  ['redirects that are followed', () => http('/to/to/', { redirects: 2, statuses: [200] }), true, 'Answered 200.'],
  ['redirects without an end', () => http('/loop', { redirects: 3 }), false, 'Redirected more than 3 times.'],
  ['an expression', () => http('/', { bodyMatches: '"status":\\s*"UP"' }), true, 'Answered 200.'],
  ['another expression', () => http('/', { bodyMatches: 'DOWN' }), false, 'The body does not match the expression.'],
  ['a header', () => http('/', { expectHeaders: { 'Content-Type': 'json' } }), true, 'Answered 200.'],
  ['another header', () => http('/', { expectHeaders: { 'X-Who': 'ana' } }), false, 'The header X-Who is not ana.'],
  ['no answer in time', () => http('/silent', { timeoutMs: 150 }), false, 'No answer within 150ms.'],
  ['nobody there', () => http('', { url: 'http://127.0.0.1:1/' }), false, 'does not accept connections'],
  [
    'a port',
    () => ({ kind: 'tcp', ...every, host: '127.0.0.1', port: tcp, tls: false, send: null, expect: null }),
    true,
    'Connected.',
  ],
  [
    'a banner',
    () => ({ kind: 'tcp', ...every, host: '127.0.0.1', port: tcp, tls: false, send: null, expect: '220 ' }),
    true,
    'Connected.',
  ],
  [
    'another banner',
    () => ({
      kind: 'tcp',
      ...every,
      timeoutMs: 200,
      host: '127.0.0.1',
      port: tcp,
      tls: false,
      send: 'QUIT\r\n',
      expect: 'SSH',
    }),
    false,
    'the expected words did not come',
  ],
  [
    'a name',
    () => ({
      kind: 'dns',
      ...every,
      name: 'shop.example',
      type: 'A',
      server: `127.0.0.1:${portOf(dns)}`,
      answers: ['192.0.2.7'],
    }),
    true,
    '1 A records.',
  ],
  [
    'a name that leads elsewhere',
    () => ({
      kind: 'dns',
      ...every,
      name: 'shop.example',
      type: 'A',
      server: `127.0.0.1:${portOf(dns)}`,
      answers: ['192.0.2.8'],
    }),
    false,
    '192.0.2.8 is not among the answers.',
  ],
  [
    'no such name',
    () => ({
      kind: 'dns',
      ...every,
      name: 'nobody.example',
      type: 'A',
      server: `127.0.0.1:${portOf(dns)}`,
      answers: [],
    }),
    false,
    'There is no name nobody.example.',
  ],
  [
    'a certificate',
    () => ({ kind: 'tls', ...every, host: 'hooks.example', port: tls, expiresBeforeMs: 14 * day }),
    true,
    'The certificate ends in ',
  ],
  [
    'a certificate that ends soon',
    () => ({ kind: 'tls', ...every, host: 'hooks.example', port: tls, expiresBeforeMs: 40_000 * day }),
    false,
    'The certificate ends in ',
  ],
  [
    'a certificate of somebody else',
    () => ({ kind: 'tls', ...every, host: 'other.example', port: tls, expiresBeforeMs: 14 * day }),
    false,
    'The certificate is not trusted',
  ],
  [
    'a gRPC server',
    () => ({ kind: 'grpc', ...every, host: '127.0.0.1', port: grpcPort, tls: false, service: '' }),
    true,
    'It says SERVING.',
  ],
  [
    'a gRPC service that is down',
    () => ({ kind: 'grpc', ...every, host: '127.0.0.1', port: grpcPort, tls: false, service: 'cart' }),
    false,
    'It says NOT_SERVING.',
  ],
  [
    'a gRPC service nobody knows',
    () => ({ kind: 'grpc', ...every, host: '127.0.0.1', port: grpcPort, tls: false, service: 'stranger' }),
    false,
    'The service stranger is not known.',
  ],
  [
    'gRPC where there is none',
    () => ({ kind: 'grpc', ...every, timeoutMs: 500, host: '127.0.0.1', port: tcp, tls: false, service: '' }),
    false,
    '',
  ],
])('%s', async (_what, check, good, reason) => {
  const verdict = await ask(check())
  expect([verdict.good, verdict.reason]).toEqual([good, expect.stringContaining(reason)])
})

test('credentials stay with their origin', async () => {
  const other = createServer((request, response) => {
    response.writeHead(200, { 'x-who': request.headers.authorization ?? 'nobody' }).end()
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  open.push(other)
  const headers = { Authorization: 'Bearer canary' }
  const seen = await observe(http(`/away/http://127.0.0.1:${portOf(other)}/`, { headers, redirects: 1 }))
  expect(seen).toMatchObject({ what: 'http', status: 200, headers: { 'x-who': 'nobody' } })
})

test('a probe reaches nothing that is not allowed', async () => {
  allowed = false
  const verdicts = await Promise.all(
    [
      http('/'),
      { kind: 'tcp', ...every, host: '127.0.0.1', port: tcp, tls: false, send: null, expect: null } as const,
    ].map(ask),
  )
  allowed = true
  for (const verdict of verdicts) expect(verdict.reason).toContain('does not allow it')
})
