// A slice is the smallest stretch of time that is counted: one minute by default, half-open, aligned to the epoch,
// so that any two sources agree where it begins. Leap seconds are ignored, as by every clock that feeds us.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'

export const defaultSliceMs = minute

/** An amount to add to one slice. Negative only as a correction of what was added before. */
export interface SliceDelta {
  readonly sliceStart: Instant
  readonly good: number
  readonly bad: number
}

/** What is known of one slice. A missing measurement is a state of its own, never zero errors. */
export type Slice =
  | { readonly state: 'closed'; readonly good: number; readonly bad: number }
  /** The source was alive and nothing happened. */
  | { readonly state: 'closed-empty' }
  /** Not measured. */
  | { readonly state: 'gap' }
  /** Taken out by an exclusion (maintenance, a correction with its reason): not expected either. */
  | { readonly state: 'excluded' }

export type SliceState = Slice['state']

export function sliceStartOf(at: Instant, sliceMs: number = defaultSliceMs): Instant {
  return instant(Math.floor(at / sliceMs) * sliceMs)
}

/**
 * The slice an increase seen at `at` belongs to. What a counter reports at 12:01:00.000 happened before that instant,
 * so a reading taken exactly on the edge counts for the minute that just ended.
 */
export function sliceEndingAt(at: Instant, sliceMs: number = defaultSliceMs): Instant {
  return instant(Math.floor((at - 1) / sliceMs) * sliceMs)
}

export function sliceInterval(start: Instant, sliceMs: number = defaultSliceMs): Interval {
  return { start, end: instant(start + sliceMs) }
}

/** Every slice that shares an instant with the interval. */
export function slicesTouching(interval: Interval, sliceMs: number = defaultSliceMs): Instant[] {
  const starts: Instant[] = []
  for (let start: number = sliceStartOf(interval.start, sliceMs); start < interval.end; start += sliceMs)
    starts.push(instant(start))
  return starts
}

/** A slice that ended: counts when there were events, else the difference between a quiet source and a silent one. */
export function closeSlice(counts: { readonly good: number; readonly bad: number }, sourceAlive: boolean): Slice {
  if (counts.good + counts.bad > 0) return { state: 'closed', good: counts.good, bad: counts.bad }
  return { state: sourceAlive ? 'closed-empty' : 'gap' }
}

/** Counts are whole, never negative, and stay below 2^53, where doubles stop counting by one. */
export function areCounts(good: number, bad: number): boolean {
  return (
    good >= 0 && bad >= 0 && Number.isSafeInteger(good) && Number.isSafeInteger(bad) && Number.isSafeInteger(good + bad)
  )
}

/** One delta for each slice, in order of time: what a store upserts, so that two writers lock rows in one order. */
export function mergeDeltas(deltas: Iterable<SliceDelta>): SliceDelta[] {
  const merged = new Map<Instant, { good: number; bad: number }>()
  for (const { sliceStart, good, bad } of deltas) {
    const found = merged.get(sliceStart)
    if (found === undefined) merged.set(sliceStart, { good, bad })
    else {
      found.good += good
      found.bad += bad
    }
  }
  return [...merged]
    .filter(([, { good, bad }]) => good !== 0 || bad !== 0)
    .sort(([a], [b]) => a - b)
    .map(([sliceStart, { good, bad }]) => ({ sliceStart, good, bad }))
}
