// An export of the journal: JSON Lines, in the order a verifier needs them, so that memory is bounded by the leaf
// index (32 bytes for each entry) and never by the entries.
import { type Instant, parseInstant } from '../../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { concat, fromBase64, type Hash } from './bytes.ts'
import type { JournalActor, JournalEntry, JournalSubject } from './journal-entry.ts'
import { packedLeaves } from './leaf-index.ts'
import { type NoteKey, parseNoteKey, type VerifySignature } from './signed-note.ts'
import { startVerification, type Verification, type VerificationRow } from './verification.ts'
import type { Verdict } from './verification-verdict.ts'

export interface ExportHeader {
  readonly kind: 'mainstay-journal'
  readonly version: 1
  readonly origin: string
  /** Entries that follow. */
  readonly size: number
  /** The journal's key as it names itself; an auditor compares it with one received another way. */
  readonly key: string
  /** RFC 3339. */
  readonly exportedAt: string
}

/** Header, checkpoints, leaves, entries, end. Leaves come packed in Base64, entries with `at` as RFC 3339. */
export type ExportLine =
  | ExportHeader
  | { readonly checkpoint: string }
  | { readonly leaves: string }
  | { readonly entry: Omit<JournalEntry, 'at'> & { readonly at: string }; readonly salt: string | null }
  | { readonly erased: { readonly id: number; readonly leaf: string } }
  | { readonly end: number }

export const exportLine = (line: ExportLine): string => `${JSON.stringify(line)}\n`

export interface ExportCheck {
  readonly hash: Hash
  readonly verify: VerifySignature
  /** Keys received another way. None: the export's own key is taken, which proves only that it agrees with itself. */
  readonly keys?: readonly NoteKey[]
  /** Signed checkpoints kept outside. Without them a journal rewritten as a whole, key included, looks honest. */
  readonly checkpoints?: readonly string[]
}

export type ExportVerdict =
  | { readonly readable: false; readonly line: number; readonly sentence: string }
  | {
      readonly readable: true
      readonly header: ExportHeader
      /** False when nothing but the export itself vouches for its key. */
      readonly keyFromOutside: boolean
      readonly verdict: Verdict
    }

class Unreadable extends Error {}

/** Checks an export without a server. `lines` come without their line feeds. */
export async function verifyJournalExport(lines: AsyncIterable<string>, check: ExportCheck): Promise<ExportVerdict> {
  let number = 0
  const reader = createReader(check)
  try {
    for await (const line of lines) {
      number += 1
      if (line !== '') reader.read(parseLine(line))
    }
    return reader.finish()
  } catch (error) {
    if (error instanceof Unreadable) return { readable: false, line: number, sentence: error.message }
    throw error
  }
}

function createReader(check: ExportCheck) {
  const checkpoints: string[] = [...(check.checkpoints ?? [])]
  const leaves: Uint8Array[] = []
  let header: ExportHeader | null = null
  let verification: Verification | null = null
  let [fed, ended] = [0, false]

  const start = (of: ExportHeader): Verification => {
    const own = parseNoteKey(check.hash, of.key)
    if (own === null) throw new Unreadable('The key in the first line is not a verifier key.')
    const index = packedLeaves(concat(...leaves))
    if (index === null) throw new Unreadable('The leaf index is not a row of 32-byte hashes.')
    const keys = check.keys ?? [own]
    return startVerification({
      hash: check.hash,
      verify: check.verify,
      keys,
      origin: of.origin,
      leaves: index,
      checkpoints,
    })
  }

  return {
    read(line: JsonObject): void {
      if (header === null) {
        header = toHeader(line)
        return
      }
      if (ended) throw new Unreadable('Lines follow the end.')
      if (typeof line.checkpoint === 'string' && verification === null) checkpoints.push(line.checkpoint)
      else if (typeof line.leaves === 'string' && verification === null) leaves.push(toHashes(line.leaves))
      else if (line.end === fed) {
        verification ??= start(header)
        ended = true
      } else {
        verification ??= start(header)
        verification.feed(toRow(line))
        fed += 1
      }
    },
    finish(): ExportVerdict {
      if (header === null) throw new Unreadable('The file is empty.')
      if (!ended || verification === null) throw new Unreadable('The file breaks off: its last line is missing.')
      return {
        readable: true,
        header,
        keyFromOutside: check.keys !== undefined,
        verdict: verification.finish(),
      }
    },
  }
}

function parseLine(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (isJsonObject(value)) return value
  } catch {
    // Told below: a line that is no JSON and one that is no object are equally unreadable.
  }
  throw new Unreadable('The line is not a JSON object.')
}

function toHeader({ kind, version, origin, size, key, exportedAt }: JsonObject): ExportHeader {
  if (kind !== 'mainstay-journal') throw new Unreadable('The file is not an export of a journal.')
  if (version !== 1) throw new Unreadable('The export has a format this version does not know.')
  if (
    typeof origin !== 'string' ||
    typeof size !== 'number' ||
    typeof key !== 'string' ||
    typeof exportedAt !== 'string'
  )
    throw new Unreadable('The first line does not say origin, size, key and time.')
  return { kind, version, origin, size, key, exportedAt }
}

function toHashes(text: string): Uint8Array {
  const bytes = fromBase64(text)
  if (bytes === null || bytes.length % 32 !== 0) throw new Unreadable('The leaves are not Base64 of 32-byte hashes.')
  return bytes
}

function toRow(line: JsonObject): VerificationRow {
  const { entry, salt, erased } = line
  if (isJsonObject(erased) && typeof erased.id === 'number' && typeof erased.leaf === 'string') {
    const leaf = fromBase64(erased.leaf)
    if (leaf?.length === 32) return { erased: { id: erased.id, leaf } }
  }
  if (isJsonObject(entry) && (salt === null || typeof salt === 'string')) {
    const read = toEntry(entry)
    if (read !== null) return { entry: read, salt }
  }
  throw new Unreadable('The line is neither an entry nor a place where one was erased.')
}

function toEntry(value: JsonObject): JournalEntry | null {
  const { id, type, reason, data, before, after } = value
  const at: Instant | null = typeof value.at === 'string' ? parseInstant(value.at) : null
  const actor = toActor(value.actor)
  const subject = toSubject(value.subject)
  const links = toTexts(value.links)
  if (typeof id !== 'number' || typeof type !== 'string' || at === null) return null
  if (actor === null || subject === null || links === null || !isJsonObject(data)) return null
  if (!(reason === null || typeof reason === 'string')) return null
  if (!(before === null || isJsonObject(before)) || !(after === null || isJsonObject(after))) return null
  return { id, at, type, actor, subject, links, reason, data, before, after }
}

function toActor(value: JsonValue | undefined): JournalActor | null {
  if (!isJsonObject(value)) return null
  const { kind, id, name } = value
  if (kind !== 'person' && kind !== 'key' && kind !== 'automation' && kind !== 'link') return null
  return typeof id === 'string' && typeof name === 'string' ? { kind, id, name } : null
}

function toSubject(value: JsonValue | undefined): JournalSubject | null {
  if (!isJsonObject(value)) return null
  const { kind, id } = value
  return typeof kind === 'string' && typeof id === 'string' ? { kind, id } : null
}

function toTexts(value: JsonValue | undefined): readonly string[] | null {
  if (!Array.isArray(value)) return null
  const texts = value.filter((each): each is string => typeof each === 'string')
  return texts.length === value.length ? texts : null
}
