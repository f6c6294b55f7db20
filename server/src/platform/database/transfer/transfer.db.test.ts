// An export of real data, journal and all, imported elsewhere: the same rows, the same proof.
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test, vi } from 'vitest'
import { administer } from '../../../../test/cluster.ts'
import { openTestDatabase } from '../../../../test/database.ts'
import { automation } from '../../../kernel/actor.ts'
import { appendEntries, sealJournal, signCheckpoint, verifyJournal } from '../../../modules/audit/index.ts'
import { newId } from '../../ids.ts'
import { createJournal } from '../../journal/journal.ts'
import { silentLog } from '../../log/log.ts'
import { generateSigningKey, readSigningKey } from '../../secrets/index.ts'
import type { ConnectionSettings } from '../connection.ts'
import { type Database, openDatabase } from '../database.ts'
import { applicationRole } from '../migrate.ts'
import { sql } from '../queries.ts'
import { exportDatabase } from './export-database.ts'
import { importDatabase } from './import-database.ts'
import { columnList, quoted, tablesInOrder } from './tables.ts'

vi.setConfig({ testTimeout: 120_000 })

const signingKey = readSigningKey(generateSigningKey())
const nasty = 'a\tb\nc\\d\\.e "quoted" \u{1F600} \\N'
const entries = 300
const countJournal = sql<{ count: number }>`select count(*) from journal`
const countLeaves = sql<{ count: number }>`select count(*) from journal_leaves`

function needsOf(database: Database) {
  const journal = createJournal(appendEntries, () => [])
  return { database, journal, log: silentLog, newId, publicUrl: 'http://test' }
}

async function write(database: Database, count: number): Promise<void> {
  const { journal } = needsOf(database)
  await database.transaction(async (tx) => {
    for (let n = 0; n < count; n += 1)
      await journal.publish(
        tx,
        { type: 'test.happened', summary: '' },
        { actor: automation('test'), subject: { kind: 'thing', id: `${n}` }, reason: nasty, data: { n, text: nasty } },
      )
  })
}

/** An entry is sealed when nothing older still runs in the whole cluster, which other tests share: asked until then. */
async function sealTo(database: Database, size: number): Promise<void> {
  await expect
    .poll(async () => {
      await sealJournal(database)
      return (await database.one(countLeaves)).count
    })
    .toBe(size)
  await signCheckpoint(needsOf(database), signingKey)
}

async function fullDatabase() {
  const { connection, close } = await openTestDatabase('export')
  const database = openDatabase({ connection, log: silentLog, role: applicationRole })
  onTestFinished(async () => {
    await database.close()
    await close()
  })
  await write(database, entries)
  await sealTo(database, entries)
  // Not sealed yet when it is exported.
  await write(database, 5)
  return { database, connection }
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'mainstay-transfer-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function emptyDatabase(): Promise<ConnectionSettings> {
  const { connection, close } = await openTestDatabase('import')
  onTestFinished(close)
  await administer(connection, (client) => client.query('drop schema public cascade; create schema public'))
  return connection
}

const relations = (connection: ConnectionSettings) =>
  administer(connection, async (client) => {
    const { rows } = await client.query(
      "select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace",
    )
    return rows[0]?.n
  })

const endImport =
  "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mainstay-import' and datname = current_database()"

/** Every row of every table as PostgreSQL spells it. */
async function contents(connection: ConnectionSettings): Promise<Record<string, readonly string[]>> {
  return administer(connection, async (client) => {
    const all: Record<string, readonly string[]> = {}
    for (const { name, columns } of await tablesInOrder(client)) {
      const { rows } = await client.query<{ row: string }>(
        `select row(${columnList(columns)})::text as row from ${quoted(name)} order by 1`,
      )
      all[name] = rows.map(({ row }) => row)
    }
    return all
  })
}

test('exported and imported: every row of every table is the same, and the journal verifies and goes on', async () => {
  const { connection } = await fullDatabase()
  const file = path.join(folder(), 'all.mainstay')
  const report = await exportDatabase(connection, createWriteStream(file), '1.2.3')
  expect(report.rows).toBeGreaterThan(2 * entries)
  const target = await emptyDatabase()
  expect(await importDatabase(target, createReadStream(file))).toEqual(report)
  expect(await contents(target)).toEqual(await contents(connection))
  const database = openDatabase({ connection: target, log: silentLog, role: applicationRole })
  onTestFinished(() => database.close())
  expect(await verifyJournal(database, signingKey)).toMatchObject({ ok: true, counts: { entries } })
  await write(database, 10)
  await sealTo(database, entries + 15)
  expect(await verifyJournal(database, signingKey)).toMatchObject({ ok: true, counts: { entries: entries + 15 } })
  // The guards came along: not even the owner changes an entry.
  const change = administer(target, (client) => client.query('delete from journal'))
  await expect(change).rejects.toMatchObject({ code: '42501' })
})

