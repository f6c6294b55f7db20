// What the room needs from outside: who people are, how bytes leave, how secrets are sealed and links are signed.
import type { Registry } from 'prom-client'
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Urgency } from '../../kernel/severity.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { ConnectionKind, ContactKind, Message } from './core/index.ts'

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
  /** Its number among the attempts of this delivery; left out where nothing counts them. */
  readonly attempt?: number
  /** Short name of this delivery: what buttons and callbacks give back. Letters, digits, `_` and `-`. */
  readonly handle: string
  /** The handle, sealed: for providers that sign nothing. */
  readonly answerToken: string
  readonly urgency: Urgency
  readonly ackUrl: string | null
  readonly openUrl: string
  /** By the database clock, for signatures with a time. */
  readonly at: Instant
  /** For machines: what this is about. */
  readonly about: JsonObject
  /**
   * Asked right before the first byte that can reach a person, when the connection stands and all that the other side wants
   * to know first is said; throws when it was stopped. A process that dies before has used up no copy.
   */
  readonly beforeWrite: () => Promise<void>
  readonly signal: AbortSignal
}

export type ChannelOutcome =
  | {
      readonly kind: 'accepted'
      readonly receipt: string | null
      /** What the provider calls the message, when it can be changed later. */
      readonly ref?: JsonObject
    }
  /** Certainly not delivered, worth another attempt. */
  | { readonly kind: 'refused'; readonly because: string; readonly retryAfterMs?: number }
  /** Certainly not delivered, for good; `gone` when the contact itself no longer exists. */
  | { readonly kind: 'rejected'; readonly because: string; readonly gone?: boolean }
  /** It was written and no answer came. */
  | { readonly kind: 'lost'; readonly because: string }

export interface Channel {
  /** Answers an outcome and does not throw for what the other side does. */
  readonly send: (outgoing: Outgoing) => Promise<ChannelOutcome>
  /** Writes what became of the page into the message that was sent, without its buttons. */
  readonly update?: (edit: MessageEdit) => Promise<ChannelOutcome>
}

export interface MessageEdit {
  readonly address: string
  readonly ref: JsonObject
  readonly message: Message
  readonly handle: string
  /** `ana acknowledged.` */
  readonly sentence: string
  readonly openUrl: string
  readonly at: Instant
  readonly signal: AbortSignal
}

/** Several channels need a server of the operator's own or an account; without it they refuse and say so. */
export type Channels = Readonly<
  Record<'webpush' | 'email' | 'webhook', Channel> & Partial<Record<ContactKind, Channel>>
>

/** The installation's own bot or account at a provider. */
export interface Connector {
  /** Asks the provider whether the settings work, and tells it where we listen. Nothing is stored yet. */
  readonly prove: (settings: JsonObject, at: Instant) => Promise<ConnectorVerdict>
}

export type ConnectorVerdict =
  /** `settings` are what is kept, sealed; `shown` is the part people may see. */
  | { readonly ok: true; readonly settings: JsonObject; readonly shown: JsonObject }
  | { readonly ok: false; readonly because: string; readonly retry: boolean }

export type Connectors = Readonly<Record<ConnectionKind, Connector>>

/** What the provider calls back with, read and proved genuine by its adapter. */
export interface CallbackRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  readonly now: Instant
  /** The opened settings of the provider; null when it is not connected. */
  readonly settings: JsonObject | null
}

export interface CallbackReply {
  readonly status: number
  readonly type: string
  readonly body: string
}

export type CallbackIntent =
  /** Somebody pressed the button of a message, or answered it. `sender` is who, as contacts name them. */
  | { readonly kind: 'answer'; readonly handle: string; readonly sender: string | null }
  /** An answer that names no message: the newest open one sent to this contact is meant, or all of them. */
  | { readonly kind: 'answer-newest'; readonly channel: ContactKind; readonly identity: string; readonly all: boolean }
  | { readonly kind: 'fate'; readonly handle: string; readonly fate: string; readonly failed: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'forged'; readonly because: string }

export interface CallbackAnswer {
  /** For the person who pressed: what happened. */
  readonly sentence: string
  readonly done: boolean
}

export interface Callback {
  readonly connection: ConnectionKind
  readonly read: (request: CallbackRequest) => CallbackIntent
  /** In the provider's own format; null when there was nothing to do. */
  readonly reply: (request: CallbackRequest, answer: CallbackAnswer | null) => CallbackReply
}

/** Where providers call us, below `/hooks/`. */
export type Callbacks = Readonly<Record<string, Callback>>

export type PageAnswer =
  | { readonly state: 'acknowledged' }
  /** Somebody was faster; null when the alert ended by itself. */
  | { readonly state: 'already'; readonly by: string | null }

/** What only an installation with chat and telephone needs. */
export interface AnsweringPorts {
  readonly connectors: Connectors
  readonly callbacks: Callbacks
  readonly acknowledge: (order: { readonly alertId: string; readonly person: string }) => Promise<PageAnswer>
}

/** What a signed link lets its holder do, without a session. */
export type LinkSubject =
  | { readonly kind: 'alert'; readonly id: string }
  | { readonly kind: 'bundle'; readonly id: string }
  /** Proves that messages to the contact arrive. */
  | { readonly kind: 'contact'; readonly id: string }

export interface NotificationPorts {
  readonly people: People
  readonly channels: Channels
  readonly linkFor: (subject: LinkSubject, person: string, now: Instant) => string
  /** `context` binds the text to its place: moved elsewhere it does not open. */
  readonly seal: (text: string, context: string) => string
  readonly open: (sealed: string, context: string) => string
}

/** Who watches the paging from outside. */
export interface Watch {
  readonly registry: Registry
  /** One sign of life, in the words of whoever took it; null when nobody watches. */
  readonly beat: (() => Promise<string>) | null
}
