// A stream: what is counted for one objective, in slices of one length. The room slo registers it; telemetry feeds it.
import type { Instant } from '../../kernel/instant.ts'
import type { GroupRule, Matcher, Side, SideForm } from './core/index.ts'

/** Points of a metric that count for one side: every event of them, or those of a histogram that took at most `atMost`. */
export interface OtlpPart {
  readonly side: Side
  readonly metric: string
  readonly filters: readonly Matcher[]
  readonly atMost?: number
}

export interface PrometheusQuery {
  readonly side: Side
  readonly query: string
  /** The query gives ever-growing counts, by series; else what happened in the slice that ends at the sample. */
  readonly counter: boolean
}

/** Each sample is one event, good when the comparison holds. */
export interface PrometheusThreshold {
  readonly query: string
  readonly op: 'lte' | 'gte' | 'lt' | 'gt'
  readonly value: number
}

export type StreamSource =
  | { readonly kind: 'otlp'; readonly form: SideForm; readonly parts: readonly OtlpPart[] }
  /** Samples that a Prometheus sends: metric and labels as in a selector. */
  | { readonly kind: 'remote-write'; readonly form: SideForm; readonly parts: readonly OtlpPart[] }
  /** Samples that are fetched from the endpoint of a data source. */
  | {
      readonly kind: 'scrape'
      readonly form: SideForm
      readonly dataSource: string
      readonly parts: readonly OtlpPart[]
    }
  | {
      readonly kind: 'prometheus'
      readonly form: SideForm
      readonly dataSource: string
      readonly queries: readonly PrometheusQuery[]
      readonly threshold?: PrometheusThreshold
    }
  | { readonly kind: 'push'; readonly form: SideForm }
  /** Each check is one event; with `atMostMs` a slower one is bad, however it ended. */
  | { readonly kind: 'probe'; readonly form: 'good-bad'; readonly probe: string; readonly atMostMs?: number }

export type StreamKind = StreamSource['kind']

export interface NewStream {
  readonly id: string
  readonly indicator: string | null
  readonly sliceMs: number
  /** The longest window that reads the slices. */
  readonly longestWindowMs: number
  readonly source: StreamSource
  /** Absent when events are not told apart. */
  readonly grouping?: GroupRule
}

export interface Stream {
  readonly key: number
  readonly id: string
  readonly indicator: string | null
  readonly sliceMs: number
  readonly keepMs: number
  readonly source: StreamSource
  readonly since: Instant
  readonly grouping: GroupRule | null
  /** Groups are counted since then; null when they always were. */
  readonly groupedSince: Instant | null
}

/** One group of a stream, counted in slices of its own under its own key. */
export interface GroupStream {
  readonly key: number
  readonly parent: number
  /** In the order of the rule; null for all that found no group of its own. */
  readonly values: readonly string[] | null
  readonly since: Instant
}
