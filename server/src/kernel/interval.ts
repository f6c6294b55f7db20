// Half-open intervals [start, end): a shift that ends at 09:00 and one that starts at 09:00 never overlap.
import type { Instant } from './instant.ts'

export interface Interval {
  readonly start: Instant
  readonly end: Instant
}

export function contains(interval: Interval, at: Instant): boolean {
  return at >= interval.start && at < interval.end
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end
}

export function intersection(a: Interval, b: Interval): Interval | null {
  const start = a.start > b.start ? a.start : b.start
  const end = a.end < b.end ? a.end : b.end
  return start < end ? { start, end } : null
}

/** Sorted, disjoint intervals that cover the same instants. */
export function union(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = [...intervals].filter((each) => each.start < each.end).sort((a, b) => a.start - b.start)
  const merged: Interval[] = []
  for (const next of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && next.start <= last.end) {
      if (next.end > last.end) merged[merged.length - 1] = { start: last.start, end: next.end }
    } else merged.push(next)
  }
  return merged
}

/** What of `within` no interval covers. */
export function gaps(within: Interval, intervals: readonly Interval[]): readonly Interval[] {
  const found: Interval[] = []
  let at = within.start
  for (const each of union(intervals)) {
    if (each.end <= within.start || each.start >= within.end) continue
    if (each.start > at) found.push({ start: at, end: each.start })
    if (each.end > at) at = each.end
  }
  if (at < within.end) found.push({ start: at, end: within.end })
  return found
}
