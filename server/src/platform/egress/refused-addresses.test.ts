// The corpus of disguises: whatever a forbidden address is written as, no packet may leave for it.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../kernel/app-error.ts'
import { createEgress } from './egress.ts'
import type { EgressPolicy } from './policy.ts'

let listener: Server
let port = 0
let arrived = 0

beforeAll(async () => {
  // Stands where a disguised loopback address would lead, and counts who gets there.
  listener = createServer((_request, response) => response.end('reached'))
  listener.on('connection', () => {
    arrived += 1
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  port = (listener.address() as AddressInfo).port
})

afterAll(() => {
  listener.close()
  listener.closeAllConnections()
})

const nothingOwn = { ownPorts: () => [], endpoints: () => [] }
const names: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1'],
  'foo.localhost': ['127.0.0.1'],
  'loopback.example': ['127.0.0.1'],
  'loopback6.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'mapped-hex.example': ['::ffff:7f00:1'],
  'private.example': ['10.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'one-bad.example': ['93.184.215.14', '127.0.0.1'],
  'one-bad-last.example': ['93.184.215.14', '2606:2800:21f::1', 'fe80::1%eth0'],
  'zone.example': ['fe80::1%lo'],
  'rubbish.example': ['not-an-address'],
  'octal.example': ['0177.0.0.1'],
  'short.example': ['127.1'],
  'many.example': Array.from({ length: 65 }, (_, i) => `93.184.215.${i}`),
  'xn--bcher-kva.example': ['192.168.0.1'],
  'public.example': ['93.184.215.14'],
}
async function resolve(host: string): Promise<readonly string[]> {
  const answers = names[host]
  if (answers === undefined) throw new Error(`no such name: ${host}`)
  return answers
}
const policy: EgressPolicy = { connector: 'test', allow: [] }
const egress = createEgress({ policies: () => policy, guard: nothingOwn, resolve })

async function refusalOf(url: string): Promise<AppError> {
  const outcome = await egress.request({ connector: 'test', method: 'GET', url }).catch((cause: unknown) => cause)
  if (!(outcome instanceof AppError)) throw new Error(`${url} was not refused`)
  return outcome
}

const refusals = [
  'egress.address-refused',
  'egress.url-invalid',
  'egress.host-invalid',
  'egress.credentials-in-url',
  'egress.scheme-refused',
]

// Octets as people and attackers write them; all of these the URL standard reads as IPv4.
type Octets = readonly [number, number, number, number]
const number = ([a, b, c, d]: Octets): number => ((a * 256 + b) * 256 + c) * 256 + d
const fullWidth = (text: string): string =>
  [...text].map((char) => (/\d/.test(char) ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char)).join('')
const circled = (text: string): string =>
  text.replace(/\d/g, (digit) => (digit === '0' ? '⓪' : String.fromCharCode(0x2460 + Number(digit) - 1)))
const spellings: Readonly<Record<string, (octets: Octets) => string>> = {
  dotted: (o) => o.join('.'),
  'trailing dot': (o) => `${o.join('.')}.`,
  decimal: (o) => String(number(o)),
  hex: (o) => `0x${number(o).toString(16)}`,
  'upper-case hex': (o) => `0X${number(o).toString(16).toUpperCase()}`,
  octal: (o) => `0${number(o).toString(8)}`,
  'dotted hex': (o) => o.map((each) => `0x${each.toString(16)}`).join('.'),
  'dotted octal': (o) => o.map((each) => `0${each.toString(8)}`).join('.'),
  'padded octal': (o) => o.map((each) => `0000${each.toString(8)}`).join('.'),
  'two parts': ([a, ...rest]) => `${a}.${number([0, ...rest])}`,
  'three parts': ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  'mixed bases': ([a, b, c, d]) => `0x${a.toString(16)}.${b}.0${c.toString(8)}.${d}`,
  'full-width digits': (o) => fullWidth(o.join('.')),
  'circled digits': (o) => circled(o.join('.')),
  'ideographic stops': (o) => o.join('。'),
  'percent-encoded': (o) => o.join('.').replace(/\d/g, (digit) => `%3${digit}`),
  'soft hyphen': (o) => o.join('.\u00ad'),
  'IPv4-mapped': (o) => `[::ffff:${o.join('.')}]`,
  'IPv4-mapped hex': ([a, b, c, d]) => `[::FFFF:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}]`,
  'IPv4-mapped long': (o) => `[0:0:0:0:0:ffff:${o.join('.')}]`,
  'IPv4-compatible': (o) => `[::${o.join('.')}]`,
  'IPv4-translated': (o) => `[::ffff:0:${o.join('.')}]`,
  NAT64: (o) => `[64:ff9b::${o.join('.')}]`,
  'local NAT64': (o) => `[64:ff9b:1::${o.join('.')}]`,
  '6to4': ([a, b, c, d]) => `[2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::1]`,
  Teredo: ([a, b, c, d]) =>
    `[2001:0:5db8:d70e::${(0xffff ^ (a * 256 + b)).toString(16)}:${(0xffff ^ (c * 256 + d)).toString(16)}]`,
  ISATAP: ([a, b, c, d]) => `[2606:4700::5efe:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}]`,
}
const forbidden: readonly Octets[] = [
  [127, 0, 0, 1],
  [169, 254, 169, 254],
  [10, 1, 2, 3],
  [192, 168, 1, 1],
  [172, 31, 255, 254],
  [100, 64, 0, 1],
]

test.each(
  forbidden.flatMap((octets) =>
    Object.entries(spellings).map(([how, spell]) => ({ address: octets.join('.'), how, host: spell(octets) })),
  ),
)('$address as $how is refused: $host', async ({ host }) => {
  for (const scheme of ['http', 'https']) {
    const refusal = await refusalOf(`${scheme}://${host}:${port}/`)
    expect(refusals).toContain(refusal.code)
  }
  expect(arrived).toBe(0)
})

test.each([
  // The first and last address of every special IPv4 range.
  '0.0.0.0',
  '0',
  '0x0',
  '0.255.255.255',
  '10.0.0.0',
  '10.255.255.255',
  '100.64.0.0',
  '100.127.255.255',
  '100.100.100.200',
  '127.0.0.0',
  '127.255.255.255',
  '169.254.0.0',
  '169.254.255.255',
  '169.254.170.2',
  '169.254.170.23',
  '168.63.129.16',
  '172.16.0.0',
  '172.31.255.255',
  '192.0.0.0',
  '192.0.0.192',
  '192.0.0.255',
  '192.0.2.0',
  '192.0.2.255',
  '192.88.99.1',
  '192.168.0.0',
  '192.168.255.255',
  '198.18.0.0',
  '198.19.255.255',
  '198.51.100.0',
  '198.51.100.255',
  '203.0.113.0',
  '203.0.113.255',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.0',
  '255.255.255.255',
  '127.1',
  '127.0.1',
  '017700000001',
  '0x7f.1',
  // IPv6.
  '[::]',
  '[::0]',
  '[0:0:0:0:0:0:0:0]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::0.0.0.1]',
  '[::2]',
  '[100::1]',
  '[2001::1]',
  '[2001:10::1]',
  '[2001:20::1]',
  '[2001:db8::1]',
  '[2001:2::1]',
  '[2002::1]',
  '[3fff::1]',
  '[3fff:fff::1]',
  '[4000::1]',
  '[5f00::1]',
  '[fc00::1]',
  '[fd00::1]',
  '[fd00:ec2::254]',
  '[FD00:EC2::254]',
  '[fd20:ce::254]',
  '[fdff:ffff::1]',
  '[fe80::1]',
  '[FE80::A9FE:A9FE]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[ff0e::1]',
  '[64:ff9b::a9fe:a9fe]',
  '[::ffff:0:0]',
  '[fe80::1%25eth0]',
  '[fe80::1%eth0]',
  '[::1%25lo]',
  '[::1%lo]',
  '[v1.fe80]',
  '[::ffff:127.0.0.1]',
  '[::ffff:0x7f.0.0.1]',
  '[::1',
  '::1',
  '[]',
  '[127.0.0.1]',
  // Names.
  'localhost',
  'LOCALHOST',
  'LocalHost',
  'localhost.',
  'local%68ost',
  'loc\u00adalhost',
  'ｌｏｃａｌｈｏｓｔ',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'foo.localhost',
  'metadata.google.internal',
  'METADATA.google.INTERNAL',
  'metadata.google.internal.',
  'metadata',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'loopback.example',
  'loopback6.example',
  'mapped.example',
  'mapped-hex.example',
  'private.example',
  'metadata.example',
  'one-bad.example',
  'one-bad-last.example',
  'zone.example',
  'rubbish.example',
  'octal.example',
  'short.example',
  'many.example',
  'bücher.example',
  'BÜCHER.example',
  'xn--bcher-kva.example',
  'loopback.example.',
  // User info, and other ways to name one host and mean another.
  'public.example@127.0.0.1',
  'public.example:80@127.0.0.1',
  'user:secret@public.example',
  '@127.0.0.1',
  'public.example%40127.0.0.1',
  '127.0.0.1\\@public.example',
  'public.example\\@127.0.0.1',
  '127.0.0.1 ',
  ' 127.0.0.1',
  '127.0.0.1\t',
  '127.0.0.1\r\nHost: public.example',
  'public.example%0d%0aHost:127.0.0.1',
  '127.0.0.1%00.public.example',
  '127.0.0.1%2f',
  '127.0.0.1%23',
  '.',
  '..',
  '',
  '%',
  '256.256.256.256',
  '1.2.3.4.5',
  '0x100000000',
  '4294967296',
  '127.0.0.0x',
  '09.0.0.1',
  '1..1',
  'xn--',
  '[:::1]',
  '[1:2:3]',
])('the host %j is refused', async (host) => {
  const refusal = await refusalOf(`http://${host}:${port}/`)
  expect(refusals).toContain(refusal.code)
  expect(['invalid', 'forbidden']).toContain(refusal.kind)
  expect(arrived).toBe(0)
})

test.each([
  'ftp://public.example/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:11211/_stats',
  'data:text/plain,hi',
  'javascript:1',
  'ws://public.example/',
  'unix:///var/run/docker.sock',
  'dict://127.0.0.1:6379/info',
  'ldap://127.0.0.1/',
  'blob:https://public.example/1',
  'about:blank',
  'http:',
  'http://',
  '//public.example/',
  '/relative',
  '',
  'http:\\\\127.0.0.1\\',
  'http:/127.0.0.1',
  'http:127.0.0.1',
  'HTTP://127.0.0.1/',
  'hTTps://[::1]/',
  'http://public.example:0/',
  'http://public.example:65536/',
  'http://public.example:-1/',
  'http://public.example:80:80/',
  'http://public.example/\r\nX: y',
  'http://public.example/\u0000',
  'http://public.example/a b',
  `http://public.example/${'a'.repeat(8_200)}`,
  'http\n://127.0.0.1/',
  'ht\ttp://127.0.0.1/',
])('the address %j is refused', async (url) => {
  const refusal = await refusalOf(url)
  expect(refusals).toContain(refusal.code)
})

test.each([
  '93.184.215.14',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '192.0.1.1',
  '198.17.1.1',
  '198.20.0.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80e::200e',
  '2001:4860:4860::8888',
  '2600::',
  'public.example',
  'PUBLIC.example.',
])('%s is public and may be reached', async (host) => {
  expect(await egress.resolveChecked({ connector: 'test', host, port: 443, tls: true })).toHaveLength(1)
})

test.each([
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.1',
  '[::1]',
  '::1',
  '::ffff:10.0.0.1',
  'localhost',
  '１２７.０.０.１',
  'metadata',
  'one-bad.example',
  'fe80::1%eth0',
  'a/b',
  'a:1',
  'u@127.0.0.1',
  '',
])('a plain connection to %j is refused', async (host) => {
  await expect(egress.checkedSocket({ connector: 'test', host, port, tls: false })).rejects.toBeInstanceOf(AppError)
  await expect(egress.inspectCertificate({ connector: 'test', host, port })).rejects.toBeInstanceOf(AppError)
  expect(arrived).toBe(0)
})

test('the disguises are real: where loopback is allowed, they lead there', async () => {
  const open: EgressPolicy = { connector: 'test', allow: [{ cidr: '127.0.0.0/8', ports: 'any', schemes: ['http'] }] }
  const allowing = createEgress({ policies: () => open, guard: nothingOwn, resolve })
  const before = arrived
  const reached: string[] = []
  for (const [how, spell] of Object.entries(spellings)) {
    const url = `http://${spell([127, 0, 0, 1])}:${port}/`
    const reply = await allowing.request({ connector: 'test', method: 'GET', url }).catch(() => null)
    if (reply?.body.toString() === 'reached') reached.push(how)
  }
  // All but the eight that IPv6 carries to somewhere else.
  expect(reached).toEqual(Object.keys(spellings).slice(0, 20))
  expect(arrived - before).toBe(20)
})
