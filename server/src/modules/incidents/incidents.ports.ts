// What incidents needs from rooms and joins it does not know itself; app hands it in.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Interval } from '../../kernel/interval.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { IncidentReader, MeasuredSeries, Rota } from './core/index.ts'
import type { IncidentRow } from './incidents.store.ts'
import type { NeedItem } from './overview.contract.ts'

export interface JournalLine {
  readonly id: number
  readonly at: Instant
  readonly type: string
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string }
  readonly data: JsonObject
  readonly reason: string | null
}

export interface UpdateReminder {
  readonly incident: {
    readonly id: string
    readonly number: number
    readonly title: string
    readonly severity: string
    readonly kind: string
  }
  readonly person: string
  readonly since: Instant
  /** Names this reminder: the same occasion is told once. */
  readonly occasion: string
  /** Of what: an update that was promised, or the end of planned work. */
  readonly what: 'update' | 'end'
}

export interface IncidentsPorts {
  readonly personOf: (actor: Actor) => Promise<string>
  /** The catalog's name of whoever acts; null for keys, automation and accounts without a Person. */
  readonly declaredNameOf: (actor: Actor) => Promise<string | null>
  /** Entries whose subject or links are among these `kind:id`, by id; of more than the limit, the oldest unless said otherwise. */
  readonly linesOf: (
    queries: Queries,
    links: readonly string[],
    after: number,
    limit: number,
    which?: 'oldest' | 'newest',
  ) => Promise<readonly JournalLine[]>
  /** Burn rate of the service's worst objective; null without data. */
  readonly burnOf: (queries: Queries, service: string) => Promise<number | null>
  /** By the minute, all that is measured of these services and of their calls; left out, alerts alone say where to look. */
  readonly measured?: (
    queries: Queries,
    services: readonly string[],
    within: Interval,
  ) => Promise<readonly MeasuredSeries[]>
  readonly objectiveCounts: (
    queries: Queries,
  ) => Promise<{ readonly total: number; readonly healthy: number; readonly needs: readonly NeedItem[] }>
  /** Sends a reminder to one person's first contact; answers whether there is one. Left out, only the console reminds. */
  readonly remind?: (tx: Tx, order: UpdateReminder) => Promise<boolean>
  /** Pages the rota of a role that nobody holds; left out, nobody is paged for one. Null for the rota: the incident's own way. */
  readonly pageRole?: (
    tx: Tx,
    order: {
      readonly incident: IncidentRow
      readonly actor: Actor
      readonly key: string
      readonly rota: Rota | null
      readonly message: string
    },
  ) => Promise<{ readonly rota: string | null; readonly because: string }>
  /** Somebody took the role: nobody is paged for it any more. */
  readonly endRolePage?: (tx: Tx, key: string) => Promise<void>
  /** Reviews and corrective actions that are overdue. */
  readonly learningNeeds?: (queries: Queries, reader: IncidentReader) => Promise<readonly NeedItem[]>
  /** Steps of workflows that wait for a person. */
  readonly workflowNeeds?: (queries: Queries, reader: IncidentReader) => Promise<readonly NeedItem[]>
  /** Gaps of the next seven days in schedules that somebody pages by. */
  readonly onCallNeeds: (queries: Queries) => Promise<readonly NeedItem[]>
}
