// Requests over every operation of the OpenAPI document: whole ones, broken ones, and ones no client would send.
import fc, { type Arbitrary } from 'fast-check'
import { broken, type JsonSchema, type SchemaWorld, valid } from './from-schema.ts'

export interface FuzzOperation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: JsonSchema
  }[]
  readonly body: JsonSchema | null
  readonly status: number
  readonly reply: JsonSchema | null
}

export interface FuzzRequest {
  readonly operation: FuzzOperation
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** As sent. */
  readonly payload: string | null
}

interface Described {
  readonly operationId: string
  readonly parameters: FuzzOperation['parameters']
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >
}

export interface OpenapiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

export function operationsOf(document: OpenapiDocument): readonly FuzzOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, described]) => {
      const [status = '200'] = Object.keys(described.responses).filter((each) => each.startsWith('2'))
      return {
        id: described.operationId,
        method: method.toUpperCase(),
        path,
        parameters: described.parameters,
        body: described.requestBody?.content['application/json']?.schema ?? null,
        status: Number(status),
        reply: described.responses[status]?.content?.['application/json']?.schema ?? null,
      }
    }),
  )
}

/** Once in a while a body that is no JSON value at all, or one that a parser must be afraid of. */
const hostileBodies = [
  '',
  '{',
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '1e400',
  '{"limit":1e400}',
  `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  '\ufeff{}',
  'NaN',
  '"\\ud800"',
  `"${'x'.repeat(200_000)}"`,
]

export function requestsOver(operations: readonly FuzzOperation[], world: SchemaWorld): Arbitrary<FuzzRequest> {
  return fc.oneof(...operations.map((operation) => requestOf(operation, world)))
}

function requestOf(operation: FuzzOperation, world: SchemaWorld): Arbitrary<FuzzRequest> {
  const place = (where: string) => operation.parameters.filter((each) => each.in === where)
  // One in three requests breaks a parameter or the body; the rest reach the product.
  const value = (schema: JsonSchema) =>
    fc.oneof({ weight: 11, arbitrary: valid(world, schema) }, { weight: 1, arbitrary: broken(world, schema) })
  // Three of four names in a path exist there, so that most requests reach something.
  const under = collectionOf(operation.path)
  const path = fc.tuple(
    ...place('path').map((each) =>
      fc.tuple(fc.nat(), fc.nat({ max: 3 }), value(each.schema)).map(([at, chance, fresh]) => {
        const seen = each.name === 'plural' ? plurals : world.known(under)
        return chance === 0 ? fresh : (seen[at % Math.max(1, seen.length)] ?? fresh)
      }),
    ),
  )
  const query = fc.tuple(
    ...place('query').map((each) =>
      each.required ? value(each.schema) : fc.option(value(each.schema), { nil: undefined, freq: 2 }),
    ),
  )
  const body: Arbitrary<string | null> =
    operation.body === null
      ? fc.constant(null)
      : fc.oneof(
          { weight: 12, arbitrary: valid(world, operation.body).map((each) => JSON.stringify(each)) },
          { weight: 6, arbitrary: broken(world, operation.body).map((each) => JSON.stringify(each)) },
          { weight: 1, arbitrary: fc.constantFrom(...hostileBodies) },
        )
  return fc.tuple(path, query, body, headersOf(operation)).map(([parts, asked, payload, headers]) => {
    const url = place('path').reduce(
      (text, parameter, at) => text.replace(`{${parameter.name}}`, segment(parts[at])),
      operation.path,
    )
    const pairs = place('query').flatMap((parameter, at) =>
      asked[at] === undefined ? [] : [`${encodeURIComponent(parameter.name)}=${segment(asked[at])}`],
    )
    return { operation, url: pairs.length === 0 ? url : `${url}?${pairs.join('&')}`, headers, payload }
  })
}

const plurals = ['services', 'teams', 'people', 'schedules', 'escalation-policies', 'slos']

/** `incidents` for everything below /api/v1/incidents. */
export function collectionOf(path: string): string {
  const [, , , collection = ''] = path.split('/')
  return collection === 'escalations' ? 'alerts' : collection === 'resources' ? 'services' : collection
}

function headersOf(operation: FuzzOperation): Arbitrary<Readonly<Record<string, string>>> {
  const ifMatch = fc.constantFrom('"v1"', '"v2"', '"v999999999"', '*', 'W/"v1"', 'x')
  const key = fc.oneof(fc.uuid(), fc.constantFrom('same', 'x'.repeat(200), ' ', '\u00fc'))
  return fc
    .tuple(
      fc.option(ifMatch, { freq: operation.parameters.some((each) => each.name === 'If-Match') ? 4 : 1 }),
      fc.option(key, { freq: 1 }),
    )
    .map(([match, idempotency]) => ({
      ...(match === null ? {} : { 'if-match': match }),
      ...(idempotency === null || operation.method !== 'POST' ? {} : { 'idempotency-key': idempotency }),
    }))
}

/** Half a surrogate pair has no percent encoding; its three bytes are sent as they would be by a careless client. */
function segment(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80'
}
