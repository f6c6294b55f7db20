// The pool and its transactions against a real PostgreSQL that is slow, full, killed or silent.
import { expect, onTestFinished, test } from 'vitest'
import { administer } from '../../../test/cluster.ts'
import { counter, gate, openPlatform, type Platform } from '../../../test/platform.ts'
import { silentLog } from '../log/log.ts'
import type { ConnectionSettings } from './connection.ts'
import { openDatabase } from './database.ts'
import { newDataFolder, start } from './embedded/playground.fixture.ts'
import { signal } from './embedded/processes.ts'
import { isUniqueViolation } from './failures.ts'
import { json, listOf, sql, timestamp } from './queries.ts'

const schema = `
  create table scratch (id int primary key, n int not null default 0);
  grant all on scratch to public;
  insert into scratch values (1), (2)`

async function withScratch(name: string, statementTimeoutMs?: number): Promise<Platform> {
  const platform = await openPlatform(name, statementTimeoutMs === undefined ? {} : { statementTimeoutMs })
  await administer(platform.connection, (client) => client.query(schema))
  return platform
}

const scratch = sql<{ id: number; n: number }>`select id, n from scratch order by id`
const bump = (id: number) => sql`update scratch set n = n + 1 where id = ${id}`

/** The sessions of the product in this database, not those of the test. */
const endSessions = (connection: ConnectionSettings) =>
  administer(connection, async (client) => {
    const { rowCount } = await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'mainstay'",
    )
    return rowCount ?? 0
  })

test('values come back as the program counts', async () => {
  const { database } = await openPlatform('types')
  const now = await database.now()
  const row = await database.one(
    sql`select ${timestamp(now)} as at, 9007199254740991::int8 as big, ${json([1, { a: null }])} as doc, 0.1::numeric as ratio`,
  )
  expect(row).toEqual({ at: now, big: 9007199254740991, doc: [1, { a: null }], ratio: '0.1' })
  await expect(database.one(sql`select 9007199254740993::int8 as big`)).rejects.toThrow(RangeError)
  await expect(database.one(sql`select 1 where false`)).rejects.toThrow('got none')
  await expect(database.maybe(sql`select generate_series(1, 2)`)).rejects.toThrow('got 2')
  expect(await database.one(sql`select 1 as still`)).toEqual({ still: 1 })
})

test('what a session keeps prepared outlives a migration of the tables under it', async () => {
  const { database, connection } = await withScratch('plans')
  const whole = sql`select * from scratch where id = ${1}`
  const read = () => database.transaction((tx) => tx.many(whole))
  // Several sessions, so that a repetition meets another one with the same outdated plan.
  for (let time = 0; time < 10; time += 1) await Promise.all(Array.from({ length: 8 }, read))
  const prepared = await database.one(
    sql<{
      count: number
    }>`select count(*)::int as count from pg_prepared_statements where statement like 'select * from scratch%'`,
  )
  expect(prepared.count).toBe(1)
  await administer(connection, (client) => client.query("alter table scratch add column word text default 'new'"))
  const now = [{ id: 1, n: 0, word: 'new' }]
  expect(await read()).toEqual(now)
  await administer(connection, (client) => client.query('alter table scratch drop column word'))
  expect(await database.many(whole)).toEqual([{ id: 1, n: 0 }])
})

test('a deadlock is repeated, and both get through whole', async () => {
  const { database } = await withScratch('deadlock')
  const firsts = [gate(), gate()]
  const attempts = [0, 0]
  const cross = (mine: number, theirs: number) =>
    database.transaction(async (tx) => {
      attempts[mine - 1] = (attempts[mine - 1] ?? 0) + 1
      await tx.run(bump(mine))
      firsts[mine - 1]?.open()
      await firsts[theirs - 1]?.opened
      await tx.run(bump(theirs))
    })
  await Promise.all([cross(1, 2), cross(2, 1)])
  expect(await database.many(scratch)).toEqual([
    { id: 1, n: 2 },
    { id: 2, n: 2 },
  ])
  expect(attempts[0] ?? 0).toBeGreaterThan(0)
  expect((attempts[0] ?? 0) + (attempts[1] ?? 0)).toBeGreaterThanOrEqual(3)
})

