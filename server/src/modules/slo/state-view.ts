// What people read of an objective, as it is stored: plain numbers and sentences, made when the engine judged.
import { formatDuration } from '../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { toNumber } from '../../kernel/rational.ts'
import { type Budget, budgetOf, remainingMs } from './core/budget.ts'
import { periodWords } from './core/calendar.ts'
import type { Burn, BurnVerdict, CompiledRules, TierVerdict } from './core/judge.ts'
import { budgetOfPeriod, periodLengthMs, projectedBudget } from './core/period.ts'
import type { PeriodSum } from './core/ring.ts'
import { budgetSentence, formatCount, formatPercent, formatTimes } from './core/sentence.ts'
import { compileSpend } from './core/spend.ts'
import { adviseTraffic, type TrafficAdvice } from './core/traffic.ts'
import type { WindowSum } from './core/window.ts'
import type { Definition } from './definition.ts'
import type { ObjectiveLevel, ObjectiveState } from './slo.contract.ts'

export interface TierSummary {
  readonly name: string
  readonly level: 'page' | 'ticket'
  readonly longMs: number
  readonly shortMs: number
  readonly threshold: number
  readonly share: number
  readonly longBurn: number | null
  readonly shortBurn: number | null
  readonly state: 'firing' | 'calm' | 'idle' | 'frozen'
  readonly firing: boolean
  readonly bad: number
  readonly events: number
  readonly reason: string
}

export interface WindowView {
  readonly lengthMs: number
  readonly good: number
  readonly bad: number
  readonly burnRate: number | null
  readonly measuredRatio: number
}

export interface StateView {
  readonly service: string
  readonly budget: {
    readonly totalBad: number
    readonly spentBad: number
    readonly remainingRatio: number | null
    readonly good: number
    readonly bad: number
    readonly measuredRatio: number
  }
  readonly burn: { readonly longWindowMs: number; readonly shortWindowMs: number; readonly rate: number } | null
  readonly sentence: string
  readonly tiers: readonly TierSummary[]
  readonly windows: readonly WindowView[]
  readonly exhaustion: { readonly at: string | null; readonly sentence: string }
  /** Absent when the window rolls. */
  readonly period?: PeriodView
  /** Absent when so much happens that single failures do not count. */
  readonly traffic?: TrafficAdvice
}

export interface Forecast {
  readonly exhaustsAt: Instant | null
  readonly recoversAt: Instant | null
}

export const noForecast: Forecast = { exhaustsAt: null, recoversAt: null }

export interface Judged {
  readonly definition: Definition
  readonly rules: CompiledRules
  readonly sums: readonly WindowSum[]
  /** Of a calendar window: the period that now lies in. */
  readonly period: PeriodSum | null
  readonly verdict: BurnVerdict
  readonly forecast: Forecast
}

export interface PeriodView {
  readonly start: string
  readonly end: string
  /** Of the budget that the period will have if the rest is as busy; an estimate for events, exact for slices. */
  readonly projectedRemainingRatio: number | null
}

export function budgetSumOf({ definition, rules, sums, period }: Omit<Judged, 'verdict' | 'forecast'>): WindowSum {
  const sum = period === null ? sums[rules.windows.indexOf(definition.windowMs)] : period.sum
  if (sum === undefined) throw new RangeError(`No sum over the window of ${definition.name}.`)
  return sum
}

export function budgetNow(judged: Omit<Judged, 'verdict' | 'forecast'>): Budget {
  const { definition, period } = judged
  const rule = compileSpend(definition.budgeting)
  if (period !== null) return budgetOfPeriod(definition.target, period, rule)
  return budgetOf(definition.target, budgetSumOf(judged), rule.unit)
}

export function stateOf(verdict: BurnVerdict, budget: Budget): { state: ObjectiveState; level: ObjectiveLevel } {
  if (verdict.level === 'page' || verdict.level === 'ticket') return { state: 'burning', level: verdict.level }
  const level = 'none'
  if (verdict.level === 'unknown' || budget.state === 'no-data') return { state: 'no-data', level }
  if (budget.state === 'no-events') return { state: 'no-events', level }
  if (!budget.met) return { state: 'exhausted', level }
  return { state: verdict.level === 'no-events' ? 'no-events' : 'ok', level }
}

const shownInstant = (at: Instant) => `${formatInstant(at).slice(0, 16).replace('T', ' ')} UTC`

export function viewOf(judged: Judged): StateView {
  const { definition, rules, sums, verdict, forecast, period } = judged
  const sum = budgetSumOf(judged)
  const budget = budgetNow(judged)
  const measured = budget.state === 'measured' ? budget : null
  const measuredRatio = shareMeasured(sum)
  const words = budgetSentence(
    {
      periodMs: definition.windowMs,
      remainingMs: remainingMs(budget, definition.target, lengthOf(judged)),
      ...(period === null ? { measuredMs: shareOfWindow(sum) * definition.windowMs } : {}),
      ...(period === null ? {} : { period: periodWords(period.interval.end, definition.calendar?.timeZone ?? 'UTC') }),
      unknown: budget.state === 'measured' ? null : budget.state,
      ...forecast,
    },
    shownInstant,
  )
  const traffic = trafficOf(judged, sum)
  const said = verdict.level === 'calm' ? words : `${verdict.reason} ${words}`
  return {
    service: definition.service,
    budget: {
      totalBad: measured === null ? 0 : toNumber(measured.allowed),
      spentBad: measured === null ? 0 : toNumber(measured.spent),
      remainingRatio: measured === null ? null : toNumber(measured.remainingShare),
      good: sum.good,
      bad: sum.bad,
      measuredRatio,
    },
    burn: burnOf(judged),
    sentence: said,
    tiers: verdict.tiers.map((tier) => tierSummary(tier, definition)),
    windows: rules.windows.map((lengthMs, index) => windowView(lengthMs, sums[index], definition)),
    exhaustion: {
      at: forecast.exhaustsAt === null ? null : formatInstant(forecast.exhaustsAt),
      sentence: words,
    },
    ...(period === null ? {} : { period: periodView(definition, period) }),
    ...(traffic === null ? {} : { traffic }),
  }
}

