// Reads Backstage's `catalog-info.yaml` unchanged. Translates; decides nothing.
// Source: Backstage's descriptor format of catalog entities, v1alpha1 and v1beta1.
import type { Fault } from '../../kernel/app-error.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { DocumentTranslator, KnownObject, Translation } from '../../modules/catalog/catalog.ports.ts'
import { type Entity, type EntityReading, readEntity } from './entity.ts'
import { formatRef } from './entity-ref.ts'
import { refAnnotation } from './metadata.ts'
import { type Surroundings, surroundingsOf } from './surroundings.ts'
import { emailOf, translateEntity } from './translate-entity.ts'

export const backstageTranslator: DocumentTranslator = {
  name: 'backstage',
  // Templates and other plug-ins' kinds carry a version below backstage.io too: they are refused with a reason.
  matches: (document) =>
    typeof document.apiVersion === 'string' && /^([a-z0-9-]+\.)*backstage\.io\//.test(document.apiVersion),
  translate: translateEntities,
}

const kindsHere: Readonly<Record<string, string>> = {
  ...{ Component: 'Service', API: 'Service', Resource: 'Service', Group: 'Team', User: 'Person' },
  ...{ System: 'System', Domain: 'Domain', Location: 'Location' },
}

function translateEntities(documents: readonly JsonObject[], known: readonly KnownObject[]): readonly Translation[] {
  const read = documents.map(readEntity)
  const refs = new Set([
    ...read.flatMap((each) => (each.ok ? [formatRef(each.entity.ref)] : [])),
    ...known.flatMap((each) => each.annotations[refAnnotation] ?? []),
  ])
  const readings = read.map((reading) => rename(reading, refs))
  const entities = readings.flatMap((reading) => (reading.ok ? [reading.entity] : []))
  const around = surroundingsOf(entities, known, (entity) => entity.kind !== 'User' || emailOf(entity) !== null)
  return readings.map((reading, index) => {
    if (!reading.ok) return { documents: [], faults: reading.faults, warnings: [], leftOut: null }
    const version = documents[index]?.apiVersion
    return translateOne(reading.entity, around, [...reading.warnings, ...oddVersion(version)])
  })
}

function translateOne(entity: Entity, around: Surroundings, before: readonly Fault[]): Translation {
  const warnings = [...before]
  const document = translateEntity(entity, around, (fault) => warnings.push(fault))
  return {
    documents: document === null ? [] : [document],
    faults: [],
    warnings,
    leftOut: document === null ? { kind: kindsHere[entity.kind] ?? entity.kind, name: entity.name } : null,
  }
}

/** A resource and a component may share a name; both are services here, so the resource takes another. */
function rename(reading: EntityReading, refs: ReadonlySet<string>): EntityReading {
  if (!reading.ok || reading.entity.kind !== 'Resource') return reading
  const { entity } = reading
  if (!refs.has(formatRef({ ...entity.ref, kind: 'component' }))) return reading
  const name = `${entity.name.slice(0, 53)}--resource`
  const detail = `A component has the same name, so this resource is called ${name} here.`
  return {
    ok: true,
    entity: { ...entity, name },
    warnings: [...reading.warnings, { pointer: '/metadata/name', detail }],
  }
}

function oddVersion(version: unknown): readonly Fault[] {
  if (version === 'backstage.io/v1alpha1' || version === 'backstage.io/v1beta1') return []
  return [{ pointer: '/apiVersion', detail: `${String(version)} was read as backstage.io/v1alpha1.` }]
}
