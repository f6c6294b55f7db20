// Accounts (identity) and people (catalog) are joined by their e-mail address.
import type { Actor } from '../../kernel/actor.ts'
import { findPersonByEmail as findDeclaredPerson, listByKind } from '../../modules/catalog/index.ts'
import { findOwnerOfKey, findPerson, listPeople } from '../../modules/identity/index.ts'
import type { Queries } from '../../platform/database/queries.ts'

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

/** The catalog's name of whoever acts, also by a key of their own; null for service keys, automation and accounts without a Person. */
export async function declaredNameOf(queries: Queries, actor: Actor): Promise<string | null> {
  // A link was signed for one person of the catalog and carries the name.
  if (actor.kind === 'link') return actor.id
  const accountId =
    actor.kind === 'person' ? actor.id : actor.kind === 'key' ? await findOwnerOfKey(queries, actor.id) : null
  const account = accountId === null ? null : await findPerson(queries, accountId)
  return account === null ? null : ((await findDeclaredPerson(queries, account.email))?.name ?? null)
}

/** What is shown and stored as "by whom": the catalog's name where there is one. */
export async function shownNameOf(queries: Queries, actor: Actor): Promise<string> {
  return (await declaredNameOf(queries, actor)) ?? actor.name
}

/** O(teams × members), asked after a change of the catalog only. */
export async function membersOfTeams(queries: Queries): Promise<readonly { email: string; team: string }[]> {
  const emails = new Map(
    (await listByKind(queries, 'Person', null, 50_000)).map((person) => [
      person.name,
      text(person.document.spec.email),
    ]),
  )
  const teams = await listByKind(queries, 'Team', null, 10_000)
  return teams.flatMap((team) =>
    texts(team.document.spec.members).flatMap((member) => {
      const email = emails.get(member)
      return email === undefined || email === null ? [] : [{ email, team: team.name }]
    }),
  )
}

/** Administrators by their names in the catalog: whom to page when nothing else says whom. */
export async function administrators(queries: Queries): Promise<readonly string[]> {
  const names: string[] = []
  for (const account of await listPeople(queries, null, null, 500)) {
    if (account.role !== 'admin' || account.disabledAt !== null) continue
    const person = await findDeclaredPerson(queries, account.email)
    if (person !== null) names.push(person.name)
  }
  return names
}
