// The catalog's own kinds. Later rooms bring theirs (SLO, Schedule, EscalationPolicy, Probe, …).
import type { JsonObject } from '../../../kernel/json.ts'
import type { Admission, Reference, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { DomainSpec, EnvironmentSpec, JourneySpec, PersonSpec, ServiceSpec, SystemSpec, TeamSpec } from './schemas.ts'

const fine: Admission = { faults: [], warnings: [] }
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const toOne = (kind: string, spec: JsonObject, field: string): readonly Reference[] => {
  const name = text(spec[field])
  return name === null ? [] : [{ kind, name, pointer: `/spec/${field}` }]
}
const toMany = (kind: string, spec: JsonObject, field: string): readonly Reference[] =>
  texts(spec[field]).map((name, index) => ({ kind, name, pointer: `/spec/${field}/${index}` }))
const ownTeam = (document: ResourceDocument): string | null => text(document.spec.team)

export interface DeclaredDependency {
  readonly service: string
  readonly strength: 'hard' | 'soft'
}

/** `dependsOn` takes a bare name or an object. */
export function dependenciesOf(spec: JsonObject): readonly DeclaredDependency[] {
  const list = Array.isArray(spec.dependsOn) ? spec.dependsOn : []
  return list.flatMap((item) => {
    if (typeof item === 'string') return [{ service: item, strength: 'hard' as const }]
    const { service, strength } = item
    return typeof service === 'string'
      ? [{ service, strength: strength === 'soft' ? ('soft' as const) : ('hard' as const) }]
      : []
  })
}

const person: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Person',
  plural: 'people',
  aliases: ['person'],
  summary: 'Somebody who owns, responds or is asked',
  order: 10,
  spec: PersonSpec,
  owner: () => null,
  references: () => [],
  admit: ({ spec }) => {
    const zone = text(spec.timeZone)
    if (zone === null || isZone(zone)) return fine
    return {
      faults: [
        { pointer: '/spec/timeZone', detail: `There is no time zone ${zone}. Use an IANA name such as Europe/Berlin.` },
      ],
      warnings: [],
    }
  },
}

const team: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Team',
  plural: 'teams',
  aliases: ['team'],
  summary: 'People who own services together',
  order: 20,
  spec: TeamSpec,
  owner: (document) => document.metadata.name,
  references: ({ spec }) => [...toOne('Person', spec, 'lead'), ...toMany('Person', spec, 'members')],
  admit: ({ spec }) =>
    texts(spec.members).length === 0
      ? {
          faults: [],
          warnings: [{ pointer: '/spec', detail: 'The team has no members, so nobody can be reached through it.' }],
        }
      : fine,
}

const domain: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Domain',
  plural: 'domains',
  summary: 'An area of the business',
  order: 30,
  spec: DomainSpec,
  owner: ownTeam,
  references: ({ spec }) => toOne('Team', spec, 'team'),
  admit: () => fine,
}
const system: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'System',
  plural: 'systems',
  summary: 'Services that belong together',
  order: 31,
  spec: SystemSpec,
  owner: ownTeam,
  references: ({ spec }) => [...toOne('Team', spec, 'team'), ...toOne('Domain', spec, 'domain')],
  admit: () => fine,
}
const environment: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Environment',
  plural: 'environments',
  aliases: ['env'],
  summary: 'Where services run',
  order: 32,
  spec: EnvironmentSpec,
  owner: () => null,
  references: () => [],
  admit: () => fine,
}

const service: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Service',
  plural: 'services',
  aliases: ['svc', 'service'],
  summary: 'Something that runs, or that we depend on, with an owner and a tier',
  order: 40,
  spec: ServiceSpec,
  owner: ownTeam,
  // The escalation policy is a later kind and may be declared after the service: its own room checks it at paging.
  references: ({ spec }) => [
    ...toOne('Team', spec, 'team'),
    ...toOne('System', spec, 'system'),
    ...toMany('Environment', spec, 'environments'),
    ...dependenciesOf(spec).map((each, index) => ({
      kind: 'Service',
      name: each.service,
      pointer: `/spec/dependsOn/${index}`,
    })),
  ],
  admit: ({ metadata, spec }) => {
    const faults = dependenciesOf(spec).flatMap((each, index) =>
      each.service === metadata.name
        ? [{ pointer: `/spec/dependsOn/${index}`, detail: 'A service cannot depend on itself.' }]
        : [],
    )
    const warnings = [
      ...(text(spec.team) === null
        ? [{ pointer: '/spec', detail: 'Nobody owns it: set spec.team, or its alerts go to the fallback.' }]
        : []),
      ...(Number(spec.tier ?? 2) <= 1 && !hasRunbook(spec)
        ? [{ pointer: '/spec/links', detail: 'A tier 0 or 1 service should link a runbook (kind: runbook).' }]
        : []),
    ]
    return { faults, warnings }
  },
}

const journey: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Journey',
  plural: 'journeys',
  aliases: ['journey'],
  summary: 'What users come to do, and the services they pass through',
  order: 50,
  spec: JourneySpec,
  owner: ownTeam,
  references: ({ spec }) => [...toOne('Team', spec, 'team'), ...toMany('Service', spec, 'services')],
  admit: () => fine,
}

export const catalogKinds: readonly ResourceKind[] = [person, team, domain, system, environment, service, journey]

function hasRunbook(spec: JsonObject): boolean {
  return (
    Array.isArray(spec.links) &&
    spec.links.some((link) => typeof link === 'object' && link !== null && 'kind' in link && link.kind === 'runbook')
  )
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}
