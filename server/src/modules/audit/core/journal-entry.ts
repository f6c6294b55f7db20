// One line of the journal and the bytes that stand for it in the tree.
import canonicalize from 'canonicalize'
import type { Actor } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { utf8 } from './bytes.ts'

export interface JournalActor {
  readonly kind: Actor['kind']
  readonly id: string
  readonly name: string
}

export interface JournalSubject {
  /** The trade's word for the thing: `alert`, `incident`, `objective`. */
  readonly kind: string
  readonly id: string
}

export interface JournalEntry {
  readonly id: number
  readonly at: Instant
  /** A past event, `room.happening`: `alert.opened`. */
  readonly type: string
  readonly actor: JournalActor
  readonly subject: JournalSubject
  /** Other things it concerns, `kind:id`. */
  readonly links: readonly string[]
  readonly reason: string | null
  readonly data: JsonObject
  readonly before: JsonObject | null
  readonly after: JsonObject | null
}

/** Records that entries, named in `links` as `journal-entry:<id>`, lost their text to a right-to-erasure request. */
export const erasureType = 'audit.entry-erased'

/** Records that the journal goes on from a backup; `data` is `{ formerOrigin, keptSize }`. */
export const restoreType = 'audit.restored'

/**
 * RFC 8785 canonical JSON of the entry. With a salt (random, at least 16 bytes, kept beside the entry) the leaf hash is
 * a commitment: once entry and salt are erased nobody can guess a name back out of the hash.
 */
export function entryBytes(entry: JournalEntry, salt: string | null): Uint8Array {
  // Field by field: a store's extra columns must never reach the hash.
  const { id, at, type, actor, subject, links, reason, data, before, after } = entry
  const text = canonicalize({
    id,
    at,
    type,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    subject: { kind: subject.kind, id: subject.id },
    links,
    reason,
    data,
    before,
    after,
    ...(salt === null ? {} : { salt }),
  })
  if (text === undefined) throw new Error('Invariant broken: an entry always has a canonical form')
  return utf8(text)
}
