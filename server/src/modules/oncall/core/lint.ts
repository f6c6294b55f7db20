// What is wrong with a schedule although it can be computed: holes, double booking, too little rest. Said before it is
// saved, each with its place in time, so that a person can judge it.
import { day, hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { contains, type Interval, intersection, overlaps, union } from '../../../kernel/interval.ts'
import { weekdayOf } from './hours.ts'
import { finalSchedule, missingCover, type Schedule, type Shift } from './schedule.ts'
import { clockChanges, formatWall, instantOf, wall, wallAt } from './wall-clock.ts'

export const lintCodes = [
  'gap',
  'unreachable',
  'double-booking',
  'short-rest',
  'three-weekends',
  'lone-newcomer',
  'holiday',
  'clock-change',
] as const
export type LintCode = (typeof lintCodes)[number]

export interface Finding extends Interval {
  readonly code: LintCode
  /** What leaves an alert unheard is serious; the rest is for people to weigh. */
  readonly level: 'serious' | 'weigh' | 'know'
  readonly people: readonly string[]
  readonly sentence: string
}

export interface Holiday {
  readonly name: string
  /** Local midnight to local midnight in the schedule's zone. */
  readonly span: Interval
}

export interface LintFacts {
  readonly zone: string
  readonly window: Interval
  readonly holidays: readonly Holiday[]
  /** Without a verified contact. */
  readonly unreachable: ReadonlySet<string>
  /** Shifts of the same people in other schedules. */
  readonly elsewhere: readonly (Interval & { readonly person: string; readonly schedule: string })[]
}

/** Eleven hours free in each 24, as the EU's Working Time Directive (2003/88/EC, article 3) has it. */
const restMs = 11 * hour
/** New for this long after joining. */
const newcomerMs = 28 * day
const mostFindings = 300

export function lintSchedule(schedule: Schedule, facts: LintFacts): readonly Finding[] {
  const final = finalSchedule(schedule, facts.window)
  const say = (at: Instant) => formatWall(wallAt(facts.zone, at)).replace('T', ' ')
  const found = [
    ...missingCover(schedule, final.gaps).map((gap): Finding => {
      const sentence = `Nobody is on call from ${say(gap.start)} to ${say(gap.end)}.`
      return { code: 'gap', level: 'serious', ...spanOf(gap), people: [], sentence }
    }),
    ...unreachable(final.shifts, facts),
    ...doubleBooking(final.shifts, facts, say),
    ...restAndWeekends(final.shifts, facts, say),
    ...loneNewcomers(schedule, final.shifts, say),
    ...onHolidays(final.shifts, facts),
    ...clockChangesIn(final.shifts, facts, say),
  ]
  return found
    .sort((a, b) => lintCodes.indexOf(a.code) - lintCodes.indexOf(b.code) || a.start - b.start)
    .slice(0, mostFindings)
}

const spanOf = ({ start, end }: Interval): Interval => ({ start, end })

function byPerson(shifts: readonly Shift[]): ReadonlyMap<string, readonly Shift[]> {
  const found = new Map<string, Shift[]>()
  for (const shift of shifts) {
    const mine = found.get(shift.person)
    if (mine === undefined) found.set(shift.person, [shift])
    else mine.push(shift)
  }
  return found
}

function unreachable(shifts: readonly Shift[], facts: LintFacts): readonly Finding[] {
  return [...byPerson(shifts)].flatMap(([person, [first]]) => {
    if (first === undefined || !facts.unreachable.has(person)) return []
    const sentence = `${person} has no verified contact and cannot be paged.`
    return [{ code: 'unreachable', level: 'serious', ...spanOf(first), people: [person], sentence } as const]
  })
}

function doubleBooking(shifts: readonly Shift[], facts: LintFacts, say: (at: Instant) => string): readonly Finding[] {
  const found: Finding[] = []
  for (const [person, mine] of byPerson(shifts)) {
    // Sorted by start: each shift is compared with the ones still open, which are few.
    let open: readonly Shift[] = []
    for (const shift of mine) {
      open = open.filter((each) => each.end > shift.start)
      const other = open[0]
      const both = other === undefined ? null : intersection(other, shift)
      if (both !== null) {
        const sentence = `${person} is on call twice from ${say(both.start)} to ${say(both.end)}: one person, one pair of hands.`
        found.push({ code: 'double-booking', level: 'weigh', ...both, people: [person], sentence })
      }
      open = [...open, shift]
    }
    const others = facts.elsewhere.filter((each) => each.person === person)
    for (const shift of union(mine.map(spanOf))) {
      const other = others.find((each) => overlaps(each, shift))
      const both = other === undefined ? null : intersection(other, shift)
      if (other === undefined || both === null) continue
      const sentence = `${person} is also on call in ${other.schedule} from ${say(both.start)} to ${say(both.end)}.`
      found.push({ code: 'double-booking', level: 'weigh', ...both, people: [person], sentence })
      // Once for each person and schedule: two rotas that always overlap are one thing to decide.
      others.splice(0, others.length, ...others.filter((each) => each.schedule !== other.schedule))
    }
  }
  return found
}

function restAndWeekends(shifts: readonly Shift[], facts: LintFacts, say: (at: Instant) => string): readonly Finding[] {
  const found: Finding[] = []
  for (const [person, mine] of byPerson(shifts)) {
    const stretches = union(mine.map(spanOf))
    for (const [index, stretch] of stretches.entries()) {
      const next = stretches[index + 1]
      if (next === undefined) continue
      const pause = next.start - stretch.end
      // A break inside a working day is no rest; that day still leaves eleven hours.
      if (pause >= restMs || next.end - stretch.start <= day - restMs) continue
      const hours = Math.round((pause / hour) * 10) / 10
      const sentence = `${person} has ${hours} h of rest between ${say(stretch.end)} and ${say(next.start)}; eleven are due.`
      found.push({
        code: 'short-rest',
        level: 'weigh',
        start: stretch.end,
        end: next.start,
        people: [person],
        sentence,
      })
    }
    found.push(...weekends(person, stretches, facts, say))
  }
  return found
}

function weekends(
  person: string,
  stretches: readonly Interval[],
  { zone, window }: LintFacts,
  say: (at: Instant) => string,
): readonly Finding[] {
  const found: Finding[] = []
  let row = 0
  for (const weekend of weekendsIn(zone, window)) {
    const served = stretches.reduce((sum, each) => {
      const both = intersection(each, weekend)
      return sum + (both === null ? 0 : both.end - both.start)
    }, 0)
    row = served >= hour ? row + 1 : 0
    if (row === 0 || row % 3 !== 0) continue
    const sentence = `${person} is on call on ${row} weekends in a row, up to the one of ${say(weekend.start).slice(0, 10)}.`
    found.push({ code: 'three-weekends', level: 'weigh', ...weekend, people: [person], sentence })
  }
  return found
}

/** Saturdays and Sundays whole, on the wall clock. */
export function weekendsIn(zone: string, window: Interval): readonly Interval[] {
  const first = Math.floor(wallAt(zone, window.start) / day)
  const found: Interval[] = []
  for (let date = first - weekdayOf(first) + 5; ; date += 7) {
    const start = instantOf(zone, wall(date * day))
    if (start >= window.end) return found
    const weekend = intersection({ start, end: instantOf(zone, wall((date + 2) * day)) }, window)
    if (weekend !== null) found.push(weekend)
  }
}

function loneNewcomers(schedule: Schedule, shifts: readonly Shift[], say: (at: Instant) => string): readonly Finding[] {
  const joined = new Map<string, Instant>()
  for (const member of schedule.rotations.flatMap((rotation) => rotation.members))
    if (member.person !== null && member.since !== undefined)
      joined.set(member.person, instant(Math.max(member.since, joined.get(member.person) ?? member.since)))
  const found: Finding[] = []
  for (const [person, since] of joined) {
    const early = { start: since, end: instant(since + newcomerMs) }
    const alone = shifts.find((shift) => {
      if (shift.person !== person || !contains(early, shift.start)) return false
      const others = shifts.filter((each) => each.person !== person && overlaps(each, shift))
      return (
        union(others.map(spanOf)).reduce((sum, each) => sum + lengthOf(intersection(each, shift)), 0) < lengthOf(shift)
      )
    })
    if (alone === undefined) continue
    const sentence = `${person}, who joins on ${say(since).slice(0, 10)}, is alone on call from ${say(alone.start)}.`
    found.push({ code: 'lone-newcomer', level: 'weigh', ...spanOf(alone), people: [person], sentence })
  }
  return found
}

const lengthOf = (span: Interval | null): number => (span === null ? 0 : span.end - span.start)

function onHolidays(shifts: readonly Shift[], facts: LintFacts): readonly Finding[] {
  return facts.holidays.flatMap(({ name, span }) => {
    if (!overlaps(span, facts.window)) return []
    const people = [...new Set(shifts.filter((each) => overlaps(each, span)).map((each) => each.person))]
    if (people.length === 0) return []
    const sentence = `On call on ${name}: ${people.join(', ')}.`
    return [{ code: 'holiday', level: 'know', ...span, people, sentence } as const]
  })
}

function clockChangesIn(
  shifts: readonly Shift[],
  { zone, window }: LintFacts,
  say: (at: Instant) => string,
): readonly Finding[] {
  return clockChanges(zone, window).flatMap(({ at, beforeMs, afterMs }) => {
    const during = shifts.filter((each) => contains(each, at) || each.end === at)
    if (during.length === 0) return []
    const near = shifts.find((each) => Math.abs(each.start - at) <= 3 * hour && each.start > window.start)
    const people = [...new Set(during.map((each) => each.person))]
    const step = Math.round(Math.abs(afterMs - beforeMs) / minute)
    const way = afterMs > beforeMs ? `forward by ${step} minutes` : `back by ${step} minutes`
    const who = people.join(', ')
    const longer = `the shift of ${who} is ${step} minutes ${afterMs > beforeMs ? 'shorter' : 'longer'} than usual`
    const handed =
      near === undefined ? '' : `, and it is handed to ${near.person} that very night, at ${say(near.start).slice(11)}`
    const sentence = `The clock goes ${way} at ${say(at)}: ${longer}${handed}.`
    const level = near === undefined ? 'know' : 'weigh'
    return [{ code: 'clock-change', level, start: at, end: instant(at + 1), people, sentence } as const]
  })
}

/** For a list of warnings: the first of each kind in full, the rest counted. */
export function summarizeFindings(
  findings: readonly Finding[],
): readonly { readonly code: LintCode; readonly sentence: string }[] {
  return lintCodes.flatMap((code) => {
    const mine = findings.filter((each) => each.code === code)
    const first = mine[0]
    if (first === undefined) return []
    const more = mine.length === 1 ? '' : ` And ${mine.length - 1} more like it.`
    return [{ code, sentence: `${first.sentence}${more}` }]
  })
}
