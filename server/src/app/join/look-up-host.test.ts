import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress, schemes } from '../../platform/egress/index.ts'
import { lookUpHost } from './look-up-host.ts'

const egress = createEgress({
  policies: (connector) => ({ connector, allow: [{ cidr: '127.0.0.0/8', ports: 'any', schemes }], breaker: false }),
  guard: { ownPorts: () => [], endpoints: () => [] },
})
const dns = createSocket('udp4')
const [noSuchName, failed] = [3, 2]
const [txt, cname] = [16, 5]
/** By name: records by their type, or the code of a refusal. */
const zone: Readonly<Record<string, Readonly<Record<number, Buffer>> | number>> = {
  '_mainstay.proven.example': { [txt]: Buffer.from('\u000dmainstay-page') },
  'led.example': { [cname]: Buffer.from('\u0008mainstay\u0007example\u0000') },
  '_mainstay.led.example': noSuchName,
  '_mainstay.new.example': noSuchName,
  'new.example': noSuchName,
  '_mainstay.broken.example': failed,
  'broken.example': failed,
  '_mainstay.half.example': failed,
  'half.example': {},
}

beforeAll(async () => {
  dns.on('message', (question, from) => dns.send(answerOf(question), from.port, from.address))
  dns.bind(0, '127.0.0.1')
  await once(dns, 'listening')
})
afterAll(() => dns.close())

function answerOf(question: Buffer): Buffer {
  const labels: string[] = []
  let end = 12
  for (let length = question[end] ?? 0; length !== 0; length = question[end] ?? 0) {
    labels.push(question.subarray(end + 1, end + 1 + length).toString())
    end += length + 1
  }
  const found = zone[labels.join('.')] ?? {}
  const type = question.readUInt16BE(end + 1)
  const data = typeof found === 'number' ? undefined : found[type]
  const head = Buffer.from(question.subarray(0, 12))
  head.writeUInt16BE(0x8180 | (typeof found === 'number' ? found : 0), 2)
  head.writeUInt16BE(data === undefined ? 0 : 1, 6)
  head.writeUInt32BE(0, 8)
  const record = Buffer.alloc(12)
  record.writeUInt16BE(0xc00c, 0)
  record.writeUInt16BE(type, 2)
  record.writeUInt16BE(1, 4)
  record.writeUInt32BE(60, 6)
  record.writeUInt16BE(data?.length ?? 0, 10)
  return Buffer.concat([head, question.subarray(12, end + 5), ...(data === undefined ? [] : [record, data])])
}

test.each([
  ['proven.example', { txt: ['mainstay-page'], cname: [] }],
  ['led.example', { txt: [], cname: ['mainstay.example'] }],
  // Nobody has put anything there yet: that is an answer, and not a server that is away.
  ['new.example', { txt: [], cname: [] }],
  ['half.example', { txt: [], cname: [] }],
  ['broken.example', null],
])('of %s a real name server says %j', async (host, records) => {
  expect(await lookUpHost(egress, host, `127.0.0.1:${(dns.address() as AddressInfo).port}`)).toEqual(records)
})
