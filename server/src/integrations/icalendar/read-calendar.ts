// RFC 5545 in: the events of a calendar within a window, recurrences expanded. What cannot be read is said, never dropped.
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Interval } from '../../kernel/interval.ts'
import type { CalendarRead, EventRead } from '../../modules/oncall/calendar.ports.ts'

/** 2 MiB of text hold years of a team's calendar. */
const mostEvents = 5_000
const mostOccurrences = 1_000
const longestMs = 366 * 86_400_000

interface Property {
  readonly name: string
  readonly parameters: ReadonlyMap<string, string>
  readonly value: string
}

/** `zone` is for times and days without one of their own. */
export function readCalendar(text: string, zone: string, window: Interval): CalendarRead {
  const lines = unfold(text)
  if (!lines.some((each) => /^BEGIN:VCALENDAR$/i.test(each)))
    return { events: [], problems: ['This is no calendar: it has no BEGIN:VCALENDAR.'] }
  const events: EventRead[] = []
  const problems: string[] = []
  const components = eventsOf(lines)
  if (components.length > mostEvents) problems.push(`Only the first ${mostEvents} events were read.`)
  for (const properties of components.slice(0, mostEvents)) {
    const uid = textOf(properties, 'UID') ?? ''
    const summary = textOf(properties, 'SUMMARY') ?? ''
    try {
      if (textOf(properties, 'STATUS')?.toUpperCase() === 'CANCELLED') continue
      events.push(...occurrencesOf(properties, { uid, summary }, zone, window))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      problems.push(`"${summary.slice(0, 80)}" could not be read: ${why}`)
    }
  }
  return { events: withoutReplaced(events), problems }
}

