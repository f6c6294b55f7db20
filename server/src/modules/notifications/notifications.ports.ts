// What the room needs from outside: who people are, how bytes leave, how secrets are sealed and links are signed.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Urgency } from '../../kernel/severity.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { ContactKind, Message } from './core/index.ts'

export interface PersonDescription {
  readonly displayName: string
  readonly email: string | null
  /** IANA; null when nothing is known. */
  readonly timeZone: string | null
}

export interface People {
  /** The catalog's name of whoever acts; null for keys and people without a Person. */
  readonly nameOf: (actor: Actor) => Promise<string | null>
  /** Several at once: a policy may name hundreds. Unknown names are left out. */
  readonly describe: (queries: Queries, people: readonly string[]) => Promise<ReadonlyMap<string, PersonDescription>>
}

export interface Outgoing {
  /** As the contact was saved: an e-mail address, or JSON of the kind's own shape. */
  readonly address: string
  /** The link to acknowledge already stands in the text. */
  readonly message: Message
  /** The same for every attempt of this delivery. */
  readonly key: string
  readonly urgency: Urgency
  readonly ackUrl: string | null
  readonly openUrl: string
  /** By the database clock, for signatures with a time. */
  readonly at: Instant
  /** For machines: what this is about. */
  readonly about: JsonObject
  /** Asked when the connection stands and before the first byte of the message; throws when it was stopped. */
  readonly beforeWrite: () => Promise<void>
  readonly signal: AbortSignal
}

export type ChannelOutcome =
  | { readonly kind: 'accepted'; readonly receipt: string | null }
  /** Certainly not delivered, worth another attempt. */
  | { readonly kind: 'refused'; readonly because: string; readonly retryAfterMs?: number }
  /** Certainly not delivered, for good; `gone` when the contact itself no longer exists. */
  | { readonly kind: 'rejected'; readonly because: string; readonly gone?: boolean }
  /** It was written and no answer came. */
  | { readonly kind: 'lost'; readonly because: string }

export interface Channel {
  /** Answers an outcome and does not throw for what the other side does. */
  readonly send: (outgoing: Outgoing) => Promise<ChannelOutcome>
}

/** What a signed link lets its holder do, without a session. */
export type LinkSubject =
  | { readonly kind: 'alert'; readonly id: string }
  | { readonly kind: 'bundle'; readonly id: string }
  /** Proves that messages to the contact arrive. */
  | { readonly kind: 'contact'; readonly id: string }

export interface NotificationPorts {
  readonly people: People
  readonly channels: Readonly<Record<ContactKind, Channel>>
  readonly linkFor: (subject: LinkSubject, person: string, now: Instant) => string
  /** `context` binds the text to its place: moved elsewhere it does not open. */
  readonly seal: (text: string, context: string) => string
  readonly open: (sealed: string, context: string) => string
}
