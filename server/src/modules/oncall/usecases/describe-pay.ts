// Hours on call for payroll: counted from the record while a period is open, read as they were kept once it is signed.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { day, hour } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type CsvCell, writeCsv } from '../../slo/core/index.ts'
import { type PaySum, payByClass, periodOf } from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type PayPerson, type PayStatement, payDay } from '../pay.contract.ts'
import {
  type CorrectionRow,
  listCorrections,
  listSignedPeriods,
  listStatementsIn,
  type SignedPerson,
  type StatementRow,
} from '../pay.store.ts'
import { arePagesThere, type Counted, countPay, type Period } from './count-pay.ts'
import { type DutyTeam, loadTeams } from './load-duty.ts'

const longestPeriodMs = 100 * day
const shownEarlier = 24

export interface PayOrder {
  readonly team: string
  readonly from: string | undefined
  readonly until: string | undefined
  readonly actor: Actor
}

export async function describePay(needs: Needs, ports: OncallPorts, order: PayOrder): Promise<PayStatement> {
  const { database } = needs
  const now = await database.now()
  const team = await teamOf(needs, order.team)
  const period = readPeriod(order, now)
  const me = await ports.nameOf(order.actor)
  const everybody = mayReadAll(team, order.actor, me)
  const [signed] = (await listStatementsIn(database, { team: team.name, ...period })).filter(
    (each) => each.from === period.from && each.until === period.until,
  )
  const stated =
    signed === undefined
      ? await openStatement(needs, ports, team, period, now)
      : await signedStatement(needs, ports, team, signed, now)
  return {
    ...stated,
    ...period,
    team: team.name,
    displayName: team.displayName,
    reads: everybody ? 'everybody' : 'own',
    people: stated.people.filter((each) => everybody || each.person === me),
    earlier: (await listSignedPeriods(database, team.name, shownEarlier)).map((each) => ({
      ...each,
      signedAt: formatInstant(each.signedAt),
    })),
  }
}

/** Whoever leads the team, and administrators, who answer for the house. */
export function mayReadAll(team: DutyTeam, actor: Actor, me: string | null): boolean {
  if (me !== null && team.lead === me) return true
  return (actor.kind === 'person' || actor.kind === 'key') && actor.role === 'admin'
}

export async function teamOf({ database }: Pick<Needs, 'database'>, name: string): Promise<DutyTeam> {
  const found = (await loadTeams(database)).find((each) => each.name === name)
  if (found === undefined) throw new AppError('not-found', 'oncall.unknown-team', `There is no team ${name}.`)
  return found
}

export function readPeriod(order: Pick<PayOrder, 'from' | 'until'>, now: Instant): Period {
  const { from, until } = order.from === undefined && order.until === undefined ? lastMonth(now) : order
  const isDay = (text: string | undefined): text is string => text !== undefined && payDay.test(text)
  const span = isDay(from) && isDay(until) ? periodOf('UTC', from, until) : null
  if (from !== undefined && until !== undefined && span !== null && span.end - span.start <= longestPeriodMs)
    return { from, until }
  throw new AppError('invalid', 'oncall.pay-period', 'The period cannot be counted.', {
    faults: [{ pointer: '?from', detail: 'Name the first day and the first day after it, 100 days later at most.' }],
  })
}

function lastMonth(now: Instant): Period {
  const [year, month] = formatInstant(now).split('-').map(Number)
  const first = (months: number): string =>
    new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 + months, 1)).toISOString().slice(0, 10)
  return { from: first(-1), until: first(0) }
}

async function openStatement(needs: Needs, ports: OncallPorts, team: DutyTeam, period: Period, now: Instant) {
  const counted = await countPay(needs, ports, { team, period, now })
  return {
    state: now < counted.endsAt ? ('running' as const) : ('open' as const),
    ...{ id: null, signedBy: null, signedAt: null, unrecordedMs: counted.unrecordedMs },
    people: counted.people.map((each) => presentPerson(each, [], [])),
  }
}