/** Slice methods count time, and every slice weighs the same however little happened in it. */
function trafficOf({ definition, rules }: Judged, sum: WindowSum): TrafficAdvice | null {
  if (definition.budgeting.method !== 'occurrences') return null
  const { target, windowMs, sliceMs } = definition
  const { tiers, leastBadForPage } = rules
  const measuredShare = (sum.measured * sliceMs) / windowMs
  return adviseTraffic({ target, windowMs, events: sum.good + sum.bad, measuredShare, tiers, leastBadForPage })
}

function lengthOf({ definition, period }: Judged): number {
  if (period === null) return definition.windowMs
  return periodLengthMs(period, compileSpend(definition.budgeting), definition.sliceMs)
}

function periodView(definition: Definition, period: PeriodSum): PeriodView {
  const projected = projectedBudget(definition.target, period, compileSpend(definition.budgeting))
  return {
    start: formatInstant(period.interval.start),
    end: formatInstant(period.interval.end),
    projectedRemainingRatio: projected.state === 'measured' ? toNumber(projected.remainingShare) : null,
  }
}

/** Of the whole window, what lies before the objective's first slice included. */
function shareOfWindow(sum: WindowSum): number {
  const whole = sum.expected + sum.unborn
  return whole === 0 ? 0 : sum.measured / whole
}

const shareMeasured = (sum: WindowSum): number => (sum.expected === 0 ? 0 : sum.measured / sum.expected)

function rateOf(sum: WindowSum, definition: Definition): number | null {
  if (sum.total === 0) return null
  return sum.spent / sum.total / (1 - toNumber(definition.target))
}

/** The tier that speaks; when none fires, the one that answers soonest. */
function burnOf({ verdict, rules }: Judged): StateView['burn'] {
  const speaking = verdict.governing ?? verdict.tiers.find((each) => each.tier.name === rules.soonest)
  if (speaking === undefined || speaking.long === null) return null
  const { longMs, shortMs } = speaking.tier
  const rate = verdict.governing === null ? speaking.long.rate : (verdict.governingRate ?? speaking.long.rate)
  return { longWindowMs: longMs, shortWindowMs: shortMs, rate }
}

function windowView(lengthMs: number, sum: WindowSum | undefined, definition: Definition): WindowView {
  if (sum === undefined) return { lengthMs, good: 0, bad: 0, burnRate: null, measuredRatio: 0 }
  return {
    lengthMs,
    good: sum.good,
    bad: sum.bad,
    burnRate: rateOf(sum, definition),
    measuredRatio: shareMeasured(sum),
  }
}

const frozenWords = {
  stale: 'the newest measurement is too old',
  'no-data': 'nothing was measured',
  excluded: 'its windows are excluded',
  coverage: 'too little of its windows was measured',
  'no-events': 'nothing happened lately',
} as const

function tierSummary(verdict: TierVerdict, definition: Definition): TierSummary {
  const { tier, long, short } = verdict
  const planned = definition.plan.tiers.find((each) => each.name === tier.name)
  const rate = (burn: typeof long) => (burn === null ? 'nothing' : formatTimes(burn.rate))
  const rates = `${rate(long)} over ${formatDuration(tier.longMs)}, ${rate(short)} over ${formatDuration(tier.shortMs)}; limit ${formatTimes(tier.threshold)}`
  const events = `${formatCount(verdict.badInLong)} bad of ${formatCount(verdict.eventsInLong)}`
  const reason =
    verdict.frozenBecause !== null
      ? `Not judged: ${frozenWords[verdict.frozenBecause]}.`
      : verdict.guarded
        ? `${rates} (${events}). Too few failures for a page, so a ticket.`
        : `${rates} (${events}).${youth(verdict)}`
  return {
    name: tier.name,
    level: verdict.severity,
    longMs: tier.longMs,
    shortMs: tier.shortMs,
    threshold: toNumber(tier.threshold),
    share: planned === undefined ? 0 : toNumber(planned.share),
    longBurn: long?.rate ?? null,
    shortBurn: short?.rate ?? null,
    state: verdict.state,
    firing: verdict.firing,
    bad: verdict.badInLong,
    events: verdict.eventsInLong,
    reason,
  }
}

/** Why it is quiet although it has burnt above the limit since it began. */
function youth({ tier, state, long, short }: TierVerdict): string {
  if (state !== 'calm' || long === null || short === null) return ''
  if (long.judged === long.rate && short.judged === short.rate) return ''
  const of = (burn: Burn, lengthMs: number) => `${formatTimes(burn.judged)} of ${formatDuration(lengthMs)}`
  return ` It is younger than that: the time before counts as free of failures, which makes ${of(long, tier.longMs)} and ${of(short, tier.shortMs)}.`
}

export const targetText = (definition: Pick<Definition, 'target'>): string => formatPercent(definition.target)
