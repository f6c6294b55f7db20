// Makes a new cluster, whole or not at all, and refuses one that these binaries cannot read.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { otherMajor, startFailed } from './failures.ts'
import { makeOwned } from './folders.ts'
import type { Layout } from './layout.ts'

export const major = '18'
export const superuser = 'mainstay'

export async function openCluster(
  layout: Layout,
  binaries: Binaries,
  account: Account | null,
  durable: boolean,
): Promise<'found' | 'made'> {
  for (const name of await readdir(layout.folder)) {
    if (name.startsWith('cluster.new-'))
      await rm(path.join(layout.folder, name), { recursive: true, force: true, maxRetries: 5 })
  }
  if (existsSync(layout.cluster)) {
    await checkMajor(layout.cluster)
    return 'found'
  }
  // A name of its own: an initdb whose parent was killed may still be writing into the last one.
  const fresh = path.join(layout.folder, `cluster.new-${randomBytes(4).toString('hex')}`)
  await makeOwned(fresh, account)
  await initialise(binaries.initdb, fresh, account, durable)
  await rename(fresh, layout.cluster)
  const folder = await open(layout.folder)
  await folder.sync().finally(() => folder.close())
  return 'made'
}

async function checkMajor(cluster: string): Promise<void> {
  const found = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim()
  if (found !== major) throw otherMajor(cluster, found, major)
}

// C.UTF-8 by PostgreSQL itself: sorting must not change with the machine's C library or the bundled ICU.
const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8']

async function initialise(program: string, cluster: string, account: Account | null, durable: boolean): Promise<void> {
  const words = [
    '-D',
    cluster,
    '-U',
    superuser,
    '--auth=trust',
    '--data-checksums',
    '--no-instructions',
    ...locale,
    ...(durable ? [] : ['--no-sync']),
  ]
  const child = spawn(program, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
    env: cleanEnvironment(),
    ...identityOf(account),
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_096)
  })
  const outcome = await new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : signal === null ? `initdb ended with ${code}` : `initdb was ended by ${signal}`),
    )
  })
  if (outcome === null) return
  await rm(cluster, { recursive: true, force: true })
  throw startFailed(
    'Making the database',
    outcome,
    said
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(-6),
  )
}

export function identityOf(account: Account | null): { uid: number; gid: number } | Record<never, never> {
  return account === null ? {} : { uid: account.uid, gid: account.gid }
}

/** PostgreSQL gets nothing of ours: secrets in the environment would be readable by its account. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC', ...extra }
}
