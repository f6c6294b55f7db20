// One PostgreSQL of a replicated pair, as an operator runs it: no supervision of ours, a folder of its own, a socket in it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import type { ConnectionSettings } from '../../src/platform/database/connection.ts'
import { type Account, chooseAccount } from '../../src/platform/database/embedded/account.ts'
import { type Binaries, installBinaries, locateBinaries } from '../../src/platform/database/embedded/binaries.ts'
import { cleanEnvironment, identityOf } from '../../src/platform/database/embedded/cluster.ts'
import { postgresIn, signal } from '../../src/platform/database/embedded/processes.ts'
import { freeze } from '../chaos/postgres-processes.ts'
import { eventually } from '../chaos/product.ts'

export const owner = 'mainstay'
export const port = 5432

export class PostgresNode {
  readonly name: string
  /** Holds the socket and everything else of this node. */
  readonly folder: string
  readonly cluster: string
  readonly account: Account | null
  private readonly binaries: Binaries
  private process: ChildProcess | null = null
  private thaw: (() => void) | null = null

  static async open(folder: string, name: string): Promise<PostgresNode> {
    const account = await chooseAccount(path.join(folder, name, 'cluster'))
    const binaries = installBinaries(
      locateBinaries(process.env.MAINSTAY_TEST_POSTGRES || undefined),
      path.join(folder, 'binaries'),
    )
    return new PostgresNode(path.join(folder, name), name, account, binaries)
  }

  private constructor(folder: string, name: string, account: Account | null, binaries: Binaries) {
    this.name = name
    this.folder = folder
    this.cluster = path.join(folder, 'cluster')
    this.account = account
    this.binaries = binaries
    mkdirSync(folder, { recursive: true })
    this.give(folder)
  }

  connection(database = 'postgres'): ConnectionSettings {
    return { host: this.folder, port, user: owner, database }
  }

  get major(): number {
    return Number(readFileSync(path.join(this.cluster, 'PG_VERSION'), 'utf8').trim())
  }

  make(): void {
    const words = ['-D', this.cluster, '-U', owner, '--auth=trust', '--locale=C', '--encoding=UTF8', '--no-sync']
    execFileSync(this.binaries.initdb, words, this.surroundings)
  }

  /** Whose confirmation a commit waits for: nobody's (''), or that of any standby ('*'). */
  setSynchronous(standbys: '' | '*'): void {
    this.write('synchronous.conf', `synchronous_standby_names = '${standbys}'\n`)
    if (this.isRunning) this.process?.kill('SIGHUP')
  }

  /** A standby of the other node from its next start on. */
  follow(primary: PostgresNode): void {
    this.write('primary.conf', `primary_conninfo = 'host=${primary.folder} port=${port} user=${owner}'\n`)
    this.write(path.join('cluster', 'standby.signal'), '')
  }

  /** Resolves when it answers: a standby when its backup is consistent, too. */
  async start(): Promise<void> {
    for (const file of ['synchronous.conf', 'primary.conf']) if (!existsSync(this.at(file))) this.write(file, '')
    this.write('node.conf', settingsOf(this.folder))
    const words = ['-D', this.cluster, '-c', `config_file=${this.at('node.conf')}`]
    const server = spawn(this.binaries.postgres, words, { ...this.surroundings, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    server.stderr?.on('data', (chunk) => {
      said = (said + String(chunk)).slice(-4_096)
    })
    this.process = server
    await eventually(`PostgreSQL ${this.name} answers`, async () => {
      if (server.exitCode !== null || server.signalCode !== null)
        throw new Error(`PostgreSQL ${this.name} ended with ${server.exitCode ?? server.signalCode}:\n${said}`)
      return this.ask('select 1 as one').then(
        () => true,
        () => null,
      )
    })
  }

  /** Without a word to anybody, as when the machine loses its power. */
  async kill(): Promise<void> {
    this.thawed()
    await this.end('SIGKILL')
  }

  /** In order: sessions are ended, what the standby still lacks is sent. */
  async stop(): Promise<void> {
    this.thawed()
    await this.end('SIGINT')
  }

  /** As when the network around it fails: it neither answers nor ends, and goes on afterwards as if nothing had been. */
  stall(): void {
    this.thaw ??= freeze(this.process?.pid ?? 0)
  }

  thawed(): void {
    this.thaw?.()
    this.thaw = null
  }

  get isRunning(): boolean {
    return this.process !== null && this.process.exitCode === null && this.process.signalCode === null
  }

  async ask<Row extends pg.QueryResultRow>(text: string, database = 'postgres'): Promise<readonly Row[]> {
    const client = new pg.Client({ ...this.connection(database), connectionTimeoutMillis: 10_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return (await client.query<Row>(text)).rows
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  clear(): void {
    rmSync(this.cluster, { recursive: true, force: true })
  }

  /** To PostgreSQL's account, where this process is root. */
  give(file: string): void {
    if (this.account !== null) chownSync(file, this.account.uid, this.account.gid)
  }

  write(file: string, text: string): void {
    writeFileSync(this.at(file), text, { mode: 0o600 })
    this.give(this.at(file))
  }

  private at(file: string): string {
    return path.join(this.folder, file)
  }

  private async end(by: 'SIGKILL' | 'SIGINT'): Promise<void> {
    if (this.process === null || !this.isRunning) return
    const exit = once(this.process, 'exit')
    this.process.kill(by)
    await exit
    // Its children see that it is gone a moment later, and must not meet the next start.
    await eventually(`PostgreSQL ${this.name} is gone`, async () => {
      const left = postgresIn(this.cluster)
      for (const pid of left) signal(pid, 'SIGKILL')
      return left.length === 0 ? true : null
    })
  }

  private get surroundings() {
    return { stdio: 'ignore', cwd: '/', env: cleanEnvironment(), ...identityOf(this.account) } as const
  }
}

function settingsOf(folder: string): string {
  return `listen_addresses = ''
port = ${port}
unix_socket_directories = '${folder}'
max_connections = 200
wal_level = replica
max_wal_senders = 8
wal_keep_size = '512MB'
hot_standby = on
# A power cut is not what is tried here.
fsync = off
timezone = 'UTC'
log_min_messages = warning
wal_receiver_timeout = '5s'
wal_sender_timeout = '5s'
wal_retrieve_retry_interval = '200ms'
include = '${folder}/synchronous.conf'
include = '${folder}/primary.conf'
`
}
