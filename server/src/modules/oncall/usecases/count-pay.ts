// Counts the hours on call of a period from the record: who served whom, and what called them out.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import { type Interval, union } from '../../../kernel/interval.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  calledOut,
  intersections,
  knownZone,
  lengthOf,
  type OnCallTerms,
  type PersonPage,
  payLines,
  periodOf,
  without,
} from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type CountedSpan, listStatementsBeside, type SignedPerson, type StatementRow } from '../pay.store.ts'
import { type DutyTeam, loadPeopleDuty, loadTerms } from './load-duty.ts'
import { loadRecord, type TeamDuty } from './load-record.ts'

export interface Period {
  readonly from: string
  readonly until: string
}

export interface Counted {
  readonly people: readonly SignedPerson[]
  readonly spans: Readonly<Record<string, CountedSpan>>
  readonly unrecordedMs: number
  /** When it is over for everybody. */
  readonly endsAt: Instant
}

/** With `signed` as it was signed: who moved since is not counted anew elsewhere. */
export async function countPay(
  needs: Needs,
  ports: OncallPorts,
  of: { readonly team: DutyTeam; readonly period: Period; readonly now: Instant },
  signed: StatementRow | null = null,
): Promise<Counted> {
  const { team, period, now } = of
  const rough = roughly(period)
  const { duties: all, teamless } = await loadRecord(needs, rough)
  const duties = all.filter((each) => each.team === team.name)
  const terms = await loadTerms(needs.database)
  const zones = new Map(signed?.people.map((each) => [each.person, each.zone]))
  const bounds = boundsOf(period, signed, signed === null ? await besides(needs, team, period) : [])
  const loaded = await loadPeopleDuty(needs, ports, duties, { others: [], from: rough.start, to: now, zones })
  const people = loaded.map((each) => {
    const { zone, holidays, person } = each
    const span = bounds(person, zone) ?? rough
    const days = payLines(each.shifts, each.pages, { zone, holidays, terms: terms(team.name), period: span, now })
    const others = all.filter((other) => other.team !== null && other.team !== team.name)
    const at = { person, span, now }
    return {
      signed: {
        ...{ person, displayName: each.displayName, zone, days },
        ...alsoElsewhere(each, terms(team.name), elsewhereOf(others, each.pages, terms, at), at),
      },
      span,
    }
  })
  const span = periodOf(duties[0]?.zone ?? 'UTC', period.from, period.until) ?? rough
  const known = intersections(union(duties.flatMap((each) => each.known)), [span])
  return {
    people: people.map((each) => each.signed).filter((each) => each.days.length > 0),
    spans: Object.fromEntries(people.map((each) => [each.signed.person, each.span])),
    unrecordedMs: span.end - span.start - lengthOf(without(known, union(teamless))),
    endsAt: instant(Math.max(span.end, ...people.map((each) => each.span.end))),
  }
}

/** False once pages of the period may be gone: what they called people out for is not known any more. */
export function arePagesThere({ pagesKeptMs = null }: Pick<OncallPorts, 'pagesKeptMs'>, of: Period, now: Instant) {
  return pagesKeptMs === null || now - roughly(of).start < pagesKeptMs
}

async function besides({ database }: Needs, team: DutyTeam, period: Period): Promise<readonly StatementRow[]> {
  return listStatementsBeside(database, { team: team.name, ...period })
}

/**
 * From when to when somebody is counted: where they live, but never anew what a statement beside this one has already,
 * nor leaving out what lies between when they moved to another zone.
 */
function boundsOf(period: Period, signed: StatementRow | null, beside: readonly StatementRow[]) {
  const [before, after] = [
    beside.find((each) => each.until === period.from),
    beside.find((each) => each.from === period.until),
  ]
  return (person: string, zone: string): Interval | null => {
    const kept = signed?.spans[person]
    if (kept !== undefined) return kept
    const own = periodOf(zone, period.from, period.until)
    if (own === null) return null
    const [start, end] = [spanIn(before, person)?.end ?? own.start, spanIn(after, person)?.start ?? own.end]
    return start < end ? { start, end } : own
  }
}

function spanIn(row: StatementRow | undefined, person: string): Interval | null {
  const kept = row?.spans[person]
  if (row === undefined || kept !== undefined) return kept ?? null
  const zone = knownZone(row.people.find((each) => each.person === person)?.zone ?? '')
  return zone === null ? null : periodOf(zone, row.from, row.until)
}

interface At {
  readonly person: string
  readonly span: Interval
  readonly now: Instant
}

interface Elsewhere {
  readonly standby: readonly Interval[]
  readonly awake: readonly Interval[]
}

/** What other teams pay the person for. */
function elsewhereOf(
  others: readonly TeamDuty[],
  pages: readonly PersonPage[],
  terms: (team: string | null) => OnCallTerms,
  { person, span, now }: At,
): Elsewhere {
  const own = others.map(({ team, shifts }) => ({ team, shifts: shifts.filter((each) => each.person === person) }))
  const teams = [...new Set(own.filter((each) => each.shifts.length > 0).map((each) => each.team))]
  const awake = teams.flatMap((team) => {
    const duty = union(own.filter((each) => each.team === team).flatMap((each) => each.shifts))
    return calledOut(duty, pages, { terms: terms(team), period: span, now })
  })
  return { standby: union(own.flatMap((each) => each.shifts)), awake: union(awake) }
}

function alsoElsewhere(
  { shifts, pages }: { readonly shifts: readonly Interval[]; readonly pages: readonly PersonPage[] },
  terms: OnCallTerms,
  elsewhere: Elsewhere,
  { span, now }: At,
) {
  const duty = union(shifts)
  const awake = calledOut(duty, pages, { terms, period: span, now })
  return {
    alsoElsewhereMs: lengthOf(intersections(intersections(duty, elsewhere.standby), [span])),
    alsoElsewhereAwakeMs: lengthOf(intersections(awake, elsewhere.awake)),
  }
}

/** In every zone of the world, with a day before it for calls that began then. */
function roughly({ from, until }: Period): Interval {
  const span = periodOf('UTC', from, until)
  if (span === null) throw new Error('A period was read before it is counted.')
  return { start: plus(span.start, -2 * day), end: plus(span.end, day) }
}
