// What being on call does to people, told to those it concerns: one's own, one's team, and sums for everybody else.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  adviceFor,
  type Figures,
  figuresOf,
  halves,
  intersections,
  joinedSpans,
  knownZone,
  leastPeople,
  lengthOf,
  missingCover,
  type OnCallTerms,
  type PersonDuty,
  type PersonWeeks,
  spansOf,
  sumOf,
  trendOf,
  wasOnDuty,
  weeksUpTo,
  windowOfSums,
  windowsIn,
  without,
} from '../core/index.ts'
import type { PersonHealth } from '../health.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import {
  type DutyTeam,
  leadMs,
  loadDuties,
  loadPeopleDuty,
  loadTeams,
  loadTerms,
  type ScheduleDuty,
} from './load-duty.ts'
import { loadRecord, type TeamDuty } from './load-record.ts'
import { presentFigures, presentLimits, presentSpan, presentTerms } from './present-health.ts'

const usualWeeks = 12
const shownServices = 10

interface Counted extends PersonWeeks {
  readonly displayName: string
  readonly zone: string
  readonly pages: PersonDuty['pages']
}

interface TeamCount {
  readonly weeks: readonly Interval[]
  /** Of whatever schedule, also of those that are gone or another team's by now. */
  readonly served: readonly TeamDuty[]
  readonly people: readonly Counted[]
}

export async function describeHealth(needs: Needs, ports: OncallPorts, me: string | null, asked = usualWeeks) {
  const { database } = needs
  const count = windowOfSums(asked)
  const now = await database.now()
  const teams = await loadTeams(database)
  const terms = await loadTerms(database)
  const weeks = weeksUpTo('UTC', now, count)
  const window = windowOf(weeks, now)
  const duties = await loadDuties(needs, null, around(window))
  const { duties: record } = await loadRecord(needs, withLead(around(window)))
  const own =
    me === null ? null : await countMine(needs, ports, me, { count, now, record, terms: terms(teamOf(teams, me)) })
  const found = []
  for (const team of teams) {
    const ofTeam = duties.filter((each) => each.team === team.name)
    const served = record.filter((each) => each.team === team.name)
    if (ofTeam.length === 0 && served.every((each) => each.shifts.length === 0)) continue
    const counted = await countTeam(needs, ports, team, { count, now, terms: terms(team.name), served })
    const serving = counted.people.filter((each) => each.weeks.some(wasOnDuty))
    const may = serving.length >= leastPeople || (me !== null && team.lead === me)
    const total = sumOf(serving.flatMap((each) => each.weeks))
    found.push({
      team: team.name,
      displayName: team.displayName,
      people: may ? serving.length : null,
      total: may ? presentFigures(total) : null,
      missingMs: coverageOf(ofTeam, windowOf(counted.weeks, now)).reduce((sum, each) => sum + each.missingMs, 0),
    })
  }
  return { ...presentSpanOf(window), asOf: formatInstant(now), teams: found, me: own }
}

export async function describeTeamHealth(
  needs: Needs,
  ports: OncallPorts,
  order: { readonly team: string; readonly me: string | null; readonly weeks: number | undefined },
) {
  const { database } = needs
  const now = await database.now()
  const team = (await loadTeams(database)).find((each) => each.name === order.team)
  if (team === undefined) throw new AppError('not-found', 'oncall.unknown-team', `There is no team ${order.team}.`)
  const terms = (await loadTerms(database))(team.name)
  const leads = order.me !== null && team.lead === order.me
  const asked = order.weeks ?? usualWeeks
  const count = leads ? asked : windowOfSums(asked)
  const rough = around(windowOf(weeksUpTo('UTC', now, count), now))
  const served = (await loadRecord(needs, withLead(rough))).duties.filter((each) => each.team === team.name)
  const counted = await countTeam(needs, ports, team, { count, now, terms, served })
  const { weeks } = counted
  const window = windowOf(weeks, now)
  const duties = await loadDuties(needs, team.name, rough)
  const people = counted.people.filter((each) => each.weeks.some(wasOnDuty))
  const reads = leads ? 'people' : people.length >= leastPeople ? 'sums' : 'nothing'
  const spans = leads ? spansOf(weeks, people) : joinedSpans(weeks, people, leastPeople)
  const known = knownMs(served, window)
  const shown = leads ? people : people.filter((each) => each.person === order.me)
  const coverage = coverageOf(duties, window)
  const advice = adviceFor({
    knownMs: known,
    people: people.map(({ person, weeks: each }) => ({
      person,
      figures: sumOf(each),
      mostBrokenInAWeek: Math.max(0, ...each.map((week) => week.brokenNights)),
    })),
    pagesByService: pagesByService(people, window),
    uncoveredMs: coverage.reduce((sum, each) => sum + each.missingMs, 0),
    terms,
  })
  return {
    ...presentSpanOf(window),
    asOf: formatInstant(now),
    team: team.name,
    displayName: team.displayName,
    lead: team.lead,
    terms: presentTerms(terms),
    reads,
    total: reads === 'nothing' ? null : presentFigures(sumOf(people.flatMap((each) => each.weeks))),
    spans: spans.map(presentSpan),
    trend: reads === 'nothing' ? null : trendIn(weeks, people, now, leads ? 0 : leastPeople),
    people: shown.map((each) => presentPerson(each, { weeks, terms, knownMs: known })),
    coverage,
    pagesByService: reads === 'nothing' ? [] : pagesByService(people, window).slice(0, shownServices),
    advice: advice
      .filter((each) => leads || each.people.every((person) => person === order.me))
      .filter((each) => reads !== 'nothing' || each.code === 'cover-gaps')
      .map((each) => ({ ...each, people: [...each.people] })),
  } as const
}

