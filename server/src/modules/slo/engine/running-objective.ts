// One objective in memory: its ring, and the slices that wait until everybody has told of them.
import { day, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Slice } from '../../telemetry/core/index.ts'
import type { Stream, Watermark } from '../../telemetry/index.ts'
import { longestPeriodMs, periodAt } from '../core/calendar.ts'
import { compareProducts } from '../core/exact.ts'
import { applyCoverage, type CoveredSlices, coveredSlices, coverTime } from '../core/exclusion.ts'
import { forecastExhaustion, forecastRecovery, type RollingForecast } from '../core/exhaustion.ts'
import { type CompiledRules, defaultStaleMs, judge } from '../core/judge.ts'
import { forecastPeriod } from '../core/period.ts'
import {
  advanceTo,
  closedUntil,
  periodOf,
  putSlice,
  type Ring,
  type RingSpec,
  settle,
  spendBlocksOf,
  sumsOf,
} from '../core/ring.ts'
import { compileSpend } from '../core/spend.ts'
import type { WindowSum } from '../core/window.ts'
import { compileDefinition } from '../definition.ts'
import type { ExclusionRow } from '../exclusions.store.ts'
import type { ObjectiveRow } from '../objectives.store.ts'
import { budgetNow, type Forecast, type Judged, noForecast } from '../state-view.ts'
import type { StateMemory } from '../states.store.ts'

export interface Running {
  readonly row: ObjectiveRow
  readonly rules: CompiledRules
  readonly stream: Stream
  readonly ring: Ring
  /** Told of, but not yet closed: the watermark has not passed them. */
  readonly open: Map<Instant, Slice>
  exclusions: readonly ExclusionRow[]
  /** What they cover until then: found anew when time gets there. */
  cover: Cover
  memory: StateMemory
  /** Whether sums differ from those of the last verdict. */
  moved: boolean
  forecast: { readonly at: Instant; readonly said: Forecast } | null
  lastPointAt: number
}

export interface Cover {
  readonly until: Instant
  readonly slices: readonly CoveredSlices[]
}

/** Of the whole ring and a day ahead. */
export function coverOf(exclusions: readonly ExclusionRow[], spec: RingSpec, until: Instant): Cover {
  const ahead = instant(until + day)
  if (exclusions.length === 0) return { until: instant(Number.MAX_SAFE_INTEGER), slices: [] }
  const longest = Math.max(spec.calendar?.longestMs ?? 0, ...spec.windows)
  const within = { start: instant(until - longest - spec.sliceMs), end: ahead }
  return { until: ahead, slices: coveredSlices(coverTime(exclusions, within), spec.sliceMs) }
}

/** Other exclusions hold: the slices that are in memory follow. */
export function exclude(running: Running, exclusions: readonly ExclusionRow[]): void {
  running.exclusions = exclusions
  running.cover = coverOf(exclusions, running.ring.spec, closedUntil(running.ring))
  if (applyCoverage(running.ring, running.cover.slices, Number.NEGATIVE_INFINITY) > 0) running.moved = true
  running.forecast = null
  settle(running.ring)
}

export const noMemory: StateMemory = { tiers: [], blindSince: null, blindTold: false }

/** How long the newest slices are waited for before time moves on without them. */
export const patienceOf = (sliceMs: number): number => defaultStaleMs(sliceMs)

/**
 * Up to where slices may be closed. Not by the clock: data takes its way, and a slice closed early looks like silence.
 * Only when nobody tells anything any more does time pass by itself.
 */
export function closableUntil(watermark: Watermark | undefined, sliceMs: number, now: Instant): Instant {
  const told = watermark === undefined ? 0 : Math.min(watermark.slowest, now)
  return instant(Math.floor(Math.max(told, now - patienceOf(sliceMs)) / sliceMs) * sliceMs)
}

export function ringSpecOf(row: ObjectiveRow, until: Instant): RingSpec {
  const { sliceMs, budgeting } = row.definition
  const born = instant(Math.floor((row.born ?? until) / sliceMs) * sliceMs)
  const { calendar } = row.definition
  const spec = { sliceMs, windows: compileDefinition(row.definition).windows, rule: compileSpend(budgeting), born }
  if (calendar === undefined) return spec
  const longestMs = Math.ceil(longestPeriodMs(calendar) / sliceMs) * sliceMs
  return { ...spec, calendar: { longestMs, periodAt: (at) => periodAt(calendar, at) } }
}

