// All SQL on signed pay statements and their corrections. Both are only ever added to.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { PayLine, TimeClass } from './core/index.ts'

export interface SignedPerson {
  readonly person: string
  readonly displayName: string
  readonly zone: string
  readonly days: readonly PayLine[]
  readonly alsoElsewhereMs: number
  /** Not in statements that were signed before it was counted. */
  readonly alsoElsewhereAwakeMs?: number
}

/** From when to when somebody was counted; what they said of their zone then may not hold any more. */
export interface CountedSpan {
  readonly start: Instant
  readonly end: Instant
}

export interface StatementRow {
  readonly id: string
  readonly team: string
  /** `2026-11-01`; `until` is the first day after it. */
  readonly from: string
  readonly until: string
  readonly people: readonly SignedPerson[]
  /** Of everybody who was counted, also of those without an hour; empty in statements of before it was kept. */
  readonly spans: Readonly<Record<string, CountedSpan>>
  readonly signedBy: string
  readonly signedAt: Instant
}

const columns = sql`id, team, from_date::text as "from", until::text as until, people, spans, signed_by as "signedBy", signed_at as "signedAt"`

/** Two people may sign periods that overlap in the same second. */
export async function lockPayOf(tx: Tx, team: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(48703167, hashtext(${team}))`)
}

export async function insertStatement(tx: Tx, row: StatementRow): Promise<void> {
  await tx.run(sql`
    insert into pay_statements (id, team, from_date, until, people, spans, signed_by, signed_at)
    values (${row.id}, ${row.team}, ${row.from}::text::date, ${row.until}::text::date, ${json(row.people)}, ${json(row.spans)}, ${row.signedBy}, ${timestamp(row.signedAt)})`)
}

export async function findStatement(queries: Queries, id: string): Promise<StatementRow | null> {
  return queries.maybe(sql<StatementRow>`select ${columns} from pay_statements where id = ${id}`)
}

/** The ones that end where the period begins, and begin where it ends. */
export async function listStatementsBeside(
  queries: Queries,
  of: { readonly team: string; readonly from: string; readonly until: string },
): Promise<readonly StatementRow[]> {
  return queries.many(sql<StatementRow>`
    select ${columns} from pay_statements
    where team = ${of.team} and (until = ${of.from}::text::date or from_date = ${of.until}::text::date) limit 2`)
}

/** Those that have a day in common with the period, by their first day. */
export async function listStatementsIn(
  queries: Queries,
  of: { readonly team: string; readonly from: string; readonly until: string },
): Promise<readonly StatementRow[]> {
  return queries.many(sql<StatementRow>`
    select ${columns} from pay_statements
    where team = ${of.team} and from_date < ${of.until}::text::date and until > ${of.from}::text::date order by from_date limit 400`)
}

export type SignedPeriod = Pick<StatementRow, 'from' | 'until' | 'signedBy' | 'signedAt'>

export async function listSignedPeriods(
  queries: Queries,
  team: string,
  limit: number,
): Promise<readonly SignedPeriod[]> {
  return queries.many(sql<SignedPeriod>`
    select from_date::text as "from", until::text as until, signed_by as "signedBy", signed_at as "signedAt"
    from pay_statements where team = ${team} order by from_date desc limit ${limit}`)
}

export interface CorrectionRow {
  readonly id: string
  readonly statementId: string
  readonly person: string
  readonly class: TimeClass
  readonly standbyMs: number
  readonly awakeMs: number
  readonly reason: string
  readonly madeBy: string
  readonly madeAt: Instant
}

export async function insertCorrection(tx: Tx, row: CorrectionRow): Promise<void> {
  await tx.run(sql`
    insert into pay_corrections (id, statement_id, person, class, standby_ms, awake_ms, reason, made_by, made_at)
    values (${row.id}, ${row.statementId}, ${row.person}, ${row.class}, ${row.standbyMs}, ${row.awakeMs}, ${row.reason}, ${row.madeBy}, ${timestamp(row.madeAt)})`)
}

/** As they were made; a thousand for one statement are more than anybody reads. */
export async function listCorrections(queries: Queries, statementId: string): Promise<readonly CorrectionRow[]> {
  return queries.many(sql<CorrectionRow>`
    select id, statement_id as "statementId", person, class, standby_ms as "standbyMs", awake_ms as "awakeMs", reason, made_by as "madeBy",
      made_at as "madeAt"
    from pay_corrections where statement_id = ${statementId} order by made_at, id limit 1000`)
}
