// Field ownership of declared objects: what a manager (Git, the console) may change without asking, and what it takes over.
// A field is the JSON pointer of a leaf; lists are leaves, because their items have no names.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'

export type Fields = ReadonlyMap<string, JsonValue>
// What they wrote fills a gap until somebody declares it: a person who signed up, before Git says more.
const seedManagers: ReadonlySet<string> = new Set(['identity'])
/** Pointer → manager. */
export type Owners = Readonly<Record<string, string>>

export function fieldsOf(object: JsonObject, prefix = ''): Fields {
  const fields = new Map<string, JsonValue>()
  for (const [key, value] of Object.entries(object)) {
    const pointer = `${prefix}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (isJsonObject(value) && Object.keys(value).length > 0)
      for (const [inner, leaf] of fieldsOf(value, pointer)) fields.set(inner, leaf)
    else fields.set(pointer, value)
  }
  return fields
}

interface Branch {
  [key: string]: JsonValue
}

export function objectOf(fields: Fields): JsonObject {
  const root: Branch = {}
  const branches = new Map<string, Branch>([['', root]])
  for (const [pointer, value] of [...fields].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const keys = pointer.split('/').slice(1)
    let at = root
    let prefix = ''
    for (const key of keys.slice(0, -1)) {
      prefix += `/${key}`
      const inner = branches.get(prefix) ?? {}
      if (!branches.has(prefix)) {
        branches.set(prefix, inner)
        define(at, key, inner)
      }
      at = inner
    }
    define(at, keys.at(-1) ?? '', value)
  }
  return root
}

// Plain assignment to `__proto__` would change the prototype instead of setting a field.
function define(target: Branch, key: string, value: JsonValue): void {
  Object.defineProperty(target, key.replaceAll('~1', '/').replaceAll('~0', '~'), {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  })
}

export interface FieldChange {
  readonly path: string
  readonly before: JsonValue | null
  readonly after: JsonValue | null
  /** Who owned it, when somebody other than the manager did. */
  readonly owner: string | null
}

export interface Merge {
  readonly fields: Fields
  readonly owners: Owners
  readonly changes: readonly FieldChange[]
  /** Fields of another manager that this one would change; empty when `force` takes them over. */
  readonly conflicts: readonly FieldChange[]
}

/**
 * Server-side apply: the manager's document wins on its own and on unowned fields, fields it owned and no longer
 * mentions go away, fields of others stay, and touching them is a conflict unless forced.
 */
export function mergeFields(current: Fields, owners: Owners, desired: Fields, manager: string, force: boolean): Merge {
  const fields = new Map(current)
  const nextOwners: Record<string, string> = { ...owners }
  const changes: FieldChange[] = []
  const conflicts: FieldChange[] = []

  for (const [path, after] of desired) {
    const before = current.get(path)
    const owner = owners[path] ?? null
    const foreign = owner !== null && owner !== manager && !seedManagers.has(owner) ? owner : null
    const same = before !== undefined && equal(before, after)
    // `spec: {}` asks for nothing, so fields that others keep below it stay.
    const present = [...fields.keys()]
    if (isJsonObject(after) && present.some((other) => other.startsWith(`${path}/`))) continue
    // A leaf in the way of a branch (or the reverse) belongs to the same decision.
    const displaced = present.filter((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`))
    if (same) {
      if (foreign === null) nextOwners[path] = manager
      continue
    }
    const change = { path, before: before ?? null, after, owner: foreign }
    if (foreign !== null && !force) {
      conflicts.push(change)
      continue
    }
    for (const other of displaced) {
      fields.delete(other)
      delete nextOwners[other]
    }
    changes.push(change)
    fields.set(path, after)
    nextOwners[path] = manager
  }
  for (const [path, owner] of Object.entries(owners)) {
    if (owner !== manager || desired.has(path) || !fields.has(path)) continue
    changes.push({ path, before: current.get(path) ?? null, after: null, owner: null })
    fields.delete(path)
    delete nextOwners[path]
  }
  return { fields, owners: nextOwners, changes, conflicts }
}

export function equal(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null) && index in b)
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = Object.keys(a)
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null))
    )
  }
  return false
}
