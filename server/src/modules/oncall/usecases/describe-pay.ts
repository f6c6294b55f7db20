// Hours on call for payroll: counted from the record while a period is open, read as they were kept once it is signed.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { day, hour } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, plus } from '../../../kernel/instant.ts'
import { type Interval, union } from '../../../kernel/interval.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type CsvCell, writeCsv } from '../../slo/core/index.ts'
import {
  intersections,
  lengthOf,
  type PaySum,
  payByClass,
  payLines,
  periodOf,
  type Shift,
  without,
} from '../core/index.ts'
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
import { type DutyTeam, loadDuties, loadPeopleDuty, loadTeams, loadTerms } from './load-duty.ts'

const longestPeriodMs = 100 * day
const shownEarlier = 24
/** Pages may go after ninety days: what is counted anew after that would miss them. */
const comparableMs = 80 * day

export interface Period {
  readonly from: string
  readonly until: string
}

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

export interface Counted {
  readonly people: readonly SignedPerson[]
  readonly unrecordedMs: number
  /** When it is over for everybody. */
  readonly endsAt: Instant
}

/** `zones` are those of a statement that was signed: who moved since is not counted anew elsewhere. */
export async function countPay(
  needs: Needs,
  ports: OncallPorts,
  of: { readonly team: DutyTeam; readonly period: Period; readonly now: Instant },
  zones: ReadonlyMap<string, string> = new Map(),
): Promise<Counted> {
  const { team, period, now } = of
  const rough = roughly(period)
  const all = await loadDuties(needs, null, rough)
  const duties = all.filter((each) => each.team === team.name)
  const terms = (await loadTerms(needs.database))(team.name)
  const loaded = await loadPeopleDuty(needs, ports, duties, { others: [], from: rough.start, to: now, zones })
  const people = loaded.map((each) => {
    const { zone, holidays } = each
    const span = periodOf(zone, period.from, period.until) ?? rough
    const days = payLines(each.shifts, each.pages, { zone, holidays, terms, period: span, now })
    const elsewhere = all.filter((other) => other.team !== team.name).flatMap((other) => other.shifts)
    const alsoElsewhereMs = bothAt(
      each.shifts,
      elsewhere.filter((shift) => shift.person === each.person),
      span,
    )
    return { person: each.person, displayName: each.displayName, zone, days, alsoElsewhereMs, endsAt: span.end }
  })
  const span = periodOf(duties[0]?.zone ?? 'UTC', period.from, period.until) ?? rough
  const recorded = union(duties.flatMap((each) => without([span], each.unrecorded)))
  return {
    people: people.filter((each) => each.days.length > 0).map(({ endsAt: _, ...each }) => each),
    unrecordedMs: span.end - span.start - lengthOf(recorded),
    endsAt: instant(Math.max(span.end, ...people.map((each) => each.endsAt))),
  }
}

const bothAt = (own: readonly Interval[], others: readonly Shift[], within: Interval): number =>
  lengthOf(intersections(intersections(union(own), union(others)), [within]))

/** In every zone of the world, with a day before it for calls that began then. */
function roughly({ from, until }: Period): Interval {
  const span = periodOf('UTC', from, until)
  if (span === null) throw new Error('A period was read before it is counted.')
  return { start: plus(span.start, -2 * day), end: plus(span.end, day) }
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
  const zones = new Map(row.people.map((each) => [each.person, each.zone]))
  const isRecent = now - roughly(row).end < comparableMs
  const counted = isRecent ? await countPay(needs, ports, { team, period: row, now }, zones) : null
  const added = [...new Set(corrections.map((each) => each.person))].filter((each) => !zones.has(each))
  const people = [...row.people, ...added.map((person) => nobodyYet(person, counted))]
  return {
    state: 'signed' as const,
    id: row.id,
    signedBy: row.signedBy,
    signedAt: formatInstant(row.signedAt),
    unrecordedMs: counted?.unrecordedMs ?? 0,
    people: people.map((each) => {
      const own = corrections.filter((correction) => correction.person === each.person)
      const recount = counted?.people.find((other) => other.person === each.person)?.days ?? []
      return presentPerson(each, own, counted === null ? [] : difference(recount, [...each.days, ...own]))
    }),
  }
}

/** Corrected without having had a line of their own. */
function nobodyYet(person: string, counted: Counted | null): SignedPerson {
  const found = counted?.people.find((each) => each.person === person)
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
  const { person, displayName, zone, days, alsoElsewhereMs } = of
  return {
    ...{ person, displayName, zone, alsoElsewhereMs },
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
