// Looks at agreements every few minutes: tells before a credit is due and when one is, once in a period, and settles
// periods that ended when everything is known of them.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { day, minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWorkForEach } from '../../../platform/work/due-work.store.ts'
import { findStreamsNamed, keepSlices } from '../../telemetry/index.ts'
import {
  type AgreementWarnedData,
  agreementSettled,
  creditDue,
  creditNear,
  lookAtAgreement,
  type Statement,
} from '../agreements.contract.ts'
import {
  type AgreementRow,
  findAgreement,
  insertSettled,
  listAgreements,
  lockAgreementState,
  readSettledPeriods,
  saveAgreementState,
} from '../agreements.store.ts'
import type { Agreement } from '../core/agreement.ts'
import { agreedPeriodAt, endedPeriodsOf, type KnownPeriods, settledPart } from '../core/agreement-period.ts'
import { nearRatio } from '../core/agreement-words.ts'
import type { SloPorts } from '../slo.ports.ts'
import { makeStatement } from './make-statement.ts'
import { agreementsMeasuredBy, objectivesOfAgreement } from './measured-objectives.ts'

const actor = automation('slo.watch-agreements')

/** Minutes of a contract stay for its period, and so long for questions about it. */
const questionsMs = 35 * day
const longestMs = { month: 31 * day, quarter: 92 * day, year: 366 * day } as const
/** Five years of months: who owes a credit for one of them is asked until somebody decides. */
const mostBack = 60
/** So many of the newest are looked at each time, and one of those before: seldom does anything new come of them. */
const looked = 6
const everyMs = 5 * minute
/** An objective that burns changes its state a few times in a row. */
const soonMs = 2_000

export interface EndedPeriod {
  readonly period: Interval
  /** Late counts are not waited for any more. */
  readonly isDue: boolean
}

/** Newest first; none of before it was agreed. */
export function endedPeriods(
  { agreement, declaredAt }: AgreementRow,
  now: Instant,
  known?: KnownPeriods,
): readonly EndedPeriod[] {
  const since = agreement.from === null ? declaredAt : null
  return endedPeriodsOf(agreement, { now, since, most: mostBack }, known).map((period) => ({
    period,
    isDue: period.end + agreement.settleDays * day <= now,
  }))
}

/** Each by itself: what is wrong with one takes no word from the customers of another. */
export async function watchAgreements(needs: Needs, ports: SloPorts): Promise<number> {
  const { database } = needs
  const rows = await listAgreements(database)
  const settled = await readSettledPeriods(database)
  const known: KnownPeriods = new Map()
  const failures: unknown[] = []
  for (const row of rows)
    try {
      await watchOne(needs, ports, { row, settled: settled.get(row.agreement.name) ?? [], known })
    } catch (error) {
      failures.push(error)
    }
  if (failures.length > 0) throw failures[0]
  return rows.length
}

/** Nothing when it was removed meanwhile. */
export async function watchAgreement(needs: Needs, ports: SloPorts, name: string): Promise<void> {
  const row = await findAgreement(needs.database, name)
  if (row === null) return
  const settled = (await readSettledPeriods(needs.database)).get(name) ?? []
  await watchOne(needs, ports, { row, settled, known: new Map() })
}

/** Agreements that are measured by any of these objectives are looked at soon, each once. */
export async function lookSoon(needs: Needs, objectives: ReadonlySet<string>): Promise<void> {
  const { database } = needs
  const measured = await agreementsMeasuredBy(database, [...objectives])
  const wanted = new Map(measured.map(({ agreement }) => [agreement, { agreement }]))
  await database.transaction((tx) =>
    addWorkForEach(tx, lookAtAgreement, wanted, { delayMs: soonMs, onDuplicate: 'sooner' }),
  )
}

async function watchOne(
  needs: Needs,
  ports: SloPorts,
  {
    row,
    settled,
    known,
  }: { readonly row: AgreementRow; readonly settled: readonly Interval[]; readonly known: KnownPeriods },
): Promise<void> {
  const { database } = needs
  const { agreement } = row
  const names = await objectivesOfAgreement(database, agreement)
  await database.transaction((tx) => keepSlices(tx, names, longestMs[agreement.period] + questionsMs))
  const now = await database.now()
  const current = agreedPeriodAt(agreement, now)
  if (current !== null) await lookAt(needs, ports, row, current)
  const due = endedPeriods(row, now, known).filter((each) => each.isDue && settledPart(each.period, settled) === 'none')
  const older = due.length > looked ? [due[looked + (Math.floor(now / everyMs) % (due.length - looked))]] : []
  const streams = (await findStreamsNamed(database, names)).filter((stream) => names.includes(stream.id))
  for (const each of [...due.slice(0, looked), ...older]) {
    // Counted in another way since: what that did to the numbers somebody should look at.
    if (each === undefined || streams.some(({ since }) => since > each.period.start && since < each.period.end))
      continue
    const { period } = each
    const { statement, certain } = await makeStatement(database, row, period)
    // What is not known waits for somebody’s decision.
    if (certain) await database.transaction((tx) => settle(tx, needs, { row, period, statement, actor, reason: null }))
  }
}

