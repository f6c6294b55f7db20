// The engine of pages is wedged in every way we could think of, and the process would say that it is well: `/readyz` names
// a late page after half a minute, and whoever watches from outside hears nothing after two.
import fastify from 'fastify'
import pg from 'pg'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { healthRoutes } from '../../src/app/health.ts'
import { second } from '../../src/kernel/duration.ts'
import { syntheticPage } from '../../src/modules/notifications/notifications.contract.ts'
import { sendHeartbeat, sendSyntheticPage } from '../../src/modules/notifications/usecases/watch-paging.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { createMetrics } from '../../src/platform/http/metrics.ts'
import { newId } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log/log.ts'
import type { Needs } from '../../src/platform/room/needs.ts'
import { addWork } from '../../src/platform/work/due-work.store.ts'
import { bindJob, defineJob, type Lane } from '../../src/platform/work/job.ts'
import { administer } from '../cluster.ts'
import { gate, openPlatform, type Platform } from '../platform.ts'

interface Engine {
  readonly platform: Platform
  readonly database: Database
  /** A worker of some lanes that runs until the test ends; `page` handles what else is due in the lane of pages. */
  work(lanes?: readonly Lane[], page?: () => Promise<void>): Promise<void>
}

type Wedge = readonly [
  name: string,
  /** What `/readyz` says is wrong. Where nothing is late for it, silence is the only sign. */
  failing: 'paging' | 'database' | 'nothing',
  begin: (engine: Engine) => Promise<unknown>,
]

const page = defineJob({ kind: 'test.page', lane: 'page' })
const connections = 6
const administered =
  (text: string) =>
  ({ platform }: Engine) =>
    administer(platform.connection, (client) => client.query(text))
/** By a session that sleeps in its transaction until the test ends. */
const held =
  (text: string) =>
  async ({ platform }: Engine) => {
    const session = new pg.Client(platform.connection)
    session.on('error', () => undefined)
    await session.connect()
    onTestFinished(() => session.end())
    await session.query('begin')
    await session.query(text)
  }
const stuck = async ({ database }: Engine) => {
  for (let index = 0; index < 20; index += 1)
    await database.transaction((tx) => addWork(tx, page, {}, { key: `stuck-${index}` }))
}

const wedges: readonly Wedge[] = [
  ['no worker runs', 'paging', async () => undefined],
  ['every lane has workers but that of pages', 'paging', (engine) => engine.work(['notify', 'normal', 'bulk'])],
  [
    'all workers of pages wait for what never comes',
    'paging',
    async (engine) => {
      await administered("update due_work set due_at = due_at + interval '1 second'")(engine)
      await stuck(engine)
      await engine.work(undefined, () => new Promise(() => undefined))
    },
  ],
  ['the rows are locked by a session that sleeps', 'paging', held('select from due_work for update')],
  [
    'a process that is gone is believed to hold the claim for ever',
    'paging',
    async (engine) => {
      await administered(
        "update due_work set claim = gen_random_uuid(), claimed_by = 'gone', claimed_until = 'infinity'",
      )(engine)
      await engine.work()
    },
  ],
  [
    'only a version that is gone knows the kind',
    'paging',
    async (engine) => {
      await administered("update due_work set kind = 'notifications.of-another-version'")(engine)
      await engine.work()
    },
  ],
  ['the queue is locked whole', 'database', held('lock table due_work in access exclusive mode')],
  [
    'nobody may write to the queue',
    'paging',
    async (engine) => {
      await held('lock table due_work in exclusive mode')(engine)
      await engine.work()
    },
  ],
  [
    'every connection of the pool is held',
    'database',
    async ({ database }) => {
      const open = gate()
      const holding = Array.from({ length: connections }, () =>
        database.transaction(() => open.opened).catch(() => undefined),
      )
      onTestFinished(async () => {
        open.open()
        await Promise.all(holding)
      })
    },
  ],
  [
    'the page fails whenever it is tried',
    'nothing',
    async (engine) => {
      await administered('alter table paging_watch add constraint never check (false) not valid')(engine)
      await engine.work()
    },
  ],
  [
    'it was set aside',
    'nothing',
    async (engine) => {
      await administered("update due_work set set_aside_at = mainstay_now(), last_error = 'Somebody did.'")(engine)
      await engine.work()
    },
  ],
  ['it was put off for years', 'nothing', administered("update due_work set due_at = due_at + interval '10 years'")],
  ['it was deleted', 'nothing', administered('delete from due_work')],
]

test.each(wedges)('%s', async (_name, failing, begin) => {
  const engine = await openEngine()
  const { platform, database } = engine
  const beats: string[] = []
  const watch = { registry: new Registry(), beat: async () => `beat ${beats.push('beat')}` }
  const beat = () => sendHeartbeat(needsOf(database), watch).catch(() => false)
  const health = fastify()
  onTestFinished(() => health.close())
  const always = { isOpen: () => true, migrations: () => 0, rooms: [], lifeboat: () => null }
  healthRoutes(health, { database, metrics: createMetrics(), ...always })
  const readiness = async () => {
    const reply = await health.inject('/readyz')
    const { checks } = reply.json<{ checks: readonly { name: string; ok: boolean }[] }>()
    return { status: reply.statusCode, failing: checks.find((check) => !check.ok)?.name ?? 'nothing' }
  }
  const ask = () => database.transaction((tx) => addWork(tx, syntheticPage, {}, { key: 'watch' }))
  await platform.clock.set(await platform.clock.now())
  await ask()
  await platform.worker({ jobs: jobsOf(database) }).drain()
  expect(await beat()).toBe(true)
  expect(await readiness()).toEqual({ status: 200, failing: 'nothing' })

  await ask()
  await begin(engine)
  await platform.clock.forward(31 * second)
  expect(await readiness()).toEqual({ status: failing === 'nothing' ? 200 : 503, failing })
  await platform.clock.forward(90 * second)
  expect(await beat()).toBe(false)
  expect(beats).toHaveLength(1)
})

async function openEngine(): Promise<Engine> {
  const platform = await openPlatform('wedges', { maxConnections: connections, statementTimeoutMs: 2_000 })
  const { database } = platform
  return {
    platform,
    database,
    work: (lanes, handle) =>
      platform.worker({ jobs: jobsOf(database, handle), ...(lanes === undefined ? {} : { lanes }) }).start(),
  }
}

const jobsOf = (database: Database, handle: () => Promise<void> = async () => undefined) => [
  bindJob(syntheticPage, (_payload, turn) => sendSyntheticPage(needsOf(database), turn)),
  bindJob(page, handle),
]

/** What the watch itself asks of the house. */
function needsOf(database: Database): Needs {
  const journal = { publish: async () => 0, publishAll: async () => undefined }
  return { database, journal, log: silentLog, newId, publicUrl: 'http://mainstay.example' }
}
