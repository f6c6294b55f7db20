// Objectives with what scopes of policies and reports ask of them: the team and the tier of their service. And what
// policies act on: journeys, too.
import type { Queries } from '../../../platform/database/queries.ts'
import { findServices } from '../../catalog/index.ts'
import type { Scoped } from '../core/policy.ts'
import { journeyKey, subjectOf } from '../core/subject.ts'
import { readJourneyBudgets } from '../journeys.store.ts'
import { type BudgetRow, readBudgets } from '../states.store.ts'

export type ScopedBudget = BudgetRow & Scoped
/** Of a journey `name` is its key, and `service` is empty: it passes through several. */
export type PolicySubject = ScopedBudget & { readonly services: readonly string[] }

export async function listScoped(queries: Queries, names?: readonly string[]): Promise<readonly ScopedBudget[]> {
  const rows = await readBudgets(queries, names === undefined ? {} : { names })
  const services = new Map(
    (await findServices(queries, [...new Set(rows.map((row) => row.service))])).map((each) => [each.name, each]),
  )
  return rows.map((row) => {
    const service = services.get(row.service)
    return { ...row, team: service?.team ?? null, tier: service?.tier ?? null }
  })
}

export async function listPolicySubjects(
  queries: Queries,
  keys?: readonly string[],
): Promise<readonly PolicySubject[]> {
  const objectives = await listScoped(queries, keys)
  const asked = keys === undefined || keys.some((key) => subjectOf(key).kind === 'journey')
  const journeys = asked ? await listScopedJourneys(queries) : []
  return [
    ...objectives.map((row) => ({ ...row, services: [row.service] })),
    ...journeys.filter((row) => keys === undefined || keys.includes(row.name)),
  ]
}

export async function listScopedJourneys(queries: Queries): Promise<readonly PolicySubject[]> {
  return (await readJourneyBudgets(queries)).map(({ name, team, state, asOf, remaining, services }) => ({
    ...{ name: journeyKey(name), document: name, service: '', team, tier: null, asOf, services },
    // Expiry is shown, and changes nothing of what is left.
    state: state === 'expired' ? 'ok' : state,
    // It rolls: what is left to date is all there is to say.
    ...{ remaining, projected: remaining },
  }))
}
