// What proves a request of Mattermost. It signs no requests. A slash command carries the token of its making; a button
// brings back what we signed and only the server was given; a form brings back what we signed for one person. Commands
// and buttons carry a trigger too: who pressed and when, signed with the server's own key.
import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { type Instant, instant } from '../../kernel/instant.ts'

export type ProofKeys = () => readonly { readonly key: Buffer }[]

const toleranceMs = 5 * 60_000

function macOf(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** The text and its proof, as one word. */
export function sign(keys: ProofKeys, value: unknown): string {
  const [current] = keys()
  if (current === undefined) throw new Error('There is no key to sign with.')
  const text = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${text}.${macOf(current.key, text).toString('base64url')}`
}

/** What was signed; null when it was not by us. */
export function openSigned(keys: ProofKeys, signed: unknown): unknown {
  if (typeof signed !== 'string' || signed.length > 4_000) return null
  const [text = '', mac = '', ...rest] = signed.split('.')
  const given = Buffer.from(mac, 'base64url')
  const isOurs = rest.length === 0 && keys().some(({ key }) => isSame(given, macOf(key, text)))
  if (!isOurs) return null
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

export function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** `Authorization: Token …`, known before anything is read. */
export function hasToken(header: unknown, token: string): boolean {
  return typeof header === 'string' && isSame(Buffer.from(header), Buffer.from(`Token ${token}`))
}

export interface Trigger {
  readonly id: string
  readonly user: string
  readonly at: Instant
  /** What the signature is over. */
  readonly said: string
  readonly signature: Buffer
}

/**
 * Base64 of `id:user:milliseconds:signature`, in newer servers with the channel before the signature. The signature is
 * over all that stands before it.
 */
export function readTrigger(trigger: unknown): Trigger | null {
  if (typeof trigger !== 'string' || trigger.length > 1_000) return null
  const text = Buffer.from(trigger, 'base64').toString('utf8')
  const [, said = '', id = '', user = '', at = '', signature = ''] =
    /^(([a-z0-9]{26}):([a-z0-9]{26}):(\d{12,14}):(?:[a-z0-9]{0,26}:)?)([A-Za-z0-9+/=]{20,200})$/.exec(text) ?? []
  return id === '' ? null : { id, user, at: instant(Number(at)), said, signature: Buffer.from(signature, 'base64') }
}

export function whyUntrue(
  trigger: Trigger | null,
  { user, now, key }: { readonly user: string; readonly now: Instant; readonly key: KeyObject | null },
): string | null {
  if (trigger === null) return 'The trigger is missing.'
  if (trigger.user !== user) return 'The trigger belongs to somebody else.'
  if (Math.abs(now - trigger.at) > toleranceMs) return 'The request is too old.'
  if (key === null) return 'The server’s signing key is not known.'
  return verify('sha256', Buffer.from(trigger.said), key, trigger.signature) ? null : 'The signature is wrong.'
}
