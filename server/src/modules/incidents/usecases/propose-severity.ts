// Which severity the measurements speak for: tier, burn and what is left of the budget, journeys.
import { isJsonObject } from '../../../kernel/json.ts'
import { tiers } from '../../../kernel/severity.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findServices, listByKind } from '../../catalog/index.ts'
import { describeObjectives } from '../../slo/index.ts'
import { proposeSeverity, proposeWithPeople, type SeverityProposal } from '../core/index.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { readPolicy } from './read-policy.ts'

export async function proposeFor(
  queries: Queries,
  ports: Pick<IncidentsPorts, 'burnOf'>,
  names: readonly string[],
  people: number | null = null,
): Promise<SeverityProposal> {
  const services = await findServices(queries, names)
  const journeys = await journeysThrough(queries, names)
  const affected = []
  for (const name of names) {
    affected.push({
      service: name,
      tier: tiers.find((tier) => tier === services.find((each) => each.name === name)?.tier) ?? null,
      burnRate: await ports.burnOf(queries, name),
      budgetLeft: await budgetLeft(queries, name),
      journeys: journeys.get(name) ?? [],
    })
  }
  const proposal = proposeSeverity(affected)
  if (people === null) return proposal
  return proposeWithPeople(proposal, { people, from: (await readPolicy(queries)).severities })
}

/** Shown names of the journeys through each of the services. */
export async function journeysThrough(
  queries: Queries,
  services: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  if (services.length === 0) return found
  for (const { name, document } of await listByKind(queries, 'Journey', null, 500)) {
    const listed = Array.isArray(document.spec.services) ? document.spec.services : []
    const through = listed.map((each) => (isJsonObject(each) ? each.service : each))
    for (const service of services)
      if (through.includes(service))
        found.set(service, [...(found.get(service) ?? []), document.metadata.displayName ?? name])
  }
  return found
}

async function budgetLeft(queries: Queries, service: string): Promise<number | null> {
  const rows = await describeObjectives(queries, { service, state: null, sort: 'remaining' }, null, 200)
  const left = rows.map((row) => row.summary.budget.remainingRatio).filter((each) => each !== null)
  return left.length === 0 ? null : Math.min(...left)
}
