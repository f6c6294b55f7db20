// What being on call does to a person in a stretch of time: calls, nights, time awake, answers. Counted, never guessed.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { contains, type Interval, overlaps, union } from '../../../kernel/interval.ts'
import { answerTimes, type Call, callsOf, type PersonPage } from './calls.ts'
import { windowsIn } from './hours.ts'
import { intersections, lengthOf, overlap, without } from './spans.ts'
import { nightWindows, type OnCallTerms } from './terms.ts'

export interface Figures {
  readonly onCallMs: number
  readonly pages: number
  readonly calls: number
  /** Pages outside working hours or on a holiday. */
  readonly afterHours: number
  /** Nights with any duty in them. */
  readonly nights: number
  /** Nights with a page in them, on duty or not. */
  readonly brokenNights: number
  /** From a page in a night until free again, as far as it lies in nights. */
  readonly awakeMs: number
  /** From a page until free again, at any hour. */
  readonly busyMs: number
  /** Stretches of duty of the length the limit speaks of, and those with more calls than it allows. */
  readonly stretches: number
  readonly overfull: number
  /** Pages by who answered: the person, somebody else, nobody; and those of which it is not known. */
  readonly answered: number
  readonly answeredByOthers: number
  readonly unanswered: number
  readonly unknown: number
  /** Sorted. */
  readonly answerMs: readonly number[]
}

export interface PersonDuty {
  readonly person: string
  readonly zone: string
  /** Also of some time before what is asked for: a stretch of duty begins where its shift began. */
  readonly shifts: readonly Interval[]
  /** All of them, whatever paged. */
  readonly pages: readonly PersonPage[]
  readonly holidays: readonly Interval[]
}

/** For each of `spans`, which are sorted and disjoint; up to `now`. */
export function figuresOf(
  duty: PersonDuty,
  spans: readonly Interval[],
  terms: OnCallTerms,
  now: Instant,
): readonly Figures[] {
  const [first, last] = [spans[0], spans.at(-1)]
  if (first === undefined || last === undefined) return []
  const around = { start: instant(first.start - day), end: instant(last.end + day) }
  const shifts = union(duty.shifts)
  const calls = callsOf(duty.pages, terms, now)
  const nights = windowsIn(duty.zone, nightWindows(terms), around)
  const working = without(windowsIn(duty.zone, terms.workingHours, around), union(duty.holidays))
  const busy = union(calls)
  const stretches = shifts.flatMap((shift) => stretchesOf(shift, terms.limits.perMs))
  return spans.map((span) => {
    const here = { start: span.start, end: instant(Math.max(span.start, Math.min(span.end, now))) }
    const pages = duty.pages.filter((each) => contains(here, each.at))
    const own = nights.filter((each) => contains(here, each.start))
    const begun = stretches.filter((each) => contains(here, each.start))
    return {
      onCallMs: overlap(shifts, [here]),
      pages: pages.length,
      calls: calls.filter((each) => contains(here, each.start)).length,
      afterHours: pages.filter((page) => !working.some((each) => contains(each, page.at))).length,
      nights: own.filter((night) => shifts.some((shift) => overlaps(shift, night))).length,
      brokenNights: own.filter((night) => duty.pages.some((page) => contains(night, page.at))).length,
      awakeMs: lengthOf(intersections(union(atNight(calls, nights)), [here])),
      busyMs: overlap(busy, [here]),
      stretches: begun.length,
      overfull: begun.filter((stretch) => callsIn(calls, stretch) > terms.limits.calls).length,
      ...answersOf(pages),
    }
  })
}

const callsIn = (calls: readonly Call[], stretch: Interval): number =>
  calls.filter((call) => contains(stretch, call.start)).length

/** Of calls that have a page in a night, what lies in that night. */
function atNight(calls: readonly Call[], nights: readonly Interval[]): readonly Interval[] {
  return calls.flatMap((call) => {
    const woken = nights.filter((night) => call.pages.some((page) => contains(night, page.at)))
    const from = Math.min(...call.pages.map((page) => page.at).filter((at) => woken.some((each) => contains(each, at))))
    return woken.length === 0 ? [] : intersections([{ start: instant(from), end: call.end }], woken)
  })
}

function stretchesOf(shift: Interval, perMs: number): readonly Interval[] {
  const found: Interval[] = []
  for (let start: number = shift.start; start < shift.end; start += perMs)
    found.push({ start: instant(start), end: instant(Math.min(start + perMs, shift.end)) })
  return found
}

function answersOf(pages: readonly PersonPage[]) {
  const known = pages.filter((each) => each.answerKnown)
  const answered = known.filter((each) => each.answeredBy === each.person).length
  const answeredByOthers = known.filter((each) => each.answeredBy !== null && each.answeredBy !== each.person).length
  return {
    answered,
    answeredByOthers,
    unanswered: known.length - answered - answeredByOthers,
    unknown: pages.length - known.length,
    answerMs: answerTimes(known),
  }
}

export const noFigures: Figures = {
  ...{ onCallMs: 0, pages: 0, calls: 0, afterHours: 0, nights: 0, brokenNights: 0, awakeMs: 0, busyMs: 0 },
  ...{ stretches: 0, overfull: 0, answered: 0, answeredByOthers: 0, unanswered: 0, unknown: 0, answerMs: [] },
}

export function sumOf(all: readonly Figures[]): Figures {
  const sum = (of: (each: Figures) => number): number => all.reduce((total, each) => total + of(each), 0)
  return {
    onCallMs: sum((each) => each.onCallMs),
    pages: sum((each) => each.pages),
    calls: sum((each) => each.calls),
    afterHours: sum((each) => each.afterHours),
    nights: sum((each) => each.nights),
    brokenNights: sum((each) => each.brokenNights),
    awakeMs: sum((each) => each.awakeMs),
    busyMs: sum((each) => each.busyMs),
    stretches: sum((each) => each.stretches),
    overfull: sum((each) => each.overfull),
    answered: sum((each) => each.answered),
    answeredByOthers: sum((each) => each.answeredByOthers),
    unanswered: sum((each) => each.unanswered),
    unknown: sum((each) => each.unknown),
    answerMs: all.flatMap((each) => each.answerMs).sort((a, b) => a - b),
  }
}

/** On call for any of it, or called. */
export const wasOnDuty = (figures: Figures): boolean => figures.onCallMs > 0 || figures.pages > 0
