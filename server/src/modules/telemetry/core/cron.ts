// Cron's five fields (minute hour day-of-month month day-of-week) in a time zone: when a job should have run.
import { Temporal } from 'temporal-polyfill'
import { type Instant, instant } from '../../../kernel/instant.ts'

export interface CronSchedule {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  /** Cron's old rule: when both are restricted, either day will do. */
  readonly eitherDay: boolean
  readonly zone: string
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
}

export type ReadCron =
  | { readonly state: 'read'; readonly schedule: CronSchedule }
  | { readonly state: 'refused'; readonly detail: string }

export function readCron(text: string, zone: string): ReadCron {
  const refuse = (detail: string): ReadCron => ({ state: 'refused', detail })
  const fields = (nicknames[text.trim().toLowerCase()] ?? text).trim().toLowerCase().split(/\s+/)
  if (fields.length !== 5 || text.length > 200)
    return refuse('Five fields: minute, hour, day of the month, month, day of the week, such as `30 2 * * *`.')
  const [minuteField = '', hourField = '', dayField = '', monthField = '', weekdayField = ''] = fields
  const read = {
    minutes: readField(minuteField, 0, 59),
    hours: readField(hourField, 0, 23),
    days: readField(dayField, 1, 31),
    months: readField(monthField, 1, 12, months, 1),
    weekdays: readField(weekdayField, 0, 7, weekdays, 0),
  }
  const { minutes, hours, days, months: inMonths, weekdays: onWeekdays } = read
  if (minutes === null || hours === null || days === null || inMonths === null || onWeekdays === null)
    return refuse(`A field of \`${text}\` cannot be read.`)
  if (!isZone(zone)) return refuse(`${zone} is no time zone, such as Europe/Berlin.`)
  // Sunday is 0 and 7.
  if (onWeekdays.has(7)) onWeekdays.add(0)
  const eitherDay = !dayField.startsWith('*') && !weekdayField.startsWith('*')
  const schedule = { minutes, hours, days, months: inMonths, weekdays: onWeekdays, eitherDay, zone }
  return nextRun(schedule, instant(0)) === null
    ? refuse(`\`${text}\` never comes: there is no such day.`)
    : { state: 'read', schedule }
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

function readField(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
  first = 0,
): Set<number> | null {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const [, range = '', , step] = /^(\*|[a-z0-9]+(-[a-z0-9]+)?)(?:\/(\d{1,2}))?$/.exec(part) ?? []
    if (range === '') return null
    const number = (text: string) =>
      names.includes(text) ? names.indexOf(text) + first : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
    const [low = '', high] = range === '*' ? [String(least), String(most)] : range.split('-')
    const from = number(low)
    // `5/15` means from 5 on.
    const to = high !== undefined ? number(high) : step !== undefined ? most : from
    const by = step === undefined ? 1 : Number(step)
    if (!(from >= least && to <= most && from <= to && by >= 1)) return null
    for (let each = from; each <= to; each += by) found.add(each)
  }
  return found
}

const mostYears = 8

/** The first run after an instant; null when none comes within eight years (30 February). */
export function nextRun(schedule: CronSchedule, after: Instant): Instant | null {
  const start = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(schedule.zone)
  let day = start.toPlainDate()
  const end = day.add({ years: mostYears })
  while (Temporal.PlainDate.compare(day, end) < 0) {
    if (!schedule.months.has(day.month)) {
      day = day.with({ day: 1 }).add({ months: 1 })
      continue
    }
    if (isOnDay(schedule, day)) {
      const found = firstOfDay(schedule, day, after)
      if (found !== null) return found
    }
    day = day.add({ days: 1 })
  }
  return null
}

function isOnDay({ days, weekdays: on, eitherDay }: CronSchedule, day: Temporal.PlainDate): boolean {
  const [byDay, byWeekday] = [days.has(day.day), on.has(day.dayOfWeek % 7)]
  return eitherDay ? byDay || byWeekday : byDay && byWeekday
}

// An hour that the clocks skip runs when they have jumped; one that comes twice runs the first time.
function firstOfDay({ hours, minutes, zone }: CronSchedule, day: Temporal.PlainDate, after: Instant): Instant | null {
  let found: number | null = null
  for (const hour of hours)
    for (const minute of minutes) {
      const at = day.toZonedDateTime({
        timeZone: zone,
        plainTime: new Temporal.PlainTime(hour, minute),
      }).epochMilliseconds
      if (at > after && (found === null || at < found)) found = at
    }
  return found === null ? null : instant(found)
}
