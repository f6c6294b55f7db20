// Agreements as people read them, and settling a period that somebody has to decide about.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, parseInstant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AgreementSummary, Statement, StatementAsked } from '../agreements.contract.ts'
import {
  type AgreementRow,
  findAgreement,
  findSettled,
  listAgreements,
  listSettled,
  readAgreementStates,
  type SettledRow,
} from '../agreements.store.ts'
import { agreedPeriodAgo, agreedPeriodAt, periodTitle } from '../core/agreement-period.ts'
import { nearRatio, percentText } from '../core/agreement-words.ts'
import { type CsvCell, writeCsv } from '../core/csv.ts'
import { makeStatement, termsOf } from './make-statement.ts'
import { endedPeriods, settle } from './watch-agreements.ts'

export async function needAgreement(queries: Queries, name: string): Promise<AgreementRow> {
  const row = await findAgreement(queries, name)
  if (row === null) throw new AppError('not-found', 'slo.unknown-agreement', `There is no agreement ${name}.`)
  return row
}

export async function describeAgreements(queries: Queries): Promise<AgreementSummary[]> {
  const states = await readAgreementStates(queries)
  const now = await queries.now()
  const items: AgreementSummary[] = []
  for (const row of await listAgreements(queries)) {
    const { agreement } = row
    const state = states.get(agreement.name)
    const settled = new Set((await listSettled(queries, agreement.name, 24)).map((each) => each.periodStart))
    items.push({
      name: agreement.name,
      displayName: agreement.displayName,
      customer: agreement.customer,
      subject: { ...agreement.subject },
      team: agreement.team,
      targetText: percentText(agreement.target),
      period: agreement.period,
      title: state?.view.period.title ?? null,
      verdict: state?.verdict ?? 'open',
      attainedText: state?.view.attainedText ?? 'not known',
      sentence: state?.view.sentence ?? 'Not looked at yet.',
      warning: state === undefined ? null : warningOf(state.view),
      asOf: state === undefined ? null : formatInstant(state.asOf),
      unsettled: endedPeriods(row, now).filter((each) => each.isDue && !settled.has(each.period.start)).length,
    })
  }
  return items
}

function warningOf({ next, creditLeast, period, verdict }: Statement): string | null {
  const due =
    creditLeast.belowText === null ? null : `A credit of ${creditLeast.percentText} % is due for ${period.title}.`
  if (next !== null && next.usedRatio >= nearRatio) return due === null ? next.sentence : `${due} ${next.sentence}`
  return due ?? (verdict === 'missed' ? `The target of ${period.title} is missed.` : null)
}

export async function describeAgreement(queries: Queries, name: string) {
  const row = await needAgreement(queries, name)
  const { agreement, version, effectiveAt } = row
  const now = await queries.now()
  const current = agreedPeriodAt(agreement, now)
  const settled = new Map((await listSettled(queries, name, 60)).map((each) => [each.periodStart, each]))
  const periods = []
  for (const { period } of endedPeriods(row, now)) {
    const known = settled.get(period.start)
    const statement = known === undefined ? (await makeStatement(queries, row, period)).statement : known.statement
    periods.push(periodLine(period.start, statement, known !== undefined))
    settled.delete(period.start)
  }
  // Of terms that hold no longer.
  for (const each of settled.values()) periods.push(periodLine(each.periodStart, each.statement, true))
  return {
    name,
    displayName: agreement.displayName,
    description: agreement.description,
    team: agreement.team,
    version,
    effectiveAt: formatInstant(effectiveAt),
    terms: termsOf(agreement),
    current: current === null ? null : (await makeStatement(queries, row, current)).statement,
    periods: periods.slice(0, mostPeriods),
  }
}

const mostPeriods = 24

const periodLine = (start: Instant, statement: Statement, settled: boolean) => ({
  start: formatInstant(start),
  title: statement.period.title,
  verdict: statement.verdict,
  attainedText: statement.attainedText,
  credit: statement.creditLeast,
  settled,
})

export async function readStatement(queries: Queries, name: string, asked: StatementAsked): Promise<Statement> {
  const row = await needAgreement(queries, name)
  const period = await periodAsked(queries, row, asked)
  const settled = await findSettled(queries, name, period.start)
  return settled === null ? (await makeStatement(queries, row, period)).statement : asSettled(settled)
}

