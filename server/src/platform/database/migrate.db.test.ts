// Migrations that are run twice at once, killed, edited afterwards or met by an older program; and what the
// application's role may not do.
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { administer } from '../../../test/cluster.ts'
import { openTestDatabase } from '../../../test/database.ts'
import { drawSchema } from '../../../test/schema-picture.ts'
import type { ConnectionSettings } from './connection.ts'
import { newDataFolder, start } from './embedded/playground.fixture.ts'
import { applicationRole, migrate } from './migrate.ts'

const ours = process.env.MAINSTAY_MIGRATIONS_FOLDER ?? path.resolve(import.meta.dirname, '../../../migrations')

/** An empty database in the run's cluster. */
async function emptyDatabase(name: string): Promise<ConnectionSettings> {
  const { admin, prefix } = inject('cluster')
  const database = `${prefix}${name}`
  await administer(admin, (client) =>
    client.query(`create database ${pg.escapeIdentifier(database)} template template0`),
  )
  onTestFinished(() =>
    administer(admin, async (client) => {
      await client.query(`drop database ${pg.escapeIdentifier(database)} with (force)`)
    }),
  )
  return { ...admin, database }
}

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mainstay-migrations-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  return folder
}

const applied = (connection: ConnectionSettings) =>
  administer(connection, async (client) => {
    const { rows } = await client.query<{ name: string }>('select name from migrations order by name')
    return rows.map((row) => row.name)
  })

const exists = (connection: ConnectionSettings, table: string) =>
  administer(connection, async (client) => {
    const { rows } = await client.query('select to_regclass($1) is not null as found', [table])
    return rows[0]?.found === true
  })

test('every file is applied once, in order; a second run finds nothing to do', async () => {
  const connection = await emptyDatabase('migrate_all')
  const names = (await readdir(ours)).filter((name) => /^\d{4}_/.test(name)).sort()
  expect(await migrate(connection)).toMatchObject({ applied: names, total: names.length, separateRole: true })
  expect(await migrate(connection)).toMatchObject({ applied: [], total: names.length })
  expect(await applied(connection)).toEqual(names)
})

test('two at once take turns', async () => {
  const connection = await emptyDatabase('migrate_twice')
  const reports = await Promise.all([migrate(connection), migrate(connection), migrate(connection)])
  expect(reports.filter((report) => report.applied.length > 0)).toHaveLength(1)
})

test('databases of one server may be migrated at the same moment, although they share the role', async () => {
  const connections = await Promise.all(
    Array.from({ length: 6 }, (_, index) => emptyDatabase(`migrate_beside_${index}`)),
  )
  await administer(inject('cluster').admin, async (client) => {
    // As on a fresh server: whoever comes first makes the role. Only tests that hold nothing of it may run beside.
    const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [applicationRole])
    expect(rows).toHaveLength(1)
  })
  const folder = await folderOf({ '0001_one.sql': 'create table one (id int)' })
  const reports = await Promise.all(connections.map((connection) => migrate(connection, { folder })))
  expect(reports.every((report) => report.separateRole)).toBe(true)
})

test('on a fresh server the first of many makes the role, the others find it', async () => {
  const server = await start(newDataFolder())
  const admin = { ...server.connection, database: 'postgres' }
  const names = Array.from({ length: 6 }, (_, index) => `fresh_${index}`)
  for (const name of names) await administer(admin, (client) => client.query(`create database ${name}`))
  const folder = await folderOf({ '0001_one.sql': 'create table one (id int)' })
  const reports = await Promise.all(names.map((database) => migrate({ ...admin, database }, { folder })))
  expect(reports.every((report) => report.separateRole)).toBe(true)
})

test('a migration that fails leaves nothing of itself and all of those before', async () => {
  const connection = await emptyDatabase('migrate_fails')
  const folder = await folderOf({
    '0001_good.sql': 'create table good (id int)',
    '0002_bad.sql': 'create table half (id int); select 1 / 0;',
    '0003_after.sql': 'create table after (id int)',
  })
  await expect(migrate(connection, { folder })).rejects.toMatchObject({
    code: 'database.migration-failed',
    message: expect.stringContaining('0002_bad.sql'),
  })
  expect(await applied(connection)).toEqual(['0001_good.sql'])
  expect([await exists(connection, 'half'), await exists(connection, 'after')]).toEqual([false, false])
  await writeFile(path.join(folder, '0002_bad.sql'), 'create table half (id int)')
  expect(await migrate(connection, { folder })).toMatchObject({ applied: ['0002_bad.sql', '0003_after.sql'] })
})

