// All SQL on the routing file, and on alerts as it sees them.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { alertStatuses } from './alerts.contract.ts'
import { type AlertRow, alertColumns } from './alerts.store.ts'
import type { Hold, Labels, PastAlert, Timing, TimingMode } from './core/index.ts'

export interface RoutingRow {
  readonly text: string
  readonly version: number
  readonly changedBy: string
  readonly changedAt: Instant
  readonly timing: TimingMode
  readonly criticalAtOnce: boolean
}

const columns = sql`text, version, changed_by as "changedBy", changed_at as "changedAt", timing, critical_at_once as "criticalAtOnce"`

export async function findRouting(queries: Queries): Promise<RoutingRow | null> {
  return queries.maybe(sql<RoutingRow>`select ${columns} from alert_routing`)
}

/** Of a file that was removed and of the one after it the versions are the same, the times are not. */
export async function findRoutingMark(queries: Queries): Promise<Pick<RoutingRow, 'version' | 'changedAt'> | null> {
  return queries.maybe(
    sql<Pick<RoutingRow, 'version' | 'changedAt'>>`select version, changed_at as "changedAt" from alert_routing`,
  )
}

/** What was held by the old file is asked again by the new one. */
export async function saveRouting(tx: Tx, text: string, by: string, timing: Timing): Promise<RoutingRow> {
  await tx.run(sql`update alerts set held_because = 'muted' where held_because = 'nobody' and status <> 'resolved'`)
  return tx.one(sql<RoutingRow>`
    insert into alert_routing (text, version, changed_by, timing, critical_at_once) values (${text}, 1, ${by}, ${timing.mode}, ${timing.criticalAtOnce})
    on conflict (only_one) do update set text = excluded.text, changed_by = excluded.changed_by, changed_at = mainstay_now(), version = alert_routing.version + 1,
      timing = excluded.timing, critical_at_once = excluded.critical_at_once
    returning ${columns}`)
}

export async function removeRouting(tx: Tx): Promise<boolean> {
  await tx.run(sql`update alerts set held_because = 'muted' where held_because = 'nobody' and status <> 'resolved'`)
  return (await tx.run(sql`delete from alert_routing`)) > 0
}

const most = 20_000

/** Labels of every open alert, and whether anything keeps it from people. */
export async function listOpenLabels(
  queries: Queries,
): Promise<readonly { readonly labels: Labels; readonly held: boolean }[]> {
  return queries.many(sql<{ labels: Labels; held: boolean }>`
    select signal -> 'labels' as labels, held_because is not null or silenced_by is not null as held
    from alerts where status <> 'resolved' order by opened_at desc limit ${most}`)
}

/** Those that began since then, the newest: of each status by its index. */
export async function listPastAlerts(queries: Queries, since: Instant, limit: number): Promise<readonly PastAlert[]> {
  return queries.many(sql<PastAlert>`
    select id, number, title, worst as severity, service, team, urgency, signal -> 'labels' as labels, opened_at as "openedAt", ended_at as "endedAt"
    from alerts where id = any(array(
      select newest.id from unnest(${[...alertStatuses]}::text[]) as one (status)
      cross join lateral (select id from alerts where status = one.status and opened_at >= ${timestamp(since)} order by opened_at desc limit ${limit}) newest))
    order by opened_at desc, number desc limit ${limit}`)
}

/** Held for what passes by itself. */
export const routedAway = sql`alerts where held_because in ('inhibited', 'muted') and status <> 'resolved'`

export async function lockRoutedAway(tx: Tx, limit: number): Promise<readonly AlertRow[]> {
  return tx.many(sql<AlertRow>`
    select ${alertColumns} from ${routedAway} order by key limit ${limit} for no key update skip locked`)
}

export async function setHold(tx: Tx, id: string, hold: Hold | null): Promise<AlertRow> {
  return tx.one(
    sql<AlertRow>`update alerts set held_because = ${hold}, version = version + 1 where id = ${id} returning ${alertColumns}`,
  )
}
