// A series for the detector: what was measured in steps of five minutes. The step is the one the detector was evaluated
// on, and holds enough events that a share of them says something.
import { minute } from '../../kernel/duration.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { AnomalySignal } from './anomaly.contract.ts'
import type { AnomalyConfig, Point, Unit } from './core/anomaly/index.ts'
import { sumSteps } from './slices.store.ts'
import type { Stream } from './stream.ts'
import { resolveSlice } from './usecases/read-counts.ts'

export const stepMs = 5 * minute
// Samples of a slow sender come so late; what comes later still is in the counts, but was not looked at for this.
const settleMs = 3 * minute
// One failure among three events is no share of a third.
const leastEvents = 50

/** The end of the last step that may be looked at. */
export function settledUntil(now: number): number {
  return Math.floor((now - settleMs) / stepMs) * stepMs
}

export interface CountedStep {
  readonly at: number
  readonly good: number
  readonly bad: number
  /** The part of the step that was measured, 0 to 1. */
  readonly measured: number
}

/** Steps of which half was measured at least; the others are gaps. */
export async function readCounted(
  queries: Queries,
  stream: Stream,
  range: { readonly from: number; readonly to: number },
): Promise<readonly CountedStep[]> {
  if (stepMs % stream.sliceMs !== 0) return []
  const rows = await sumSteps(queries, stream, { ...range, stepMs })
  return rows.flatMap((row) => {
    const slice = resolveSlice(row, stream)
    const measured = Math.min(1, (row.measured * stream.sliceMs) / stepMs)
    if (slice.state === 'gap' || measured < 0.5) return []
    const { good, bad } = slice.state === 'closed' ? slice : { good: 0, bad: 0 }
    return [{ at: row.start, good, bad, measured }]
  })
}

/** Null: the step says nothing of this signal. */
export function pointOf(signal: AnomalySignal, { at, good, bad, measured }: CountedStep): Point | null {
  const total = good + bad
  if (signal === 'traffic') return { at, value: total / measured / (stepMs / minute) }
  return total === 0 ? null : { at, value: bad / Math.max(total, leastEvents) }
}

export const unitOf: Readonly<Record<AnomalySignal, Unit>> = { traffic: 'rate', errors: 'share', latency: 'share' }

/** What chance alone does: events come in no even row, and of few of them a share is rough. */
export const noiseOf: Readonly<Record<AnomalySignal, AnomalyConfig['noise']>> = {
  traffic: (usual) => 0.2 + Math.sqrt(Math.max(0, usual) / (stepMs / minute)) + 0.03 * Math.abs(usual),
  errors: (usual) => 0.005 + 0.1 * Math.abs(usual),
  latency: (usual) => 0.01 + 0.1 * Math.abs(usual),
}
