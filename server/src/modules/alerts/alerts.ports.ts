// What alerts needs from outside: the room that pages, and the readers of foreign formats. App joins them.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Urgency } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { AlertRow } from './alerts.store.ts'
import type { Ending, IntakePolicy, Matcher, Routing, Signal, SignalDraft, Standing } from './core/index.ts'

/** Another alert that a page speaks of, by its service's name here or, when the catalog has none, at its sender. */
export interface Companion {
  readonly service: string | null
  readonly title: string
}

/** What the pages of an alert say from now on: whom they speak of first, and of how many more. */
export interface PageTold {
  readonly alertId: string
  readonly speaker: AlertRow
  /** How many more there are, and those to be named first: the worst, and of these the oldest. */
  readonly others: { readonly count: number; readonly named: readonly Companion[] }
}

/** By the alert a page was made for, which may be over while others of its group still fire. */
export interface Paging {
  /** Opens the escalation in the transaction that opens the alert; answers what was decided, for the trace. */
  readonly open: (tx: Tx, alert: AlertRow) => Promise<{ readonly verdict: string; readonly because: string }>
  readonly standing: (queries: Queries, alertId: string) => Promise<Standing>
  /** Of many at once; what is not in it has no page. */
  readonly standings: (queries: Queries, alertIds: readonly string[]) => Promise<ReadonlyMap<string, Standing>>
  readonly acknowledge: (tx: Tx, alertId: string, by: string) => Promise<void>
  readonly unacknowledge: (tx: Tx, alertId: string, by: string) => Promise<void>
  readonly snooze: (tx: Tx, alertId: string, by: string, until: Instant) => Promise<void>
  readonly resolve: (tx: Tx, alertId: string, ended: Ending) => Promise<void>
  readonly raise: (tx: Tx, alert: AlertRow, because: string) => Promise<void>
  readonly describe: (tx: Tx, pages: readonly PageTold[]) => Promise<void>
  readonly pagesOf: (queries: Queries, alertId: string) => Promise<readonly PageSeen[]>
}

export interface PageSeen {
  /** Null for a webhook, which is then named. */
  readonly person: string | null
  readonly webhook: string | null
  readonly channel: string
  readonly state: string
  readonly at: Instant
  readonly because: string | null
}

export type PostedSilenceReading =
  | {
      readonly ok: true
      readonly silence: {
        readonly id: string | null
        readonly matchers: readonly Matcher[]
        readonly startsAt: Instant
        readonly endsAt: Instant
        readonly createdBy: string
        readonly comment: string
      }
    }
  | { readonly ok: false; readonly status: number; readonly code: number; readonly message: string }

export interface LineNote {
  readonly line: number
  readonly detail: string
}

export type RoutingReading =
  | { readonly ok: true; readonly routing: Routing; readonly notes: readonly LineNote[]; readonly redacted: string }
  | { readonly ok: false; readonly faults: readonly LineNote[] }

/** Where signals go while the database is away. */
export interface Refuge {
  /** Everything goes there, so that an end does not overtake its beginning. */
  readonly isOpen: () => boolean
  /** Waits for the last moment of a landing: then it is known which way to go. */
  readonly ready: () => Promise<void>
  /** The database's clock, carried on; null when it was never read. */
  readonly now: () => Instant | null
  /** Somebody found the database away: it is looked after at once. */
  readonly doubt: () => void
  /** Resolves with the id of the journal entry when it is on the disk. */
  readonly take: (intake: {
    readonly source: string
    readonly signals: readonly Signal[]
    readonly policy: IntakePolicy
    readonly actor: Actor
  }) => Promise<string>
  /** An acknowledgement that names the alert as its sender does. */
  readonly acknowledge: (of: {
    readonly source: string
    readonly key: string
    readonly actor: Actor
  }) => Promise<string>
}

/** A message that would leave. */
export interface ForeseenPage {
  readonly at: string
  readonly person: string
  readonly channel: string
  readonly level: number | null
  readonly because: string
}

/** Who would be paged for an alert, by the same rules that page. */
export interface Foreseen {
  readonly policy: string
  readonly because: string
  /** False: nobody can be told by it, nor anybody behind it. */
  readonly reaches: boolean
  readonly steps: readonly ForeseenPage[]
}

/** An alert in a body's text. */
export interface AlertPiece {
  readonly text: string
  /** The text without its end, the same for all repetitions. */
  readonly words: string
  readonly endsAt: string
}

/** `over`: the tracker says that it is closed. `lost`: nobody looks after it any more. */
export type TicketStanding = 'open' | 'over' | 'lost'

export interface KnownTicket {
  readonly id: string
  /** As the tracker calls it. */
  readonly key: string
  readonly standing: TicketStanding
}

export interface KnownTickets {
  /** By its id, or as its tracker calls it: several trackers may use one name. Those of restricted incidents are not told. */
  readonly named: (tx: Tx, name: string) => Promise<readonly KnownTicket[]>
  /** As the trackers said last; what is not in it is lost. */
  readonly standings: (queries: Queries, ids: readonly string[]) => Promise<ReadonlyMap<string, TicketStanding>>
}

export interface AlertsPorts {
  readonly refuge?: Refuge
  /** Left out, nobody can say who would be paged. */
  readonly foresee?: (of: {
    readonly service: string | null
    readonly team: string | null
    readonly urgency: Urgency
    readonly at: Instant
  }) => Promise<Foreseen>
  readonly paging: Paging
  /** An incident that is not over and that everybody may read, held until the commit; null when there is none. Left out, none is known. */
  readonly openIncident?: (tx: Tx, id: string) => Promise<{ readonly number: string } | null>
  /** What later rooms know of tickets at trackers. Left out, none is known. */
  readonly tickets?: KnownTickets
  /** Tells whoever made a silence that it ends soon; false when there is no way to that person. */
  readonly remindOfSilence?: (
    tx: Tx,
    of: {
      readonly id: string
      readonly person: string
      readonly reason: string
      readonly endsAt: Instant
      /** Open alerts that are told when it ends. */
      readonly held: number
    },
  ) => Promise<boolean>
  /** The catalog's name of whoever acts, so that alerts and pages speak of the same person. */
  readonly personOf: (actor: Actor) => Promise<string>
  /** Who a token in a body belongs to, for senders that carry it there; null when it is none of ours. */
  readonly actorOfToken: (token: string) => Promise<Actor | null>
  readonly readAlertmanager: (body: unknown) =>
    | { readonly ok: true; readonly drafts: readonly SignalDraft[] }
    | {
        readonly ok: false
        readonly detail: string
        readonly status?: number
        readonly code?: number
      }
  /** The alerts of such a body as pieces of its text; null when only a parser can tell. */
  readonly splitAlertmanager: (text: string) => readonly AlertPiece[] | null
  readonly readSilence: (body: unknown) => PostedSilenceReading
  /** Reads a routing file; `redacted` is the same text without the secrets of its receivers. */
  readonly readRouting: (text: string) => RoutingReading
  /** Events whose routing key is no API key: a later room may know it. Null when it does not either. */
  readonly takeElsewhere?: (event: JsonObject) => Promise<{ readonly status: number; readonly body: unknown } | null>
  readonly readPagerDuty: (body: unknown) =>
    | {
        readonly ok: true
        readonly event: {
          readonly routingKey: string
          readonly action: 'trigger' | 'acknowledge' | 'resolve'
          readonly dedupKey: string | null
          readonly draft: SignalDraft
        }
      }
    | { readonly ok: false; readonly errors: readonly string[] }
}