test('an export shows one moment, whatever is written meanwhile', async () => {
  const { database, connection } = await fullDatabase()
  const file = path.join(folder(), 'moment.mainstay')
  const slow = new PassThrough({ highWaterMark: 1 })
  const exported = exportDatabase(connection, slow, '1.2.3')
  slow.once('readable', () => {
    void write(database, 3).then(() => slow.pipe(createWriteStream(file)))
  })
  const { rows } = await exported
  expect(await database.one(countJournal)).toEqual({ count: entries + 8 })
  const target = await emptyDatabase()
  expect((await importDatabase(target, createReadStream(file))).rows).toBe(rows)
  await administer(target, async (client) => {
    expect((await client.query('select count(*)::int as n from journal')).rows).toEqual([{ n: entries + 5 }])
  })
})

test('a database that holds anything is left alone', async () => {
  const { connection } = await fullDatabase()
  const file = path.join(folder(), 'again.mainstay')
  await exportDatabase(connection, createWriteStream(file), '1.2.3')
  const before = await contents(connection)
  const again = importDatabase(connection, createReadStream(file))
  await expect(again).rejects.toMatchObject({ code: 'import.not-empty' })
  expect(await contents(connection)).toEqual(before)
})

test('an import that is killed in the middle leaves an empty database', async () => {
  const { connection } = await fullDatabase()
  const file = path.join(folder(), 'killed.mainstay')
  await exportDatabase(connection, createWriteStream(file), '1.2.3')
  const target = await emptyDatabase()
  const packed = readFileSync(file)
  const half = Math.floor(packed.length / 2)
  const filled: string[] = []
  const source = async function* () {
    yield packed.subarray(0, half)
    while (!filled.includes('journal')) await new Promise((resolve) => setImmediate(resolve))
    // Ended while it waits for the rest of a table.
    await administer(target, (client) => client.query(endImport))
    yield packed.subarray(half)
  }
  const killed = importDatabase(target, Readable.from(source()), (name) => void filled.push(name))
  await expect(killed).rejects.toThrow()
  expect(await relations(target)).toBe(0)
  await importDatabase(target, createReadStream(file))
})

test('what was cut off, altered or written for another schema is refused, and nothing stays', async () => {
  const { connection } = await fullDatabase()
  const file = path.join(folder(), 'whole.mainstay')
  await exportDatabase(connection, createWriteStream(file), '1.2.3')
  const packed = readFileSync(file)
  const text = gunzipSync(packed).toString('utf8')
  const lines = text.split('\n')
  const target = await emptyDatabase()
  const broken: readonly (readonly [string, Buffer, string])[] = [
    ['cut off', packed.subarray(0, packed.length - 20), 'export.damaged'],
    ['without its last line', gzipSync(`${lines.slice(0, -2).join('\n')}\n`), 'export.damaged'],
    ['a row less', gzipSync(text.replace(/^.*test\.happened.*\n/m, '')), 'export.damaged'],
    ['a row changed', gzipSync(text.replace('test.happened', 'test.happenex')), 'export.damaged'],
    ['another file', gzipSync('{"hello":"world"}\n'), 'export.not-an-export'],
    ['no gzip', Buffer.from('hello'), 'export.damaged'],
    ['a later format', gzipSync(text.replace('"version":1', '"version":2')), 'export.other-version'],
    ['another schema', gzipSync(text.replace('0001_platform.sql', '0001_platforn.sql')), 'import.other-schema'],
  ]
  for (const [what, bytes, code] of broken) {
    const attempt = importDatabase(target, Readable.from([bytes]))
    await expect(attempt, what).rejects.toMatchObject({ code })
    expect(await relations(target), what).toBe(0)
  }
})

test('an export to a disk that is full ends with an error, not for ever', async () => {
  const { connection } = await fullDatabase()
  const full = createWriteStream('/dev/full')
  await expect(exportDatabase(connection, full, '1.2.3')).rejects.toMatchObject({ code: 'ENOSPC' })
})
