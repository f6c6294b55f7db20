// All SQL on the webhooks that workflows call.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'

export interface HookRow {
  readonly name: string
  readonly settings: string
  readonly target: string
  readonly changedBy: string
  readonly changedAt: Instant
  readonly calledAt: Instant | null
  readonly outcome: string | null
}

const columns = sql`name, settings, target, changed_by as "changedBy", changed_at as "changedAt", called_at as "calledAt", outcome`

export async function saveHook(
  tx: Tx,
  hook: Pick<HookRow, 'name' | 'settings' | 'target' | 'changedBy' | 'changedAt'>,
): Promise<HookRow> {
  return tx.one(sql<HookRow>`
    insert into workflow_hooks (name, settings, target, changed_by, changed_at)
    values (${hook.name}, ${hook.settings}, ${hook.target}, ${hook.changedBy}, ${timestamp(hook.changedAt)})
    on conflict (name) do update set settings = excluded.settings, target = excluded.target, changed_by = excluded.changed_by,
      changed_at = excluded.changed_at
    returning ${columns}`)
}

export async function noteCall(
  tx: Tx,
  { name, at, outcome }: { readonly name: string; readonly at: Instant; readonly outcome: string },
): Promise<void> {
  await tx.run(
    sql`update workflow_hooks set called_at = ${timestamp(at)}, outcome = ${outcome.slice(0, 500)} where name = ${name}`,
  )
}

export async function findHook(queries: Queries, name: string): Promise<HookRow | null> {
  return queries.maybe(sql<HookRow>`select ${columns} from workflow_hooks where name = ${name}`)
}

export async function listHookRows(queries: Queries): Promise<readonly HookRow[]> {
  return queries.many(sql<HookRow>`select ${columns} from workflow_hooks order by name`)
}

export async function removeHook(tx: Tx, name: string): Promise<boolean> {
  return (await tx.run(sql`delete from workflow_hooks where name = ${name}`)) > 0
}