test('a conflict that does not end is «not now», never a fault of ours', async () => {
  const { database } = await openPlatform('busy')
  let attempts = 0
  const failed = database.transaction(async (tx) => {
    attempts += 1
    await tx.run(sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`)
  })
  await expect(failed).rejects.toMatchObject({ kind: 'unavailable', code: 'database.busy' })
  expect(attempts).toBe(4)
})

test('a failure inside a transaction that somebody swallows never looks committed', async () => {
  const { database } = await withScratch('swallow')
  const swallowed = database.transaction(async (tx) => {
    await tx.run(bump(1))
    await tx.run(sql`insert into scratch values (1)`).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error
    })
  })
  await expect(swallowed).rejects.toThrow('rolled back')
  expect(await database.many(scratch)).toMatchObject([{ n: 0 }, { n: 0 }])
})

test('what nobody waits for goes behind what was asked before, and fails the transaction with its own reason', async () => {
  const { database } = await withScratch('later')
  await database.transaction(async (tx) => {
    tx.later(bump(1))
    expect(await tx.many(scratch)).toMatchObject([{ n: 1 }, { n: 0 }])
  })
  const failed = database.transaction(async (tx) => {
    tx.later(bump(2))
    tx.later(sql`insert into scratch values (1)`)
    // Refused because of the one before, which is what is told.
    await tx.many(scratch)
  })
  await expect(failed).rejects.toSatisfy(isUniqueViolation)
  const unnoticed = database.transaction(async (tx) => {
    tx.later(bump(2))
    tx.later(sql`insert into scratch values (1)`)
  })
  await expect(unnoticed).rejects.toSatisfy(isUniqueViolation)
  expect(await database.many(scratch)).toMatchObject([{ n: 1 }, { n: 0 }])
})

test('a deadlock that strikes what nobody waits for is tried again, as any other', async () => {
  const { database } = await openPlatform('busy later')
  let attempts = 0
  await database.transaction(async (tx) => {
    attempts += 1
    if (attempts === 1) tx.later(sql`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`)
  })
  expect(attempts).toBe(2)
})

test('the last work of a transaction is done once, before its commit; who asked hears how it ended; nothing comes behind', async () => {
  const { database } = await withScratch('ends')
  const heard: boolean[] = []
  let late: Promise<unknown> = Promise.resolve()
  await database.transaction(async (tx) => {
    for (let times = 0; times < 2; times += 1)
      tx.beforeCommit('bump', async () => {
        await tx.run(bump(1))
      })
    tx.onEnd((isCommitted) => {
      heard.push(isCommitted)
      late = tx.run(bump(2))
    })
  })
  await expect(late).rejects.toThrow('has ended')
  const failed = database.transaction(async (tx) => {
    tx.onEnd((isCommitted) => heard.push(isCommitted))
    tx.beforeCommit('fail', () => {
      throw new Error('not like this')
    })
  })
  await expect(failed).rejects.toThrow('not like this')
  expect([heard, await database.many(scratch)]).toMatchObject([
    [true, false],
    [{ n: 1 }, { n: 0 }],
  ])
})

test('a rehearsal answers what the transaction would, and keeps nothing', async () => {
  const { database } = await withScratch('rehearse')
  const counts = await database.rehearse(async (tx) => {
    await tx.run(bump(1))
    return tx.many(scratch)
  })
  expect(counts).toMatchObject([{ n: 1 }, { n: 0 }])
  expect(await database.many(scratch)).toMatchObject([{ n: 0 }, { n: 0 }])
})

test('a statement over its limit is cancelled and said to be too slow; the session serves on', async () => {
  const { database } = await withScratch('slow', 200)
  await expect(database.run(sql`select pg_sleep(60)`)).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'database.too-slow',
  })
  // Waiting for somebody's lock is waiting too.
  const held = gate()
  const locked = gate()
  const holder = database.transaction(async (tx) => {
    await tx.run(bump(1))
    locked.open()
    await held.opened
  })
  await locked.opened
  await expect(database.transaction((tx) => tx.run(bump(1)))).rejects.toMatchObject({ code: 'database.too-slow' })
  held.open()
  await holder
  expect(await database.many(scratch)).toMatchObject([{ n: 1 }, { n: 0 }])
})

test('a full disk is said in a sentence, with when to come back', async () => {
  const { database } = await openPlatform('full')
  const full = sql`do $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`
  const refusal = { kind: 'unavailable', code: 'database.disk-full', details: { retryAfterSeconds: 30 } }
  await expect(database.run(full)).rejects.toMatchObject(refusal)
  await expect(database.transaction((tx) => tx.run(full))).rejects.toMatchObject(refusal)
  expect(await database.one(sql`select 1 as still`)).toEqual({ still: 1 })
})

test('a standby is said to take no writes', async () => {
  const { database } = await withScratch('standby')
  const failed = database.transaction(async (tx) => {
    await tx.run(sql`set transaction read only`)
    await tx.run(bump(1))
  })
  await expect(failed).rejects.toMatchObject({ kind: 'unavailable', code: 'database.read-only' })
})

test('sessions ended by the server: what ran is «away», the next request works, the pool is whole again', async () => {
  const { connection, database } = await withScratch('ended')
  const begun = gate()
  const ended = gate()
  const running = database.transaction(async (tx) => {
    await tx.run(bump(1))
    begun.open()
    await ended.opened
    await tx.run(bump(2))
  })
  const asleep = database.run(sql`select pg_sleep(60)`)
  const outcomes = Promise.allSettled([running, asleep])
  await begun.opened
  // The sleeper's session may still be opening: both are awaited before the axe falls.
  for (let sessions = 0; sessions < 2; ) {
    const row = await administer(connection, (client) =>
      client.query<{ count: number }>(
        "select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'mainstay' and (state = 'idle in transaction' or query like '%pg_sleep%')",
      ),
    )
    sessions = row.rows[0]?.count ?? 0
  }
  expect(await endSessions(connection)).toBeGreaterThanOrEqual(2)
  ended.open()
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable', code: 'database.away' } })
  expect(await database.many(scratch)).toMatchObject([{ n: 0 }, { n: 0 }])
  const many = await Promise.all(Array.from({ length: 40 }, () => database.one(sql`select 1 as one`)))
  expect(many).toHaveLength(40)
  expect(database.pool).toMatchObject({ waiting: 0 })
  expect(database.pool.idle).toBe(database.pool.total)
})

test('of a transaction from which nothing comes any more the locks are free again, soon enough for pages', async () => {
  const { database } = await withScratch('silent in a transaction')
  const locked = gate()
  const cut = gate()
  const silent = database.transaction(async (tx) => {
    await tx.run(bump(1))
    locked.open()
    await cut.opened
    await tx.run(bump(2))
  })
  const outcome = Promise.allSettled([silent])
  await locked.opened
  const told = await database.one(
    sql<{ limit: string }>`select current_setting('idle_in_transaction_session_timeout') as limit`,
  )
  expect(told.limit).toBe('8s')
  // Whoever waits is told to come again, until the session is ended by the server.
  await expect
    .poll(() => database.run(bump(1)).catch((error: { code?: string }) => error.code), { timeout: 90_000 })
    .toBe(1)
  cut.open()
  expect(await outcome).toMatchObject([{ status: 'rejected', reason: { kind: 'unavailable', code: 'database.away' } }])
  expect(await database.many(scratch)).toMatchObject([{ n: 1 }, { n: 0 }])
}, 120_000)

test('a list of numbers or truths is one parameter, also an empty one', async () => {
  const { database } = await openPlatform('lists')
  const wide = Number.MAX_SAFE_INTEGER
  expect(
    await database.one(sql`
      select ${listOf([1, -2, 0])}::int[] as ints, ${listOf([wide, -wide])}::bigint[]::text[] as wide,
        ${listOf([true, false])}::boolean[] as truths, cardinality(${listOf([])}::bigint[]) as none`),
  ).toEqual({ ints: [1, -2, 0], wide: [String(wide), String(-wide)], truths: [true, false], none: 0 })
  await expect(database.one(sql`select ${listOf([0.5])}::int[]`)).rejects.toThrow('invalid input syntax')
})

test('hints reach a listener after the commit and never after a rollback', async () => {
  const { database } = await openPlatform('hints')
  const client = await database.dedicated()
  onTestFinished(() => client.end())
  const heard: string[] = []
  const told = gate()
  client.on('notification', (message) => {
    heard.push(`${message.channel} ${message.payload}`)
    if (message.channel === 'mainstay_journal') told.open()
  })
  await client.query('listen mainstay_work')
  await client.query('listen mainstay_journal')
  await database
    .transaction(async (tx) => {
      tx.hint('mainstay_work')
      throw new Error('no')
    })
    .catch(() => undefined)
  await database.transaction(async (tx) => {
    tx.hint('mainstay_work', '2')
    tx.hint('mainstay_work', '0')
    tx.hint('mainstay_work', '2')
    tx.hint('mainstay_journal')
    tx.hint('mainstay_journal')
  })
  await told.opened
  expect(heard).toEqual(['mainstay_work 2 0', 'mainstay_journal '])
})

test('who listens in the same process hears of a commit by the time it is answered, and tells its own notifications from others', async () => {
  const { connection, database } = await openPlatform('own hints')
  const elsewhere = openDatabase({ connection, log: silentLog })
  onTestFinished(() => elsewhere.close())
  const client = await database.dedicated()
  onTestFinished(() => client.end())
  const notified: string[] = []
  const all = counter()
  client.on('notification', (message) => {
    notified.push(`${message.payload} ${database.isOwn(message)}`)
    all.add()
  })
  await client.query('listen mainstay_work')
  const heard: string[] = []
  const deaf = database.onHint((channel, words) => heard.push(`${channel} ${[...words].join(' ')}`))
  await database
    .transaction(async (tx) => {
      tx.hint('mainstay_work', '1')
      throw new Error('no')
    })
    .catch(() => undefined)
  await database.transaction(async (tx) => {
    tx.hint('mainstay_work', '2')
    expect(heard).toEqual([])
  })
  expect(heard).toEqual(['mainstay_work 2'])
  await all.reached(1)
  await elsewhere.transaction(async (tx) => tx.hint('mainstay_work', '3'))
  await all.reached(2)
  deaf()
  await database.transaction(async (tx) => tx.hint('mainstay_work', '4'))
  expect(heard).toEqual(['mainstay_work 2'])
  expect(notified).toEqual(['2 true', '3 false'])
})

test('a silent server: nobody waits longer than 10 s, and when it speaks again so does the pool', async () => {
  const server = await start(newDataFolder())
  const database = openDatabase({ connection: server.connection, log: silentLog, maxConnections: 4 })
  onTestFinished(() => database.close())
  const idle = await Promise.all(
    Array.from({ length: 4 }, () => database.one(sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.05)`)),
  )
  const backends = new Set(idle.map((row) => row.pid))
  expect(backends.size).toBe(4)
  const postmaster = server.pid ?? 0
  // The postmaster too: a machine that is gone answers no new connection either.
  for (const pid of [...backends, postmaster]) signal(pid, 'SIGSTOP')
  onTestFinished(() => {
    for (const pid of [...backends, postmaster]) signal(pid, 'SIGCONT')
  })
  const began = performance.now()
  const asked = await Promise.allSettled([
    ...Array.from({ length: 5 }, () => database.one(sql`select 1 as one`)),
    ...Array.from({ length: 5 }, () => database.transaction((tx) => tx.one(sql`select 1 as one`))),
  ])
  const seconds = (performance.now() - began) / 1000
  for (const outcome of asked)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable', code: 'database.away' } })
  expect(seconds).toBeLessThan(11)
  for (const pid of [postmaster, ...backends]) signal(pid, 'SIGCONT')
  expect(await database.one(sql`select 1 as one`)).toEqual({ one: 1 })
  const after = await Promise.all(
    Array.from({ length: 12 }, () => database.transaction((tx) => tx.one(sql`select 1 as one`))),
  )
  expect(after).toHaveLength(12)
  expect(database.pool.idle).toBe(database.pool.total)
}, 60_000)

