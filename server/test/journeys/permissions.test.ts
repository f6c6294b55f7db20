// Every operation × role × team against an oracle that does not share a line with the gatekeeper: the table is read as
// plain data and judged by the three sentences below.
import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { permissionTable } from '../../src/app/permissions/index.ts'
import type { Operation } from '../../src/platform/http/operation.ts'
import { type JsonSchema, type SchemaWorld, valid } from '../fuzz/from-schema.ts'
import { openWorld, type World } from '../world.ts'

const order = ['viewer', 'responder', 'editor', 'admin'] as const
type Role = (typeof order)[number]
const rank = (role: string) => order.indexOf(role as Role)

interface Answer {
  readonly status: number
  readonly code: string
}

/** Values that pass the shape of paths, so that the request comes as far as the permission. */
function pathOf(operation: Operation): string {
  const fixed: Readonly<Record<string, string>> = { plural: 'services', name: 'checkout' }
  const shapes = (operation.params as { properties?: Record<string, TSchema> } | undefined)?.properties ?? {}
  return operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const shape = shapes[name]
    return fixed[name] ?? (shape === undefined ? 'x' : encodeURIComponent(String(example(shape))))
  })
}

const schemas: SchemaWorld = { resolve: () => ({}), known: () => [] }
/** One value that the schema takes, always the same. */
const example = (schema: TSchema): unknown =>
  fc.sample(valid(schemas, schema as unknown as JsonSchema), { numRuns: 1, seed: 7 })[0]

async function ask(world: World, operation: Operation, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const query = operation.query === undefined ? {} : (example(operation.query) as Record<string, unknown>)
  const needed = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  const reply = await world.ask(operation.method, `${pathOf(operation)}?${needed.join('&')}`, {
    headers: { ...headers, 'if-match': '"v999"' },
    payload: operation.body === undefined ? null : JSON.stringify(example(operation.body)),
  })
  const { body } = reply
  const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
  return { status: reply.status, code }
}

const operationsOf = (world: World): readonly Operation[] =>
  world.house.rooms.flatMap((room) => room.operations ?? []).map((bound) => bound.operation)

test('nobody without credentials gets past an operation that is not open', async () => {
  const world = await openWorld()
  const operations = operationsOf(world)
  expect(operations.length).toBeGreaterThan(60)
  for (const operation of operations) {
    const permission = permissionTable[operation.id]
    expect(permission, operation.id).toBeDefined()
    const { status, code } = await ask(world, operation, {})
    if (permission !== undefined && 'open' in permission) expect(code, operation.id).not.toBe('http.unauthenticated')
    else
      expect({ id: operation.id, status, code }).toEqual({
        id: operation.id,
        status: 401,
        code: 'http.unauthenticated',
      })
  }
})

test('each role may do exactly what the table says, with the scope and without it', async () => {
  const world = await openWorld()
  const { issueKey } = await import('../../src/modules/identity/index.ts')
  let cells = 0
  for (const role of order) {
    const { cookie } = await world.cookieOf(`p-${role}`, role)
    const session = { cookie, 'x-mainstay-csrf': '1' }
    const none = await issueKey(world.house.needs, { name: `none ${role}`, role, scopes: ['nothing:here'] })
    // Signing out comes last, because it works.
    const operations = [...operationsOf(world)].sort(
      (a, b) => Number(a.id === 'session.sign-out') - Number(b.id === 'session.sign-out'),
    )
    for (const operation of operations) {
      const permission = permissionTable[operation.id]
      if (permission === undefined || 'open' in permission) continue
      const withScope = await ask(world, operation, session)
      const without = await ask(world, operation, { authorization: `Bearer ${none}` })
      const cell = `${operation.id} as ${role}`
      // A shape that was refused would say nothing about the permission.
      expect(withScope.code, cell).not.toBe('http.invalid')
      const refused = withScope.code === 'identity.forbidden'
      expect(refused, `${cell}: ${withScope.status} ${withScope.code}`).toBe(rank(role) < rank(permission.role))
      expect(without.code, `${cell} without the scope`).toBe('identity.forbidden')
      cells += 2
      expect(withScope.status, cell).toBeLessThan(500)
    }
  }
  expect(cells).toBeGreaterThan(500)
  // Every operation, asked twice by each of four roles: it grows with the product.
}, 120_000)

test('what another team owns is changed by whoever the table lets, own things by the team', async () => {
  const world = await openWorld()
  const documents = (service: string, team: string) =>
    `apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: { name: ${service}, displayName: Changed }\nspec: { team: ${team}, tier: 1 }\n`
  for (const role of order) {
    for (const team of ['web', 'pay']) {
      const key = await world.withKey({ role, teams: [team] })
      for (const [service, owner] of [
        ['checkout', 'web'],
        ['ledger', 'pay'],
      ] as const) {
        const permission = permissionTable['resources.apply']
        if (permission === undefined || 'open' in permission) throw new Error('It cannot be open.')
        const needed = owner === team ? permission.role : (permission.otherTeam ?? permission.role)
        const order = { documents: documents(service, owner), manager: `git:${role}-${team}`, force: true }
        const allowed = rank(role) >= rank(needed)
        await key('POST /api/v1/apply', order, { status: allowed ? 200 : 403 })
      }
    }
  }
})

test('a key cannot hand on more than it has', async () => {
  const world = await openWorld()
  for (const role of order) {
    for (const wanted of order) {
      const person = await world.signIn(`p-${role}`, role).catch(() => null)
      if (person === null) continue
      const allowed = rank(wanted) <= rank(role)
      await person('POST /api/v1/keys', { name: 'k', role: wanted, scopes: ['*'] }, { status: allowed ? 201 : 403 })
    }
  }
})
