// Envelope encryption: every secret has its own key (DEK), sealed by a key of the installation (KEK) that never enters
// the database. A copy of the database alone opens nothing.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../kernel/app-error.ts'
import { closeToOthers, createKeyFile, readKeyFile, syncFolder, writeDraft } from './key-file.ts'

const cipher = 'aes-256-gcm'
const keyBytes = 32
const ivBytes = 12
const tagBytes = 16
const version = 'ms1'
const maxSecretBytes = 1_048_576

interface Key {
  /** The first 8 hex digits of its SHA-256: names the key, tells nothing of it. */
  readonly id: string
  readonly bytes: Buffer
}

export interface Keyring {
  /** `context` binds the text to its place (`connector:slack/token`): moved elsewhere it does not open. */
  seal(text: string, context?: string): string
  open(sealed: string, context?: string): string
  /** True when it was sealed under a former key. */
  needsReseal(sealed: string): boolean
  /** The same secret under the current key; the text itself is not decrypted. */
  reseal(sealed: string): string
  /** A key for another purpose, bound to its name: link signatures. Current first, former after. */
  derive(purpose: string): readonly { readonly id: string; readonly key: Buffer }[]
  readonly currentKeyId: string
}

/** A key file holds one key a line, base64 of 32 bytes, current first; `#` begins a comment. */
export function parseKeys(text: string): readonly Key[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const keys = lines.map((line) => {
    const bytes = Buffer.from(line, 'base64')
    if (bytes.length !== keyBytes || bytes.toString('base64') !== line)
      throw new AppError(
        'invalid',
        'secrets.key-file-invalid',
        'A key file holds one key a line: 32 random bytes in base64 (openssl rand -base64 32).',
      )
    return { id: createHash('sha256').update('mainstay key id').update(bytes).digest('hex').slice(0, 8), bytes }
  })
  if (keys.length === 0) throw new AppError('invalid', 'secrets.key-file-invalid', 'The key file holds no key.')
  if (new Set(keys.map(({ id }) => id)).size !== keys.length)
    throw new AppError('invalid', 'secrets.key-file-invalid', 'The key file holds a key twice.')
  return keys
}

export interface KeyPlace {
  readonly dataFolder: string
  /** `MAINSTAY_KEY_FILE`: a file the operator provides. It is never written, and never created by a slip of the pen. */
  readonly keyFile: string | null
}

export const keyPathOf = ({ dataFolder, keyFile }: KeyPlace): string =>
  keyFile ?? join(dataFolder, 'keys', 'secrets.key')

/** Reads the keys, creating the first one in the data folder when there is none yet. */
export function openKeyring(place: KeyPlace): Keyring {
  const path = keyPathOf(place)
  const text = readKeyFile(path)
  if (text === null && place.keyFile !== null)
    throw new AppError(
      'invalid',
      'secrets.key-file-missing',
      `MAINSTAY_KEY_FILE names ${path}, and there is no such file. Create it with: openssl rand -base64 32`,
    )
  if (text !== null && place.keyFile === null) closeToOthers(path)
  return createKeyring(parseKeys(text ?? createKeyFile(path, newKeyLine())))
}

/** Puts a new key first in the data folder's file; former ones go on opening. Gives the ring to use from now on. */
export function rotateKey(place: KeyPlace): Keyring {
  if (place.keyFile !== null)
    throw new AppError(
      'conflict',
      'secrets.key-file-foreign',
      'The key file belongs to the operator: add a new first line to it and restart.',
    )
  const path = keyPathOf(place)
  const former = readKeyFile(path) ?? ''
  renameSync(writeDraft(path, `${newKeyLine()}${former}`), path)
  syncFolder(path)
  return openKeyring(place)
}

const newKeyLine = (): string => `${randomBytes(keyBytes).toString('base64')}\n`

export function createKeyring(keys: readonly Key[]): Keyring {
  const [current] = keys
  if (current === undefined) throw new AppError('invalid', 'secrets.key-file-invalid', 'A keyring needs a key.')

  function unwrap(sealed: string): { readonly dek: Buffer; readonly body: Buffer } {
    const [found, keyId, wrapped, body, ...rest] = sealed.split('.')
    if (found !== version || keyId === undefined || wrapped === undefined || body === undefined || rest.length > 0)
      throw unreadable()
    const key = keys.find(({ id }) => id === keyId)
    if (key === undefined)
      throw new AppError(
        'unavailable',
        'secrets.key-missing',
        `This secret was sealed with key ${keyId.slice(0, 8)}, which the key file does not hold.`,
      )
    return { dek: decrypt(key.bytes, fromText(wrapped), `${version}.${keyId}`), body: fromText(body) }
  }
  const wrap = (dek: Buffer, body: Buffer): string =>
    [
      version,
      current.id,
      encrypt(current.bytes, dek, `${version}.${current.id}`).toString('base64url'),
      body.toString('base64url'),
    ].join('.')

  return {
    currentKeyId: current.id,
    seal(text, context = '') {
      const plain = Buffer.from(text, 'utf8')
      if (plain.length > maxSecretBytes)
        throw new AppError('invalid', 'secrets.too-long', `A secret may hold ${maxSecretBytes} bytes.`)
      const dek = randomBytes(keyBytes)
      return wrap(dek, encrypt(dek, plain, context))
    },
    open(sealed, context = '') {
      const { dek, body } = unwrap(sealed)
      return decrypt(dek, body, context).toString('utf8')
    },
    needsReseal: (sealed) => !sealed.startsWith(`${version}.${current.id}.`),
    reseal(sealed) {
      const { dek, body } = unwrap(sealed)
      return wrap(dek, body)
    },
    derive: (purpose) =>
      keys.map(({ id, bytes }) => ({
        id,
        key: Buffer.from(hkdfSync('sha256', bytes, '', `mainstay ${purpose}`, keyBytes)),
      })),
  }
}

/** iv, tag, ciphertext. A DEK encrypts once, a KEK a DEK per secret: random 96-bit nonces are far from their limit. */
function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const iv = randomBytes(ivBytes)
  const sealing = createCipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(context, 'utf8'))
  const body = Buffer.concat([sealing.update(plain), sealing.final()])
  return Buffer.concat([iv, sealing.getAuthTag(), body])
}

function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer {
  if (sealed.length < ivBytes + tagBytes) throw unreadable()
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(context, 'utf8'))
    .setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  try {
    return Buffer.concat([opening.update(sealed.subarray(ivBytes + tagBytes)), opening.final()])
  } catch {
    // The cause names no more than "unable to authenticate", and must not travel with a secret near it.
    throw unreadable()
  }
}

function fromText(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw unreadable()
  return bytes
}

const unreadable = (): AppError =>
  new AppError('invalid', 'secrets.unreadable', 'This is not a secret sealed here, or it was changed or moved.')
