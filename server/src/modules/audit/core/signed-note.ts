// Signed notes as C2SP signed-note defines them: text, an empty line, one line for each signature.
import { concat, fromBase64, fromHex, type Hash, sameBytes, toBase64, toHex, utf8 } from './bytes.ts'

const ed25519 = 0x01
/** The specification asks for at least 16; more than 100 is an attack on the reader. */
const maxSignatures = 100
/** A checkpoint is under 1 kB; a witness adds about 130 bytes. */
const maxNoteLength = 1_000_000

export interface NoteKey {
  readonly name: string
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array
}

export interface NoteSignature {
  readonly name: string
  /** 4 bytes: which key of that name, and which algorithm. */
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
}

export interface Note {
  /** Ends in a newline; this is what is signed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** No Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && !/[\s+\p{Cc}]/u.test(name)
}

export function noteKeyId(hash: Hash, key: NoteKey): Uint8Array {
  return hash(concat(utf8(`${key.name}\n`), Uint8Array.of(ed25519), key.publicKey)).slice(0, 4)
}

/** The verifier key in the spelling other tools read: `name+keyid+base64(01 || key)`. */
export function formatNoteKey(hash: Hash, key: NoteKey): string {
  return `${key.name}+${toHex(noteKeyId(hash, key))}+${toBase64(concat(Uint8Array.of(ed25519), key.publicKey))}`
}

export function parseNoteKey(hash: Hash, text: string): NoteKey | null {
  // Base64 may hold a plus of its own: only the first two divide.
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const keyId = fromHex(id ?? '')
  const typed = fromBase64(encoded ?? '')
  if (name === undefined || keyId === null || typed === null) return null
  if (!isKeyName(name) || typed.length !== 33 || typed[0] !== ed25519) return null
  const key = { name, publicKey: typed.slice(1) }
  return sameBytes(noteKeyId(hash, key), keyId) ? key : null
}

export function formatNote(note: Note): string {
  const lines = note.signatures.map(
    ({ name, keyId, signature }) => `\u2014 ${name} ${toBase64(concat(keyId, signature))}\n`,
  )
  return `${note.text}\n${lines.join('')}`
}

/** Null for anything the specification does not allow. Says nothing about whether a signature is good. */
export function parseNote(text: string): Note | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point.
  if (text.length > maxNoteLength || !text.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(text)) return null
  if (!text.isWellFormed()) return null
  const blank = text.lastIndexOf('\n\n')
  if (blank < 0) return null
  const lines = text.slice(blank + 2, -1).split('\n')
  if (lines.length > maxSignatures) return null
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const [, name, encoded] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? []
    const bytes = fromBase64(encoded ?? '')
    if (name === undefined || bytes === null || !isKeyName(name) || bytes.length <= 4) return null
    signatures.push({ name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) })
  }
  return { text: text.slice(0, blank + 1), signatures }
}

export type NoteVerdict =
  | { readonly signed: true; readonly by: readonly string[] }
  | { readonly signed: false; readonly because: 'no-known-key' | 'bad-signature' }

/** Signatures of unknown keys are ignored; one bad signature of a known key rejects the whole note. */
export function judgeNote(hash: Hash, verify: VerifySignature, note: Note, keys: readonly NoteKey[]): NoteVerdict {
  const by: string[] = []
  const message = utf8(note.text)
  for (const { name, keyId, signature } of note.signatures) {
    const key = keys.find((each) => each.name === name && sameBytes(noteKeyId(hash, each), keyId))
    if (key === undefined) continue
    if (!verify(key.publicKey, message, signature)) return { signed: false, because: 'bad-signature' }
    by.push(name)
  }
  return by.length > 0 ? { signed: true, by } : { signed: false, because: 'no-known-key' }
}
