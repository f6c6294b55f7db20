// Signed links: whoever holds one may do one thing until it expires, without a session (acknowledge from a mail).
// The token carries ids in the clear and nothing else, short enough for a text message.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../kernel/app-error.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Keyring } from './keyring.ts'

const version = 'l1'
/** HMAC-SHA256 cut to 128 bits, as RFC 2104 section 5 allows. */
const macBytes = 16
const maxTokenLength = 1_024

/** Ids only: no space, no @, so no address or name slips in. */
export type LinkPayload = Readonly<Record<string, string>>

export type LinkVerdict =
  | { readonly valid: true; readonly payload: LinkPayload; readonly expiresAt: Instant }
  | { readonly valid: false; readonly because: 'malformed' | 'forged' | 'expired' }

export interface LinkSigner {
  signLink(payload: LinkPayload, expiresAt: Instant): string
  openLink(token: string, now: Instant): LinkVerdict
}

const nothing = Buffer.alloc(macBytes)

export function createLinkSigner(keyring: Keyring): LinkSigner {
  const keys = keyring.derive('link v1')
  const macOf = (key: Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest().subarray(0, macBytes)

  return {
    signLink(payload, expiresAt) {
      const [current] = keys
      const entries = Object.entries(payload)
      if (current === undefined || entries.length === 0 || !entries.every(isIdPair))
        throw new AppError('invalid', 'secrets.link-invalid', 'A link carries ids: letters, digits and . : _ - only.')
      // Whole seconds, rounded down: a link never lives longer than it was given.
      const claims = JSON.stringify([Math.floor(expiresAt / 1_000), Object.fromEntries(entries)])
      const text = `${version}.${current.id}.${Buffer.from(claims, 'utf8').toString('base64url')}`
      const token = `${text}.${macOf(current.key, text).toString('base64url')}`
      if (token.length > maxTokenLength)
        throw new AppError('invalid', 'secrets.link-too-long', `A link token may hold ${maxTokenLength} characters.`)
      return token
    },

    openLink(token, now) {
      const [found, keyId, claims, mac, ...rest] = token.length <= maxTokenLength ? token.split('.') : []
      if (found !== version || keyId === undefined || claims === undefined || mac === undefined || rest.length > 0)
        return refused('malformed')
      const key = keys.find(({ id }) => id === keyId)
      const given = Buffer.from(mac, 'base64url')
      // One spelling for each token, and the same work for a key nobody has.
      const expected = key === undefined ? nothing : macOf(key.key, `${found}.${keyId}.${claims}`)
      const fits = given.length === macBytes && given.toString('base64url') === mac && timingSafeEqual(given, expected)
      if (key === undefined || !fits) return refused('forged')
      const read = readClaims(claims)
      if (read === null) return refused('malformed')
      return now < read.expiresAt ? { valid: true, ...read } : refused('expired')
    },
  }
}

const refused = (because: 'malformed' | 'forged' | 'expired'): LinkVerdict => ({ valid: false, because })

function isIdPair([name, value]: readonly [string, unknown]): boolean {
  return /^[a-zA-Z][a-zA-Z0-9]{0,31}$/.test(name) && typeof value === 'string' && /^[A-Za-z0-9_.:-]{1,128}$/.test(value)
}

function readClaims(encoded: string): { readonly payload: LinkPayload; readonly expiresAt: Instant } | null {
  const claims: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))
  if (!Array.isArray(claims)) return null
  const [seconds, payload]: readonly unknown[] = claims
  if (typeof seconds !== 'number' || typeof payload !== 'object' || payload === null) return null
  return { expiresAt: instant(seconds * 1_000), payload: Object.fromEntries(Object.entries(payload).filter(isIdPair)) }
}
