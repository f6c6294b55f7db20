// What proves an activity: a token in its Authorization header, signed by the Bot Connector with a key of its metadata, for
// our app, not expired, and naming the address the activity says it came from. (Bot Connector authentication, "Authenticate
// requests from the Bot Connector service to your bot".)
import { type KeyObject, verify } from 'node:crypto'
import type { Instant } from '../../kernel/instant.ts'

export interface ConnectorKey {
  readonly key: KeyObject
  /** Channels the key may speak for; empty where the document names none. */
  readonly endorsements: readonly string[]
}

export interface ConnectorToken {
  readonly keyId: string
  readonly claims: Readonly<Record<string, unknown>>
  /** What the signature is over. */
  readonly said: string
  readonly signature: Buffer
}

const longestToken = 8_192
/** Clocks differ: five minutes, as Microsoft advises. */
const skewSeconds = 300
const part = /^[A-Za-z0-9_-]+$/

/** Its shape only; nothing of it is believed yet. RS256 is what the metadata allows; nothing else is tried. */
export function readConnectorToken(header: unknown): ConnectorToken | null {
  if (typeof header !== 'string' || header.length > longestToken) return null
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1]
  const [head = '', body = '', signature = '', ...rest] = token?.split('.') ?? []
  if (rest.length > 0 || ![head, body, signature].every((each) => part.test(each))) return null
  const { alg, kid, crit } = parsed(head)
  if (alg !== 'RS256' || typeof kid !== 'string' || kid === '' || crit !== undefined) return null
  return {
    keyId: kid,
    claims: parsed(body),
    said: `${head}.${body}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

export interface TokenWanted {
  readonly issuer: string
  readonly appId: string
  readonly now: Instant
}

export function whyUntrue(
  { claims, said, signature }: ConnectorToken,
  { key, endorsements }: ConnectorKey,
  { issuer, appId, now }: TokenWanted,
): string | null {
  if (!verify('sha256', Buffer.from(said), key, signature)) return 'The signature is wrong.'
  if (claims.iss !== issuer) return 'The token was not issued by the Bot Connector.'
  if (typeof claims.aud !== 'string' || claims.aud.toLowerCase() !== appId) return 'The token is for another app.'
  const seconds = now / 1_000
  if (!isTime(claims.exp) || seconds > claims.exp + skewSeconds) return 'The token has expired.'
  if (claims.nbf !== undefined && (!isTime(claims.nbf) || seconds < claims.nbf - skewSeconds))
    return 'The token is not valid yet.'
  if (endorsements.length > 0 && !endorsements.includes('msteams')) return 'The key may not speak for Teams.'
  return null
}

/** Both spellings are in use. */
export function serviceOf({ claims }: ConnectorToken): string | null {
  const url = claims.serviceurl ?? claims.serviceUrl
  return typeof url === 'string' ? url : null
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
