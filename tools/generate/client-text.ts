// The typed half of the client, written from the OpenAPI document alone: nothing of the server's code is needed.
import { isSchema, type Schema, typeName, typeOf } from './schema-types.ts'

interface Call {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly input: readonly string[]
  readonly reply: string
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

export function clientText(document: object): string {
  const paths = 'paths' in document && isSchema(document.paths) ? document.paths : {}
  const components = 'components' in document && isSchema(document.components) ? document.components : {}
  const schemas = isSchema(components.schemas) ? components.schemas : {}
  const calls = Object.entries(paths).flatMap(([path, item]) => callsAt(path, item))
  calls.sort((a, b) => (a.id < b.id ? -1 : 1))
  const types = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    '// Written by `npm run golden` from docs/reference/openapi.json. Change the contract of the room instead.',
    '',
    ...types.map(([title, schema]) => `export type ${typeName(title)} = ${typeOf(schema)}`),
    '',
    'export interface Operations {',
    ...calls.map(
      ({ id, summary, input, reply }) =>
        `  /** ${summary.replaceAll('*/', '* /')} */\n  '${id}': { readonly input: { ${input.join('; ')} }; readonly reply: ${reply} }`,
    ),
    '}',
    '',
    '/** Method and path of each operation. */',
    'export const operationTable: Readonly<Record<keyof Operations, readonly [method: string, path: string]>> = {',
    ...calls.map(({ id, method, path }) => `  '${id}': ['${method}', '${path}'],`),
    '}',
    '',
  ].join('\n')
}

function callsAt(path: string, item: unknown): readonly Call[] {
  if (!isSchema(item)) return []
  return methods.flatMap((method) => {
    const operation = item[method]
    if (!isSchema(operation)) return []
    return [
      {
        id: String(operation.operationId),
        method: method.toUpperCase(),
        path,
        summary: String(operation.summary ?? ''),
        input: inputOf(operation),
        reply: replyOf(operation),
      },
    ]
  })
}

function inputOf(operation: Schema): readonly string[] {
  const parameters = Array.isArray(operation.parameters) ? operation.parameters.filter(isSchema) : []
  const named = (place: string) => parameters.filter((each) => each.in === place)
  const field = ({ name, required, schema }: Schema) =>
    `readonly ${JSON.stringify(name)}${required === true ? '' : '?'}: ${typeOf(schema, 'sent')}${required === true ? '' : ' | undefined'}`
  const [params, query] = [named('path'), named('query')]
  const headers = new Set(named('header').map(({ name }) => String(name).toLowerCase()))
  const body = contentOf(operation.requestBody)
  const queryNeeded = query.some(({ required }) => required === true) ? '' : '?'
  return [
    ...(params.length > 0 ? [`readonly params: { ${params.map(field).join('; ')} }`] : []),
    ...(query.length > 0 ? [`readonly query${queryNeeded}: { ${query.map(field).join('; ')} }`] : []),
    ...(body === null ? [] : [`readonly body: ${typeOf(body, 'sent')}`]),
    ...(headers.has('if-match')
      ? ['/** The version that was read: 3, or the ETag `"v3"`. */ readonly ifMatch: number | string']
      : []),
    ...(headers.has('idempotency-key') ? ['readonly idempotencyKey?: string'] : []),
    'readonly signal?: AbortSignal',
  ]
}

function replyOf(operation: Schema): string {
  const responses = isSchema(operation.responses) ? Object.entries(operation.responses) : []
  const good = responses.filter(([status]) => status.startsWith('2'))
  const types = good.map(([, each]) => {
    const body = contentOf(each)
    return body === null ? 'undefined' : typeOf(body)
  })
  return [...new Set(types)].join(' | ') || 'undefined'
}

/** The JSON schema of a body; a body in another form is text. Null when there is none. */
function contentOf(holder: unknown): unknown {
  const content = isSchema(holder) && isSchema(holder.content) ? holder.content : null
  if (content === null) return null
  const json = content['application/json']
  if (isSchema(json)) return json.schema ?? {}
  return Object.keys(content).length > 0 ? { type: 'string' } : null
}
