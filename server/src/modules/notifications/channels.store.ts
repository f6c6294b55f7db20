// All SQL on the connections to providers, and on messages that can be answered or changed there.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql } from '../../platform/database/queries.ts'
import type { ConnectionKind } from './core/index.ts'

export interface ConnectionRow {
  readonly kind: ConnectionKind
  /** Sealed. */
  readonly settings: string
  readonly shown: JsonObject
  readonly updatedBy: string
  readonly updatedAt: Instant
}

const connectionColumns = sql`kind, settings, shown, updated_by as "updatedBy", updated_at as "updatedAt"`

export async function listConnections(queries: Queries): Promise<readonly ConnectionRow[]> {
  return queries.many(sql<ConnectionRow>`select ${connectionColumns} from channel_connections order by kind`)
}

export async function findConnection(queries: Queries, kind: ConnectionKind): Promise<ConnectionRow | null> {
  return queries.maybe(sql<ConnectionRow>`select ${connectionColumns} from channel_connections where kind = ${kind}`)
}

export async function saveConnection(tx: Tx, row: Omit<ConnectionRow, 'updatedAt'>): Promise<void> {
  await tx.run(sql`
    insert into channel_connections (kind, settings, shown, updated_by)
    values (${row.kind}, ${row.settings}, ${json(row.shown)}, ${row.updatedBy})
    on conflict (kind) do update set settings = excluded.settings, shown = excluded.shown, updated_by = excluded.updated_by,
      updated_at = mainstay_now()`)
}

export async function removeConnection(tx: Tx, kind: ConnectionKind): Promise<boolean> {
  return (await tx.run(sql`delete from channel_connections where kind = ${kind}`)) === 1
}

export interface ChannelMessageRow {
  readonly handle: string
  readonly key: string
  readonly contact: string
  readonly ref: JsonObject | null
  readonly seenAt: Instant | null
  readonly fate: string | null
  readonly wanted: string | null
  readonly written: string | null
  readonly editAttempts: number
  readonly createdAt: Instant
}

const messageColumns = sql`handle, key, contact, ref, seen_at as "seenAt", fate, wanted, written, edit_attempts as "editAttempts",
  created_at as "createdAt"`

/** Before the messages leave: an answer may come before we know that one arrived. */
export function nameMessages(
  tx: Tx,
  messages: readonly { readonly handle: string; readonly key: string; readonly contact: string }[],
): void {
  if (messages.length > 0)
    tx.later(sql`
      insert into channel_messages (handle, key, contact)
      select * from unnest(${messages.map(({ handle }) => handle)}::text[], ${messages.map(({ key }) => key)}::text[], ${messages.map(({ contact }) => contact)}::text[])
      on conflict do nothing`)
}

export async function findMessage(queries: Queries, handle: string): Promise<ChannelMessageRow | null> {
  return queries.maybe(sql<ChannelMessageRow>`select ${messageColumns} from channel_messages where handle = ${handle}`)
}

export async function lockMessageOf(tx: Tx, key: string): Promise<ChannelMessageRow | null> {
  return tx.maybe(sql<ChannelMessageRow>`select ${messageColumns} from channel_messages where key = ${key} for update`)
}

export async function setRef(tx: Tx, key: string, ref: JsonObject): Promise<void> {
  await tx.run(sql`update channel_messages set ref = ${json(ref)} where key = ${key}`)
}

/** False when it was seen before. */
export async function setSeen(tx: Tx, handle: string): Promise<boolean> {
  const changed = await tx.run(
    sql`update channel_messages set seen_at = mainstay_now() where handle = ${handle} and seen_at is null`,
  )
  return changed === 1
}

export async function setFate(tx: Tx, handle: string, fate: string): Promise<void> {
  await tx.run(sql`update channel_messages set fate = ${fate} where handle = ${handle}`)
}

/** Messages about an alert or page that still say something else; answers their keys. */
export async function wantSentence(
  tx: Tx,
  of: { readonly pageId?: string; readonly alertId?: string },
  sentence: string,
): Promise<readonly string[]> {
  const which = of.pageId === undefined ? sql`d.alert_id = ${of.alertId ?? null}` : sql`d.page_id = ${of.pageId}`
  const rows = await tx.many(sql<{ key: string }>`
    update channel_messages m set wanted = ${sentence}, edit_attempts = 0
    from deliveries d
    where d.key = m.key and ${which} and d.purpose in ('page', 'bundle') and m.ref is not null and m.wanted is distinct from ${sentence}
    returning m.key`)
  return rows.map((row) => row.key).sort()
}

export async function recordEdit(
  tx: Tx,
  key: string,
  edit: { readonly outcome: string; readonly because: string | null; readonly written: string | null },
): Promise<void> {
  await tx.run(sql`
    update channel_messages set edit_attempts = edit_attempts + 1, edit_outcome = ${edit.outcome}, edit_because = ${edit.because},
      written = coalesce(${edit.written}, written) where key = ${key}`)
}

export interface OpenMessage {
  readonly handle: string
  readonly key: string
}

/** Pages sent to a contact whose alerts nobody has answered yet, newest first. */
export async function listOpenMessages(
  queries: Queries,
  contacts: readonly string[],
  since: Instant,
): Promise<readonly OpenMessage[]> {
  return queries.many(sql<OpenMessage>`
    select m.handle, m.key from channel_messages m join deliveries d on d.key = m.key
    where m.contact = any(${[...contacts]}) and m.created_at > to_timestamp(${since / 1000}::float8)
      and d.purpose in ('page', 'bundle') and d.phase in ('sending', 'sent', 'unknown')
      and exists (select 1 from page_notices n where (n.page_id = d.page_id or n.bundle_id = d.page_id) and n.stopped is null)
    order by m.created_at desc, m.key limit 50`)
}
