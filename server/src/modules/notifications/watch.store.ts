// All SQL on the watch over paging: one row.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

export interface PagingWatch {
  readonly passedAt: Instant | null
  readonly lateMs: number | null
  readonly heartbeatAt: Instant | null
  readonly heartbeatOutcome: string | null
}

export async function readWatch(queries: Queries): Promise<PagingWatch | null> {
  return queries.maybe(sql<PagingWatch>`
    select passed_at as "passedAt", late_ms as "lateMs", heartbeat_at as "heartbeatAt", heartbeat_outcome as "heartbeatOutcome"
    from paging_watch where id = 1`)
}

export async function recordPassed(tx: Tx, lateMs: number): Promise<void> {
  await tx.run(sql`
    insert into paging_watch (id, passed_at, late_ms) values (1, mainstay_now(), ${Math.round(lateMs)})
    on conflict (id) do update set passed_at = excluded.passed_at, late_ms = excluded.late_ms`)
}

export async function recordHeartbeat(tx: Tx, outcome: string): Promise<void> {
  await tx.run(
    sql`update paging_watch set heartbeat_at = mainstay_now(), heartbeat_outcome = ${outcome.slice(0, 300)} where id = 1`,
  )
}
