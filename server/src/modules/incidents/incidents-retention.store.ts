// All SQL by which incidents go, where somebody decided that they do not stay for ever. The room `postmortems` states the
// rule, because an incident and what was learnt from it go together.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { sql, timestamp } from '../../platform/database/queries.ts'
import { beyond, type Cursor } from '../../platform/retention/keep-rule.ts'

export interface OldIncident {
  readonly id: string
  readonly at: string
  readonly services: readonly string[]
}

/** Over since before then, and no open incident points at it. Locked. */
export async function lockOldIncidents(
  tx: Tx,
  { before, after, limit }: { readonly before: Instant; readonly after: Cursor | null; readonly limit: number },
): Promise<readonly OldIncident[]> {
  return tx.many(sql<OldIncident>`
    select id, declared_at::text as at, services from incidents i
    where status in ('resolved', 'reviewed') and declared_at < ${timestamp(before)} and resolved_at < ${timestamp(before)}
      and ${beyond(sql`declared_at, id`, after)}
      and not exists (select from incidents o where (o.parent_id = i.id or o.merged_into = i.id) and o.status not in ('resolved', 'reviewed'))
    order by declared_at, id limit ${limit} for update skip locked`)
}

/** Roles, work, updates and relations hang on it and go with it, by the database. */
export async function removeIncidents(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.run(sql`delete from incidents where id = any(${[...ids]}::uuid[])`)
}

/** Of the incidents named, those that somebody still works on. */
export async function listOpenAmong(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.many(sql<{ id: string }>`
    select id from incidents where id = any(${[...ids]}::uuid[]) and status not in ('resolved', 'reviewed')`)
  return rows.map((row) => row.id)
}

export async function findIncidentId(tx: Tx, number: number): Promise<string | null> {
  return (await tx.maybe(sql<{ id: string }>`select id from incidents where number = ${number}`))?.id ?? null
}
