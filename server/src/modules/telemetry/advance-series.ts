// Steps one series by its readings: what goes to which slice, and what is remembered.
import { minute } from '../../kernel/duration.ts'
import type { Instant } from '../../kernel/instant.ts'
import {
  advanceHistogram,
  advanceSeries,
  type CountDelta,
  defaultRules,
  openCounter,
  openHistogram,
  type SeriesFinding,
  type SeriesRules,
  type SideCounts,
  type Temporality,
} from './core/index.ts'
import type { MatchedSeries, PointReading } from './match-points.ts'
import type { KeptState } from './series.store.ts'
import type { Stream } from './stream.ts'

export interface Advanced {
  readonly state: KeptState
  readonly deltas: readonly CountDelta[]
  readonly findings: readonly SeriesFinding[]
}

/** For a series seen for the first time. */
export function rulesFor(stream: Stream, temporality: Temporality, previousReportAt: Instant | null): SeriesRules {
  return {
    ...defaultRules,
    temporality,
    sliceMs: stream.sliceMs,
    // A reading that covers more than two slices is spread over them; within that it counts where it arrives.
    intervalMs: Math.min(stream.sliceMs, minute),
    previousReportAt,
    listeningSince: stream.since,
  }
}

export function openState(atMost: number | null, rules: SeriesRules): KeptState {
  return atMost === null
    ? { kind: 'counter', state: openCounter(rules) }
    : { kind: 'histogram', state: openHistogram(rules) }
}

export function advanceAll(
  kept: KeptState,
  readings: readonly PointReading[],
  atMost: number | null,
  now: Instant,
): Advanced {
  const [only] = readings
  const single = readings.length === 1 && only !== undefined ? advanceOne(kept, only, atMost, now) : null
  if (single !== null) return single
  let state = kept
  const deltas: CountDelta[] = []
  const findings: SeriesFinding[] = []
  for (const reading of [...readings].sort((a, b) => a.at - b.at)) {
    const step = advanceOne(state, reading, atMost, now)
    if (step === null) continue
    state = step.state
    deltas.push(...step.deltas)
    findings.push(...step.findings)
  }
  return { state, deltas, findings }
}

function advanceOne(kept: KeptState, reading: PointReading, atMost: number | null, now: Instant): Advanced | null {
  const { at, startAt, value } = reading
  if (kept.kind === 'counter' && typeof value === 'number') {
    const step = advanceSeries(kept.state, { at, startAt, value }, now)
    return { ...step, state: { kind: 'counter', state: step.state } }
  }
  if (kept.kind === 'histogram' && typeof value !== 'number' && atMost !== null) {
    const step = advanceHistogram(kept.state, { at, startAt, value }, atMost, now)
    return { ...step, state: { kind: 'histogram', state: step.state } }
  }
  return null
}

/** A delta's counts on the sides it was asked for. A histogram's hold two: within the threshold and above. */
export function sidesOf(matched: Pick<MatchedSeries, 'whole' | 'within'>, counts: readonly number[]): SideCounts {
  const [first = 0, second = 0] = counts
  const sides = { good: 0, bad: 0, total: 0 }
  for (const side of matched.whole) sides[side] += first + second
  for (const side of matched.within) sides[side] += first
  return sides
}
