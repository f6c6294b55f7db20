// Two real servers of one cluster: where the product's sessions go, and what a former primary and a lone commit are worth.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/platform/database/database.ts'
import { parseDatabaseUrl } from '../../src/platform/database/database-url.ts'
import { openPrimary, type Timeline } from '../../src/platform/database/primary.ts'
import { sql } from '../../src/platform/database/queries.ts'
import { silentLog } from '../../src/platform/log/log.ts'
import { eventually } from '../chaos/product.ts'
import { database as databaseName, openPair, type Pair } from './pair.ts'

let pair: Pair
let database: Database
let remembered: Timeline | null = null
const memory = {
  read: () => remembered,
  write: (newest: Timeline) => {
    remembered = newest
  },
}

beforeAll(async () => {
  pair = await openPair()
  // The standby first: the order decides nothing while one of them is the primary.
  const connection = parseDatabaseUrl(pair.url)
  const primary = await openPrimary({ connection, log: silentLog, memory })
  database = openDatabase({ connection, primary, log: silentLog, maxConnections: 4 })
  await database.run(sql`create table written (id int primary key)`)
}, 240_000)

afterAll(async () => {
  await database?.close()
  await pair?.stop()
})

const write = (id: number) => database.transaction((tx) => tx.run(sql`insert into written values (${id})`))
const written = async () =>
  (await database.many<{ id: number }>(sql`select id from written order by id`)).map(({ id }) => id)

test('a commit that no longer waits for its standby is not answered as done', async () => {
  pair.standby.stall()
  const lone = write(1)
  const told = expect(lone).rejects.toMatchObject({ code: 'database.away', message: /standby did not confirm/ })
  // Somebody cancels the statement that seems to hang: PostgreSQL then answers COMMIT as if all were well.
  await eventually('the commit waits for the standby', async () => {
    const rows = await pair.primary.ask<{ cancelled: boolean }>(
      "select pg_cancel_backend(pid) as cancelled from pg_stat_activity where wait_event = 'SyncRep'",
      databaseName,
    )
    return rows.length > 0 ? true : null
  })
  await told
  pair.standby.thawed()
  await eventually('commits are confirmed again', () =>
    write(2).then(
      () => true,
      () => null,
    ),
  )
}, 120_000)

test('sessions follow a promotion by themselves, also those on a former primary that still answers', async () => {
  const listener = await database.dedicated()
  const ended = new Promise<void>((resolve) => void listener.once('end', () => resolve()))
  await pair.promote('stalled')
  await eventually('it writes to the new primary', () =>
    write(3).then(
      () => true,
      () => null,
    ),
  )
  expect(await written()).toContain(3)
  await ended
  // The former primary is awake, takes itself for the primary, and nobody of ours is there: but for a commit that waits
  // for its standby for ever, which nobody waits for.
  await eventually('the former primary is left', async () => {
    const [row] = await pair.standby.ask<{ primary: boolean; sessions: number }>(
      `select not pg_is_in_recovery() as primary, (select count(*)::int from pg_stat_activity
         where application_name = 'mainstay' and wait_event is distinct from 'SyncRep') as sessions`,
    )
    expect(row?.primary).toBe(true)
    return row?.sessions === 0 ? true : null
  })
}, 120_000)

test('who starts while only the former primary answers is told so, and starts when the new one is back', async () => {
  const { otherHosts: _, ...former } = parseDatabaseUrl(pair.url)
  const host = pair.standby.folder
  const nowhere = { host: '/nowhere', port: 5432 }
  const connection = { ...former, host, otherHosts: [nowhere] }
  await expect(openPrimary({ connection, log: silentLog, memory })).rejects.toMatchObject({
    code: 'database.superseded',
    message: expect.stringContaining('was the primary before another was promoted'),
  })
  const whole = { ...former, host, otherHosts: [{ host: pair.primary.folder, port: 5432 }] }
  const primary = await openPrimary({ connection: whole, log: silentLog, memory })
  primary.stop()
  expect(primary.host.host).toBe(pair.primary.folder)
})

test('a planned change of roles ends no work that could be tried again', async () => {
  await pair.mend()
  expect((await pair.primary.ask<{ n: number }>('select 1 as n')).length).toBe(1)
  await pair.promote('stopped')
  await eventually('it writes again', () =>
    write(4).then(
      () => true,
      () => null,
    ),
  )
  // The one that is a standby now refuses sessions instead of failing each of their writes.
  await pair.mend()
  const client = new pg.Client(pair.standby.connection(databaseName))
  await client.connect()
  const [two = ''] = [pair.primary.folder]
  const primary = await openPrimary({
    connection: { ...pair.standby.connection(databaseName), otherHosts: [{ host: two, port: 5432 }] },
    log: silentLog,
  })
  await expect(primary.admit(client)).rejects.toMatchObject({ code: 'database.read-only' })
  primary.stop()
  await client.end()
  expect(await written()).toEqual(expect.arrayContaining([2, 3, 4]))
}, 120_000)
