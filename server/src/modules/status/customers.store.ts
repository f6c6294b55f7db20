// All SQL on the customers of status pages.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

export interface CustomerRow {
  readonly id: string
  readonly name: string
  readonly page: string
  /** SHA-256 of the secret; null while it has no link. */
  readonly digest: string | null
  readonly linkedAt: Instant | null
  readonly linkedBy: string | null
}

const columns = sql`id, name, page, digest, linked_at as "linkedAt", linked_by as "linkedBy"`

export async function declareCustomer(tx: Tx, { name, page }: Pick<CustomerRow, 'name' | 'page'>): Promise<void> {
  await tx.run(
    sql`insert into status_customers (name, page) values (${name}, ${page}) on conflict (name) where gone_at is null do nothing`,
  )
}

/** Nobody gets in any more, and the same name is another customer from now on. */
export async function endCustomer(tx: Tx, name: string): Promise<CustomerRow | null> {
  return tx.maybe(sql<CustomerRow>`
    update status_customers set gone_at = mainstay_now(), digest = null where name = ${name} and gone_at is null returning ${columns}`)
}

export async function listCustomers(queries: Queries): Promise<readonly CustomerRow[]> {
  return queries.many(sql<CustomerRow>`select ${columns} from status_customers where gone_at is null order by name`)
}

export async function findCustomer(queries: Queries, name: string): Promise<CustomerRow | null> {
  return queries.maybe(
    sql<CustomerRow>`select ${columns} from status_customers where name = ${name} and gone_at is null`,
  )
}

export async function lockCustomer(tx: Tx, name: string): Promise<CustomerRow | null> {
  return tx.maybe(
    sql<CustomerRow>`select ${columns} from status_customers where name = ${name} and gone_at is null for update`,
  )
}

export async function findCustomerOf(queries: Queries, id: string): Promise<CustomerRow | null> {
  return queries.maybe(
    sql<CustomerRow>`select ${columns} from status_customers where id::text = ${id} and gone_at is null`,
  )
}

/** Null takes the link away. */
export async function setLink(
  tx: Tx,
  id: string,
  link: { readonly digest: string; readonly by: string } | null,
): Promise<void> {
  await tx.run(sql`
    update status_customers set digest = ${link?.digest ?? null}, linked_by = ${link?.by ?? null},
      linked_at = ${link === null ? sql`null` : sql`mainstay_now()`} where id = ${id}`)
}
