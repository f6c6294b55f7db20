// What objectives attained in a period: exact sums over their slices, and in how much of the time they failed.
import { AppError } from '../../../kernel/app-error.ts'
import { day, minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { groupRows, judgeAttainment, resolvePeriod } from '../core/attainment.ts'
import { calendarFault } from '../core/calendar.ts'
import { type CsvCell, writeCsv } from '../core/csv.ts'
import { type Steps, stepStates } from '../core/member-tally.ts'
import { formatShare, formatTarget } from '../core/sentence.ts'
import { unitOf } from '../core/spend.ts'
import { type ExclusionRow, listExclusions } from '../exclusions.store.ts'
import { findObjectives, type ObjectiveRow } from '../objectives.store.ts'
import { mostReported, type ReportAsked, type ReportRow, type SloReport } from '../report.contract.ts'
import type { SloPorts } from '../slo.ports.ts'
import { listScoped, type ScopedBudget } from './list-scoped.ts'
import { tallyObjectives } from './tally-objectives.ts'

// What the least of them is kept for; longer windows keep theirs longer.
const slicesKeptMs = 35 * day

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
  const rows: ReportRow[] = []
  for (const each of scoped) {
    const objective = objectives.get(each.name)
    if (objective !== undefined)
      rows.push(await reportOne(queries, { objective, scoped: each, exclusions, period, now }))
  }
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
    notes: notesOf(period, now),
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
  // Whole minutes: slices are not cut.
  const whole = { start: floor(period.start, minute), end: floor(period.end, minute) }
  return { kind, zone, period: whole }
}

const floor = (at: number, step: number): Instant => instant(Math.floor(at / step) * step)

function isAsked({ service, team, tier }: ScopedBudget, asked: ReportAsked): boolean {
  return (
    (asked.service === undefined || asked.service === service) &&
    (asked.team === undefined || asked.team === team) &&
    (asked.tier === undefined || asked.tier === tier)
  )
}

async function reportOne(
  queries: Queries,
  order: {
    readonly objective: ObjectiveRow
    readonly scoped: ScopedBudget
    readonly exclusions: readonly ExclusionRow[]
    readonly period: Interval
    readonly now: Instant
  },
): Promise<ReportRow> {
  const { objective, scoped, exclusions, period, now } = order
  const { definition } = objective
  const stepMs = Math.max(minute, definition.sliceMs)
  const from = floor(period.start, stepMs)
  // What is not told yet of the present is not silence: it ends where it was judged, or a little before now.
  const until = floor(Math.min(period.end, scoped.asOf ?? now), stepMs)
  const common = {
    objective: objective.name,
    displayName: objective.displayName,
    service: scoped.service,
    team: scoped.team,
    tier: scoped.tier,
    target: toNumber(definition.target),
    targetText: formatTarget(definition.target).replace(' %', ''),
  }
  const tally =
    until <= from
      ? undefined
      : (await tallyObjectives(queries, [objective], exclusions, { from, until, stepMs }, new Map())).get(
          objective.name,
        )
  if (tally === undefined) return { ...common, ...unseen }
  const judged = judgeAttainment(definition.target, tally.sum, unitOf(definition.budgeting))
  return {
    ...common,
    attained: judged.attained === null ? null : toNumber(judged.attained),
    attainedText: judged.attained === null ? 'not known' : formatShare(judged.attained),
    verdict: judged.verdict,
    good: tally.sum.good,
    bad: tally.sum.bad,
    badMinutes: minutesOf(tally.steps, stepStates.bad, stepMs),
    unknownMinutes: minutesOf(tally.steps, stepStates.unknown, stepMs),
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

function minutesOf(steps: Steps, state: number, stepMs: number): number {
  let count = 0
  for (const each of steps) if (each === state) count += 1
  return (count * stepMs) / minute
}

function notesOf(period: Interval, now: Instant): string[] {
  const notes: string[] = []
  if (period.end > now) notes.push('The period is still running: the numbers are those so far.')
  if (period.start < now - slicesKeptMs)
    notes.push(
      'Counts by the minute are kept 35 days, or as long as the window of an objective: what is older shows as not measured.',
    )
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
