// What telemetry needs from outside. App joins it.
import type { Registry } from 'prom-client'
import type { Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { AskedCheck, Observation } from './core/index.ts'

export interface RangeSample {
  readonly at: Instant
  readonly value: number
}

export type RangeAnswer =
  | {
      readonly state: 'read'
      readonly series: readonly {
        readonly labels: Readonly<Record<string, string>>
        readonly samples: readonly RangeSample[]
      }[]
    }
  | {
      readonly state: 'failed'
      readonly because: 'unreachable' | 'bad-answer' | 'partial' | 'refused' | 'too-much'
      readonly detail: string
    }

export interface TelemetryPorts {
  readonly egress: {
    /** The connectors `probe` and `prometheus:<data source>`: an administrator says what each may reach. */
    readonly fetch: (
      connector: string,
      limits: {
        readonly maxReplyBytes: number
        readonly timeouts: { readonly headersMs: number; readonly totalMs: number }
      },
    ) => typeof fetch
  }
  /** integrations/probing: asks once, within the check's timeout, and never throws for what the target does. */
  readonly observe: (check: AskedCheck) => Promise<Observation>
  readonly pause: (ms: number) => Promise<void>
  /** The text of a named secret for requests to this address; an AppError that says what is missing, else. */
  readonly secret: (name: string, url: string) => string
  /** Opens the port for OTLP over gRPC; null when the operator wants none. */
  readonly listenGrpc:
    | ((
        receive: (sender: {
          readonly token: string | null
          readonly address: string
          readonly body: Uint8Array
        }) => Promise<Uint8Array>,
      ) => Promise<{ readonly port: number; stop(): Promise<void> }>)
    | null
  /** Throws when the bearer may not do what the permission table calls `operationId`, or asks too often. */
  readonly admitToken: (
    sender: { readonly token: string | null; readonly address: string },
    operationId: string,
  ) => Promise<void>
  /** integrations/prometheus: `queryRange`. */
  readonly queryRange: (
    fetch: typeof globalThis.fetch,
    query: {
      readonly url: string
      readonly query: string
      readonly from: Instant
      readonly to: Instant
      /** Null: the samples of a plain selector as they were scraped, after `from` up to `to`. */
      readonly stepMs: number | null
    },
  ) => Promise<RangeAnswer>
  /** Where this process' own measurements are kept. */
  readonly registry?: Registry
  /** How many objectives services have; a later room knows. */
  readonly standingsOf?: (
    queries: Queries,
    services: readonly string[],
  ) => Promise<readonly { readonly service: string; readonly count: number }[]>
  /** Minutes are kept so long at least; an objective keeps its own longer when its window is. */
  readonly minutesKeptMs?: number
  /** What a million samples cost whoever stores them; null when nobody said. */
  readonly samplePrice?: { readonly perMillion: number; readonly currency: string } | null
}
