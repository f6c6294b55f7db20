import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Payload } from '../../modules/intake/core/index.ts'
import { explainJson } from '../generic-json/read-json.ts'
import { hurt } from '../hurt-payload.fixture.ts'
import { parseMail } from './parse-mail.ts'
import { explainMail } from './read-mail.ts'
import { readSubject } from './subject.ts'

test.each([
  ['[FIRING:1] DiskFull db-1', 'firing', 'diskfull db-1'],
  ['[RESOLVED] DiskFull db-1', 'resolved', 'diskfull db-1'],
  ['** PROBLEM Service Alert: db-1/disk is CRITICAL **', 'firing', 'service db-1/disk'],
  ['** RECOVERY Service Alert: db-1/disk is OK **', 'resolved', 'service db-1/disk'],
  ['ALARM: "cpu-high" in EU (Ireland)', 'firing', 'cpu-high eu ireland'],
  ['OK: "cpu-high" in EU (Ireland)', 'resolved', 'cpu-high eu ireland'],
  ['Problem: Free space of /var on db-1', 'firing', 'free space of /var on db-1'],
  ['Resolved in 5m 12s: Free space of /var on db-1', 'resolved', 'free space of /var on db-1'],
  ['Monitor is DOWN: shop.example', 'firing', 'monitor shop.example'],
  ['Monitor is UP: shop.example', 'resolved', 'monitor shop.example'],
  ['Re: Fwd: Problem: backup', 'firing', 'backup'],
  ['AW: Disk of db-1', null, 'disk of db-1'],
  ['Closed beta: who takes part', null, 'beta who takes part'],
  ['PLEASE BACK UP THE SERVER', null, 'please back the server'],
  ['The licence is up for renewal', null, 'the licence for renewal'],
  ['shop.example is up', 'resolved', 'shop.example'],
  ['shop.example is DOWN!', 'firing', 'shop.example'],
  ['[OK] Disk | db-1', 'resolved', 'disk db-1'],
  ['Backup finished, all is well', null, 'backup finished all well'],
  ['Please look at the open order', null, 'please look at the open order'],
  ['', null, ''],
])('subject %s', (subject, state, topic) => {
  expect(readSubject(subject)).toMatchObject({ state, topic })
})

const mail = (headers: Record<string, string>, text = 'See https://mon.example/7 now.') =>
  Buffer.from(
    `${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${text}\r\n`,
  )
const readMail = (payload: Payload, mapping: null) => explainMail(payload, mapping, explainJson).reading
const read = async (headers: Record<string, string>, text?: string) =>
  readMail({ body: JSON.parse(JSON.stringify(await parseMail(mail(headers, text)))), headers: {} }, null)

test('a mail as an alarm, without the address it came to', async () => {
  const parsed = await parseMail(
    mail({
      From: 'Mon <Mon@Shop.example>',
      To: 'secret-token@alarms.example',
      'Delivered-To': 'secret-token@x',
      Subject: '[CRITICAL] disk',
      'Message-ID': '<1@mon>',
      'X-Host': 'db-1',
    }),
  )
  expect(parsed).toMatchObject({
    from: 'mon@shop.example',
    fromName: 'Mon',
    messageId: '1@mon',
    headers: { 'x-host': 'db-1' },
  })
  expect(JSON.stringify(parsed)).not.toContain('secret-token')
  const { signals } = readMail({ body: parsed, headers: {} }, null)
  expect(signals).toMatchObject([
    {
      ...{
        status: 'firing',
        dedupKey: 'topic:mon@shop.example disk',
        summary: '[CRITICAL] disk',
        severity: 'critical',
      },
      ...{ labels: { from: 'mon@shop.example' }, links: [{ href: 'https://mon.example/7' }] },
    },
  ])
})

test('without a state in the subject the thread is the alert; an end ends what its thread or its subject began', async () => {
  const first = await read({ Subject: 'Disk of db-1', 'Message-ID': '<1@mon>' })
  const again = await read({
    Subject: 'Re: Disk of db-1',
    'Message-ID': '<2@mon>',
    References: '<1@mon> <x@mon>',
    'In-Reply-To': '<x@mon>',
  })
  const over = await read({ Subject: 'RESOLVED: Disk of db-1', 'Message-ID': '<3@mon>', 'In-Reply-To': '<1@mon>' })
  expect(first.signals.map((each) => each.dedupKey)).toEqual(['thread:1@mon'])
  expect(again.signals.map((each) => each.dedupKey)).toEqual(['thread:1@mon'])
  expect(over.signals.map((each) => [each.status, each.dedupKey])).toEqual([
    ['resolved', 'topic: disk of db-1'],
    ['resolved', 'thread:1@mon'],
  ])
})

test('the same words of two senders are two problems', async () => {
  const keyOf = async (from: string, subject: string) =>
    (await read({ From: from, Subject: subject, 'Message-ID': `<${from}${subject.length}@mon>` })).signals[0]?.dedupKey
  const first = await keyOf('root@db-1.example', 'PROBLEM: disk is full')
  expect(await keyOf('root@db-1.example', 'RESOLVED: disk is full')).toBe(first)
  expect(await keyOf('root@db-2.example', 'RESOLVED: disk is full')).not.toBe(first)
})

