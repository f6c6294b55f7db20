// All SQL on tokens and signing secrets.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'

export interface TokenRow {
  readonly id: string
  readonly source: string
  readonly last4: string
  readonly createdBy: string
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
  readonly usedAt: Instant | null
}

const columns = sql`id, source, last4, created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt"`
const live = sql`(expires_at is null or expires_at > mainstay_now())`

/** The newest, which has no end, first; only those that open the door now. */
export async function listTokens(queries: Queries, source: string | null): Promise<readonly TokenRow[]> {
  return queries.many(sql<TokenRow>`
    select ${columns} from intake_tokens where (${source === null ? sql`true` : sql`source = ${source}`}) and ${live}
    order by source, expires_at desc nulls first, created_at desc, id`)
}

export async function findToken(queries: Queries, hash: Uint8Array): Promise<TokenRow | null> {
  return queries.maybe(
    sql<TokenRow>`select ${columns} from intake_tokens where secret_hash = ${Buffer.from(hash)} and ${live}`,
  )
}

export async function insertToken(
  tx: Tx,
  token: Pick<TokenRow, 'id' | 'source' | 'last4' | 'createdBy'> & { readonly hash: Uint8Array },
): Promise<TokenRow> {
  return tx.one(sql<TokenRow>`
    insert into intake_tokens (id, source, secret_hash, last4, created_by)
    values (${token.id}, ${token.source}, ${Buffer.from(token.hash)}, ${token.last4}, ${token.createdBy}) returning ${columns}`)
}

export async function endToken(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.run(sql`update intake_tokens set expires_at = least(expires_at, ${timestamp(at)}) where id = ${id}`)
}

/** Ended ones stay a week, so that a person sees which key a forgotten sender still uses. */
export async function forgetTokens(tx: Tx): Promise<void> {
  await tx.run(sql`delete from intake_tokens where expires_at < mainstay_now() - interval '7 days'`)
  await tx.run(sql`delete from intake_secrets where expires_at < mainstay_now()`)
}

export async function markUsed(tx: Tx, used: readonly { readonly id: string; readonly at: Instant }[]): Promise<void> {
  for (const { id, at } of [...used].sort((a, b) => (a.id < b.id ? -1 : 1)))
    await tx.run(sql`update intake_tokens set used_at = greatest(used_at, ${timestamp(at)}) where id = ${id}`)
}

export interface SecretRow {
  readonly id: string
  readonly sealed: string
  readonly createdBy: string
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
}

export async function listSecrets(queries: Queries, source: string): Promise<readonly SecretRow[]> {
  return queries.many(sql<SecretRow>`
    select id, sealed, created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt" from intake_secrets
    where source = ${source} and ${live} order by created_at desc, id limit 2`)
}

export interface KnownToken {
  readonly id: string
  readonly source: string
  /** SHA-256, in hexadecimal. */
  readonly hash: string
  readonly expiresAt: Instant | null
}

export interface KnownSecret {
  readonly id: string
  readonly source: string
  readonly sealed: string
  readonly expiresAt: Instant | null
}

export async function listKnownTokens(queries: Queries, limit: number): Promise<readonly KnownToken[]> {
  return queries.many(sql<KnownToken>`
    select id, source, encode(secret_hash, 'hex') as hash, expires_at as "expiresAt" from intake_tokens where ${live}
    order by used_at desc nulls last, id limit ${limit}`)
}

/** The newest two of each source, as `listSecrets` has them. */
export async function listKnownSecrets(queries: Queries, limit: number): Promise<readonly KnownSecret[]> {
  return queries.many(sql<KnownSecret>`
    select id, source, sealed, expires_at as "expiresAt" from (
      select *, row_number() over (partition by source order by created_at desc, id) as place from intake_secrets where ${live}) secrets
    where place <= 2 order by source, place limit ${limit}`)
}

export async function insertSecret(
  tx: Tx,
  secret: { readonly id: string; readonly source: string; readonly sealed: string; readonly createdBy: string },
): Promise<void> {
  await tx.run(sql`
    insert into intake_secrets (id, source, sealed, created_by) values (${secret.id}, ${secret.source}, ${secret.sealed}, ${secret.createdBy})`)
}

export async function endSecrets(tx: Tx, source: string, at: Instant): Promise<void> {
  await tx.run(sql`update intake_secrets set expires_at = least(expires_at, ${timestamp(at)}) where source = ${source}`)
}
