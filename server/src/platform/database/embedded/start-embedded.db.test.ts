// The ordinary life of the embedded server: made, started, used, stopped, and refused with a reason.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { AppError } from '../../../kernel/app-error.ts'
import { asRoot, checkoutIsPublic, newDataFolder, query, start, startProcess } from './playground.fixture.ts'
import { processState } from './processes.ts'

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(outcome instanceof AppError)) throw new Error(`Expected a refusal, got ${String(outcome)}`)
  return outcome
}

test('what was written is there after a stop and a second start', async () => {
  const folder = newDataFolder()
  const first = await start(folder)
  expect(first).toMatchObject({ owned: true, adopted: false, version: expect.stringMatching(/^18\./) })
  await query(first.connection, 'create table kept (id int)')
  await query(first.connection, 'insert into kept values (7)')
  const pid = first.pid ?? 0
  await first.stop()
  await first.stop()
  expect(processState(pid)).not.toBe('running')
  expect(existsSync(path.join(folder, 'postgres/owner.lock'))).toBe(false)

  const second = await start(folder)
  expect(await query(second.connection, 'select id from kept')).toEqual([{ id: 7 }])
  expect(second.adopted).toBe(false)
})

test('it runs durable, in UTC, with sorting that no library changes, and without a network port', async () => {
  const server = await start(newDataFolder(), { durable: true })
  const names = [
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'listen_addresses',
    'TimeZone',
    'data_checksums',
    'max_connections',
  ]
  const rows = await query<{ name: string; setting: string }>(
    server.connection,
    'select name, setting from pg_settings where name = any($1)',
    [names],
  )
  expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    listen_addresses: '',
    TimeZone: 'UTC',
    data_checksums: 'on',
    max_connections: '100',
  })
  const locale = await query(
    server.connection,
    'select datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()',
  )
  expect(locale).toEqual([{ datlocprovider: 'b', datlocale: 'C.UTF-8', encoding: 'UTF8' }])
  expect(statSync(server.connection.host).mode & 0o077).toBe(0)
})

test('every extension the product may use loads from the installed binaries', async () => {
  const server = await start(newDataFolder())
  for (const name of ['pg_trgm', 'btree_gin', 'pgcrypto', 'amcheck', 'pg_stat_statements'])
    await query(server.connection, `create extension ${name}`)
  expect(await query(server.connection, "select similarity('checkout', 'chekout') > 0.4 as near")).toEqual([
    { near: true },
  ])
})

test('an installation cut short by a power failure is repaired', async () => {
  const folder = newDataFolder()
  await (await start(folder)).stop()
  const program = path.join(folder, 'postgres/binaries', '18.4.0-beta.17', 'bin/postgres')
  // Removed first: it may share its content with the package.
  rmSync(program)
  writeFileSync(program, '')
  const server = await start(folder)
  expect(await query(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a folder too deep for a socket gets a short private one, the same at each start', async () => {
  const folder = newDataFolder(`${'deep-'.repeat(12)}/${'down-'.repeat(12)}`)
  const first = await start(folder)
  const { host } = first.connection
  expect(Buffer.byteLength(host)).toBeLessThan(100)
  expect(statSync(host).mode & 0o777).toBe(0o700)
  await first.stop()
  expect(existsSync(host)).toBe(false)
  const second = await start(folder)
  expect(second.connection.host).toBe(host)
  expect(await query(second.connection, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a data folder of another major version is refused with the way out', async () => {
  const folder = newDataFolder()
  await (await start(folder)).stop()
  writeFileSync(path.join(folder, 'postgres/cluster/PG_VERSION'), '17\n')
  const error = await refusal(start(folder))
  expect(error).toMatchObject({ kind: 'conflict', code: 'database.major-version' })
  expect(error.message).toMatch(/PostgreSQL 17.*PostgreSQL 18.*DATABASE_URL/s)
  expect(existsSync(path.join(folder, 'postgres/owner.lock'))).toBe(false)
})

test('a start that fails says what PostgreSQL said', async () => {
  const folder = newDataFolder()
  await (await start(folder)).stop()
  writeFileSync(path.join(folder, 'postgres/cluster/postgresql.auto.conf'), "shared_buffers = 'plenty'\n")
  const error = await refusal(start(folder))
  expect(error).toMatchObject({ kind: 'unavailable', code: 'database.start-failed' })
  expect(error.message).toContain('invalid value for parameter "shared_buffers": "plenty"')
})

test('a data folder that is a file is refused as one that cannot be used', async () => {
  const folder = newDataFolder()
  writeFileSync(folder, '')
  expect(await refusal(start(folder))).toMatchObject({ kind: 'invalid', code: 'database.folder-denied' })
})

test('binaries that are not there are named with the way out', async () => {
  const folder = newDataFolder()
  const error = await refusal(start(folder, { binariesDir: '/nowhere/native' }))
  expect(error).toMatchObject({ code: 'database.binaries-missing' })
  expect(error.message).toContain('DATABASE_URL')
})

test('a second owner is refused and told who holds the folder; a client may attach', async () => {
  const folder = newDataFolder()
  const owner = startProcess(folder)
  const told = await owner.next()
  const error = await refusal(start(folder))
  expect(error).toMatchObject({ kind: 'conflict', code: 'database.data-folder-in-use' })
  expect(error.message).toContain(`process ${owner.child.pid}`)

  const client = await start(folder, { attach: true })
  expect(client).toMatchObject({ owned: false, pid: null })
  expect(await query(client.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  await client.stop()
  expect(processState(told.pid ?? 0)).toBe('running')
  await owner.finish()
  expect(processState(told.pid ?? 0)).not.toBe('running')
})

test.runIf(asRoot)('as root the server runs as an account without rights that reaches nothing else', async () => {
  const folder = newDataFolder()
  const server = await start(folder)
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  expect(status).toMatch(/^Uid:\s+([1-9]\d*)\s+\1\s+\1\s+\1$/m)
  expect(status).toMatch(/^Groups:\s*$/m)
  expect(readFileSync(`/proc/${server.pid}/environ`, 'utf8')).not.toContain('VITEST')
  expect(statSync(folder).mode & 0o007).toBe(0)
})

test.runIf(asRoot)('a folder that the account cannot enter is refused by name', async () => {
  const folder = path.join(newDataFolder('closed'), 'inner/data')
  mkdirSync(path.dirname(path.dirname(folder)), { mode: 0o700 })
  const error = await refusal(start(folder))
  expect(error).toMatchObject({ kind: 'invalid', code: 'database.folder-unreachable' })
  expect(error.message).toContain('/var/lib/mainstay')
})

test.runIf(asRoot && checkoutIsPublic(65_534))(
  'as an ordinary user it runs as that user, and root keeps the owner',
  async () => {
    const folder = newDataFolder()
    const ordinary = startProcess(folder, 'own', 65_534)
    const told = await ordinary.next()
    expect(told).toMatchObject({ event: 'started', owned: true, uid: 65_534 })
    expect(statSync(`/proc/${told.pid}`).uid).toBe(65_534)
    await ordinary.finish()

    const root = await start(folder)
    expect(statSync(`/proc/${root.pid}`).uid).toBe(65_534)
  },
)
