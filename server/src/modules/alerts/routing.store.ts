// All SQL on the routing file, and on alerts as it sees them.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import { type AlertRow, alertColumns } from './alerts.store.ts'
import type { Hold, Source } from './core/index.ts'

export interface RoutingRow {
  readonly text: string
  readonly version: number
  readonly changedBy: string
  readonly changedAt: Instant
}

export async function findRouting(queries: Queries): Promise<RoutingRow | null> {
  return queries.maybe(
    sql<RoutingRow>`select text, version, changed_by as "changedBy", changed_at as "changedAt" from alert_routing`,
  )
}

export async function findRoutingVersion(queries: Queries): Promise<number | null> {
  const row = await queries.maybe(sql<{ version: number }>`select version from alert_routing`)
  return row?.version ?? null
}

/** What was held by the old file is asked again by the new one. */
export async function saveRouting(tx: Tx, text: string, by: string): Promise<RoutingRow> {
  await tx.run(sql`update alerts set held_because = 'muted' where held_because = 'nobody' and status <> 'resolved'`)
  return tx.one(sql<RoutingRow>`
    insert into alert_routing (text, version, changed_by) values (${text}, 1, ${by})
    on conflict (only_one) do update set text = excluded.text, changed_by = excluded.changed_by, changed_at = mainstay_now(), version = alert_routing.version + 1
    returning text, version, changed_by as "changedBy", changed_at as "changedAt"`)
}

export async function removeRouting(tx: Tx): Promise<boolean> {
  await tx.run(sql`update alerts set held_because = 'muted' where held_because = 'nobody' and status <> 'resolved'`)
  return (await tx.run(sql`delete from alert_routing`)) > 0
}

const most = 20_000

/** What may inhibit: every open alert, also a silenced or a held one. */
export async function listSources(queries: Queries): Promise<readonly Source[]> {
  return queries.many(
    sql<Source>`select id::text as id, signal -> 'labels' as labels from alerts where status <> 'resolved' order by opened_at desc limit ${most}`,
  )
}

/** Every open alert, newest signal first, for programs that know one alert for each set of labels. */
export async function listOpenAlerts(queries: Queries): Promise<readonly AlertRow[]> {
  return queries.many(
    sql<AlertRow>`select ${alertColumns} from alerts where status <> 'resolved' order by "lastSeenAt" desc limit ${most}`,
  )
}

/** Held for what passes by itself. */
export async function lockRoutedAway(tx: Tx, limit: number): Promise<readonly AlertRow[]> {
  return tx.many(sql<AlertRow>`
    select ${alertColumns} from alerts where held_because in ('inhibited', 'muted') and status <> 'resolved'
    order by key limit ${limit} for update skip locked`)
}

export async function setHold(tx: Tx, id: string, hold: Hold | null): Promise<AlertRow> {
  return tx.one(
    sql<AlertRow>`update alerts set held_because = ${hold}, version = version + 1 where id = ${id} returning ${alertColumns}`,
  )
}
