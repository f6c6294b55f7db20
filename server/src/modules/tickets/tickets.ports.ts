// One port for every tracker; an adapter translates it and decides nothing. And what tickets need from earlier rooms.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Speech, StateMapping, SubjectKind, TicketDraft, TicketState, TicketSubject } from './core/index.ts'

export const trackers = ['github', 'gitlab', 'jira', 'servicenow'] as const
export type TrackerName = (typeof trackers)[number]

export type TrackerOutcome<Value = null> =
  | { readonly kind: 'done'; readonly value: Value }
  /** Certainly not done; the tracker is away, busy, or does not take our token. */
  | { readonly kind: 'wait'; readonly because: string; readonly afterMs: number | null }
  /** It was written and no answer came. */
  | { readonly kind: 'lost'; readonly because: string }
  /** Certainly not done, and asking again changes nothing. */
  | { readonly kind: 'refused'; readonly because: string; readonly gone?: true }

/** As typed in, and as kept sealed: whatever the tracker needs. */
export interface TrackerSettings {
  readonly url: string
  readonly project: string
  /** With a user the token is a password of theirs (Jira Cloud, ServiceNow); without, a bearer token. */
  readonly user: string | null
  readonly token: string
  /** Signs what the tracker sends us; null: it does not call us. */
  readonly hookSecret: string | null
  /** Issue type or table; the tracker's usual one unless said. */
  readonly type: string | null
  /** What the tracker told of itself when it was proved: the kind of Jira, the id of the repository or project. */
  readonly flavour: string | null
}

export interface RemoteTicket {
  /** What its address is made of. */
  readonly ref: string
  /** As people call it: `#12`, `OPS-12`, `INC0010012`. */
  readonly key: string
  readonly url: string
  readonly title: string
  readonly stateName: string
  /** What the state means by the tracker's own order of things; null when it has none. */
  readonly category: TicketState | null
}

export type HookRead =
  | { readonly kind: 'forged'; readonly because: string }
  /** `ref` and `key` as far as the call tells them; null: it is about something else. */
  | { readonly kind: 'about'; readonly ref: string | null; readonly key: string | null }

export interface Tracker {
  readonly name: TrackerName
  /** As people call it. */
  readonly title: string
  readonly speech: Speech
  /** What it is, who we are there, and that the project is seen. */
  readonly prove: (
    settings: TrackerSettings,
  ) => Promise<TrackerOutcome<{ readonly shown: JsonObject; readonly flavour: string | null }>>
  readonly create: (settings: TrackerSettings, draft: TicketDraft) => Promise<TrackerOutcome<RemoteTicket>>
  /** The ticket that carries the mark, made after this instant. */
  readonly findByMark: (
    settings: TrackerSettings,
    mark: string,
    since: Instant,
  ) => Promise<TrackerOutcome<RemoteTicket | null>>
  readonly read: (settings: TrackerSettings, ref: string) => Promise<TrackerOutcome<RemoteTicket>>
  readonly move: (
    settings: TrackerSettings,
    ref: string,
    to: { readonly state: TicketState; readonly names: readonly string[]; readonly note: string },
  ) => Promise<TrackerOutcome>
  /** What people write as its name, as an address; null when it is none, or of another place. */
  readonly refOf: (settings: TrackerSettings, written: string) => string | null
  readonly comment: (settings: TrackerSettings, ref: string, text: string) => Promise<TrackerOutcome>
  readonly readHook: (settings: TrackerSettings, request: HookRequest) => HookRead
}

export interface HookRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  readonly now: Instant
}

/** What a ticket is about, as it stands now. */
export interface Standing extends TicketSubject {
  readonly incidentId: string
  readonly services: readonly string[]
  readonly state: TicketState
}

export interface TicketsPorts {
  readonly trackers: Readonly<Record<TrackerName, Tracker>>
  readonly seal: (text: string, context: string) => string
  readonly open: (sealed: string, context: string) => string
  readonly personOf: (actor: Actor) => Promise<string>
  readonly declaredNameOf: (actor: Actor) => Promise<string | null>
  /** Null when it is not there any more. */
  readonly standingOf: (queries: Queries, subject: { kind: SubjectKind; id: string }) => Promise<Standing | null>
  /**
   * Moves what the ticket is about, and says what it became, which is not always what was asked. `held`: what is measured
   * speaks against it, or something is missing.
   */
  readonly moveSubject: (
    subject: { readonly kind: SubjectKind; readonly id: string },
    to: TicketState,
    because: string,
  ) => Promise<
    { readonly kind: 'done'; readonly as: TicketState } | { readonly kind: 'held'; readonly because: string }
  >
}

export interface ConnectionOrder {
  readonly name: string
  readonly tracker: TrackerName
  readonly url: string
  readonly project: string
  /** Left out, what is kept of the same tracker stays; null takes it away. */
  readonly user?: string | null
  readonly type?: string | null
  readonly states?: StateMapping
  readonly token?: string
  readonly hookSecret?: string
}
