// Decides whether an objective burns too fast. A tier fires when both its windows burn above its threshold: the long
// one shows that it matters, the short one that it still goes on. Reads only sums, previous state and the time.
//
// Cost: one pass over the tiers, integer products below 2^53 (exact.ts); no fraction is built unless asked for.
import { formatDuration, minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { type Rational, rational } from '../../../kernel/rational.ts'
import { burnRate } from './burn.ts'
import { compareProducts, exceeds } from './exact.ts'
import { formatCount, formatSpan, formatTimes } from './sentence.ts'
import type { Tier, TierSeverity } from './tiers.ts'
import type { WindowSum } from './window.ts'

export interface AlertRules {
  /** 1 − target. */
  readonly budget: Rational
  readonly tiers: readonly Tier[]
  /** Below this share of measured slices in one of its windows a tier is frozen. */
  readonly coverageFloor: Rational
  /** The newest slice may be this old before nothing can be said about now. */
  readonly staleAfterMs: number
  /** A page needs at least so many bad events in its long window, else it is a ticket. 0 switches the guard off. */
  readonly leastBadForPage: number
}

export const defaultCoverageFloor = rational(9, 10)
export const defaultLeastBad = 5

/** Three slices may be on their way; and no source is called silent within two minutes. */
export function defaultStaleMs(sliceMs: number): number {
  return sliceMs < minute ? Math.max(3 * sliceMs, 15_000) : Math.max(3 * sliceMs, 2 * minute)
}

interface CompiledTier extends Tier {
  readonly long: number
  readonly short: number
  readonly limit: { readonly num: number; readonly den: number }
}

export interface CompiledRules extends AlertRules {
  /** The windows whose sums `judge` wants, in this order: what a ring is created with. */
  readonly windows: readonly number[]
  readonly compiled: readonly CompiledTier[]
  readonly floor: { readonly num: number; readonly den: number }
  /** The tier that answers soonest: what is known of *now*. */
  readonly soonest: string | null
}

export function compileRules(rules: AlertRules, moreWindows: readonly number[] = []): CompiledRules {
  const windows = [...new Set([...rules.tiers.flatMap((tier) => [tier.longMs, tier.shortMs]), ...moreWindows])].sort(
    (a, b) => a - b,
  )
  const compiled = rules.tiers.map((tier) => {
    // spent / total > threshold × budget, in lowest terms.
    const limit = rational(tier.threshold.num * rules.budget.num, tier.threshold.den * rules.budget.den)
    return {
      ...tier,
      long: windows.indexOf(tier.longMs),
      short: windows.indexOf(tier.shortMs),
      limit: { num: Number(limit.num), den: Number(limit.den) },
    }
  })
  const floor = { num: Number(rules.coverageFloor.num), den: Number(rules.coverageFloor.den) }
  const soonest = [...rules.tiers].sort((a, b) => a.longMs - b.longMs)[0]?.name ?? null
  return { ...rules, windows, compiled, floor, soonest }
}

/** A burn rate: exact as spent ÷ (budget × total), and as a number to show. */
export interface Burn {
  readonly spent: number
  readonly total: number
  readonly rate: number
  /** What it is judged by: less than the rate when the window is longer than the objective is old. */
  readonly judged: number
}

export function exactBurn(burn: Burn, budget: Rational): Rational {
  return burnRate(burn.spent, burn.total, budget) ?? rational(0)
}

/** Kept between evaluations, as plain data. */
export interface TierState {
  readonly name: string
  readonly firing: boolean
  readonly severity: TierSeverity
  readonly since: Instant | null
  /** Since when the short window is at or below the threshold while the tier is still held. */
  readonly belowSince: Instant | null
}

export const freezeReasons = ['stale', 'no-data', 'excluded', 'coverage', 'no-events'] as const
export type FreezeReason = (typeof freezeReasons)[number]

export interface TierVerdict {
  readonly tier: Tier
  /** `idle`: nothing happened in a window, so there is no ratio. `frozen`: neither fires nor resolves. */
  readonly state: 'firing' | 'calm' | 'idle' | 'frozen'
  readonly frozenBecause: FreezeReason | null
  /** Whether it counts as firing now; a frozen tier keeps what it was. */
  readonly firing: boolean
  /** What it fires as: a page below the least number of failures is a ticket. */
  readonly severity: TierSeverity
  readonly guarded: boolean
  readonly long: Burn | null
  readonly short: Burn | null
  readonly badInLong: number
  readonly eventsInLong: number
  /** The tier speaks for the objective; other firing tiers attach to it and do not notify. */
  readonly governs: boolean
}

export type Level = 'page' | 'ticket' | 'calm' | 'no-events' | 'unknown'
export type Change = 'none' | 'opened' | 'escalated' | 'de-escalated' | 'resolved'

export interface BurnVerdict {
  readonly level: Level
  readonly change: Change
  /** Opening and escalating interrupt people; everything else updates what they already have. */
  readonly notify: boolean
  readonly governing: TierVerdict | null
  /** The smaller of the governing tier's two burn rates: what is certain. */
  readonly governingRate: number | null
  readonly tiers: readonly TierVerdict[]
  /** Tiers that cannot be judged: a signal of its own, never read as calm. */
  readonly unmeasured: readonly string[]
  readonly reason: string
  readonly evaluatedAt: Instant
  readonly next: readonly TierState[]
}

/** `sums` in the order of `rules.windows`, all ending at one instant; `previous` is `next` of the last verdict. */
export function judge(
  rules: CompiledRules,
  sums: readonly WindowSum[],
  previous: readonly TierState[],
  now: Instant,
): BurnVerdict {
  const end = sums[0]?.end ?? now
  const stale = now - end > rules.staleAfterMs
  const verdicts: TierVerdict[] = []
  const next: TierState[] = []
  for (const tier of rules.compiled) {
    const [long, short] = [sums[tier.long], sums[tier.short]]
    const before = previous.find((each) => each.name === tier.name) ?? null
    if (long === undefined || short === undefined) throw new RangeError(`No sum for the windows of ${tier.name}.`)
    const { verdict, state } = judgeTier(rules, tier, long, short, before, stale)
    verdicts.push(verdict)
    next.push(state)
  }
  return conclude(rules, verdicts, next, previous, end)
}

function judgeTier(
  rules: CompiledRules,
  tier: CompiledTier,
  long: WindowSum,
  short: WindowSum,
  before: TierState | null,
  stale: boolean,
): { verdict: TierVerdict; state: TierState } {
  const was = before?.firing === true
  const freeze = stale ? 'stale' : (unmeasured(rules, long) ?? unmeasured(rules, short) ?? null)
  // A short window without events says nothing about whether the failure goes on: a firing tier waits.
  const frozenBecause = freeze ?? (was && short.total === 0 && long.total > 0 ? 'no-events' : null)
  const above = short.total > 0 && passes(tier, short)
  const both = above && passes(tier, long)
  const belowSince = was && !above ? (before.belowSince ?? short.end) : null
  const held = was && long.total > 0 && (above || short.end - (belowSince ?? short.end) < tier.shortMs)
  const firing = frozenBecause === null ? both || held : was
  const guarded = tier.severity === 'page' && long.bad < rules.leastBadForPage
  const severity = frozenBecause === null ? (guarded ? 'ticket' : tier.severity) : (before?.severity ?? tier.severity)
  const state: TierState = {
    name: tier.name,
    firing,
    severity,
    since: firing ? (was ? before.since : short.end) : null,
    // What was not seen was not below: the hold starts again after a freeze.
    belowSince: frozenBecause === null && firing ? belowSince : null,
  }
  const quiet = long.total === 0 || (short.total === 0 && passes(tier, long))
  const verdict: TierVerdict = {
    tier,
    state: frozenBecause !== null ? 'frozen' : firing ? 'firing' : quiet ? 'idle' : 'calm',
    frozenBecause,
    firing,
    severity,
    guarded: firing && guarded && severity === 'ticket',
    long: burnOf(rules.budget, long),
    short: burnOf(rules.budget, short),
    badInLong: long.bad,
    eventsInLong: long.good + long.bad,
    governs: false,
  }
  return { verdict, state }
}

/** A hole in a window freezes the tiers that look through it, and no others. */
function unmeasured(rules: CompiledRules, sum: WindowSum): FreezeReason | null {
  if (sum.expected === 0) return sum.unborn > 0 ? 'no-data' : 'excluded'
  if (sum.measured === 0) return 'no-data'
  return compareProducts(sum.measured, rules.floor.den, sum.expected, rules.floor.num) < 0 ? 'coverage' : null
}

/**
 * A window longer than the objective is old is judged as if the time before had been as busy and without failures: a
 * lower bound, so a young objective pages as soon as an old one would, and not on its first failure.
 */
function passes(tier: CompiledTier, sum: WindowSum): boolean {
  if (sum.unborn === 0) return compareProducts(sum.spent, tier.limit.den, sum.total, tier.limit.num) > 0
  return exceeds(sum.spent, sum.total, { num: sum.expected, den: sum.expected + sum.unborn }, tier.limit)
}

function burnOf(budget: Rational, sum: WindowSum): Burn | null {
  if (sum.total === 0) return null
  const rate = (sum.spent * Number(budget.den)) / (sum.total * Number(budget.num))
  const judged = sum.unborn === 0 ? rate : (rate * sum.expected) / (sum.expected + sum.unborn)
  return { spent: sum.spent, total: sum.total, rate, judged }
}

const rank = (severity: TierSeverity | null): number => (severity === 'page' ? 2 : severity === 'ticket' ? 1 : 0)

function conclude(
  rules: CompiledRules,
  verdicts: readonly TierVerdict[],
  next: readonly TierState[],
  previous: readonly TierState[],
  end: Instant,
): BurnVerdict {
  let leader: TierVerdict | null = null
  for (const verdict of verdicts) if (verdict.firing && (leader === null || leads(verdict, leader))) leader = verdict
  const governing = leader === null ? null : { ...leader, governs: true }
  const unmeasuredTiers = verdicts.filter((each) => each.frozenBecause !== null && each.frozenBecause !== 'no-events')
  const level = governing !== null ? governing.severity : levelWithoutFire(rules, verdicts)
  const was = previous.reduce((most, each) => Math.max(most, each.firing ? rank(each.severity) : 0), 0)
  const is = rank(governing?.severity ?? null)
  const change =
    is === was ? 'none' : was === 0 ? 'opened' : is === 0 ? 'resolved' : is > was ? 'escalated' : 'de-escalated'
  return {
    level,
    change,
    notify: change === 'opened' || change === 'escalated',
    governing,
    governingRate:
      governing?.long == null || governing.short === null ? null : Math.min(governing.long.rate, governing.short.rate),
    tiers: governing === null ? verdicts : verdicts.map((each) => (each === leader ? governing : each)),
    unmeasured: unmeasuredTiers.map((each) => each.tier.name),
    reason: governing !== null ? firingReason(governing) : quietReason(level, verdicts, unmeasuredTiers),
    evaluatedAt: end,
    next,
  }
}

// The most severe firing tier speaks; among equals the one with the larger threshold, which is the faster fire.
function leads(a: TierVerdict, b: TierVerdict): boolean {
  if (a.severity !== b.severity) return rank(a.severity) > rank(b.severity)
  return a.tier.threshold.num * b.tier.threshold.den > b.tier.threshold.num * a.tier.threshold.den
}

function levelWithoutFire(rules: CompiledRules, verdicts: readonly TierVerdict[]): Level {
  const soonest = verdicts.find((each) => each.tier.name === rules.soonest)
  if (soonest === undefined || soonest.state === 'frozen') return 'unknown'
  return soonest.state === 'idle' ? 'no-events' : 'calm'
}

const freezeWords: Readonly<Record<FreezeReason, string>> = {
  stale: 'the newest measurement is too old',
  'no-data': 'nothing was measured',
  excluded: 'its windows are excluded',
  coverage: 'too little of its windows was measured',
  'no-events': 'nothing happened lately, so whether it goes on is not known',
}

function firingReason({ tier, long, short, frozenBecause, guarded, badInLong, eventsInLong }: TierVerdict): string {
  const rate = (burn: Burn | null, lengthMs: number) =>
    `${burn === null ? 'nothing' : formatTimes(burn.rate)} over ${formatDuration(lengthMs)}`
  const rates = `${rate(long, tier.longMs)} and ${rate(short, tier.shortMs)}, limit ${formatTimes(tier.threshold)}`
  const events = `${formatCount(badInLong)} bad of ${formatCount(eventsInLong)}`
  const guard = guarded ? ' Too few failures for a page, so a ticket.' : ''
  if (frozenBecause !== null)
    return `Was burning; not resolved, because ${freezeWords[frozenBecause]}. Last seen ${rates} (${events}).`
  return `Burning ${rates}: ${events}.${guard}`
}

function quietReason(level: Level, verdicts: readonly TierVerdict[], blind: readonly TierVerdict[]): string {
  const tiers = blind.map((each) => `${each.tier.name} (${freezeWords[each.frozenBecause ?? 'no-data']})`).join(', ')
  if (level === 'unknown') return tiers === '' ? 'Nothing is judged: there are no tiers.' : `Not known: ${tiers}.`
  const span = formatSpan(verdicts[0]?.tier.longMs ?? 0)
  const said = level === 'no-events' ? `Nothing happened in the last ${span}.` : 'No tier burns above its limit.'
  return tiers === '' ? said : `${said} Not judged: ${tiers}.`
}
