// Signatures of providers against their own documented examples, and against everything that was changed.
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slackCallback } from '../../integrations/slack/slack-callback.ts'
import { telegramCallback } from '../../integrations/telegram/telegram-callback.ts'
import { signatureOf, twilioCallCallback, twilioSmsCallback } from '../../integrations/twilio/twilio-callback.ts'
import { spokenPage } from '../../integrations/twilio/twilio-speech.ts'
import { instant } from '../../kernel/instant.ts'

test('the example of the Twilio documentation is signed to the byte', () => {
  const fields = new URLSearchParams({
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  })
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  expect(signatureOf('12345', url, fields)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})

const now = instant(Date.UTC(2026, 2, 2, 3, 4))
const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'
const payload = (value: object) => `payload=${encodeURIComponent(JSON.stringify(value))}`
const pressed = payload({
  type: 'block_actions',
  user: { id: 'U0123456' },
  actions: [{ action_id: 'acknowledge', value: 'handle-of-this-message' }],
})
const slack = (body: string, options: { at?: number; secret?: string; signature?: string } = {}) => {
  const time = String(Math.floor((options.at ?? now) / 1_000))
  const mac = createHmac('sha256', options.secret ?? signingSecret)
    .update(`v0:${time}:${body}`)
    .digest('hex')
  return slackCallback.read({
    url: 'https://mainstay.example/hooks/slack',
    headers: { 'x-slack-request-timestamp': time, 'x-slack-signature': options.signature ?? `v0=${mac}` },
    body: Buffer.from(body),
    now,
    settings: { botToken: 'x', signingSecret },
  })
}

test.each([
  { what: 'as signed', intent: slack(pressed), kind: 'answer' },
  { what: 'five minutes late', intent: slack(pressed, { at: now - 300_000 }), kind: 'answer' },
  { what: 'later than that', intent: slack(pressed, { at: now - 302_000 }), kind: 'forged' },
  { what: 'from the future', intent: slack(pressed, { at: now + 302_000 }), kind: 'forged' },
  { what: 'by another secret', intent: slack(pressed, { secret: 'other' }), kind: 'forged' },
  { what: 'with a cut signature', intent: slack(pressed, { signature: 'v0=ab' }), kind: 'forged' },
  { what: 'of another button', intent: slack(payload({ actions: [{ action_id: 'open' }] })), kind: 'none' },
  { what: 'that is no JSON', intent: slack('payload=%7B'), kind: 'none' },
])('a Slack press $what: $kind', ({ intent, kind }) => {
  expect(intent.kind).toBe(kind)
})

test('a Slack press names the message and who pressed', () => {
  expect(slack(pressed)).toEqual({ kind: 'answer', handle: 'handle-of-this-message', sender: 'U0123456' })
})

const twilioRequest = (
  fields: URLSearchParams,
  token = 'right',
  url = 'https://mainstay.example/hooks/twilio-call/handle-of-this-message',
) => ({
  url,
  headers: { 'x-twilio-signature': signatureOf(token, url, fields) },
  body: Buffer.from(fields.toString()),
  now,
  settings: { accountSid: 'AC1', authToken: 'right', from: '+15005550006' },
})

test('no field of a Twilio callback can be changed, added or taken away', () => {
  fc.assert(
    fc.property(fc.constantFrom('Digits', 'To', 'New', 'url', 'token'), fc.string({ maxLength: 20 }), (what, value) => {
      const fields = new URLSearchParams({ Digits: '4', To: '+491701234567', CallSid: 'CA1' })
      const signed = twilioRequest(fields)
      const bent = new URLSearchParams(fields)
      if (what !== 'url' && what !== 'token') bent.set(what, `${value}x`)
      const request =
        what === 'url'
          ? { ...signed, url: `${signed.url}x` }
          : what === 'token'
            ? twilioRequest(fields, `${value}wrong`)
            : { ...signed, body: Buffer.from(bent.toString()) }
      expect(twilioCallCallback.read(request).kind).toBe('forged')
      expect(twilioCallCallback.read(signed)).toEqual({
        kind: 'answer',
        handle: 'handle-of-this-message',
        sender: '+491701234567',
      })
    }),
  )
})

test.each([
  { text: '4', all: false },
  { text: ' Ack ', all: false },
  { text: 'OK!', all: false },
  { text: 'ALL', all: true },
  { text: 'ack all', all: true },
  { text: '4 all', all: true },
  { text: 'what is going on?', all: null },
  { text: 'STOP', all: null },
  { text: '44', all: null },
])('a text message "$text": all=$all', ({ text, all }) => {
  const request = twilioRequest(new URLSearchParams({ From: '+491701234567', Body: text }))
  const intent = twilioSmsCallback.read(request)
  expect(intent).toEqual(
    all === null ? { kind: 'none' } : { kind: 'answer-newest', channel: 'sms', identity: '+491701234567', all },
  )
})

test('STOP is left to the provider, anything else is told how to answer', () => {
  const reply = (text: string) =>
    twilioSmsCallback.reply(twilioRequest(new URLSearchParams({ From: '+49', Body: text })), null).body
  expect(reply('STOP')).not.toContain('<Message>')
  expect(reply('hm?')).toContain('Reply 4 to acknowledge')
})

test('Telegram: without the secret token nothing is believed; /start is told its chat', () => {
  const request = (body: object, token: string | undefined) => ({
    url: 'https://mainstay.example/hooks/telegram',
    headers: { 'x-telegram-bot-api-secret-token': token },
    body: Buffer.from(JSON.stringify(body)),
    now,
    settings: { botToken: '1:right', secretToken: 'ours' },
  })
  const query = { callback_query: { id: 'q1', from: { id: 4242 }, data: 'ack:handle-of-this-message' } }
  expect(telegramCallback.read(request(query, 'ours'))).toEqual({
    kind: 'answer',
    handle: 'handle-of-this-message',
    sender: '4242',
  })
  expect(telegramCallback.read(request(query, 'theirs')).kind).toBe('forged')
  expect(telegramCallback.read(request(query, undefined)).kind).toBe('forged')
  const start = request({ message: { text: '/start', chat: { id: -77 } } }, 'ours')
  expect(telegramCallback.read(start)).toEqual({ kind: 'none' })
  expect(JSON.parse(telegramCallback.reply(start, null).body)).toMatchObject({
    method: 'sendMessage',
    chat_id: -77,
    text: expect.stringContaining('-77'),
  })
})

test('a call says the page twice and asks for 4; nothing said can break the XML', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 160 }), (short) => {
      const twiml = spokenPage({ subject: '', short, body: '' }, 'https://mainstay.example/hooks/twilio-call/h?a=1&b=2')
      expect(twiml.match(/Press 4 to acknowledge\./g)).toHaveLength(2)
      const said = twiml.replace(/<\/?(Response|Gather|Say|Pause|\?xml)\b[^<>]*>/g, '')
      expect(said).not.toMatch(/[<>]/)
      expect(said).not.toMatch(/&(?!(amp|lt|gt|quot|apos);)/)
      expect(twiml.length).toBeLessThan(4_000)
    }),
  )
  expect(spokenPage({ subject: '', short: '123456 is your code', body: '' }, null)).toContain('1, 2, 3, 4, 5, 6')
})
