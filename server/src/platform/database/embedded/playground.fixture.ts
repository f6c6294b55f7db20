// What the tests of the embedded server share: folders that go, processes that are told from and ended by pid.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { silentLog } from '../../log/log.ts'
import type { ConnectionSettings } from '../connection.ts'
import { maySearch } from './folders.ts'
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from './index.ts'
import { postgresIn, signal } from './processes.ts'

export const asRoot = process.getuid?.() === 0

/** A data folder inside a temporary one; whatever still runs in it when the test ends is killed. */
export function newDataFolder(name = 'data'): string {
  const outer = mkdtempSync(path.join(tmpdir(), 'mainstay-embedded-'))
  chmodSync(outer, 0o777)
  const folder = path.join(outer, name)
  onTestFinished(() => {
    for (const pid of postgresIn(path.join(folder, 'postgres/cluster'))) signal(pid, 'SIGKILL')
    rmSync(outer, { recursive: true, force: true, maxRetries: 20 })
  })
  return folder
}

/** Not durable unless asked: most tests are about something else, and a synced initdb takes a second longer. */
export async function start(dataDir: string, options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dataDir, log: silentLog, durable: false, ...options })
  onTestFinished(() => server.stop())
  return server
}

export async function query<Row extends pg.QueryResultRow>(
  connection: ConnectionSettings,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

export interface Told {
  readonly event: 'started' | 'up' | 'refused'
  readonly pid: number | null
  readonly owned: boolean
  readonly adopted: boolean
  readonly host: string
  readonly uid: number
  readonly sentence?: string
}

export interface OwnerProcess {
  readonly child: ChildProcess
  /** The next line the process tells. */
  next(): Promise<Told>
  kill(): Promise<void>
  finish(): Promise<void>
}

export function startProcess(dataDir: string, mode: 'own' | 'succeed' = 'own', uid?: number): OwnerProcess {
  const program = path.join(import.meta.dirname, 'owner-process.fixture.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const end = async (how: () => void) => {
    if (child.exitCode === null && child.signalCode === null) how()
    await exited
  }
  onTestFinished(() => end(() => child.kill('SIGKILL')))
  return {
    child,
    next: async () => {
      const line = await lines.next()
      if (line.done === true) throw new Error('The process ended without a word.')
      return JSON.parse(line.value)
    },
    kill: () => end(() => child.kill('SIGKILL')),
    finish: () => end(() => child.stdin.end()),
  }
}

/** Resolves with the facts of the next event of the name. */
export function nextEvent<Name extends 'down' | 'up'>(
  server: EmbeddedPostgres,
  name: Name,
): Promise<Parameters<Parameters<typeof server.on<Name>>[1]>[0]> {
  return new Promise((resolve) => {
    const off = server.on(name, (fact) => {
      off()
      resolve(fact)
    })
  })
}

/** True when an account that is not in any of our groups can read this checkout. */
export function checkoutIsPublic(uid: number): boolean {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    if (!maySearch(statSync(folder), { uid, gid: uid, name: '' })) return false
    if (folder === path.dirname(folder)) return true
  }
}
