// One model for every chat: rooms, messages, people. An adapter translates it and decides nothing.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Perform } from '../../platform/http/perform.ts'
import type { ChatAction, ChatMessage } from './core/index.ts'

export const chatProviders = ['slack', 'mattermost', 'teams'] as const
export type ChatProvider = (typeof chatProviders)[number]
/** A bot can make nothing there that only some people read: restricted incidents have no room in these. */
export const openToAll: ReadonlySet<ChatProvider> = new Set(['teams'])

export type ChatOutcome<Value = null> =
  | { readonly kind: 'done'; readonly value: Value }
  /** Certainly not done; the chat is away, busy, or does not take our token. */
  | {
      readonly kind: 'wait'
      readonly because: string
      readonly afterMs: number | null
      /** Until somebody enters another token. */
      readonly locked?: true
    }
  /** It was written and no answer came. */
  | { readonly kind: 'lost'; readonly because: string }
  /** Certainly not done, and asking again changes nothing. */
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly because: string }
/** `message-gone`: somebody removed the message over there. */
export type RefusalCode = 'name-taken' | 'room-gone' | 'message-gone' | 'other'

export interface PlaceOfRoom {
  readonly place: string
  readonly name: string
  readonly url: string
  /** The message it began with, when it was made just now with the summary. */
  readonly begunWith?: string
}

export interface ChatUser {
  readonly name: string
  readonly email: string | null
  /** Why the address proves nothing; null when it does. */
  readonly because: string | null
  /** What a contact of theirs there is called, when that is not their id: a channel with the bot. */
  readonly contact: string | null
}

/** One thing that must hold before incidents can be led there. */
export interface ChatCheck {
  readonly name: string
  readonly ok: boolean
  /** What holds, or what to do about it. */
  readonly sentence: string
}

/** What every chat must be able to do. Nothing throws for what the other side does. */
export interface ChatRoom {
  readonly provider: ChatProvider
  /** As people call it. */
  readonly title: string
  readonly longestName: number
  readonly isConnected: () => Promise<boolean>
  readonly open: (room: {
    readonly name: string
    readonly isPrivate: boolean
    /** What it begins with, where a room begins with a message. */
    readonly summary: Posting
  }) => Promise<ChatOutcome<PlaceOfRoom>>
  /** A room of this name that we made ourselves: the one whose making was cut off. */
  readonly findOwn: (name: string) => Promise<ChatOutcome<PlaceOfRoom | null>>
  readonly post: (place: string, message: Posting) => Promise<ChatOutcome<string>>
  /** The message that carries the key, if it arrived. */
  readonly findPost: (place: string, key: string) => Promise<ChatOutcome<string | null>>
  readonly change: (place: string, ref: string, message: Posting) => Promise<ChatOutcome>
  readonly pin: (place: string, ref: string) => Promise<ChatOutcome>
  readonly setTopic: (place: string, topic: string) => Promise<ChatOutcome>
  readonly invite: (place: string, users: readonly string[]) => Promise<ChatOutcome>
  readonly archive: (place: string) => Promise<ChatOutcome>
  readonly findUser: (email: string) => Promise<ChatOutcome<string | null>>
  readonly describeUser: (user: string) => Promise<ChatOutcome<ChatUser>>
  /** Only the one who asked sees it. */
  readonly answer: (to: JsonObject, text: string) => Promise<ChatOutcome>
  readonly openForm: (trigger: string, form: ChatForm) => Promise<ChatOutcome>
  /** Changes nothing and shows nobody anything. */
  readonly check: () => Promise<readonly ChatCheck[]>
}

export interface Posting {
  readonly message: ChatMessage
  readonly key: string
  /** The message that says how it stands, and stays. */
  readonly isSummary: boolean
  /** What buttons give back. */
  readonly incidentId: string
}

/** What is asked for in a window of the chat's own. */
export interface ChatForm {
  readonly asks: FormAsk
  /** Who is asked: nobody else may send it in. */
  readonly user: string
  readonly title: string
  readonly submit: string
  readonly fields: readonly FormField[]
  /** Where it was asked for: the answer goes there. */
  readonly place: string | null
}

export type FormAsk = { readonly kind: 'update'; readonly incidentId: string } | { readonly kind: 'declare' }

export interface FormField {
  readonly name: string
  readonly label: string
  /** To begin with. */
  readonly text: string
  readonly type: 'line' | 'text' | 'choice'
  readonly choices: readonly string[]
  readonly optional: boolean
}

