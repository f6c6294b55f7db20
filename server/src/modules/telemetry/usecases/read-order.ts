// What is read from a Prometheus in one go.
import type { Instant } from '../../../kernel/instant.ts'
import type { Stream, StreamSource } from '../stream.ts'

export type PrometheusSource = Extract<StreamSource, { kind: 'prometheus' }>

export interface ReadOrder {
  readonly stream: Stream
  readonly source: PrometheusSource
  readonly position: Instant | null
  /** Ends of the first and the last slice to read. */
  readonly from: Instant
  readonly to: Instant
}
