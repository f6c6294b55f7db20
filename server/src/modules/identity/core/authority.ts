// Who may hand which rights on: nobody gives more than they have.
import { type Actor, type Role, roleAtLeast } from '../../../kernel/actor.ts'
import { covers } from './permission.ts'

export interface WantedKey {
  readonly role: Role
  readonly scopes: readonly string[]
  readonly teams: readonly string[]
  readonly service: boolean
}

/** Null when the actor may create it, else a sentence. */
export function judgeKey(actor: Actor, wanted: WantedKey): string | null {
  if (actor.kind !== 'person' && actor.kind !== 'key') return 'Only people and keys create keys.'
  if (!roleAtLeast(actor.role, wanted.role)) return `A key cannot have the role ${wanted.role}: yours is ${actor.role}.`
  if (wanted.service && !roleAtLeast(actor.role, 'admin'))
    return 'A service key outlives its maker, so an administrator creates it. Leave out `service` for a key of your own.'
  if (!wanted.service && actor.kind === 'key') return 'A key has no keys of its own. Create a service key.'
  if (!wanted.service && wanted.teams.length > 0)
    return 'A key of your own has your teams. Only a service key names them.'
  if (actor.kind === 'key') {
    const missing = wanted.scopes.find((scope) => !actor.scopes.some((own) => covers(own, scope)))
    if (missing !== undefined) return `A key cannot hand on the scope ${missing}, which it lacks.`
  }
  return null
}

/** What a personal key may do now: never more than its maker. */
export function lesserRole(a: Role, b: Role): Role {
  return roleAtLeast(a, b) ? b : a
}
