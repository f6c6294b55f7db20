// What objectives attained in a period: exact sums, and in how much of the time they failed.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { groupRows, judgeAttainment, resolvePeriod } from '../core/attainment.ts'
import { calendarFault } from '../core/calendar.ts'
import { type CsvCell, writeCsv } from '../core/csv.ts'
import { cellMs } from '../core/day-cells.ts'
import { formatShare, formatTarget } from '../core/sentence.ts'
import { unitOf } from '../core/spend.ts'
import type { PeriodTotal } from '../core/sum-period.ts'
import { listExclusions } from '../exclusions.store.ts'
import { findObjectives, type ObjectiveRow } from '../objectives.store.ts'
import { mostReported, type ReportAsked, type ReportRow, type SloReport } from '../report.contract.ts'
import type { SloPorts } from '../slo.ports.ts'
import { listScoped, type ScopedBudget } from './list-scoped.ts'
import { tallyPeriod } from './tally-period.ts'

export async function reportAttainment(queries: Queries, ports: SloPorts, asked: ReportAsked): Promise<SloReport> {
  const now = await queries.now()
  const { kind, zone, period } = periodOf(asked, now)
  const scoped = (await listScoped(queries)).filter((each) => isAsked(each, asked))
  if (scoped.length > mostReported)
    throw new AppError(
      'invalid',
      'slo.report-too-large',
      `${scoped.length} objectives; a report holds ${mostReported}. Narrow it by service, team or tier.`,
    )
  const exclusions = await listExclusions(queries)
  const objectives = new Map(
    (
      await findObjectives(
        queries,
        scoped.map((each) => each.name),
      )
    ).map((row) => [row.name, row]),
  )
  const wanted = scoped.flatMap((each) => {
    const objective = objectives.get(each.name)
    // What is not told yet of the present is not silence: it ends where it was judged, or a little before now.
    return objective === undefined ? [] : [{ objective, scoped: each, asOf: each.asOf ?? now }]
  })
  const totals = await tallyPeriod(queries, wanted, { period, exclusions })
  const rows = wanted.map(({ objective, scoped: each }) => reportOne(objective, each, totals.get(each.name)))
  const pages = (await ports.pagesOf?.(queries, period.start, period.end)) ?? new Map<string, number>()
  const [total] = groupRows(rows, () => 'all', pages)
  return {
    period: {
      kind,
      start: formatInstant(period.start),
      end: formatInstant(period.end),
      zone,
      running: period.end > now,
    },
    madeAt: formatInstant(now),
    rows,
    services: [...groupRows(rows, (row) => row.service, pages)],
    teams: [...groupRows(rows, (row) => row.team, pages)],
    tiers: [...groupRows(rows, (row) => (row.tier === null ? null : String(row.tier)), pages)],
    total: total ?? { ...nothing },
    notes: notesOf(period, now, [...totals.values()]),
  }
}

const nothing = {
  key: 'all',
  objectives: 0,
  met: 0,
  missed: 0,
  unknown: 0,
  badMinutes: 0,
  unknownMinutes: 0,
  pages: 0,
}

function periodOf(asked: ReportAsked, now: Instant) {
  const { period: kind = 'month', zone = 'UTC', ago = 0, days = 30 } = asked
  const fault = calendarFault({ startTime: '2026-01-01 00:00:00', timeZone: zone })
  const refuse = (pointer: string, detail: string) =>
    new AppError('invalid', 'slo.bad-period', detail, { faults: [{ pointer, detail }] })
  if (fault !== null) throw refuse('?zone', `\`${zone}\` is no IANA zone.`)
  const at = asked.at === undefined ? now : (parseInstant(asked.at) ?? now)
  if (at > now) throw refuse('?at', 'The period lies in the future.')
  // Before there were clocks of this kind, there were no objectives.
  if (at < Date.UTC(2000, 0, 1)) throw refuse('?at', 'Nothing was measured before the year 2000.')
  const period = resolvePeriod({ kind, timeZone: zone, at, ago, days })
  // The roll-up is in quarter hours, which calendars of all zones lie on; of trailing periods only the present is not cut.
  const end = period.end === now ? period.end : floor(period.end, cellMs)
  return { kind, zone, period: { start: floor(period.start, cellMs), end } }
}

