// Alarms by mail, with a real mail client against the real port: from the address to the alert.
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listenForMails, type MailListener } from '../../integrations/mail-alerts/mail-listener.ts'
import { parseMail } from '../../integrations/mail-alerts/parse-mail.ts'
import { automation } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { AlertsPorts, Refuge } from '../alerts/index.ts'
import type { Desk } from './desk.ts'
import { type IntakeWorld, openIntakeWorld } from './intake.fixture.ts'
import type { MailPort } from './intake.ports.ts'
import { mailDoor, tokenIn } from './mail-intake.ts'
import { issueToken } from './usecases/keys.ts'

let world: IntakeWorld
let listener: MailListener
let away = false
let token = ''
const charged: string[] = []

const port: MailPort = {
  host: () => 'alarms.example',
  listen: async () => listener,
  parse: parseMail,
  charge: (remote) => {
    charged.push(remote)
    if (charged.length > 40) throw new AppError('limited', 'http.too-many-requests', 'Too many.')
  },
}
beforeAll(async () => {
  world = await openIntakeWorld('intake-mail')
  await world.declare('mails', { format: 'email', service: 'checkout' })
  await world.declare('mapped', { format: 'email', mapping: { key: '"job/" + body.from', severity: '"info"' } })
  await world.declare('json', { format: 'generic' })
  token = await world.token('mails')
  // A database that is away, as every statement would find it.
  const refuge: Partial<Refuge> = {
    isOpen: () => away,
    ready: async () => undefined,
    now: () => null,
    doubt: () => undefined,
  }
  const alerts = { ...world.desk.ports.alerts, refuge } as AlertsPorts
  const desk: Desk = { ...world.desk, ports: { ...world.desk.ports, alerts, mail: port } }
  listener = await listenForMails({ host: '127.0.0.1', port: 0, name: 'alarms.example', tls: null }, mailDoor(desk))
})
afterAll(async () => {
  await listener.stop()
  await world.close()
})
beforeEach(async () => {
  away = false
  charged.length = 0
  await world.clear()
})

const send = async (subject: string, more: object = {}): Promise<string> => {
  const transport = createTransport({ host: '127.0.0.1', port: listener.port, ignoreTLS: true })
  try {
    const sent = await transport.sendMail({
      ...{ from: 'Mon <mon@shop.example>', to: `${token}@alarms.example`, subject, text: 'See https://mon.example/7' },
      ...more,
    })
    return sent.response
  } catch (error) {
    return error instanceof Error && 'response' in error ? String(error.response) : String(error)
  } finally {
    transport.close()
  }
}
const titles = async () => (await world.alerts.alerts()).map(({ title, status }) => `${title}: ${status}`).sort()

test('a mail opens an alert and another ends it; answered after both are kept', async () => {
  expect(await send('PROBLEM: Disk of db-1 is full')).toMatch(/^250/)
  const row = await world.alerts.only()
  expect(row).toMatchObject({
    source: 'in/mails',
    service: 'checkout',
    status: 'firing',
    title: 'PROBLEM: Disk of db-1 is full',
  })
  expect(JSON.stringify(row.signal)).not.toContain(token)
  expect(await send('RESOLVED: Disk of db-1 is full')).toMatch(/^250/)
  expect(await titles()).toEqual(['PROBLEM: Disk of db-1 is full: resolved'])
})

test('a thread is one alert, also behind a plus and in capitals', async () => {
  await send('Disk of db-1', { messageId: '<1@mon>', to: `Alarms+${token.toUpperCase()}@alarms.example` })
  await send('Re: Disk of db-1', { messageId: '<2@mon>', inReplyTo: '<1@mon>', references: ['<1@mon>'] })
  await send('Another', { messageId: '<3@mon>' })
  expect(await titles()).toEqual(['Another: firing', 'Disk of db-1: firing'])
  await send('Resolved: Disk of db-1', { messageId: '<4@mon>', references: ['<1@mon>', '<2@mon>'] })
  expect((await titles()).filter((each) => each.endsWith('resolved'))).toHaveLength(1)
})

