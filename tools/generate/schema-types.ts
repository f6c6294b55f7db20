// JSON Schema, the part of it that TypeBox writes, as TypeScript types.

export type Schema = Readonly<Record<string, unknown>>

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value.filter(isSchema) : [])
const entriesOf = (value: unknown): readonly (readonly [string, Schema])[] =>
  isSchema(value) ? Object.entries(value).flatMap(([key, each]) => (isSchema(each) ? [[key, each] as const] : [])) : []

/** How an object writes its optional fields: what is sent may name them as undefined, what is received may not. */
export type Direction = 'sent' | 'received'

export function typeOf(schema: unknown, direction: Direction = 'received'): string {
  if (!isSchema(schema) || Object.keys(schema).length === 0) return 'unknown'
  if (typeof schema.$ref === 'string') return typeName(schema.$ref.split('/').at(-1) ?? '')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return union(schema.enum.map((each) => JSON.stringify(each)))
  const choices = [...listOf(schema.anyOf), ...listOf(schema.oneOf)]
  if (choices.length > 0) return union(choices.map((each) => typeOf(each, direction)))
  const parts = listOf(schema.allOf)
  if (parts.length > 0) return parts.map((each) => `(${typeOf(each, direction)})`).join(' & ')
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, direction)))
  switch (schema.type) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return arrayOf(schema, direction)
    case 'object':
      return objectOf(schema, direction)
    default:
      return 'properties' in schema ? objectOf(schema, direction) : 'unknown'
  }
}

function arrayOf(schema: Schema, direction: Direction): string {
  const tuple = listOf(schema.prefixItems ?? (Array.isArray(schema.items) ? schema.items : undefined))
  if (tuple.length > 0) return `readonly [${tuple.map((each) => typeOf(each, direction)).join(', ')}]`
  const item = typeOf(schema.items, direction)
  return /^[\w.]+$/.test(item) ? `readonly ${item}[]` : `readonly (${item})[]`
}

function objectOf(schema: Schema, direction: Direction): string {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const fields = entriesOf(schema.properties).map(([key, each]) => {
    const type = typeOf(each, direction)
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)
    return required.has(key)
      ? `readonly ${name}: ${type}`
      : `readonly ${name}?: ${type}${direction === 'sent' ? ' | undefined' : ''}`
  })
  const values = [
    ...entriesOf(schema.patternProperties).map(([, each]) => each),
    ...listOf([schema.additionalProperties]),
  ]
  const open = values.length > 0 ? union(values.map((each) => typeOf(each, direction))) : 'unknown'
  if (fields.length > 0) return `{ ${fields.join('; ')} }`
  return schema.additionalProperties === false && values.length === 0
    ? 'Readonly<Record<string, never>>'
    : `Readonly<Record<string, ${open}>>`
}

function union(types: readonly string[]): string {
  const members = [...new Set(types)]
  return members.includes('unknown') ? 'unknown' : members.join(' | ')
}

/** A component's title as a type name: `Page of alerts` → `PageOfAlerts`. */
export function typeName(title: string): string {
  return title
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
