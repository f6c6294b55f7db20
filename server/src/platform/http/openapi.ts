// The OpenAPI 3.1 document, made from the very schemas that validate requests.
import type { TSchema } from 'typebox'
import type { BoundOperation, Operation } from './operation.ts'
import { Problem } from './problem.ts'

type JsonSchema = Record<string, unknown>
/** The row of the permission table as it is shown, or open to everybody. */
type Permissions = Readonly<Record<string, { readonly open: true } | { readonly role: string; readonly scope: string }>>

export function openapiDocument(operations: readonly BoundOperation[], permissions: Permissions): object {
  const components = new Map<string, JsonSchema>()
  const hoist = hoisting(components)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { operation } of [...operations].sort((a, b) => (a.operation.path < b.operation.path ? -1 : 1))) {
    const item = paths[operation.path] ?? {}
    item[operation.method.toLowerCase()] = describe(operation, permissions[operation.id], hoist)
    paths[operation.path] = item
  }
  hoist(Problem, 'Problem')
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mainstay',
      version: '1',
      summary: 'Reliability as one closed loop: declare, observe, detect, respond, learn, prevent, prove.',
      description: 'Unknown fields of a request body are refused with a hint, never dropped.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        session: { type: 'apiKey', in: 'cookie', name: 'mainstay_session' },
      },
    },
  }
}

type Hoist = (schema: unknown, name?: string) => unknown

/** Schemas with a title move to components once and are referred to. */
function hoisting(components: Map<string, JsonSchema>): Hoist {
  const hoist: Hoist = (schema, name) => {
    if (Array.isArray(schema)) return schema.map((each: unknown) => hoist(each))
    if (typeof schema !== 'object' || schema === null) return schema
    const { $id: _id, ...own } = schema as JsonSchema
    const walked = Object.fromEntries(
      Object.entries(own).map(([key, value]) => [
        key,
        key === 'enum' || key === 'const' || key === 'default' || key === 'examples' ? value : hoist(value),
      ]),
    )
    const title = name ?? (typeof own.title === 'string' && own.type === 'object' ? own.title : undefined)
    if (title === undefined) return walked
    const known = components.get(title)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(walked))
      throw new Error(`Two different schemas are titled ${title}.`)
    components.set(title, walked)
    return { $ref: `#/components/schemas/${title}` }
  }
  return hoist
}

function describe(operation: Operation, permission: Permissions[string] | undefined, hoist: Hoist): object {
  const status = String(operation.status ?? 200)
  const problem = {
    description: 'A problem (RFC 9457).',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
  return {
    operationId: operation.id,
    tags: [operation.id.split('.')[0]],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    ...(permission !== undefined && 'open' in permission ? { security: [] } : {}),
    ...(permission === undefined || 'open' in permission ? {} : { 'x-permission': permission }),
    parameters: [
      ...parameters(operation.params, 'path', hoist),
      ...parameters(operation.query, 'query', hoist),
      ...headers(operation),
    ],
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: hoist(operation.body) } } },
        }),
    responses: {
      [status]:
        status === '204'
          ? { description: 'Done.' }
          : { description: 'The answer.', content: { 'application/json': { schema: hoist(operation.reply) } } },
      default: problem,
    },
    ...(operation.errors === undefined ? {} : { 'x-errors': operation.errors }),
  }
}

function parameters(schema: TSchema | undefined, place: 'path' | 'query', hoist: Hoist): object[] {
  const object = schema as unknown as { properties?: Record<string, JsonSchema>; required?: string[] } | undefined
  return Object.entries(object?.properties ?? {}).map(([name, own]) => ({
    name,
    in: place,
    required: place === 'path' || (object?.required ?? []).includes(name),
    ...(typeof own.description === 'string' ? { description: own.description } : {}),
    schema: hoist(own),
  }))
}

function headers(operation: Operation): object[] {
  return [
    ...(operation.ifMatch === 'required'
      ? [
          {
            name: 'If-Match',
            in: 'header',
            required: true,
            schema: { type: 'string' },
            description: 'The ETag that was read.',
          },
        ]
      : []),
    ...(operation.method === 'POST'
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            schema: { type: 'string', maxLength: 128 },
            description:
              'The same key and body are carried out once and give the same answer for 24 hours. Where that answer was lost with its server: 409 `http.answer-lost` says that it was done, and what to read.',
          },
        ]
      : []),
  ]
}
