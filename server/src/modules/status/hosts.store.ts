// All SQL on the host names of status pages.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { HostStanding } from './core/index.ts'

export interface HostRow extends HostStanding {
  readonly page: string
  readonly host: string
  readonly token: string
  readonly checkedAt: Instant | null
}

const columns = sql`page, host, token, verified_at as "verifiedAt", checked_at as "checkedAt", because, failing_since as "failingSince"`
const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

export async function listHosts(queries: Queries): Promise<readonly HostRow[]> {
  return queries.many(sql<HostRow>`select ${columns} from status_hosts order by page`)
}

export async function findHost(queries: Queries, page: string): Promise<HostRow | null> {
  return queries.maybe(sql<HostRow>`select ${columns} from status_hosts where page = ${page}`)
}

/** The page that has a name already, other than this one; null when it is free. */
export async function findTaken(queries: Queries, host: string, page: string): Promise<string | null> {
  const row = await queries.maybe(
    sql<{ page: string }>`select page from status_hosts where host = ${host} and page <> ${page} order by page limit 1`,
  )
  return row?.page ?? null
}

/** Another name begins unproven, with another token. */
export async function setHost(tx: Tx, page: string, host: string | null): Promise<void> {
  if (host === null) await tx.run(sql`delete from status_hosts where page = ${page}`)
  else
    await tx.run(sql`
      insert into status_hosts (page, host, token) values (${page}, ${host}, replace(gen_random_uuid()::text, '-', ''))
      on conflict (page) do update set host = excluded.host, token = excluded.token, verified_at = null, checked_at = null, because = null, failing_since = null
      where status_hosts.host <> excluded.host`)
}

/** False when the name was changed meanwhile. */
export async function saveStanding(
  tx: Tx,
  of: { page: string; host: string },
  standing: HostStanding,
): Promise<boolean> {
  const saved = await tx.run(sql`
    update status_hosts set verified_at = ${orNull(standing.verifiedAt)}, because = ${standing.because}, failing_since = ${orNull(standing.failingSince)},
      checked_at = mainstay_now() where page = ${of.page} and host = ${of.host}`)
  return saved === 1
}
