// Who did something: every journal entry names one.

export const roles = ['viewer', 'responder', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

export type Actor =
  | {
      readonly kind: 'person'
      readonly id: string
      readonly name: string
      readonly role: Role
      readonly teams: readonly string[]
    }
  | {
      readonly kind: 'key'
      readonly id: string
      readonly name: string
      readonly role: Role
      readonly teams: readonly string[]
      readonly scopes: readonly string[]
    }
  /** The product itself, named by the part that acted: `slo.evaluate`, `oncall.escalate`. */
  | { readonly kind: 'automation'; readonly id: string; readonly name: string }
  /** A person through a signed link (acknowledge from a mail), without a session. */
  | { readonly kind: 'link'; readonly id: string; readonly name: string }

export function automation(part: string): Actor {
  return { kind: 'automation', id: part, name: part }
}

export function roleAtLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}
