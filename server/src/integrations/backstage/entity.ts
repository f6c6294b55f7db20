// One Backstage entity as it was read: what is needed of it, and what is wrong with it.
import type { Fault } from '../../kernel/app-error.ts'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { type EntityRef, formatRef, nameOf, parseRef, type RefDefaults, toLabel } from './entity-ref.ts'

export const entityKinds = ['Component', 'API', 'System', 'Domain', 'Resource', 'Group', 'User', 'Location'] as const
export type EntityKind = (typeof entityKinds)[number]

export interface Entity {
  readonly kind: EntityKind
  readonly ref: EntityRef
  /** Our name for it. */
  readonly name: string
  readonly metadata: JsonObject
  readonly spec: JsonObject
}

export type EntityReading =
  | { readonly ok: true; readonly entity: Entity; readonly warnings: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[] }

export function readEntity(document: JsonObject): EntityReading {
  const kind = entityKinds.find((each) => each.toLowerCase() === String(document.kind).toLowerCase())
  if (kind === undefined) {
    const detail = `Backstage's kind ${JSON.stringify(document.kind ?? null)} describes nothing the catalog keeps. Taken are ${entityKinds.join(', ')}. Leave this document out.`
    return { ok: false, faults: [{ pointer: '/kind', detail }] }
  }
  const metadata = isJsonObject(document.metadata) ? document.metadata : {}
  const raw = typeof metadata.name === 'string' ? metadata.name : ''
  const namespace = typeof metadata.namespace === 'string' && metadata.namespace !== '' ? metadata.namespace : 'default'
  const ref = parseRef(raw, { kind, namespace })
  const name = ref === null || raw.includes(':') || raw.includes('/') ? null : nameOf(ref)
  if (ref === null || name === null) {
    const detail = `It must be a name of letters, digits, - _ and . of at most 63 characters (it is ${JSON.stringify(metadata.name ?? null)}).`
    return { ok: false, faults: [{ pointer: '/metadata/name', detail }] }
  }
  const warnings = toLabel(raw) === raw ? [] : [{ pointer: '/metadata/name', detail: `${raw} is called ${name} here.` }]
  return {
    ok: true,
    entity: { kind, ref, name, metadata, spec: isJsonObject(document.spec) ? document.spec : {} },
    warnings,
  }
}

/** The references of a list, with their place; what is none is left out with a warning. */
export function refsOf(
  entity: Entity,
  field: string,
  defaultKind: string,
  warn: (fault: Fault) => void,
): readonly { ref: EntityRef; pointer: string; text: string }[] {
  const value = entity.spec[field]
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? value : [value]
  const defaults: RefDefaults = { kind: defaultKind, namespace: entity.ref.namespace }
  return list.flatMap((item: unknown, index) => {
    const pointer = Array.isArray(value) ? `/spec/${field}/${index}` : `/spec/${field}`
    const ref = typeof item === 'string' ? parseRef(item, defaults) : null
    if (ref === null) {
      warn({ pointer, detail: `${JSON.stringify(item)} is no reference such as component:default/orders; left out.` })
      return []
    }
    return [{ ref, pointer, text: formatRef(ref) }]
  })
}

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null
