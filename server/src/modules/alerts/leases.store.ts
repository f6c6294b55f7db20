// All SQL on leases: the narrow row beside each open alert that a repeated signal moves.
import { hash } from 'node:crypto'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql } from '../../platform/database/queries.ts'
import type { Episode, Signal } from './core/index.ts'

// 128 bits of SHA-256 are written as a UUID, the narrowest type that holds them.
const digest = (text: string): string => hash('sha256', text, 'hex').slice(0, 32)

/** How a signal finds the lease of its alert. Neither part holds a NUL. */
export function identityOf(of: { readonly source: string; readonly key: string }): string {
  return digest(`${of.source}\u0000${of.key}`)
}

/** Everything a repetition might change, without its end, which moves each time. */
export function contentOf(signal: Signal): string {
  const { startsAt, severity, severityWord, summary, rule, service, labels, annotations, links } = signal
  return digest(JSON.stringify([startsAt, severity, severityWord, summary, rule, service, labels, annotations, links]))
}

const time = (at: Instant | null): string | null => (at === null ? null : new Date(at).toISOString())

export interface Repeated {
  readonly identity: string
  readonly content: string
  readonly startsAt: Instant
  /** Given by the sender; null for the integration's patience. */
  readonly endsAt: Instant | null
  /** The integration's patience with a signal without an end; null waits for ever. */
  readonly assumedLeaseMs: number | null
  /** How often it came. */
  readonly signals: number
}

export interface MovedLeases {
  /** The database's clock when it looked. */
  readonly now: Instant
  /** Identities of what was known already and still holds. */
  readonly moved: ReadonlySet<string>
}

/** An array of words without commas, quotes and backslashes, as PostgreSQL writes it: quoting each costs more than reading it. */
const plain = (words: readonly (string | number | boolean | null)[]): string =>
  `{${words.map((word) => (word === null ? 'null' : word)).join(',')}}`

/**
 * Moves the leases of signals that say what is known already; each identity once. One statement that commits by itself;
 * in one order, so that two senders of the same alerts hardly ever wait in a ring. What it decides is the row of
 * `whileOpen` where nothing changed (core/episode.ts). What is over by the database's clock moves nothing.
 */
export async function moveLeases(queries: Queries, repeated: readonly Repeated[]): Promise<MovedLeases> {
  const sorted = [...repeated].sort((a, b) => (a.identity < b.identity ? -1 : 1))
  const of = (value: (each: Repeated) => string | number | null): string => plain(sorted.map(value))
  const { now, count, places } = await queries.one(sql<{ now: Instant; count: number; places: string }>`
    with clock as materialized (select mainstay_now() as now),
    moved as (
      update alert_leases lease set last_seen_at = come.now, count = lease.count + come.signals,
        lease_until = ${newer(sql`come.until`, sql`come.until`)}, lease_given = ${newer(sql`come.until`, sql`case when come.until is null then null else come.given end`, sql`lease.lease_given`)}
      from (
        select identity, content, to_timestamp(starts_ms::float8 / 1000) as starts_at, signals, place, ends_ms is not null as given, clock.now,
          coalesce(to_timestamp(ends_ms::float8 / 1000), clock.now + make_interval(secs => assumed_ms::float8 / 1000)) as until
        from unnest(${of(({ identity }) => identity)}::uuid[], ${of(({ content }) => content)}::uuid[], ${of(({ startsAt }) => startsAt)}::bigint[],
          ${of(({ endsAt }) => endsAt)}::bigint[], ${of(({ assumedLeaseMs }) => assumedLeaseMs)}::bigint[], ${of(({ signals }) => signals)}::bigint[])
          with ordinality as one (identity, content, starts_ms, ends_ms, assumed_ms, signals, place), clock) come
      where lease.identity = come.identity and lease.content = come.content
        and (lease.lease_until is null or come.starts_at <= lease.lease_until) and (not come.given or come.until > come.now)
      returning come.place)
    select (select now from clock) as now, count(*)::int as count,
      case when count(*) < ${sorted.length}::int then coalesce(string_agg(place::text, ','), '') else '' end as places from moved`)
  if (count === sorted.length) return { now, moved: new Set(sorted.map(({ identity }) => identity)) }
  const moved = places === '' ? [] : places.split(',').flatMap((place) => sorted[Number(place) - 1]?.identity ?? [])
  return { now, moved: new Set(moved) }
}

