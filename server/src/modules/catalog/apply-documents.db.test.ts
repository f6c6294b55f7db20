import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { type Database, openDatabase } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { createJournal } from '../../platform/journal/journal.ts'
import { silentLog } from '../../platform/log/log.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { CatalogPorts } from './catalog.ports.ts'
import { findResource } from './catalog.store.ts'
import { catalogKinds } from './kinds/kinds.ts'
import { applyDocuments, planDocuments } from './usecases/apply-documents.ts'
import { deleteResource } from './usecases/delete-resource.ts'
import { describeService } from './usecases/describe-services.ts'

let database: Database
let needs: Needs
let close: () => Promise<void>
const published: string[] = []
const ana: Actor = { kind: 'person', id: 'ana', name: 'Ana', role: 'editor', teams: ['web'] }
const ports: CatalogPorts = {
  kinds: () => catalogKinds,
  translators: [],
  mayChange: (_actor, team) => {
    if (team === 'secret') throw new AppError('forbidden', 'identity.forbidden', 'Not yours.')
  },
}

beforeAll(async () => {
  const test = await openTestDatabase('catalog')
  database = openDatabase({ connection: test.connection, log: silentLog, maxConnections: 5 })
  needs = {
    database,
    journal: createJournal(
      async (_tx, entries) => entries.map(({ type }) => published.push(type)),
      () => [],
    ),
    log: silentLog,
    newId,
    publicUrl: 'http://localhost',
  }
  close = async () => {
    await database.close()
    await test.close()
  }
})
afterAll(() => close())
beforeEach(async () => {
  published.length = 0
  await database.run(sql`truncate resources, resource_versions`)
})

const apply = (documents: string, more: object = {}) => applyDocuments(needs, ports, { documents, actor: ana, ...more })
const shop = `
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: checkout, displayName: Checkout}
spec: {team: web, tier: 1, dependsOn: [payment, {service: cart, strength: soft}], links: [{url: 'https://wiki/checkout', kind: runbook}]}
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: payment}
spec: {team: web}
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: cart}
spec: {team: web}
---
apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: web}
spec: {members: [ana]}
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: ana}
spec: {email: ana@shop.example, timeZone: Europe/Berlin}
`

test('documents in any order are applied in the order of their kinds, once', async () => {
  const changes = await apply(shop)
  expect(changes.map((each) => [each.kind, each.action])).toEqual([
    ['Person', 'create'],
    ['Team', 'create'],
    ['Service', 'create'],
    ['Service', 'create'],
    ['Service', 'create'],
  ])
  expect(published).toEqual(Array(5).fill('resource.created'))
  expect((await apply(shop)).every((each) => each.action === 'unchanged')).toBe(true)
  const service = await describeService(database, 'payment')
  expect(service.dependants).toMatchObject([{ service: 'checkout', distance: 1, softened: false }])
  expect(service.members).toMatchObject([{ name: 'ana', timeZone: 'Europe/Berlin' }])
})

test('a plan says what the apply then does, and changes nothing', async () => {
  await apply(shop)
  const order = { documents: shop.replace('tier: 1', 'tier: 0'), actor: ana }
  const planned = await planDocuments(needs, ports, order)
  expect((await findResource(database, { kind: 'Service', name: 'checkout' }))?.version).toBe(1)
  expect(await applyDocuments(needs, ports, order)).toEqual(planned)
  expect(planned.find((each) => each.name === 'checkout')?.fields).toEqual([
    { path: '/spec/tier', before: 1, after: 0, owner: null },
  ])
})

