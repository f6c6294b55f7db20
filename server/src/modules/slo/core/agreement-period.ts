// The periods of a contract: calendar periods in its zone, cut to its first and last day.
import { Temporal } from 'temporal-polyfill'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { gaps, type Interval, overlaps } from '../../../kernel/interval.ts'
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

/** Calendar periods that were found already: agreements of one zone share them. */
export type KnownPeriods = Map<string, Interval>

/**
 * Those that ended, cut to the contract, newest first: back to its beginning, none of before `since`, and at most so
 * many.
 */
export function endedPeriodsOf(
  term: Term,
  order: { readonly now: Instant; readonly since: Instant | null; readonly most: number },
  known: KnownPeriods = new Map(),
): readonly Interval[] {
  const { now, since, most } = order
  const calendar = calendarOf(term)
  const first = term.from === null ? Number.NEGATIVE_INFINITY : midnight(term.from, term.timeZone)
  const end = term.until === null ? Number.POSITIVE_INFINITY : midnight(term.until, term.timeZone, 1)
  const found: Interval[] = []
  let at = Math.min(now, end - 1)
  while (found.length < most && at >= first) {
    const key = `${term.period} ${term.timeZone} ${at}`
    const whole = known.get(key) ?? periodAt(calendar, instant(at))
    known.set(key, whole)
    const period = { start: instant(Math.max(whole.start, first)), end: instant(Math.min(whole.end, end)) }
    if (since !== null && period.end <= since) break
    if (period.end <= now && period.start < period.end) found.push(period)
    at = whole.start - 1
  }
  return found
}

/** How much of a period was settled, be it by terms of before: no time is settled twice by itself. */
export function settledPart(period: Interval, settled: readonly Interval[]): 'none' | 'part' | 'all' {
  if (!settled.some((each) => overlaps(each, period))) return 'none'
  return gaps(period, settled).length === 0 ? 'all' : 'part'
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
