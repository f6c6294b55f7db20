// All SQL on golden signals: services, senders, minutes and hours.
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import {
  emptyMinute,
  readLatency,
  type SaturatedResource,
  type SenderState,
  type SignalMinute,
  writeLatency,
} from './core/signals/index.ts'
import type { Findings } from './series.store.ts'

export interface SignalServiceRow {
  readonly service: string
  readonly firstAt: number
  readonly lastAt: number
  readonly trafficAt: number | null
  readonly errorsAt: number | null
  readonly latencyAt: number | null
  readonly saturationAt: number | null
  readonly findings: Findings
}

const serviceColumns = sql`service, first_at as "firstAt", last_at as "lastAt", traffic_at as "trafficAt", errors_at as "errorsAt",
  latency_at as "latencyAt", saturation_at as "saturationAt", findings`

/** Whoever adds to these services takes turns; 64 locks, in ascending order, so that nobody waits in a ring. */
export async function lockSignals(tx: Tx, services: readonly string[]): Promise<void> {
  await tx.run(sql`
    select pg_advisory_xact_lock(48703166, bucket) from (
      select distinct abs(hashtext(service) % 64) as bucket from unnest(${[...services]}::text[]) as service order by 1) as buckets`)
}

export async function countSignalServices(queries: Queries): Promise<number> {
  return (await queries.one(sql<{ count: number }>`select count(*)::int as count from signal_services`)).count
}

export async function findSignalServices(
  queries: Queries,
  services: readonly string[],
): Promise<ReadonlyMap<string, SignalServiceRow>> {
  const rows = await queries.many(
    sql<SignalServiceRow>`select ${serviceColumns} from signal_services where service = any(${[...services]}::text[])`,
  )
  return new Map(rows.map((row) => [row.service, row]))
}

export async function listSignalServices(queries: Queries, limit: number): Promise<readonly SignalServiceRow[]> {
  return queries.many(
    sql<SignalServiceRow>`select ${serviceColumns} from signal_services order by service limit ${limit}`,
  )
}

export async function saveSignalServices(tx: Tx, rows: readonly SignalServiceRow[]): Promise<void> {
  if (rows.length === 0) return
  const column = (of: (row: SignalServiceRow) => number | null) => sql`${rows.map(of)}::bigint[]`
  await tx.run(sql`
    insert into signal_services (service, first_at, last_at, traffic_at, errors_at, latency_at, saturation_at, findings)
    select * from unnest(${rows.map((row) => row.service)}::text[], ${column((row) => row.firstAt)}, ${column((row) => row.lastAt)},
      ${column((row) => row.trafficAt)}, ${column((row) => row.errorsAt)}, ${column((row) => row.latencyAt)}, ${column((row) => row.saturationAt)},
      ${rows.map((row) => JSON.stringify(row.findings))}::jsonb[])
    on conflict (service) do update set last_at = excluded.last_at, traffic_at = excluded.traffic_at, errors_at = excluded.errors_at,
      latency_at = excluded.latency_at, saturation_at = excluded.saturation_at, findings = excluded.findings`)
}

export interface SenderRow {
  readonly name: string
  readonly service: string
  readonly kind: string
  readonly version: number
  readonly state: SenderState
}

/** Their versions only: a process that wrote the last one has its state at hand. */
export async function readSenderVersions(tx: Tx, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.many(
    sql<{
      name: string
      version: number
    }>`select name, version from signal_senders where name = any(${[...names]}::text[])`,
  )
  return new Map(rows.map((row) => [row.name, row.version]))
}

export async function readSenderStates(tx: Tx, names: readonly string[]): Promise<ReadonlyMap<string, SenderState>> {
  if (names.length === 0) return new Map()
  const rows = await tx.many(
    sql<{
      name: string
      state: string
    }>`select name, state from signal_senders where name = any(${[...names]}::text[])`,
  )
  return new Map(rows.map((row) => [row.name, JSON.parse(row.state) as SenderState]))
}

export interface SenderCount {
  readonly senders: number
  readonly series: number
  /** By which ways its requests were told in the last ten minutes. */
  readonly kinds: readonly string[]
}

