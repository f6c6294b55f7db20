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
