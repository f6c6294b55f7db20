// The disk under PostgreSQL fills up to the last byte under load, once so that data cannot grow and once so that the log
// of changes cannot: nothing accepted is lost, everybody is told what is wrong, and it goes on when there is space.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'
import { superuser } from '../../src/platform/database/embedded/cluster.ts'
import { type Mailbox, openMailbox } from '../mailbox.ts'
import { expectNothingLost, type Load, loadOn } from './load.ts'
import { createKey, eventually, openProduct, type Product, read, readiness } from './product.ts'

// Programs (60 MB), an empty cluster (40 MB) and the least of the log of changes (80 MB) leave some room to write in.
const diskMegabytes = 320

const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-disk-'))
const mounted = mountDisk()
const ballast = path.join(folder, 'ballast')

let mailbox: Mailbox
let server: Product
let token: string
let load: Load

beforeAll(async () => {
  if (!mounted) return
  mailbox = await openMailbox()
  server = await openProduct({
    dataFolder: path.join(folder, 'data'),
    mailPort: mailbox.port,
    environment: { MAINSTAY_LOG_LEVEL: 'info' },
  })
  token = await createKey(server.url, await server.start())
  load = loadOn([server.url], token)
})

afterAll(async () => {
  if (mounted) {
    await server.end()
    await mailbox.stop()
    execFileSync('umount', [folder])
  }
  rmSync(folder, { recursive: true, force: true })
})

const deeds = { 'data cannot grow': async () => undefined, 'the log of changes cannot grow': switchLog }

test.skipIf(!mounted).each(Object.entries(deeds))(
  'the disk is full under load and %s (needs root, for a disk of its own)',
  async (name, deed) => {
    onTestFailed(() => void process.stderr.write(server.output))
    const stream = load.stream(20)
    const before = load.refusals.length
    fill()
    await deed()
    const told = await eventually('it says that the disk is full', async () => {
      fill()
      const state = await readiness(server.url)
      return state?.ready === false && /disk/i.test(state.sentences) ? state : null
    })
    expect(told.status).toBe(503)
    await eventually('senders are told, and it says that it is not ready', async () => {
      // PostgreSQL gives a few blocks back now and then.
      fill()
      // The lifeboat's journal lies on the same disk: what it cannot keep is refused as well, and says why.
      const refused = load.refusals.slice(before)
      if (!refused.some((each) => ['database.disk-full', 'lifeboat.full'].includes(each.code))) return null
      return (await readiness(server.url))?.ready === false ? true : null
    })
    rmSync(ballast, { force: true })
    await eventually('it writes again', () => load.accept(`after: ${name}`), 60_000)
    await eventually('it is ready again', async () => ((await readiness(server.url))?.ready === true ? true : null))
    await stream.stop()
    const journals = readdirSync(path.join(server.dataFolder, 'lifeboat'), { recursive: true, encoding: 'utf8' })
    // A refused alert leaves nothing behind: a disk that stays full must not run out of names as well.
    expect(journals.filter((each) => each.endsWith('.journal')).length).toBeLessThanOrEqual(1)
    for (const refusal of load.refusals) {
      expect(refusal).toMatchObject({ status: 503, type: expect.stringContaining('application/problem+json') })
      expect(Number(refusal.retryAfter)).toBeGreaterThan(0)
    }
    await eventually('what the lifeboat kept is written down', async () => {
      const { standing } = await read<{ standing: string }>(server.url, token, '/api/v1/lifeboat')
      return standing === 'ashore' ? true : null
    })
    await expectNothingLost(server.url, token, load)
  },
  180_000,
)

/** Uses up the files of the log that lie ready. The next one of 16 MB cannot be made, and PostgreSQL ends. */
async function switchLog(): Promise<void> {
  const socket = path.join(server.dataFolder, 'postgres/socket')
  await eventually('PostgreSQL ended', async () => {
    const client = new pg.Client({ host: socket, user: superuser, database: 'postgres' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('select pg_switch_wal()')
    } catch {
      // It ends in the middle of this.
    }
    await client.end().catch(() => undefined)
    const log = readFileSync(path.join(server.dataFolder, 'postgres/postgres.log'), 'utf8')
    return /PANIC.*No space left on device/.test(log) ? true : null
  })
}

/** Takes what is left, to the last block, whatever was freed meanwhile. */
function fill(): void {
  const { bavail, bsize } = statfsSync(folder)
  for (let size = Math.min(bavail * bsize, 64_000_000); size >= bsize; size = Math.floor(size / 2)) {
    try {
      writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' })
    } catch {
      // What fitted was written; a smaller piece may still fit.
    }
  }
}

function mountDisk(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m,mode=755`, 'mainstay-chaos', folder], {
      stdio: 'ignore',
    })
    return true
  } catch (error) {
    if (process.env.CI === 'true' || process.env.CI === '1')
      throw new Error('CI must run the test of a full disk, and no disk could be mounted: run it as root.', {
        cause: error,
      })
    return false
  }
}