export async function countSenders(tx: Tx, services: readonly string[]): Promise<ReadonlyMap<string, SenderCount>> {
  const rows = await tx.many(sql<SenderCount & { readonly service: string }>`
    select service, count(*)::int as senders, sum(series)::int as series,
      coalesce(array_agg(distinct kind) filter (where series > 0 and last_at > mainstay_now() - interval '10 minutes'), '{}') as kinds
    from signal_senders where service = any(${[...services]}::text[]) group by service`)
  return new Map(rows.map((row) => [row.service, row]))
}

export async function saveSenders(tx: Tx, rows: readonly SenderRow[]): Promise<void> {
  if (rows.length === 0) return
  const sorted = [...rows].sort((a, b) => (a.name < b.name ? -1 : 1))
  await tx.run(sql`
    insert into signal_senders (name, service, kind, version, series, state)
    select * from unnest(${sorted.map((row) => row.name)}::text[], ${sorted.map((row) => row.service)}::text[], ${sorted.map((row) => row.kind)}::text[],
      ${sorted.map((row) => row.version)}::bigint[], ${sorted.map((row) => Object.keys(row.state.series).length)}::int[], ${sorted.map((row) => JSON.stringify(row.state))}::text[])
    on conflict (name) do update set version = excluded.version, series = excluded.series, state = excluded.state, last_at = mainstay_now()`)
}

/** Gone for a day: their series begin anew when they come back. */
export async function dropOldSenders(tx: Tx, beforeMs: number): Promise<number> {
  return tx.run(
    sql`delete from signal_senders where last_at < mainstay_now() - ${beforeMs}::int * interval '1 millisecond'`,
  )
}

export async function dropOldSignalServices(tx: Tx, before: number): Promise<number> {
  return tx.run(sql`delete from signal_services where last_at < ${before}`)
}

export interface SignalCell {
  readonly service: string
  readonly start: number
}

interface CellRow extends SignalCell {
  readonly traffic: number | null
  readonly judged: number
  readonly errors: number
  readonly latency: string | null
  readonly saturation: Readonly<Partial<Record<SaturatedResource, number>>>
}

const cellColumns = sql`traffic, judged, errors, latency, saturation`

function minuteOf(row: CellRow): SignalMinute {
  const { traffic, judged, errors, saturation } = row
  const latency = row.latency === null ? null : readLatency(row.latency)
  return { ...emptyMinute, traffic, judged, errors, latency, saturation }
}

const keyOf = ({ service, start }: SignalCell): string => `${start} ${service}`

export { keyOf as cellKey }

export async function readSignalCells(
  tx: Tx,
  cells: readonly SignalCell[],
): Promise<ReadonlyMap<string, SignalMinute>> {
  if (cells.length === 0) return new Map()
  const rows = await tx.many(sql<CellRow>`
    select m.service, minute_start as start, ${cellColumns} from signal_minutes m
    join unnest(${cells.map((each) => each.service)}::text[], ${cells.map((each) => each.start)}::bigint[]) as wanted (service, start)
      on m.service = wanted.service and m.minute_start = wanted.start`)
  return new Map(rows.map((row) => [keyOf(row), minuteOf(row)]))
}

export interface WrittenCell extends SignalCell {
  readonly minute: SignalMinute
}

const whole = (count: number): number => Math.min(Math.round(count), Number.MAX_SAFE_INTEGER)

const columnsOf = (
  cells: readonly WrittenCell[],
) => sql`${cells.map((each) => each.service)}::text[], ${cells.map((each) => each.start)}::bigint[],
  ${cells.map(({ minute }) => (minute.traffic === null ? null : whole(minute.traffic)))}::bigint[], ${cells.map(({ minute }) => whole(minute.judged))}::bigint[],
  ${cells.map(({ minute }) => whole(minute.errors))}::bigint[], ${cells.map(({ minute }) => (minute.latency === null ? null : writeLatency(minute.latency)))}::text[],
  ${cells.map(({ minute }) => JSON.stringify(minute.saturation))}::jsonb[]`

