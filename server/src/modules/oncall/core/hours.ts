// Hours of the week on a wall clock: what restricts a rotation, and when a schedule must be covered.
import type { Fault } from '../../../kernel/app-error.ts'
import { day, minute } from '../../../kernel/duration.ts'
import { type Interval, intersection, union } from '../../../kernel/interval.ts'
import { instantOf, wall, wallAt } from './wall-clock.ts'

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]
const names: readonly string[] = weekdays

/** Belongs to the day it begins on; a window over midnight is one window. */
export interface WeekWindow {
  /** 0 is Monday. */
  readonly weekday: number
  readonly fromMinute: number
  /** Counted on the wall clock: 1 to 10,080. */
  readonly lengthMinutes: number
}

const dayMinutes = 1440
const weekMinutes = 7 * dayMinutes

/** 1970-01-01 was a Thursday. */
export function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 3) % 7) + 7) % 7
}

/** The stretches of `within` that lie in one of the windows; sorted, disjoint. Two conversions per window begun. */
export function windowsIn(zone: string, windows: readonly WeekWindow[], within: Interval): readonly Interval[] {
  if (within.start >= within.end || windows.length === 0) return []
  const longestDays = Math.ceil(Math.max(...windows.map((each) => each.fromMinute + each.lengthMinutes)) / dayMinutes)
  // One day more on each side: a zone may jump by a day.
  const first = Math.floor(wallAt(zone, within.start) / day) - longestDays - 1
  const last = Math.floor(wallAt(zone, within.end) / day) + 1
  const found: Interval[] = []
  for (let date = first; date <= last; date += 1) {
    const weekday = weekdayOf(date)
    for (const window of windows) {
      if (window.weekday !== weekday) continue
      const from = date * day + window.fromMinute * minute
      const start = instantOf(zone, wall(from))
      if (start >= within.end) continue
      const end = instantOf(zone, wall(from + window.lengthMinutes * minute))
      const inside = intersection({ start, end }, within)
      if (inside !== null) found.push(inside)
    }
  }
  return union(found)
}

/** Whether a wall-clock stretch of less than a week, beginning at `offset` minutes after Monday 00:00, meets a window. */
export function meetsWindow(windows: readonly WeekWindow[], offset: number, lengthMinutes: number): boolean {
  return windows.some((each) => {
    const from = each.weekday * dayMinutes + each.fromMinute
    return [-weekMinutes, 0, weekMinutes].some(
      (shift) => from + shift < offset + lengthMinutes && offset < from + shift + each.lengthMinutes,
    )
  })
}

/** How people write them: on each of `days` from 08:00 to 16:30, or once a week from `fri 20:00` to `mon 08:00`. */
export interface WrittenHours {
  readonly days?: readonly string[]
  readonly from: string
  readonly to: string
}

const timePattern = /^(?:(mon|tue|wed|thu|fri|sat|sun) )?(\d{2}):(\d{2})$/

export function readHours(written: readonly WrittenHours[]): readonly WeekWindow[] {
  return written.flatMap((each) => windowsOf(each) ?? [])
}

export function checkHours(written: readonly WrittenHours[], pointer: string): readonly Fault[] {
  return written.flatMap((each, index) => {
    if (windowsOf(each) !== null) return []
    const detail = `"${each.from}" to "${each.to}" is no stretch of the week. Write from: "08:00", to: "16:30" with days, or from: "fri 20:00", to: "mon 08:00" without.`
    return [{ pointer: `${pointer}/${index}`, detail }]
  })
}

function windowsOf({ days, from, to }: WrittenHours): readonly WeekWindow[] | null {
  const [start, end] = [timeOf(from), timeOf(to)]
  if (start === null || end === null) return null
  if (start.weekday !== null && end.weekday !== null) {
    if (days !== undefined) return null
    const length = modulo((end.weekday - start.weekday) * dayMinutes + end.minute - start.minute, weekMinutes)
    return [{ weekday: start.weekday, fromMinute: start.minute, lengthMinutes: length === 0 ? weekMinutes : length }]
  }
  if (start.weekday !== null || end.weekday !== null) return null
  // The same time twice is the whole day; an earlier end lies on the next day.
  const length = modulo(end.minute - start.minute, dayMinutes)
  const on = days ?? weekdays
  return on.map((name) => ({
    weekday: names.indexOf(name),
    fromMinute: start.minute,
    lengthMinutes: length === 0 ? dayMinutes : length,
  }))
}

function timeOf(text: string): { readonly weekday: number | null; readonly minute: number } | null {
  const match = timePattern.exec(text)
  if (match === null) return null
  const [hours, minutes] = [Number(match[2]), Number(match[3])]
  if (minutes > 59 || hours * 60 + minutes > dayMinutes) return null
  const weekday = match[1] === undefined ? null : names.indexOf(match[1])
  return { weekday, minute: hours * 60 + minutes }
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
