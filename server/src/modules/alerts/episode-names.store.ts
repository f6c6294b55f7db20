// All SQL on what names of alerts are made with.
import type { Instant } from '../../kernel/instant.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { type NamesPlan, startOfSpan } from './episode-names.ts'

// A storm that ends within the hour is more; then names of what comes again while the database is away differ from its own.
const mostPast = 5_000

export async function loadNamesPlan(queries: Queries, at: Instant): Promise<NamesPlan> {
  const since = startOfSpan(at)
  const read = await queries.one(sql<{ salt: string; size: number; past: string | null }>`
    select (select salt from alert_names) as salt, count(*)::int as size,
      encode(string_agg(substring(sha256(convert_to(source, 'UTF8') || '\\x00'::bytea || convert_to(key, 'UTF8')) from 1 for 8) || uuid_send(id), '' order by opened_at, number), 'base64') as past
    from (select id, source, key, opened_at, number from alerts where status = 'resolved' and opened_at >= ${timestamp(since)}
      order by opened_at desc, id desc limit ${mostPast}) newest`)
  return { salt: read.salt, since, past: read.past ?? '', isWhole: read.size < mostPast }
}
