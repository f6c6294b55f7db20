// From a fresh clone to a usable console, the next start, and what an idle server holds in memory. The clone installs
// from npm's registry or its cache; how long that takes is told apart.
import { spawn, spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { print, readArguments, round } from './parts/figures.ts'
import { cpuSeconds, memoryMiB } from './parts/processes.ts'
import { startProduct } from './parts/product.ts'

const options = readArguments({ clone: 1, idleSeconds: 30, warmStarts: 3, port: 28_420 })
const repository = path.resolve(import.meta.dirname, '..')

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function consoleUsable(url: string): Promise<boolean> {
  const ready = await fetch(`${url}/readyz`).catch(() => null)
  if (ready?.status !== 200) return false
  const page = await fetch(url)
  return page.status === 200 && (await page.text()).includes('<script')
}

async function fromClone(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mainstay-clone-'))
  // For root, whose PostgreSQL runs as another account.
  await chmod(folder, 0o755)
  const began = performance.now()
  const cloned = spawnSync('git', [
    'clone',
    '-q',
    '--depth',
    '1',
    `file://${repository}`,
    path.join(folder, 'mainstay'),
  ])
  if (cloned.status !== 0) throw new Error(String(cloned.stderr))
  const url = `http://127.0.0.1:${options.port}`
  const child = spawn('npm', ['start', '--', '--port', String(options.port), '--data-dir', path.join(folder, 'data')], {
    cwd: path.join(folder, 'mainstay'),
    stdio: ['ignore', 'pipe', 'inherit'],
    // The command and all below it are one group, so that one signal reaches the server.
    detached: true,
  })
  const marks: Record<string, number> = {}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter((each) => each.trim() !== ''))
      marks[line.trim().slice(0, 60)] ??= round((performance.now() - began) / 1000)
  })
  const exit = new Promise((resolve) => child.once('exit', resolve))
  try {
    while (!(await consoleUsable(url))) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`)
      if (performance.now() - began > 600_000) throw new Error('The console did not come up in ten minutes.')
      await sleep(50)
    }
    print('start', {
      label: 'fresh clone to console, with the demo',
      seconds: round((performance.now() - began) / 1000),
      marks,
    })
  } finally {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await exit
    // npm leaves before those it started.
    while (child.pid !== undefined && groupLives(child.pid)) await sleep(50)
    await rm(folder, { recursive: true, force: true })
  }
}

function groupLives(group: number): boolean {
  try {
    return process.kill(-group, 0)
  } catch {
    return false
  }
}

async function warmAndIdle(): Promise<void> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'mainstay-bench-'))
  try {
    const first = await startProduct({ dataFolder, setUp: false })
    print('start', { label: 'first start with a new data folder', readyMs: Math.round(first.readyMs) })
    await first.stop()
    for (let start = 0; start < options.warmStarts; start += 1) {
      const product = await startProduct({ dataFolder, setUp: false })
      print('start', { label: 'warm start', readyMs: Math.round(product.readyMs) })
      if (start === options.warmStarts - 1) await idle(product.serverPid, product.databasePid)
      await product.stop()
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true })
  }
}

async function idle(server: number, database: number): Promise<void> {
  await sleep(5_000)
  // The database is a child of the server: what is the server's own is the difference.
  const spent = () => ({ all: cpuSeconds([server]), database: cpuSeconds([database]) })
  const before = spent()
  await sleep(options.idleSeconds * 1000)
  const after = spent()
  const percent = (seconds: number) => round((seconds / options.idleSeconds) * 100)
  const ofDatabase = after.database - before.database
  const databaseMiB = memoryMiB(database)
  print('start', {
    label: 'idle',
    ...{ serverMiB: round(memoryMiB(server) - databaseMiB, 1), databaseMiB },
    ...{ serverCpuPercent: percent(after.all - before.all - ofDatabase), databaseCpuPercent: percent(ofDatabase) },
  })
}

if (options.clone === 1) await fromClone()
await warmAndIdle()
