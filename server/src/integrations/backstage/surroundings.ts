// What an entity may refer to: the other entities of the text, what stands beside them, and what the catalog has.
import type { Fault } from '../../kernel/app-error.ts'
import type { KnownObject } from '../../modules/catalog/catalog.ports.ts'
import { type Entity, refsOf } from './entity.ts'
import { type EntityRef, formatRef, nameOf } from './entity-ref.ts'
import { providesAnnotation, refAnnotation } from './metadata.ts'

const kindHere: Readonly<Record<string, string>> = {
  component: 'Service',
  api: 'Service',
  resource: 'Service',
  system: 'System',
  domain: 'Domain',
  group: 'Team',
  user: 'Person',
}

export interface Surroundings {
  /** Full references of the entities of the text. */
  readonly declares: (ref: string) => boolean
  /** Our name of what is referred to, or null when nobody has declared it. */
  readonly find: (ref: EntityRef) => string | null
  /** The service that provides the interface, or null. */
  readonly providerOf: (api: EntityRef) => string | null
  /** Our names of the entities that say they are needed by this one (`dependencyOf`). */
  readonly neededBy: (ref: EntityRef) => readonly string[]
  /** Our names of the users that say they belong to the group (`memberOf`). */
  readonly membersOf: (group: EntityRef) => readonly string[]
}

export function surroundingsOf(
  entities: readonly Entity[],
  known: readonly KnownObject[],
  isKept: (entity: Entity) => boolean,
): Surroundings {
  const kept = entities.filter(isKept)
  const declared = new Map(kept.map((entity) => [formatRef(entity.ref), entity.name]))
  const all = new Set(entities.map((entity) => formatRef(entity.ref)))
  const byName = new Set(known.map((each) => `${each.kind}/${each.name}`))
  const byRef = new Map(known.map((each) => [each.annotations[refAnnotation], each.name]))
  const providers = new Map<string, string>()
  for (const each of known)
    for (const api of (each.annotations[providesAnnotation] ?? '').split(', ')) providers.set(api, each.name)
  for (const entity of entities)
    if (entity.kind === 'Component') for (const api of providedBy(entity)) providers.set(api, entity.name)
  const needed = sayingOf(kept, 'dependencyOf', 'component')
  const members = sayingOf(
    kept.filter((entity) => entity.kind === 'User'),
    'memberOf',
    'group',
  )
  return {
    declares: (ref) => all.has(ref),
    find: (ref) => {
      const full = formatRef(ref)
      const name = nameOf(ref)
      const plain = name !== null && byName.has(`${kindHere[ref.kind] ?? ''}/${name}`) ? name : null
      return declared.get(full) ?? byRef.get(full) ?? plain
    },
    providerOf: (api) => providers.get(formatRef(api)) ?? null,
    neededBy: (ref) => needed.get(formatRef(ref)) ?? [],
    membersOf: (group) => members.get(formatRef(group)) ?? [],
  }
}

/** Which entities name a reference in the field, by that reference. */
function sayingOf(entities: readonly Entity[], field: string, kind: string): ReadonlyMap<string, readonly string[]> {
  const saying = new Map<string, string[]>()
  for (const entity of entities)
    for (const { text } of refsOf(entity, field, kind, silent)) {
      const names = saying.get(text)
      if (names === undefined) saying.set(text, [entity.name])
      else names.push(entity.name)
    }
  return saying
}

const silent = (_fault: Fault): void => undefined

export function providedBy(entity: Entity): readonly string[] {
  return refsOf(entity, 'providesApis', 'api', silent).map((each) => each.text)
}
