// Time that does not count against an objective: planned work, hours outside business, a corrected stretch. Dropped time
// is not expected either; time treated as good keeps its place in the budget.
import { day, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { ruleFault, wallOf, wallStarts } from '../../maintenance/core/index.ts'
import type { Slice } from '../../telemetry/core/index.ts'
import { type ExclusionMode, excludedAs, excludeSlice, type Ring } from './ring.ts'
import type { CountedSlice } from './spend.ts'

export type When =
  | { readonly kind: 'once'; readonly from: Instant; readonly to: Instant }
  | {
      readonly kind: 'repeat'
      /** RFC 5545, without DTSTART: `FREQ=WEEKLY;BYDAY=SU`. */
      readonly rule: string
      /** Wall time of the first: `2026-01-04 02:00:00`. */
      readonly start: string
      readonly timeZone: string
      readonly lastsMs: number
      /** `outside`: everything but those hours, as with business hours. */
      readonly during: 'inside' | 'outside'
    }

export interface Exclusion {
  readonly mode: ExclusionMode
  readonly when: When
}

const longestOnce = 366 * day

/** Why it cannot be an exclusion; null when it can. The limits keep rules from being walked minute by minute. */
export function whenFault(when: When): string | null {
  if (when.kind === 'once') {
    if (when.to - when.from < minute) return 'It must last a minute at least, and end after it begins.'
    return when.to - when.from > longestOnce ? 'It may last a year at most.' : null
  }
  if (when.lastsMs < minute || when.lastsMs > 31 * day) return 'One occurrence lasts from a minute to 31 days.'
  try {
    wallOf(when.start).toZonedDateTime(when.timeZone)
  } catch (error) {
    return `The rule cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
  return ruleFault(when)
}

/** What it covers of a stretch, in order, without overlaps. */
export function coveredBy(when: When, within: Interval): readonly Interval[] {
  if (when.kind === 'once') return clip([{ start: when.from, end: when.to }], within)
  // No zone is more than a day from UTC, and what began before may still last.
  const found = wallStarts(when, within.start - when.lastsMs - day, within.end + day).map((wall) => {
    const inZone = (time: typeof wall) => instant(time.toZonedDateTime(when.timeZone).epochMilliseconds)
    return { start: inZone(wall), end: inZone(wall.add({ milliseconds: when.lastsMs })) }
  })
  const inside = clip(union(found), within)
  return when.during === 'inside' ? inside : complement(inside, within)
}

function clip(intervals: readonly Interval[], { start, end }: Interval): readonly Interval[] {
  return intervals
    .map((each) => ({ start: instant(Math.max(each.start, start)), end: instant(Math.min(each.end, end)) }))
    .filter((each) => each.start < each.end)
}

function union(intervals: readonly Interval[]): readonly Interval[] {
  const merged: { start: Instant; end: Instant }[] = []
  for (const each of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last !== undefined && each.start <= last.end) last.end = instant(Math.max(last.end, each.end))
    else merged.push({ ...each })
  }
  return merged
}

function complement(inside: readonly Interval[], within: Interval): readonly Interval[] {
  const rest: Interval[] = []
  let from: Instant = within.start
  for (const each of inside) {
    if (from < each.start) rest.push({ start: from, end: each.start })
    from = each.end
  }
  if (from < within.end) rest.push({ start: from, end: within.end })
  return rest
}

export interface Covered extends Interval {
  readonly mode: ExclusionMode
}

/** All exclusions together. Where they overlap it is excluded once, and dropped when any of them drops. */
export function coverTime(exclusions: readonly Exclusion[], within: Interval): readonly Covered[] {
  const of = (mode: ExclusionMode) =>
    union(exclusions.filter((each) => each.mode === mode).flatMap((each) => coveredBy(each.when, within)))
  const dropped = of('drop')
  const forgiven = of('good').flatMap((each) => {
    const cut = complement(clip(dropped, each), each)
    return cut.map((part) => ({ ...part, mode: 'good' as const }))
  })
  return [...dropped.map((each) => ({ ...each, mode: 'drop' as const })), ...forgiven].sort((a, b) => a.start - b.start)
}

export interface CoveredSlices {
  readonly from: number
  readonly to: number
  readonly mode: ExclusionMode
}

/** The same in numbers of slices: a slice belongs to what covers its middle, so to what covers more than half of it. */
export function coveredSlices(covered: readonly Covered[], sliceMs: number): readonly CoveredSlices[] {
  const number = (at: number) => Math.ceil(at / sliceMs - 0.5)
  return covered.map(({ start, end, mode }) => ({ from: number(start), to: number(end), mode }))
}

/** Makes the closed slices of a ring from a number on as excluded as they should be; answers how many changed. */
export function applyCoverage(ring: Ring, covered: readonly CoveredSlices[], first: number): number {
  let [index, changed] = [0, 0]
  for (let number = Math.max(first, ring.next - ring.capacity); number < ring.next; number += 1) {
    while (index < covered.length && (covered[index]?.to ?? 0) <= number) index += 1
    const found = covered[index]
    const mode = found !== undefined && found.from <= number ? found.mode : null
    const at = instant(number * ring.spec.sliceMs)
    if (excludedAs(ring, at) === mode) continue
    if (excludeSlice(ring, at, mode) === 'applied') changed += 1
  }
  return changed
}

export function modeOf(covered: readonly CoveredSlices[], number: number): ExclusionMode | null {
  return covered.find((each) => each.from <= number && number < each.to)?.mode ?? null
}

/** A measured slice as it counts under an exclusion. */
export function asExcluded(slice: Slice, mode: ExclusionMode | null): CountedSlice {
  if (mode === 'drop') return { state: 'excluded' }
  if (mode === null || slice.state === 'excluded') return slice
  return slice.state === 'closed' ? { ...slice, state: 'forgiven' } : { state: 'forgiven', good: 0, bad: 0 }
}
