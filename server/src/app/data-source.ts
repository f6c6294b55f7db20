// Where the data live: the user's PostgreSQL, or one of our own in the data folder. Migrated, with a watch on its health.
import { homedir } from 'node:os'
import path from 'node:path'
import { AppError } from '../kernel/app-error.ts'
import type { Config } from '../platform/config/config.ts'
import type { ConnectionSettings } from '../platform/database/connection.ts'
import { type Database, openDatabase } from '../platform/database/database.ts'
import { parseDatabaseUrl } from '../platform/database/database-url.ts'
import { startEmbedded } from '../platform/database/embedded/index.ts'
import { applicationRole, type MigrationReport, migrate } from '../platform/database/migrate.ts'
import { openPrimary } from '../platform/database/primary.ts'
import { timelineMemoryIn } from '../platform/database/timeline-file.ts'
import type { Log } from '../platform/log/log.ts'

export interface DataSource {
  readonly connection: ConnectionSettings
  readonly database: Database
  readonly migrations: MigrationReport
  /** In words, for the start-up message. */
  readonly description: string
  stop(): Promise<void>
}

export function dataFolderOf(config: Config): string {
  const named = config.get('MAINSTAY_DATA_DIR')
  if (named !== null) return path.resolve(named)
  // Root's home is closed to the account PostgreSQL runs as.
  return process.getuid?.() === 0 ? '/var/lib/mainstay' : path.join(homedir(), '.local/share/mainstay')
}

export async function openDataSource(config: Config, log: Log): Promise<DataSource> {
  const url = config.get('DATABASE_URL')
  if (url !== null)
    return connect(parseDatabaseUrl(url), config, log, async () => undefined, 'the PostgreSQL of DATABASE_URL')
  const dataDir = dataFolderOf(config)
  const embedded = await startEmbedded({ dataDir, log, attach: 'succeed' })
  let because: string | null = null
  embedded.on('down', (facts) => {
    because = facts.because
    log.error('PostgreSQL ended and is being started again.', { ...facts })
  })
  embedded.on('up', () => {
    because = null
    log.info('PostgreSQL answers again.')
  })
  const how = embedded.owned ? (embedded.adopted ? 'found running' : 'started') : 'run by another Mainstay process'
  return connect(
    embedded.connection,
    config,
    log,
    () => embedded.stop(),
    `PostgreSQL ${embedded.version}, ${how}, in ${dataDir}`,
    () => (because !== null && /no space left/i.test(because) ? diskFull() : null),
  )
}

function diskFull(): AppError {
  return new AppError(
    'unavailable',
    'database.disk-full',
    'The disk is full, so PostgreSQL cannot run; free some space and it goes on by itself. Nothing that was accepted is lost.',
    { retryAfterSeconds: 30 },
  )
}

async function connect(
  connection: ConnectionSettings,
  config: Config,
  log: Log,
  stop: () => Promise<void>,
  description: string,
  trouble: () => AppError | null = () => null,
): Promise<DataSource> {
  try {
    const primary = await openPrimary({ connection, log, memory: timelineMemoryIn(dataFolderOf(config)) })
    const migrations = await migrate({ ...connection, ...primary.host }).catch((error: unknown) => {
      primary.stop()
      throw error
    })
    if (!migrations.separateRole)
      log.warn(
        'The database user may not create roles, so the journal is guarded by triggers alone. Grant CREATEROLE to have both.',
      )
    const database = openDatabase({
      connection,
      primary,
      log,
      trouble,
      maxConnections: Number(config.need('MAINSTAY_DATABASE_POOL')),
      ...(migrations.separateRole ? { role: applicationRole } : {}),
    })
    return {
      connection,
      database,
      migrations,
      description,
      stop: async () => {
        await database.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
