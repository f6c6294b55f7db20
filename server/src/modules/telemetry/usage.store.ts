// All SQL on what services sent: one row for a service and a day.
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import { type DayUsage, readUsage, totalsOf, writeUsage } from './core/usage/index.ts'

export interface ServiceDayUsage {
  readonly service: string
  readonly day: number
  readonly usage: DayUsage
}

const starts = sql`(extract(epoch from day_start) * 1000)::bigint`

export async function readDayUsage(
  tx: Tx,
  services: readonly string[],
  day: number,
): Promise<ReadonlyMap<string, DayUsage>> {
  const rows = await tx.many(sql<{ service: string; metrics: string | null }>`
    select service, metrics from service_usage where service = any(${[...services]}::text[]) and day_start = to_timestamp(${day} / 1000.0)`)
  return new Map(rows.map((row) => [row.service, row.metrics === null ? new Map() : readUsage(row.metrics)]))
}

export async function countDayUsage(queries: Queries, day: number): Promise<number> {
  const row = await queries.one(
    sql<{
      count: number
    }>`select count(*)::int as count from service_usage where day_start = to_timestamp(${day} / 1000.0)`,
  )
  return row.count
}

export async function saveDayUsage(tx: Tx, rows: readonly ServiceDayUsage[]): Promise<void> {
  if (rows.length === 0) return
  const sorted = [...rows].sort((a, b) => (a.service < b.service ? -1 : 1))
  const totals = sorted.map((row) => totalsOf(row.usage))
  await tx.run(sql`
    insert into service_usage (service, day_start, samples, series, metrics)
    select service, to_timestamp(day / 1000.0), samples, series, metrics
    from unnest(${sorted.map((row) => row.service)}::text[], ${sorted.map((row) => row.day)}::bigint[], ${totals.map((each) => each.samples)}::bigint[],
      ${totals.map((each) => each.series)}::bigint[], ${sorted.map((row) => writeUsage(row.usage))}::text[]) as u (service, day, samples, series, metrics)
    on conflict (service, day_start) do update set samples = excluded.samples, series = excluded.series, metrics = excluded.metrics`)
}

export interface DayTotals {
  readonly service: string
  readonly day: number
  readonly samples: number
  readonly series: number
}

/** Days of all services since then, the newest first. */
export async function listDayTotals(queries: Queries, since: number, limit: number): Promise<readonly DayTotals[]> {
  return queries.many(sql<DayTotals>`
    select service, ${starts} as day, samples, series from service_usage
    where day_start >= to_timestamp(${since} / 1000.0) order by day_start desc, service limit ${limit}`)
}

/** What the minutes of all services take, of hours since then. */
export async function sumOctets(queries: Queries, since: number): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.many(sql<{ service: string; octets: number }>`
    select service, sum(octets)::bigint as octets from signal_hours where hour_start >= ${since} group by service`)
  return new Map(rows.map((row) => [row.service, row.octets]))
}

/** The newest day of a service with its metrics; null when it sent nothing since. */
export async function findNewestUsage(
  queries: Queries,
  service: string,
  since: number,
): Promise<ServiceDayUsage | null> {
  const row = await queries.maybe(sql<{ day: number; metrics: string }>`
    select ${starts} as day, metrics from service_usage
    where service = ${service} and metrics is not null and day_start >= to_timestamp(${since} / 1000.0)
    order by day_start desc limit 1`)
  return row === null ? null : { service, day: row.day, usage: readUsage(row.metrics) }
}