const asSettled = ({ statement, settledAt, settledBy, reason }: SettledRow): Statement => ({
  ...statement,
  settled: { at: formatInstant(settledAt), by: settledBy, reason },
})

async function periodAsked(queries: Queries, { agreement }: AgreementRow, asked: StatementAsked): Promise<Interval> {
  const now = await queries.now()
  const at = asked.at === undefined ? now : (parseInstant(asked.at) ?? now)
  const refuse = (detail: string) =>
    new AppError('invalid', 'slo.bad-period', detail, { faults: [{ pointer: '?at', detail }] })
  if (at > now) throw refuse('The period lies in the future.')
  if (at < Date.UTC(2000, 0, 1)) throw refuse('Nothing was measured before the year 2000.')
  const period =
    asked.ago === undefined || asked.ago === 0
      ? agreedPeriodAt(agreement, at)
      : agreedPeriodAgo(agreement, at, asked.ago)
  if (period === null) throw refuse(`The contract did not hold in ${periodTitle(agreement, at)}.`)
  return period
}

export async function settleByHand(
  needs: Needs,
  order: {
    readonly name: string
    readonly start: Instant
    readonly unmeasured: 'up' | 'down'
    readonly reason: string
    readonly actor: Actor
  },
): Promise<Statement> {
  const { database } = needs
  const row = await needAgreement(database, order.name)
  const now = await database.now()
  const period = order.start > now ? null : agreedPeriodAt(row.agreement, order.start)
  const cannot = (detail: string) => new AppError('conflict', 'slo.cannot-settle', detail)
  if (period === null) throw cannot('The contract did not hold then.')
  if (period.end > now) throw cannot('The period still runs.')
  const { statement } = await makeStatement(database, row, period, order.unmeasured)
  const done = await database.transaction((tx) =>
    settle(tx, needs, { row, period, statement, actor: order.actor, reason: order.reason }),
  )
  if (!done) throw cannot('It is settled already, and what was settled is not written again.')
  return readStatement(database, order.name, { at: formatInstant(period.start) })
}

/** For a spreadsheet, or to hand over: each line says what it is. */
export function statementCsv(statement: Statement): string {
  const { period, terms, creditLeast, creditMost } = statement
  const amount = (credit: Statement['creditLeast']): readonly CsvCell[] =>
    credit.amount === null ? ['', ''] : [credit.amount.amount, credit.amount.currency]
  const head: readonly (readonly CsvCell[])[] = [
    ['what', 'value', 'from', 'to', 'minutes', 'remark'],
    ['agreement', statement.displayName, '', '', '', statement.name],
    ['customer', terms.customer, '', '', '', ''],
    ['period', period.title, period.start, period.end, '', period.zone],
    ['promised_percent', terms.targetText, '', '', '', terms.counts],
    ['attained_least', statement.attainedLeast, '', '', '', statement.attainedText],
    ['attained_most', statement.attainedMost, '', '', '', ''],
    ['verdict', statement.verdict, '', '', '', statement.sentence],
    ['requests_good', statement.good, '', '', '', ''],
    ['requests_bad', statement.bad, '', '', '', ''],
    ['expected', '', '', '', statement.expectedMinutes, ''],
    ['excluded', '', '', '', statement.excludedMinutes, ''],
    ['not_measured', '', '', '', statement.unknownMinutes, ''],
    ['down', '', '', '', statement.downMinutes, ''],
    ['credit_percent', creditLeast.percentText, '', '', '', creditLeast.capped ? 'cap' : ''],
    ['credit_amount', ...amount(creditLeast), '', '', ''],
    ['credit_percent_at_most', creditMost.percentText, '', '', '', creditMost.capped ? 'cap' : ''],
    ['credit_amount_at_most', ...amount(creditMost), '', '', ''],
    ['settled', statement.settled?.at ?? '', '', '', '', statement.settled?.by ?? 'not settled'],
  ]
  const outages = statement.outages.map(({ from, to, minutes, counted }): readonly CsvCell[] => [
    'outage',
    '',
    from,
    to,
    minutes,
    counted ? '' : 'not counted',
  ])
  const exclusions = statement.exclusions.map(({ from, to, reason }): readonly CsvCell[] => [
    ...['exclusion', '', from, to],
    (Date.parse(to) - Date.parse(from)) / 60_000,
    reason,
  ])
  return writeCsv([...head, ...outages, ...exclusions])
}
