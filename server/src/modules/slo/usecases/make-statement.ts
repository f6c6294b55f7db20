// The statement of a period: what one hands to a customer.
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { rational, toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type AgreementTerms, mostOutages, type Statement } from '../agreements.contract.ts'
import type { AgreementRow } from '../agreements.store.ts'
import { type Agreement, type Attained, type Credit, creditWords, judgeAgreement } from '../core/agreement.ts'
import { periodTitle } from '../core/agreement-period.ts'
import { attainedWords, creditText, nextView, percentText, statementSentence } from '../core/agreement-words.ts'
import { coveredBy, coverTime } from '../core/exclusion.ts'
import { amountText, type Money } from '../core/money.ts'
import { formatSpan, formatTarget } from '../core/sentence.ts'
import { type Measured, measureAgreement } from './measure-agreement.ts'

/** `up` and `down`: somebody decided what the time that was not measured counts for. */
export type Decision = 'up' | 'down' | null

export interface MadeStatement {
  readonly statement: Statement
  /** Everything that matters is known, and was told of to the end. */
  readonly certain: boolean
  /** How far it was told of when that is not the end of the period; null when it is, or nobody can tell any more. */
  readonly onlyUntil: Instant | null
}

export async function makeStatement(
  queries: Queries,
  row: AgreementRow,
  period: Interval,
  decision: Decision = null,
): Promise<MadeStatement> {
  const { agreement } = row
  const now = await queries.now()
  const running = period.end > now
  const measured = await measureAgreement(queries, agreement, period)
  const asOf = measured?.asOf ?? instant(Math.min(now, period.end))
  const agreed: Decision = agreement.unmeasured === 'down' ? 'down' : null
  const attained =
    decision === null ? resolved(measured?.attained ?? null, agreed) : decided(measured?.attained ?? null, decision)
  // Of a period that runs: what it comes to if nothing more fails.
  const final = running && measured !== null && measured.attained !== null ? ifNothingMore(measured) : attained
  const judged = judgeAgreement(agreement, running ? resolved(final, agreed) : attained)
  const next =
    running && measured !== null
      ? nextView(agreement, { whole: measured.whole, lost: measured.lost.least, unitMs: measured.unitMs })
      : null
  const statement: Statement = {
    name: agreement.name,
    displayName: agreement.displayName,
    version: row.version,
    terms: termsOf(agreement),
    period: {
      start: formatInstant(period.start),
      end: formatInstant(period.end),
      zone: agreement.timeZone,
      title: periodTitle(agreement, period.start),
      running,
    },
    asOf: formatInstant(asOf),
    verdict: judged.verdict,
    sentence: statementSentence(agreement, { attained, judged, running }),
    attainedText: attainedWords(attained),
    attainedLeast: attained === null ? null : toNumber(attained.least),
    attainedMost: attained === null ? null : toNumber(attained.most),
    good: measured?.good ?? null,
    bad: measured?.bad ?? null,
    expectedMinutes: (measured?.expectedMs ?? 0) / minute,
    unknownMinutes: (measured?.unknownMs ?? 0) / minute,
    downMinutes: measured === null || measured.downMs === null ? null : measured.downMs / minute,
    ...excludedOf(agreement, { start: period.start, end: asOf }),
    outages: (measured?.outages ?? []).slice(0, mostOutages).map(({ start, end, counted }) => ({
      from: formatInstant(start),
      to: formatInstant(end),
      minutes: (end - start) / minute,
      counted,
    })),
    creditLeast: creditView(judged.least),
    creditMost: creditView(judged.most),
    next:
      next === null
        ? null
        : {
            belowText: percentText(next.tier.below),
            percentText: percentText(next.tier.credit),
            leftMs: next.leftMs,
            leftRequests: next.leftRequests,
            usedRatio: toNumber(next.used),
            sentence: next.sentence,
          },
    settled: null,
    notes: notesOf(agreement, measured, running),
  }
  const isClear = judged.verdict !== 'open' && statement.creditLeast.percentText === statement.creditMost.percentText
  return {
    statement,
    certain: isClear && measured?.complete === true,
    onlyUntil: measured === null || measured.complete ? null : asOf,
  }
}

