// Recurring shifts: the part of RFC 5545's RRULE that shifts need, counted on the wall clock, so each occurrence keeps
// its local time over every change of the zone.
import type { Fault } from '../../../kernel/app-error.ts'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { weekdayOf, weekdays } from './hours.ts'
import { parseWall, type Wall, wall } from './wall-clock.ts'

export interface Recurrence {
  readonly freq: 'hourly' | 'daily' | 'weekly' | 'monthly'
  readonly interval: number
  /** 0 is Monday; `nth` counts from the start (1) or the end (-1) of the month. */
  readonly byDay: readonly { readonly weekday: number; readonly nth: number | null }[]
  /** Negative counts from the end of the month. */
  readonly byMonthDay: readonly number[]
  readonly byMonth: readonly number[]
  readonly count: number | null
  /** The last wall time an occurrence may begin at. */
  readonly until: Wall | null
  /** First day of the week for `weekly` with an interval: 0 is Monday. */
  readonly weekStart: number
}

const codes = weekdays.map((each) => each.slice(0, 2).toUpperCase())
const frequencies = { HOURLY: 'hourly', DAILY: 'daily', WEEKLY: 'weekly', MONTHLY: 'monthly' } as const
const known = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'COUNT', 'UNTIL', 'WKST']

export type ReadRecurrence = { readonly rule: Recurrence } | { readonly fault: string }

export function readRecurrence(text: string): ReadRecurrence {
  const parts = new Map<string, string>()
  for (const part of text
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .split(';')) {
    const [name = '', value = ''] = part.split('=')
    if (!known.includes(name)) return { fault: `"${name}" is not understood in a shift; use ${known.join(', ')}.` }
    if (value === '' || parts.has(name)) return { fault: `"${part}" is empty or said twice.` }
    parts.set(name, value)
  }
  const freq = Object.entries(frequencies).find(([name]) => name === parts.get('FREQ'))?.[1]
  if (freq === undefined) return { fault: 'FREQ must be HOURLY, DAILY, WEEKLY or MONTHLY.' }
  const interval = wholeOf(parts.get('INTERVAL') ?? '1', 1, 1000)
  if (interval === null) return { fault: 'INTERVAL must be a whole number from 1 to 1000.' }
  const count = parts.has('COUNT') ? wholeOf(parts.get('COUNT') ?? '', 1, 100_000) : null
  if (parts.has('COUNT') && count === null) return { fault: 'COUNT must be a whole number from 1 to 100000.' }
  const byDay = listOf(parts.get('BYDAY')).map(readDay)
  const days = byDay.filter((each) => each !== null)
  if (days.length < byDay.length) return { fault: 'BYDAY takes MO, TU, … or, by the month, 1MO and -1FR.' }
  if (freq !== 'monthly' && days.some((each) => each.nth !== null))
    return { fault: 'Only a monthly rule counts weekdays of the month, as in 1MO.' }
  const byMonthDay = listOf(parts.get('BYMONTHDAY')).map(Number)
  if (byMonthDay.some((each) => !Number.isInteger(each) || each === 0 || Math.abs(each) > 31))
    return { fault: 'BYMONTHDAY takes 1 to 31, or -1 for the last day.' }
  const byMonth = listOf(parts.get('BYMONTH')).map(Number)
  if (byMonth.some((each) => !Number.isInteger(each) || each < 1 || each > 12))
    return { fault: 'BYMONTH takes 1 to 12.' }
  const until = parts.has('UNTIL') ? untilOf(parts.get('UNTIL') ?? '') : null
  if (parts.has('UNTIL') && until === null)
    return { fault: 'UNTIL is a local time, 20261231T235900, or a date, 20261231.' }
  if (until !== null && count !== null) return { fault: 'A rule has COUNT or UNTIL, not both.' }
  const weekStart = codes.indexOf(parts.get('WKST') ?? 'MO')
  if (weekStart < 0) return { fault: 'WKST is a day such as MO.' }
  return { rule: { freq, interval, byDay: days, byMonthDay, byMonth, count, until, weekStart } }
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',')
}

function wholeOf(text: string, least: number, most: number): number | null {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : null
}

function readDay(text: string): Recurrence['byDay'][number] | null {
  const match = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text)
  if (match === null) return null
  return { weekday: codes.indexOf(match[2] ?? ''), nth: match[1] === undefined ? null : Number(match[1]) }
}

function untilOf(text: string): Wall | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z?)?$/.exec(text)
  if (match === null) return null
  const [, year, month, date, hours = '23', minutes = '59', seconds = '59'] = match
  return parseWall(`${year}-${month}-${date}T${hours}:${minutes}:${seconds}`)
}

/** An hourly shift for ten years; a rule that needs more begins at a later start. */
const mostOccurrences = 100_000

/** The wall times it begins at, ascending, from `start` to before `end`. The first one is `start` when the rule meets it. */
export function occurrences(rule: Recurrence, start: Wall, end: Wall): readonly Wall[] {
  const found: Wall[] = []
  const limit = Math.min(rule.count ?? mostOccurrences, mostOccurrences)
  const last = rule.until === null ? end - 1 : Math.min(end - 1, rule.until)
  for (let period = 0; ; period += 1) {
    const { from, starts } = periodOf(rule, start, period)
    if (from > last) return found
    for (const each of starts) {
      if (each < start) continue
      if (each > last || found.length >= limit) return found
      found.push(wall(each))
    }
    if (found.length >= limit) return found
  }
}

interface Period {
  /** No occurrence of this period or a later one begins before it. */
  readonly from: number
  readonly starts: readonly number[]
}

