// Ajv, two ways: parameters come as text and are coerced, bodies are taken as they are. Unknown fields are refused
// with a hint, never dropped in silence.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import type { Fault } from '../../kernel/app-error.ts'
import { parseInstant } from '../../kernel/instant.ts'
import { nearest } from '../../kernel/names.ts'

const formats = {
  'date-time': (text: string) => parseInstant(text) !== null,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  uri: (text: string) => URL.canParse(text),
  email: /^[^\s@]{1,64}@[^\s@]{1,255}$/,
}

export function createValidation(): FastifySchemaCompiler<TSchema> {
  // Infinity (1e400) is a number to JavaScript and to nobody else.
  const shared = { useDefaults: true, verbose: true, strict: false, strictNumbers: true, formats }
  const texts = { ...shared, coerceTypes: 'array' } as const
  const quick = { text: new Ajv(texts), body: new Ajv(shared) }
  const thorough = { text: new Ajv({ ...texts, allErrors: true }), body: new Ajv({ ...shared, allErrors: true }) }
  return ({ schema, httpPart }) => {
    const part = httpPart === 'body' ? 'body' : 'text'
    // Compiled when it is first asked: all of them at once are most of what a start costs, and a page may wait for that start.
    let own: ReturnType<typeof exactIntegers<TSchema>> | undefined
    let isValid: ValidateFunction | undefined
    // All faults at once is a kindness to a person's request; for a flood of them the first one must do.
    let explain: ValidateFunction | undefined
    const validate = (data: unknown): boolean | { error: Error & { validation?: unknown } } => {
      own ??= exactIntegers(closed(schema))
      isValid ??= quick[part].compile(own)
      if (isValid(data)) return part === 'body' ? true : refuseInfinite(data)
      let errors = isValid.errors
      if (!isLarger(data, { left: largeFrom })) {
        explain ??= thorough[part].compile(own)
        if (!explain(data)) errors = explain.errors
      }
      return refusal(errors)
    }
    return validate
  }
}

const refusal = (validation: unknown) => ({
  error: Object.assign(new Error('The input does not have the expected shape.'), { validation }),
})

// The coercion of texts to numbers knows Infinity and 1e400 whatever `strictNumbers` says.
function refuseInfinite(data: unknown): true | { error: Error & { validation?: unknown } } {
  const infinite = Object.entries(data ?? {}).find(([, value]) => typeof value === 'number' && !Number.isFinite(value))
  if (infinite === undefined) return true
  return refusal([{ instancePath: `/${infinite[0]}`, keyword: 'type', params: {}, message: 'must be a finite number' }])
}

/** Values in a request from which on only its first fault is told. */
const largeFrom = 5_000

function isLarger(value: unknown, budget: { left: number }): boolean {
  budget.left -= 1
  if (budget.left < 0) return true
  if (typeof value !== 'object' || value === null) return false
  for (const item of Array.isArray(value) ? value : Object.values(value)) if (isLarger(item, budget)) return true
  return false
}

/** Objects without a word on additional properties take none. */
export function closed<S>(schema: S): S {
  if (Array.isArray(schema)) return schema.map(closed) as S
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'enum' || key === 'const' || key === 'default' ? value : closed(value),
    ]),
  )
  if (copy.type === 'object' && 'properties' in copy && !('additionalProperties' in copy) && !('allOf' in copy))
    copy.additionalProperties = false
  return copy as S
}

/** 1e21 is an integer to JSON Schema; beyond 2^53 JavaScript holds none exactly and writes them as no database reads them. */
function exactIntegers<S>(schema: S): S {
  if (Array.isArray(schema)) return schema.map(exactIntegers) as S
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'enum' || key === 'const' || key === 'default' ? value : exactIntegers(value),
    ]),
  )
  if (copy.type === 'integer') {
    copy.minimum ??= Number.MIN_SAFE_INTEGER
    copy.maximum ??= Number.MAX_SAFE_INTEGER
  }
  return copy as S
}

/** At most 20 faults, each with place, what is wrong and the way out. */
export function faultsOf(errors: readonly unknown[], where = ''): readonly Fault[] {
  const seen = new Set<string>()
  const faults: Fault[] = []
  for (const raw of errors as readonly ErrorObject[]) {
    if (raw.keyword === 'anyOf' || raw.keyword === 'oneOf' || raw.keyword === 'if') continue
    const fault = { pointer: `${where}${pointerOf(raw)}`, detail: sentenceOf(raw) }
    const key = `${fault.pointer} ${fault.detail}`
    if (!seen.has(key) && faults.length < 20) faults.push(fault)
    seen.add(key)
  }
  return faults.length > 0 ? faults : [{ pointer: where, detail: 'It matches none of the accepted shapes.' }]
}

function pointerOf(error: ErrorObject): string {
  const missing: unknown = error.params.missingProperty ?? error.params.additionalProperty
  return typeof missing === 'string' ? `${error.instancePath}/${missing}` : error.instancePath
}

function sentenceOf(error: ErrorObject): string {
  const value = error.data === undefined ? '' : ` (it is ${shorten(error.data)})`
  switch (error.keyword) {
    case 'required':
      return 'It is missing.'
    case 'additionalProperties': {
      const name = String(error.params.additionalProperty)
      const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {})
      const near = nearest(name, known)
      return near === null
        ? `There is no such field. Known: ${known.join(', ')}.`
        : `There is no such field. Did you mean ${near}?`
    }
    case 'enum':
      return `It must be one of ${(error.params.allowedValues as unknown[]).join(', ')}${value}.`
    case 'const':
      return `It must be ${JSON.stringify(error.params.allowedValue)}${value}.`
    case 'pattern':
      return `It must match ${String(error.params.pattern)}${value}.`
    case 'format':
      return `It must be a ${String(error.params.format)}${value}.`
    default:
      return `It ${error.message ?? 'is wrong'}${value}.`
  }
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
