// May a service be changed at an instant, and why not: what holds it, and what was excepted. Only of what is stored.
import type { Role } from '../../../kernel/actor.ts'
import { roleAtLeast } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Approvers } from './policy.ts'

export interface Hold {
  readonly id: string
  readonly kind: 'freeze' | 'approval'
  readonly policy: string
  readonly allows: readonly string[]
  readonly since: Instant
  /** Ends then at the latest; null when only the step ends it. */
  readonly until: Instant | null
  readonly endedAt: Instant | null
}

export interface ChangeException {
  readonly id: string
  /** Of one policy; null: whatever holds the service. */
  readonly policy: string | null
  readonly from: Instant
  readonly until: Instant
  readonly approvedAt: Instant | null
  readonly withdrawnAt: Instant | null
}

export const changeVerdicts = ['allowed', 'needs-approval', 'frozen'] as const
export type ChangeVerdict = (typeof changeVerdicts)[number]

export function isInForce(hold: Pick<Hold, 'since' | 'until' | 'endedAt'>, at: Instant): boolean {
  return hold.since <= at && (hold.until === null || at < hold.until) && (hold.endedAt === null || at < hold.endedAt)
}

/** Asked for is not approved, expired is over, withdrawn is over: none of them has an effect. */
export function isEffective(exception: Omit<ChangeException, 'id' | 'policy'>, at: Instant): boolean {
  const { from, until, approvedAt, withdrawnAt } = exception
  return (
    approvedAt !== null && approvedAt <= at && from <= at && at < until && (withdrawnAt === null || at < withdrawnAt)
  )
}

export interface JudgedHold<Of extends Hold> {
  readonly hold: Of
  /** Why it does not stand in the way; null when it does. */
  readonly passes: 'allowed-kind' | { readonly exception: string } | null
}

export function decideChange<Of extends Hold>(
  holds: readonly Of[],
  exceptions: readonly ChangeException[],
  asked: { readonly at: Instant; readonly kind: string | null },
): { readonly verdict: ChangeVerdict; readonly holds: readonly JudgedHold<Of>[] } {
  const { at, kind } = asked
  const judged = holds
    .filter((hold) => isInForce(hold, at))
    .map((hold): JudgedHold<Of> => {
      if (kind !== null && hold.allows.includes(kind)) return { hold, passes: 'allowed-kind' }
      const exception = exceptions.find(
        (each) => isEffective(each, at) && (each.policy === null || each.policy === hold.policy),
      )
      return { hold, passes: exception === undefined ? null : { exception: exception.id } }
    })
  const standing = judged.filter(({ passes }) => passes === null)
  const verdict = standing.some(({ hold }) => hold.kind === 'freeze')
    ? 'frozen'
    : standing.length > 0
      ? 'needs-approval'
      : 'allowed'
  return { verdict, holds: judged }
}

/** Whether somebody may let changes of a team's service pass, by their role and their teams. */
export function maySanction(
  approver: { readonly role: Role; readonly teams: readonly string[] },
  needed: Approvers,
  team: string | null,
): boolean {
  if (approver.role === 'admin') return true
  if (!roleAtLeast(approver.role, needed.role)) return false
  return [...needed.teams, ...(team === null ? [] : [team])].some((each) => approver.teams.includes(each))
}
