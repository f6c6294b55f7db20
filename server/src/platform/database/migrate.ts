// Migrations: one ordered list of SQL files, each applied once in its own transaction, checksummed, under an
// advisory lock, so that a kill at any moment or two servers starting at once leave whole migrations only.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { AppError } from '../../kernel/app-error.ts'
import type { ConnectionSettings } from './connection.ts'
import { refusalOf } from './failures.ts'

export interface MigrationReport {
  readonly applied: readonly string[]
  readonly total: number
  /** False when the database user may not create roles: the journal is then guarded by triggers alone. */
  readonly separateRole: boolean
}

export interface MigrateOptions {
  readonly folder?: string
}

interface Migration {
  readonly name: string
  readonly checksum: string
  readonly text: string
}

export const applicationRole = 'mainstay_app'

// Any 64-bit number, the same in every version: two servers that migrate at once take turns.
const migrationLock = '4870316522937'

export async function migrate(connection: ConnectionSettings, options: MigrateOptions = {}): Promise<MigrationReport> {
  const migrations = await readMigrations(options.folder ?? defaultFolder())
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000, application_name: 'mainstay-migrate' })
  // A server that goes away fails the statement under way; without a listener it would end the process as well.
  client.on('error', () => undefined)
  await client.connect().catch((error: unknown) => {
    // The first word to the server, so what is wrong with its certificate is said here; the rest speaks for itself.
    const refusal = refusalOf(error)
    throw refusal instanceof AppError && refusal.code === 'database.untrusted' ? refusal : error
  })
  try {
    await client.query('select pg_advisory_lock($1::bigint)', [migrationLock])
    await client.query(ownTable)
    const done = await client.query<{ name: string; checksum: string }>('select name, checksum from migrations')
    const known = new Map(done.rows.map((row) => [row.name, row.checksum]))
    refuseChanged(known, migrations)
    const applied: string[] = []
    for (const migration of migrations) {
      if (known.has(migration.name)) continue
      await apply(client, migration)
      applied.push(migration.name)
    }
    const separateRole = await grantToApplication(client)
    return { applied, total: migrations.length, separateRole }
  } finally {
    await client.end()
  }
}

const ownTable =
  'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp())'

/** All of them in the caller's transaction, into an empty database: an import keeps everything or nothing. */
export async function migrateWithin(client: pg.Client): Promise<readonly { name: string; checksum: string }[]> {
  const migrations = await readMigrations(defaultFolder())
  await client.query(ownTable)
  for (const { name, checksum, text } of migrations) {
    await client.query(text)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum])
  }
  return migrations.map(({ name, checksum }) => ({ name, checksum }))
}

/** Beside the source when run from it, beside the bundle when built. */
function defaultFolder(): string {
  return (
    process.env.MAINSTAY_MIGRATIONS_FOLDER ??
    path.resolve(import.meta.dirname, import.meta.dirname.endsWith('database') ? '../../../migrations' : 'migrations')
  )
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

function refuseChanged(known: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const names = new Set(migrations.map((each) => each.name))
  for (const migration of migrations) {
    const checksum = known.get(migration.name)
    if (checksum !== undefined && checksum !== migration.checksum) {
      throw new AppError(
        'conflict',
        'database.migration-changed',
        `Migration ${migration.name} was applied with another content. Run the Mainstay version that applied it, or restore a backup.`,
      )
    }
  }
  const newer = [...known.keys()].filter((name) => !names.has(name))
  if (newer.length > 0) {
    throw new AppError(
      'conflict',
      'database.newer',
      `The database was migrated by a newer Mainstay (it has ${newer.join(', ')}). Start that version instead.`,
    )
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(migration.text)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [migration.name, migration.checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw new AppError(
      'unavailable',
      'database.migration-failed',
      `Migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}. Nothing of it was kept.`,
      { cause: error },
    )
  }
}

// Roles belong to the whole server and advisory locks to one database, so migrations of two databases meet here.
const grantAttempts = 20

// The server works as a role that can neither change nor delete journal entries, nor alter tables.
async function grantToApplication(client: pg.Client): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await grantOnce(client)
      return true
    } catch (error) {
      if (stateOf(error) === '42501') return false
      if (!isMeeting(error) || attempt === grantAttempts) throw error
      await wait(10 * attempt)
    }
  }
}

async function grantOnce(client: pg.Client): Promise<void> {
  const role = await client.query<{ member: boolean }>(
    "select pg_has_role(current_user, oid, 'member') as member from pg_roles where rolname = $1",
    [applicationRole],
  )
  if (role.rowCount === 0) await client.query(`create role ${applicationRole} nologin`)
  if (role.rows[0]?.member !== true) await client.query(`grant ${applicationRole} to current_user`)
  // Before PostgreSQL 15 everybody may make tables here. Who does not own the schema only gets a warning.
  await client.query('revoke create on schema public from public')
  await client.query(`grant usage on schema public to ${applicationRole}`)
  await client.query(`grant select, insert, update, delete on all tables in schema public to ${applicationRole}`)
  await client.query(`grant usage, select on all sequences in schema public to ${applicationRole}`)
  for (const table of ['journal', 'journal_leaves', 'journal_checkpoints', 'migrations']) {
    await client.query(
      `do $$ begin if to_regclass('public.${table}') is not null then revoke update, delete, truncate on ${table} from ${applicationRole}; end if; end $$`,
    )
  }
}

function stateOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null
}

/** Another one made the role or changed its members at the same moment. */
function isMeeting(error: unknown): boolean {
  const state = stateOf(error)
  return (
    state === '42710' ||
    state === '23505' ||
    (state === 'XX000' && error instanceof Error && error.message.includes('concurrently updated'))
  )
}
