import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { delayBefore, judgeDelivery, pageDelaysMs, readRetryAfter, webhookDelaysMs } from './delivery-schedule.ts'
import {
  generateWebhookSecret,
  isWebhookSecret,
  signWebhook,
  verifyWebhook,
  webhookToleranceMs,
} from './webhook-signature.ts'

// The example of the Standard Webhooks and Svix documentation.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: instant(1_614_265_330_000), body: '{"test": 2432232314}' }
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

test('the documented example is signed to the byte', () => {
  expect(signWebhook({ ...example, secrets: [secret] })).toEqual({
    'webhook-id': example.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  })
})

const idOf = fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), minLength: 1, maxLength: 30 })
const keyOf = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`)
const bodyOf = fc.string({ unit: 'grapheme', maxLength: 200 })

test('the reference package makes the same signatures, and accepts ours', () => {
  fc.assert(
    fc.property(idOf, keyOf, keyOf, bodyOf, fc.nat(290), (id, current, former, body, age) => {
      const at = instant(Date.now() - age * 1_000)
      const headers = signWebhook({ id, at, body, secrets: [current, former] })
      expect(headers['webhook-signature']).toBe(
        [current, former].map((each) => new Webhook(each).sign(id, new Date(at), body)).join(' '),
      )
      // A receiver that has not rotated yet, and one that has.
      for (const each of [current, former])
        expect(() => new Webhook(each).verify(body, { ...headers }, { jsonParse: false })).not.toThrow()
      const seconds = instant(Math.floor(at / 1_000) * 1_000)
      for (const each of [current, former])
        expect(verifyWebhook({ headers: { ...headers }, body, secrets: [each], now: at })).toEqual({
          genuine: true,
          id,
          at: seconds,
        })
    }),
  )
})

test('nothing that was changed, cut or moved between the parts is accepted', () => {
  const flip = (text: string, at: number) => {
    const place = at % text.length
    return `${text.slice(0, place)}${text[place] === 'A' ? 'B' : 'A'}${text.slice(place + 1)}`
  }
  fc.assert(
    fc.property(
      idOf,
      keyOf,
      keyOf,
      bodyOf,
      fc.nat(),
      fc.constantFrom('id', 'time', 'body', 'signature', 'secret', 'cut', 'shift'),
      (id, key, other, body, place, what) => {
        fc.pre(key !== other)
        const at = instant(1_700_000_000_000)
        const signed = signWebhook({ id, at, body, secrets: [key] })
        const sign = signed['webhook-signature']
        const bent = {
          id: { headers: { ...signed, 'webhook-id': flip(id, place) }, body, secrets: [key] },
          time: { headers: { ...signed, 'webhook-timestamp': '1700000001' }, body, secrets: [key] },
          body: { headers: { ...signed }, body: `${body} `, secrets: [key] },
          // The last character before the padding carries two unused bits: it is left alone.
          signature: {
            headers: { ...signed, 'webhook-signature': `v1,${flip(sign.slice(3, 45), place)}${sign.slice(45)}` },
            body,
            secrets: [key],
          },
          secret: { headers: { ...signed }, body, secrets: [other] },
          cut: {
            headers: { ...signed, 'webhook-signature': sign.slice(0, place % sign.length) },
            body,
            secrets: [key],
          },
          shift: { headers: { ...signed, 'webhook-id': `${id}.1700000000` }, body, secrets: [key] },
        }[what]
        expect(verifyWebhook({ ...bent, now: at }).genuine).toBe(false)
      },
    ),
    { numRuns: 2_000 },
  )
})

const headers = { 'webhook-id': example.id, 'webhook-timestamp': '1614265330', 'webhook-signature': signature }
const verify = (changed: Record<string, string | string[] | undefined>, now = example.at, secrets = [secret]) =>
  verifyWebhook({ headers: { ...headers, ...changed }, body: example.body, secrets, now: instant(now) })

test.each([
  { what: 'as signed', changed: {}, result: 'genuine' },
  { what: 'among unknown versions', changed: { 'webhook-signature': `v1a,AAAA v2,x ${signature}` }, result: 'genuine' },
  { what: 'without id', changed: { 'webhook-id': undefined }, result: 'headers-missing' },
  { what: 'without signature', changed: { 'webhook-signature': undefined }, result: 'headers-missing' },
  { what: 'with two ids', changed: { 'webhook-id': ['a', 'b'] }, result: 'headers-malformed' },
  { what: 'with a dot in the id', changed: { 'webhook-id': 'a.b' }, result: 'headers-malformed' },
  { what: 'with a time of 0', changed: { 'webhook-timestamp': '0' }, result: 'headers-malformed' },
  { what: 'with a lenient time', changed: { 'webhook-timestamp': '1614265330abc' }, result: 'headers-malformed' },
  { what: 'with a fractional time', changed: { 'webhook-timestamp': '1614265330.5' }, result: 'headers-malformed' },
  { what: 'with a padded time', changed: { 'webhook-timestamp': ' 1614265330' }, result: 'headers-malformed' },
  {
    what: 'with 17 signatures',
    changed: { 'webhook-signature': Array(17).fill(signature).join(' ') },
    result: 'headers-malformed',
  },
  { what: 'with an empty signature', changed: { 'webhook-signature': '' }, result: 'bad-signature' },
  {
    what: 'with another version',
    changed: { 'webhook-signature': signature.replace('v1', 'v2') },
    result: 'bad-signature',
  },
  { what: 'with a third part', changed: { 'webhook-signature': `${signature},x` }, result: 'bad-signature' },
])('a webhook $what: $result', ({ changed, result }) => {
  const verdict = verify(changed)
  expect(verdict.genuine ? 'genuine' : verdict.because).toBe(result)
})

test.each([
  { late: webhookToleranceMs, result: 'genuine' },
  { late: webhookToleranceMs + 1, result: 'too-old' },
  { late: -webhookToleranceMs, result: 'genuine' },
  { late: -webhookToleranceMs - 1, result: 'too-new' },
])('read $late ms after it was signed: $result', ({ late, result }) => {
  const verdict = verify({}, instant(example.at + late))
  expect(verdict.genuine ? 'genuine' : verdict.because).toBe(result)
})

test('without a usable secret nothing is genuine, and nothing is signed', () => {
  for (const secrets of [[], [''], ['whsec_'], ['whsec_c2hvcnQ='], ['whsec_***']]) {
    expect(verify({}, example.at, secrets)).toEqual({ genuine: false, because: 'bad-signature' })
    expect(() => signWebhook({ ...example, secrets })).toThrow(/secret/)
  }
  expect(() => signWebhook({ ...example, id: 'a.b', secrets: [secret] })).toThrow(/id/)
  expect(isWebhookSecret(generateWebhookSecret())).toBe(true)
  expect(generateWebhookSecret()).not.toBe(generateWebhookSecret())
})

test.each([
  { attempt: 0, delays: webhookDelaysMs, chance: 0.9, asked: null, wait: 0 },
  { attempt: 1, delays: webhookDelaysMs, chance: 0, asked: null, wait: 5_000 },
  { attempt: 2, delays: webhookDelaysMs, chance: 0.5, asked: null, wait: 315_000 },
  { attempt: 1, delays: webhookDelaysMs, chance: 0, asked: 60_000, wait: 60_000 },
  { attempt: 1, delays: webhookDelaysMs, chance: 0, asked: 1e12, wait: 86_400_000 },
  { attempt: 9, delays: webhookDelaysMs, chance: 0, asked: null, wait: 86_400_000 },
  { attempt: 10, delays: webhookDelaysMs, chance: 0, asked: 5, wait: null },
  { attempt: 4, delays: pageDelaysMs, chance: 0, asked: null, wait: 20_000 },
  { attempt: 5, delays: pageDelaysMs, chance: 0, asked: null, wait: null },
])('before attempt $attempt: $wait ms', ({ attempt, delays, chance, asked, wait }) => {
  expect(delayBefore(attempt, delays, chance, asked)).toBe(wait)
})

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [304, 'retry'],
  [400, 'retry'],
  [410, 'gone'],
  [429, 'retry'],
  [500, 'retry'],
] as const)('status %i: %s', (status, verdict) => {
  expect(judgeDelivery(status)).toBe(verdict)
})

test.each([
  [undefined, null],
  ['120', 120_000],
  ['-1', null],
  ['1e9', null],
  ['soon', null],
  ['Wed, 21 Oct 2015 07:28:10 GMT', 10_000],
  ['Wed, 21 Oct 2015 07:00:00 GMT', 0],
])('Retry-After %j: %j', (value, wait) => {
  expect(readRetryAfter(value, Date.UTC(2015, 9, 21, 7, 28))).toBe(wait)
})
