// Whether a delivery is signed by whom it says, checked on its bytes before anything of it is read.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Instant, instant } from '../../kernel/instant.ts'
import { verifyWebhook } from '../../platform/egress/index.ts'
import type { AlertSource, Signing } from './core/index.ts'

export type SignatureVerdict =
  | { readonly genuine: true; readonly id: string | null }
  | { readonly genuine: false; readonly because: string }

export interface Signed {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly secrets: readonly string[]
  readonly now: Instant
}

/** Clocks of senders drift, and a first attempt may have waited; the same five minutes as Standard Webhooks. */
const freshMs = 5 * 60_000

/** How each format with a shared secret signs. Sources: Sentry's and Grafana's webhook documentation. */
export function signingOf(source: AlertSource): Signing | null {
  const hmac = { kind: 'hmac-sha256', prefix: '', encoding: 'hex' } as const
  if (source.format === 'sentry') return { ...hmac, header: 'sentry-hook-signature', timestampHeader: null }
  if (source.format === 'grafana') return { ...hmac, header: 'x-grafana-alerting-signature', timestampHeader: null }
  return source.signing
}

export function checkSignature(signing: Signing, signed: Signed): SignatureVerdict {
  if (signing.kind === 'standard-webhooks') {
    const verdict = verifyWebhook(signed)
    return verdict.genuine
      ? { genuine: true, id: verdict.id }
      : { genuine: false, because: 'Its webhook-signature is not right, or its time is not now.' }
  }
  const given = signed.headers[signing.header]
  if (given === undefined) return { genuine: false, because: `It carries no header ${signing.header}.` }
  if (!given.startsWith(signing.prefix)) return { genuine: false, because: `${signing.header} has another form.` }
  const stamp = signing.timestampHeader ?? timestampHeaders[signing.header] ?? null
  const time = stamp === null ? undefined : signed.headers[stamp]
  // Where the sender may sign a time, one that is there counts; where it must, a missing one is a refusal.
  if (signing.timestampHeader !== null || time !== undefined) {
    const at = readTime(time)
    if (at === null || Math.abs(signed.now - at) > freshMs)
      return { genuine: false, because: `${stamp} is missing, or not within five minutes of now.` }
  }
  const digest = Buffer.from(given.slice(signing.prefix.length), signing.encoding)
  const separator = signing.header === 'x-grafana-alerting-signature' ? ':' : '.'
  const signedText = time === undefined || !coversTime(signing) ? '' : `${time}${separator}`
  const isRight = signed.secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(signedText).update(signed.body).digest()
    return expected.length === digest.length && timingSafeEqual(expected, digest)
  })
  // Sentry signs no time, and each of its deliveries is another one: its signature is its name, and counts once.
  const id = signing.header === 'sentry-hook-signature' ? `signature:${given.toLowerCase()}` : null
  return isRight ? { genuine: true, id } : { genuine: false, because: `${signing.header} is not right.` }
}

/** Grafana signs the time with the body only when a header for it is set; we ask for this name. */
const timestampHeaders: Readonly<Record<string, string>> = {
  'x-grafana-alerting-signature': 'x-grafana-alerting-timestamp',
}

const coversTime = (signing: Signing): boolean =>
  signing.timestampHeader !== null || timestampHeaders[signing.header] !== undefined

/** Seconds or milliseconds since 1970. */
function readTime(text: string | undefined): Instant | null {
  if (text === undefined || !/^\d{9,13}$/.test(text)) return null
  return instant(text.length > 11 ? Number(text) : Number(text) * 1_000)
}
