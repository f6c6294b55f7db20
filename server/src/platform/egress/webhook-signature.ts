// Standard Webhooks signatures (symmetric, `v1`): HMAC-SHA256 over `id.timestamp.body`, for what we send and receive.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../kernel/app-error.ts'
import { type Instant, instant } from '../../kernel/instant.ts'

export const webhookToleranceMs = 300_000
const prefix = 'whsec_'
/** Two while a secret is rotated; a header with more signatures than this is an attack on the verifier. */
const maxSignatures = 16
const maxSecrets = 4

/** A new secret, 32 random bytes. Shown once, stored sealed. */
export function generateWebhookSecret(): string {
  return `${prefix}${randomBytes(32).toString('base64')}`
}

/** The key of a secret of 24 to 64 bytes, with or without its prefix; null when it is none. */
function keyOf(secret: string): Buffer | null {
  const encoded = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null
  const key = Buffer.from(encoded, 'base64')
  return key.length >= 24 && key.length <= 64 ? key : null
}

export function isWebhookSecret(secret: string): boolean {
  return keyOf(secret) !== null
}

// A dot would let bytes move between id, timestamp and body under one signature.
const idPattern = /^[A-Za-z0-9_-]{1,255}$/

export interface WebhookHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

export interface OutgoingWebhook {
  /** The same for every attempt: receivers deduplicate by it. */
  readonly id: string
  /** Of this attempt. */
  readonly at: Instant
  readonly body: string | Uint8Array
  /** The current secret first; during a rotation the former one too. */
  readonly secrets: readonly string[]
}

export function signWebhook({ id, at, body, secrets }: OutgoingWebhook): WebhookHeaders {
  const keys = secrets.map(keyOf)
  if (!idPattern.test(id))
    throw new AppError('invalid', 'webhooks.id-invalid', 'A webhook id holds letters, digits, _ and - only.')
  if (keys.length === 0 || keys.length > maxSecrets || keys.includes(null))
    throw new AppError(
      'invalid',
      'webhooks.secret-invalid',
      'A webhook secret is "whsec_" and 24 to 64 bytes in base64; at most four are in use.',
    )
  const timestamp = String(Math.floor(at / 1_000))
  const signatures = keys.flatMap((key) =>
    key === null ? [] : [`v1,${digest(key, id, timestamp, body).toString('base64')}`],
  )
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

function digest(key: Buffer, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
}

export interface IncomingWebhook {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The raw body, before any parsing. */
  readonly body: string | Uint8Array
  readonly secrets: readonly string[]
  readonly now: Instant
}

export type WebhookVerdict =
  | { readonly genuine: true; readonly id: string; readonly at: Instant }
  | {
      readonly genuine: false
      readonly because: 'headers-missing' | 'headers-malformed' | 'too-old' | 'too-new' | 'bad-signature'
    }

/** Header names in lower case, as Node gives them. A genuine webhook may still be a repeat: deduplicate by `id`. */
export function verifyWebhook({ headers, body, secrets, now }: IncomingWebhook): WebhookVerdict {
  const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name])
  if (id === undefined || timestamp === undefined || given === undefined)
    return { genuine: false, because: 'headers-missing' }
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof given !== 'string')
    return { genuine: false, because: 'headers-malformed' }
  // Digits only: anything a lenient parser would shorten could be signed as one time and read as another.
  if (!idPattern.test(id) || !/^[1-9]\d{0,11}$/.test(timestamp)) return { genuine: false, because: 'headers-malformed' }
  const at = instant(Number(timestamp) * 1_000)
  const signatures = given.split(' ')
  if (signatures.length > maxSignatures) return { genuine: false, because: 'headers-malformed' }
  const expected = secrets.slice(0, maxSecrets).flatMap((secret) => {
    const key = keyOf(secret)
    return key === null ? [] : [digest(key, id, timestamp, body)]
  })
  // Every pair is compared, so that time tells neither which secret nor which signature fits.
  let matches = 0
  for (const signature of signatures) {
    const [version, encoded = '', ...rest] = signature.split(',')
    const bytes =
      version === 'v1' && rest.length === 0 && /^[A-Za-z0-9+/]{43}=$/.test(encoded)
        ? Buffer.from(encoded, 'base64')
        : null
    if (bytes?.length !== 32) continue
    for (const each of expected) if (timingSafeEqual(each, bytes)) matches += 1
  }
  if (matches === 0) return { genuine: false, because: 'bad-signature' }
  if (now - at > webhookToleranceMs) return { genuine: false, because: 'too-old' }
  if (at - now > webhookToleranceMs) return { genuine: false, because: 'too-new' }
  return { genuine: true, id, at }
}
