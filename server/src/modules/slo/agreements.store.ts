// All SQL on agreements, how their periods stand, and what was settled.
import type { Instant } from '../../kernel/instant.ts'
import type { Interval } from '../../kernel/interval.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { Statement } from './agreements.contract.ts'
import type { Agreement, AgreementVerdict } from './core/agreement.ts'
import { readExact, writeExact } from './definition.ts'

export interface AgreementRow {
  readonly agreement: Agreement
  readonly version: number
  readonly effectiveAt: Instant
  readonly declaredAt: Instant
}

interface Stored extends Omit<AgreementRow, 'agreement'> {
  readonly definition: JsonObject
}

const columns = sql`definition, version, effective_at as "effectiveAt", declared_at as "declaredAt"`
const toRow = ({ definition, ...row }: Stored): AgreementRow => ({
  ...row,
  agreement: readExact<Agreement>(definition),
})

export async function saveAgreement(tx: Tx, agreement: Agreement): Promise<void> {
  await tx.run(sql`
    insert into agreements (name, definition) values (${agreement.name}, ${json(writeExact(agreement))})
    on conflict (name) do update set definition = excluded.definition, version = agreements.version + 1,
      effective_at = mainstay_now() where agreements.definition is distinct from excluded.definition`)
}

/** What was settled stays: it was told to customers. */
export async function removeAgreement(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`delete from agreements where name = ${name}`)
  await tx.run(sql`delete from agreement_states where name = ${name}`)
}

export async function listAgreements(queries: Queries): Promise<readonly AgreementRow[]> {
  return (await queries.many(sql<Stored>`select ${columns} from agreements order by name`)).map(toRow)
}

export async function findAgreement(queries: Queries, name: string): Promise<AgreementRow | null> {
  const row = await queries.maybe(sql<Stored>`select ${columns} from agreements where name = ${name}`)
  return row === null ? null : toRow(row)
}

export async function countOtherAgreements(queries: Queries, name: string): Promise<number> {
  const row = await queries.one(
    sql<{ count: number }>`select count(*)::int as count from agreements where name <> ${name}`,
  )
  return row.count
}

export interface AgreementStateRow {
  readonly name: string
  /** Of the agreement it was looked at by; null before that was kept. */
  readonly version: number | null
  readonly periodStart: Instant
  readonly asOf: Instant
  readonly verdict: AgreementVerdict
  readonly warned: readonly string[]
  readonly due: readonly string[]
  readonly view: Statement
}

const stateColumns = sql`name, version, period_start as "periodStart", as_of as "asOf", verdict, warned, due, view`

export async function readAgreementStates(queries: Queries): Promise<ReadonlyMap<string, AgreementStateRow>> {
  const rows = await queries.many(sql<AgreementStateRow>`select ${stateColumns} from agreement_states`)
  return new Map(rows.map((row) => [row.name, row]))
}

/** Two processes that look at once write one after the other: the second sees what the first told. */
export async function lockAgreementState(tx: Tx, name: string): Promise<AgreementStateRow | null> {
  await tx.run(sql`select 1 from agreements where name = ${name} for update`)
  return tx.maybe(sql<AgreementStateRow>`select ${stateColumns} from agreement_states where name = ${name}`)
}

export async function saveAgreementState(tx: Tx, row: AgreementStateRow): Promise<void> {
  await tx.run(sql`
    insert into agreement_states (name, version, period_start, as_of, verdict, warned, due, view)
    select ${row.name}, ${row.version}::int, ${timestamp(row.periodStart)}, ${timestamp(row.asOf)}, ${row.verdict}, ${[...row.warned]}::text[],
      ${[...row.due]}::text[], ${json({ ...row.view })}
    where exists (select 1 from agreements where name = ${row.name})
    on conflict (name) do update set version = excluded.version, period_start = excluded.period_start, as_of = excluded.as_of, verdict = excluded.verdict,
      warned = excluded.warned, due = excluded.due, view = excluded.view`)
}

export interface SettledRow {
  readonly name: string
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly settledAt: Instant
  readonly settledBy: string
  readonly reason: string | null
  readonly statement: Statement
}

const settledColumns = sql`name, period_start as "periodStart", period_end as "periodEnd", settled_at as "settledAt",
  settled_by as "settledBy", reason, statement`

/** Newest first. */
export async function listSettled(queries: Queries, name: string, limit: number): Promise<readonly SettledRow[]> {
  return queries.many(sql<SettledRow>`
    select ${settledColumns} from agreement_statements where name = ${name} order by period_start desc, period_end desc limit ${limit}`)
}

/** Of each agreement that is not declared any more, what was settled last; the last of them first. */
export async function listRemoved(queries: Queries, limit: number): Promise<readonly SettledRow[]> {
  return queries.many(sql<SettledRow>`
    select * from (
      select distinct on (name) ${settledColumns} from agreement_statements s
      where not exists (select 1 from agreements a where a.name = s.name)
      order by name, period_start desc, period_end desc) newest
    order by "settledAt" desc, name limit ${limit}`)
}

export async function findSettled(queries: Queries, name: string, period: Interval): Promise<SettledRow | null> {
  return queries.maybe(sql<SettledRow>`
    select ${settledColumns} from agreement_statements
    where name = ${name} and period_start = ${timestamp(period.start)} and period_end = ${timestamp(period.end)}`)
}

/** The periods that were settled of each, without their statements. */
export async function readSettledPeriods(queries: Queries): Promise<ReadonlyMap<string, readonly Interval[]>> {
  const rows = await queries.many(sql<{ name: string } & Interval>`
    select name, period_start as start, period_end as "end" from agreement_statements order by name, period_start`)
  const found = new Map<string, Interval[]>()
  for (const { name, start, end } of rows) found.set(name, [...(found.get(name) ?? []), { start, end }])
  return found
}

/** False when it was settled before. */
export async function insertSettled(tx: Tx, row: SettledRow): Promise<boolean> {
  const written = await tx.run(sql`
    insert into agreement_statements (name, period_start, period_end, settled_at, settled_by, reason, statement)
    values (${row.name}, ${timestamp(row.periodStart)}, ${timestamp(row.periodEnd)}, ${timestamp(row.settledAt)},
      ${row.settledBy}, ${row.reason}, ${json({ ...row.statement })})
    on conflict (name, period_start, period_end) do nothing`)
  return written > 0
}
