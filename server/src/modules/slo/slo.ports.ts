// What slo needs from outside. App joins it.
import type { Registry } from 'prom-client'
import type { Actor, Role } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { SloReader } from './import.ports.ts'

/** Something that was on for a while and may have spent budget of a service. */
export interface PossibleCause {
  readonly kind: 'incident' | 'change' | 'dependency'
  readonly id: string
  readonly label: string
  readonly from: Instant
  /** Null: it still goes on. */
  readonly to: Instant | null
}

/** A message to one person, of low urgency: whoever reads it acts in days, not at night. */
export interface Word {
  /** Names it: the same one is sent once. */
  readonly occasion: string
  readonly person: string
  readonly because: string
  readonly head: string
  readonly sentence: string
  readonly link: string
}

export interface SloPorts {
  /** Answers whether the person has a contact that works. Without it nobody is told. */
  readonly tell?: (tx: Tx, word: Word) => Promise<boolean>
  /** Who is on call in these schedules at an instant; a later room knows. */
  readonly onCallIn?: (queries: Queries, schedules: readonly string[], at: Instant) => Promise<readonly string[]>
  /** The catalog's name of whoever acts; null for service keys and automation. */
  readonly declaredNameOf?: (queries: Queries, actor: Actor) => Promise<string | null>
  /** Role and teams of the account behind a Person of the catalog; null when there is none that may sign in. */
  readonly authorityOf?: (
    queries: Queries,
    person: string,
  ) => Promise<{ readonly role: Role; readonly teams: readonly string[] } | null>
  /** Formats of other tools that objectives are read from; without any, OpenSLO v1 alone. */
  readonly readers?: readonly SloReader[]
  /** Incidents and changes of a service in a stretch of time; rooms later in the order know them. */
  readonly causes?: (queries: Queries, service: string, from: Instant, to: Instant) => Promise<readonly PossibleCause[]>
  /** How often people were paged about each service in a stretch of time; a later room knows. */
  readonly pagesOf?: (queries: Queries, from: Instant, to: Instant) => Promise<ReadonlyMap<string, number>>
  /** The process's Prometheus registry; without it no gauges are kept. */
  readonly registry?: Registry
}
