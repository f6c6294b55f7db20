import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { operation } from '../../server/src/platform/http/operation.ts'
import { clientText } from './client-text.ts'
import { isEvent, type Names, unique, wireRoutesIn } from './load-names.ts'
import { contradictions, outputs } from './outputs.ts'
import { typeOf } from './schema-types.ts'

test.each([
  [{}, 'unknown'],
  [Type.String(), 'string'],
  [Type.Integer(), 'number'],
  [Type.Null(), 'null'],
  [Type.Union([Type.Literal('a'), Type.Literal(2), Type.Null()]), '"a" | 2 | null'],
  [Type.Array(Type.Union([Type.String(), Type.Null()])), 'readonly (string | null)[]'],
  [Type.Array(Type.String()), 'readonly string[]'],
  [Type.Tuple([Type.String(), Type.Number()]), 'readonly [string, number]'],
  [Type.Record(Type.String(), Type.Boolean()), 'Readonly<Record<string, boolean>>'],
  [
    Type.Object({ a: Type.String(), 'b-c': Type.Optional(Type.Null()) }),
    '{ readonly a: string; readonly "b-c"?: null }',
  ],
  [Type.Object({}, { additionalProperties: false }), 'Readonly<Record<string, never>>'],
  [
    Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })]),
    '({ readonly a: string }) & ({ readonly b: string })',
  ],
  [Type.Union([Type.String(), Type.Unknown()]), 'unknown'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ enum: ['x', 'y'] }, '"x" | "y"'],
  [{ $ref: '#/components/schemas/Page of alerts' }, 'PageOfAlerts'],
])('%j as a type is %s', (schema, type) => {
  expect(typeOf(schema)).toBe(type)
})

const acknowledge = operation({
  id: 'alerts.acknowledge',
  method: 'POST',
  path: '/api/v1/alerts/{id}/acknowledge',
  summary: 'Say that somebody is on it',
  params: Type.Object({ id: Type.String() }),
  query: Type.Object({ quiet: Type.Optional(Type.Boolean()) }),
  body: Type.Object({ note: Type.Optional(Type.String()) }),
  reply: Type.Null(),
  status: 204,
  ifMatch: 'required',
  errors: ['alerts.closed'],
})
const names: Names = {
  operations: [acknowledge],
  events: [{ type: 'alert.acknowledged', summary: 'Somebody is | on it' }],
  errors: [{ code: 'alerts.closed', summary: 'It is over.' }],
  wire: [],
  permissions: { 'alerts.acknowledge': { role: 'responder', scope: 'alerts:write' } },
  settings: [{ name: 'DATABASE_URL', summary: 'A PostgreSQL.', default: null, secret: true }],
}

test('an operation becomes one typed function', () => {
  const text = outputs(names).get('client/src/operations.gen.ts') ?? ''
  expect(text).toContain('readonly params: { readonly "id": string }')
  expect(text).toContain('readonly query?: { readonly "quiet"?: boolean | undefined }')
  expect(text).toContain('readonly body: { readonly note?: string | undefined }')
  expect(text).toContain('readonly ifMatch: number | string')
  expect(text).toContain('readonly idempotencyKey?: string')
  expect(text).toContain('readonly reply: undefined')
  expect(text).toContain("'alerts.acknowledge': ['POST', '/api/v1/alerts/{id}/acknowledge'],")
})

test('pages name role, scope, code and event, and survive a bar in a sentence', () => {
  const files = outputs(names)
  expect(files.get('docs/reference/permissions.md')).toContain('| responder | responder | `alerts:write` |')
  expect(files.get('docs/reference/errors.md')).toContain('| `alerts.closed` | It is over. | `alerts.acknowledge` |')
  expect(files.get('docs/reference/events.md')).toContain('Somebody is \\| on it')
  expect(files.get('docs/reference/config.md')).toContain('`DATABASE_URL_FILE`')
})

test('the same names give the same text', () => {
  expect([...outputs(names)]).toEqual([...outputs(structuredClone(names))])
})

test('names that contradict each other are told', () => {
  expect(contradictions(names)).toEqual([])
  expect(contradictions({ ...names, permissions: { 'alerts.gone': { open: true } }, errors: [] })).toEqual([
    'alerts.acknowledge has no row in server/src/app/permissions',
    'server/src/app/permissions has a row for alerts.gone, which no contract declares',
    'alerts.acknowledge may answer alerts.closed, which no contract explains',
  ])
})

test('a name declared twice is refused, one exported twice is not', () => {
  expect(unique([acknowledge, acknowledge], ({ id }) => id)).toEqual([acknowledge])
  expect(() => unique([acknowledge, { ...acknowledge }], ({ id }) => id)).toThrow(
    'alerts.acknowledge is declared twice.',
  )
})

test('a TypeBox schema is not taken for an event', () => {
  expect(isEvent({ type: 'string', summary: 'a schema' })).toBe(false)
  expect(isEvent({ type: 'alert.opened', summary: 'An alert opened' })).toBe(true)
})

test('routes in other formats are found, and need their row too', () => {
  const wire = wireRoutesIn(
    "server.post(\n  '/v2/enqueue',\n  { bodyLimit: 9, config: { operationId: 'intake.pagerduty' } },\n  run)\nserver.get('/healthz', run)",
  )
  expect(wire).toEqual([{ id: 'intake.pagerduty', method: 'POST', path: '/v2/enqueue' }])
  expect(contradictions({ ...names, wire })).toEqual(['intake.pagerduty has no row in server/src/app/permissions'])
  const permissions = { ...names.permissions, 'intake.pagerduty': { open: true } as const }
  expect(contradictions({ ...names, wire, permissions })).toEqual([])
  expect(outputs({ ...names, wire, permissions }).get('docs/reference/permissions.md')).toContain(
    '| `POST /v2/enqueue` | In the format of another product | everybody |',
  )
})

test('an empty house has an empty client', () => {
  expect(clientText({})).toContain('export interface Operations {\n}')
})