function unfold(text: string): readonly string[] {
  return text
    .replace(/\r\n|\r/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n')
    .filter((each) => each !== '')
}

/** Alarms and other parts inside an event are passed over. */
function eventsOf(lines: readonly string[]): readonly (readonly Property[])[] {
  const found: Property[][] = []
  let open: Property[] | null = null
  let depth = 0
  for (const line of lines) {
    if (/^BEGIN:VEVENT$/i.test(line)) {
      open = []
      depth = 0
    } else if (open !== null && /^BEGIN:/i.test(line)) depth += 1
    else if (open !== null && depth > 0 && /^END:/i.test(line)) depth -= 1
    else if (open !== null && /^END:VEVENT$/i.test(line)) {
      found.push(open)
      open = null
    } else if (open !== null && depth === 0) {
      const property = propertyOf(line)
      if (property !== null) open.push(property)
    }
  }
  return found
}

function propertyOf(line: string): Property | null {
  // A value without quotes holds no comma: else a line of commas could be read in more ways than there is time for.
  const match = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^",;:]*)(?:,(?:"[^"]*"|[^",;:]*))*)*):(.*)$/.exec(line)
  if (match === null) return null
  const [, name = '', parameters = '', value = ''] = match
  const pairs = [...parameters.matchAll(/;([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)/g)]
  return {
    name: name.toUpperCase(),
    parameters: new Map(pairs.map(([, key = '', each = '']) => [key.toUpperCase(), each.replace(/^"|"$/g, '')])),
    value,
  }
}

const first = (properties: readonly Property[], name: string) => properties.find((each) => each.name === name)

function textOf(properties: readonly Property[], name: string): string | null {
  const value = first(properties, name)?.value
  return value === undefined
    ? null
    : value.replace(/\\([nN,;\\])/g, (_, each: string) => (/n/i.test(each) ? '\n' : each))
}

interface When {
  readonly zoned: Temporal.ZonedDateTime
  readonly wholeDay: boolean
}

function whenOf(property: Property, zone: string): When {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(property.value)
  if (match === null) throw new Error(`"${property.value}" is no date or time.`)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((each) => Number(each ?? 0))
  const own = property.parameters.get('TZID')
  const timeZone = match[7] === 'Z' ? 'UTC' : (own ?? zone)
  try {
    const zoned = Temporal.ZonedDateTime.from(
      { year, month, day, hour, minute, second, timeZone },
      { overflow: 'reject' },
    )
    return { zoned, wholeDay: match[4] === undefined }
  } catch {
    throw new Error(`"${property.value}" in zone "${timeZone}" is no time; zones are IANA names such as Europe/Berlin.`)
  }
}

function occurrencesOf(
  properties: readonly Property[],
  of: { readonly uid: string; readonly summary: string },
  zone: string,
  window: Interval,
): readonly EventRead[] {
  const begins = first(properties, 'DTSTART')
  if (begins === undefined) throw new Error('it has no DTSTART.')
  const start = whenOf(begins, zone)
  const length = lengthOf(properties, start, zone)
  const recurrence = first(properties, 'RECURRENCE-ID')
  const people = properties.flatMap((each) =>
    ['ATTENDEE', 'ORGANIZER'].includes(each.name) && /^mailto:/i.test(each.value)
      ? [each.value.slice(7).toLowerCase()]
      : [],
  )
  if (instantAt(start.zoned.add(length)) - instantAt(start.zoned) > longestMs)
    throw new Error('it lasts longer than a year.')
  const eventAt = (at: Temporal.ZonedDateTime): EventRead => ({
    ...of,
    start: instantAt(at),
    end: instantAt(at.add(length)),
    people,
    replaces: recurrence === undefined ? null : instantAt(whenOf(recurrence, zone).zoned),
  })
  const rule = first(properties, 'RRULE')
  const starts = rule === undefined ? [start.zoned] : expand(properties, start, rule.value, zone, window)
  const added = properties.flatMap((each) =>
    each.name === 'RDATE' ? each.value.split(',').map((value) => whenOf({ ...each, value }, zone).zoned) : [],
  )
  return [...starts, ...added].map(eventAt).filter((each) => each.end > window.start && each.start < window.end)
}

const instantAt = (zoned: Temporal.ZonedDateTime): Instant => instant(zoned.epochMilliseconds)

function lengthOf(properties: readonly Property[], start: When, zone: string): Temporal.Duration {
  const end = first(properties, 'DTEND')
  if (end !== undefined) {
    const until = whenOf(end, zone).zoned
    if (Temporal.ZonedDateTime.compare(until, start.zoned) <= 0) throw new Error('it ends before it begins.')
    return start.wholeDay
      ? start.zoned.until(until, { largestUnit: 'day' })
      : start.zoned.until(until, { largestUnit: 'hour' })
  }
  const duration = first(properties, 'DURATION')
  if (duration !== undefined) return Temporal.Duration.from(duration.value)
  if (start.wholeDay) return Temporal.Duration.from({ days: 1 })
  throw new Error('it has no end.')
}

function expand(
  properties: readonly Property[],
  start: When,
  rule: string,
  zone: string,
  window: Interval,
): readonly Temporal.ZonedDateTime[] {
  const left = new Set(
    properties.flatMap((each) =>
      each.name === 'EXDATE'
        ? each.value.split(',').map((value) => instantAt(whenOf({ ...each, value }, zone).zoned))
        : [],
    ),
  )
  const local = start.zoned.toPlainDateTime().toString().replace(/[-:]/g, '').slice(0, 15)
  const text = `DTSTART;TZID=${start.zoned.timeZoneId}:${local}\nRRULE:${rule}`
  const all = new RRuleTemporal({ rruleString: text }).between(
    new Date(window.start - 32 * 86_400_000),
    new Date(window.end),
    true,
  )
  if (all.length > mostOccurrences) throw new Error(`it happens more than ${mostOccurrences} times in the window.`)
  return all
    .map((each) =>
      Temporal.Instant.fromEpochMilliseconds(each.epochMilliseconds).toZonedDateTimeISO(start.zoned.timeZoneId),
    )
    .filter((each) => !left.has(instantAt(each)))
}

/** A moved occurrence of a series stands in the calendar twice: by the rule, and by itself. */
function withoutReplaced(events: readonly EventRead[]): readonly EventRead[] {
  const moved = new Set(events.flatMap((each) => (each.replaces === null ? [] : [`${each.uid} ${each.replaces}`])))
  return events.filter((each) => each.replaces !== null || !moved.has(`${each.uid} ${each.start}`))
}
