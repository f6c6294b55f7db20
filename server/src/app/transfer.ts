// Export and import of everything, as the commands run them on the host: the database that the settings name, whether a
// server runs on it or not.
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { AppError } from '../kernel/app-error.ts'
import { type Config, type Environment, readConfig } from '../platform/config/config.ts'
import type { ConnectionSettings } from '../platform/database/connection.ts'
import { parseDatabaseUrl } from '../platform/database/database-url.ts'
import { startEmbedded } from '../platform/database/embedded/index.ts'
import { atPrimary } from '../platform/database/primary.ts'
import { exportDatabase, type TransferReport } from '../platform/database/transfer/export-database.ts'
import { importDatabase } from '../platform/database/transfer/import-database.ts'
import { silentLog } from '../platform/log/log.ts'
import { keyPathOf, openKeyring } from '../platform/secrets/index.ts'
import { dataFolderOf } from './data-source.ts'
import { version } from './health.ts'

export interface TransferOrder {
  readonly environment: Environment
  readonly file: string
}

/** Where the key lies that opens the secrets in an export, and whether it is the right one. */
export interface TransferResult extends TransferReport {
  readonly keyPath: string
  readonly keyFits: boolean
}

export async function exportToFile({ environment, file }: TransferOrder): Promise<TransferResult> {
  if (existsSync(file))
    throw new AppError('conflict', 'export.file-exists', `${file} exists, and an export overwrites nothing.`)
  const config = readConfig(environment)
  return withDatabase(config, async (connection) => {
    // Under its own name only when it is whole.
    const part = `${file}.part`
    try {
      const report = await exportDatabase(connection, createWriteStream(part, { mode: 0o600 }), version)
      await rename(part, file)
      return { ...report, ...keyOf(config, report) }
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
  })
}

export async function importFromFile(
  { environment, file }: TransferOrder,
  onTable: (name: string) => void,
): Promise<TransferResult> {
  if (!existsSync(file)) throw new AppError('not-found', 'import.no-file', `There is no file ${file}.`)
  const config = readConfig(environment)
  return withDatabase(config, async (connection) => {
    const report = await importDatabase(connection, createReadStream(file), onTable)
    return { ...report, ...keyOf(config, report) }
  })
}

function keyOf(config: Config, { sealedWith }: TransferReport): { keyPath: string; keyFits: boolean } {
  const place = { dataFolder: dataFolderOf(config), keyFile: config.get('MAINSTAY_KEY_FILE') }
  const keyPath = keyPathOf(place)
  // Looked at only when it is there: a key made now would be one more that does not fit.
  const keyFits =
    sealedWith === null ||
    (existsSync(keyPath) &&
      openKeyring(place)
        .derive('key-check')
        .some(({ id }) => id === sealedWith))
  return { keyPath, keyFits }
}

async function withDatabase<T>(config: Config, work: (connection: ConnectionSettings) => Promise<T>): Promise<T> {
  const url = config.get('DATABASE_URL')
  if (url !== null) return work(await atPrimary(parseDatabaseUrl(url)))
  const embedded = await startEmbedded({ dataDir: dataFolderOf(config), log: silentLog, attach: true })
  try {
    return await work(embedded.connection)
  } finally {
    await embedded.stop()
  }
}
