// A PostgreSQL of the user's that hangs, vanishes behind a silent network, or restarts: nobody waits for ever, everybody
// is told, nothing accepted is lost, and the server goes on by itself.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbedded } from '../../src/platform/database/embedded/index.ts'
import { silentLog } from '../../src/platform/log/log.ts'
import { type Mailbox, openMailbox } from '../mailbox.ts'
import { expectNothingLost, type Load, loadOn } from './load.ts'
import { freeze, isAnother, postmasterOf } from './postgres-processes.ts'
import { createKey, eventually, newDataFolder, openProduct, type Product, read, readiness } from './product.ts'
import { openWire, type Wire } from './wire.ts'

// Longer than every limit of the driver, so that each of them is met.
const silenceMs = 12_000
/** A connection is waited for 2.5 s, a statement 7.5 s, and a machine with two cores under load answers a little late. */
const answeredWithinMs = 12_000

const folders = [newDataFolder(), newDataFolder()]
let postgres: EmbeddedPostgres
let wire: Wire
let mailbox: Mailbox
let server: Product
let token: string
let load: Load

beforeAll(async () => {
  const [cluster = '', dataFolder = ''] = folders
  postgres = await startEmbedded({ dataDir: cluster, log: silentLog })
  const { host, port, user, database } = postgres.connection
  wire = await openWire({ path: path.join(host, `.s.PGSQL.${port}`) })
  mailbox = await openMailbox()
  const environment = { DATABASE_URL: `postgres://${user}@127.0.0.1:${wire.port}/${database}` }
  server = await openProduct({ dataFolder, mailPort: mailbox.port, environment })
  token = await createKey(server.url, await server.start())
  load = loadOn([server.url], token)
})

afterAll(async () => {
  await server.end()
  await wire.stop()
  await mailbox.stop()
  await postgres.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

test('PostgreSQL hangs under load and goes on', async () => {
  await survives(() => freeze(postmasterOf(folders[0] ?? '')))
}, 120_000)

test('the network to PostgreSQL swallows everything, and forgets the connections it had', async () => {
  await survives(() => {
    wire.manner = 'silent'
    return () => {
      wire.manner = 'pass'
    }
  })
}, 120_000)

test('PostgreSQL is restarted three times under load', async () => {
  const stream = load.stream(20)
  for (let restart = 1; restart <= 3; restart += 1) {
    const before = load.accepted.size
    await eventually('the load runs', async () => (load.accepted.size > before + 20 ? true : null))
    const folder = folders[0] ?? ''
    const stopped = postmasterOf(folder)
    process.kill(stopped, 'SIGINT')
    // Alerts are taken meanwhile without it: the next stop needs another PostgreSQL to stop.
    await eventually('another PostgreSQL runs', async () => (isAnother(folder, stopped) ? true : null))
    await eventually('it writes again', () => load.accept(`restart-${restart}`))
  }
  await stream.stop()
  expectClearRefusals(0)
  await landed()
  await expectNothingLost(server.url, token, load)
}, 120_000)

async function survives(breakIt: () => () => void): Promise<void> {
  const stream = load.stream(20)
  const before = load.refusals.length
  try {
    const accepted = load.accepted.size
    await eventually('the load runs', async () => (load.accepted.size > accepted + 20 ? true : null))
    const mend = breakIt()
    try {
      await wait(silenceMs)
      // It goes on taking alerts and says that it does without the database; how soon depends on how busy the machine is.
      await eventually('it says that the database is away', async () => {
        const seen = await readiness(server.url)
        return seen?.ready === true && seen.status === 200 && seen.sentences === 'It is away.' ? true : null
      })
    } finally {
      mend()
    }
    await eventually('it writes again', () => load.accept(`after-${before}-${accepted}`), 30_000)
  } finally {
    // A load that goes on would make the next tests fail, too.
    await stream.stop()
  }
  expect(load.refusals.slice(before)).toEqual([])
  await landed()
  await expectNothingLost(server.url, token, load)
}

async function landed(): Promise<void> {
  await eventually('what was kept is written down', async () => {
    const { standing } = await read<{ standing: string }>(server.url, token, '/api/v1/lifeboat')
    return standing === 'ashore' ? true : null
  })
}

function expectClearRefusals(from: number): void {
  for (const refusal of load.refusals.slice(from)) {
    expect(refusal).toMatchObject({ status: 503, type: expect.stringContaining('application/problem+json') })
    expect(refusal.code).toMatch(/^database\./)
    expect(Number(refusal.retryAfter)).toBeGreaterThan(0)
    expect(refusal.withinMs).toBeLessThan(answeredWithinMs)
  }
}
