// What little traffic means for an objective, in numbers and in words: how much of the budget one failure spends, which
// tiers a single failure sets off, and what can be done. After the chapter on low traffic of the SRE workbook: make
// traffic, put services together, count what users feel, take a longer window or a lower target.
import { compare, divide, type Rational, rational, toNumber } from '../../../kernel/rational.ts'
import { adviseVolume } from './budget.ts'
import { eventsForFailures } from './burn.ts'
import { formatCount, formatPercent, formatShort, formatSpan } from './sentence.ts'
import type { Tier } from './tiers.ts'

export interface Traffic {
  readonly target: Rational
  readonly windowMs: number
  /** Events in the part of the window that was measured, and how much of it that is. */
  readonly events: number
  readonly measuredShare: number
  readonly tiers: readonly Tier[]
  readonly leastBadForPage: number
}

export interface TrafficAdvice {
  readonly verdict: 'impossible' | 'thin' | 'enough'
  /** As busy as it was, the whole window has so many. */
  readonly eventsInWindow: number
  readonly allowedBad: number
  /** Share of the budget; null when the window allows none. */
  readonly oneFailureSpends: number | null
  /** Tiers whose long window a single failure alone lifts above its threshold, at mean traffic. */
  readonly oneFailureFires: readonly string[]
  readonly sentence: string
  readonly ways: readonly string[]
}

// With less than a tenth of the window measured its traffic is a guess.
const leastMeasured = 0.1

/** In plain numbers, for the many that are busy: twice of what any sentence begins at. */
function isBusy({ target, windowMs, tiers }: Traffic, eventsInWindow: number): boolean {
  const budget = 1 - toNumber(target)
  return (
    eventsInWindow * budget > 20 &&
    tiers.every((tier) => ((eventsInWindow * tier.longMs) / windowMs) * toNumber(tier.threshold) * budget > 2)
  )
}

/** Null when there is nothing to say: too little was measured, or so much happens that single failures do not count. */
export function adviseTraffic(traffic: Traffic): TrafficAdvice | null {
  const { target, windowMs, events, measuredShare, tiers } = traffic
  if (events === 0 || measuredShare < leastMeasured) return null
  const eventsInWindow = Math.round(events / Math.min(1, measuredShare))
  if (isBusy(traffic, eventsInWindow)) return null
  const volume = adviseVolume(target, eventsInWindow)
  const spends = volume.verdict === 'enough' ? divide(rational(1), volume.allowedBad) : volume.oneFailureSpends
  const budget = rational(target.den - target.num, target.den)
  const fires = tiers.filter((tier) => {
    const usual = rational(BigInt(eventsInWindow) * BigInt(tier.longMs), BigInt(windowMs))
    return compare(usual, eventsForFailures(1, tier.threshold, budget)) < 0
  })
  if (volume.verdict === 'enough' && fires.length === 0) return null
  const said = {
    eventsInWindow,
    allowedBad: toNumber(volume.allowedBad),
    oneFailureSpends: spends === null ? null : toNumber(spends),
    oneFailureFires: fires.map((tier) => tier.name),
  }
  const { verdict } = volume
  return { verdict, ...said, sentence: sentenceOf(traffic, verdict, said), ways: ways(traffic, verdict) }
}

type Said = Omit<TrafficAdvice, 'verdict' | 'sentence' | 'ways'>

function sentenceOf(
  { windowMs, leastBadForPage }: Traffic,
  verdict: TrafficAdvice['verdict'],
  { eventsInWindow, allowedBad, oneFailureSpends, oneFailureFires }: Said,
): string {
  const traffic = `At this traffic (${formatCount(eventsInWindow)} events in ${formatSpan(windowMs)})`
  const spends =
    verdict === 'impossible' || oneFailureSpends === null
      ? `${traffic} one failure alone breaks the objective: ${formatShort(allowedBad)} are allowed.`
      : `${traffic} one failure alone spends ${formatPercent(oneFailureSpends)} of the budget.`
  if (oneFailureFires.length === 0) return spends
  const guard =
    leastBadForPage > 1
      ? ` The guard keeps that from paging: below ${leastBadForPage} failures it is a ticket.`
      : ' No guard is set: it pages.'
  return `${spends} It sets off ${oneFailureFires.join(' and ')} where its traffic is as usual.${guard}`
}

/** What would help, with the number that makes it enough: ten failures allowed. */
function ways({ target, windowMs }: Traffic, verdict: TrafficAdvice['verdict']): readonly string[] {
  const found: string[] = []
  const needed = Math.ceil(toNumber(divide(rational(10), rational(target.den - target.num, target.den))))
  if (verdict !== 'enough') {
    found.push(
      `A longer window or a lower target: ten failures are allowed from ${formatCount(needed)} events in ${formatSpan(windowMs)} on.`,
    )
    found.push('One objective for several services or routes that fail alike, grouped by what tells them apart.')
  }
  found.push('A probe that makes traffic of its own: its failures are found when nobody is there.')
  found.push('Time slices instead of events: a bad minute counts the same however few noticed it.')
  return found
}

/** Of one burning tier: `3 bad of 9; at this traffic one failure alone is a burn rate of 11×`. Null when it is not low. */
export function fewEventsSentence(
  tier: { readonly bad: number; readonly events: number; readonly threshold: Rational; readonly longMs: number },
  budget: Rational,
): string | null {
  if (tier.events === 0) return null
  if (compare(rational(tier.events), eventsForFailures(1, tier.threshold, budget)) >= 0) return null
  const one = divide(rational(1, tier.events), budget)
  return `With ${formatCount(tier.events)} events in ${formatSpan(tier.longMs)} one failure alone is a burn rate of ${formatShort(toNumber(one))}×, above the limit.`
}
