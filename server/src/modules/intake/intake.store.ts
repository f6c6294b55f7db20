// All SQL on sources, their rates and their newest payloads.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { type AlertSource, readDefinition } from './core/index.ts'

export interface SourceRow {
  readonly source: AlertSource
  readonly declaredAt: Instant
  readonly receivedAt: Instant | null
  readonly beatAt: Instant | null
  readonly silentSince: Instant | null
  /** Orphans that gave way to newer ones. */
  readonly displaced: number
}

interface Raw {
  readonly name: string
  readonly definition: { readonly displayName: string | null; readonly spec: JsonObject }
  readonly declaredAt: Instant
  readonly receivedAt: Instant | null
  readonly beatAt: Instant | null
  readonly silentSince: Instant | null
  readonly displaced: number
}

const columns = sql`name, definition, declared_at as "declaredAt", received_at as "receivedAt", beat_at as "beatAt",
  silent_since as "silentSince", displaced`
const toRow = ({ name, definition, ...rest }: Raw): SourceRow => ({
  ...rest,
  source: readDefinition({ name, ...definition }),
})

export async function saveSource(
  tx: Tx,
  source: {
    readonly name: string
    readonly displayName: string | null
    readonly spec: JsonObject
    readonly format: string
    readonly team: string | null
  },
): Promise<void> {
  await tx.run(sql`
    insert into intake_sources (name, format, definition, team)
    values (${source.name}, ${source.format}, ${json({ displayName: source.displayName, spec: source.spec })}, ${source.team})
    on conflict (name) do update set format = excluded.format, definition = excluded.definition, team = excluded.team`)
}

export async function removeSource(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`delete from intake_sources where name = ${name}`)
}

export async function listSources(queries: Queries, limit = 1_000): Promise<readonly SourceRow[]> {
  return (await queries.many(sql<Raw>`select ${columns} from intake_sources order by name limit ${limit}`)).map(toRow)
}

export async function findSource(queries: Queries, name: string): Promise<SourceRow | null> {
  const row = await queries.maybe(sql<Raw>`select ${columns} from intake_sources where name = ${name}`)
  return row === null ? null : toRow(row)
}

export async function lockSource(tx: Tx, name: string): Promise<SourceRow | null> {
  const row = await tx.maybe(sql<Raw>`select ${columns} from intake_sources where name = ${name} for update`)
  return row === null ? null : toRow(row)
}

/** Those whose silence may have become an alarm, or has ended. */
export async function listWatched(queries: Queries): Promise<readonly SourceRow[]> {
  return (
    await queries.many(sql<Raw>`
      select ${columns} from intake_sources
      where silent_since is not null or (beat_at is not null and definition -> 'spec' ? 'heartbeat') order by name`)
  ).map(toRow)
}

export async function saveSilence(tx: Tx, name: string, since: Instant | null): Promise<void> {
  await tx.run(sql`
    update intake_sources set silent_since = ${since === null ? sql`null` : timestamp(since)} where name = ${name}`)
}

export async function addDisplaced(tx: Tx, name: string, count: number): Promise<void> {
  await tx.run(sql`update intake_sources set displaced = displaced + ${count} where name = ${name}`)
}

/** What a process counted since it last wrote. */
export interface Tally {
  readonly source: string
  readonly deliveries: number
  readonly signals: number
  readonly counted: number
  readonly orphans: number
  readonly refused: number
  readonly receivedAt: Instant | null
  readonly beatAt: Instant | null
}

export async function addTallies(tx: Tx, tallies: readonly Tally[]): Promise<void> {
  // In the order of names: processes that write at once wait, and never in a ring.
  for (const each of [...tallies].sort((a, b) => (a.source < b.source ? -1 : 1))) {
    const known = await tx.run(sql`
      update intake_sources set
        received_at = greatest(received_at, ${each.receivedAt === null ? sql`null::timestamptz` : timestamp(each.receivedAt)}),
        beat_at = greatest(beat_at, ${each.beatAt === null ? sql`null::timestamptz` : timestamp(each.beatAt)})
      where name = ${each.source}`)
    // Removed in the meantime: nobody will ask.
    if (known === 0) continue
    await tx.run(sql`
      insert into intake_minutes (source, minute, deliveries, signals, counted, orphans, refused)
      values (${each.source}, date_trunc('minute', mainstay_now()), ${each.deliveries}, ${each.signals}, ${each.counted}, ${each.orphans}, ${each.refused})
      on conflict (source, minute) do update set
        deliveries = intake_minutes.deliveries + excluded.deliveries, signals = intake_minutes.signals + excluded.signals,
        counted = intake_minutes.counted + excluded.counted, orphans = intake_minutes.orphans + excluded.orphans,
        refused = intake_minutes.refused + excluded.refused`)
  }
}

export interface MinuteRow {
  readonly source: string
  readonly minute: Instant
  readonly deliveries: number
  readonly signals: number
  readonly counted: number
  readonly orphans: number
  readonly refused: number
}

export async function listMinutes(
  queries: Queries,
  source: string | null,
  from: Instant,
): Promise<readonly MinuteRow[]> {
  return queries.many(sql<MinuteRow>`
    select source, minute, deliveries, signals, counted, orphans, refused from intake_minutes
    where (${source === null ? sql`true` : sql`source = ${source}`}) and minute >= ${timestamp(from)} order by source, minute`)
}

export const samplesKept = 10

export async function addSample(
  queries: Queries,
  sample: { readonly source: string; readonly at: Instant; readonly outcome: string; readonly body: string },
): Promise<void> {
  await queries.run(sql`
    insert into intake_samples (source, received_at, outcome, body)
    select ${sample.source}, ${timestamp(sample.at)}, ${sample.outcome}, ${sample.body}
    where exists (select from intake_sources where name = ${sample.source})`)
  await queries.run(sql`
    delete from intake_samples where source = ${sample.source}
      and id <= (select id from intake_samples where source = ${sample.source} order by id desc offset ${samplesKept} limit 1)`)
}

export interface SampleRow {
  readonly id: number
  readonly receivedAt: Instant
  readonly outcome: string
  readonly body: string
}

export async function listSamples(queries: Queries, source: string): Promise<readonly SampleRow[]> {
  return queries.many(sql<SampleRow>`
    select id, received_at as "receivedAt", outcome, body from intake_samples where source = ${source} order by id desc limit ${samplesKept}`)
}

/** False when this id was seen before. */
export async function markSeen(queries: Queries, source: string, id: string): Promise<boolean> {
  return (
    (await queries.run(sql`insert into intake_seen (source, id) values (${source}, ${id}) on conflict do nothing`)) > 0
  )
}

export async function hasSeen(queries: Queries, source: string, id: string): Promise<boolean> {
  return (await queries.maybe(sql`select 1 as seen from intake_seen where source = ${source} and id = ${id}`)) !== null
}

/** Rates two days, ids seven: longer than a recorded delivery would be taken as fresh. */
export async function tidyIntake(tx: Tx): Promise<void> {
  await tx.run(sql`delete from intake_minutes where minute < mainstay_now() - interval '2 days'`)
  await tx.run(sql`delete from intake_seen where at < mainstay_now() - interval '7 days'`)
}
