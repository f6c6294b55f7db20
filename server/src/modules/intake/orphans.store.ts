// All SQL on orphans: what was sent and not understood.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql } from '../../platform/database/queries.ts'

export interface OrphanRow {
  readonly id: string
  readonly source: string
  readonly because: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly cut: boolean
  readonly times: number
  readonly receivedAt: Instant
  readonly lastAt: Instant
}

const columns = sql`id, source, because, headers, body, cut, times, received_at as "receivedAt", last_at as "lastAt"`

/** The same body for the same reason is one orphan that was sent several times. Answers whether it is new. */
export async function saveOrphan(
  tx: Tx,
  orphan: Pick<OrphanRow, 'id' | 'source' | 'because' | 'headers' | 'body' | 'cut'> & { readonly digest: Uint8Array },
): Promise<{ readonly id: string; readonly fresh: boolean }> {
  const row = await tx.one(sql<{ id: string; times: number }>`
    insert into intake_orphans (id, source, digest, because, headers, body, cut)
    values (${orphan.id}, ${orphan.source}, ${Buffer.from(orphan.digest)}, ${orphan.because}, ${json(orphan.headers)}, ${orphan.body}, ${orphan.cut})
    on conflict (source, digest) where settled_at is null
      do update set times = intake_orphans.times + 1, last_at = mainstay_now(), because = excluded.because
    returning id, times`)
  return { id: row.id, fresh: row.times === 1 }
}

/** Beyond the limit the oldest go. Answers how many are open then, and how many went. */
export async function displaceOrphans(
  tx: Tx,
  source: string,
  kept: number,
): Promise<{ readonly open: number; readonly displaced: number }> {
  const displaced = await tx.run(sql`
    delete from intake_orphans
    where id in (select id from intake_orphans where source = ${source} and settled_at is null order by last_at desc, id offset ${kept})`)
  const { open } = await tx.one(
    sql<{ open: number }>`select count(*) as open from intake_orphans where source = ${source} and settled_at is null`,
  )
  return { open, displaced }
}

export async function listOrphans(
  queries: Queries,
  source: string | null,
  before: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly OrphanRow[]> {
  return queries.many(sql<OrphanRow>`
    select ${columns} from intake_orphans
    where settled_at is null and (${source === null ? sql`true` : sql`source = ${source}`})
      and (${before === null ? sql`true` : sql`(last_at, id) < (${new Date(before.at).toISOString()}::timestamptz, ${before.id}::uuid)`})
    order by last_at desc, id desc limit ${limit}`)
}

export async function findOrphan(queries: Queries, id: string): Promise<OrphanRow | null> {
  return queries.maybe(sql<OrphanRow>`select ${columns} from intake_orphans where id = ${id} and settled_at is null`)
}

/** False when somebody else settled it. */
export async function settleOrphan(
  tx: Tx,
  id: string,
  how: { readonly settled: 'understood' | 'dismissed'; readonly by: string },
): Promise<boolean> {
  return (
    (await tx.run(sql`
      update intake_orphans set settled_at = mainstay_now(), settled_by = ${how.by}, settled = ${how.settled}
      where id = ${id} and settled_at is null`)) > 0
  )
}

/** Of each source that has any: how many wait, since when, and why the newest does. */
export async function countOrphans(queries: Queries): Promise<ReadonlyMap<string, OrphanCount>> {
  const rows = await queries.many(sql<OrphanCount & { source: string }>`
    select source, count(*) as open, min(received_at) as since, (array_agg(because order by last_at desc))[1] as because
    from intake_orphans where settled_at is null group by source`)
  return new Map(rows.map(({ source, ...count }) => [source, count]))
}

export interface OrphanCount {
  readonly open: number
  readonly since: Instant
  readonly because: string
}

export async function forgetOrphans(tx: Tx): Promise<void> {
  await tx.run(sql`delete from intake_orphans where settled_at < mainstay_now() - interval '30 days'`)
}
