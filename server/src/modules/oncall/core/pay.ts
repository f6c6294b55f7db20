// Hours on call as payroll needs them: by kind of hour where the person lives, exact over every change of the clock.
import type { Instant } from '../../../kernel/instant.ts'
import { contains, type Interval, union } from '../../../kernel/interval.ts'
import { callsOf, type PersonPage } from './calls.ts'
import { intersections, lengthOf } from './spans.ts'
import type { OnCallTerms } from './terms.ts'
import { byClass, type ClassFacts, daysIn, type TimeClass, timeClasses } from './time-classes.ts'
import { formatWall, instantOf, parseWall } from './wall-clock.ts'

export interface PayLine {
  /** Of the person's calendar: 2026-03-29. */
  readonly date: string
  readonly class: TimeClass
  /** On call. */
  readonly standbyMs: number
  /** Called out, within the time on call or beyond its end. */
  readonly awakeMs: number
}

export interface PayFacts extends Omit<ClassFacts, 'night'> {
  readonly terms: OnCallTerms
  readonly period: Interval
  readonly now: Instant
}

/** From midnight to midnight where the person lives. Null when one of them is no date, or none lies between. */
export function periodOf(zone: string, from: string, to: string): Interval | null {
  const [first, end] = [parseWall(`${from}T00:00`), parseWall(`${to}T00:00`)]
  if (first === null || end === null || first >= end) return null
  return { start: instantOf(zone, first), end: instantOf(zone, end) }
}

/**
 * One line for each day and kind of hour. Twice on call at once is on call once. A call that begins on duty counts to its
 * end, also after the duty, each minute by its own kind of hour; what a call has beyond the period belongs to the next one.
 */
export function payLines(
  shifts: readonly Interval[],
  pages: readonly PersonPage[],
  facts: PayFacts,
): readonly PayLine[] {
  const duty = union(shifts)
  const standby = intersections(duty, [facts.period])
  const awake = calledOut(duty, pages, facts)
  const of = { zone: facts.zone, night: facts.terms.night, holidays: facts.holidays }
  const [standbyBy, awakeBy] = [byClass(standby, of), byClass(awake, of)]
  return daysIn(facts.zone, facts.period).flatMap((each) =>
    timeClasses.flatMap((name): readonly PayLine[] => {
      const standbyMs = lengthOf(intersections(standbyBy[name], [each]))
      const awakeMs = lengthOf(intersections(awakeBy[name], [each]))
      const date = formatWall(each.date).slice(0, 10)
      return standbyMs + awakeMs === 0 ? [] : [{ date, class: name, standbyMs, awakeMs }]
    }),
  )
}

/** `duty` is sorted and disjoint. A page off duty is somebody else's call, and does not swallow the one that follows it. */
export function calledOut(
  duty: readonly Interval[],
  pages: readonly PersonPage[],
  { terms, period, now }: Pick<PayFacts, 'terms' | 'period' | 'now'>,
): readonly Interval[] {
  const own = pages.filter((page) => duty.some((each) => contains(each, page.at)))
  return intersections(union(callsOf(own, terms, now)), [period])
}

export interface PaySum {
  readonly class: TimeClass
  readonly standbyMs: number
  readonly awakeMs: number
}

/** One for each kind of hour, also when it is nothing: payroll reads columns. */
export function payByClass(lines: readonly PaySum[]): readonly PaySum[] {
  return timeClasses.map((name) => {
    const own = lines.filter((each) => each.class === name)
    const sum = (of: (each: PaySum) => number): number => own.reduce((total, each) => total + of(each), 0)
    return { class: name, standbyMs: sum((each) => each.standbyMs), awakeMs: sum((each) => each.awakeMs) }
  })
}