async function signedStatement(needs: Needs, ports: OncallPorts, team: DutyTeam, row: StatementRow, now: Instant) {
  const corrections = await listCorrections(needs.database, row.id)
  // Once the first pages of the period may be gone, counting anew would say that less was signed for than happened.
  const comparable = arePagesThere(ports, row, now)
  const counted = await countPay(needs, ports, { team, period: row, now }, row)
  const named = new Set(row.people.map((each) => each.person))
  const found = comparable ? counted.people.map((each) => each.person) : []
  const added = [...new Set([...corrections.map((each) => each.person), ...found])].filter((each) => !named.has(each))
  const people = [...row.people, ...added.map((person) => nobodyYet(person, counted))]
  return {
    state: 'signed' as const,
    id: row.id,
    signedBy: row.signedBy,
    signedAt: formatInstant(row.signedAt),
    unrecordedMs: counted.unrecordedMs,
    people: people.map((each) => {
      const own = corrections.filter((correction) => correction.person === each.person)
      const recount = counted.people.find((other) => other.person === each.person)?.days ?? []
      return presentPerson(each, own, comparable ? difference(recount, [...each.days, ...own]) : [])
    }),
  }
}

/** Corrected, or found by now, without having had a line of their own. */
function nobodyYet(person: string, counted: Counted): SignedPerson {
  const found = counted.people.find((each) => each.person === person)
  return { person, displayName: found?.displayName ?? person, zone: found?.zone ?? 'UTC', days: [], alsoElsewhereMs: 0 }
}

function difference(now: readonly PaySum[], then: readonly PaySum[]): readonly PaySum[] {
  const before = new Map(payByClass(then).map((each) => [each.class, each]))
  return payByClass(now)
    .map((each) => ({
      class: each.class,
      standbyMs: each.standbyMs - (before.get(each.class)?.standbyMs ?? 0),
      awakeMs: each.awakeMs - (before.get(each.class)?.awakeMs ?? 0),
    }))
    .filter((each) => each.standbyMs !== 0 || each.awakeMs !== 0)
}

function presentPerson(of: SignedPerson, corrections: readonly CorrectionRow[], differs: readonly PaySum[]): PayPerson {
  const { person, displayName, zone, days, alsoElsewhereMs, alsoElsewhereAwakeMs = 0 } = of
  return {
    ...{ person, displayName, zone, alsoElsewhereMs, alsoElsewhereAwakeMs },
    days: days.map((each) => ({ ...each })),
    sums: payByClass(days).map((each) => ({ ...each })),
    corrections: corrections.map(({ id, class: name, standbyMs, awakeMs, reason, madeBy, madeAt }) => ({
      ...{ id, class: name, standbyMs, awakeMs, reason },
      by: madeBy,
      at: formatInstant(madeAt),
    })),
    total: payByClass([...days, ...corrections]).map((each) => ({ ...each })),
    differs: differs.map((each) => ({ ...each })),
  }
}

const inHours = (ms: number): number => Math.round((ms / hour) * 1e4) / 1e4
const header = ['person', 'name', 'zone', 'date', 'class', 'standby_hours', 'called_out_hours', 'line', 'reason', 'by']

/** One row for each day and kind of hour; corrections are rows of their own, at the end of their person. */
export function payCsv(statement: PayStatement): string {
  const rows = statement.people.flatMap((each): readonly (readonly CsvCell[])[] => {
    const who = [each.person, each.displayName, each.zone]
    return [
      ...each.days.map((line) => [
        ...[...who, line.date, line.class, inHours(line.standbyMs), inHours(line.awakeMs)],
        ...[statement.state, null, statement.signedBy],
      ]),
      ...each.corrections.map((line) => [
        ...[...who, null, line.class, inHours(line.standbyMs), inHours(line.awakeMs)],
        ...['correction', line.reason, line.by],
      ]),
    ]
  })
  return writeCsv([header, ...rows])
}
