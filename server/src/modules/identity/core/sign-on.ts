// What a sign-in at the OpenID provider means for us: who it is, with which role, or why not.
import { type Role, roles } from '../../../kernel/actor.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'

export interface ProviderAccount {
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  /** The provider vouches for the address. Without it an address proves nothing. */
  readonly emailVerified: boolean
  readonly name: string | null
  readonly claims: JsonObject
}

export interface RoleRules {
  readonly defaultRole: Role
  /** Path of the claim that lists groups: `groups`, `realm_access.roles`. Null: roles are given here. */
  readonly claim: string | null
  /** Group to role; the highest wins. */
  readonly roleOf: Readonly<Record<string, Role>>
}

export interface KnownPerson {
  readonly id: string
  readonly role: Role
  readonly disabled: boolean
  /** Linked to an account of this provider. */
  readonly subject: string | null
}

export type SignOnVerdict =
  | { readonly refused: 'no-email' | 'email-unverified' | 'disabled' | 'linked-elsewhere' }
  | { readonly create: { readonly email: string; readonly name: string; readonly role: Role } }
  /** `role` null: stays as it is. */
  | { readonly person: string; readonly link: boolean; readonly role: Role | null }

export function judgeSignOn(
  account: ProviderAccount,
  known: { readonly byAccount: KnownPerson | null; readonly byEmail: KnownPerson | null },
  rules: RoleRules,
): SignOnVerdict {
  const role = mappedRole(account.claims, rules)
  const { byAccount, byEmail } = known
  if (byAccount !== null) {
    return byAccount.disabled
      ? { refused: 'disabled' }
      : { person: byAccount.id, link: false, role: changed(byAccount, role) }
  }
  if (account.email === null) return { refused: 'no-email' }
  if (!account.emailVerified) return { refused: 'email-unverified' }
  if (byEmail === null) {
    const { email } = account
    return { create: { email, name: account.name ?? email.split('@')[0] ?? email, role: role ?? rules.defaultRole } }
  }
  if (byEmail.disabled) return { refused: 'disabled' }
  // An address that has moved to another account there must not inherit the person here.
  if (byEmail.subject !== null) return { refused: 'linked-elsewhere' }
  return { person: byEmail.id, link: true, role: changed(byEmail, role) }
}

const changed = (person: KnownPerson, role: Role | null): Role | null => (role === person.role ? null : role)

/** Null when roles are not given by the provider. With a claim and no known group it is the default role. */
function mappedRole(claims: JsonObject, rules: RoleRules): Role | null {
  if (rules.claim === null) return null
  const groups = textsAt(claims, rules.claim)
  const given = groups.flatMap((group) => (Object.hasOwn(rules.roleOf, group) ? [rules.roleOf[group]] : []))
  return roles.filter((role) => given.includes(role)).at(-1) ?? rules.defaultRole
}

function textsAt(claims: JsonObject, path: string): readonly string[] {
  // A claim may have dots in its very name (`https://example.com/groups`), so the whole path is tried first.
  let value: JsonValue | undefined = claims[path]
  if (value === undefined) {
    value = claims
    for (const part of path.split('.')) value = isJsonObject(value) ? value[part] : undefined
  }
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}
