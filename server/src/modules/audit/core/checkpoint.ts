// A checkpoint states the size and root of the journal; signed and kept outside, it makes a later rewrite provable.
// The text is C2SP tlog-checkpoint.
import { fromBase64, type Hash, toBase64, utf8 } from './bytes.ts'
import { formatNote, type NoteKey, noteKeyId } from './signed-note.ts'

export interface Checkpoint {
  /** Names the journal, `reliability.example.com/journal`. Also the name of its key. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root } = checkpoint
  if (origin === '' || /[\n\r]/.test(origin)) throw new RangeError('An origin is one line of text.')
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== 32) throw new RangeError('Not a tree head.')
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** Null when it is not a checkpoint. Extension lines are read over, as the specification asks. */
export function parseCheckpoint(text: string): Checkpoint | null {
  if (!text.endsWith('\n')) return null
  const [origin = '', size = '', encoded = '', ...extensions] = text.slice(0, -1).split('\n')
  const root = fromBase64(encoded)
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || root?.length !== 32) return null
  if (!Number.isSafeInteger(Number(size)) || extensions.includes('')) return null
  return { origin, size: Number(size), root }
}

export type Sign = (message: Uint8Array) => Uint8Array

/** The whole note: text and the journal's own signature. Witnesses append their lines to it. */
export function signCheckpoint(hash: Hash, checkpoint: Checkpoint, key: NoteKey, sign: Sign): string {
  const text = formatCheckpoint(checkpoint)
  return formatNote({
    text,
    signatures: [{ name: key.name, keyId: noteKeyId(hash, key), signature: sign(utf8(text)) }],
  })
}