function periodOf(rule: Recurrence, start: Wall, period: number): Period {
  const date = Math.floor(start / day)
  const time = start - date * day
  const step = period * rule.interval
  if (rule.freq === 'hourly') {
    const at = start + step * hour
    return { from: at, starts: fits(rule, Math.floor(at / day)) ? [at] : [] }
  }
  if (rule.freq === 'daily') {
    const at = date + step
    return { from: at * day, starts: fits(rule, at) ? [at * day + time] : [] }
  }
  if (rule.freq === 'weekly') {
    const first = date - ((weekdayOf(date) - rule.weekStart + 7) % 7) + step * 7
    const wanted = rule.byDay.length === 0 ? [weekdayOf(date)] : rule.byDay.map((each) => each.weekday)
    const days = [0, 1, 2, 3, 4, 5, 6].map((offset) => first + offset)
    const starts = days.filter((each) => wanted.includes(weekdayOf(each)) && inMonth(rule, each))
    return { from: first * day, starts: starts.map((each) => each * day + time) }
  }
  const anchor = new Date(start)
  const first = Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() + step, 1) / day
  const next = Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() + step + 1, 1) / day
  const all = Array.from({ length: next - first }, (_, index) => first + index)
  const named = rule.byDay.length + rule.byMonthDay.length > 0
  // Without a day of its own the rule keeps the day of its start, or the last day of a shorter month.
  const starts = named
    ? all.filter((each) => fits(rule, each))
    : all.slice(Math.min(anchor.getUTCDate(), all.length) - 1).slice(0, 1)
  return {
    from: first * day,
    starts: starts.filter((each) => inMonth(rule, each)).map((each) => each * day + time),
  }
}

function inMonth(rule: Recurrence, date: number): boolean {
  return rule.byMonth.length === 0 || rule.byMonth.includes(new Date(date * day).getUTCMonth() + 1)
}

function fits(rule: Recurrence, date: number): boolean {
  if (!inMonth(rule, date)) return false
  const at = new Date(date * day)
  const dayOfMonth = at.getUTCDate()
  const length = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
  const { byDay, byMonthDay } = rule
  if (byMonthDay.length > 0 && !byMonthDay.some((each) => (each > 0 ? each : length + 1 + each) === dayOfMonth))
    return false
  if (byDay.length === 0) return true
  return byDay.some(({ weekday, nth }) => {
    if (weekday !== weekdayOf(date)) return false
    if (nth === null) return true
    return nth > 0 ? Math.ceil(dayOfMonth / 7) === nth : Math.ceil((length - dayOfMonth + 1) / 7) === -nth
  })
}

/** A shift that begins again and again. Local times without an offset. */
export interface RecurringShift {
  readonly start: string
  /** The end of the first occurrence; the others last as long on the wall clock. */
  readonly end: string
  /** An RRULE such as `FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`; without it the shift happens once. */
  readonly repeat?: string
  /** Local starts that are left out. */
  readonly except?: readonly string[]
  /** Further local starts. */
  readonly also?: readonly string[]
}

export interface Occurrence {
  readonly start: Wall
  readonly end: Wall
}

// Occurrences are counted from the start, so one a thousand years ago would cost a thousand years of counting.
const [earliestStart, latestStart] = [Date.UTC(2000, 0, 1), Date.UTC(2101, 0, 1)]

/** Shifts of a month and less: longer ones are turns. */
const longestShiftMs = 31 * day

export function occurrencesOf(shift: RecurringShift, end: Wall): readonly Occurrence[] {
  const [first, firstEnd] = [parseWall(shift.start), parseWall(shift.end)]
  if (first === null || firstEnd === null) return []
  const read = shift.repeat === undefined ? null : readRecurrence(shift.repeat)
  const starts = read !== null && 'rule' in read ? occurrences(read.rule, first, end) : first < end ? [first] : []
  const left = new Set((shift.except ?? []).map(parseWall))
  const added = (shift.also ?? []).flatMap((each) => parseWall(each) ?? []).filter((each) => each < end)
  const all = [...new Set([...starts.filter((each) => !left.has(each)), ...added])].sort((a, b) => a - b)
  return all.map((start) => ({ start, end: wall(start + (firstEnd - first)) }))
}

export function checkRecurringShift(shift: RecurringShift, pointer: string): readonly Fault[] {
  const faults: Fault[] = []
  const times = [
    [shift.start, '/start'],
    [shift.end, '/end'],
    ...(shift.except ?? []).map((each, index) => [each, `/except/${index}`]),
    ...(shift.also ?? []).map((each, index) => [each, `/also/${index}`]),
  ]
  for (const [text = '', place] of times) {
    if (parseWall(text) !== null) continue
    const detail = `"${text}" is not a local time. Write it as 2026-03-02T09:00, without an offset.`
    faults.push({ pointer: `${pointer}${place}`, detail })
  }
  const [start, end] = [parseWall(shift.start), parseWall(shift.end)]
  if (start !== null && (start < earliestStart || start > latestStart))
    faults.push({ pointer: `${pointer}/start`, detail: 'A recurring shift begins between 2000 and 2100.' })
  if (start !== null && end !== null && (end - start < minute || end - start > longestShiftMs))
    faults.push({ pointer: `${pointer}/end`, detail: 'A shift lasts from one minute to 31 days.' })
  if (shift.repeat !== undefined) {
    const read = readRecurrence(shift.repeat)
    if ('fault' in read) faults.push({ pointer: `${pointer}/repeat`, detail: read.fault })
  }
  return faults
}
