// Which kind of hour each hour is where a person lives: every instant has exactly one class, so classes add up to the whole.
import { day } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { type Interval, union } from '../../../kernel/interval.ts'
import { windowsIn } from './hours.ts'
import { weekendsIn } from './lint.ts'
import { intersections, without } from './spans.ts'
import { nightWindows, type OnCallTerms } from './terms.ts'
import { instantOf, type Wall, wall, wallAt } from './wall-clock.ts'

/** In this order: a night on a holiday is a holiday, one on a weekend a weekend. */
export const timeClasses = ['holiday', 'weekend', 'night', 'weekday'] as const
export type TimeClass = (typeof timeClasses)[number]

export interface ClassFacts {
  readonly zone: string
  readonly night: OnCallTerms['night']
  readonly holidays: readonly Interval[]
}

/** `spans` are sorted and disjoint. */
export function byClass(
  spans: readonly Interval[],
  facts: ClassFacts,
): Readonly<Record<TimeClass, readonly Interval[]>> {
  const around = envelope(spans)
  if (around === null) return { holiday: [], weekend: [], night: [], weekday: [] }
  const holidays = union(facts.holidays)
  const weekends = weekendsIn(facts.zone, around)
  const nights = windowsIn(facts.zone, nightWindows(facts), around)
  const holiday = intersections(spans, holidays)
  const afterHolidays = without(spans, holidays)
  const weekend = intersections(afterHolidays, weekends)
  const afterWeekends = without(afterHolidays, weekends)
  return {
    holiday,
    weekend,
    night: intersections(afterWeekends, nights),
    weekday: without(afterWeekends, nights),
  }
}

/** The whole stretch with two days on each side: weekends are found by their Monday. */
function envelope(spans: readonly Interval[]): Interval | null {
  const [first, last] = [spans[0], spans.at(-1)]
  if (first === undefined || last === undefined) return null
  return { start: instant(first.start - 2 * day), end: instant(last.end + 2 * day) }
}

/** Days of the wall clock, by the date they have there. A day that a zone skipped is not among them. */
export function daysIn(zone: string, window: Interval): readonly (Interval & { readonly date: Wall })[] {
  const first = Math.floor(wallAt(zone, window.start) / day)
  const found: (Interval & { readonly date: Wall })[] = []
  for (let number = first; ; number += 1) {
    const date = wall(number * day)
    const start = instantOf(zone, date)
    if (start >= window.end) return found
    const end = instantOf(zone, wall((number + 1) * day))
    if (end > start && end > window.start) found.push({ start, end, date })
  }
}

/** The same days of the calendar where somebody else lives. */
export function daysElsewhere(span: Interval, from: string, to: string): Interval {
  return { start: instantOf(to, wallAt(from, span.start)), end: instantOf(to, wallAt(from, span.end)) }
}
