// Working days: Monday to Friday where the team works, less the holidays it keeps; in UTC with none when nobody said more.
import { day, hour } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'

export interface WorkDays {
  /** The local time there, counted as if it were UTC. */
  localOf(at: Instant): number
  instantOf(local: number): Instant
  readonly holidays: readonly Interval[]
}

export const utcDays: WorkDays = { localOf: (at) => at, instantOf: instant, holidays: [] }

// Longer than any run of holidays, so that a calendar of nothing but holidays ends, too.
const mostDays = 400

/** The same time of day so many working days later; from a weekend or holiday the count begins on the next working day. */
export function addWorkingDays(from: Instant, days: number, work: WorkDays = utcDays): Instant {
  let at = from
  for (let [left, looked] = [days, 0]; left > 0 && looked < mostDays; looked += 1) {
    at = work.instantOf(work.localOf(from) + (looked + 1) * day)
    if (isWorkingDay(at, work)) left -= 1
  }
  return at
}

/** This moment, or the same time on the first working day after it. */
export function nextWorkingTime(at: Instant, work: WorkDays = utcDays): Instant {
  return isWorkingDay(at, work) ? at : addWorkingDays(at, 1, work)
}

/** 1 January 1970 was a Thursday, so day 2 and 3 of each week counted from it are Saturday and Sunday. */
export function isWorkingDay(at: Instant, work: WorkDays = utcDays): boolean {
  const date = Math.floor(work.localOf(at) / day)
  const weekday = ((date % 7) + 7) % 7
  if (weekday === 2 || weekday === 3) return false
  // A day whose noon is a holiday is one.
  const noon = work.instantOf(date * day + 12 * hour)
  return !work.holidays.some(({ start, end }) => start <= noon && noon < end)
}

/** Holidays that took a weekday between two moments. */
export function holidaysBetween(from: Instant, to: Instant, work: WorkDays): number {
  const plain: WorkDays = { ...work, holidays: [] }
  let found = 0
  for (let local = work.localOf(from) + day; local <= work.localOf(to); local += day) {
    const at = work.instantOf(local)
    if (isWorkingDay(at, plain) && !isWorkingDay(at, work)) found += 1
  }
  return found
}
