// One row for each operation: who may do it. A route without a row does not start, and fails the check.
import type { Role } from '../../kernel/actor.ts'

export type Permission =
  /** Needs no sign-in. */
  | { readonly open: true }
  | {
      /** The least role that may do it on what the caller's own team owns, and on what nobody owns. */
      readonly role: Role
      /** The least role for what another team owns; the same unless said. */
      readonly otherTeam?: Role
      /** The scope an API key needs beside its role. */
      readonly scope: string
    }

export type PermissionTable = Readonly<Record<string, Permission>>