export function startRunning(
  of: Pick<Running, 'row' | 'stream' | 'ring' | 'open' | 'memory' | 'exclusions' | 'cover'>,
): Running {
  return { ...of, rules: compileDefinition(of.row.definition), moved: true, forecast: null, lastPointAt: 0 }
}

/** A slice as it now stands in the store: a new one waits to be closed, a closed one is corrected. */
export function takeSlice(running: Running, start: Instant, slice: Slice): void {
  if (start >= closedUntil(running.ring)) running.open.set(start, slice)
  else if (putSlice(running.ring, start, slice) === 'applied') running.moved = true
}

export function closeUntil(running: Running, until: Instant): void {
  const before = closedUntil(running.ring)
  if (until <= before) return
  // A period ends with everything that is excluded of it.
  const ends = periodOf(running.ring)?.interval.end ?? before
  if (before < ends && ends < until) closeUntil(running, ends)
  for (const [start, slice] of [...running.open].sort(([a], [b]) => a - b)) {
    if (start >= until) break
    putSlice(running.ring, start, slice)
    running.open.delete(start)
  }
  advanceTo(running.ring, until)
  if (running.exclusions.length > 0) {
    const { ring } = running
    if (running.cover.until < until) running.cover = coverOf(running.exclusions, ring.spec, until)
    applyCoverage(ring, running.cover.slices, Math.floor(before / ring.spec.sliceMs))
  }
  running.moved = true
}

export function judgeRunning(running: Running, now: Instant): Judged {
  settle(running.ring)
  const sums = sumsOf(running.ring)
  const verdict = judge(running.rules, sums, running.memory.tiers, now)
  const definition = running.row.definition
  const period = periodOf(running.ring)
  const judged = { definition, rules: running.rules, sums, period, verdict, forecast: noForecast }
  return { ...judged, forecast: forecastOf(running, judged, now) }
}

/**
 * Walks over the window's days and the slices of some of them, so it is made only for objectives that overspend or are on their
 * way, and at most once a minute for each.
 */
function forecastOf(running: Running, judged: Judged, now: Instant): Forecast {
  const budget = budgetNow(judged)
  const pace = paceOf(running.rules, judged.sums)
  if (budget.state !== 'measured' || pace === null) return noForecast
  const { num, den } = running.rules.budget
  const tooFast = compareProducts(pace.spent, Number(den), pace.total, Number(num)) > 0
  if (budget.met && !tooFast) return noForecast
  const sliceMs = running.ring.spec.sliceMs
  if (judged.period !== null) {
    const { definition, period } = judged
    const found = forecastPeriod(definition.target, period, running.ring.spec.rule, pace, sliceMs)
    // In a period nothing is forgiven before its end.
    const exhaustsAt = found?.state === 'exhausts' ? instant(closedUntil(running.ring) + toNumber(found.inMs)) : null
    return { exhaustsAt, recoversAt: budget.met ? null : period.interval.end }
  }
  if (running.forecast !== null && now - running.forecast.at < minute) return running.forecast.said
  const order: RollingForecast = {
    blocks: spendBlocksOf(running.ring, running.row.definition.windowMs / sliceMs),
    sliceMs,
    budget: running.rules.budget,
    end: closedUntil(running.ring),
    pace: { spent: pace.spent, total: pace.total, slices: pace.lengthMs / sliceMs },
  }
  const exhaustion = budget.met ? forecastExhaustion(order) : null
  const recovery = budget.met ? null : forecastRecovery({ ...order, pace: { ...order.pace, spent: 0 } })
  const said = {
    exhaustsAt: exhaustion?.state === 'exhausts' ? exhaustion.at : null,
    recoversAt: recovery?.state === 'recovers' ? recovery.at : null,
  }
  running.forecast = { at: now, said }
  return said
}

/** The present rate: over the long window of the tier that answers soonest. */
function paceOf(rules: CompiledRules, sums: readonly WindowSum[]): WindowSum | null {
  const soonest = rules.tiers.find((tier) => tier.name === rules.soonest)
  const sum = soonest === undefined ? undefined : sums[rules.windows.indexOf(soonest.longMs)]
  return sum === undefined || sum.total === 0 ? null : sum
}