async function faultsOf(documents: string): Promise<readonly { line?: number; pointer?: string; detail: string }[]> {
  const error = await apply(documents).then(
    () => null,
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(AppError)
  return error instanceof AppError ? (error.details.faults ?? []) : []
}

test.each([
  { name: 'broken YAML', text: 'a: [1,\nb: 2', line: 2, says: '' },
  {
    name: 'an unknown kind',
    text: 'apiVersion: mainstay.dev/v1\nkind: Servce\nmetadata: {name: a}\nspec: {}',
    line: 2,
    says: 'Did you mean Service?',
  },
  {
    name: 'an unknown field',
    text: 'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: a}\nspec:\n  teir: 1',
    line: 5,
    says: 'Did you mean tier?',
  },
  {
    name: 'a wrong type',
    text: 'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: a}\nspec:\n  tier: high',
    line: 5,
    says: 'must be integer',
  },
  {
    name: 'a bad name',
    text: 'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata:\n  name: Check_Out\nspec: {}',
    line: 4,
    says: 'RFC 1123',
  },
  {
    name: 'an unknown zone',
    text: 'apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: a}\nspec:\n  email: a@b.c\n  timeZone: America/Nowhere',
    line: 6,
    says: 'America/Nowhere',
  },
  {
    name: 'a dangling reference',
    text: 'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: a}\nspec:\n  team: nobody',
    line: 5,
    says: 'There is no Team nobody',
  },
  {
    name: 'a status',
    text: 'apiVersion: mainstay.dev/v1\nkind: Domain\nmetadata: {name: a}\nstatus: {}\nspec: {}',
    line: 4,
    says: 'never by a document',
  },
  { name: 'a scalar', text: 'hello', line: 1, says: 'must be a mapping' },
  { name: 'a bomb of aliases', text: 'a: &a [1,2]\nb: *a', line: 2, says: 'Aliases' },
])('$name is refused with its line and the way out', async ({ text, line, says }) => {
  const [fault] = await faultsOf(text)
  expect(fault?.line).toBe(line)
  expect(fault?.detail).toContain(says)
})

test('one wrong document keeps all others out', async () => {
  await faultsOf(`${shop}---\napiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: x}\nspec: {tier: 9}`)
  expect(await database.one(sql<{ count: number }>`select count(*)::int as count from resources`)).toEqual({ count: 0 })
  expect(published).toEqual([])
})

test('Git and the console own fields side by side', async () => {
  await apply(shop, { manager: 'git:shop' })
  const description =
    'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: cart, description: Holds what people want}\nspec: {}'
  expect((await apply(description)).map((each) => each.action)).toEqual(['update'])
  expect((await apply(shop, { manager: 'git:shop' })).find((each) => each.name === 'cart')?.action).toBe('unchanged')
  const tier = 'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: checkout}\nspec: {tier: 3}'
  await expect(apply(tier)).rejects.toMatchObject({ kind: 'conflict', code: 'resources.owned-elsewhere' })
  expect((await apply(tier, { force: true }))[0]?.fields).toEqual([
    { path: '/spec/tier', before: 1, after: 3, owner: 'git:shop' },
  ])
})

test('prune removes only what the manager made', async () => {
  await apply(shop, { manager: 'git:shop' })
  await apply('apiVersion: mainstay.dev/v1\nkind: Domain\nmetadata: {name: retail}\nspec: {}')
  const without = shop.replace(/apiVersion[^-]*kind: Service\nmetadata: \{name: checkout[\s\S]*?---\n/, '')
  const changes = await apply(without, { manager: 'git:shop', prune: true })
  expect(changes.filter((each) => each.action === 'delete').map((each) => each.name)).toEqual(['checkout'])
  expect(await findResource(database, { kind: 'Domain', name: 'retail' })).not.toBeNull()
})

test('what others refer to cannot be removed', async () => {
  await apply(shop)
  await expect(
    deleteResource(needs, ports, { key: { kind: 'Service', name: 'payment' }, actor: ana }),
  ).rejects.toMatchObject({ code: 'resources.referred-to' })
  await deleteResource(needs, ports, { key: { kind: 'Service', name: 'checkout' }, actor: ana })
  await apply(shop)
  expect((await findResource(database, { kind: 'Service', name: 'checkout' }))?.version).toBe(3)
})

test('two applies at once take turns', async () => {
  const results = await Promise.all([apply(shop), apply(shop), apply(shop)])
  expect(results.map((changes) => changes[0]?.action).sort()).toEqual(['create', 'unchanged', 'unchanged'])
})
