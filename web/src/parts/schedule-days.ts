// Days and weeks of a schedule in a zone. Days are found by their date in the zone, so a day may have 23 or 25 hours.
import type { Span } from './axis.ts'
import { dayKey, formatInZone } from './format.ts'

const hour = 3_600_000

/** The instant at which the calendar day of `at` begins in the zone. */
export function startOfDay(at: number, zone: string): number {
  const key = dayKey(at, zone)
  // No zone shifts by more than three hours at once; the first instant with this date is found by halving.
  let low = at - 28 * hour
  let high = at
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2)
    if (dayKey(middle, zone) === key) high = middle
    else low = middle
  }
  return Math.round(high / 60_000) * 60_000
}

/** `count` days from the day of `from`. */
export function daysFrom(from: number, count: number, zone: string): readonly Span[] {
  const days: Span[] = []
  let start = startOfDay(from, zone)
  for (let index = 0; index < count; index++) {
    const end = startOfDay(start + 30 * hour, zone)
    days.push({ from: start, to: end })
    start = end
  }
  return days
}

/** The Monday of the week of `at`. */
export function startOfWeek(at: number, zone: string): number {
  let day = startOfDay(at, zone)
  for (let index = 0; index < 7; index++) {
    if (formatInZone(day, { weekday: 'short' }, zone, 'en') === 'Mon') return day
    day = startOfDay(day - 2 * hour, zone)
  }
  return day
}

export function shownSpan(
  at: number,
  view: 'week' | 'month',
  zone: string,
): { readonly from: number; readonly days: number } {
  if (view === 'week') return { from: startOfWeek(at, zone), days: 7 }
  return { from: startOfWeek(at, zone), days: 35 }
}
