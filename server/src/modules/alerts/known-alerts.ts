// What was read of alerts in Alertmanager's format, found again by their very words: a sender repeats them for hours, and
// reading, checking and naming an alert costs ten times what finding it does. It is a pure memory of what words mean; whether
// the alert is open, only the database knows.
import { hash } from 'node:crypto'
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import type { AlertPiece } from './alerts.ports.ts'
import type { Said } from './repetition.ts'

export interface KnownAlerts {
  /** Null: these words were not read before, or their end is none. */
  find(source: string, piece: Piece): (Said & { readonly endsAt: Instant }) | null
  keep(source: string, piece: Piece, said: Said): void
}

type Piece = Pick<AlertPiece, 'words' | 'endsAt'>

/** Two generations of so many, about 300 bytes each. */
const generation = 100_000

export function createKnownAlerts(limit = generation): KnownAlerts {
  let current = new Map<string, Said>()
  let previous = new Map<string, Said>()
  const add = (key: string, said: Said) => {
    if (current.size >= limit) {
      previous = current
      current = new Map()
    }
    current.set(key, said)
  }
  const readEnd = createEndReader()
  return {
    find: (source, { words, endsAt: end }) => {
      const endsAt = readEnd(end)
      if (endsAt === null) return null
      const key = keyOf(source, words)
      const known = current.get(key) ?? previous.get(key)
      // What ends before it starts is refused, with the words a full reading has for it.
      if (known === undefined || endsAt < known.startsAt) return null
      if (!current.has(key)) add(key, known)
      return { identity: known.identity, content: known.content, startsAt: known.startsAt, endsAt }
    },
    keep: (source, { words }, said) => add(keyOf(source, words), said),
  }
}

/** A digest, because labels may be long and senders hostile. */
function keyOf(source: string, words: string): string {
  return hash('sha256', `${source}\u0000${words}`, 'base64')
}

/** The alerts of a request mostly end at the same time. */
function createEndReader(): (given: string) => Instant | null {
  let last: { readonly text: string; readonly at: Instant | null } = { text: '', at: null }
  return (given) => {
    if (given !== last.text) last = { text: given, at: parseInstant(given) }
    return last.at
  }
}
