// What the room needs from outside.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { LinkSigner } from '../../platform/secrets/index.ts'
import type { Notifier } from '../notifications/index.ts'
import type { CalendarFormat } from './calendar.ports.ts'
import type { ReadScheduleExport } from './import.ports.ts'
import type { EscalationRow } from './oncall.store.ts'

export type LinkAnswer =
  | { readonly state: 'acknowledged' }
  /** Somebody was faster; null when the alert ended by itself. */
  | { readonly state: 'already'; readonly by: string | null }

/** What is known of escalations while the database is away. */
export interface Aboard {
  /** The database is known to be away. */
  readonly isOpen: () => boolean
  readonly doubt: () => void
  /** The database's clock, carried on; null when it was never read. */
  readonly now: () => Instant | null
  readonly zoneOf: (person: string) => string
  readonly escalationOf: (alert: string) => Promise<EscalationRow | null>
  /** `by` is whoever had it before; resolves when it is on the disk. */
  readonly acknowledge: (order: {
    readonly alert: string
    readonly by: string
    readonly actor: Actor
  }) => Promise<{ readonly row: EscalationRow; readonly by: string | null } | null>
}

/** One line of a hand-over note, under its heading. */
export interface HandOverFact {
  readonly heading: string
  readonly sentence: string
  readonly link: string | null
}

export interface OncallPorts {
  readonly aboard?: Aboard
  readonly notifier: Notifier
  /** The catalog's name of whoever acts; null when there is none. */
  readonly nameOf: (actor: Actor) => Promise<string | null>
  /** People to page when nothing else says whom: administrators, by their names in the catalog. */
  readonly lastResort: (queries: Queries) => Promise<readonly string[]>
  /** Until when everything a page tells of is silenced; null when somebody is to hear of it. Left out, nothing ever is. */
  readonly heldUntil?: (
    tx: Tx,
    alertId: string,
  ) => Promise<{ readonly until: Instant; readonly because: string } | null>
  /** What later rooms know that whoever comes on call should: open incidents, silences, changes. Left out, nothing. */
  readonly handOverFacts?: (
    queries: Queries,
    of: { readonly services: readonly string[]; readonly from: Instant; readonly to: Instant },
  ) => Promise<readonly HandOverFact[]>
  /** How long pages are kept at least; null or left out: for ever. */
  readonly pagesKeptMs?: number | null
  readonly links: LinkSigner
  readonly calendar: CalendarFormat
  readonly readScheduleExport: ReadScheduleExport
  /** Acknowledges in the room that owns alerts, as the person, once. Refuses with an AppError when it cannot. */
  readonly acknowledge: (order: { readonly alertId: string; readonly person: string }) => Promise<LinkAnswer>
  /** Says in the room that owns alerts whether it was worth it; left out, nobody is asked. */
  readonly rate?: (order: {
    readonly alertId: string
    readonly person: string
    readonly useful: boolean
  }) => Promise<void>
}
