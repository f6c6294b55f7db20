// All SQL on what a process keeps for the time in which it cannot ask the database.
import type { Instant } from '../../kernel/instant.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { AlertRow } from './alerts.store.ts'
import type { PageGroup, Signal } from './core/index.ts'

/** The newest pages that are out, oldest first. */
export async function listPagesSince(
  queries: Queries,
  since: Instant,
  limit: number,
): Promise<readonly Omit<PageGroup, 'standing'>[]> {
  const rows = await queries.many(sql<Omit<PageGroup, 'standing'>>`
    select id, number, title, rule, team, services, policy, tier, worst, urgency, opened_at as "openedAt", answered_by as "answeredBy",
      answered_at as "answeredAt"
    from page_groups where opened_at > ${timestamp(since)} order by opened_at desc, number desc limit ${limit}`)
  return [...rows].reverse()
}

/** Signals as they were read last, by alert: most stay what they are, and reading one costs several times the rest of its row. */
export type ReadSignals = ReadonlyMap<string, { readonly content: string; readonly signal: Signal }>

// Some milliseconds of reading between two turns of the event loop.
const atOnce = 500

interface Lease extends Pick<AlertRow, 'lastSeenAt' | 'leaseUntil' | 'leaseGiven'> {
  readonly id: string
  /** Digest of its signal, without the end. */
  readonly content: string
}

/**
 * The open alerts that began last, by their names, which begin with the hour: the same ones at each reading, however often all of them
 * are repeated. With what a process needs of them that cannot ask: without all that only describes. What they say is read where
 * its digest is not the one it had before.
 */
export async function listForPlan(
  queries: Queries,
  limit: number,
  before: ReadSignals,
): Promise<{ readonly rows: readonly AlertRow[]; readonly signals: ReadSignals }> {
  const newest = await queries.many(sql<Lease>`
    select alert_id as id, content, last_seen_at as "lastSeenAt", lease_until as "leaseUntil", lease_given as "leaseGiven"
    from alert_leases order by alert_id desc limit ${limit}`)
  const rows: AlertRow[] = []
  const signals = new Map<string, { readonly content: string; readonly signal: Signal }>()
  for (let from = 0; from < newest.length; from += atOnce) {
    const leases = newest.slice(from, from + atOnce)
    const known = leases.map(({ id, content }) => {
      const read = before.get(id)
      return read?.content === content ? read.signal : null
    })
    const found = await queries.many(sql<AlertRow & { readonly signal: Signal | null }>`
      select id, source, key, status, severity, worst, urgency, service, team, tier,
        case when wanted.is_known then null else signal - array['annotations', 'links'] end as signal,
        started_at as "startedAt", opened_at as "openedAt", ended_at as "endedAt", ended, silenced_by as "silencedBy", paged_with as "pagedWith",
        held_because as "heldBecause"
      from unnest(${leases.map(({ id }) => id)}::uuid[], ${known.map((signal) => signal !== null)}::boolean[]) as wanted (alert_id, is_known)
      join alerts on id = alert_id where status <> 'resolved'`)
    const byId = new Map(found.map((row) => [row.id, row]))
    for (const [index, { content, ...lease }] of leases.entries()) {
      const row = byId.get(lease.id)
      const read = row?.signal ?? null
      const signal = read === null ? (known[index] ?? null) : { ...read, annotations: {}, links: [] }
      if (row === undefined || signal === null) continue
      rows.push({ ...row, ...lease, signal })
      signals.set(lease.id, { content, signal })
    }
  }
  return { rows, signals }
}
