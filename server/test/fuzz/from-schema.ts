// JSON Schema → fast-check: values that obey every rule with a liking for the edges, and values that break exactly one.
import fc, { type Arbitrary } from 'fast-check'

export type JsonSchema = Readonly<Record<string, unknown>>

export interface SchemaWorld {
  /** Follows `#/components/schemas/…`. */
  readonly resolve: (reference: string) => JsonSchema
  /** Ids and names that exist, as they become known: half of all ids are some of these. Under a path, those seen there. */
  readonly known: (under?: string) => readonly string[]
}

const list = (value: unknown): readonly JsonSchema[] => (Array.isArray(value) ? value : [])
const object = (value: unknown): JsonSchema =>
  typeof value === 'object' && value !== null ? (value as JsonSchema) : {}
const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise)

/** Texts that broke other people's servers. All of them can be stored, so they are valid wherever text is. */
const oddTexts = [
  '__proto__',
  'constructor',
  'null',
  "'; drop table alerts; --",
  '%',
  '%%_',
  '\\',
  '{{x}}',
  '<script>alert(1)</script>',
  '=1+1',
  '\r\nBcc: a@b.example',
  '\u202e\u0007',
  '👩‍👩‍👧‍👦',
  'İ',
  '1e400',
  'NaN',
  'America/Nowhere',
  '9'.repeat(40),
]

/** Fields whose values are names of something: where these are known from. */
const collections: Readonly<Record<string, string>> = {
  ...{ service: 'services', services: 'services', team: 'teams', teams: 'teams', objective: 'objectives' },
  ...{ alert: 'alerts', alerts: 'alerts', ids: 'alerts', incident: 'incidents', schedule: 'schedules' },
  ...{ policy: 'escalation-policies', person: 'declared', people: 'declared', covers: 'declared', contact: 'contacts' },
  ...{ indicator: 'indicators' },
}

export function valid(world: SchemaWorld, given: JsonSchema, under?: string): Arbitrary<unknown> {
  const schema = typeof given.$ref === 'string' ? world.resolve(given.$ref) : given
  if ('const' in schema) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as readonly unknown[]))
  const choices = [...list(schema.anyOf), ...list(schema.oneOf)]
  if (choices.length > 0) return fc.oneof(...choices.map((each) => valid(world, each, under)))
  switch (schema.type) {
    case 'object':
      return validObject(world, schema)
    case 'array':
      return validArray(world, schema, under)
    case 'string':
      return validText(world, schema, under)
    case 'integer':
      return fc.oneof(
        fc.integer(integerRange(schema)),
        fc.constantFrom(integerRange(schema).min, integerRange(schema).max),
      )
    case 'number':
      return validNumber(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' })
  }
}

function validObject(world: SchemaWorld, schema: JsonSchema): Arbitrary<unknown> {
  const properties = Object.entries(object(schema.properties)).map(
    ([name, own]) => [name, valid(world, object(own), collections[name])] as const,
  )
  const required = Array.isArray(schema.required) ? (schema.required as string[]) : []
  const named = fc.record(Object.fromEntries(properties), { requiredKeys: required })
  const free = object(Object.values(object(schema.patternProperties))[0] ?? schema.additionalProperties)
  if (Object.keys(free).length === 0) return named
  const keys = fc.oneof(fc.stringMatching(/^[a-z_]{1,12}$/), fc.constantFrom('__proto__x', 'ключ', 'a.b/c~d', ' '))
  return fc
    .tuple(
      named,
      fc.dictionary(keys, valid(world, free), { maxKeys: number(schema.maxProperties, 4), noNullPrototype: true }),
    )
    .map(([own, others]) => ({ ...others, ...(own as object) }))
}

function validArray(world: SchemaWorld, schema: JsonSchema, under?: string): Arbitrary<unknown> {
  const minLength = number(schema.minItems, 0)
  // The longest list is tried by a test of its own; here many short ones say more.
  const maxLength = Math.max(minLength, Math.min(number(schema.maxItems, 5), 5))
  const item = valid(world, object(schema.items), under)
  return schema.uniqueItems === true
    ? fc.uniqueArray(item, { minLength, maxLength, comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b) })
    : fc.array(item, { minLength, maxLength })
}

function integerRange(schema: JsonSchema): { min: number; max: number } {
  const min = number(schema.minimum, number(schema.exclusiveMinimum, -2_147_483_649) + ('minimum' in schema ? 0 : 1))
  return { min, max: number(schema.maximum, Math.max(min, 2_147_483_648)) }
}

function validNumber(schema: JsonSchema): Arbitrary<number> {
  const [over, under] = [schema.exclusiveMinimum, schema.exclusiveMaximum]
  const min = number(schema.minimum, number(over, -1e300))
  const max = number(schema.maximum, number(under, 1e300))
  const inside = (value: number) => (over === undefined || value > min) && (under === undefined || value < max)
  return fc
    .oneof(fc.double({ min, max, noNaN: true, noDefaultInfinity: true }), fc.constantFrom(min, max, 0, -0, 5e-324))
    .filter((value) => value >= min && value <= max && inside(value))
}

