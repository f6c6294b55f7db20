// Times as a person reads them: the wall clock of their zone, and how long ago in words.
import { Temporal } from 'temporal-polyfill'
import { day, hour, minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'

/** `03:04` today, `Mon 2 Feb 03:04` on another day, in the given zone. */
export function clockTime(at: Instant, now: Instant, zone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
  const time = `${two(zoned.hour)}:${two(zoned.minute)}`
  if (zoned.toPlainDate().equals(today)) return time
  return `${days[zoned.dayOfWeek - 1]} ${zoned.day} ${monthNames[zoned.month - 1]} ${time}`
}

/** `less than a minute`, `12 minutes`, `1 hour 5 minutes`, `3 days`. */
export function inWords(durationMs: number): string {
  if (durationMs < minute) return 'less than a minute'
  if (durationMs < hour) return count(Math.floor(durationMs / minute), 'minute')
  if (durationMs >= 2 * day) return count(Math.floor(durationMs / day), 'day')
  const minutes = Math.floor((durationMs % hour) / minute)
  const hours = count(Math.floor(durationMs / hour), 'hour')
  return minutes === 0 ? hours : `${hours} ${count(minutes, 'minute')}`
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
