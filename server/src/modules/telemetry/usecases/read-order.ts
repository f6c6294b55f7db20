// What is read from a Prometheus in one go.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { isPlainSelector, leadMs, type Stretch } from '../core/index.ts'
import type { Position } from '../prometheus.store.ts'
import type { PrometheusQuery, Stream, StreamSource } from '../stream.ts'

export type PrometheusSource = Extract<StreamSource, { kind: 'prometheus' }>

export interface ReadOrder extends Stretch {
  readonly stream: Stream
  readonly source: PrometheusSource
  readonly known: Position | null
  /** History before what is known: its neighbours are read with it, and nothing is remembered of its series. */
  readonly back: boolean
}

/** Counters that are only picked are read as scraped; what is computed is asked for at the end of each slice. */
export const isRaw = (query: PrometheusQuery): boolean => query.counter && isPlainSelector(query.query)

/** What to ask for. A stretch whose neighbours are not in memory needs samples before it, history also after it. */
export function rangeOf(
  { stream, after, to, known, back }: ReadOrder,
  query: { readonly counter: boolean; readonly raw: boolean },
): { readonly from: Instant; readonly to: Instant; readonly stepMs: number | null } {
  const lead = Math.ceil(leadMs / stream.sliceMs) * stream.sliceMs
  const [before, behind] = query.counter ? [known === null || back ? lead : 0, back ? lead : 0] : [0, 0]
  if (query.raw) return { from: instant(after - before), to: instant(to + behind), stepMs: null }
  const from = before === 0 ? after + stream.sliceMs : after - before
  return { from: instant(from), to: instant(to + behind), stepMs: stream.sliceMs }
}