const formats: Readonly<Record<string, Arbitrary<string>>> = {
  'date-time': fc.oneof(
    fc
      .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2026-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.constantFrom(
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999Z',
      '2024-02-29T23:59:59+14:00',
      '1970-01-01T00:00:00-00:00',
      '2026-03-29T02:30:00.123456789Z',
    ),
  ),
  uuid: fc.uuid(),
  // Nobody answers under .example, and nothing is sent there from these tests.
  uri: fc.stringMatching(/^[a-z0-9]{1,8}$/).map((word) => `https://${word}.example/${word}?a=${word}`),
  email: fc.stringMatching(/^[a-z0-9]{1,12}$/).map((word) => `${word}@shop.example`),
}

function validText(world: SchemaWorld, schema: JsonSchema, under?: string): Arbitrary<unknown> {
  const [min, max] = [number(schema.minLength, 0), number(schema.maxLength, 5_000)]
  const fits = (text: string) => [...text].length >= min && [...text].length <= max
  const format = typeof schema.format === 'string' ? formats[schema.format] : undefined
  if (format !== undefined) return withKnown(world, format.filter(fits), schema, under)
  if (typeof schema.pattern === 'string')
    return withKnown(
      world,
      fc.stringMatching(new RegExp(schema.pattern), { maxLength: Math.min(max, 80) }).filter(fits),
      schema,
      under,
    )
  const odd = oddTexts.filter(fits)
  return withKnown(
    world,
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.string({ minLength: min, maxLength: Math.min(max, min + 30), unit: 'grapheme' }).filter(fits),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('x'.repeat(Math.max(min, 1)), 'x'.repeat(Math.min(max, 5_000))).filter(fits),
      },
      ...(odd.length === 0 ? [] : [{ weight: 2, arbitrary: fc.constantFrom(...odd) }]),
    ),
    schema,
    under,
  )
}

/** Half the time something that exists and obeys the same rule. */
function withKnown(
  world: SchemaWorld,
  fresh: Arbitrary<string>,
  schema: JsonSchema,
  under: string | undefined,
): Arbitrary<string> {
  const pattern = typeof schema.pattern === 'string' ? new RegExp(schema.pattern) : null
  const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/
  return fc.tuple(fc.boolean(), fc.nat(), fresh).map(([reuse, at, text]) => {
    const fitting = reuse
      ? world
          .known(under)
          .filter((each) =>
            schema.format === 'uuid' ? isId.test(each) : schema.format === undefined && (pattern?.test(each) ?? false),
          )
      : []
    return fitting[at % Math.max(1, fitting.length)] ?? text
  })
}

/** What no JSON schema of ours allows anywhere, whatever the rule. */
const poisons: readonly unknown[] = ['a\u0000b', '\ud800', '\udfff\ud800', { a: '\u0000' }, ['\ud83d']]

/** A value that breaks one rule of the schema, with the rule's name; null when it has none to break. */
export function broken(world: SchemaWorld, given: JsonSchema): Arbitrary<unknown> {
  const schema = typeof given.$ref === 'string' ? world.resolve(given.$ref) : given
  const wrongType = fc.constantFrom<unknown>(null, true, 'text', 12.5, 2 ** 53 + 2, -1e308, [], {}, [[]], {
    $ref: '#',
  })
  const ways: Arbitrary<unknown>[] = [wrongType, fc.constantFrom(...poisons)]
  if (Array.isArray(schema.enum)) ways.push(fc.constantFrom('no such word', '', `${String(schema.enum[0])} `))
  if (schema.type === 'string') {
    if (typeof schema.maxLength === 'number') ways.push(fc.constant('x'.repeat(schema.maxLength + 1)))
    if (typeof schema.minLength === 'number' && schema.minLength > 0) ways.push(fc.constant(''))
    if (schema.pattern !== undefined || schema.format !== undefined)
      ways.push(
        fc.constantFrom('', ' ', 'ü', '../..', '2026-02-30T00:00:00Z', '10000-01-01T00:00:00Z', 'x'.repeat(10_000)),
      )
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    const { min, max } = integerRange(schema)
    ways.push(fc.constantFrom<unknown>(min - 1, max + 1, '1', 1.5, 2 ** 63, -(2 ** 63), 1e21))
  }
  if (schema.type === 'array') {
    ways.push(fc.constant(Array.from({ length: number(schema.maxItems, 1_000) + 1 }, () => null)))
    ways.push(broken(world, object(schema.items)).map((item) => [item]))
  }
  if (schema.type === 'object') ways.push(brokenObject(world, schema))
  return fc.oneof(...ways)
}

function brokenObject(world: SchemaWorld, schema: JsonSchema): Arbitrary<unknown> {
  const base = valid(world, schema)
  const names = Object.keys(object(schema.properties))
  if (names.length === 0) return base.map((whole) => ({ ...(whole as object), unexpected: 1 }))
  return fc.constantFrom(...names).chain((name) =>
    fc.oneof(
      base.map((whole) => ({ ...(whole as object), [`${name}x`]: 1 })),
      base.map((whole) => Object.fromEntries(Object.entries(whole as object).filter(([key]) => key !== name))),
      fc
        .tuple(base, broken(world, object(object(schema.properties)[name])))
        .map(([whole, wrong]) => ({ ...(whole as object), [name]: wrong })),
    ),
  )
}