const sorted = <Cell extends SignalCell>(cells: readonly Cell[]): readonly Cell[] =>
  [...cells].sort((a, b) => (a.service === b.service ? a.start - b.start : a.service < b.service ? -1 : 1))

export async function saveSignalMinutes(tx: Tx, cells: readonly WrittenCell[]): Promise<void> {
  if (cells.length === 0) return
  await tx.run(sql`
    insert into signal_minutes (service, minute_start, traffic, judged, errors, latency, saturation)
    select * from unnest(${columnsOf(sorted(cells))})
    on conflict (service, minute_start) do update set traffic = excluded.traffic, judged = excluded.judged, errors = excluded.errors,
      latency = excluded.latency, saturation = excluded.saturation`)
}

export interface HourCell extends WrittenCell {
  /** Minutes in which traffic was told for the first time, and bytes that came to its minutes. */
  readonly measured: number
  readonly octets: number
}

export async function readSignalHourCells(
  tx: Tx,
  cells: readonly SignalCell[],
): Promise<ReadonlyMap<string, SignalMinute>> {
  if (cells.length === 0) return new Map()
  const rows = await tx.many(sql<CellRow>`
    select h.service, hour_start as start, ${cellColumns} from signal_hours h
    join unnest(${cells.map((each) => each.service)}::text[], ${cells.map((each) => each.start)}::bigint[]) as wanted (service, start)
      on h.service = wanted.service and h.hour_start = wanted.start`)
  return new Map(rows.map((row) => [keyOf(row), minuteOf(row)]))
}

export async function saveSignalHours(tx: Tx, unsorted: readonly HourCell[]): Promise<void> {
  if (unsorted.length === 0) return
  const cells = sorted(unsorted)
  await tx.run(sql`
    insert into signal_hours (service, hour_start, traffic, judged, errors, latency, saturation, measured, octets)
    select * from unnest(${columnsOf(cells)}, ${cells.map((each) => each.measured)}::int[], ${cells.map((each) => each.octets)}::bigint[])
    on conflict (service, hour_start) do update set traffic = excluded.traffic, judged = excluded.judged, errors = excluded.errors,
      latency = excluded.latency, saturation = excluded.saturation, measured = signal_hours.measured + excluded.measured,
      octets = signal_hours.octets + excluded.octets`)
}

export interface StoredMinute {
  readonly start: number
  readonly minute: SignalMinute
  /** Minutes in which traffic was told: 1 or 0 of a minute, up to 60 of an hour. */
  readonly measured: number
}

export async function readSignalMinutes(
  queries: Queries,
  service: string,
  from: number,
  to: number,
): Promise<readonly StoredMinute[]> {
  const rows = await queries.many(sql<CellRow>`
    select service, minute_start as start, ${cellColumns} from signal_minutes
    where service = ${service} and minute_start >= ${from} and minute_start < ${to} order by minute_start`)
  return rows.map((row) => ({ start: row.start, minute: minuteOf(row), measured: row.traffic === null ? 0 : 1 }))
}

export async function readSignalHours(
  queries: Queries,
  service: string,
  from: number,
  to: number,
): Promise<readonly StoredMinute[]> {
  const rows = await queries.many(sql<CellRow & { readonly measured: number }>`
    select service, hour_start as start, ${cellColumns}, measured from signal_hours
    where service = ${service} and hour_start >= ${from} and hour_start < ${to} order by hour_start`)
  return rows.map((row) => ({ start: row.start, minute: minuteOf(row), measured: row.measured }))
}

/** Whoever removes old minutes finds their days here. */
export async function noteDays(
  tx: Tx,
  days: readonly { readonly service: string; readonly day: number }[],
): Promise<void> {
  if (days.length === 0) return
  await tx.run(sql`
    insert into service_usage (service, day_start)
    select service, to_timestamp(day / 1000.0) from unnest(${days.map((each) => each.service)}::text[], ${days.map((each) => each.day)}::bigint[]) as d (service, day)
    order by service on conflict (service, day_start) do update set minutes = true where not service_usage.minutes`)
}
