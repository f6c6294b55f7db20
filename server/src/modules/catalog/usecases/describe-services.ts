// Read models over declared objects: services with owner, dependants and defaults; teams; journeys.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant } from '../../../kernel/instant.ts'
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { ServiceSummary } from '../catalog.contract.ts'
import type { CatalogPorts } from '../catalog.ports.ts'
import {
  countReferrers,
  findResource,
  findResources,
  listByKind,
  listServicesOfTeams,
  type StoredResource,
} from '../catalog.store.ts'
import { dependantsOf, type Reached, radiusIn, tierDefaults } from '../core/index.ts'
import { dependenciesOf } from '../kinds/kinds.ts'
import { dependenciesAbove } from './walk-dependencies.ts'

// A team with more has another problem; the list of services filters by team.
const mostServices = 500
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : [])
export const tierOf = (spec: JsonObject): number => (typeof spec.tier === 'number' ? spec.tier : 2)
export const displayNameOf = (stored: StoredResource): string => stored.document.metadata.displayName ?? stored.name

// A link without a title is called by what it is: `Runbook`. Its address alone says less.
const wordOf = (kind: string | null): string | null =>
  kind === null || kind === 'other' ? null : kind.charAt(0).toUpperCase() + kind.slice(1)

export function summarize(stored: StoredResource): ServiceSummary {
  const { spec, metadata } = stored.document
  return {
    name: stored.name,
    displayName: displayNameOf(stored),
    description: metadata.description ?? '',
    team: text(spec.team),
    tier: tierOf(spec),
    lifecycle: text(spec.lifecycle) ?? 'production',
    type: text(spec.type) ?? 'service',
    system: text(spec.system),
    dependsOn: dependenciesOf(spec).map((each) => ({ ...each })),
    environments: texts(spec.environments),
    links: objects(spec.links).map((link) => ({
      title: text(link.title) ?? wordOf(text(link.kind)) ?? text(link.url) ?? '',
      url: text(link.url) ?? '',
      kind: text(link.kind) ?? 'other',
    })),
    labels: Object.fromEntries(
      Object.entries(metadata.labels ?? {}).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : value.join(', '),
      ]),
    ),
    escalationPolicy: text(spec.escalationPolicy),
  }
}

/** Where each service stands is known by a later room; asked once for the whole page. */
export async function withStandings(queries: Queries, ports: CatalogPorts, services: readonly ServiceSummary[]) {
  const found = await ports.standingsOf?.(
    queries,
    services.map((each) => each.name),
  )
  const standings = new Map(found?.map((each) => [each.service, each]))
  return services.map((service) => {
    const { count = 0, state = null, level = 'none' } = standings.get(service.name) ?? {}
    return { ...service, objectives: found === undefined ? null : { count, state, level } }
  })
}

export async function findService(queries: Queries, name: string): Promise<ServiceSummary | null> {
  const stored = await findResource(queries, { kind: 'Service', name })
  return stored === null ? null : summarize(stored)
}

/** Several at once, for rooms that enrich what they show. Unknown names are left out. */
export async function findServices(queries: Queries, names: readonly string[]): Promise<readonly ServiceSummary[]> {
  const stored = await findResources(
    queries,
    [...new Set(names)].map((name) => ({ kind: 'Service', name })),
  )
  return stored.map(summarize)
}

export interface ReachedService extends Reached {
  readonly displayName: string
  readonly tier: number
}

export async function reachOf(queries: Queries, name: string): Promise<ReachedService[]> {
  return [...((await reachOfEach(queries, [name])).get(name) ?? [])]
}

/** Of several at once, with as many statements as for one. */
export async function reachOfEach(
  queries: Queries,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly ReachedService[]>> {
  const dependants = dependantsOf(await dependenciesAbove(queries, names))
  const reached = new Map(names.map((name) => [name, radiusIn(dependants, name)]))
  const services = [...new Set([...reached.values()].flatMap((each) => each.map(({ service }) => service)))]
  const stored = await findResources(
    queries,
    services.map((name) => ({ kind: 'Service', name })),
  )
  const known = new Map(stored.map((each) => [each.name, each]))
  const describe = (each: Reached): ReachedService => {
    const own = known.get(each.service)
    return {
      ...each,
      displayName: own === undefined ? each.service : displayNameOf(own),
      tier: own === undefined ? 2 : tierOf(own.document.spec),
    }
  }
  return new Map([...reached].map(([name, each]) => [name, each.map(describe)]))
}

export async function describeService(queries: Queries, name: string) {
  const stored = await findResource(queries, { kind: 'Service', name })
  if (stored === null) throw new AppError('not-found', 'catalog.unknown-service', `There is no service ${name}.`)
  const summary = summarize(stored)
  const journeys = await listByKind(queries, 'Journey', null, 500)
  const owner = summary.team === null ? null : await describeTeam(queries, summary.team).catch(() => null)
  const defaults = tierDefaults.find((each) => each.tier === summary.tier) ?? tierDefaults[2]
  return {
    ...summary,
    dependants: await reachOf(queries, name),
    contacts: [...contactsOf(stored.document.spec), ...(owner?.contacts ?? [])],
    members: owner?.members ?? [],
    sloCount: await countReferrers(queries, { kind: 'Service', name }, 'SLO'),
    journeys: journeys.filter((each) => texts(each.document.spec.services).includes(name)).map((each) => each.name),
    defaults: {
      availabilityTarget: defaults?.availabilityTarget ?? 0.995,
      escalateAfterMs: defaults?.escalateAfterMs ?? 0,
      rtoMs: defaults?.rtoMs ?? 0,
      rpoMs: defaults?.rpoMs ?? 0,
      gate: defaults?.gate ?? 'warn',
    },
    version: stored.version,
    manager: stored.createdBy,
    updatedAt: formatInstant(stored.updatedAt),
  }
}

export async function describeTeam(queries: Queries, name: string) {
  const stored = await findResource(queries, { kind: 'Team', name })
  if (stored === null) throw new AppError('not-found', 'catalog.unknown-team', `There is no team ${name}.`)
  const [team] = await presentTeams(queries, [stored])
  if (team === undefined) throw new Error('One team makes one answer.')
  return team
}

export async function presentTeams(queries: Queries, teams: readonly StoredResource[]) {
  const members = [...new Set(teams.flatMap((team) => texts(team.document.spec.members)))]
  const people = new Map(
    (
      await findResources(
        queries,
        members.map((name) => ({ kind: 'Person', name })),
      )
    ).map((each) => [each.name, each]),
  )
  const services = new Map<string, string[]>(teams.map((each) => [each.name, []]))
  for (const { team, name } of await listServicesOfTeams(queries, [...services.keys()])) services.get(team)?.push(name)
  return teams.map(({ name, document: { spec, metadata } }) => ({
    name,
    displayName: metadata.displayName ?? name,
    lead: text(spec.lead),
    members: texts(spec.members).map((member) => {
      const found = people.get(member)
      return {
        name: member,
        displayName: found === undefined ? member : displayNameOf(found),
        email: text(found?.document.spec.email) ?? '',
        timeZone: text(found?.document.spec.timeZone),
      }
    }),
    contacts: contactsOf(spec),
    services: (services.get(name) ?? []).slice(0, mostServices),
  }))
}

/** How a service or a team says that it is reached. */
export function contactsOf(spec: JsonObject) {
  return objects(spec.contacts).map((each) => ({
    label: text(each.label) ?? '',
    kind: text(each.kind) ?? 'url',
    value: text(each.value) ?? '',
  }))
}
