// All SQL on sessions and keys: who carries this secret, and what may they do now.
import type { Role } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import { grantorNames } from './people.store.ts'

// Idle 12 h: one shift. Absolute 30 d. By the database clock, like everything that expires.
const alive = sql`sessions.seen_at > mainstay_now() - interval '12 hours' and sessions.started_at > mainstay_now() - interval '30 days'`
const sightedLongAgo = (column: 'seen_at' | 'used_at') =>
  sql`coalesce(${sql.ref(column)} < mainstay_now() - interval '1 minute', true)`

export interface SessionHolder {
  readonly sessionId: string
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly teams: readonly string[]
  readonly grantors: readonly string[]
  readonly sightedLongAgo: boolean
}

export async function findSessionHolder(queries: Queries, tokenHash: Buffer): Promise<SessionHolder | null> {
  return queries.maybe(sql<SessionHolder>`
    select sessions.id as "sessionId", people.id, people.name, people.role,
      array(select team from person_teams where person_teams.email = lower(people.email) order by team) as teams,
      ${grantorNames} as grantors, ${sightedLongAgo('seen_at')} as "sightedLongAgo"
    from sessions join people on people.id = sessions.person_id
    where sessions.token_hash = ${tokenHash} and people.disabled_at is null and ${alive}`)
}

export async function touchSession(queries: Queries, id: string): Promise<void> {
  await queries.run(sql`update sessions set seen_at = mainstay_now() where id = ${id} and ${sightedLongAgo('seen_at')}`)
}

export interface KeyHolder {
  readonly id: string
  readonly name: string
  readonly secretHash: Buffer
  readonly role: Role
  /** Null for a service key. */
  readonly makerRole: Role | null
  readonly teams: readonly string[]
  readonly scopes: readonly string[]
  readonly grantors: readonly string[]
  readonly sightedLongAgo: boolean
}

export async function findKeyHolder(queries: Queries, prefix: string): Promise<KeyHolder | null> {
  return queries.maybe(sql<KeyHolder>`
    select key.id, key.name, key.secret_hash as "secretHash", key.role, key.scopes,
      case when key.service then null else maker.role end as "makerRole",
      case when key.service then key.teams
        else array(select team from person_teams where person_teams.email = lower(maker.email) order by team) end as teams,
      ${grantorNames} as grantors, ${sightedLongAgo('used_at')} as "sightedLongAgo"
    from api_keys key left join people maker on maker.id = key.created_by
    where key.prefix = ${prefix} and key.revoked_at is null
      and (key.expires_at is null or key.expires_at > mainstay_now())
      and (key.service or (maker.id is not null and maker.disabled_at is null))`)
}

/** Every key that is good now, for a process that has to know them without asking. */
export async function listGoodKeys(
  queries: Queries,
  limit: number,
): Promise<
  readonly (Omit<KeyHolder, 'grantors' | 'sightedLongAgo'> & {
    readonly prefix: string
    readonly expiresAt: Instant | null
  })[]
> {
  return queries.many(sql<
    Omit<KeyHolder, 'grantors' | 'sightedLongAgo'> & { prefix: string; expiresAt: Instant | null }
  >`
    select key.id, key.name, key.prefix, key.secret_hash as "secretHash", key.role, key.scopes, key.expires_at as "expiresAt",
      case when key.service then null else maker.role end as "makerRole",
      case when key.service then key.teams
        else array(select team from person_teams where person_teams.email = lower(maker.email) order by team) end as teams
    from api_keys key left join people maker on maker.id = key.created_by
    where key.revoked_at is null and (key.expires_at is null or key.expires_at > mainstay_now())
      and (key.service or (maker.id is not null and maker.disabled_at is null))
    order by key.used_at desc nulls last limit ${limit}`)
}

export async function touchKey(queries: Queries, id: string): Promise<void> {
  await queries.run(sql`update api_keys set used_at = mainstay_now() where id = ${id} and ${sightedLongAgo('used_at')}`)
}

export interface NewSession {
  readonly id: string
  readonly tokenHash: Buffer
  readonly personId: string
  readonly address: string
  readonly agent: string
  readonly method: 'password' | 'oidc' | 'link'
}

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.run(sql`
    insert into sessions (id, token_hash, person_id, address, agent, method)
    values (${session.id}, ${session.tokenHash}, ${session.personId}, ${session.address}, ${session.agent}, ${session.method})`)
  await tx.run(sql`
    insert into sign_in_places (person_id, address) values (${session.personId}, ${session.address})
    on conflict (person_id, address) do update set seen_at = mainstay_now()`)
}

export interface Session {
  readonly id: string
  readonly personId: string
  readonly personName: string
  readonly startedAt: Instant
  readonly seenAt: Instant
  readonly address: string
  readonly agent: string
  readonly method: 'password' | 'oidc' | 'link'
}

const sessionColumns = sql`sessions.id, sessions.person_id as "personId", people.name as "personName",
  sessions.started_at as "startedAt", sessions.seen_at as "seenAt", sessions.address, sessions.agent, sessions.method`

/** Newest first. */
export async function listSessions(
  queries: Queries,
  personId: string | null,
  before: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly Session[]> {
  return queries.many(sql<Session>`
    select ${sessionColumns} from sessions join people on people.id = sessions.person_id
    where ${alive} and people.disabled_at is null
      and (${personId === null ? sql`true` : sql`sessions.person_id = ${personId}`})
      and (${before === null ? sql`true` : sql`(date_trunc('milliseconds', sessions.started_at), sessions.id) < (to_timestamp(${before.at / 1000}), ${before.id}::uuid)`})
    order by date_trunc('milliseconds', sessions.started_at) desc, sessions.id desc limit ${limit}`)
}

export async function findSession(queries: Queries, id: string): Promise<Session | null> {
  return queries.maybe(sql<Session>`
    select ${sessionColumns} from sessions join people on people.id = sessions.person_id where sessions.id = ${id}`)
}

export async function findSessionByToken(queries: Queries, tokenHash: Buffer): Promise<Session | null> {
  return queries.maybe(sql<Session>`
    select ${sessionColumns} from sessions join people on people.id = sessions.person_id
    where sessions.token_hash = ${tokenHash}`)
}

export async function deleteSession(tx: Tx, id: string): Promise<boolean> {
  return (await tx.run(sql`delete from sessions where id = ${id}`)) === 1
}

/** All sessions of a person but one. */
export async function deleteSessionsOf(tx: Tx, personId: string, but: string | null): Promise<number> {
  return tx.run(sql`delete from sessions where person_id = ${personId} and id is distinct from ${but}`)
}

/** What nobody can use any more: ended sessions, old links and attempts, sign-ins that were not finished. */
export async function sweepExpired(queries: Queries): Promise<void> {
  await queries.run(sql`delete from sessions where not (${alive})`)
  await queries.run(sql`delete from setup_links where expires_at < mainstay_now()`)
  await queries.run(sql`delete from sign_in_attempts where window_start < mainstay_now() - interval '1 hour'`)
  await queries.run(sql`delete from oidc_sign_ins where created_at < mainstay_now() - interval '1 hour'`)
  await queries.run(sql`delete from sign_in_places where seen_at < mainstay_now() - interval '90 days'`)
}
