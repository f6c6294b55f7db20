// A service-level agreement: what was promised to customers in a contract, over which calendar periods, what counts
// against it, and what is paid back when it is missed. It stands beside an objective and judges by its own terms.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { add, compare, divide, multiply, type Rational, rational, subtract } from '../../../kernel/rational.ts'
import type { Calendar } from './calendar.ts'
import type { Exclusion } from './exclusion.ts'
import { stepStates } from './member-tally.ts'
import { type Money, shareOfMoney } from './money.ts'
import { formatTarget } from './sentence.ts'

export const agreementPeriods = ['month', 'quarter', 'year'] as const
export type AgreementPeriod = (typeof agreementPeriods)[number]

export type Counting =
  /** The share of requests that succeeded. */
  | { readonly by: 'requests' }
  /**
   * The share of the period that was not downtime. A minute is down when a smaller share of its requests succeeded, as
   * part of so many such minutes in a row.
   */
  | { readonly by: 'downtime'; readonly below: Rational; readonly leastMinutes: number }

/** Due when less was attained: a share of the fee of the period. */
export interface CreditTier {
  readonly below: Rational
  readonly credit: Rational
}

export interface AgreedExclusion extends Exclusion {
  readonly reason: string
}

export interface Agreement {
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly team: string | null
  /** Who it was promised to: a customer, or a class of them. */
  readonly customer: string
  readonly subject: { readonly kind: 'objective' | 'journey'; readonly name: string }
  readonly target: Rational
  readonly period: AgreementPeriod
  readonly timeZone: string
  /** Calendar days in the zone: `2026-01-01`; the first and the last of the contract, open when null. */
  readonly from: string | null
  readonly until: string | null
  readonly counting: Counting
  /** What was not measured: stays open, or counts as downtime. Never as uptime. */
  readonly unmeasured: 'open' | 'down'
  readonly exclusions: readonly AgreedExclusion[]
  /** For a period; null: credits are told as shares. */
  readonly fee: Money | null
  /** In falling order of `below`. */
  readonly credits: readonly CreditTier[]
  readonly cap: Rational | null
  /** Days after the end of a period in which late counts may still come, and after which it is settled. */
  readonly settleDays: number
  /** People, told before a credit is due and when one is. */
  readonly notify: readonly string[]
}

const units = { month: 'M', quarter: 'Q', year: 'Y' } as const

export const calendarOf = ({ period, timeZone }: Pick<Agreement, 'period' | 'timeZone'>): Calendar => ({
  count: 1,
  unit: units[period],
  startTime: '2026-01-01 00:00:00',
  timeZone,
})

const one = rational(1)
const none = rational(0)

/** Why it could not be kept to the letter; null when it is sound. */
export function agreementFault(agreement: Agreement): { readonly pointer: string; readonly detail: string } | null {
  const { credits, target, cap, subject, counting } = agreement
  const [first] = credits
  if (first !== undefined && compare(first.below, target) > 0)
    return {
      pointer: '/spec/credits/0/below',
      detail: `A credit would be due above the target, ${formatTarget(target)}.`,
    }
  for (const [index, { below, credit }] of credits.entries()) {
    const next = credits[index + 1]
    if (credit.num <= 0n || compare(credit, one) > 0)
      return { pointer: `/spec/credits/${index}/credit`, detail: 'A credit is more than 0 % and at most 100 %.' }
    if (next === undefined) continue
    if (compare(next.below, below) >= 0)
      return {
        pointer: `/spec/credits/${index + 1}/below`,
        detail: 'Credits stand in falling order of what was attained.',
      }
    if (compare(next.credit, credit) < 0)
      return {
        pointer: `/spec/credits/${index + 1}/credit`,
        detail: `Less would be paid below ${formatTarget(next.below)} than above it.`,
      }
  }
  if (cap !== null && credits.length === 0)
    return { pointer: '/spec/cap', detail: 'There is no credit that it could limit.' }
  if (subject.kind === 'journey' && counting.by === 'requests')
    return {
      pointer: '/spec/counts',
      detail: 'The requests of several services are not those of a journey: count `downtime`.',
    }
  return null
}

export interface Downtime {
  /** Steps that are down whatever the unknown ones were, and if all of those were down, too. */
  readonly least: number
  readonly most: number
}

/** Runs of bad steps that are long enough; what is left out of the contract breaks none and lengthens none. */
export function downtimeOf(steps: Uint8Array, leastSteps: number): Downtime {
  const count = (isDown: (state: number) => boolean) => {
    let [all, run] = [0, 0]
    const end = () => {
      if (run >= leastSteps) all += run
      run = 0
    }
    for (const state of steps) {
      if (state === stepStates.leftOut) continue
      if (isDown(state)) run += 1
      else end()
    }
    end()
    return all
  }
  return {
    least: count((state) => state === stepStates.bad),
    most: count((state) => state === stepStates.bad || state === stepStates.unknown),
  }
}

