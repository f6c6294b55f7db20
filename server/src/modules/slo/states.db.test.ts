// Lists of objectives as people ask for them, over more of them than one answer holds.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { type Database, openDatabase } from '../../platform/database/database.ts'
import { silentLog } from '../../platform/log/log.ts'
import { countStates, type ListFilter, listStates, readStandings } from './states.store.ts'

let test_: TestDatabase
let database: Database
beforeAll(async () => {
  test_ = await openTestDatabase('objective lists')
  database = openDatabase({ connection: test_.connection, log: silentLog, maxConnections: 2 })
  const owner = new pg.Client(test_.connection)
  await owner.connect()
  const add = async (name: string, service: string, display: string) =>
    owner.query(
      `insert into objectives (name, document, service, display_name, definition) values ($1, $1, $2, $3, '{}')`,
      [name, service, display],
    )
  const judge = async (name: string, state: string, level: string, remaining: number | null) =>
    owner.query(
      `insert into objective_states (name, version, as_of, state, level, since, remaining, view, memory) values ($1, 1, now(), $2, $3, now(), $4, '{}', '{}')`,
      [name, state, level, remaining],
    )
  await add('a-fine', 'cart', 'Cart answers')
  await add('b-burning', 'cart', 'Cart is quick')
  await add('c-spent', 'bank', 'Bank answers')
  await add('d-deep', 'bank', 'Bank is quick')
  await add('e-new', 'search', '100% found_')
  await add('f-quiet', 'mail', 'Mail leaves')
  await judge('a-fine', 'ok', 'none', 0.4)
  await judge('b-burning', 'burning', 'page', 0.2)
  await judge('c-spent', 'exhausted', 'ticket', -1)
  // A budget overspent without bounds must not leave its state in the order.
  await judge('d-deep', 'exhausted', 'none', -5e9)
  await judge('f-quiet', 'no-events', 'none', null)
  await owner.end()
})
afterAll(async () => {
  await database.close()
  await test_.close()
})

const list = async (filter: Partial<ListFilter>) => {
  const names: string[] = []
  let after: { order: number; name: string } | null = null
  for (;;) {
    const rows: Awaited<ReturnType<typeof listStates>> = await listStates(
      database,
      { service: null, state: null, sort: 'worst', ...filter },
      after,
      2,
    )
    names.push(...rows.map((row) => row.name.slice(0, 1)))
    const last = rows.at(-1)
    if (rows.length < 2 || last === undefined) return names.join('')
    after = { order: last.order, name: last.name }
  }
}

test.each([
  [{}, 'dcbefa'],
  [{ sort: 'name' as const }, 'abcdef'],
  [{ sort: 'remaining' as const }, 'dcbaef'],
  [{ state: 'trouble' as const }, 'dcb'],
  [{ state: 'unknown' as const }, 'ef'],
  [{ state: 'no-data' as const }, 'e'],
  [{ search: 'QUICK' }, 'db'],
  [{ search: 'bank', state: 'trouble' as const }, 'dc'],
  [{ search: '100% f' }, 'e'],
  [{ search: 'found_' }, 'e'],
  [{ search: '_' }, 'e'],
  [{ service: 'cart' }, 'ba'],
])('%j lists %s, page by page', async (filter, names) => {
  expect(await list(filter)).toBe(names)
})

test('counts are of everything, or of what is searched for; nobody judged yet counts as no data', async () => {
  expect(await countStates(database, null)).toEqual({
    ...{ total: 6, ok: 1, burning: 1, exhausted: 2, noData: 1, noEvents: 1, expired: 0, reviewDue: 0 },
  })
  expect(await countStates(database, 'cart')).toMatchObject({ total: 2, ok: 1, burning: 1 })
})

test('a service stands where its worst objective stands', async () => {
  expect(await readStandings(database, ['bank', 'cart', 'nobody', 'search'])).toEqual([
    { service: 'bank', count: 2, state: 'exhausted', level: 'none' },
    { service: 'cart', count: 2, state: 'burning', level: 'page' },
    { service: 'search', count: 1, state: 'no-data', level: 'none' },
  ])
})
