// Decides whether an actor may do something, and says how to get there when not.
import { type Actor, type Role, roleAtLeast } from '../../../kernel/actor.ts'

/** One row of the permission table. */
export type NeededPermission =
  | { readonly open: true }
  | { readonly role: Role; readonly otherTeam?: Role; readonly scope: string }

export type PermissionVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: 'no-row' }
  | { readonly allowed: false; readonly because: 'not-signed-in' }
  | { readonly allowed: false; readonly because: 'scope'; readonly scope: string }
  | {
      readonly allowed: false
      readonly because: 'role'
      readonly needed: Role
      readonly has: Role
      /** The owner, when it is another team that makes the difference. */
      readonly owner: string | null
    }

/** `owner` is the team that owns what is touched; null when nobody does. */
export function judgePermission(
  actor: Actor,
  permission: NeededPermission | undefined,
  owner: string | null,
): PermissionVerdict {
  if (permission === undefined) return { allowed: false, because: 'no-row' }
  if ('open' in permission) return { allowed: true }
  // Automation acts inside the server and asks nobody; a link carries its own narrow right.
  if (actor.kind !== 'person' && actor.kind !== 'key') return { allowed: false, because: 'not-signed-in' }
  if (actor.kind === 'key' && !actor.scopes.some((scope) => covers(scope, permission.scope)))
    return { allowed: false, because: 'scope', scope: permission.scope }
  const foreign = owner !== null && !actor.teams.includes(owner)
  const needed = foreign ? (permission.otherTeam ?? permission.role) : permission.role
  if (roleAtLeast(actor.role, needed)) return { allowed: true }
  const ownerMatters = foreign && roleAtLeast(actor.role, permission.role)
  return { allowed: false, because: 'role', needed, has: actor.role, owner: ownerMatters ? owner : null }
}

/** `catalog:read` covers itself, `catalog:*` the room, `*` everything. */
export function covers(scope: string, needed: string): boolean {
  return scope === '*' || scope === needed || (scope.endsWith(':*') && `${needed}:`.startsWith(scope.slice(0, -1)))
}

/** One sentence: what is missing and who can give it. `grantors` are names of administrators. */
export function explainRefusal(
  verdict: Exclude<PermissionVerdict, { allowed: true }>,
  grantors: readonly string[],
): string {
  const who = grantors.length === 0 ? 'An administrator' : grantors.slice(0, 3).join(' or ')
  switch (verdict.because) {
    case 'no-row':
      return 'Nobody may do this: it has no row in the permission table.'
    case 'not-signed-in':
      return 'Sign in, or send an API key.'
    case 'scope':
      return `This key lacks the scope ${verdict.scope}. ${who} or its maker can create a key that has it.`
    case 'role':
      return verdict.owner === null
        ? `This needs the role ${verdict.needed}; yours is ${verdict.has}. ${who} can grant it.`
        : `This belongs to team ${verdict.owner}. Changing what another team owns needs the role ${verdict.needed}; yours is ${verdict.has}. Ask ${verdict.owner}, or ${who} to grant it.`
  }
}
