// Slack's proof of where a request comes from: HMAC over its time and its raw body, five minutes valid.
import { createHmac, timingSafeEqual } from 'node:crypto'

const toleranceSeconds = 300

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  readonly now: number
}

export function whyForged({ headers, body, now }: SignedRequest, signingSecret: string): string | null {
  const time = headers['x-slack-request-timestamp']
  const signature = headers['x-slack-signature']
  if (typeof time !== 'string' || !/^\d{9,11}$/.test(time) || typeof signature !== 'string')
    return 'The signature is missing.'
  if (Math.abs(now / 1_000 - Number(time)) > toleranceSeconds) return 'The request is too old.'
  const expected = Buffer.from(
    `v0=${createHmac('sha256', signingSecret).update(`v0:${time}:`).update(body).digest('hex')}`,
  )
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected) ? null : 'The signature is wrong.'
}