test('what a transaction asks for at once runs one after the other, and its end waits for all of it', async () => {
  const { database } = await withScratch('at once')
  const warnings: string[] = []
  const hear = (warning: Error) => void warnings.push(`${warning.name}: ${warning.message}`)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  await database.transaction((tx) => Promise.all([tx.run(bump(1)), tx.run(bump(1)), tx.many(scratch), tx.run(bump(2))]))
  // One of several fails: the others are taken back, although they were asked for before.
  const broken = database.transaction((tx) =>
    Promise.all([tx.run(bump(1)), tx.run(sql`select nothing`), tx.run(bump(2))]),
  )
  await expect(broken).rejects.toThrow('nothing')
  expect(await database.many(scratch)).toEqual([
    { id: 1, n: 2 },
    { id: 2, n: 1 },
  ])
  // Warnings are told on a later turn of the loop.
  await new Promise((resolve) => setImmediate(resolve))
  expect(warnings).toEqual([])
})

test('a restart that ends all idle connections is one warning', async () => {
  const told: string[] = []
  const log = { ...silentLog, warn: (sentence: string) => void told.push(sentence) }
  const { connection, database } = await openPlatform('quiet', { log })
  await Promise.all(Array.from({ length: 8 }, () => database.run(sql`select pg_sleep(0.05)`)))
  expect(database.pool.idle).toBeGreaterThan(3)
  await endSessions(connection)
  while (database.pool.total > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(told).toHaveLength(1)
})
