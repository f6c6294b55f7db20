// What telemetry needs from outside. App joins it.
import type { Instant } from '../../kernel/instant.ts'

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
      readonly because: 'unreachable' | 'bad-answer' | 'partial' | 'refused'
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
  /** integrations/prometheus: `queryRange`. */
  readonly queryRange: (
    fetch: typeof globalThis.fetch,
    query: {
      readonly url: string
      readonly query: string
      readonly from: Instant
      readonly to: Instant
      readonly stepMs: number
    },
  ) => Promise<RangeAnswer>
}
