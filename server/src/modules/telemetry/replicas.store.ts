// All SQL on telemetry_replicas: which server of a pair is listened to.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { sql, timestamp } from '../../platform/database/queries.ts'
import type { Leader } from './core/index.ts'

export async function readLeader(tx: Tx, cluster: string): Promise<Leader | null> {
  return tx.maybe(sql<Leader>`select replica, last_at as "lastAt" from telemetry_replicas where cluster = ${cluster}`)
}

/**
 * The leader, locked until the caller's transaction ends: the two of a pair send in the same second. Whoever comes first
 * leads. Taken before the locks of sources, always, so that no two batches wait for each other in a ring.
 */
export async function lockLeader(tx: Tx, cluster: string, first: Leader): Promise<Leader | null> {
  await tx.run(sql`
    insert into telemetry_replicas (cluster, replica, last_at) values (${cluster}, ${first.replica}, ${timestamp(first.lastAt)})
    on conflict (cluster) do nothing`)
  return tx.maybe(
    sql<Leader>`select replica, last_at as "lastAt" from telemetry_replicas where cluster = ${cluster} for update`,
  )
}

export async function saveLeader(tx: Tx, cluster: string, leader: Leader): Promise<void> {
  await tx.run(sql`
    insert into telemetry_replicas (cluster, replica, last_at) values (${cluster}, ${leader.replica}, ${timestamp(leader.lastAt)})
    on conflict (cluster) do update set replica = excluded.replica, last_at = excluded.last_at`)
}

export async function dropOldLeaders(tx: Tx, before: Instant): Promise<number> {
  return tx.run(sql`delete from telemetry_replicas where last_at < ${timestamp(before)}`)
}
