// Secrets people and programs carry. Only their SHA-256 is stored: they are random, so a fast hash is enough.
import { createHash, randomBytes, randomInt } from 'node:crypto'

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** 256 bits. */
export const createToken = (): string => randomBytes(32).toString('base64url')

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

export interface KeyToken {
  readonly token: string
  readonly prefix: string
  readonly last4: string
}

/** `mst_<prefix>_<secret>`: secret scanners find it by its shape, people tell keys apart by prefix and last four. */
export function createKeyToken(): KeyToken {
  const prefix = Array.from({ length: 10 }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  const token = `mst_${prefix}_${createToken()}`
  return { token, prefix, last4: token.slice(-4) }
}

/** The prefix, or null when it is not the shape of a key. */
export function keyPrefix(token: string): string | null {
  return /^mst_([a-z0-9]{10})_[A-Za-z0-9_-]{43}$/.exec(token)?.[1] ?? null
}