/** Reads outside the transaction: what is told is decided under the agreement's lock, so each credit is told once. */
async function lookAt(needs: Needs, ports: SloPorts, row: AgreementRow, period: Interval): Promise<void> {
  const { database } = needs
  const { agreement } = row
  const { statement } = await makeStatement(database, row, period)
  await database.transaction(async (tx) => {
    const before = await lockAgreementState(tx, agreement.name)
    const same = before !== null && before.periodStart === period.start ? before : null
    const { next, creditLeast } = statement
    const near = next !== null && next.usedRatio >= nearRatio ? next.belowText : null
    const due = creditLeast.belowText
    const told = { warned: same?.warned ?? [], due: same?.due ?? [] }
    await saveAgreementState(tx, {
      name: agreement.name,
      version: row.version,
      periodStart: period.start,
      asOf: instant(Date.parse(statement.asOf)),
      verdict: statement.verdict,
      warned: near === null ? told.warned : [...new Set([...told.warned, near])],
      due: due === null ? told.due : [...new Set([...told.due, due])],
      view: statement,
    })
    if (due !== null && !told.due.includes(due))
      await tellCredit(tx, { needs, ports, agreement, statement }, 'due', {
        belowText: due,
        percentText: creditLeast.percentText,
        sentence: statement.sentence,
      })
    if (near !== null && next !== null && !told.warned.includes(near))
      await tellCredit(tx, { needs, ports, agreement, statement }, 'near', {
        belowText: near,
        percentText: next.percentText,
        sentence: next.sentence,
      })
  })
}

async function tellCredit(
  tx: Tx,
  order: {
    readonly needs: Needs
    readonly ports: SloPorts
    readonly agreement: Agreement
    readonly statement: Statement
  },
  what: 'near' | 'due',
  words: { readonly belowText: string; readonly percentText: string; readonly sentence: string },
): Promise<void> {
  const { needs, ports, agreement, statement } = order
  const { name, displayName, customer } = agreement
  const data: AgreementWarnedData = { agreement: name, customer, ...words }
  await needs.journal.publish(tx, what === 'due' ? creditDue : creditNear, {
    actor,
    subject: { kind: 'agreement', id: name },
    reason: words.sentence,
    data,
  })
  for (const person of agreement.notify)
    await ports.tell?.(tx, {
      occasion: `agreement/${name}/${statement.period.start}/${what}/${words.belowText}`,
      person,
      because: `${displayName} names you to be told.`,
      head:
        what === 'due'
          ? `A credit is due: ${displayName}, ${customer}`
          : `A credit is near: ${displayName}, ${customer}`,
      sentence: words.sentence,
      link: `${needs.publicUrl}/agreements/${encodeURIComponent(name)}`,
    })
}

/** False when it was settled before. */
export async function settle(
  tx: Tx,
  needs: Needs,
  order: {
    readonly row: AgreementRow
    readonly period: Interval
    readonly statement: Statement
    readonly actor: Actor
    readonly reason: string | null
  },
): Promise<boolean> {
  const { row, period, statement, reason } = order
  const { name, customer } = row.agreement
  const written = await insertSettled(tx, {
    name,
    periodStart: period.start,
    periodEnd: period.end,
    settledAt: await tx.now(),
    settledBy: order.actor.name,
    reason,
    statement,
  })
  if (!written) return false
  const { amount, percentText } = statement.creditLeast
  await needs.journal.publish(tx, agreementSettled, {
    actor: order.actor,
    subject: { kind: 'agreement', id: name },
    reason: reason ?? statement.sentence,
    data: {
      agreement: name,
      customer,
      start: formatInstant(period.start),
      verdict: statement.verdict,
      percentText,
      amount: amount === null ? null : `${amount.amount} ${amount.currency}`,
      sentence: statement.sentence,
    },
  })
  return true
}
