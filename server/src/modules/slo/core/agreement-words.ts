// An agreement in plain words: how its period stands, what is near, what is due. Texts only.
import { minute } from '../../../kernel/duration.ts'
import { compare, divide, multiply, type Rational, rational, toNumber } from '../../../kernel/rational.ts'
import {
  type Agreement,
  type AgreementJudged,
  type Attained,
  type Credit,
  type CreditTier,
  type NextCredit,
  nextCredit,
} from './agreement.ts'
import { moneyText } from './money.ts'
import { formatCount, formatShare, formatSpan, formatTarget } from './sentence.ts'

/** From this share of what may be lost on, people are told. */
export const nearRatio = 0.8

/** `99.9`: exactly, without its sign. */
export const percentText = (share: Rational): string => formatTarget(share).replace(' %', '')

/** `99.95 %`, `99.1 % to 99.4 %`, `not known`. */
export function attainedWords(attained: Attained | null): string {
  if (attained === null) return 'not known'
  const [least, most] = [formatShare(attained.least), formatShare(attained.most)]
  return compare(attained.least, attained.most) === 0 ? least : `${least} to ${most}`
}

/** As it is handed to customers: `10 % of the fee, 120.00 EUR (cap)`; `none`. */
export function creditText(credit: {
  readonly percentText: string
  readonly belowText: string | null
  readonly amount: { readonly amount: string; readonly currency: string } | null
  readonly capped: boolean
}): string {
  const { percentText: share, belowText, amount, capped } = credit
  if (belowText === null) return 'none'
  const money = amount === null ? '' : `, ${amount.amount} ${amount.currency}`
  return `${share} % of the fee${money}${capped ? ' (cap)' : ''}`
}

const creditOf = ({ share, amount, capped }: Credit): string =>
  `${formatTarget(share)}${amount === null ? '' : `, ${moneyText(amount)}`}${capped ? ', which is the cap' : ''}`

export function creditSentence({ least, most }: Pick<AgreementJudged, 'least' | 'most'>): string {
  if (compare(least.share, most.share) !== 0)
    return `A credit of ${creditOf(least)} to ${creditOf(most)}: what was not measured decides.`
  return least.tier === null ? 'No credit is due.' : `A credit of ${creditOf(least)} is due.`
}

/** `99.95 % attained, of 99.9 % promised. No credit is due.` */
export function statementSentence(
  { target }: Pick<Agreement, 'target'>,
  order: { readonly attained: Attained | null; readonly judged: AgreementJudged; readonly running: boolean },
): string {
  const { attained, judged, running } = order
  if (attained === null) return `Not known what was attained, of ${formatTarget(target)} promised.`
  const sofar = running ? ' so far' : ''
  return `${attainedWords(attained)} attained${sofar}, of ${formatTarget(target)} promised. ${creditSentence(judged)}`
}

export interface NextView {
  readonly tier: CreditTier
  readonly leftMs: number | null
  readonly leftRequests: number | null
  readonly used: Rational
  readonly sentence: string
}

/** What is left before the next credit of a period that runs: time of full failure, and requests where they count. */
export function nextView(
  agreement: Pick<Agreement, 'credits' | 'counting'>,
  order: { readonly whole: Rational; readonly lost: Rational; readonly unitMs: Rational | null },
): NextView | null {
  const next = nextCredit(agreement, order)
  if (next === null || order.whole.num === 0n) return null
  const { tier, left } = next
  const byRequests = agreement.counting.by === 'requests'
  const leftMs = order.unitMs === null ? null : Math.floor(toNumber(multiply(left, order.unitMs)))
  const leftRequests = byRequests ? Number(left.num / left.den) : null
  return {
    tier,
    leftMs,
    leftRequests,
    used: usedOf(next, order.lost),
    sentence: nextSentence(tier, leftMs, leftRequests),
  }
}

/** Of what may be lost before it is due. */
function usedOf({ left }: NextCredit, lost: Rational): Rational {
  const sum = { num: left.num * lost.den + lost.num * left.den, den: left.den * lost.den }
  return sum.num === 0n ? rational(0) : divide(lost, sum)
}

function nextSentence({ credit }: CreditTier, leftMs: number | null, leftRequests: number | null): string {
  const due = `and the ${formatTarget(credit)} credit is due.`
  const span = leftMs === null || leftMs < minute ? null : formatSpan(Math.floor(leftMs / minute) * minute)
  if (leftRequests !== null) {
    const outage = span === null ? '' : `, or ${span} of full outage at the usual traffic,`
    // Those that are left may fail; it takes one more.
    const takes = leftRequests + 1
    return `${formatCount(takes)} more failed ${takes === 1 ? 'request' : 'requests'}${outage === '' ? '' : outage} ${due}`
  }
  return span === null ? `The next minute of this, ${due}` : `${span} more of this ${due}`
}