/** By the terms: the unknown part of a span. Where nothing was expected there is nothing to be missed. */
const resolved = (attained: Attained | null, decision: Decision): Attained | null => {
  if (attained === null || decision === null) return attained
  const share = decision === 'up' ? attained.most : attained.least
  return { least: share, most: share }
}

/** By a person: nothing at all may have been measured, and somebody says what that counts for. */
const decided = (attained: Attained | null, decision: 'up' | 'down'): Attained | null => {
  const all = rational(decision === 'up' ? 1 : 0)
  return resolved(attained ?? { least: all, most: all }, decision)
}

function ifNothingMore({ lost, whole, attained }: Measured): Attained | null {
  if (whole.num <= 0n || attained === null) return attained
  const share = ({ num, den }: Measured['whole']) => rational(whole.num * den - num * whole.den, whole.num * den)
  return { least: share(lost.most), most: share(lost.least) }
}

const moneyView = (money: Money | null) =>
  money === null ? null : { amount: amountText(money), currency: money.currency }

function creditView({ tier, share, amount, capped }: Credit): Statement['creditLeast'] {
  const credit = {
    percentText: percentText(share),
    belowText: tier === null ? null : percentText(tier.below),
    amount: moneyView(amount),
    capped,
  }
  return { ...credit, text: creditText(credit) }
}

export function termsOf(agreement: Agreement): AgreementTerms {
  const { counting, fee, cap } = agreement
  return {
    customer: agreement.customer,
    subject: { ...agreement.subject },
    targetText: percentText(agreement.target),
    period: agreement.period,
    timeZone: agreement.timeZone,
    from: agreement.from,
    until: agreement.until,
    counts: counting.by,
    downtime: counting.by === 'requests' ? null : downtimeWords(agreement.subject.kind, counting),
    unmeasured: agreement.unmeasured,
    exclusions: agreement.exclusions.map(({ reason }) => reason),
    fee: moneyView(fee),
    credits: agreement.credits.map(({ below, credit }) => ({
      belowText: percentText(below),
      percentText: percentText(credit),
    })),
    capText: cap === null ? null : percentText(cap),
  }
}

function downtimeWords(
  kind: 'objective' | 'journey',
  { below, leastMinutes }: Extract<Agreement['counting'], { readonly by: 'downtime' }>,
): string {
  const row = leastMinutes === 1 ? '' : `, as part of ${leastMinutes} such minutes in a row`
  return kind === 'journey'
    ? `A minute is down when a part of the journey misses its own target${row}.`
    : `A minute is down when fewer than ${formatTarget(below)} of its requests succeed${row}.`
}

const mostExclusions = 200

function excludedOf({ exclusions }: Agreement, within: Interval): Pick<Statement, 'exclusions' | 'excludedMinutes'> {
  if (within.end <= within.start) return { exclusions: [], excludedMinutes: 0 }
  const all = exclusions
    .flatMap(({ reason, when }) => coveredBy(when, within).map((each) => ({ ...each, reason })))
    .sort((a, b) => a.start - b.start)
  return {
    exclusions: all
      .slice(0, mostExclusions)
      .map(({ start, end, reason }) => ({ from: formatInstant(start), to: formatInstant(end), reason })),
    excludedMinutes: coverTime(exclusions, within).reduce((sum, { start, end }) => sum + end - start, 0) / minute,
  }
}

function notesOf({ subject, counting, credits }: Agreement, measured: Measured | null, running: boolean): string[] {
  if (measured === null) return [`There is no ${subject.kind} ${subject.name} any more: nothing is known of it.`]
  const notes: string[] = []
  const { unknownMs } = measured
  if (unknownMs > 0)
    notes.push(
      counting.by === 'requests'
        ? `${formatSpan(unknownMs)} were not measured. The span is what was attained if as many requests as at other times all failed then, or all succeeded.`
        : `${formatSpan(unknownMs)} were not measured. The span is what was attained if all of it was down, or none.`,
    )
  if (running)
    notes.push(
      counting.by === 'requests'
        ? 'The period still runs: a credit is judged as if the rest were as busy and nothing more failed.'
        : 'The period still runs: a credit is judged as if nothing more failed.',
    )
  if (measured.outages.length > mostOutages) notes.push(`The first ${mostOutages} stretches are listed.`)
  if (credits.length > 0) notes.push(`Credits by contract: ${credits.map(creditWords).join('; ')}.`)
  return notes
}
