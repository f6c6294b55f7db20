// Hand-overs and "you are on call until": what a person wants to know from the final schedule.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { contains, type Interval, union } from '../../../kernel/interval.ts'
import { finalSchedule, longestWindowMs, peopleOnCallAt, type Schedule, type Shift } from './schedule.ts'

export interface HandOver {
  readonly at: Instant
  readonly leaving: readonly string[]
  readonly coming: readonly string[]
  readonly staying: readonly string[]
  /** From here nobody is on call. */
  readonly uncovered: boolean
}

/** Every instant in (start, end) at which the set of people changes. A turn passed to the same person is none. */
export function handOvers(schedule: Schedule, window: Interval): readonly HandOver[] {
  return handOversOf(finalSchedule(schedule, window).shifts, window)
}

/** Of shifts as they were or will be. */
export function handOversOf(shifts: readonly Shift[], window: Interval): readonly HandOver[] {
  const edges = [...new Set(shifts.flatMap((each) => [each.start, each.end]))].sort((a, b) => a - b)
  const starting = byInstant(shifts, (each) => each.start)
  const ending = byInstant(shifts, (each) => each.end)
  const count = new Map<string, number>()
  const found: HandOver[] = []
  let before: readonly string[] = []
  for (const at of edges) {
    for (const { person } of ending.get(at) ?? []) count.set(person, (count.get(person) ?? 0) - 1)
    for (const { person } of starting.get(at) ?? []) count.set(person, (count.get(person) ?? 0) + 1)
    const after = [...count].flatMap(([person, times]) => (times > 0 ? [person] : [])).sort()
    const leaving = before.filter((each) => !after.includes(each))
    const coming = after.filter((each) => !before.includes(each))
    if (at > window.start && at < window.end && leaving.length + coming.length > 0) {
      const staying = after.filter((each) => before.includes(each))
      found.push({ at, leaving, coming, staying, uncovered: after.length === 0 })
    }
    before = after
  }
  return found
}

function byInstant(shifts: readonly Shift[], when: (shift: Shift) => Instant): ReadonlyMap<Instant, readonly Shift[]> {
  const grouped = new Map<Instant, Shift[]>()
  for (const shift of shifts) {
    const group = grouped.get(when(shift))
    if (group === undefined) grouped.set(when(shift), [shift])
    else group.push(shift)
  }
  return grouped
}

export type OnCallStanding =
  /** `until` is null when the person stays on call beyond the horizon. */
  | { readonly state: 'on-call'; readonly schedules: readonly string[]; readonly until: Instant | null }
  /** `next` is null when no shift begins before the horizon. */
  | { readonly state: 'off'; readonly next: Interval | null; readonly schedules: readonly string[] }

/** Looks in windows of growing length, so the usual answer (this week) costs a week, not the horizon. */
export function nextChange(
  schedules: readonly Schedule[],
  person: string,
  at: Instant,
  horizonMs = 90 * day,
): OnCallStanding {
  const horizon = Math.min(horizonMs, longestWindowMs)
  const now = schedules.filter((each) => peopleOnCallAt(each, at).includes(person)).map((each) => each.name)
  for (let lengthMs = Math.min(8 * day, horizon); ; lengthMs = Math.min(lengthMs * 4, horizon)) {
    const window = { start: at, end: instant(at + lengthMs) }
    const mine = schedules.map((each) => ({ name: each.name, shifts: shiftsOf(each, person, window) }))
    const covered = union(mine.flatMap((each) => each.shifts))
    const final = lengthMs === horizon
    const first = covered[0]
    if (now.length > 0) {
      const until = first?.end ?? at
      if (until < window.end) return { state: 'on-call', schedules: now, until }
      if (final) return { state: 'on-call', schedules: now, until: null }
    } else if (first !== undefined && (first.end < window.end || final)) {
      const names = mine.filter((each) => each.shifts.some((shift) => contains(shift, first.start)))
      return { state: 'off', next: first, schedules: names.map((each) => each.name) }
    } else if (final) return { state: 'off', next: null, schedules: [] }
  }
}

function shiftsOf(schedule: Schedule, person: string, window: Interval): readonly Interval[] {
  const mine = finalSchedule(schedule, window).shifts.filter((each) => each.person === person)
  return mine.map(({ start, end }) => ({ start, end }))
}

/** The first instant after `at` at which the set of people on call changes, within the horizon; null when none does. */
export function nextHandOver(schedule: Schedule, at: Instant, horizonMs = 8 * day): HandOver | null {
  const window = { start: at, end: instant(at + Math.min(horizonMs, longestWindowMs)) }
  return handOvers(schedule, window)[0] ?? null
}
