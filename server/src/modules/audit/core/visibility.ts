// Who may read an entry. Everybody may read how the service is run; what tells about people's sign-ins, keys and
// accounts is for administrators and for those it is about.
import { type Actor, roleAtLeast } from '../../../kernel/actor.ts'
import type { JournalActor, JournalSubject } from './journal-entry.ts'

/** First words of the types that only administrators and those concerned may read. */
export const restrictedWords = ['session', 'sign-in', 'key', 'person', 'setup'] as const

/**
 * Restricted incidents as one reader stands to them. An entry that carries the link `restricted:<id>` is read only by
 * those to whom that incident is open, so an entry of one declared a moment ago is safe before anybody asked again.
 */
export interface Restrictions {
  /** Incidents the reader may read although they are restricted. */
  readonly open: readonly string[]
  /** Incidents the reader may not read: what was written before they were restricted is closed too. */
  readonly closed: readonly string[]
}

export const noRestrictions: Restrictions = { open: [], closed: [] }

export type JournalReader =
  | { readonly all: true }
  | { readonly all: false; readonly self: string; readonly restrictions: Restrictions }

export function readerOf(actor: Actor, restrictions: Restrictions = noRestrictions): JournalReader {
  const known = actor.kind === 'person' || actor.kind === 'key'
  return known && roleAtLeast(actor.role, 'admin')
    ? { all: true }
    : { all: false, self: known ? actor.id : '', restrictions }
}

const restrictedLink = 'restricted:'

function isClosed({ open, closed }: Restrictions, { subject, links }: ReadableEntry): boolean {
  if (subject.kind === 'incident' && closed.includes(subject.id)) return true
  return links.some((link) =>
    link.startsWith(restrictedLink)
      ? !open.includes(link.slice(restrictedLink.length))
      : link.startsWith('incident:') && closed.includes(link.slice('incident:'.length)),
  )
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
  if (reader.all) return true
  if (isClosed(reader.restrictions, entry)) return false
  if (!isRestricted(entry.type)) return true
  const { self } = reader
  if (self === '') return false
  return (
    entry.actor.id === self ||
    (entry.subject.kind === 'person' && entry.subject.id === self) ||
    entry.links.includes(`person:${self}`)
  )
}
