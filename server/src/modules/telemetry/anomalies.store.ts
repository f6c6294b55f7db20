// All SQL on anomalies: series with what they are known for, what was found, and the watches.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { beyond, type KeepRule, picked } from '../../platform/retention/keep-rule.ts'
import type { AnomalyEnd, AnomalySignal } from './anomaly.contract.ts'
import type { AnomalyState, Sensitivity } from './core/anomaly/index.ts'

export interface SeriesName {
  readonly service: string
  readonly signal: AnomalySignal
  /** Empty: the golden signals of the service. */
  readonly objective: string
}

export interface SeriesRow extends SeriesName {
  readonly fedUntil: number
  readonly lastAt: number | null
  readonly points: number
  readonly timeZone: string
}

export interface DueSeries extends SeriesRow {
  readonly state: AnomalyState | null
}

const seriesColumns = sql`service, signal, objective, fed_until as "fedUntil", last_at as "lastAt", points, time_zone as "timeZone"`

export async function listSeriesNames(queries: Queries): Promise<readonly (SeriesName & { timeZone: string })[]> {
  return queries.many(
    sql<
      SeriesName & { timeZone: string }
    >`select service, signal, objective, time_zone as "timeZone" from anomaly_series`,
  )
}

const namesOf = (names: readonly SeriesName[]) =>
  sql`${names.map((each) => each.service)}::text[], ${names.map((each) => each.signal)}::text[], ${names.map((each) => each.objective)}::text[]`

