// All SQL on changes.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'

export interface ChangeRow {
  readonly id: string
  readonly source: string
  readonly externalId: string
  readonly service: string
  readonly kind: 'deployment' | 'configuration' | 'flag' | 'infrastructure' | 'rollback' | 'other'
  readonly version: string | null
  readonly summary: string
  readonly link: string | null
  readonly at: Instant
  readonly recordedAt: Instant
}

const columns = sql`id, source, external_id as "externalId", service, kind, version, summary, link, at, recorded_at as "recordedAt"`

/** Null when this source has reported the id before. */
export async function insertChange(tx: Tx, row: Omit<ChangeRow, 'recordedAt'>): Promise<ChangeRow | null> {
  return tx.maybe(sql<ChangeRow>`
    insert into changes (id, source, external_id, service, kind, version, summary, link, at)
    values (${row.id}, ${row.source}, ${row.externalId}, ${row.service}, ${row.kind}, ${row.version}, ${row.summary}, ${row.link}, ${timestamp(row.at)})
    on conflict (source, external_id) do nothing returning ${columns}`)
}

export async function findChange(queries: Queries, source: string, externalId: string): Promise<ChangeRow | null> {
  return queries.maybe(
    sql<ChangeRow>`select ${columns} from changes where source = ${source} and external_id = ${externalId}`,
  )
}

export interface ChangeFilter {
  readonly services: readonly string[] | null
  readonly from: Instant | null
  readonly to: Instant | null
}

/** The newest change of a service within a time. */
export interface ChangeAsked {
  readonly service: string
  readonly from: Instant
  readonly to: Instant
}

/** In the order of what was asked; null where nothing changed. One look at an index for each. */
export async function findNewestChanges(
  queries: Queries,
  asked: readonly ChangeAsked[],
): Promise<readonly (Pick<ChangeRow, 'summary' | 'at'> | null)[]> {
  if (asked.length === 0) return []
  const time = (at: Instant): string => new Date(at).toISOString()
  const rows = await queries.many(sql<{ place: number; summary: string; at: Instant }>`
    select one.place::int as place, newest.summary, newest.at
    from unnest(${asked.map(({ service }) => service)}::text[], ${asked.map(({ from }) => time(from))}::timestamptz[], ${asked.map(({ to }) => time(to))}::timestamptz[])
      with ordinality as one (service, since, until, place)
    cross join lateral (
      select summary, at from changes where changes.service = one.service and changes.at >= one.since and changes.at < one.until
      order by changes.at desc, id desc limit 1) newest`)
  const found = new Map(rows.map(({ place, summary, at }) => [place, { summary, at }]))
  return asked.map((_, index) => found.get(index + 1) ?? null)
}

export async function listChangeRows(
  queries: Queries,
  filter: ChangeFilter,
  before: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly ChangeRow[]> {
  return queries.many(sql<ChangeRow>`
    select ${columns} from changes
    where (${filter.services === null} or service = any(${filter.services === null ? [] : [...filter.services]}))
      and (${filter.from === null ? sql`true` : sql`at >= ${timestamp(filter.from)}`})
      and (${filter.to === null ? sql`true` : sql`at < ${timestamp(filter.to)}`})
      and (${before === null ? sql`true` : sql`(at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`})
    order by at desc, id desc limit ${limit}`)
}
