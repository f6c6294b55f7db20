// What slo needs from outside. App joins it.
import type { Registry } from 'prom-client'
import type { Instant } from '../../kernel/instant.ts'
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

export interface SloPorts {
  /** Formats of other tools that objectives are read from; without any, OpenSLO v1 alone. */
  readonly readers?: readonly SloReader[]
  /** Incidents and changes of a service in a stretch of time; rooms later in the order know them. */
  readonly causes?: (queries: Queries, service: string, from: Instant, to: Instant) => Promise<readonly PossibleCause[]>
  /** The process's Prometheus registry; without it no gauges are kept. */
  readonly registry?: Registry
}