export async function addSeries(
  tx: Tx,
  rows: readonly (SeriesName & { readonly fedUntil: number; readonly timeZone: string })[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    insert into anomaly_series (service, signal, objective, fed_until, time_zone)
    select * from unnest(${namesOf(rows)}, ${rows.map((row) => row.fedUntil)}::bigint[], ${rows.map((row) => row.timeZone)}::text[])
    on conflict do nothing`)
}

export async function removeSeries(tx: Tx, names: readonly SeriesName[]): Promise<void> {
  if (names.length === 0) return
  await tx.run(sql`
    delete from anomaly_series where (service, signal, objective) in (select * from unnest(${namesOf(names)}))`)
}

/** Those that are nearly up to date come first: learning a long past never delays what is looked at now. */
export async function takeDueSeries(queries: Queries, until: number, limit: number): Promise<readonly DueSeries[]> {
  const rows = await queries.many(sql<SeriesRow & { readonly state: string | null }>`
    select ${seriesColumns}, state from anomaly_series where fed_until < ${until}
    order by fed_until desc, service, signal, objective limit ${limit}`)
  return rows.map((row) => ({ ...row, state: row.state === null ? null : (JSON.parse(row.state) as AnomalyState) }))
}

export interface FedSeries extends SeriesName {
  readonly fedBefore: number
  readonly fedUntil: number
  readonly lastAt: number | null
  readonly points: number
  readonly state: AnomalyState
}

/** Answers those that nobody else has fed meanwhile. */
export async function saveSeries(tx: Tx, rows: readonly FedSeries[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set()
  const kept = await tx.many(sql<SeriesName>`
    update anomaly_series s set fed_until = f.until, last_at = f.last, points = f.points, state = f.state
    from unnest(${namesOf(rows)}, ${rows.map((row) => row.fedBefore)}::bigint[], ${rows.map((row) => row.fedUntil)}::bigint[],
      ${rows.map((row) => row.lastAt)}::bigint[], ${rows.map((row) => row.points)}::bigint[], ${rows.map((row) => JSON.stringify(row.state))}::text[])
      as f (service, signal, objective, before, until, last, points, state)
    where s.service = f.service and s.signal = f.signal and s.objective = f.objective and s.fed_until = f.before
    returning s.service, s.signal, s.objective`)
  return new Set(kept.map(keyOfSeries))
}

export function keyOfSeries({ service, signal, objective }: SeriesName): string {
  return `${service} ${signal} ${objective}`
}

export async function listSeries(
  queries: Queries,
  service: string | null,
  after: SeriesName | null,
  limit: number,
): Promise<readonly SeriesRow[]> {
  return queries.many(sql<SeriesRow>`
    select ${seriesColumns} from anomaly_series
    where (${service === null ? sql`true` : sql`service = ${service}`})
      and (${after === null ? sql`true` : sql`(service, signal, objective) > (${after.service}, ${after.signal}, ${after.objective})`})
    order by service, signal, objective limit ${limit}`)
}

export interface AnomalyRow extends SeriesName {
  readonly id: string
  readonly beganAt: Instant
  readonly endedAt: Instant | null
  readonly endedBecause: AnomalyEnd | null
  readonly value: number
  readonly usual: number
  readonly score: number
  readonly sentence: string
  readonly alerted: boolean
}

const columns = sql`id, service, signal, objective, began_at as "beganAt", ended_at as "endedAt", ended_because as "endedBecause",
  value, usual, score, sentence, alerted`

/** False when one of this series is open already. */
export async function insertAnomaly(tx: Tx, row: Omit<AnomalyRow, 'endedAt' | 'endedBecause'>): Promise<boolean> {
  const added = await tx.run(sql`
    insert into anomalies (id, service, signal, objective, began_at, value, usual, score, sentence, alerted)
    values (${row.id}, ${row.service}, ${row.signal}, ${row.objective}, ${timestamp(row.beganAt)}, ${row.value}, ${row.usual}, ${row.score}, ${row.sentence}, ${row.alerted})
    on conflict (service, signal, objective) where ended_at is null do nothing`)
  return added === 1
}

export async function endAnomaly(
  tx: Tx,
  { service, signal, objective }: SeriesName,
  end: { readonly at: Instant; readonly because: AnomalyEnd },
): Promise<AnomalyRow | null> {
  return tx.maybe(sql<AnomalyRow>`
    update anomalies set ended_at = greatest(began_at, ${timestamp(end.at)}), ended_because = ${end.because}
    where service = ${service} and signal = ${signal} and objective = ${objective} and ended_at is null returning ${columns}`)
}

export async function listOpenAnomalies(queries: Queries): Promise<readonly AnomalyRow[]> {
  return queries.many(sql<AnomalyRow>`select ${columns} from anomalies where ended_at is null order by began_at, id`)
}

/** Series that are unusual, with nothing measured since. */
export async function listSilent(queries: Queries, since: number): Promise<readonly SeriesName[]> {
  return queries.many(sql<SeriesName>`
    select a.service, a.signal, a.objective from anomalies a
    join anomaly_series s on s.service = a.service and s.signal = a.signal and s.objective = a.objective
    where a.ended_at is null and s.last_at < ${since}`)
}

export interface AnomalyFilter {
  readonly service: string | null
  readonly signal: AnomalySignal | null
  readonly state: 'open' | 'ended' | null
  readonly from: Instant | null
  readonly to: Instant | null
}

export async function listAnomalyRows(
  queries: Queries,
  filter: AnomalyFilter,
  before: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly AnomalyRow[]> {
  const { service, signal, state, from, to } = filter
  return queries.many(sql<AnomalyRow>`
    select ${columns} from anomalies
    where (${service === null ? sql`true` : sql`service = ${service}`}) and (${signal === null ? sql`true` : sql`signal = ${signal}`})
      and (${state === null ? sql`true` : state === 'open' ? sql`ended_at is null` : sql`ended_at is not null`})
      and (${from === null ? sql`true` : sql`(ended_at is null or ended_at >= ${timestamp(from)})`})
      and (${to === null ? sql`true` : sql`began_at < ${timestamp(to)}`})
      and (${before === null ? sql`true` : sql`(began_at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`})
    order by began_at desc, id desc limit ${limit}`)
}

export interface WatchRow {
  readonly name: string
  readonly service: string
  readonly mode: 'alert' | 'hint' | 'off'
  readonly sensitivity: Sensitivity
  readonly severity: 'info' | 'warning'
  readonly signals: readonly AnomalySignal[]
  readonly timeZone: string
}

export async function saveWatch(tx: Tx, row: WatchRow): Promise<void> {
  await tx.run(sql`
    insert into anomaly_watches (name, service, mode, sensitivity, severity, signals, time_zone)
    values (${row.name}, ${row.service}, ${row.mode}, ${row.sensitivity}, ${row.severity}, ${[...row.signals]}::text[], ${row.timeZone})
    on conflict (name) do update set service = excluded.service, mode = excluded.mode, sensitivity = excluded.sensitivity,
      severity = excluded.severity, signals = excluded.signals, time_zone = excluded.time_zone`)
}

export async function removeWatch(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`delete from anomaly_watches where name = ${name}`)
}

export async function otherWatchOf(queries: Queries, service: string, name: string): Promise<string | null> {
  const found = await queries.maybe(
    sql<{
      name: string
    }>`select name from anomaly_watches where service = ${service} and name <> ${name} order by name limit 1`,
  )
  return found?.name ?? null
}

/** By service: it has one at most. */
export async function listWatches(queries: Queries): Promise<ReadonlyMap<string, WatchRow>> {
  const rows = await queries.many(sql<WatchRow>`
    select name, service, mode, sensitivity, severity, signals, time_zone as "timeZone"
    from anomaly_watches order by service, name desc`)
  return new Map(rows.map((row) => [row.service, row]))
}

export const anomaliesKept: readonly KeepRule[] = [
  {
    name: 'anomalies',
    summary: 'What was unusual for services',
    keep: 90,
    pick: async (tx, { before, after, limit }) => {
      const rows = await tx.many(sql<{ id: string; at: string; services: string[] }>`
        select id, began_at::text as at, array[service] as services from anomalies
        where ended_at is not null and began_at < ${timestamp(before)}
          and (${beyond(sql`began_at, id`, after)})
        order by began_at, id limit ${limit} for update skip locked`)
      return picked(rows, limit)
    },
    remove: (tx, ids) => tx.run(sql`delete from anomalies where id = any(${[...ids]}::uuid[])`),
  },
]