interface CountOrder {
  readonly count: number
  readonly now: Instant
  readonly terms: OnCallTerms
  readonly served: readonly TeamDuty[]
}

async function countTeam(needs: Needs, ports: OncallPorts, team: DutyTeam, order: CountOrder): Promise<TeamCount> {
  const { now, terms, served } = order
  // Weeks may begin up to a day apart in two zones: a little more is loaded, and cut.
  const rough = around(windowOf(weeksUpTo('UTC', now, order.count), now))
  const weeks = weeksUpTo(served[0]?.zone ?? 'UTC', now, order.count)
  const of = { others: team.members, from: rough.start, to: now }
  const loaded = await loadPeopleDuty(needs, ports, served, of)
  const people = loaded.map((each) => ({
    person: each.person,
    displayName: each.displayName,
    zone: each.zone,
    pages: each.pages,
    weeks: figuresOf(each, weeks, terms, now),
  }))
  return { weeks, served, people }
}

/** On all schedules, of whatever team or of none. */
async function countMine(
  needs: Needs,
  ports: OncallPorts,
  me: string,
  order: Omit<CountOrder, 'served'> & { readonly record: readonly TeamDuty[] },
): Promise<PersonHealth | null> {
  const { count, now, terms } = order
  const described = (await ports.notifier.describe(needs.database, [me])).get(me)
  if (described === undefined) return null
  const rough = around(windowOf(weeksUpTo('UTC', now, count), now))
  const served = order.record.filter((each) => each.shifts.some((shift) => shift.person === me))
  const loaded = await loadPeopleDuty(needs, ports, served, { others: [me], from: rough.start, to: now })
  const mine = loaded.find((each) => each.person === me)
  if (mine === undefined) return null
  const weeks = weeksUpTo(knownZone(described.timeZone ?? '') ?? mine.zone, now, count)
  const counted = { ...mine, weeks: figuresOf(mine, weeks, terms, now) }
  return presentPerson(counted, { weeks, terms, knownMs: knownMs(served, windowOf(weeks, now)) })
}

const teamOf = (teams: readonly DutyTeam[], person: string): string | null =>
  teams.find((each) => each.members.includes(person) || each.lead === person)?.name ?? null

function windowOf(weeks: readonly Interval[], now: Instant): Interval {
  const start = weeks[0]?.start ?? now
  return { start, end: instant(Math.max(start, now)) }
}

const around = ({ start, end }: Interval): Interval => ({ start: instant(start - 86_400_000), end })

const presentSpanOf = ({ start, end }: Interval) => ({ from: formatInstant(start), to: formatInstant(end) })

/** A stretch of duty begins where its shift began. */
const withLead = ({ start, end }: Interval): Interval => ({ start: instant(start - leadMs), end })

/** As far as any of the schedules is on record. */
function knownMs(served: readonly TeamDuty[], window: Interval): number {
  return Math.max(0, ...served.map((each) => lengthOf(intersections(each.known, [window]))))
}

function coverageOf(duties: readonly ScheduleDuty[], window: Interval) {
  return duties.map(({ name, displayName, schedule, gaps, unrecorded }) => {
    const known = without([window], unrecorded)
    const { coverage } = schedule
    const required =
      coverage === undefined ? known : known.flatMap((each) => windowsIn(coverage.zone, coverage.hours, each))
    const inside = gaps.flatMap((gap) => {
      const start = Math.max(gap.start, window.start)
      return start < gap.end ? [{ start: instant(start), end: gap.end }] : []
    })
    const missingMs = lengthOf(missingCover(schedule, inside))
    return { schedule: name, displayName, requiredMs: lengthOf(required), missingMs }
  })
}

function pagesByService(people: readonly Counted[], window: Interval) {
  const counts = new Map<string, number>()
  for (const { at, service } of people.flatMap((each) => each.pages)) {
    if (at >= window.start && at < window.end && service !== null) counts.set(service, (counts.get(service) ?? 0) + 1)
  }
  return [...counts]
    .map(([service, pages]) => ({ service, pages }))
    .sort((a, b) => b.pages - a.pages || (a.service < b.service ? -1 : 1))
}

/** A half is told to readers of sums like any other sum: over enough people. */
function trendIn(weeks: readonly Interval[], people: readonly PersonWeeks[], now: Instant, least: number) {
  const both = halves(weeks, people, now)
  if (both === null || Math.min(both.before.people, both.after.people) < least) return null
  const compare = (of: (figures: Figures) => number) => {
    const [before, after] = [of(both.before.figures), of(both.after.figures)]
    return { before, after, trend: trendOf(before, after) }
  }
  return {
    weeks: both.weeks,
    calls: compare((each) => each.calls),
    brokenNights: compare((each) => each.brokenNights),
  }
}

function presentPerson(
  counted: PersonWeeks & { readonly displayName: string; readonly zone: string },
  of: { readonly weeks: readonly Interval[]; readonly terms: OnCallTerms; readonly knownMs: number },
): PersonHealth {
  const { person, displayName, zone, weeks } = counted
  const total = sumOf(weeks)
  return {
    person,
    displayName,
    zone,
    total: presentFigures(total),
    weeks: spansOf(of.weeks, [counted]).map(presentSpan),
    limits: presentLimits(total, weeks, of),
  }
}