test('killed in the middle, whole migrations remain, and the next run completes to the same schema', async () => {
  const straight = await emptyDatabase('migrate_straight')
  await migrate(straight)
  const names = (await readdir(ours)).filter((name) => /^\d{4}_/.test(name)).sort()
  const connection = await emptyDatabase('migrate_killed')
  for (const killed of names.slice(1)) {
    // The same files up to one that ends the migration's own session after it has done all its work.
    const files = names
      .filter((name) => name <= killed)
      .map((name) => [name, readFileSync(path.join(ours, name), 'utf8')])
    const folder = await folderOf(Object.fromEntries(files))
    const last = path.join(folder, killed)
    await writeFile(last, `${readFileSync(last, 'utf8')}; select pg_terminate_backend(pg_backend_pid()), pg_sleep(5);`)
    await expect(migrate(connection, { folder })).rejects.toMatchObject({ code: 'database.migration-failed' })
    expect(await applied(connection)).toEqual(names.filter((name) => name < killed))
  }
  await migrate(connection)
  expect(await drawSchema(connection)).toBe(await drawSchema(straight))
  // One round for each migration there is: it grows with them.
}, 180_000)

test('a migration edited after it was applied is refused by name', async () => {
  const connection = await emptyDatabase('migrate_edited')
  const folder = await folderOf({ '0001_one.sql': 'create table one (id int)' })
  await migrate(connection, { folder })
  await writeFile(path.join(folder, '0001_one.sql'), 'create table one (id bigint)')
  await expect(migrate(connection, { folder })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'database.migration-changed',
    message: expect.stringContaining('0001_one.sql'),
  })
})

test('a database of a newer version is refused before anything is touched', async () => {
  const connection = await emptyDatabase('migrate_newer')
  await migrate(connection, {
    folder: await folderOf({
      '0001_one.sql': 'create table one (id int)',
      '0002_two.sql': 'create table two (id int)',
    }),
  })
  const older = await folderOf({
    '0001_one.sql': 'create table one (id int)',
    '0001_other.sql': 'create table other (id int)',
  })
  await expect(migrate(connection, { folder: older })).rejects.toMatchObject({
    code: 'database.newer',
    message: expect.stringContaining('0002_two.sql'),
  })
  expect(await exists(connection, 'other')).toBe(false)
})

test('a user who may not create roles can still migrate, and says so', async () => {
  const connection = await emptyDatabase('migrate_plain')
  const user = `${inject('cluster').prefix}plain`
  await administer(connection, (client) =>
    client.query(`create role ${user} login password 'x'; grant all on schema public to ${user}`),
  )
  onTestFinished(() =>
    administer(inject('cluster').admin, async (client) => void (await client.query(`drop role ${user}`))),
  )
  const folder = await folderOf({ '0001_one.sql': 'create table one (id int)' })
  const report = await migrate({ ...connection, user, password: 'x' }, { folder })
  expect(report).toMatchObject({ applied: ['0001_one.sql'], separateRole: false })
  await administer(connection, (client) => client.query(`drop owned by ${user}`))
})

const forbidden = [
  "update journal set type = 'another'",
  'delete from journal',
  'truncate journal',
  'alter table journal disable trigger all',
  'drop table journal',
  'delete from journal_checkpoints',
  'delete from migrations',
  "update migrations set checksum = ''",
  'create table mine (id int)',
  'create role mine',
] as const

test.each(forbidden)('the application’s role may not: %s', async (statement) => {
  const { connection, close } = await openTestDatabase('role')
  onTestFinished(close)
  const attempt = administer(connection, async (client) => {
    await client.query(`set session authorization ${applicationRole}`)
    await client.query(statement)
  })
  await expect(attempt).rejects.toMatchObject({ code: '42501' })
})
