// When something that repeats takes place: an RFC 5545 rule on the wall clock of a zone.
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'

export interface WallRule {
  /** RFC 5545, without DTSTART: `FREQ=WEEKLY;BYDAY=SU`. */
  readonly rule: string
  /** Wall time of the first: `2026-01-04 02:00`. */
  readonly start: string
}

export interface Recurrence {
  /** Null: once. */
  readonly rule: string | null
  readonly start: string
  readonly timeZone: string
  readonly lastsMs: number
}

export const wallPattern = '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}(:\\d{2})?$'
const longestMs = 31 * day
const looked = 20
const tooOften = 'It may repeat hourly at most.'

export const wallOf = (start: string): Temporal.PlainDateTime => Temporal.PlainDateTime.from(start.replace(' ', 'T'))

// Walked as if the wall clock were UTC and put into the zone afterwards: a night's hour that a change of clocks leaves
// out is then kept at its next one, where RFC 5545 has it, instead of left out.
function compile({ rule, start }: WallRule): RRuleTemporal {
  return new RRuleTemporal({ rruleString: rule, dtstart: wallOf(start).toZonedDateTime('UTC') })
}

/** Wall times of beginnings; `from` and `to` are read as wall times, too. */
export function wallStarts(rule: WallRule, from: number, to: number): readonly Temporal.PlainDateTime[] {
  return compile(rule)
    .between(new Date(from), new Date(to), true)
    .map((each) => each.toPlainDateTime())
}

/** Why a rule cannot be followed; null when it can. The limits keep rules from being walked minute by minute. */
export function ruleFault({ rule, start }: WallRule): string | null {
  if (/DTSTART|EXDATE|RDATE|\n/i.test(rule))
    return 'Only the rule itself: the beginning stands in `start` and `timeZone`.'
  if (/FREQ=(SECONDLY|MINUTELY)/i.test(rule)) return tooOften
  try {
    const first = compile({ rule, start }).all((_, index) => index < looked)
    for (const [index, each] of first.entries()) {
      const next = first[index + 1]
      if (next !== undefined && next.epochMilliseconds - each.epochMilliseconds < hour) return tooOften
    }
    return null
  } catch (error) {
    return `The rule cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

export interface RecurrenceFault {
  readonly field: 'start' | 'timeZone' | 'lasts' | 'repeat'
  readonly detail: string
}

export function recurrenceFault(recurrence: Recurrence): RecurrenceFault | null {
  const { rule, start, timeZone, lastsMs } = recurrence
  if (lastsMs < minute || lastsMs > longestMs) return { field: 'lasts', detail: 'It lasts from a minute to 31 days.' }
  const wall = readWall(start)
  if (wall === null || wall.year < 2000 || wall.year > 2999)
    return { field: 'start', detail: 'Write a day and a time that exist, as in 2026-01-04 02:00.' }
  if (!isZone(timeZone))
    return { field: 'timeZone', detail: `There is no time zone ${timeZone}. Use an IANA name such as Europe/Berlin.` }
  if (rule === null) return null
  const detail = ruleFault({ rule, start })
  if (detail !== null) return { field: 'repeat', detail }
  const first = compile({ rule, start }).all((_, index) => index < looked)
  if (first.length === 0) return { field: 'repeat', detail: 'By this rule it never takes place.' }
  const close = first.some((each, index) => {
    const next = first[index + 1]
    return next !== undefined && next.epochMilliseconds - each.epochMilliseconds < lastsMs
  })
  return close ? { field: 'lasts', detail: 'It would begin again before it is over.' } : null
}

function readWall(start: string): Temporal.PlainDateTime | null {
  try {
    return wallOf(start)
  } catch {
    return null
  }
}

export function isZone(name: string): boolean {
  try {
    Temporal.PlainDateTime.from('2026-01-01').toZonedDateTime(name)
    // An offset is no zone: it knows no change of clocks.
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/**
 * As RFC 5545 has durations: whole days are days of the calendar, the rest is time that passes. Two hours are two hours
 * in the night the clocks change, too.
 */
function occurrenceAt(wall: Temporal.PlainDateTime, { timeZone, lastsMs }: Recurrence): Interval {
  const start = wall.toZonedDateTime(timeZone)
  const end = start.add({ days: Math.floor(lastsMs / day) }).add({ milliseconds: lastsMs % day })
  return { start: instant(start.epochMilliseconds), end: instant(end.epochMilliseconds) }
}

// A rule that is counted from long ago may need more steps than the walk allows: then it plans nothing, which is said when
// it is declared, instead of keeping others from being planned.
function startsOf(rule: WallRule, { start, end }: Interval, lastsMs: number): readonly Temporal.PlainDateTime[] {
  try {
    // No zone is more than a day from UTC, and what began before may still last.
    return wallStarts(rule, start - lastsMs - 2 * day, end + day)
  } catch {
    return []
  }
}

/** Those that touch a stretch, in order, the first `most` of them. */
export function occurrencesWithin(recurrence: Recurrence, within: Interval, most: number): readonly Interval[] {
  const { rule, start } = recurrence
  const walls = rule === null ? [wallOf(start)] : startsOf({ rule, start }, within, recurrence.lastsMs)
  const found: Interval[] = []
  let last: Instant | null = null
  for (const wall of walls) {
    const each = occurrenceAt(wall, recurrence)
    if (each.end <= within.start || each.start >= within.end) continue
    // Two wall times may be one instant where clocks go forward.
    if (each.start === last) continue
    last = each.start
    found.push(each)
    if (found.length === most) break
  }
  return found
}
