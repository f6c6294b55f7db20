// Everything in the database at one moment, as a file that another Mainstay imports. Writers go on meanwhile.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { AppError } from '../../../kernel/app-error.ts'
import type { ConnectionSettings } from '../connection.ts'
import { copyOut } from './copy.ts'
import { formatName, formatVersion, type Manifest, tableEnd } from './format.ts'
import { columnList, countRelations, quoted, readSequences, tablesInOrder } from './tables.ts'

export interface TransferReport {
  readonly tables: number
  readonly rows: number
  readonly sealedWith: string | null
}

export async function exportDatabase(
  connection: ConnectionSettings,
  file: Writable,
  mainstay: string,
): Promise<TransferReport> {
  const client = new pg.Client({ ...connection, application_name: 'mainstay-export' })
  let lost: Error | null = null
  client.on('error', (error) => {
    lost = error
  })
  await client.connect()
  const gzip = createGzip({ level: 6 })
  const ended = new Promise<void>((resolve, reject) => {
    file.once('finish', resolve)
    file.once('error', reject)
    gzip.once('error', reject)
  })
  ended.catch(() => undefined)
  gzip.pipe(file)
  let draining: Promise<void> | undefined
  const write = (bytes: Buffer | string): Promise<void> | undefined => {
    if (gzip.write(bytes)) return undefined
    draining ??= Promise.race([once(gzip, 'drain').then(() => undefined), ended]).finally(() => {
      draining = undefined
    })
    return draining
  }
  try {
    await client.query('set timezone = utc')
    await client.query('begin isolation level repeatable read read only')
    const manifest = await readManifest(client, mainstay)
    await write(`${JSON.stringify(manifest)}\n`)
    let rows = 0
    for (const table of manifest.tables) {
      const hash = createHash('sha256')
      let count = 0
      await copyOut(client, `copy ${quoted(table.name)} (${columnList(table.columns)}) to stdout`, (line) => {
        count += 1
        hash.update(line)
        return write(line)
      })
      await write(`${tableEnd}\n${JSON.stringify({ table: table.name, rows: count, sha256: hash.digest('hex') })}\n`)
      rows += count
    }
    await write(`${JSON.stringify({ end: true, rows })}\n`)
    gzip.end()
    await ended
    return { tables: manifest.tables.length, rows, sealedWith: manifest.sealedWith }
  } catch (error) {
    gzip.destroy()
    throw lost ?? error
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function readManifest(client: pg.Client, mainstay: string): Promise<Manifest> {
  if ((await countRelations(client)) === 0)
    throw new AppError('not-found', 'export.nothing', 'The database holds nothing: no Mainstay has ever run on it.')
  const migrations = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from migrations order by name collate "C"',
  )
  const tables = await tablesInOrder(client)
  const facts = await client.query<{ at: Date; postgres: string }>(
    "select clock_timestamp() as at, current_setting('server_version') as postgres",
  )
  const sealed = tables.some((table) => table.name === 'sealed_keys')
    ? await client.query<{ key: string }>("select split_part(sealed, '.', 2) as key from sealed_keys limit 1")
    : null
  return {
    format: formatName,
    version: formatVersion,
    mainstay,
    postgres: facts.rows[0]?.postgres ?? 'unknown',
    exportedAt: facts.rows[0]?.at.toISOString() ?? '',
    migrations: migrations.rows,
    tables,
    sequences: await readSequences(client),
    sealedWith: sealed?.rows[0]?.key ?? null,
  }
}
