// A PostgreSQL as somebody else runs it: any version, any settings, none of our supervision.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { chooseAccount } from './embedded/account.ts'
import { installBinaries, locateBinaries } from './embedded/binaries.ts'
import { cleanEnvironment, identityOf } from './embedded/cluster.ts'

export interface PlainPostgres {
  /** Holds the socket. */
  readonly folder: string
  readonly version: string
  stop(): Promise<void>
}

export interface PlainOptions {
  /** A folder with bin, lib and share; the embedded version when left out. */
  readonly binariesDir?: string
  readonly settings?: Readonly<Record<string, string>>
  /** Written beside the cluster, readable by PostgreSQL's account alone; settings name them by `{folder}/name`. */
  readonly files?: Readonly<Record<string, string>>
}

export const plainUser = 'mainstay'
const readyWithinMs = 60_000

export async function startPlainPostgres(options: PlainOptions = {}): Promise<PlainPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-postgres-'))
  const cluster = path.join(folder, 'cluster')
  const account = await chooseAccount(cluster)
  const give = (file: string) => {
    if (account !== null) chownSync(file, account.uid, account.gid)
  }
  give(folder)
  for (const [name, text] of Object.entries(options.files ?? {})) {
    const file = path.join(folder, name)
    writeFileSync(file, text)
    chmodSync(file, 0o600)
    give(file)
  }
  const binaries = installBinaries(locateBinaries(options.binariesDir), path.join(folder, 'binaries'))
  const quiet = { stdio: 'ignore', cwd: '/', env: cleanEnvironment(), ...identityOf(account) } as const
  const making = ['-D', cluster, '-U', plainUser, '--auth=trust', '--locale=C', '--encoding=UTF8', '--no-sync']
  execFileSync(binaries.initdb, making, quiet)
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    max_connections: '200',
    fsync: 'off',
    timezone: 'UTC',
    ...options.settings,
  }
  const words = Object.entries(settings).flatMap(([name, value]) => [
    '-c',
    `${name}=${value.replace('{folder}', folder)}`,
  ])
  const server = spawn(binaries.postgres, ['-D', cluster, ...words], quiet)
  const stop = async () => {
    const ended = once(server, 'exit')
    if (server.exitCode === null) {
      server.kill('SIGINT')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { folder, version: await untilReady(folder, Number(options.settings?.port ?? 5432)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function untilReady(host: string, port: number): Promise<string> {
  for (const until = performance.now() + readyWithinMs; ; ) {
    const client = new pg.Client({ host, port, user: plainUser, database: 'postgres' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query<{ version: string }>('select version()')
      return rows[0]?.version ?? ''
    } catch (error) {
      if (performance.now() > until) throw error
      await wait(100)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}
