// A series for the detector: what was measured in steps of five minutes, of a service's golden signals or of the counts
// of an objective. The step is the one the detector was evaluated on, and holds enough events that a share says something.
import { minute } from '../../kernel/duration.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { AnomalySignal } from './anomaly.contract.ts'
import type { AnomalyConfig, Unit } from './core/anomaly/index.ts'
import { countOf, emptyMinute, mergeMinutes, percentile, type SignalMinute } from './core/signals/index.ts'
import { readSignalMinutes } from './signals.store.ts'
import { type StepSums, sumStepsOf } from './slices.store.ts'
import type { Stream } from './stream.ts'
import { resolveSlice } from './usecases/read-counts.ts'

export const stepMs = 5 * minute
const minutesInStep = stepMs / minute
// Samples of a slow sender come so late; what comes later still is in the counts, but was not looked at for this.
const settleMs = 3 * minute
// One failure among three events is no share of a third.
const leastEvents = 50
// Nine of ten requests: enough of them to be steady, and slow ones show.
const latencyShare = 0.9
const leastTimed = 20
// Less than that of a step measured: a gap.
const leastMeasured = 0.5

/** The end of the last step that may be looked at. */
export function settledUntil(now: number): number {
  return Math.floor((now - settleMs) / stepMs) * stepMs
}

/** Null: the step says nothing of this signal. A step that was not measured is left out. */
export interface MeasuredStep {
  readonly at: number
  /** Events a minute. */
  readonly traffic: number | null
  /** The share that failed. */
  readonly errors: number | null
  /** The share that was too slow, or milliseconds. */
  readonly latency: number | null
}

interface Range {
  readonly from: number
  readonly to: number
}

export interface CountedRange extends Range {
  readonly stream: Stream
}

/** Of objectives, bad events are errors or slow answers: which, the kind says, and whoever reads takes that one. Each stream once. */
export async function readCounted(
  queries: Queries,
  wanted: readonly CountedRange[],
): Promise<ReadonlyMap<number, readonly MeasuredStep[]>> {
  const ranges = wanted
    .filter(({ stream }) => stepMs % stream.sliceMs === 0)
    .map(({ stream: { key, sliceMs }, from, to }) => ({ key, sliceMs, from, to }))
  const rows = ranges.length === 0 ? new Map<number, never>() : await sumStepsOf(queries, ranges, stepMs)
  return new Map(wanted.map(({ stream }) => [stream.key, stepsOf(stream, rows.get(stream.key) ?? [])]))
}

function stepsOf(stream: Stream, rows: readonly StepSums[]): readonly MeasuredStep[] {
  return rows.flatMap((row) => {
    const slice = resolveSlice(row, stream)
    const measured = Math.min(1, (row.measured * stream.sliceMs) / stepMs)
    if (slice.state === 'gap' || measured < leastMeasured) return []
    const { good, bad } = slice.state === 'closed' ? slice : { good: 0, bad: 0 }
    const bads = shareOf(bad, good + bad)
    return [{ at: row.start, traffic: (good + bad) / measured / minutesInStep, errors: bads, latency: bads }]
  })
}

export async function readGolden(queries: Queries, service: string, range: Range): Promise<readonly MeasuredStep[]> {
  const steps = new Map<number, { minute: SignalMinute; measured: number }>()
  for (const { start, minute: one, measured } of await readSignalMinutes(queries, service, range.from, range.to)) {
    const at = Math.floor(start / stepMs) * stepMs
    const step = steps.get(at) ?? { minute: emptyMinute, measured: 0 }
    steps.set(at, { minute: mergeMinutes(step.minute, one), measured: step.measured + measured })
  }
  return [...steps].flatMap(([at, { minute: sum, measured }]) => {
    const part = Math.min(1, measured / minutesInStep)
    if (sum.traffic === null || part < leastMeasured) return []
    const timed =
      sum.latency === null || countOf(sum.latency) < leastTimed ? null : percentile(sum.latency, latencyShare)
    return [
      {
        at,
        traffic: sum.traffic / part / minutesInStep,
        errors: shareOf(sum.errors, sum.judged),
        latency: timed?.seconds === undefined || timed.seconds === null ? null : timed.seconds * 1000,
      },
    ]
  })
}

function shareOf(bad: number, total: number): number | null {
  return total === 0 ? null : Math.min(1, bad / Math.max(total, leastEvents))
}

export function unitOf(signal: AnomalySignal, objective: string): Unit {
  if (signal === 'traffic') return 'rate'
  return signal === 'latency' && objective === '' ? 'duration' : 'share'
}

/** What chance alone does: events come in no even row, and of few of them a share or a percentile is rough. */
export const noiseOf: Readonly<Record<Unit, AnomalyConfig['noise']>> = {
  rate: (usual) => 0.2 + Math.sqrt(Math.max(0, usual) / minutesInStep) + 0.03 * Math.abs(usual),
  share: (usual) => 0.005 + 0.1 * Math.abs(usual),
  duration: (usual) => 2 + 0.1 * Math.abs(usual),
}
