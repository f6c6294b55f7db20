// An export into an empty database, whole or not at all: the tables are made, filled and checked in one transaction.
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { AppError } from '../../../kernel/app-error.ts'
import type { ConnectionSettings } from '../connection.ts'
import { migrate, migrateWithin } from '../migrate.ts'
import { copyIn } from './copy.ts'
import type { TransferReport } from './export-database.ts'
import { damaged, type Manifest, parseLine, parseManifest, parseSeal, tableEnd } from './format.ts'
import { columnList, countRelations, quoted, tablesInOrder } from './tables.ts'

export async function importDatabase(
  connection: ConnectionSettings,
  file: Readable,
  onTable: (name: string) => void = () => undefined,
): Promise<TransferReport> {
  const client = new pg.Client({ ...connection, application_name: 'mainstay-import' })
  let lost: Error | null = null
  client.on('error', (error) => {
    lost = error
  })
  await client.connect()
  const lines = readLines(file)
  try {
    await client.query('set timezone = utc')
    const manifest = parseManifest(await nextText(lines))
    if ((await countRelations(client)) > 0)
      throw new AppError(
        'conflict',
        'import.not-empty',
        'The database is not empty, and an import overwrites nothing. Give it an empty one: another database, or another data folder.',
      )
    await client.query('begin')
    const made = await migrateWithin(client)
    refuseOther(manifest, made)
    const rows = await fill(client, manifest, lines, onTable)
    await client.query('commit')
    // What the application's role may do is granted as at any start.
    await migrate(connection)
    return { tables: manifest.tables.length, rows, sealedWith: manifest.sealedWith }
  } catch (error) {
    throw lost ?? error
  } finally {
    file.destroy()
    // Without a commit the server takes everything back.
    await client.end().catch(() => undefined)
  }
}

function refuseOther(manifest: Manifest, made: Manifest['migrations']): void {
  const spell = (migrations: Manifest['migrations']) =>
    migrations.map(({ name, checksum }) => `${name} ${checksum}`).join('\n')
  if (spell(manifest.migrations) === spell(made)) return
  throw new AppError(
    'conflict',
    'import.other-schema',
    `The export was written by Mainstay ${manifest.mainstay} with ${manifest.migrations.length} migrations; this program has ${made.length}, and not the same ones. Import with the version that wrote it, then start the newer one.`,
  )
}

async function fill(
  client: pg.Client,
  manifest: Manifest,
  lines: AsyncGenerator<Buffer>,
  onTable: (name: string) => void,
): Promise<number> {
  const known = new Map((await tablesInOrder(client)).map((table) => [table.name, table.columns.join()]))
  let rows = 0
  for (const table of manifest.tables) {
    if (known.get(table.name) !== table.columns.join()) throw damaged(`its table ${table.name} is none of ours`)
    onTable(table.name)
    // Migrations put first rows into some tables; the export has them as they became.
    if (!appendOnly.has(table.name)) await client.query(`delete from ${quoted(table.name)}`)
    const hash = createHash('sha256')
    let count = 0
    const rowsOfTable = async function* (): AsyncGenerator<Buffer> {
      for (;;) {
        const line = await next(lines)
        if (line.length === 3 && line.toString('latin1') === `${tableEnd}\n`) return
        hash.update(line)
        count += 1
        yield line
      }
    }
    await copyIn(client, `copy ${quoted(table.name)} (${columnList(table.columns)}) from stdin`, rowsOfTable())
    const seal = parseSeal(await nextText(lines))
    if (seal.table !== table.name || seal.rows !== count || seal.sha256 !== hash.digest('hex'))
      throw damaged(`the rows of ${table.name} are not the ones that were exported`)
    rows += count
  }
  const end = parseLine(await nextText(lines))
  if (!('end' in end && 'rows' in end) || end.rows !== rows) throw damaged('its last line is missing')
  for (const { name, last, called } of manifest.sequences)
    await client.query('select setval($1::regclass, $2::bigint, $3)', [quoted(name), last, called])
  return rows
}

/** Their triggers refuse every deletion, and migrations leave them empty. */
const appendOnly = new Set(['journal', 'journal_leaves', 'journal_checkpoints', 'pay_statements', 'pay_corrections'])

async function next(lines: AsyncGenerator<Buffer>): Promise<Buffer> {
  const { value, done } = await lines.next()
  if (done === true) throw damaged('it ends in the middle')
  return value
}

const nextText = async (lines: AsyncGenerator<Buffer>): Promise<string> => (await next(lines)).toString('utf8')

/** Lines with their line feeds, from gzip. */
async function* readLines(file: Readable): AsyncGenerator<Buffer> {
  const unpacked = file.pipe(createGunzip())
  file.once('error', (error) => unpacked.destroy(error))
  let rest: Buffer[] = []
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        const line = chunk.subarray(from, at + 1)
        yield rest.length === 0 ? line : Buffer.concat([...rest, line])
        rest = []
        from = at + 1
      }
      if (from < chunk.length) rest.push(chunk.subarray(from))
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^Z_/.test(String(error.code)))
      throw damaged(error.message === 'incorrect header check' ? 'it is no export' : error.message)
    throw error
  }
  if (rest.length > 0) throw damaged('it ends in the middle of a line')
}
