// Agreements as people read them, and settling a period that somebody has to decide about.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, parseInstant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type AgreementSummary, mostAgreements, type Statement, type StatementAsked } from '../agreements.contract.ts'
import {
  type AgreementRow,
  type AgreementStateRow,
  findAgreement,
  findSettled,
  listAgreements,
  listRemoved,
  listSettled,
  readAgreementStates,
  readSettledPeriods,
  type SettledRow,
} from '../agreements.store.ts'
import {
  agreedPeriodAgo,
  agreedPeriodAt,
  type KnownPeriods,
  periodTitle,
  settledPart,
} from '../core/agreement-period.ts'
import { creditText, nearRatio, percentText } from '../core/agreement-words.ts'
import { type CsvCell, writeCsv } from '../core/csv.ts'
import { makeStatement, termsOf } from './make-statement.ts'
import { endedPeriods, settle } from './watch-agreements.ts'

const unknownAgreement = (name: string) =>
  new AppError('not-found', 'slo.unknown-agreement', `There is no agreement ${name}.`)

export async function needAgreement(queries: Queries, name: string): Promise<AgreementRow> {
  const row = await findAgreement(queries, name)
  if (row === null) throw unknownAgreement(name)
  return row
}

export async function describeAgreements(
  queries: Queries,
  state: 'declared' | 'removed' | 'all',
): Promise<AgreementSummary[]> {
  const declared = state === 'removed' ? [] : await describeDeclared(queries)
  const removed = state === 'declared' ? [] : await listRemoved(queries, mostAgreements)
  return [...declared, ...removed.map(removedLine)]
}

/** As it was told of last. */
function removedLine({ statement }: SettledRow): AgreementSummary {
  const { terms, period, verdict, attainedText, sentence, asOf } = statement
  const { customer, subject, targetText } = terms
  return {
    name: statement.name,
    displayName: statement.displayName,
    ...{ customer, subject, team: null, targetText, period: terms.period, title: period.title },
    ...{ verdict, attainedText, sentence, warning: null, asOf, unsettled: 0, removed: true },
  }
}

async function describeDeclared(queries: Queries): Promise<AgreementSummary[]> {
  const states = await readAgreementStates(queries)
  const now = await queries.now()
  const settled = await readSettledPeriods(queries)
  const known: KnownPeriods = new Map()
  const items: AgreementSummary[] = []
  let left = mostMeasured
  for (const row of await listAgreements(queries)) {
    const { agreement } = row
    const current = agreedPeriodAt(agreement, now)
    const kept = standing(states.get(agreement.name), row, current)
    // Written a moment ago, or a period has just begun: measured now, instead of saying nothing until the next look.
    const isMeasured = kept === null && current !== null && left > 0
    if (isMeasured) left -= 1
    const view = isMeasured ? (await makeStatement(queries, row, current)).statement : kept
    const own = settled.get(agreement.name) ?? []
    items.push({
      name: agreement.name,
      displayName: agreement.displayName,
      customer: agreement.customer,
      subject: { ...agreement.subject },
      team: agreement.team,
      targetText: percentText(agreement.target),
      period: agreement.period,
      title: view?.period.title ?? null,
      verdict: view?.verdict ?? 'open',
      attainedText: view?.attainedText ?? 'not known',
      sentence: view?.sentence ?? (current === null ? 'The contract does not hold now.' : 'Not looked at yet.'),
      warning: view === null ? null : warningOf(view),
      asOf: view?.asOf ?? null,
      unsettled: endedPeriods(row, now, known).filter((each) => each.isDue && settledPart(each.period, own) !== 'all')
        .length,
      removed: false,
    })
  }
  return items
}

/** Most agreements that a list measures by itself; the others are looked at within minutes. */
const mostMeasured = 20

/** What was seen at the last look, when it was at these terms and at this period. */
function standing(
  state: AgreementStateRow | undefined,
  { version }: AgreementRow,
  current: Interval | null,
): Statement | null {
  const isOfNow = state !== undefined && state.version === version && state.periodStart === current?.start
  return isOfNow ? state.view : null
}

function warningOf({ next, creditLeast, period, verdict }: Statement): string | null {
  const due =
    creditLeast.belowText === null ? null : `A credit of ${creditLeast.percentText} % is due for ${period.title}.`
  if (next !== null && next.usedRatio >= nearRatio) return due === null ? next.sentence : `${due} ${next.sentence}`
  return due ?? (verdict === 'missed' ? `The target of ${period.title} is missed.` : null)
}

