// Kills: of the server, of its owner, of both; and what a dead server leaves behind.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { asRoot, newDataFolder, nextEvent, query, start, startProcess } from './playground.fixture.ts'
import { processState, signal } from './processes.ts'
import type { EmbeddedPostgres } from './start-embedded.ts'

/** Writes rows one by one on several sessions and keeps the numbers whose commit was answered. */
function writeUnderLoad(
  server: EmbeddedPostgres,
  sessions: number,
): { acknowledged: Set<number>; stop(): Promise<void> } {
  const pool = new pg.Pool({
    ...server.connection,
    max: sessions,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  })
  pool.on('error', () => undefined)
  const acknowledged = new Set<number>()
  let next = 0
  let going = true
  const writers = Array.from({ length: sessions }, async () => {
    while (going) {
      next += 1
      const id = next
      try {
        await pool.query('insert into written values ($1)', [id])
        acknowledged.add(id)
      } catch {
        // Not acknowledged. The next turn of the loop comes after the sockets have had theirs.
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  })
  return {
    acknowledged,
    stop: async () => {
      going = false
      await Promise.all(writers)
      await pool.end()
    },
  }
}

test('five kills of the server under load lose no acknowledged row, and it comes back each time', async () => {
  const server = await start(newDataFolder(), { durable: true })
  await query(server.connection, 'create table written (id int primary key)')
  const load = writeUnderLoad(server, 8)
  const pids = new Set<number>()
  for (let round = 1; round <= 5; round += 1) {
    const before = load.acknowledged.size
    while (load.acknowledged.size < before + 200) await new Promise((resolve) => setImmediate(resolve))
    const up = nextEvent(server, 'up')
    const down = nextEvent(server, 'down')
    pids.add(server.pid ?? 0)
    expect(signal(server.pid ?? 0, 'SIGKILL')).toBe(true)
    expect((await down).because).toContain('SIGKILL')
    expect((await up).pid).toBe(server.pid)
  }
  await load.stop()
  expect(pids.size).toBe(5)
  const rows = await query<{ id: number }>(server.connection, 'select id from written')
  const found = new Set(rows.map((row) => row.id))
  expect(load.acknowledged.size).toBeGreaterThanOrEqual(1_000)
  expect([...load.acknowledged].filter((id) => !found.has(id))).toEqual([])
  await query(server.connection, 'create extension amcheck')
  await query(server.connection, "select bt_index_check('written_pkey', true)")
})

test('an orphan busy in a long statement does not hold up the restart', async () => {
  const server = await start(newDataFolder())
  const busy = new pg.Client(server.connection)
  busy.on('error', () => undefined)
  await busy.connect()
  const [row] = (await busy.query<{ pid: number }>('select pg_backend_pid() as pid')).rows
  const never = busy.query('select count(*) from generate_series(1, 100000000000)').catch(() => null)
  const up = nextEvent(server, 'up')
  signal(server.pid ?? 0, 'SIGKILL')
  await up
  expect(processState(row?.pid ?? 0)).not.toBe('running')
  await never
})

test('a restart spares whoever else stands in the data folder', async () => {
  const folder = newDataFolder()
  const server = await start(folder)
  const shell = spawn('sleep', ['60'], { stdio: 'ignore', cwd: path.join(folder, 'postgres/cluster') })
  await once(shell, 'spawn')
  onTestFinished(() => void shell.kill('SIGKILL'))
  server.on('down', () => {
    throw new Error('A listener that fails stops nothing.')
  })
  const up = nextEvent(server, 'up')
  signal(server.pid ?? 0, 'SIGKILL')
  await up
  expect(processState(shell.pid ?? 0)).toBe('running')
})

test('a new owner adopts the server of a killed one, and its sessions never notice', async () => {
  const folder = newDataFolder()
  const owner = startProcess(folder)
  const told = await owner.next()
  const session = new pg.Client({ host: told.host, port: 5432, user: 'mainstay', database: 'mainstay' })
  await session.connect()
  onTestFinished(() => session.end())
  await owner.kill()
  const server = await start(folder, { durable: true })
  expect(server).toMatchObject({ adopted: true, pid: told.pid })
  expect((await session.query('select 1 as one')).rows).toEqual([{ one: 1 }])

  // The adopted server is no child of ours, and is supervised all the same.
  const up = nextEvent(server, 'up')
  signal(server.pid ?? 0, 'SIGKILL')
  session.removeAllListeners('error').on('error', () => undefined)
  expect((await up).pid).not.toBe(told.pid)
})

test('an adopted server with other settings is stopped and started with ours', async () => {
  const folder = newDataFolder()
  const owner = startProcess(folder)
  const told = await owner.next()
  await owner.kill()
  const settings = path.join(folder, 'postgres/postgresql.conf')
  writeFileSync(settings, `${readFileSync(settings, 'utf8')}work_mem = '1MB'\n`)
  const server = await start(folder, { durable: true })
  expect(server.adopted).toBe(false)
  expect(server.pid).not.toBe(told.pid)
  expect(await query(server.connection, 'show work_mem')).toEqual([{ work_mem: '8MB' }])
})

test('owner and server killed together: the next start recovers', async () => {
  const folder = newDataFolder()
  const owner = startProcess(folder)
  const told = await owner.next()
  const connection = { host: told.host, port: 5432, user: 'mainstay', database: 'mainstay' }
  await query(connection, 'create table kept as select 7 as id')
  await owner.kill()
  signal(told.pid ?? 0, 'SIGKILL')
  const server = await start(folder, { durable: true })
  expect(server.adopted).toBe(false)
  expect(await query(server.connection, 'select id from kept')).toEqual([{ id: 7 }])
})

test('an attached process takes over when the owner is killed', async () => {
  const folder = newDataFolder()
  const owner = startProcess(folder)
  const told = await owner.next()
  const second = startProcess(folder, 'succeed')
  expect(await second.next()).toMatchObject({ event: 'started', owned: false })
  await owner.kill()
  expect(await second.next()).toMatchObject({ event: 'up', owned: true, pid: told.pid })
  await second.finish()
  expect(processState(told.pid ?? 0)).not.toBe('running')
})

/** A process that ends and is never collected: its parent turned into one that knows nothing of children. */
async function makeZombie(uid: number | undefined): Promise<number> {
  const parent = spawn('/bin/sh', ['-c', 'cat <&3 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    ...(uid === undefined ? {} : { uid }),
  })
  onTestFinished(() => void parent.kill('SIGKILL'))
  if (parent.stdout === null) throw new Error('The shell has no output.')
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  const pid = Number(line)
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve))
  }
  // The shell would collect it, so it may end only after the shell is gone.
  await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n')
  parent.stdio[3]?.destroy()
  await until(() => processState(pid) === 'zombie')
  return pid
}

