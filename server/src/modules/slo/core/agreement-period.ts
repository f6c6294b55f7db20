// The periods of a contract: calendar periods in its zone, cut to its first and last day.
import { Temporal } from 'temporal-polyfill'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { type Agreement, calendarOf } from './agreement.ts'
import { periodAt } from './calendar.ts'

type Term = Pick<Agreement, 'period' | 'timeZone' | 'from' | 'until'>

const midnight = (day: string, timeZone: string, plusDays = 0): Instant =>
  instant(Temporal.PlainDate.from(day).add({ days: plusDays }).toZonedDateTime(timeZone).epochMilliseconds)

/** Null: the contract did not hold then. */
export function agreedPeriodAt(term: Term, at: Instant): Interval | null {
  const { start, end } = periodAt(calendarOf(term), at)
  const first = term.from === null ? start : instant(Math.max(start, midnight(term.from, term.timeZone)))
  const last = term.until === null ? end : instant(Math.min(end, midnight(term.until, term.timeZone, 1)))
  return first < last && at >= first && at < last ? { start: first, end: last } : null
}

/** So many periods before that of an instant, whether or not the contract holds at the instant itself. */
export function agreedPeriodAgo(term: Term, at: Instant, ago: number): Interval | null {
  let whole = periodAt(calendarOf(term), at)
  for (let back = 0; back < ago; back += 1) whole = periodAt(calendarOf(term), instant(whole.start - 1))
  const first = term.from === null ? whole.start : Math.max(whole.start, midnight(term.from, term.timeZone))
  return first < whole.end ? agreedPeriodAt(term, instant(first)) : null
}

const monthNames = 'January February March April May June July August September October November December'.split(' ')
const ordinals = ['first', 'second', 'third', 'fourth']

/** `October 2026`, `third quarter of 2026`, `2026`. */
export function periodTitle({ period, timeZone }: Pick<Agreement, 'period' | 'timeZone'>, start: Instant): string {
  const { year, month } = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone)
  if (period === 'year') return String(year)
  return period === 'month'
    ? `${monthNames[month - 1] ?? ''} ${year}`
    : `${ordinals[Math.floor((month - 1) / 3)] ?? ''} quarter of ${year}`
}