test('a mapping reads the mail, and what came last is its sample', async () => {
  const mapped = await world.token('mapped')
  await send('Nightly job', { to: `${mapped}@alarms.example` })
  expect(await world.alerts.only()).toMatchObject({ key: 'job/mon@shop.example', severity: 'info' })
  await world.flush()
  const { samples } = (await world.call({ url: '/api/v1/intake/sources/mapped' })).json()
  expect(JSON.parse(samples[0].body)).toMatchObject({ subject: 'Nightly job', from: 'mon@shop.example' })
  const preview = await world.call({
    method: 'POST',
    url: '/api/v1/intake/preview',
    body: { source: 'mapped', body: samples[0].body, mapping: { key: 'body.nope' } },
  })
  expect(preview.json().unread).toHaveLength(1)
})

test('a mail that repeats the address it came to does not show its token, in whatever case', async () => {
  const second = await world.token('mapped')
  const text = `Sent to ${token.toUpperCase()}@alarms.example and alarms+${second}@alarms.example`
  await send('PROBLEM: x', { to: [`${token}@alarms.example`, `${second}@alarms.example`], text, html: text })
  const rows = JSON.stringify(await world.alerts.alerts()).toLowerCase()
  await world.flush()
  const { samples } = (await world.call({ url: '/api/v1/intake/sources/mails' })).json()
  expect(rows).toContain('sent to [hidden]@alarms.example and alarms+[hidden]@')
  expect([rows.includes(token), rows.includes(second)]).toEqual([false, false])
  expect(JSON.stringify(samples).toLowerCase()).not.toContain(token)
  expect(JSON.stringify(samples)).not.toContain(second)
})

test('a mail that comes again is taken in once; others with the same id are not', async () => {
  const begun = { messageId: '<1@mon>', date: new Date('2026-03-02T09:00:00Z') }
  await send('PROBLEM: x', begun)
  await send('RESOLVED: x', { messageId: '<2@mon>' })
  expect(await send('PROBLEM: x', begun)).toMatch(/^250/)
  expect(await titles()).toEqual(['PROBLEM: x: resolved'])
  await send('PROBLEM: y', begun)
  expect(await titles()).toEqual(['PROBLEM: x: resolved', 'PROBLEM: y: firing'])
})

test('strangers, tokens of other formats and revoked ones are refused before the mail', async () => {
  const json = await world.token('json')
  for (const to of ['nobody@alarms.example', `${'0'.repeat(32)}@alarms.example`, `${json}@alarms.example`])
    expect(await send('x', { to })).toMatch(/^550/)
  expect(await titles()).toEqual([])
  const { token: fresh } = await issueToken(world.desk, {
    source: 'mails',
    overlapMs: 0,
    actor: automation('test'),
  })
  expect(await send('x')).toMatch(/^550/)
  token = fresh
  expect(await send('x')).toMatch(/^250/)
})

test('what cannot be read is kept, and a mail that is too long is refused', async () => {
  expect(await send('', { text: '' })).toMatch(/^250/)
  const { items } = (await world.call({ url: '/api/v1/intake/orphans' })).json()
  expect(items[0]).toMatchObject({ source: 'mails', because: 'The mail has neither a subject nor a text.' })
  expect(await send('long', { text: 'x'.repeat(3 * 1024 * 1024) })).toMatch(/^552/)
})

test('what cannot be kept now is to come again', async () => {
  away = true
  expect(await send('PROBLEM: x')).toMatch(/^451/)
  away = false
  expect(await send('PROBLEM: x')).toMatch(/^250/)
})

test('who guesses too fast waits', async () => {
  const answers = []
  for (let each = 0; each < 45; each += 1)
    answers.push((await send('x', { to: `guess${each}@alarms.example` })).slice(0, 3))
  expect(answers.slice(0, 40)).toEqual(Array.from({ length: 40 }, () => '550'))
  expect(answers.slice(-1)).toEqual(['451'])
})

test.each([
  ['a'.repeat(32), null],
  [`${'a'.repeat(32)}@x`, 'a'.repeat(32)],
  [`ops+${'A'.repeat(32)}@x.example`, 'a'.repeat(32)],
  [`${'a'.repeat(31)}@x`, null],
  ['@x', null],
  [`x+y+${'0'.repeat(32)}@x`, '0'.repeat(32)],
])('the token of %s', (address, expected) => {
  expect(tokenIn(address)).toBe(expected)
})
