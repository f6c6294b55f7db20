// How calls of trackers are proved: an HMAC of the body, or a secret in a header, compared in constant time.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { isWebhookSecret, verifyWebhook } from '../../platform/egress/index.ts'
import type { HookRequest } from './tickets.ports.ts'

/** `sha256=<hex>` over the raw body: GitHub, and WebSub which Jira follows. */
export function isHmacSigned(request: HookRequest, header: string, secret: string): boolean {
  const given = request.headers[header]
  if (typeof given !== 'string') return false
  return isSame(given, `sha256=${createHmac('sha256', secret).update(request.body).digest('hex')}`)
}

export function carriesSecret(request: HookRequest, header: string, secret: string): boolean {
  const given = request.headers[header]
  return typeof given === 'string' && isSame(given, secret)
}

/** Standard Webhooks. */
export function isStandardSigned({ headers, body, now }: HookRequest, secret: string): boolean {
  return isWebhookSecret(secret) && verifyWebhook({ headers, body, secrets: [secret], now }).genuine
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

export function hookJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
