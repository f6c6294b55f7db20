// The burn-rate tiers of an objective: how fast is too fast, over which two windows, and whether that can happen at all.
//
// Default rule. The share of the budget that a tier may spend is fixed for periods of 7, 28, 30 and 90 days and
// interpolated over the logarithm of the period between them. A threshold is never below 1: whoever burns slower than
// 1 stays within the budget, and nobody is woken for that.
//   7 d   16.8 / 5.6 / 2.8 / 1     10, 20, 40, 42.86 % of the budget
//   28 d  13.44 / 5.6 / 2.8 / 1    2, 5, 10, 10.7 %
//   30 d  14.4 / 6 / 3 / 1         2, 5, 10, 10 %
//   90 d  21.6 / 10.8 / 4.5 / 1.5  1, 3, 5, 5 %
// Periods below 7 days keep the thresholds of 7 days and shrink its windows in proportion, in whole slices: a 1-hour
// objective with 5-second slices pages over 25 s and 5 s. A period needs at least 60 slices.
import { day, formatDuration, hour } from '../../../kernel/duration.ts'
import { compare, divide, multiply, type Rational, rational } from '../../../kernel/rational.ts'
import { burnForShare, fastestBurn, shareSpent } from './burn.ts'
import { formatTimes } from './sentence.ts'

export type TierSeverity = 'page' | 'ticket'

export interface Tier {
  /** `1h/5m`: unique within an objective, and what people call it. */
  readonly name: string
  readonly severity: TierSeverity
  readonly longMs: number
  readonly shortMs: number
  readonly threshold: Rational
}

/** A tier with what it spends of the budget before it fires, always shown beside the threshold. */
export interface PlannedTier extends Tier {
  readonly share: Rational
  /** Why it differs from the default, in words; null when it does not. */
  readonly note: string | null
}

export interface RefusedTier {
  readonly tier: Tier
  readonly because: string
}

export interface TierPlan {
  readonly tiers: readonly PlannedTier[]
  readonly refused: readonly RefusedTier[]
}

const leastSlices = 60

interface Anchor {
  readonly days: number
  readonly shares: readonly [Rational, Rational, Rational, Rational]
}

const anchors: readonly Anchor[] = [
  { days: 7, shares: [rational(1, 10), rational(1, 5), rational(2, 5), rational(3, 7)] },
  { days: 28, shares: [rational(1, 50), rational(1, 20), rational(1, 10), rational(1, 10)] },
  { days: 30, shares: [rational(1, 50), rational(1, 20), rational(1, 10), rational(1, 10)] },
  { days: 90, shares: [rational(1, 100), rational(3, 100), rational(1, 20), rational(1, 20)] },
]

const shapes: readonly { readonly severity: TierSeverity; readonly longMs: number }[] = [
  { severity: 'page', longMs: hour },
  { severity: 'page', longMs: 6 * hour },
  { severity: 'ticket', longMs: day },
  { severity: 'ticket', longMs: 3 * day },
]

/** The share a default tier spends before it fires, for any period; to a hundredth of a percent between the anchors. */
export function defaultShare(tier: number, periodMs: number): Rational {
  const days = periodMs / day
  const at = (anchor: Anchor | undefined) => anchor?.shares[tier] ?? rational(1)
  const exact = anchors.find((anchor) => anchor.days === days)
  if (exact !== undefined) return at(exact)
  const above = anchors.findIndex((anchor) => anchor.days > days)
  if (above <= 0) return at(above === 0 ? anchors[0] : anchors.at(-1))
  const [low, high] = [anchors[above - 1], anchors[above]]
  const way = Math.log(days / (low?.days ?? 1)) / Math.log((high?.days ?? 1) / (low?.days ?? 1))
  const [from, to] = [Number(at(low).num) / Number(at(low).den), Number(at(high).num) / Number(at(high).den)]
  return rational(Math.round((from + (to - from) * way) * 10_000), 10_000)
}

/** Why a period cannot be alerted on with slices of this length; null when it can. */
export function periodFault(periodMs: number, sliceMs: number): string | null {
  if (periodMs % sliceMs !== 0)
    return `A period of ${formatDuration(periodMs)} is not a whole number of ${formatDuration(sliceMs)} slices.`
  if (periodMs / sliceMs >= leastSlices) return null
  const longest = formatDuration(Math.floor(periodMs / leastSlices))
  return `A period of ${formatDuration(periodMs)} needs slices of at most ${longest}, so that it has ${leastSlices} of them; they are ${formatDuration(sliceMs)} now.`
}

/** The default tiers before reachability is looked at. */
export function defaultTiers(periodMs: number, sliceMs: number): Tier[] {
  const week = 7 * day
  const shrunk = periodMs < week
  return shapes.map(({ severity, longMs: usual }, index) => {
    const longMs = Math.max(2 * sliceMs, upToSlice(shrunk ? (usual * periodMs) / week : usual, sliceMs))
    const shortMs = upToSlice(longMs / 12, sliceMs)
    const basis = shrunk ? week : periodMs
    const burn = burnForShare(defaultShare(index, basis), usual, basis)
    const threshold = compare(burn, rational(1)) < 0 ? rational(1) : burn
    return { name: tierName(longMs, shortMs), severity, longMs, shortMs, threshold }
  })
}

const upToSlice = (ms: number, sliceMs: number) => Math.max(1, Math.ceil(ms / sliceMs)) * sliceMs

export function tierName(longMs: number, shortMs: number): string {
  return `${formatDuration(longMs)}/${formatDuration(shortMs)}`
}

/**
 * Keeps the tiers that can fire. With everything failing the burn rate is 1 / budget; a threshold at or above that is
 * never passed. The fastest page tier is then lowered to nine tenths of it, so that a total outage still pages;
 * any other tier is refused. Never silently: each change carries its sentence.
 */
export function planTiers(tiers: readonly Tier[], budget: Rational, periodMs: number): TierPlan {
  const most = fastestBurn(budget)
  const fastest = tiers.filter((tier) => tier.severity === 'page').sort((a, b) => a.longMs - b.longMs)[0]
  const planned: PlannedTier[] = []
  const refused: RefusedTier[] = []
  const keep = (tier: Tier, note: string | null) =>
    planned.push({ ...tier, note, share: shareSpent(tier.threshold, tier.longMs, periodMs) })
  for (const tier of tiers) {
    const limit = `even a total outage burns only ${formatTimes(most)}`
    if (compare(tier.threshold, most) < 0) {
      if (tier.severity === 'page' && compare(tier.threshold, rational(1)) < 0)
        refused.push({ tier, because: `${tier.name} would page below 1×, while the budget is being kept.` })
      else keep(tier, null)
      continue
    }
    const lowered = multiply(rational(9, 10), most)
    if (tier === fastest && compare(lowered, rational(1)) >= 0)
      keep(
        { ...tier, threshold: lowered },
        `${tier.name} at ${formatTimes(tier.threshold)} could never fire: ${limit}. Lowered to ${formatTimes(lowered)}.`,
      )
    else refused.push({ tier, because: `${tier.name} at ${formatTimes(tier.threshold)} could never fire: ${limit}.` })
  }
  return { tiers: planned, refused }
}

/** Objectives up to 1 − 1/threshold cannot pass a threshold. */
export function reachableAbove(threshold: Rational): Rational {
  const inverse = divide(rational(1), threshold)
  return rational(inverse.den - inverse.num, inverse.den)
}