async function makeStranger(uid: number | undefined): Promise<number> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore', ...(uid === undefined ? {} : { uid }) })
  await once(child, 'spawn')
  onTestFinished(() => void child.kill('SIGKILL'))
  return child.pid ?? 0
}

test.each(['a zombie', 'a stranger', 'nobody'] as const)(
  'lock files that name %s do not keep the server from starting',
  async (kind) => {
    const folder = newDataFolder()
    const first = await start(folder)
    const { host } = first.connection
    const uid = asRoot
      ? Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${first.pid}/status`, 'utf8'))?.[1])
      : undefined
    const cluster = path.join(folder, 'postgres/cluster')
    const text = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8')
    await first.stop()
    const pid = kind === 'a zombie' ? await makeZombie(uid) : kind === 'a stranger' ? await makeStranger(uid) : 0
    const left = kind === 'nobody' ? '' : text.replace(/^\d+/, String(pid))
    writeFileSync(path.join(cluster, 'postmaster.pid'), left)
    writeFileSync(path.join(host, '.s.PGSQL.5432.lock'), left)
    const server = await start(folder)
    expect(await query(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    if (kind === 'a stranger') expect(processState(pid)).toBe('running')
  },
)

test('a server that cannot start is tried until it can', async () => {
  const folder = newDataFolder()
  const server = await start(folder)
  const file = path.join(folder, 'postgres/cluster/postgresql.auto.conf')
  const good = readFileSync(file)
  writeFileSync(file, "shared_buffers = 'plenty'\n")
  const thirdFailure = new Promise<string>((resolve) => {
    server.on('down', ({ attempt, because }) => {
      if (attempt === 3) resolve(because)
    })
  })
  signal(server.pid ?? 0, 'SIGKILL')
  expect(await thirdFailure).toContain('invalid value for parameter "shared_buffers"')
  expect(server.pid).toBeNull()
  const up = nextEvent(server, 'up')
  writeFileSync(file, good)
  await up
  expect(await query(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a socket that somebody cleared away is made again', async () => {
  const server = await start(newDataFolder())
  const up = nextEvent(server, 'up')
  rmSync(path.join(server.connection.host, '.s.PGSQL.5432'))
  await up
  expect(await query(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('stopping while it is down ends the attempts', async () => {
  const folder = newDataFolder()
  const server = await start(folder)
  writeFileSync(path.join(folder, 'postgres/cluster/postgresql.auto.conf'), "shared_buffers = 'plenty'\n")
  const failed = new Promise<void>((resolve) => {
    server.on('down', ({ attempt }) => {
      if (attempt === 1) resolve()
    })
  })
  signal(server.pid ?? 0, 'SIGKILL')
  await failed
  await server.stop()
  expect(server.pid).toBeNull()
})