export async function describeAgreement(queries: Queries, name: string) {
  const row = await findAgreement(queries, name)
  if (row === null) return describeRemoved(await needSettled(queries, name))
  const { agreement, version, effectiveAt } = row
  const now = await queries.now()
  const current = agreedPeriodAt(agreement, now)
  const settled = await listSettled(queries, name, mostSettled)
  const times = settled.map(({ periodStart, periodEnd }) => ({ start: periodStart, end: periodEnd }))
  const periods = settled.map((each) => periodLine(each.statement, true))
  // What was settled by the terms of then is not told a second time by those of now.
  const open = endedPeriods(row, now).filter(({ period }) => settledPart(period, times) !== 'all')
  for (const { period } of open.slice(0, mostPeriods))
    periods.push(periodLine((await makeStatement(queries, row, period)).statement, false))
  periods.sort((a, b) => b.start.localeCompare(a.start))
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

/** What was settled of an agreement that is no more: it was told to customers. */
async function needSettled(queries: Queries, name: string): Promise<readonly [SettledRow, ...SettledRow[]]> {
  const [last, ...before] = await listSettled(queries, name, mostSettled)
  if (last === undefined) throw unknownAgreement(name)
  return [last, ...before]
}

function describeRemoved(settled: readonly [SettledRow, ...SettledRow[]]) {
  const [{ statement }] = settled
  return {
    name: statement.name,
    displayName: statement.displayName,
    ...{ description: '', team: null, version: statement.version, effectiveAt: null },
    terms: statement.terms,
    current: null,
    periods: settled.slice(0, mostPeriods).map((each) => periodLine(each.statement, true)),
  }
}

const mostPeriods = 24
const mostSettled = 60

const periodLine = (statement: Statement, settled: boolean) => ({
  start: statement.period.start,
  end: statement.period.end,
  title: statement.period.title,
  verdict: statement.verdict,
  attainedText: statement.attainedText,
  credit: inWords(statement.creditLeast),
  settled,
})

/** Statements that were settled before credits had a text say the same in it. */
const inWords = (credit: Statement['creditLeast']): Statement['creditLeast'] => ({
  ...credit,
  text: creditText(credit),
})

export async function readStatement(queries: Queries, name: string, asked: StatementAsked): Promise<Statement> {
  const row = await findAgreement(queries, name)
  const settledOnly = row === null ? await needSettled(queries, name) : []
  if (asked.end !== undefined) return settledThen(queries, name, asked.at, asked.end)
  if (row === null) return settledAsked(settledOnly, asked)
  const period = await periodAsked(queries, row, asked)
  const settled = await findSettled(queries, name, period)
  return settled === null ? (await makeStatement(queries, row, period)).statement : asSettled(settled)
}

/** What was told to a customer is found again, whatever periods the terms of now have. */
async function settledThen(queries: Queries, name: string, at: string | undefined, until: string): Promise<Statement> {
  const [start, end] = [parseInstant(at ?? ''), parseInstant(until)]
  const found = start === null || end === null ? null : await findSettled(queries, name, { start, end })
  if (found === null) throw badPeriod('No period of these ends was settled.')
  return asSettled(found)
}

const badPeriod = (detail: string) =>
  new AppError('invalid', 'slo.bad-period', detail, { faults: [{ pointer: '?at', detail }] })

/** The newest, or the one that an instant lies in, or so many before it. */
function settledAsked(settled: readonly SettledRow[], { at, ago = 0 }: StatementAsked): Statement {
  const instantAsked = at === undefined ? null : parseInstant(at)
  const first =
    instantAsked === null
      ? 0
      : settled.findIndex((each) => each.periodStart <= instantAsked && instantAsked < each.periodEnd)
  const found = first < 0 ? undefined : settled[first + ago]
  if (found !== undefined) return asSettled(found)
  throw badPeriod('The agreement was removed, and nothing of that time had been settled.')
}

const asSettled = ({ statement, settledAt, settledBy, reason }: SettledRow): Statement => ({
  ...statement,
  creditLeast: inWords(statement.creditLeast),
  creditMost: inWords(statement.creditMost),
  settled: { at: formatInstant(settledAt), by: settledBy, reason },
})

async function periodAsked(queries: Queries, { agreement }: AgreementRow, asked: StatementAsked): Promise<Interval> {
  const now = await queries.now()
  const at = asked.at === undefined ? now : (parseInstant(asked.at) ?? now)
  if (at > now) throw badPeriod('The period lies in the future.')
  if (at < Date.UTC(2000, 0, 1)) throw badPeriod('Nothing was measured before the year 2000.')
  // Of a contract that ended within the present period, that is its last.
  const period =
    asked.at === undefined || (asked.ago ?? 0) > 0
      ? agreedPeriodAgo(agreement, at, asked.ago ?? 0)
      : agreedPeriodAt(agreement, at)
  if (period === null) throw badPeriod(`The contract did not hold in ${periodTitle(agreement, at)}.`)
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
  const { statement, onlyUntil } = await makeStatement(database, row, period, order.unmeasured)
  if (onlyUntil !== null)
    throw cannot(
      `It was told of only until ${formatInstant(onlyUntil)}: settle it when the last of the period has come in.`,
    )
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