/** What was attained lies between the two; they are equal when everything is known. Null: nothing can be said. */
export interface Attained {
  readonly least: Rational
  readonly most: Rational
}

/** Of what was expected so far. */
export function attainedByDowntime(steps: number, { least, most }: Downtime): Attained | null {
  if (steps === 0) return null
  return { least: subtract(one, rational(most, steps)), most: subtract(one, rational(least, steps)) }
}

/**
 * Of requests. Of time that was not measured nobody knows how many there were: as many as at other times, all of which
 * failed at the least, and none at the most.
 */
export function attainedByRequests(order: {
  readonly good: number
  readonly bad: number
  readonly measuredMs: number
  readonly unknownMs: number
}): Attained | null {
  const { good, bad, measuredMs, unknownMs } = order
  const total = good + bad
  if (measuredMs === 0 || (total === 0 && unknownMs > 0)) return null
  if (total === 0) return { least: one, most: one }
  const unknown = multiply(rational(total), rational(unknownMs, measuredMs))
  const whole = add(rational(total), unknown)
  return { least: divide(rational(good), whole), most: divide(add(rational(good), unknown), whole) }
}

export interface Outage extends Interval {
  /** Long enough by the contract. */
  readonly counted: boolean
}

/** Stretches that were down, in order; what the contract leaves out does not part them. */
export function outagesOf(
  steps: Uint8Array,
  { from, stepMs, leastSteps }: { readonly from: Instant; readonly stepMs: number; readonly leastSteps: number },
): readonly Outage[] {
  const found: Outage[] = []
  let [start, last, run] = [0, 0, 0]
  const end = () => {
    const at = (step: number) => instant(from + step * stepMs)
    if (run > 0) found.push({ start: at(start), end: at(last + 1), counted: run >= leastSteps })
    run = 0
  }
  for (const [step, state] of steps.entries()) {
    if (state === stepStates.leftOut) continue
    if (state !== stepStates.bad) {
      end()
      continue
    }
    if (run === 0) start = step
    last = step
    run += 1
  }
  end()
  return found
}

export interface Credit {
  /** Null: none is due. */
  readonly tier: CreditTier | null
  readonly share: Rational
  readonly amount: Money | null
  readonly capped: boolean
}

export function creditFor(
  { credits, cap, fee }: Pick<Agreement, 'credits' | 'cap' | 'fee'>,
  attained: Rational,
): Credit {
  const tier = [...credits].reverse().find(({ below }) => compare(attained, below) < 0) ?? null
  const due = tier?.credit ?? none
  const capped = cap !== null && compare(due, cap) > 0
  const share = capped ? cap : due
  return { tier, share, capped, amount: fee === null ? null : shareOfMoney(fee, share) }
}

export type AgreementVerdict = 'kept' | 'missed' | 'open'

export interface AgreementJudged {
  /** `open`: what is not known decides. */
  readonly verdict: AgreementVerdict
  /** What is due at least, whatever the unknown was; and at most. */
  readonly least: Credit
  readonly most: Credit
}

export function judgeAgreement(agreement: Agreement, attained: Attained | null): AgreementJudged {
  const worst = attained?.least ?? none
  const best = attained?.most ?? one
  const verdict =
    compare(best, agreement.target) < 0 ? 'missed' : compare(worst, agreement.target) >= 0 ? 'kept' : 'open'
  return { verdict, least: creditFor(agreement, best), most: creditFor(agreement, worst) }
}

export interface NextCredit {
  readonly tier: CreditTier
  /** Steps of full downtime, or failed requests, that may still come before it is due. */
  readonly left: Rational
}

/**
 * The next credit of a period that runs: `whole` is what the period will have when it ends, `lost` what is lost by now.
 * Due as soon as the rest can no longer make up for it.
 */
export function nextCredit(
  { credits }: Pick<Agreement, 'credits'>,
  order: { readonly whole: Rational; readonly lost: Rational },
): NextCredit | null {
  for (const tier of credits) {
    const left = subtract(multiply(subtract(one, tier.below), order.whole), order.lost)
    if (left.num >= 0n) return { tier, left }
  }
  return null
}

/** `10 % of the fee below 99.5 %` */
export const creditWords = ({ below, credit }: CreditTier): string =>
  `${formatTarget(credit)} of the fee below ${formatTarget(below)}`
