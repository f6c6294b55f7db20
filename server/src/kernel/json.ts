// JSON values, and the checks that keep hostile text out of PostgreSQL.

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }
export type JsonObject = { readonly [key: string]: JsonValue }

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** PostgreSQL text holds neither NUL nor half a surrogate pair (SQLSTATE 22021, 22P05). */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}

/** The JSON pointer of the first text that PostgreSQL cannot hold, or null. Depth is bounded by the body parser. */
export function findUnstorable(value: unknown, pointer = ''): string | null {
  if (typeof value === 'string') return isStorableText(value) ? null : pointer
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = findUnstorable(item, `${pointer}/${index}`)
      if (found !== null) return found
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      const found = isStorableText(key) ? findUnstorable(item, at) : at
      if (found !== null) return found
    }
  }
  return null
}