/** The newest holds, unless an older one was given by the sender and reaches further: `mergeLease` of core/episode.ts. */
function newer(until: ReturnType<typeof sql>, value: ReturnType<typeof sql>, older = sql`lease.lease_until`) {
  return sql`case when lease.lease_given and ${until} is not null and lease.lease_until > ${until} then ${older} else ${value} end`
}

export interface NewLease {
  readonly alertId: string
  readonly episode: Episode
}

/** As part of the statement that inserts the alerts, of its rows `fresh`, by the names they were to have. */
export function insertingLeases(leases: readonly NewLease[]): RawBuilder<unknown> {
  const of = (value: (lease: NewLease) => string | number | boolean | null): string => plain(leases.map(value))
  return sql`
    insert into alert_leases (alert_id, identity, content, last_seen_at, lease_until, lease_given, count)
    select fresh.id, identity, content, last_seen_at, lease_until, lease_given, 1 from unnest(${of(({ alertId }) => alertId)}::uuid[], ${of(({ episode }) => identityOf(episode.signal))}::uuid[],
      ${of(({ episode }) => contentOf(episode.signal))}::uuid[], ${of(({ episode }) => time(episode.lastSeenAt))}::timestamptz[],
      ${of(({ episode }) => time(episode.lease?.until ?? null))}::timestamptz[], ${of(({ episode }) => episode.lease?.given ?? null)}::boolean[])
      as one (alert_id, identity, content, last_seen_at, lease_until, lease_given) join fresh on fresh.named = one.alert_id`
}

export interface SavedLease extends NewLease {
  readonly signals: number
}

/** The alerts are locked; a repetition may still move the lease meanwhile, and the further given end stays. */
export async function saveLeases(tx: Tx, leases: readonly SavedLease[]): Promise<void> {
  if (leases.length === 0) return
  const of = <T>(value: (lease: SavedLease) => T): T[] => leases.map(value)
  await tx.run(sql`
    update alert_leases lease set content = fresh.content, last_seen_at = greatest(lease.last_seen_at, fresh.seen), count = lease.count + fresh.signals,
      lease_until = ${newer(sql`fresh.until`, sql`fresh.until`)}, lease_given = ${newer(sql`fresh.until`, sql`fresh.given`, sql`lease.lease_given`)}
    from unnest(${of(({ alertId }) => alertId)}::uuid[], ${of(({ episode }) => contentOf(episode.signal))}::uuid[],
      ${of(({ episode }) => time(episode.lastSeenAt))}::timestamptz[], ${of(({ episode }) => time(episode.lease?.until ?? null))}::timestamptz[],
      ${of(({ episode }) => episode.lease?.given ?? null)}::boolean[], ${of(({ signals }) => signals)}::bigint[]) as fresh (id, content, seen, until, given, signals)
    where lease.alert_id = fresh.id`)
}

export interface LeaseNow {
  readonly alertId: string
  readonly leaseUntil: Instant | null
  readonly leaseGiven: boolean | null
  readonly lastSeenAt: Instant
}

/** As they stand now, and nobody moves them until the commit. The caller holds the rows of the alerts. */
export async function lockLeases(tx: Tx, alerts: readonly string[]): Promise<ReadonlyMap<string, LeaseNow>> {
  const rows = await tx.many(sql<LeaseNow>`
    select alert_id as "alertId", lease_until as "leaseUntil", lease_given as "leaseGiven", last_seen_at as "lastSeenAt"
    from alert_leases where alert_id = any(${[...alerts]}::uuid[]) order by identity for update`)
  return new Map(rows.map((row) => [row.alertId, row]))
}