test.each([
  ...['To', 'Cc', 'Bcc', 'Resent-To', 'Resent-Cc', 'Delivered-To', 'X-Delivered-To', 'Envelope-To', 'X-Envelope-To'],
  ...[
    'X-Rcpt-To',
    'Apparently-To',
    'X-Apparently-To',
    'X-Forwarded-To',
    'X-Forwarded-For',
    'X-Original-To',
    'Received',
  ],
])('the header %s is not kept: it names the address', async (name) => {
  const parsed = await parseMail(mail({ Subject: 'x', [name]: 'for secret-token@alarms.example' }))
  expect(JSON.stringify(parsed?.headers)).not.toContain('secret-token')
})

test('a mapping says what it knows; the rest is read from the mail', async () => {
  const body = await parseMail(
    mail({ Subject: 'Job nightly ended with 3', 'Message-ID': '<9@cron>', From: 'cron@db-1.example' }),
  )
  const mapping = {
    status: 'body.subject.endsWith("with 0") ? "resolved" : "firing"',
    key: 'body.from + "/" + body.subject.split(" ")[1]',
    severity: '"warning"',
    labels: '{"job": body.subject.split(" ")[1]}',
  }
  const { reading, notes } = explainMail({ body, headers: {} }, mapping, explainJson)
  expect(notes).toEqual([])
  expect(reading.unread).toEqual([])
  expect(reading.signals).toMatchObject([
    {
      ...{
        status: 'firing',
        dedupKey: 'cron@db-1.example/nightly',
        severity: 'warning',
        summary: 'Job nightly ended with 3',
      },
      labels: { from: 'cron@db-1.example', job: 'nightly' },
    },
  ])
  const keyOnly = explainMail({ body: { ...body, subject: 'RESOLVED: x' }, headers: {} }, { key: '"one"' }, explainJson)
  expect(keyOnly.reading.signals.map((each) => [each.status, each.dedupKey])).toEqual([['resolved', 'one']])
})

test.each([
  [
    'only HTML',
    'Content-Type: text/html\r\nSubject: x\r\n\r\n<style>p{}</style><p>Disk &amp; <b>db-1</b></p>',
    'Disk & db-1',
  ],
  ['an encoded subject', 'Subject: =?utf-8?B?w4RyZ2Vy?=\r\n\r\nbody', 'body'],
])('%s', async (_, raw, text) => {
  const parsed = await parseMail(Buffer.from(raw))
  expect(parsed?.text.trim()).toBe(text)
})

test('no subject and no text is unread, and what is no mail too', async () => {
  expect((await read({ From: 'a@b.example' }, '')).unread).toEqual(['The mail has neither a subject nor a text.'])
  expect(readMail({ body: 7, headers: {} }, null).unread).toEqual(['It is no mail.'])
  expect(
    await parseMail(
      Buffer.from(
        `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n'.repeat(200)}`,
      ),
    ),
  ).toSatisfy((parsed: unknown) => parsed === null || typeof parsed === 'object')
})

test.each([
  ['signs', '<'],
  ['tags that never end', '<a href='],
  ['styles that never end', '<style><script>'],
  ['comments that never end', '<!--'],
])('a mail of 2 MiB of %s is read at once: nobody can make us read it again and again', async (_name, sign) => {
  const html = sign.repeat(2_000_000 / sign.length)
  const parsed = await parseMail(mail({ Subject: 'PROBLEM: x', 'Content-Type': 'text/html' }, html))
  expect(parsed?.subject).toBe('PROBLEM: x')
  expect(parsed?.text.length).toBeLessThanOrEqual(64_000)
})

test('of a mail that has only HTML, what a person reads', async () => {
  const html = '<style>p > a {}</style><p>Disk <b>full</b> &amp; slow: 3 < 5</p><script>if (1 < 2) x()</script>'
  const parsed = await parseMail(mail({ Subject: 's', 'Content-Type': 'text/html' }, html))
  expect(parsed?.text).toBe('Disk full & slow: 3 < 5')
})

test('whatever bytes come, they are a mail or they are not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      const parsed = await parseMail(bytes)
      if (parsed !== null) expect(Array.isArray(readMail({ body: parsed, headers: {} }, null).signals)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('whatever payload is kept, trying it again reads it or says why', async () => {
  const body = await parseMail(mail({ Subject: 'PROBLEM: x', References: '<a@b>' }))
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), hurt(JSON.parse(JSON.stringify(body)))), (given) => {
      const { signals, unread } = readMail({ body: given, headers: {} }, null)
      expect(signals.length + unread.length).toBeGreaterThan(0)
    }),
    { numRuns: 300 },
  )
})

test('the same topic whatever the state, however it is repeated', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{4,9}-[0-9]{1,3}( [b-z]{5,8}q){0,3}$/), (what) => {
      expect(readSubject(`[FIRING:3] ${what}`).topic).toBe(readSubject(`RE: [RESOLVED] ${what}`).topic)
      expect(readSubject(`PROBLEM: ${what}`).topic).toBe(readSubject(`RECOVERY: ${what}`).topic)
    }),
  )
})
