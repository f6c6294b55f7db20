// All SQL of the lifeboat: which entries are written down, the gaps, and which processes there are.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'

/** False when this entry was written down before. In the transaction that writes down what it says. */
export async function takeEntry(tx: Tx, id: string): Promise<boolean> {
  return (await tx.run(sql`insert into lifeboat_entries (id) values (${id}) on conflict (id) do nothing`)) === 1
}

/** Of several, those that were not written down before. */
export async function takeEntries(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const taken = await tx.many(sql<{ id: string }>`
    insert into lifeboat_entries (id) select * from unnest(${[...ids]}::text[]) on conflict (id) do nothing returning id`)
  return new Set(taken.map((each) => each.id))
}

export async function forgetEntries(tx: Tx): Promise<void> {
  await tx.run(sql`delete from lifeboat_entries where landed_at < mainstay_now() - interval '30 days'`)
}

/** The process says that it is there. Those of the last days that are gone are dropped with it. */
export async function greet(queries: Queries, boat: string): Promise<void> {
  await queries.run(sql`
    insert into lifeboat_boats (id) values (${boat}) on conflict (id) do update set seen_at = mainstay_now()`)
  await queries.run(sql`delete from lifeboat_boats where seen_at < mainstay_now() - interval '1 day'`)
}

export async function leave(queries: Queries, boat: string): Promise<void> {
  await queries.run(sql`delete from lifeboat_boats where id = ${boat}`)
}

export async function listBoats(queries: Queries): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{
      id: string
    }>`select id from lifeboat_boats where seen_at > mainstay_now() - interval '150 seconds' order by id`,
  )
  return rows.map((row) => row.id)
}

export interface VoyageRow {
  readonly id: string
  readonly boat: string
  readonly from: Instant
  readonly to: Instant
  /** When the plan was read that pages went out from. */
  readonly plan: Instant | null
  readonly signals: number
  readonly alerts: number
  readonly pages: number
  readonly acknowledged: number
  readonly recordedAt: Instant
}

const columns = sql`id, boat, from_at as "from", to_at as "to", plan_at as "plan", signals, alerts, pages, acknowledged, recorded_at as "recordedAt"`

/** False when it is on record already. */
export async function insertVoyage(tx: Tx, voyage: Omit<VoyageRow, 'recordedAt'>): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into lifeboat_voyages (id, boat, from_at, to_at, plan_at, signals, alerts, pages, acknowledged)
    values (${voyage.id}, ${voyage.boat}, ${timestamp(voyage.from)}, ${timestamp(voyage.to)},
      ${voyage.plan === null ? sql`null::timestamptz` : timestamp(voyage.plan)}, ${voyage.signals}, ${voyage.alerts}, ${voyage.pages}, ${voyage.acknowledged})
    on conflict (id) do nothing`)
  return inserted === 1
}

export async function listVoyages(queries: Queries, limit: number): Promise<readonly VoyageRow[]> {
  return queries.many(sql<VoyageRow>`select ${columns} from lifeboat_voyages order by from_at desc, id limit ${limit}`)
}

export async function newestVoyage(queries: Queries): Promise<string> {
  const row = await queries.maybe(
    sql<{ id: string }>`select id::text as id from lifeboat_voyages order by recorded_at desc, id limit 1`,
  )
  return row?.id ?? 'none'
}

/** The least that a server can be asked. */
export const pingText = 'select 1'
