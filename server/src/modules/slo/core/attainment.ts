// What an objective attained in a period: met, missed, or not known. What was not measured is never good: a promise is
// met only when nearly all of its time was seen. A promise that failed in what was seen is missed.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { compare, type Rational } from '../../../kernel/rational.ts'
import { budgetOf } from './budget.ts'
import { type Calendar, periodAt } from './calendar.ts'
import { defaultCoverageFloor } from './judge.ts'
import { coverage, type WindowSum } from './window.ts'

export const periodKinds = ['week', 'month', 'quarter', 'year', 'trailing'] as const
export type PeriodKind = (typeof periodKinds)[number]

const calendars: Readonly<Record<Exclude<PeriodKind, 'trailing'>, Omit<Calendar, 'timeZone'>>> = {
  // A Monday.
  week: { count: 1, unit: 'w', startTime: '2026-01-05 00:00:00' },
  month: { count: 1, unit: 'M', startTime: '2026-01-01 00:00:00' },
  quarter: { count: 1, unit: 'Q', startTime: '2026-01-01 00:00:00' },
  year: { count: 1, unit: 'Y', startTime: '2026-01-01 00:00:00' },
}

export interface PeriodOrder {
  readonly kind: PeriodKind
  readonly timeZone: string
  /** Lies in the period, or is the end of the trailing one. */
  readonly at: Instant
  /** So many periods before that one. */
  readonly ago: number
  /** Length of a trailing period. */
  readonly days: number
}

export function resolvePeriod({ kind, timeZone, at, ago, days }: PeriodOrder): Interval {
  if (kind === 'trailing') {
    const end = instant(at - ago * days * day)
    return { start: instant(end - days * day), end }
  }
  const calendar = { ...calendars[kind], timeZone }
  let period = periodAt(calendar, at)
  for (let back = 0; back < ago; back += 1) period = periodAt(calendar, instant(period.start - 1))
  return period
}

export type Verdict = 'met' | 'missed' | 'unknown'

export interface Attainment {
  readonly verdict: Verdict
  /** Null when nothing was measured, or nothing happened. */
  readonly attained: Rational | null
  /** Of what was expected; null when nothing was. */
  readonly measured: Rational | null
}

export function judgeAttainment(target: Rational, sum: WindowSum, unit: number): Attainment {
  const budget = budgetOf(target, sum, unit)
  const measured = coverage(sum)
  if (budget.state !== 'measured') return { verdict: 'unknown', attained: null, measured }
  const attained = budget.indicator
  if (!budget.met) return { verdict: 'missed', attained, measured }
  const isSeen = measured !== null && compare(measured, defaultCoverageFloor) >= 0
  return { verdict: isSeen ? 'met' : 'unknown', attained, measured }
}

export interface Counted {
  readonly service: string
  readonly team: string | null
  readonly tier: number | null
  readonly verdict: Verdict
  readonly badMinutes: number
  readonly unknownMinutes: number
}

export interface ReportGroup {
  readonly key: string
  readonly objectives: number
  readonly met: number
  readonly missed: number
  readonly unknown: number
  readonly badMinutes: number
  readonly unknownMinutes: number
  /** Pages of its services, each service once. */
  readonly pages: number
}

/** Sums over what is alike; a group without a name stands last. */
export function groupRows(
  rows: readonly Counted[],
  keyOf: (row: Counted) => string | null,
  pages: ReadonlyMap<string, number>,
): readonly ReportGroup[] {
  const groups = new Map<string, Counted[]>()
  for (const row of rows) {
    const key = keyOf(row) ?? ''
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const sum = (of: readonly Counted[], value: (row: Counted) => number) => of.reduce((all, row) => all + value(row), 0)
  const count = (of: readonly Counted[], verdict: Verdict) => of.filter((row) => row.verdict === verdict).length
  return [...groups]
    .sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1))
    .map(([key, of]) => ({
      key,
      objectives: of.length,
      met: count(of, 'met'),
      missed: count(of, 'missed'),
      unknown: count(of, 'unknown'),
      badMinutes: sum(of, (row) => row.badMinutes),
      unknownMinutes: sum(of, (row) => row.unknownMinutes),
      pages: [...new Set(of.map((row) => row.service))].reduce((all, service) => all + (pages.get(service) ?? 0), 0),
    }))
}
