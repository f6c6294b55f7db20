// Backstage's names: entity references `[kind:][namespace/]name`, and how each becomes a name of ours.

export interface EntityRef {
  /** Lower-case: `component`, `group`. */
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

export interface RefDefaults {
  readonly kind: string
  readonly namespace: string
}

/** Null when it is no reference. Parts are compared without case, as Backstage does. */
export function parseRef(text: string, defaults: RefDefaults): EntityRef | null {
  const match = /^(?:([A-Za-z][A-Za-z0-9._-]{0,62}):)?(?:([A-Za-z0-9._-]{1,63})\/)?([A-Za-z0-9._-]{1,63})$/.exec(
    text.trim(),
  )
  if (match === null) return null
  const [, kind, namespace, name = ''] = match
  return {
    kind: (kind ?? defaults.kind).toLowerCase(),
    namespace: (namespace ?? defaults.namespace).toLowerCase(),
    name: name.toLowerCase(),
  }
}

/** The full form, which is how references are compared and kept. */
export function formatRef(ref: EntityRef): string {
  return `${ref.kind}:${ref.namespace}/${ref.name}`
}

/**
 * Lower-case, everything else but letters and digits becomes `-`; the same text always gives the same label. Null when
 * nothing is left. What a name loses to the 63 characters is told apart by four hex digits of its hash.
 */
export function toLabel(text: string): string | null {
  const label = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  if (label === '') return null
  if (label.length <= 63) return label
  return `${label.slice(0, 58).replace(/-+$/, '')}-${shortHash(label)}`
}

// Kinds that share one list with components here may have the same name there: `orders` and its API `orders`.
const suffixes: Readonly<Record<string, string>> = { api: '--api' }

/**
 * Our name for an entity. The default namespace is silent, others stand in front: `payments/ledger` → `payments--ledger`.
 * Depends on nothing but the reference, so it is the same in every import.
 */
export function nameOf(ref: EntityRef): string | null {
  const space = ref.namespace === 'default' ? '' : `${ref.namespace}--`
  return toLabel(`${space}${ref.name}${suffixes[ref.kind] ?? ''}`)
}

// FNV-1a, 16 of its 32 bits: enough to tell two long names apart, and it needs no library.
function shortHash(text: string): string {
  let hash = 0x811c9dc5
  for (const sign of text) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return (hash & 0xffff).toString(16).padStart(4, '0')
}
