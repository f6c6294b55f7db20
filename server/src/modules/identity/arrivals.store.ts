// All SQL on ways in that are not a session yet: one-time links, guesses, sign-ins at the OpenID provider.
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

export type LinkPurpose = 'setup' | 'recovery' | 'invitation'

export async function insertLink(
  tx: Tx,
  link: { tokenHash: Buffer; purpose: LinkPurpose; personId: string | null; validMs: number },
): Promise<void> {
  await tx.run(sql`
    insert into setup_links (token_hash, purpose, person_id, expires_at)
    values (${link.tokenHash}, ${link.purpose}, ${link.personId}, mainstay_now() + make_interval(secs => ${link.validMs / 1000}))`)
}

/** Takes the link out of the world; a second taker gets nothing. */
export async function takeLink(
  tx: Tx,
  tokenHash: Buffer,
): Promise<{ readonly purpose: LinkPurpose; readonly personId: string | null } | null> {
  return tx.maybe(sql<{ purpose: LinkPurpose; personId: string | null }>`
    delete from setup_links where token_hash = ${tokenHash} and expires_at > mainstay_now()
    returning purpose, person_id as "personId"`)
}

export async function deleteLinks(tx: Tx, purpose: LinkPurpose, personId: string | null = null): Promise<void> {
  await tx.run(sql`
    delete from setup_links where purpose = ${purpose} and (${personId}::uuid is null or person_id = ${personId}::uuid)`)
}

/** Counts the attempt before anything is checked: guesses sent at once are all counted. Answers the counts by key. */
export async function countAttempts(
  tx: Tx,
  keys: readonly string[],
  windowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const over = sql`known.window_start < mainstay_now() - make_interval(secs => ${windowMs / 1000})`
  const rows = await tx.many(sql<{ key: string; attempts: number }>`
    insert into sign_in_attempts as known (key, attempts, window_start)
    select key, 1, mainstay_now() from unnest(${[...keys].sort()}::text[]) as wanted (key)
    on conflict (key) do update set
      attempts = case when ${over} then 1 else known.attempts + 1 end,
      window_start = case when ${over} then mainstay_now() else known.window_start end
    returning key, attempts`)
  return new Map(rows.map((row) => [row.key, row.attempts]))
}

export async function forgetAttempts(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.run(sql`delete from sign_in_attempts where key = any(${[...keys].sort()})`)
}

export async function isKnownPlace(queries: Queries, email: string, address: string): Promise<boolean> {
  return (
    await queries.one(sql<{ known: boolean }>`
      select exists (select from sign_in_places join people on people.id = sign_in_places.person_id
        where lower(people.email) = lower(${email}) and sign_in_places.address = ${address}) as known`)
  ).known
}

export interface SignOnUnderWay {
  readonly nonce: string
  readonly codeVerifier: string
  readonly returnTo: string
}

export async function insertSignOn(queries: Queries, stateHash: Buffer, signOn: SignOnUnderWay): Promise<void> {
  await queries.run(sql`
    insert into oidc_sign_ins (state_hash, nonce, code_verifier, return_to)
    values (${stateHash}, ${signOn.nonce}, ${signOn.codeVerifier}, ${signOn.returnTo})`)
}

/** Good once, for ten minutes. */
export async function takeSignOn(queries: Queries, stateHash: Buffer): Promise<SignOnUnderWay | null> {
  return queries.maybe(sql<SignOnUnderWay>`
    delete from oidc_sign_ins where state_hash = ${stateHash} and created_at > mainstay_now() - interval '10 minutes'
    returning nonce, code_verifier as "codeVerifier", return_to as "returnTo"`)
}
