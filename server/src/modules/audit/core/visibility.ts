// Who may read an entry. Everybody may read how the service is run; what tells about people's sign-ins, keys and
// accounts is for administrators and for those it is about.
import { type Actor, roleAtLeast } from '../../../kernel/actor.ts'
import type { JournalActor, JournalSubject } from './journal-entry.ts'

/** First words of the types that only administrators and those concerned may read. */
export const restrictedWords = ['session', 'sign-in', 'key', 'person', 'setup'] as const

export type JournalReader = { readonly all: true } | { readonly all: false; readonly self: string }

export function readerOf(actor: Actor): JournalReader {
  const known = actor.kind === 'person' || actor.kind === 'key'
  return known && roleAtLeast(actor.role, 'admin') ? { all: true } : { all: false, self: known ? actor.id : '' }
}

export function isRestricted(type: string): boolean {
  const word = type.split('.')[0]
  return restrictedWords.some((each) => each === word)
}

export interface ReadableEntry {
  readonly type: string
  readonly actor: JournalActor
  readonly subject: JournalSubject
  readonly links: readonly string[]
}

export function mayRead(reader: JournalReader, entry: ReadableEntry): boolean {
  if (reader.all || !isRestricted(entry.type)) return true
  const { self } = reader
  if (self === '') return false
  return (
    entry.actor.id === self ||
    (entry.subject.kind === 'person' && entry.subject.id === self) ||
    entry.links.includes(`person:${self}`)
  )
}
