// All SQL on budget_policies and on how far each has looked.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { BudgetPolicy, Scope } from './core/policy.ts'
import { readExact, writeExact } from './definition.ts'

type Stored = Omit<BudgetPolicy, 'scope'> & { readonly scope: Omit<Scope, 'journeys'> & Partial<Scope> }

function toPolicy({ definition }: { readonly definition: JsonObject }): BudgetPolicy {
  const { scope, ...policy } = readExact<Stored>(definition)
  // What was declared before policies could name journeys names none.
  return { ...policy, scope: { journeys: [], ...scope } }
}

export async function savePolicy(tx: Tx, policy: BudgetPolicy): Promise<void> {
  await tx.run(sql`
    insert into budget_policies (name, definition) values (${policy.name}, ${json(writeExact(policy))})
    on conflict (name) do update set definition = excluded.definition, saved_at = mainstay_now()`)
}

export async function removePolicy(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`delete from budget_policies where name = ${name}`)
  await tx.run(sql`delete from budget_looks where policy = ${name}`)
}

export async function listPolicies(queries: Queries): Promise<readonly BudgetPolicy[]> {
  const rows = await queries.many(sql<{ definition: JsonObject }>`select definition from budget_policies order by name`)
  return rows.map(toPolicy)
}

export async function findPolicy(queries: Queries, name: string): Promise<BudgetPolicy | null> {
  const row = await queries.maybe(
    sql<{ definition: JsonObject }>`select definition from budget_policies where name = ${name}`,
  )
  return row === null ? null : toPolicy(row)
}

/** Whoever decides for a policy holds its row: two processes decide one after the other. */
export async function lockPolicy(tx: Tx, name: string): Promise<BudgetPolicy | null> {
  const row = await tx.maybe(
    sql<{ definition: JsonObject }>`select definition from budget_policies where name = ${name} for update`,
  )
  return row === null ? null : toPolicy(row)
}

/** False when a newer look has decided already. */
export async function noteLook(tx: Tx, policy: string, objective: string, asOf: Instant): Promise<boolean> {
  const written = await tx.run(sql`
    insert into budget_looks (policy, objective, as_of) values (${policy}, ${objective}, ${timestamp(asOf)})
    on conflict (policy, objective) do update set as_of = excluded.as_of where budget_looks.as_of <= excluded.as_of`)
  return written > 0
}
