// Reads a parsed document field by field and collects every fault with its JSON pointer, so that an author mends a
// file once. Absent fields are null.
import type { Fault } from '../../../kernel/app-error.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { isName, nearest } from '../../../kernel/names.ts'

export interface Cursor {
  readonly at: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly faults: Fault[]
}

export function fault(cursor: Cursor, path: string, detail: string): null {
  cursor.faults.push({ pointer: `${cursor.at}${path}`, detail })
  return null
}

const quote = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

export const step = (key: string | number): string => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** Opens an object and refuses the keys it does not know. `keys` null: any key. */
export function openObject(value: unknown, at: string, faults: Fault[], keys: readonly string[] | null): Cursor | null {
  if (!isJsonObject(value)) {
    faults.push({ pointer: at, detail: `Must be an object, but is ${quote(value)}.` })
    return null
  }
  const cursor = { at, fields: value, faults }
  for (const key of keys === null ? [] : Object.keys(value).filter((each) => !keys.includes(each))) {
    const near = nearest(key, keys ?? [])
    const hint = near === null ? `Known here: ${(keys ?? []).join(', ')}.` : `Did you mean \`${near}\`?`
    fault(cursor, step(key), `\`${key}\` is not known here. ${hint}`)
  }
  return cursor
}

export function has(cursor: Cursor, key: string): boolean {
  return Object.hasOwn(cursor.fields, key) && cursor.fields[key] !== undefined && cursor.fields[key] !== null
}

function field(cursor: Cursor, key: string, required: boolean): unknown {
  if (has(cursor, key)) return cursor.fields[key]
  if (required) fault(cursor, '', `\`${key}\` is missing.`)
  return undefined
}

export interface TextRule {
  readonly required?: boolean
  readonly most?: number
  readonly name?: boolean
  readonly among?: readonly string[]
}

export function text(cursor: Cursor, key: string, rule: TextRule = {}): string | null {
  const value = field(cursor, key, rule.required === true)
  if (value === undefined) return null
  const here = step(key)
  if (typeof value !== 'string') return fault(cursor, here, `Must be a text, but is ${quote(value)}.`)
  if (rule.required === true && value === '') return fault(cursor, here, 'Must not be empty.')
  if (rule.most !== undefined && [...value].length > rule.most)
    return fault(cursor, here, `Must have at most ${rule.most} characters, but has ${[...value].length}.`)
  if (rule.name === true && !isName(value))
    return fault(cursor, here, `${quote(value)} is no name: lower-case letters, digits and inner hyphens, at most 63.`)
  if (rule.among !== undefined && !rule.among.includes(value)) {
    const near = nearest(value, rule.among)
    const hint = near === null ? '' : ` Did you mean \`${near}\`?`
    return fault(cursor, here, `${quote(value)} is none of ${rule.among.join(', ')}.${hint}`)
  }
  return value
}

/** One of a closed list, typed as such. */
export function choice<Value extends string>(
  cursor: Cursor,
  key: string,
  among: readonly Value[],
  required = false,
): Value | null {
  const value = text(cursor, key, { required, among })
  return among.find((each) => each === value) ?? null
}

export function number(cursor: Cursor, key: string, required = false): number | null {
  const value = field(cursor, key, required)
  if (value === undefined) return null
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : fault(cursor, step(key), `Must be a number, but is ${quote(value)}.`)
}

export function flag(cursor: Cursor, key: string): boolean | null {
  const value = field(cursor, key, false)
  if (value === undefined) return null
  return typeof value === 'boolean' ? value : fault(cursor, step(key), `Must be true or false, but is ${quote(value)}.`)
}

export function object(cursor: Cursor, key: string, keys: readonly string[] | null, required = false): Cursor | null {
  const value = field(cursor, key, required)
  return value === undefined ? null : openObject(value, `${cursor.at}${step(key)}`, cursor.faults, keys)
}

/** Reads each entry; entries that cannot be read are left out, their faults are kept. */
export function list<Item>(
  cursor: Cursor,
  key: string,
  read: (value: unknown, at: string) => Item | null,
  required = false,
): Item[] {
  const value = field(cursor, key, required)
  if (value === undefined) return []
  const at = `${cursor.at}${step(key)}`
  if (!Array.isArray(value)) {
    fault(cursor, step(key), `Must be a list, but is ${quote(value)}.`)
    return []
  }
  return value.map((item: unknown, index) => read(item, `${at}/${index}`)).filter((item) => item !== null)
}

export function count(cursor: Cursor, key: string): number {
  const value = cursor.fields[key]
  return Array.isArray(value) ? value.length : 0
}

/** Exactly one of the keys; says which are there when it is not. */
export function exactlyOne(cursor: Cursor, keys: readonly string[]): string | null {
  const given = keys.filter((key) => has(cursor, key))
  if (given.length === 1) return given[0] ?? null
  const found = given.length === 0 ? 'none is there' : `${given.join(' and ')} are there`
  return fault(cursor, '', `Exactly one of ${keys.join(', ')} is needed, but ${found}.`)
}
