// How the load of a schedule falls on people: hours, and what they cost a life.
import { day, hour } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { type Interval, union } from '../../../kernel/interval.ts'
import { windowsIn } from './hours.ts'
import { type Holiday, weekendsIn } from './lint.ts'
import type { Shift } from './schedule.ts'
import { intersections, lengthOf, overlap } from './spans.ts'

export interface PersonLoad {
  readonly person: string
  readonly shifts: number
  readonly totalMs: number
  /** Between 22:00 and 06:00 where the person lives. */
  readonly nightMs: number
  readonly weekendMs: number
  readonly holidayMs: number
  /** Hours with the weights below; each hour counts by its heaviest. */
  readonly weightedMs: number
  /** Of the weighted hours of everybody; 0..1. */
  readonly share: number
}

/** An hour at night or on a weekend weighs one and a half, on a holiday two. */
export const loadWeights = { plain: 1, night: 1.5, weekend: 1.5, holiday: 2 } as const

const everyNight = Array.from({ length: 7 }, (_, weekday) => ({ weekday, fromMinute: 22 * 60, lengthMinutes: 8 * 60 }))

/** Most loaded first. Somebody on call twice at once is on call once. */
export function loadOf(
  shifts: readonly Shift[],
  facts: {
    readonly window: Interval
    /** Of the schedule: weekends and holidays are its own. */
    readonly zone: string
    readonly zoneOf: (person: string) => string
    readonly holidays: readonly Holiday[]
  },
): readonly PersonLoad[] {
  const weekends = weekendsIn(facts.zone, facts.window)
  const holidays = union(facts.holidays.map((each) => each.span))
  const people = [...new Set(shifts.map((each) => each.person))]
  const loads = people.map((person) => {
    const mine = shifts.filter((each) => each.person === person)
    const spans = union(mine.map(({ start, end }) => ({ start, end })))
    const around = spanOf(spans)
    const nights = around === null ? [] : windowsIn(facts.zoneOf(person), everyNight, around)
    const holiday = overlap(spans, holidays)
    const heavy = overlap(spans, union([...weekends, ...nights]))
    const both = overlap(intersections(spans, holidays), union([...weekends, ...nights]))
    const total = lengthOf(spans)
    // Each hour once, by its heaviest: holiday before night and weekend, those before the rest.
    const weightedMs =
      holiday * loadWeights.holiday +
      (heavy - both) * loadWeights.night +
      (total - holiday - (heavy - both)) * loadWeights.plain
    return {
      person,
      shifts: mine.length,
      totalMs: total,
      nightMs: overlap(spans, nights),
      weekendMs: overlap(spans, weekends),
      holidayMs: holiday,
      weightedMs,
    }
  })
  const sum = loads.reduce((all, each) => all + each.weightedMs, 0)
  return loads
    .map((each) => ({ ...each, share: sum === 0 ? 0 : each.weightedMs / sum }))
    .sort((a, b) => b.weightedMs - a.weightedMs || (a.person < b.person ? -1 : 1))
}

/** How many hours more than an even share the most loaded person carries, in per cent of it; 0 is even. */
export function unevenness(loads: readonly PersonLoad[]): number {
  const most = loads[0]
  return most === undefined ? 0 : Math.round((most.share * loads.length - 1) * 100)
}

function spanOf(spans: readonly Interval[]): Interval | null {
  const [first, last] = [spans[0], spans.at(-1)]
  return first === undefined || last === undefined
    ? null
    : { start: instant(first.start - day), end: instant(last.end + hour) }
}
