// Times of the week, the month and the year as Alertmanager writes them: fields are all asked, items of a list any one.
import type { WallTime } from './wall-time.ts'

/** Minutes of the day; the end is not part of it, 1440 is midnight. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}
/** Both ends are part of it. */
export interface WholeRange {
  readonly from: number
  readonly to: number
}

export interface TimeInterval {
  readonly times: readonly TimeRange[]
  /** 0 is Sunday. */
  readonly weekdays: readonly WholeRange[]
  /** Negative ones count from the end of the month. */
  readonly daysOfMonth: readonly WholeRange[]
  readonly months: readonly WholeRange[]
  readonly years: readonly WholeRange[]
  readonly zone: string
}

export function contains(interval: TimeInterval, at: WallTime): boolean {
  const { times, weekdays, daysOfMonth, months, years } = interval
  return (
    (times.length === 0 || times.some((each) => at.minute >= each.from && at.minute < each.to)) &&
    within(weekdays, at.weekday) &&
    within(months, at.month) &&
    within(years, at.year) &&
    (daysOfMonth.length === 0 || daysOfMonth.some((each) => dayWithin(each, at)))
  )
}

function within(ranges: readonly WholeRange[], value: number): boolean {
  return ranges.length === 0 || ranges.some((each) => value >= each.from && value <= each.to)
}

/** What lies outside the month is cut to it: `31` in April is nothing, `-31:-1` is all of April. */
function dayWithin({ from, to }: WholeRange, { day, daysInMonth }: WallTime): boolean {
  const first = from < 0 ? daysInMonth + from + 1 : from
  const last = to < 0 ? daysInMonth + to + 1 : to
  if (first > daysInMonth || last < 1) return false
  return day >= Math.max(1, first) && day <= Math.min(daysInMonth, last)
}
