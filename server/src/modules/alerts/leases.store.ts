// All SQL on leases: the narrow row beside each open alert that a repeated signal moves.
import { hash } from 'node:crypto'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
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
  /** How often it came. */
  readonly signals: number
}

/**
 * Moves the leases of signals that say what is known already, and answers the identities it found so. One statement that
 * commits by itself; locked in one order, so that two senders of the same alerts never wait in a ring. What it decides
 * is the row of `whileOpen` where nothing changed (core/episode.ts).
 */
export async function moveLeases(
  queries: Queries,
  repeated: readonly Repeated[],
  assumedLeaseMs: number | null,
): Promise<ReadonlySet<string>> {
  if (repeated.length === 0) return new Set()
  const of = <T>(value: (each: Repeated) => T): T[] => repeated.map(value)
  const rows = await queries.many(sql<{ identity: string }>`
    with come as materialized (
      select identity, content, starts_at, signals, ends_at is not null as given,
        coalesce(ends_at, mainstay_now() + make_interval(secs => ${assumedLeaseMs === null ? null : assumedLeaseMs / 1000}::float8)) as until
      from unnest(${of(({ identity }) => identity)}::uuid[], ${of(({ content }) => content)}::uuid[], ${of(({ startsAt }) => time(startsAt))}::timestamptz[],
        ${of(({ endsAt }) => time(endsAt))}::timestamptz[], ${of(({ signals }) => signals)}::bigint[]) as one (identity, content, starts_at, ends_at, signals)),
    same as materialized (
      select lease.alert_id, lease.identity, come.until, come.given, come.signals
      from come join alert_leases lease on lease.identity = come.identity and lease.content = come.content
      where lease.lease_until is null or come.starts_at <= lease.lease_until
      order by lease.identity for update of lease)
    update alert_leases lease set last_seen_at = mainstay_now(), count = lease.count + same.signals,
      lease_until = ${newer(sql`same.until`, sql`same.until`)}, lease_given = ${newer(sql`same.until`, sql`case when same.until is null then null else same.given end`, sql`lease.lease_given`)}
    from same where lease.alert_id = same.alert_id
    returning replace(lease.identity::text, '-', '') as identity`)
  return new Set(rows.map((row) => row.identity))
}

/** The newest holds, unless an older one was given by the sender and reaches further: `mergeLease` of core/episode.ts. */
function newer(until: ReturnType<typeof sql>, value: ReturnType<typeof sql>, older = sql`lease.lease_until`) {
  return sql`case when lease.lease_given and ${until} is not null and lease.lease_until > ${until} then ${older} else ${value} end`
}

export interface NewLease {
  readonly alertId: string
  readonly episode: Episode
}

export async function insertLeases(tx: Tx, leases: readonly NewLease[]): Promise<void> {
  if (leases.length === 0) return
  const of = <T>(value: (lease: NewLease) => T): T[] => leases.map(value)
  await tx.run(sql`
    insert into alert_leases (alert_id, identity, content, last_seen_at, lease_until, lease_given, count)
    select *, 1 from unnest(${of(({ alertId }) => alertId)}::uuid[], ${of(({ episode }) => identityOf(episode.signal))}::uuid[],
      ${of(({ episode }) => contentOf(episode.signal))}::uuid[], ${of(({ episode }) => time(episode.lastSeenAt))}::timestamptz[],
      ${of(({ episode }) => time(episode.lease?.until ?? null))}::timestamptz[], ${of(({ episode }) => episode.lease?.given ?? null)}::boolean[])`)
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
