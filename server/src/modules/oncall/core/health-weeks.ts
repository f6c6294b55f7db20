// Weeks of a team's health, and how many of them must be told as one so that no figure is one person's.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { type Figures, sumOf, wasOnDuty } from './health.ts'
import { weekdayOf } from './hours.ts'
import { instantOf, wall, wallAt } from './wall-clock.ts'

/** Fewer people than this and a sum is nearly a person. */
export const leastPeople = 3

/** Whole weeks from Monday to Monday in the zone; the last one is the one of `at`. */
export function weeksUpTo(zone: string, at: Instant, count: number): readonly Interval[] {
  const date = Math.floor(wallAt(zone, at) / day)
  const monday = date - weekdayOf(date)
  const start = (weeksBack: number): Instant => instantOf(zone, wall((monday - 7 * weeksBack) * day))
  return Array.from({ length: count }, (_, index) => ({
    start: start(count - 1 - index),
    end: start(count - 2 - index),
  }))
}

export interface PersonWeeks {
  readonly person: string
  /** One for each week. */
  readonly weeks: readonly Figures[]
}

export interface SpanFigures extends Interval {
  readonly people: number
  readonly figures: Figures
}

export function spansOf(weeks: readonly Interval[], people: readonly PersonWeeks[]): readonly SpanFigures[] {
  return weeks.map((week, index) => {
    const on = people.flatMap((each) => each.weeks[index] ?? []).filter(wasOnDuty)
    return { ...week, people: on.length, figures: sumOf(on) }
  })
}

/**
 * Neighbouring weeks together until enough people were on duty in each stretch; what is left at the end joins the last
 * one. Empty when there are not enough in all of them.
 */
export function joinedSpans(weeks: readonly Interval[], people: readonly PersonWeeks[], least: number) {
  const found: SpanFigures[] = []
  let from = 0
  const span = (start: number, end: number): SpanFigures => {
    const on = people.filter((each) => each.weeks.slice(start, end).some(wasOnDuty))
    const figures = sumOf(on.flatMap((each) => each.weeks.slice(start, end)))
    const [first, last] = [weeks[start], weeks[end - 1]]
    return { start: first?.start ?? instant(0), end: last?.end ?? instant(0), people: on.length, figures }
  }
  let lastFrom = 0
  for (let end = 1; end <= weeks.length; end += 1) {
    const next = span(from, end)
    if (next.people < least) continue
    found.push(next)
    lastFrom = from
    from = end
  }
  if (found.length > 0 && from < weeks.length) found[found.length - 1] = span(lastFrom, weeks.length)
  return found
}

export type Trend = 'more' | 'fewer' | 'same' | 'unknown'

/**
 * Two counts over the same length of time. Chance alone moves the difference of two counts by more than twice the root of
 * their sum in one of twenty comparisons (Poisson): less than that is no trend.
 */
export function trendOf(before: number, after: number): Trend {
  const all = before + after
  if (all < 5) return 'unknown'
  if (Math.abs(after - before) <= 2 * Math.sqrt(all)) return 'same'
  return after > before ? 'more' : 'fewer'
}

export interface Half {
  readonly figures: Figures
  /** Different people on duty in it. */
  readonly people: number
}

/** The first and the second half of the weeks that are over; null when there are fewer than four. */
export function halves(
  weeks: readonly Interval[],
  people: readonly PersonWeeks[],
  now: Instant,
): { readonly weeks: number; readonly before: Half; readonly after: Half } | null {
  const over = weeks.filter((each) => each.end <= now).length
  const count = Math.floor(over / 2)
  if (count < 2) return null
  const half = (from: number, to: number): Half => {
    const own = people.map((each) => each.weeks.slice(from, to))
    return { figures: sumOf(own.flat()), people: own.filter((each) => each.some(wasOnDuty)).length }
  }
  return { weeks: count, before: half(over - 2 * count, over - count), after: half(over - count, over) }
}

/** Windows whoever reads sums may ask for: what two of any length differ by would be the figures of a week. */
export const windowsOfSums = [4, 12, 26] as const

/** The shortest that is as long as what was asked for. */
export function windowOfSums(weeks: number): number {
  return windowsOfSums.find((each) => each >= weeks) ?? windowsOfSums[windowsOfSums.length - 1] ?? weeks
}
