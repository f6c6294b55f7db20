import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FastifySchema } from 'fastify'
import type { TSchema } from 'typebox'
import { afterAll, expect, test } from 'vitest'
import order from '../modules/order.json' with { type: 'json' }
import { readConfig } from '../platform/config/config.ts'
import { type Database, openDatabase } from '../platform/database/database.ts'
import { createMetrics } from '../platform/http/metrics.ts'
import { createRateLimits } from '../platform/http/rate-limit.ts'
import { createValidation } from '../platform/http/validation.ts'
import { newId } from '../platform/ids.ts'
import { silentLog } from '../platform/log/log.ts'
import { createLinkSigner, generateSigningKey, openKeyring, readSigningKey } from '../platform/secrets/index.ts'
import { openEgress } from './outgoing.ts'
import { permissionTable } from './permissions/index.ts'
import { buildRooms } from './rooms.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-rooms-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// No query is made: the rooms are built, not run.
const connection = { host: folder, port: 1, user: 'nobody', database: 'none' }
const database: Database = openDatabase({ connection, log: silentLog })
const config = readConfig({})
const keyring = openKeyring({ dataFolder: folder, keyFile: null })
const { rooms } = buildRooms(
  {
    database,
    journal: { publish: async () => 0, publishAll: async () => undefined },
    log: silentLog,
    newId,
    publicUrl: 'http://localhost',
  },
  {
    config,
    egress: openEgress({ config, log: silentLog, database: connection, ownPort: () => 0 }),
    keyring,
    links: createLinkSigner(keyring),
    signingKey: readSigningKey(generateSigningKey()),
  },
  { metrics: createMetrics(), rateLimits: createRateLimits() },
)
const operations = rooms.flatMap((room) => room.operations ?? []).map((bound) => bound.operation)

test('rooms stand in the written order', () => {
  const places = rooms.map((room) => order.indexOf(room.name)).filter((place) => place >= 0)
  expect(places).toEqual([...places].sort((a, b) => a - b))
})

test('every operation is declared once, has a permission and a path of its own', () => {
  const ids = operations.map((operation) => operation.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => permissionTable[id] === undefined)).toEqual([])
  const addresses = operations.map((operation) => `${operation.method} ${operation.path.replaceAll(/\{\w+\}/g, '{}')}`)
  expect(new Set(addresses).size).toBe(addresses.length)
})

test('every operation a contract declares is served by a room', async () => {
  const declared = new Set<string>()
  for (const room of rooms) {
    const contract: unknown = await import(`../modules/${room.name}/${room.name}.contract.ts`).catch(() => ({}))
    for (const value of Object.values(typeof contract === 'object' && contract !== null ? contract : {})) {
      if (typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'id' in value)
        declared.add(String(value.id))
    }
  }
  const served = new Set(operations.map((operation) => operation.id))
  expect(declared.size).toBeGreaterThan(60)
  expect([...declared].filter((id) => !served.has(id))).toEqual([])
})

test('a job has one handler and an event one meaning', () => {
  const kinds = [
    ...rooms.flatMap((room) => room.jobs ?? []).map((bound) => bound.job.kind),
    ...rooms.flatMap((room) => room.subscriptions ?? []).map((each) => each.bound.job.kind),
  ]
  expect(kinds.filter((kind, index) => kinds.indexOf(kind) !== index)).toEqual([])
  const recurring = rooms.flatMap((room) => room.recurring ?? []).map((each) => each.job.kind)
  expect(recurring.filter((kind) => !kinds.includes(kind))).toEqual([])
})

test('every subscription waits for an event that some room publishes', () => {
  const published = new Set(rooms.flatMap((room) => room.events ?? []).map((event) => event.type))
  const waiting = rooms.flatMap((room) => room.subscriptions ?? []).map((each) => each.event)
  expect(waiting.filter((type) => !published.has(type))).toEqual([])
})

test('the shape of every input can be compiled: a server does so only when it is asked', () => {
  const compile = createValidation()
  for (const operation of operations) {
    for (const [httpPart, schema] of [
      ['params', operation.params],
      ['querystring', operation.query],
      ['body', operation.body],
    ] as const) {
      if (schema === undefined) continue
      const validate = compile({
        schema: schema as TSchema & FastifySchema,
        method: operation.method,
        url: operation.path,
        httpPart,
      })
      expect(() => validate({}), `${operation.id} ${httpPart}`).not.toThrow()
    }
  }
})
