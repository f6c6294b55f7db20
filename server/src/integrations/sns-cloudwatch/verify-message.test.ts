import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant, plus } from '../../kernel/instant.ts'
import { certificate, certificateUrl, signedMessage, topic } from './amazon.fixture.ts'
import { createSnsVerifier, isAmazonSns } from './verify-message.ts'

const now = instant(Date.UTC(2027, 2, 1, 3))
const asked: string[] = []
const verify = createSnsVerifier(async (url) => {
  asked.push(url)
  if (url !== certificateUrl) throw new Error('no such certificate')
  return certificate
})
const check = (message: unknown, at = now) => verify(Buffer.from(JSON.stringify(message)), at)
const notification = signedMessage({ at: now, message: 'Hello\nthere' })

test.each(['1', '2'] as const)('signature version %s, and the certificate is fetched once', async (version) => {
  const signed = signedMessage({ at: now, message: 'Hello\nthere', version })
  expect(await check(signed)).toEqual({
    genuine: true,
    message: { kind: 'notification', id: 'm-1', at: now, topic },
  })
  expect(new Set(asked).size).toBe(1)
  expect(asked).toHaveLength(1)
})

test('a confirmation says where to confirm', async () => {
  const signed = signedMessage({ type: 'SubscriptionConfirmation', at: now, message: 'You have chosen to subscribe' })
  expect(await check(signed)).toMatchObject({
    genuine: true,
    message: { kind: 'confirmation', confirmUrl: 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription' },
  })
})

test.each([
  { what: 'another message', change: { Message: 'Goodbye' } },
  { what: 'another topic', change: { TopicArn: `${topic}2` } },
  { what: 'no signature', change: { Signature: '' } },
  { what: 'an unknown version', change: { SignatureVersion: '3' } },
  { what: 'another type', change: { Type: 'Spam' } },
])('$what is refused', async ({ change }) => {
  expect(await check({ ...notification, ...change })).toMatchObject({ genuine: false })
})

test('a certificate of somebody else is never asked for', async () => {
  for (const url of ['https://sns.eu-central-1.amazonaws.com.evil.example/a.pem', 'https://evil.example/a.pem'])
    expect(await check(signedMessage({ at: now, message: 'x', more: { SigningCertURL: url } }))).toMatchObject({
      genuine: false,
      because: 'Its certificate is not at Amazon SNS.',
    })
  expect(asked).toHaveLength(1)
})

test('a confirmation that leads elsewhere is refused, though it is signed', async () => {
  const signed = signedMessage({
    ...{ type: 'SubscriptionConfirmation', at: now, message: 'x' },
    more: { SubscribeURL: 'https://10.0.0.1/admin' },
  })
  expect(await check(signed)).toMatchObject({ genuine: false, because: expect.stringContaining('SubscribeURL') })
})

test('a certificate before its time is refused', async () => {
  expect(await check(notification, plus(now, -10 * 365 * 86_400_000))).toMatchObject({
    genuine: false,
    because: expect.stringContaining('not valid now'),
  })
})

test('without the certificate the sender is asked to try again', async () => {
  const signed = signedMessage({
    at: now,
    message: 'x',
    more: { SigningCertURL: certificateUrl.replace('0000', '0001') },
  })
  await expect(check(signed)).rejects.toMatchObject({ kind: 'unavailable' })
})

test.each([
  ['https://sns.us-east-1.amazonaws.com/x.pem', true],
  ['https://sns.cn-north-1.amazonaws.com.cn/x.pem', true],
  ['http://sns.us-east-1.amazonaws.com/x.pem', false],
  ['https://sns.us-east-1.amazonaws.com:8443/x.pem', false],
  ['https://sns.us-east-1.amazonaws.com@evil.example/x.pem', false],
  ['https://u:p@sns.us-east-1.amazonaws.com/x.pem', false],
  ['https://sns.us-east-1.amazonaws.com.evil.example/x.pem', false],
  ['https://evil.example/sns.us-east-1.amazonaws.com/x.pem', false],
  ['https://s3.us-east-1.amazonaws.com/x.pem', false],
  ['https://sns.us-east-1.amazonaws.co/x.pem', false],
])('%s is Amazon: %s', (url, is) => {
  expect(isAmazonSns(url)).toBe(is)
})

test('bytes of any kind are refused, not a fault of ours', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      expect((await verify(bytes, now)).genuine).toBe(false)
    }),
    { numRuns: 100 },
  )
})
