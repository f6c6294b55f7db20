// Calendar periods: months, quarters, weeks or days as they pass in a place, counted from a first one. A day in which
// clocks change has 23 or 25 hours, and its budget is that of 23 or 25 hours.
import { Temporal } from 'temporal-polyfill'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'

export interface Calendar {
  readonly count: number
  /** As OpenSLO writes them: m is minutes, M is months. */
  readonly unit: 'm' | 'h' | 'd' | 'w' | 'M' | 'Q' | 'Y'
  /** Wall time at which one of the periods begins: `2026-01-01 00:00:00`. */
  readonly startTime: string
  readonly timeZone: string
}

const fixed = { m: minute, h: hour } as const
// What tiers are planned with: the length people mean by the word.
const nominal = { m: minute, h: hour, d: day, w: 7 * day, M: 30 * day, Q: 90 * day, Y: 365 * day } as const
const longest = { m: minute, h: hour, d: day, w: 7 * day, M: 31 * day, Q: 92 * day, Y: 366 * day } as const

export const nominalMs = ({ count, unit }: Calendar): number => count * nominal[unit]

/** No period is longer: clocks are put back by an hour, seldom by more. */
export function longestPeriodMs({ count, unit }: Calendar): number {
  return count * longest[unit] + (unit === 'm' || unit === 'h' ? 0 : 3 * hour)
}

/** Whether the zone and the first beginning can be read. */
export function calendarFault({ startTime, timeZone }: Pick<Calendar, 'startTime' | 'timeZone'>): string | null {
  try {
    firstStart({ startTime, timeZone })
    return null
  } catch {
    return `\`${startTime}\` in \`${timeZone}\` is no time in an IANA zone.`
  }
}

const firstStart = ({ startTime, timeZone }: Pick<Calendar, 'startTime' | 'timeZone'>) =>
  Temporal.PlainDateTime.from(startTime.replace(' ', 'T')).toZonedDateTime(timeZone)

/** The period that an instant lies in; half-open. Counted from the first, so that the 31st returns after February. */
export function periodAt(calendar: Calendar, at: Instant): Interval {
  const { count, unit } = calendar
  const first = firstStart(calendar)
  if (unit === 'm' || unit === 'h') {
    const length = count * fixed[unit]
    const number = Math.floor((at - first.epochMilliseconds) / length)
    const start = first.epochMilliseconds + number * length
    return { start: instant(start), end: instant(start + length) }
  }
  const startOf = (number: number): number => {
    const amount = number * count
    const wall = first.toPlainDateTime()
    const moved =
      unit === 'd' || unit === 'w'
        ? wall.add({ days: amount * (unit === 'w' ? 7 : 1) })
        : wall.add({ months: amount * (unit === 'Y' ? 12 : unit === 'Q' ? 3 : 1) })
    return moved.toZonedDateTime(first.timeZoneId).epochMilliseconds
  }
  let number = Math.floor((at - first.epochMilliseconds) / nominalMs(calendar))
  while (startOf(number) > at) number -= 1
  while (startOf(number + 1) <= at) number += 1
  return { start: instant(startOf(number)), end: instant(startOf(number + 1)) }
}

/** `the period until 2026-04-01 00:00 Europe/Vienna` */
export function periodWords(end: Instant, timeZone: string): string {
  const wall = Temporal.Instant.fromEpochMilliseconds(end).toZonedDateTimeISO(timeZone).toPlainDateTime()
  return `the period until ${wall.toString({ smallestUnit: 'minute' }).replace('T', ' ')} ${timeZone}`
}
