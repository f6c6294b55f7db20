// Before the first database test: one PostgreSQL for the whole run, with a migrated template that each file clones.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import type { ConnectionSettings } from '../src/platform/database/connection.ts'
import { startEmbedded } from '../src/platform/database/embedded/index.ts'
import { migrate } from '../src/platform/database/migrate.ts'
import { silentLog } from '../src/platform/log/log.ts'

export interface TestCluster {
  /** A database from which others are made; never used itself. */
  readonly admin: ConnectionSettings
  readonly template: string
  /** Starts the names of the databases of this run: several runs may share one server. */
  readonly prefix: string
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster
  }
}

const folderPrefix = 'mainstay-test-'

export default async function prepareCluster(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.TEST_DATABASE_URL
  const server =
    url === undefined || url === '' ? await startOwn() : { admin: settingsOf(url), stop: async () => undefined }
  const run = randomBytes(4).toString('hex')
  const own = url === undefined || url === ''
  const cluster: TestCluster = {
    admin: server.admin,
    template: own ? 'mainstay_template' : `mainstay_template_${run}`,
    prefix: `mainstay_test_${run}_`,
  }
  const clean = async () => {
    try {
      if (!own) await dropAll(cluster)
    } finally {
      await server.stop()
    }
  }
  try {
    await makeTemplate(cluster)
  } catch (error) {
    await clean()
    throw error
  }
  project.provide('cluster', cluster)
  return clean
}

async function startOwn(): Promise<{ admin: ConnectionSettings; stop: () => Promise<void> }> {
  await sweep()
  const dataDir = await mkdtemp(path.join(tmpdir(), folderPrefix))
  // No fsync: a test database is worth nothing after the run.
  const server = await startEmbedded({ dataDir, log: silentLog, durable: false })
  const stop = async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { admin: { ...server.connection, database: 'postgres' }, stop }
}

/** Ends what a killed run left behind. A run that still lives keeps its lock and is left alone. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const dataDir = path.join(tmpdir(), name)
    if (!name.startsWith(folderPrefix) || !existsSync(path.join(dataDir, 'postgres/owner.lock'))) continue
    const server = await startEmbedded({ dataDir, log: silentLog, durable: false }).catch(() => null)
    if (server === null) continue
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

function settingsOf(url: string): ConnectionSettings {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? decodeURIComponent(hostname)
  return {
    host: host === '' ? 'localhost' : host,
    port: port === '' ? 5432 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : 'postgres',
  }
}

async function makeTemplate({ admin, template }: TestCluster): Promise<void> {
  const name = pg.escapeIdentifier(template)
  await administer(admin, (client) => client.query(`create database ${name} template template0`))
  await migrate({ ...admin, database: template })
  // Closed to sessions, because a template in use cannot be cloned.
  await administer(admin, (client) => client.query(`alter database ${name} with allow_connections false`))
}

async function dropAll({ admin, template, prefix }: TestCluster): Promise<void> {
  await administer(admin, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where datname = $1 or starts_with(datname, $2)',
      [template, prefix],
    )
    for (const { datname } of rows)
      await client.query(`drop database if exists ${pg.escapeIdentifier(datname)} with (force)`)
  })
}

export async function administer<T>(admin: ConnectionSettings, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...admin, application_name: 'mainstay-test' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
