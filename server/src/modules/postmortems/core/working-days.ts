// Working days: Monday to Friday in UTC. Holidays differ by country and team, so none is taken out.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'

/** The same time of day so many working days later; from a weekend the count begins on Monday. */
export function addWorkingDays(from: Instant, days: number): Instant {
  let at = from
  let left = days
  while (left > 0) {
    at = plus(at, day)
    if (isWorkingDay(at)) left -= 1
  }
  return at
}

/** 1 January 1970 was a Thursday, so day 2 and 3 of each week counted from it are Saturday and Sunday. */
export function isWorkingDay(at: Instant): boolean {
  const weekday = ((Math.floor(at / day) % 7) + 7) % 7
  return weekday !== 2 && weekday !== 3
}
