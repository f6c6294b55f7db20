// What happened in a stretch of time, by class, service, team, change and month. The same figures for the page, the pack
// and the command line: there is one function. What nobody classified is counted and said, never spread over the others.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { type IncidentMeasures, type MeasureSummary, summarise } from '../../incidents/core/index.ts'
import type { FailureClass } from './learning-policy.ts'

export interface IncidentFact {
  readonly id: string
  readonly beganAt: Instant
  readonly severity: string
  readonly services: readonly string[]
  readonly teams: readonly string[]
  readonly classes: readonly string[]
  /** A person confirmed that it repeats an earlier one. */
  readonly repeats: boolean
  readonly measures: IncidentMeasures
}

export interface Tally {
  readonly name: string
  readonly incidents: number
  readonly repeats: number
  readonly timeToMitigate: MeasureSummary
}

export interface Totals {
  readonly incidents: number
  readonly repeats: number
  /** Confirmed repeats of all incidents; null without any. */
  readonly repeatRate: number | null
  readonly classified: number
  /** Of the classified ones: a class of a change is among theirs. */
  readonly ofChanges: number
  readonly notOfChanges: number
  readonly timeToDetect: MeasureSummary
  readonly timeToAcknowledge: MeasureSummary
  readonly timeToMitigate: MeasureSummary
  readonly timeToResolve: MeasureSummary
  readonly timeToFirstUpdate: MeasureSummary
}

export interface MonthTally extends Totals {
  /** `2026-10`, UTC. */
  readonly month: string
}

export interface Trends {
  readonly totals: Totals
  readonly bySeverity: readonly Tally[]
  /** In the order of the policy, then those no longer declared; an incident of two classes counts in both. */
  readonly byClass: readonly Tally[]
  readonly byService: readonly Tally[]
  readonly byTeam: readonly Tally[]
  /** Every month of the stretch, also those without an incident. */
  readonly months: readonly MonthTally[]
  /** What the figures leave out, in words. */
  readonly smallPrint: readonly string[]
}

export interface Stretch {
  readonly from: Instant
  readonly to: Instant
}

export function trendsOf(facts: readonly IncidentFact[], stretch: Stretch, classes: readonly FailureClass[]): Trends {
  const inside = facts.filter((each) => each.beganAt >= stretch.from && each.beganAt < stretch.to)
  const changes = new Set(classes.filter((each) => each.change).map((each) => each.name))
  const totals = totalsOf(inside, changes)
  const order = new Map(classes.map((each, index) => [each.name, index]))
  const place = (name: string) => order.get(name) ?? classes.length
  const byMonth = new Map<string, IncidentFact[]>(monthsOf(stretch).map((month) => [month, []]))
  for (const each of inside) byMonth.get(monthOf(each.beganAt))?.push(each)
  return {
    totals,
    bySeverity: [...tallies(inside, (each) => [each.severity])].sort((a, b) => (a.name < b.name ? -1 : 1)),
    byClass: [...tallies(inside, (each) => each.classes)].sort(
      (a, b) => place(a.name) - place(b.name) || byCount(a, b),
    ),
    byService: [...tallies(inside, (each) => each.services)].sort(byCount),
    byTeam: [...tallies(inside, (each) => each.teams)].sort(byCount),
    months: [...byMonth].map(([month, of]) => ({ month, ...totalsOf(of, changes) })),
    smallPrint: smallPrintOf(inside, totals),
  }
}

const byCount = (a: Tally, b: Tally): number => b.incidents - a.incidents || (a.name < b.name ? -1 : 1)

function totalsOf(facts: readonly IncidentFact[], changes: ReadonlySet<string>): Totals {
  const repeats = facts.filter((each) => each.repeats).length
  const classified = facts.filter((each) => each.classes.length > 0)
  const ofChanges = classified.filter((each) => each.classes.some((name) => changes.has(name))).length
  return {
    incidents: facts.length,
    repeats,
    repeatRate: facts.length === 0 ? null : repeats / facts.length,
    classified: classified.length,
    ofChanges,
    notOfChanges: classified.length - ofChanges,
    timeToDetect: summarise(facts.map((each) => each.measures.timeToDetect)),
    timeToAcknowledge: summarise(facts.map((each) => each.measures.timeToAcknowledge)),
    timeToMitigate: summarise(facts.map((each) => each.measures.timeToMitigate)),
    timeToResolve: summarise(facts.map((each) => each.measures.timeToResolve)),
    timeToFirstUpdate: summarise(facts.map((each) => each.measures.timeToFirstUpdate)),
  }
}

function tallies(facts: readonly IncidentFact[], namesOf: (fact: IncidentFact) => readonly string[]): readonly Tally[] {
  const groups = new Map<string, IncidentFact[]>()
  for (const fact of facts)
    for (const name of new Set(namesOf(fact))) {
      const known = groups.get(name)
      if (known === undefined) groups.set(name, [fact])
      else known.push(fact)
    }
  return [...groups].map(([name, of]) => ({
    name,
    incidents: of.length,
    repeats: of.filter((each) => each.repeats).length,
    timeToMitigate: summarise(of.map((each) => each.measures.timeToMitigate)),
  }))
}

/** Fewer than this say nothing by their median. */
const fewest = 5

function smallPrintOf(facts: readonly IncidentFact[], totals: Totals): readonly string[] {
  const { timeToMitigate: mitigate } = totals
  const unclassified = totals.incidents - totals.classified
  const noService = facts.filter((each) => each.services.length === 0).length
  const both = facts.filter(
    (each) => each.classes.length > 1 || each.services.length > 1 || each.teams.length > 1,
  ).length
  return [
    unclassified > 0 ? `${unclassified} of ${totals.incidents} incidents have no class of failure.` : null,
    noService > 0 ? `${noService === 1 ? '1 names' : `${noService} name`} no service.` : null,
    both > 0
      ? `${both === 1 ? '1 has several classes, services or teams and counts' : `${both} have several classes, services or teams and count`} in each.`
      : null,
    mitigate.unknown > 0
      ? `The time to mitigate of ${mitigate.unknown} is not known and left out of the median.`
      : null,
    mitigate.notYet > 0 ? `${mitigate.notYet === 1 ? '1 is' : `${mitigate.notYet} are`} not mitigated yet.` : null,
    mitigate.known > 0 && mitigate.known < fewest ? `A median of ${mitigate.known} says little.` : null,
    totals.incidents > 0 ? 'Drills, and incidents merged into another, are left out. Months are UTC.' : null,
  ].filter((each) => each !== null)
}

export const monthOf = (at: Instant): string => new Date(at).toISOString().slice(0, 7)

/** `2026-10` as the instants it begins and ends; null when it is no month of 1970 to 2999. */
export function monthStretch(month: string): Stretch | null {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? []
  if (year === undefined || number === undefined || Number(year) < 1970 || Number(year) > 2999) return null
  const at = (months: number) => instant(Date.UTC(Number(year), Number(number) - 1 + months, 1))
  return { from: at(0), to: at(1) }
}

/** Longest stretch that is told by the month. */
const mostMonths = 120

function monthsOf({ from, to }: Stretch): readonly string[] {
  const months: string[] = []
  const first = new Date(from)
  for (let index = 0; index < mostMonths; index += 1) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + index, 1)
    if (at >= to) break
    months.push(monthOf(instant(at)))
  }
  return months
}
