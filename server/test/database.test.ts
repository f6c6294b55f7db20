// The ground every database test stands on.
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { openTestDatabase } from './database.ts'

async function open(connection: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, application_name: 'kit' })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

test('each database is a migrated copy of its own', async () => {
  const [one, two] = await Promise.all([openTestDatabase('first'), openTestDatabase('second')])
  const [inOne, inTwo] = await Promise.all([open(one.connection), open(two.connection)])
  await inOne.query('create table only_here (id int)')
  expect((await inTwo.query("select to_regclass('only_here') as found")).rows).toEqual([{ found: null }])
  const { rows } = await inTwo.query<{ count: number }>('select count(*)::int as count from migrations')
  expect(rows[0]?.count).toBeGreaterThan(0)
  await Promise.all([inOne.end(), inTwo.end()])
  await Promise.all([one.close(), two.close()])
})

test('many at once get theirs, and nothing stays behind', async () => {
  const databases = await Promise.all(Array.from({ length: 8 }, (_, index) => openTestDatabase(`many ${index}`)))
  const names = databases.map((each) => each.connection.database)
  expect(new Set(names).size).toBe(8)
  await Promise.all(databases.map((each) => each.close()))
  const admin = await open(inject('cluster').admin)
  const left = await admin.query('select datname from pg_database where datname = any($1)', [names])
  await admin.end()
  expect(left.rows).toEqual([])
})

test('a session left open fails the close and is named', async () => {
  const database = await openTestDatabase('leaky')
  const forgotten = await open(database.connection)
  await forgotten.query('select 42')
  await expect(database.close()).rejects.toThrow(/1 sessions of leaky.*kit.*select 42/s)
  await forgotten.end()
})