/** What came in, proved genuine and read by its adapter. `key` is the same when it comes again. */
export type Inbound = { readonly key: string; readonly place: string | null } & (
  | ({ readonly user: string } & FromPerson)
  | {
      readonly kind: 'pinned'
      /** Who pinned it; null where the chat does not say. */
      readonly user: string | null
      readonly author: string | null
      readonly text: string
      readonly at: Instant
      readonly ref: string
    }
)

type FromPerson =
  | {
      readonly kind: 'command'
      readonly text: string
      readonly answerTo: JsonObject
      readonly trigger: string | null
    }
  | {
      readonly kind: 'press'
      readonly action: ChatAction
      readonly incidentId: string
      readonly answerTo: JsonObject
      readonly trigger: string | null
    }
  | { readonly kind: 'form'; readonly incidentId: string; readonly text: string; readonly answerTo: JsonObject | null }
  | {
      readonly kind: 'declaration'
      readonly title: string
      readonly severity: string | null
      readonly answerTo: JsonObject | null
    }
  | { readonly kind: 'said'; readonly text: string; readonly at: Instant; readonly ref: string }
  /** The button of a page, which the same app shows. */
  | { readonly kind: 'page'; readonly handle: string; readonly answerTo: JsonObject }

export interface InboundRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  readonly now: Instant
}

export type InboundRead =
  | { readonly kind: 'forged'; readonly because: string }
  /** The provider asks whether we listen. */
  | { readonly kind: 'challenge'; readonly answer: string }
  /**
   * `reply` is the JSON the chat wants to hear; nothing unless said. With `respond` it waits for what became of it, and
   * the person sees that and nothing else.
   */
  | {
      readonly kind: 'read'
      readonly inbound: Inbound | null
      readonly reply?: string
      readonly respond?: (said: SaidBack) => string
    }

export type SaidBack =
  | { readonly kind: 'said'; readonly sentence: string | null }
  | { readonly kind: 'form'; readonly form: ChatForm }
  /** It goes on; the answer comes as any other. */
  | { readonly kind: 'later' }

export type InboundDoor = 'events' | 'commands' | 'interactions'

export interface ChatListener {
  /** Where the chat is told to call, in its own words. */
  readonly doors: readonly { readonly door: InboundDoor; readonly label: string }[]
  readonly read: (door: InboundDoor, request: InboundRequest) => Promise<InboundRead>
  /** It holds a connection of its own; else the chat calls us. */
  readonly connects: boolean
  /** Keeps a connection open, or reads what never came, for as long as that is wanted; null where the chat has none. */
  readonly listen: ((order: ListenOrder) => { readonly stop: () => Promise<void> }) | null
}

export interface ListenOrder {
  /** Whether incidents get rooms there: without, a chat is not listened to unless it was told to. */
  readonly declared: () => Promise<boolean>
  /** What people write goes into the timeline. */
  readonly keeps: () => Promise<boolean>
  /** Resolves when it is kept; only then is it taken from the chat. */
  readonly take: (inbound: Inbound) => Promise<void>
  readonly seen: () => Promise<void>
  readonly now: () => Promise<Instant>
  /** When anybody of us was last connected; null when nobody ever was. */
  readonly lastSeen: () => Promise<Instant | null>
  /** The rooms that are open: what was said there meanwhile is asked for by chats that do not repeat it. */
  readonly places: () => Promise<readonly string[]>
}

export interface ChatPorts {
  readonly chats: Readonly<Partial<Record<ChatProvider, { readonly room: ChatRoom; readonly listener: ChatListener }>>>
  /** The operations of the house, with everything that holds at its HTTP door. */
  readonly perform: Perform
  readonly personOf: (actor: Actor) => Promise<string>
  readonly declaredNameOf: (actor: Actor) => Promise<string | null>
  /** The account with this address; null when there is none or it is disabled. */
  readonly actorOfEmail: (email: string) => Promise<Actor | null>
  /** The address of whoever's verified contact at the chat this is. */
  readonly emailOfContact: (provider: ChatProvider, user: string) => Promise<string | null>
  readonly emailOf: (queries: Queries, person: string) => Promise<string | null>
  /** Whoever was paged for these alerts. */
  readonly pagedFor: (queries: Queries, alerts: readonly string[]) => Promise<readonly string[]>
  readonly linesOf: (
    queries: Queries,
    links: readonly string[],
    after: number,
    limit: number,
  ) => Promise<
    readonly {
      readonly id: number
      readonly at: Instant
      readonly type: string
      readonly actor: { readonly kind: string; readonly id: string; readonly name: string }
      readonly data: JsonObject
      readonly reason: string | null
    }[]
  >
  readonly answerPage: (order: { readonly handle: string; readonly sender: string }) => Promise<string>
}
