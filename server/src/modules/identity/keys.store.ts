// All SQL on the list of API keys.
import type { Role } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly last4: string
  readonly role: Role
  readonly scopes: readonly string[]
  readonly teams: readonly string[]
  readonly service: boolean
  readonly createdBy: { readonly id: string; readonly name: string } | null
  readonly createdAt: Instant
  readonly expiresAt: Instant | null
  readonly usedAt: Instant | null
  readonly revokedAt: Instant | null
}

const columns = sql`api_keys.id, api_keys.name, prefix, last4, api_keys.role, scopes, teams, service,
  case when maker.id is null then null else jsonb_build_object('id', maker.id, 'name', maker.name) end as "createdBy",
  api_keys.created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt", revoked_at as "revokedAt"`
const source = sql`api_keys left join people maker on maker.id = api_keys.created_by`

export async function insertKey(
  tx: Tx,
  key: Pick<ApiKey, 'id' | 'name' | 'prefix' | 'last4' | 'role' | 'scopes' | 'teams' | 'service' | 'expiresAt'> & {
    readonly secretHash: Buffer
    readonly makerId: string | null
  },
): Promise<ApiKey> {
  await tx.run(sql`
    insert into api_keys (id, name, prefix, secret_hash, last4, role, scopes, teams, service, created_by, expires_at)
    values (${key.id}, ${key.name}, ${key.prefix}, ${key.secretHash}, ${key.last4}, ${key.role}, ${[...key.scopes]}, ${[...key.teams]},
      ${key.service}, ${key.makerId}, ${key.expiresAt === null ? null : timestamp(key.expiresAt)})`)
  return tx.one(sql<ApiKey>`select ${columns} from ${source} where api_keys.id = ${key.id}`)
}

export async function findKey(queries: Queries, id: string): Promise<ApiKey | null> {
  return queries.maybe(sql<ApiKey>`select ${columns} from ${source} where api_keys.id = ${id}`)
}

/** Who stands behind a personal key; a service key stands for itself. */
export async function findOwnerOfKey(queries: Queries, id: string): Promise<string | null> {
  const row = await queries.maybe(
    sql<{ owner: string | null }>`select created_by as owner from api_keys where id = ${id} and not service`,
  )
  return row?.owner ?? null
}

/** Those the server made for itself under this name. */
export async function lockKeysOfServer(tx: Tx, name: string): Promise<readonly ApiKey[]> {
  return tx.many(sql<ApiKey>`
    select ${columns} from ${source}
    where api_keys.name = ${name} and api_keys.service and api_keys.created_by is null and revoked_at is null
    order by api_keys.id for update of api_keys`)
}

export async function lockKey(tx: Tx, id: string): Promise<ApiKey | null> {
  return tx.maybe(sql<ApiKey>`select ${columns} from ${source} where api_keys.id = ${id} for update of api_keys`)
}

export async function revokeKeyRow(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`update api_keys set revoked_at = mainstay_now() where id = ${id} and revoked_at is null`)
}

/** By name. `makerId` null: everybody's. */
export async function listKeys(
  queries: Queries,
  makerId: string | null,
  revoked: boolean,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<readonly ApiKey[]> {
  return queries.many(sql<ApiKey>`
    select ${columns} from ${source}
    where (${revoked} or revoked_at is null) and (${makerId === null ? sql`true` : sql`api_keys.created_by = ${makerId}`})
      and (${after === null ? sql`true` : sql`(lower(api_keys.name), api_keys.id) > (lower(${after.name}), ${after.id}::uuid)`})
    order by lower(api_keys.name), api_keys.id limit ${limit}`)
}
