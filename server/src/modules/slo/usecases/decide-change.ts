// May a service be changed at an instant: from stored decisions alone.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findService } from '../../catalog/index.ts'
import { type ChangeVerdict, decideChange, type JudgedHold } from '../core/change-decision.ts'
import { appliesTo } from '../core/policy.ts'
import { type HoldRow, listExceptionsAround, listHolds } from '../holds.store.ts'
import { listPolicies } from '../policies.store.ts'
import { readBudgets } from '../states.store.ts'
import { presentHold } from './describe-policies.ts'

const mostHolds = 200

export async function readChangeDecision(
  queries: Queries,
  order: { readonly service: string; readonly at: Instant | null; readonly kind: string | null },
) {
  const { service, kind } = order
  const found = await findService(queries, service)
  if (found === null) throw new AppError('not-found', 'slo.unknown-service', `There is no service ${service}.`)
  const at = order.at ?? (await queries.now())
  const rows = await listHolds(queries, { service, objective: null, inForceAt: at }, null, mostHolds)
  const exceptions = await listExceptionsAround(queries, service, at)
  const { verdict, holds } = decideChange(rows, exceptions, { at, kind })
  const policies = await listPolicies(queries)
  const unmeasured = (await readBudgets(queries, { services: [service] })).filter(
    (row) =>
      (row.state === null || row.state === 'no-data') &&
      policies.some((policy) => appliesTo(policy.scope, { ...row, team: found.team, tier: found.tier })),
  )
  return {
    service,
    at: formatInstant(at),
    verdict,
    sentence: sentenceOf(service, verdict, holds),
    holds: holds.map(({ hold, passes }) => {
      const sanction = passes === null || passes === 'allowed-kind' ? null : passes.exception
      return {
        ...presentHold(hold, exceptions.find((each) => each.id === sanction) ?? null),
        passes: passes === null || passes === 'allowed-kind' ? passes : ('exception' as const),
      }
    }),
    unmeasured: unmeasured.map((row) => row.name),
  }
}

function sentenceOf(service: string, verdict: ChangeVerdict, holds: readonly JudgedHold<HoldRow>[]): string {
  const standing = holds.filter(({ passes }) => passes === null).map(({ hold }) => hold)
  const [first] = standing.filter((hold) => verdict !== 'frozen' || hold.kind === 'freeze')
  if (first !== undefined) {
    const word = verdict === 'frozen' ? 'is frozen' : 'needs an approval'
    return `${service} ${word} by the policy ${first.policy}: ${first.sentence} ${first.endsWhen}`
  }
  if (holds.length === 0) return `No policy holds up changes of ${service}.`
  return holds.every(({ passes }) => passes === 'allowed-kind')
    ? `${service} is held up, but not for this kind of change.`
    : `${service} is held up, and an exception lets changes pass.`
}