const floor = (at: number, step: number): Instant => instant(Math.floor(at / step) * step)

function isAsked({ service, team, tier }: ScopedBudget, asked: ReportAsked): boolean {
  return (
    (asked.service === undefined || asked.service === service) &&
    (asked.team === undefined || asked.team === team) &&
    (asked.tier === undefined || asked.tier === tier)
  )
}

function reportOne(objective: ObjectiveRow, scoped: ScopedBudget, total: PeriodTotal | undefined): ReportRow {
  const { definition } = objective
  const common = {
    objective: objective.name,
    displayName: objective.displayName,
    service: scoped.service,
    team: scoped.team,
    tier: scoped.tier,
    target: toNumber(definition.target),
    targetText: formatTarget(definition.target).replace(' %', ''),
  }
  if (total === undefined) return { ...common, ...unseen }
  const { sum } = total
  const judged = judgeAttainment(definition.target, sum, unitOf(definition.budgeting))
  return {
    ...common,
    attained: judged.attained === null ? null : toNumber(judged.attained),
    attainedText: judged.attained === null ? 'not known' : formatShare(judged.attained),
    verdict: judged.verdict,
    good: sum.good,
    bad: sum.bad,
    badMinutes: total.badSeconds / 60,
    unknownMinutes: total.unknownSeconds / 60,
    measuredRatio: judged.measured === null ? null : toNumber(judged.measured),
  }
}

const unseen = {
  attained: null,
  attainedText: 'not known',
  verdict: 'unknown',
  good: 0,
  bad: 0,
  badMinutes: 0,
  unknownMinutes: 0,
  measuredRatio: null,
} as const

function notesOf(period: Interval, now: Instant, totals: readonly PeriodTotal[]): string[] {
  const notes: string[] = []
  if (period.end > now) notes.push('The period is still running: the numbers are those so far.')
  const earlier = totals.filter((each) => each.earlierDays > 0).length
  if (earlier > 0)
    notes.push(
      `${earlier === 1 ? 'One objective was' : `${earlier} objectives were`} defined otherwise for a part of the period, and no longer kept by the minute: days of then are counted as they were counted then.`,
    )
  if (totals.some((each) => each.hourDays > 0))
    notes.push('Of a part of the period sums of hours are all that was kept: its failed minutes are not counted.')
  const coarse = totals.reduce((all, each) => all + each.coarseCells, 0)
  if (coarse > 0)
    notes.push(
      `${coarse === 1 ? 'One quarter of an hour was' : `${coarse} quarters of an hour were`} excluded in part after minutes had gone: each is counted as its larger part.`,
    )
  if (totals.some(({ sum }) => sum.expected > 0 && 10 * (sum.expected - sum.measured) > sum.expected))
    notes.push('Of some objectives more than a tenth of the time is not known: it is neither good nor bad.')
  return notes
}

const columns = [
  ...['period_start', 'period_end', 'zone', 'objective', 'display_name', 'service', 'team', 'tier', 'target_percent'],
  ...['attained', 'verdict', 'good', 'bad', 'bad_minutes', 'unknown_minutes', 'measured'],
] as const

/** One line for each objective. */
export function reportCsv({ period, rows }: SloReport): string {
  const lines = rows.map((row): readonly CsvCell[] => [
    ...[period.start, period.end, period.zone, row.objective, row.displayName, row.service, row.team, row.tier],
    // A number for whoever computes with it: the text beside it is for people.
    ...[Number(row.targetText), row.attained, row.verdict, row.good, row.bad],
    ...[row.badMinutes, row.unknownMinutes, row.measuredRatio],
  ])
  return writeCsv([columns, ...lines])
}
