// All SQL on people and their teams.
import type { Role } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly timeZone: string
  readonly teams: readonly string[]
  readonly disabledAt: Instant | null
  readonly createdAt: Instant
  readonly version: number
  readonly hasPassword: boolean
  /** Linked to an account at the OpenID provider. */
  readonly linked: boolean
}

export const personColumns = sql`people.id, people.email, people.name, people.role, people.time_zone as "timeZone",
  array(select team from person_teams where person_teams.email = lower(people.email) order by team) as teams,
  people.disabled_at as "disabledAt", people.created_at as "createdAt", people.version,
  people.password_hash is not null as "hasPassword", people.subject is not null as linked`

/** Up to three names of people who can grant rights. */
export const grantorNames = sql`array(select name from people where role = 'admin' and disabled_at is null order by name limit 3)`

export async function findPerson(queries: Queries, id: string): Promise<Person | null> {
  return queries.maybe(sql<Person>`select ${personColumns} from people where id = ${id}`)
}

export async function findPersonByEmail(queries: Queries, email: string): Promise<Person | null> {
  return queries.maybe(sql<Person>`select ${personColumns} from people where lower(email) = lower(${email})`)
}

export async function findPersonByAccount(queries: Queries, issuer: string, subject: string): Promise<Person | null> {
  return queries.maybe(
    sql<Person>`select ${personColumns} from people where issuer = ${issuer} and subject = ${subject}`,
  )
}

export async function lockPerson(tx: Tx, id: string): Promise<Person | null> {
  return tx.maybe(sql<Person>`select ${personColumns} from people where id = ${id} for update of people`)
}

/** For signing in: whoever it is, one query. */
export async function findPassword(
  queries: Queries,
  email: string,
): Promise<{ readonly id: string; readonly passwordHash: string | null } | null> {
  return queries.maybe(sql<{ id: string; passwordHash: string | null }>`
    select id, password_hash as "passwordHash" from people where lower(email) = lower(${email}) and disabled_at is null`)
}

/** Holds the row: true while the password is the one that was checked and the person may sign in. */
export async function confirmPassword(tx: Tx, id: string, passwordHash: string): Promise<boolean> {
  const row = await tx.maybe(sql`
    select from people where id = ${id} and password_hash = ${passwordHash} and disabled_at is null for update`)
  return row !== null
}

/** In alphabetical order, after the cursor. */
export async function listPeople(
  queries: Queries,
  search: string | null,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<readonly Person[]> {
  const wanted = search === null ? sql`true` : sql`strpos(lower(name || ' ' || email), lower(${search})) > 0`
  return queries.many(sql<Person>`
    select ${personColumns} from people
    where ${wanted} and (${after === null ? sql`true` : sql`(lower(name), id) > (lower(${after.name}), ${after.id}::uuid)`})
    order by lower(name), id limit ${limit}`)
}

export async function insertPerson(
  tx: Tx,
  person: Pick<Person, 'id' | 'email' | 'name' | 'role' | 'timeZone'> & {
    readonly passwordHash?: string
    readonly account?: { readonly issuer: string; readonly subject: string }
  },
): Promise<Person> {
  return tx.one(sql<Person>`
    insert into people (id, email, name, role, time_zone, password_hash, issuer, subject)
    values (${person.id}, ${person.email}, ${person.name}, ${person.role}, ${person.timeZone}, ${person.passwordHash ?? null},
      ${person.account?.issuer ?? null}, ${person.account?.subject ?? null})
    returning ${personColumns}`)
}

export interface PersonChange {
  readonly name?: string
  readonly role?: Role
  readonly timeZone?: string
  readonly disabled?: boolean
  readonly passwordHash?: string
  readonly account?: { readonly issuer: string; readonly subject: string }
}

export async function savePerson(tx: Tx, id: string, change: PersonChange): Promise<Person> {
  const sets = [sql`version = version + 1`]
  if (change.name !== undefined) sets.push(sql`name = ${change.name}`)
  if (change.role !== undefined) sets.push(sql`role = ${change.role}`)
  if (change.timeZone !== undefined) sets.push(sql`time_zone = ${change.timeZone}`)
  if (change.disabled !== undefined)
    sets.push(change.disabled ? sql`disabled_at = coalesce(disabled_at, mainstay_now())` : sql`disabled_at = null`)
  if (change.passwordHash !== undefined) sets.push(sql`password_hash = ${change.passwordHash}`)
  if (change.account !== undefined)
    sets.push(sql`issuer = ${change.account.issuer}, subject = ${change.account.subject}`)
  return tx.one(sql<Person>`update people set ${sql.join(sets)} where id = ${id} returning ${personColumns}`)
}

/** Locks everybody who could administer, so that two cannot remove each other at once. */
export async function lockAdministrators(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.many(sql<{ id: string }>`
    select id from people where role = 'admin' and disabled_at is null order by id for update`)
  return rows.map((row) => row.id)
}

export async function isAnybodyHere(queries: Queries): Promise<boolean> {
  return (await queries.one(sql<{ here: boolean }>`select exists (select from people) as here`)).here
}

/** One at a time decides who is first. */
export async function lockFirstArrival(tx: Tx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtext('identity.first-arrival'))`)
}

export interface TeamMember {
  readonly email: string
  readonly team: string
}

/** Makes the memberships be these. True when that changed anything. */
export async function replaceTeams(tx: Tx, members: readonly TeamMember[]): Promise<boolean> {
  const emails = members.map((member) => member.email.toLowerCase())
  const teams = members.map((member) => member.team)
  const gone = await tx.run(sql`
    delete from person_teams where (email, team) not in (select * from unnest(${emails}::text[], ${teams}::text[]))`)
  const come = await tx.run(sql`
    insert into person_teams (email, team) select distinct * from unnest(${emails}::text[], ${teams}::text[]) order by 1, 2
    on conflict do nothing`)
  return gone + come > 0
}
