// What was read of alerts in Alertmanager's format, found again by their very words: a sender repeats them for hours, and
// reading, checking and naming an alert costs ten times what finding it does. It is a pure memory of what words mean; whether
// the alert is open, only the database knows.
import { hash } from 'node:crypto'
import { type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import type { AlertPiece } from './alerts.ports.ts'
import type { Said } from './repetition.ts'

export interface KnownAlerts {
  /** Null: these words were not read before, or their end is none. */
  find(source: string, piece: Piece): (Said & { readonly endsAt: Instant }) | null
  keep(source: string, piece: Piece, said: Said): void
}

type Piece = Pick<AlertPiece, 'words' | 'endsAt'>

/** Two generations of so many. */
const generation = 100_000

export function createKnownAlerts(limit = generation): KnownAlerts {
  let current = createTable(limit)
  let previous = createTable(limit)
  const add = (key: string, said: Said) => {
    if (current.size() >= limit) {
      const oldest = previous
      previous = current
      current = oldest
      current.clear()
    }
    current.put(key, said)
  }
  const readEnd = createEndReader()
  return {
    find: (source, { words, endsAt: end }) => {
      const endsAt = readEnd(end)
      if (endsAt === null) return null
      const key = keyOf(source, words)
      const newer = current.get(key)
      const known = newer ?? previous.get(key)
      // What ends before it starts is refused, with the words a full reading has for it.
      if (known === null || endsAt < known.startsAt) return null
      if (newer === null) add(key, known)
      return { identity: known.identity, content: known.content, startsAt: known.startsAt, endsAt }
    },
    keep: (source, { words }, said) => add(keyOf(source, words), said),
  }
}

interface Table {
  size(): number
  get(key: string): Said | null
  put(key: string, said: Said): void
  clear(): void
}

// Key, identity and content, 128 bits each.
const rowBytes = 48
const rowWords = rowBytes / 4

/**
 * Rows of bytes instead of objects: a fifth of the memory, and nothing for the garbage collector to walk through, which it would
 * do with a million objects while senders wait. It grows as it fills.
 */
function createTable(limit: number): Table {
  let rows = new Uint32Array(Math.min(limit, 256) * rowWords)
  let bytes = Buffer.from(rows.buffer)
  let starts = new Float64Array(rows.length / rowWords)
  // The place of a row, counted from one; zero is free. At most half of them are taken.
  let slots = new Uint32Array(slotsFor(starts.length))
  let size = 0

  /** The slot of this key, or the free one where it would be. */
  const find = (key: string): number => {
    const mask = slots.length - 1
    for (let at = wordAt(key, 0) & mask; ; at = (at + 1) & mask) {
      const row = slots[at] ?? 0
      if (row === 0 || holds((row - 1) * rowWords, key)) return at
    }
  }
  const holds = (from: number, key: string): boolean =>
    rows[from] === wordAt(key, 0) &&
    rows[from + 1] === wordAt(key, 4) &&
    rows[from + 2] === wordAt(key, 8) &&
    rows[from + 3] === wordAt(key, 12)
  const grow = () => {
    const room = Math.min(limit, starts.length * 2)
    const [before, beforeStarts] = [rows, starts]
    rows = new Uint32Array(room * rowWords)
    rows.set(before)
    bytes = Buffer.from(rows.buffer)
    starts = new Float64Array(room)
    starts.set(beforeStarts)
    slots = new Uint32Array(slotsFor(room))
    const mask = slots.length - 1
    for (let row = 0; row < size; row += 1) {
      let at = (rows[row * rowWords] ?? 0) & mask
      while (slots[at] !== 0) at = (at + 1) & mask
      slots[at] = row + 1
    }
  }
  return {
    size: () => size,
    get: (key) => {
      const row = (slots[find(key)] ?? 0) - 1
      if (row < 0) return null
      const text = bytes.toString('hex', row * rowBytes + 16, (row + 1) * rowBytes)
      return { identity: text.slice(0, 32), content: text.slice(32), startsAt: instant(starts[row] ?? 0) }
    },
    put: (key, { identity, content, startsAt }) => {
      if (size === starts.length && slots[find(key)] === 0) grow()
      const slot = find(key)
      if (slots[slot] === 0) {
        size += 1
        slots[slot] = size
      }
      const row = (slots[slot] ?? 0) - 1
      for (let word = 0; word < 4; word += 1) rows[row * rowWords + word] = wordAt(key, word * 4)
      bytes.write(identity + content, row * rowBytes + 16, 'hex')
      starts[row] = startsAt
    },
    clear: () => {
      slots.fill(0)
      size = 0
    },
  }
}

const slotsFor = (room: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, room * 2)))

const wordAt = (key: string, from: number): number =>
  (key.charCodeAt(from) |
    (key.charCodeAt(from + 1) << 8) |
    (key.charCodeAt(from + 2) << 16) |
    (key.charCodeAt(from + 3) << 24)) >>>
  0

/** A digest, because labels may be long and senders hostile: the first sixteen of its bytes, each a character. */
function keyOf(source: string, words: string): string {
  return hash('sha256', `${source}\u0000${words}`, 'binary')
}

/** The alerts of a request mostly end at the same time. */
function createEndReader(): (given: string) => Instant | null {
  let last: { readonly text: string; readonly at: Instant | null } = { text: '', at: null }
  return (given) => {
    if (given !== last.text) last = { text: given, at: parseInstant(given) }
    return last.at
  }
}
