// Two processes on one database: what one remembers must never be what the other has changed since.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type Database, openDatabase, type Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { createJournal } from '../../platform/journal/journal.ts'
import { silentLog } from '../../platform/log/log.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { CatalogPorts } from './catalog.ports.ts'
import { findResource, findResources, listByKind, listServicesOfTeams } from './catalog.store.ts'
import { catalogKinds } from './kinds/kinds.ts'
import { applyDocuments, applyInTransaction, planDocuments } from './usecases/apply-documents.ts'
import { servicesBeneath } from './usecases/walk-dependencies.ts'

let mine: Database
let theirs: Database
let close: () => Promise<void>
const actor: Actor = { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] }
const ports: CatalogPorts = { kinds: () => catalogKinds, translators: [], mayChange: () => undefined }
const needsOf = (database: Database) =>
  ({
    database,
    journal: createJournal(
      async (_tx, entries) => entries.map(() => 1),
      () => [],
    ),
    log: silentLog,
    newId,
    publicUrl: 'http://localhost',
  }) as unknown as Needs

const service = (name: string, tier: number, dependsOn: readonly string[] = []) =>
  JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind: 'Service', metadata: { name }, spec: { tier, dependsOn } })
const declare = (database: Database, ...documents: string[]) =>
  applyDocuments(needsOf(database), ports, { documents: documents.join('\n---\n'), manager: 'test', actor })
const tierIn = async (queries: Queries, name = 'shop') =>
  (await findResource(queries, { kind: 'Service', name }))?.document.spec.tier ?? null
const tierOf = (database: Database, name = 'shop') => database.transaction((tx) => tierIn(tx, name))

beforeAll(async () => {
  const test = await openTestDatabase('catalog-memory')
  const open = () => openDatabase({ connection: test.connection, log: silentLog, maxConnections: 4 })
  mine = open()
  theirs = open()
  close = async () => {
    await mine.close()
    await theirs.close()
    await test.close()
  }
})
afterAll(() => close())
beforeEach(() => mine.run(sql`delete from resources`))

/** Changed behind the stamp's back: who sees it has read the table. */
async function changeUnseen(tier: number): Promise<void> {
  await mine.transaction(async (tx) => {
    await tx.run(sql`select set_config('mainstay.resources_stamped', 'yes', true)`)
    await tx.run(
      sql`update resources set document = jsonb_set(document, '{spec,tier}', ${String(tier)}::jsonb) where name = 'shop'`,
    )
  })
}

test('what was read is not read again, in a transaction and outside, until something is declared', async () => {
  await declare(mine, service('shop', 1))
  expect([await tierOf(mine), await tierOf(theirs)]).toEqual([1, 1])
  await changeUnseen(3)
  expect([await tierOf(mine), await tierOf(theirs), await tierIn(mine)]).toEqual([1, 1, 1])
  await declare(mine, service('other', 2))
  expect([await tierOf(mine), await tierOf(theirs), await tierIn(mine)]).toEqual([3, 3, 3])
})

test('what another process declared is seen by whoever begins after its commit', async () => {
  await declare(mine, service('shop', 1))
  for (let tier = 0; tier < 4; tier += 1) {
    await declare(tier % 2 === 0 ? mine : theirs, service('shop', tier))
    expect([await tierOf(mine), await tierOf(theirs), await tierIn(theirs)]).toEqual([tier, tier, tier])
  }
})

test('a transaction stays with what it saw, and what it declares it reads back', async () => {
  await declare(mine, service('shop', 1))
  await mine.transaction(async (tx) => {
    expect(await tierIn(tx)).toBe(1)
    await declare(theirs, service('shop', 2))
    expect(await tierIn(tx)).toBe(1)
  })
  await mine.transaction(async (tx) => {
    expect(await tierIn(tx)).toBe(2)
    await applyInTransaction(tx, needsOf(mine), ports, { documents: service('shop', 3), manager: 'test', actor })
    expect(await tierIn(tx)).toBe(3)
    expect(await tierOf(theirs)).toBe(2)
  })
  expect([await tierOf(mine), await tierOf(theirs)]).toEqual([3, 3])
})

test('a plan leaves nothing behind: neither what it would have written nor that it was there', async () => {
  await declare(mine, service('shop', 1))
  const order = { documents: service('shop', 3), manager: 'test', actor }
  expect(await planDocuments(needsOf(mine), ports, order)).toMatchObject([{ action: 'update' }])
  expect([await tierOf(mine), await tierOf(theirs)]).toEqual([1, 1])
})

test('a name that nobody had declared is found once somebody has', async () => {
  expect(await tierOf(mine)).toBeNull()
  await declare(theirs, service('shop', 2))
  expect(await tierOf(mine)).toBe(2)
  await theirs.run(sql`delete from resources where name = 'shop'`)
  expect(await tierOf(mine)).toBeNull()
})

test('lists, the services of a team and the graph of calls follow what was declared', async () => {
  const read = (tx: Tx) =>
    Promise.all([listByKind(tx, 'Service', null, 100), servicesBeneath(tx, 'shop'), listServicesOfTeams(tx, ['web'])])
  await declare(mine, service('bank', 1), service('shop', 1, ['bank']))
  const [listed, beneath] = await mine.transaction(read)
  expect(listed.map((each) => each.name)).toEqual(['bank', 'shop'])
  expect([...beneath]).toEqual(['bank'])
  const team = { apiVersion: 'mainstay.dev/v1', kind: 'Team', metadata: { name: 'web' }, spec: {} }
  const post = { apiVersion: 'mainstay.dev/v1', kind: 'Service', metadata: { name: 'post' }, spec: { team: 'web' } }
  await declare(theirs, JSON.stringify(team), JSON.stringify(post), service('shop', 1, ['bank', 'post']))
  const [more, further, owned] = await mine.transaction(read)
  expect(more.map((each) => each.name)).toEqual(['bank', 'post', 'shop'])
  expect([...further].sort()).toEqual(['bank', 'post'])
  expect(owned).toEqual([{ team: 'web', name: 'post' }])
})

test('who changes what was read fails at once: others read the same object', async () => {
  await declare(mine, service('shop', 1))
  const [found] = await mine.transaction((tx) => findResources(tx, [{ kind: 'Service', name: 'shop' }]))
  expect(() => {
    const spec = found?.document.spec as { tier: number }
    spec.tier = 0
  }).toThrow(TypeError)
})

test('many who ask at once while others declare never see less than what was committed before they asked', async () => {
  await declare(mine, service('shop', 0))
  let committed = 0
  const writer = (async () => {
    for (let tier = 1; tier <= 3; tier += 1) {
      await declare(theirs, service('shop', tier))
      committed = tier
    }
  })()
  const readers = Array.from({ length: 40 }, async (_, index) => {
    for (let round = 0; round < 5; round += 1) {
      const before = committed
      const seen = index % 2 === 0 ? await tierIn(mine) : await tierOf(mine)
      expect(seen).toBeGreaterThanOrEqual(before)
    }
  })
  await Promise.all([writer, ...readers])
  expect(await tierOf(mine)).toBe(3)
})
