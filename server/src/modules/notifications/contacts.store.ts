// All SQL on contacts, personal rules and the push key.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { type ContactKind, noRules, type PersonalRules, type PersonalStep } from './core/index.ts'

export interface ContactRow {
  readonly id: string
  readonly person: string
  readonly kind: ContactKind
  readonly label: string
  /** Sealed. */
  readonly address: string
  readonly verifiedAt: Instant | null
  readonly codeHash: string | null
  readonly codeExpiresAt: Instant | null
  readonly codeGuesses: number
  readonly disabledAt: Instant | null
  readonly disabledBecause: string | null
  readonly createdAt: Instant
}

const columns = sql`id, person, kind, label, address, verified_at as "verifiedAt", code_hash as "codeHash", code_expires_at as "codeExpiresAt",
  code_guesses as "codeGuesses", disabled_at as "disabledAt", disabled_because as "disabledBecause", created_at as "createdAt"`

export async function listContactRows(queries: Queries, people: readonly string[]): Promise<readonly ContactRow[]> {
  return queries.many(
    sql<ContactRow>`select ${columns} from contacts where person = any(${[...people]}) order by person, created_at, id`,
  )
}

export async function lockContact(tx: Tx, id: string): Promise<ContactRow | null> {
  return tx.maybe(sql<ContactRow>`select ${columns} from contacts where id = ${id} for update`)
}

export async function findContact(queries: Queries, id: string): Promise<ContactRow | null> {
  return queries.maybe(sql<ContactRow>`select ${columns} from contacts where id = ${id}`)
}

/** Verified ones of every person, whoever has saved the same address. */
export async function findByIdentity(
  queries: Queries,
  kind: ContactKind,
  fingerprint: string,
): Promise<readonly ContactRow[]> {
  return queries.many(sql<ContactRow>`
    select ${columns} from contacts where kind = ${kind} and fingerprint = ${fingerprint} and verified_at is not null
    order by created_at, id limit 20`)
}

export interface NewContact {
  readonly id: string
  readonly person: string
  readonly kind: ContactKind
  readonly label: string
  readonly address: string
  readonly fingerprint: string
  readonly verifiedAt: Instant | null
}

/**
 * Null when the person has the same one already. A push subscription that was gone and comes again is taken back.
 */
export async function insertContact(tx: Tx, contact: NewContact): Promise<ContactRow | null> {
  return tx.maybe(sql<ContactRow>`
    insert into contacts (id, person, kind, label, address, fingerprint, verified_at)
    values (${contact.id}, ${contact.person}, ${contact.kind}, ${contact.label}, ${contact.address}, ${contact.fingerprint},
      ${contact.verifiedAt === null ? sql`null::timestamptz` : timestamp(contact.verifiedAt)})
    on conflict (person, kind, fingerprint) do update
      set id = excluded.id, label = excluded.label, address = excluded.address, verified_at = excluded.verified_at,
        disabled_at = null, disabled_because = null
      where contacts.disabled_at is not null
    returning ${columns}`)
}

export async function countContacts(tx: Tx, person: string): Promise<number> {
  return (await tx.one(sql<{ count: number }>`select count(*)::int as count from contacts where person = ${person}`))
    .count
}

export async function setCode(tx: Tx, id: string, hash: string, expiresAt: Instant): Promise<void> {
  await tx.run(
    sql`update contacts set code_hash = ${hash}, code_expires_at = ${timestamp(expiresAt)}, code_guesses = 0 where id = ${id}`,
  )
}

export async function countGuess(queries: Queries, id: string): Promise<void> {
  await queries.run(sql`update contacts set code_guesses = code_guesses + 1 where id = ${id}`)
}

export async function setVerified(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`
    update contacts set verified_at = coalesce(verified_at, mainstay_now()), code_hash = null, code_expires_at = null,
      disabled_at = null, disabled_because = null where id = ${id}`)
}

export async function disableContact(tx: Tx, id: string, because: string): Promise<boolean> {
  const changed = await tx.run(sql`
    update contacts set disabled_at = mainstay_now(), disabled_because = ${because} where id = ${id} and disabled_at is null`)
  return changed === 1
}

export async function removeContact(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`delete from contacts where id = ${id}`)
}

export async function loadRules(
  queries: Queries,
  people: readonly string[],
): Promise<ReadonlyMap<string, PersonalRules>> {
  const rows = await queries.many(
    sql<{
      person: string
      high: readonly PersonalStep[]
      low: readonly PersonalStep[]
    }>`select person, high, low from notification_rules where person = any(${[...people]})`,
  )
  return new Map(rows.map(({ person, high, low }) => [person, { high, low }]))
}

export const rulesOf = (rules: ReadonlyMap<string, PersonalRules>, person: string): PersonalRules =>
  rules.get(person) ?? noRules

export async function saveRules(tx: Tx, person: string, rules: PersonalRules): Promise<void> {
  await tx.run(sql`
    insert into notification_rules (person, high, low) values (${person}, ${json(rules.high)}, ${json(rules.low)})
    on conflict (person) do update set high = excluded.high, low = excluded.low,
      version = notification_rules.version + 1, updated_at = mainstay_now()`)
}

export interface StoredPushKeys {
  readonly publicKey: string
  /** Sealed. */
  readonly privateKey: string
}

export async function findPushKeys(queries: Queries): Promise<StoredPushKeys | null> {
  return queries.maybe(
    sql<StoredPushKeys>`select public_key as "publicKey", private_key as "privateKey" from push_keys where id = 1`,
  )
}

/** Two processes may start at once: the first one's key stays. */
export async function insertPushKeys(tx: Tx, keys: StoredPushKeys): Promise<void> {
  await tx.run(sql`
    insert into push_keys (id, public_key, private_key) values (1, ${keys.publicKey}, ${keys.privateKey}) on conflict (id) do nothing`)
}
