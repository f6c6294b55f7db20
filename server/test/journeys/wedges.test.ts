// The engine of pages is wedged in every way we could think of, and the process would say that it is well: `/readyz` names
// a late page after half a minute, and whoever watches from outside hears nothing after two.
import fastify from 'fastify'
import pg from 'pg'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { healthRoutes } from '../../src/app/health.ts'
import { day, second } from '../../src/kernel/duration.ts'
import { syntheticPage } from '../../src/modules/notifications/notifications.contract.ts'
import { sendHeartbeat, sendSyntheticPage } from '../../src/modules/notifications/usecases/watch-paging.ts'
import { readWatch } from '../../src/modules/notifications/watch.store.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { createMetrics } from '../../src/platform/http/metrics.ts'
import { newId } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log/log.ts'
import type { Needs } from '../../src/platform/room/needs.ts'
import { addWork } from '../../src/platform/work/due-work.store.ts'
import { bindJob, defineJob, type Lane, laneNames } from '../../src/platform/work/job.ts'
import type { Worker } from '../../src/platform/work/worker.ts'
import { administer } from '../cluster.ts'
import { gate, openPlatform, type Platform } from '../platform.ts'

interface Engine {
  readonly platform: Platform
  readonly database: Database
  /** A worker of some lanes that runs until the test ends; `handle` handles what else is due in the lanes of pages. */
  work(lanes?: readonly Lane[], handle?: () => Promise<void>): Promise<Worker>
  /** The page of this minute to nobody. */
  ask(): Promise<unknown>
  /** The server says that it is starting or stopping. */
  shut(): void
}

interface Well extends Engine {
  readonly beats: readonly string[]
  beat(): Promise<boolean>
  metrics(): Promise<string>
  readiness(): Promise<{ readonly status: number; readonly failing: string }>
}

type Wedge = readonly [
  name: string,
  /** What `/readyz` says is wrong. Where nothing is late for it, silence is the only sign. */
  failing: 'paging' | 'database' | 'server' | 'nothing',
  begin: (engine: Engine) => Promise<unknown>,
]

const page = defineJob({ kind: 'test.page', lane: 'page' })
const mail = defineJob({ kind: 'test.mail', lane: 'mail' })
const chat = defineJob({ kind: 'test.chat', lane: 'chat' })
/** Waits until the test ends. */
const never = (): (() => Promise<void>) => {
  const end = gate()
  onTestFinished(() => end.open())
  return () => end.opened
}
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
const stuck = async ({ database }: Engine, job = page) => {
  for (let index = 0; index < 20; index += 1)
    await database.transaction((tx) => addWork(tx, job, {}, { key: `stuck-${index}` }))
}
/** What somebody's own trigger does with every row of the queue that is written so. */
const triggered = (when: 'insert' | 'update', does: string, table = 'due_work') =>
  administered(`
    create function wedge() returns trigger language plpgsql as $$ begin ${does} end $$;
    create trigger wedge before ${when} on ${table} for each row execute function wedge()`)
/** An attempt at it has come to its end. */
const tried = (wedge: (engine: Engine) => Promise<unknown>) => async (engine: Engine) => {
  await wedge(engine)
  await vi.waitFor(
    () =>
      administer(engine.platform.connection, async (client) => {
        const { rowCount } = await client.query('select from due_work where last_error is not null')
        expect(rowCount).toBe(1)
      }),
    { timeout: 30_000 },
  )
}
const endSessions = administered(
  'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
)
const working = (wedge: (engine: Engine) => Promise<unknown>) => async (engine: Engine) => {
  await wedge(engine)
  await engine.work()
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
      await engine.work(undefined, never())
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
  [
    'a worker was stopped and none started again',
    'paging',
    async (engine) => {
      await (await engine.work()).stop()
      await engine.ask()
    },
  ],
  ['a process knows no kind at all', 'paging', ({ platform }) => platform.worker({ jobs: [] }).start()],
  ['a trigger swallows every claim', 'paging', working(triggered('update', 'return null;'))],
  ['a trigger refuses every claim', 'paging', working(triggered('update', "raise 'No.';"))],
  [
    'every claim takes longer than a statement may',
    'paging',
    working(triggered('update', 'perform pg_sleep(9); return new;')),
  ],
  [
    'many are due before it and each takes for ever',
    'paging',
    async (engine) => {
      await administered(`
        insert into due_work (kind, lane, due_at, payload)
        select 'test.page', 0, mainstay_now() - interval '1 second', '{}' from generate_series(1, 5000)`)(engine)
      await engine.work(undefined, never())
    },
  ],
  [
    'its claim was made by a process whose clock runs a day ahead',
    'paging',
    working(
      administered(
        "update due_work set claim = gen_random_uuid(), claimed_by = 'ahead', claimed_until = mainstay_now() + interval '1 day'",
      ),
    ),
  ],
  ['the queue was renamed', 'database', working(administered('alter table due_work rename to due_work_of_old'))],
  ['a column is gone', 'database', working(administered('alter table due_work rename column due_at to due'))],
  [
    'nothing may be written',
    'database',
    working(triggered('insert', "raise 'The disk is full.';", 'idempotency_keys')),
  ],
  ['the server never opens', 'server', async (engine) => engine.shut()],
  [
    'what it is recorded in is locked by a session that sleeps',
    'nothing',
    tried(working(held('select from paging_watch for update'))),
  ],
  [
    'what it is recorded in was renamed',
    'nothing',
    tried(working(administered('alter table paging_watch rename to watch'))),
  ],
  [
    'no number is left for new work',
    'nothing',
    async (engine) => {
      await administered('delete from due_work')(engine)
      await administered("select setval(pg_get_serial_sequence('due_work', 'id'), 9223372036854775807)")(engine)
      await expect(engine.ask()).rejects.toThrow()
      await engine.work()
    },
  ],
  ['the clock is set back by a day', 'nothing', ({ platform }) => platform.clock.forward(-day)],
  ['it was put off for years', 'nothing', administered("update due_work set due_at = due_at + interval '10 years'")],
  ['it was deleted', 'nothing', administered('delete from due_work')],
]

/** What would stop others and does not stop the pages: neither may the watch cry. */
const harmless: readonly (readonly [name: string, begin: (engine: Engine) => Promise<unknown>])[] = [
  ['all is well', (engine) => engine.work()],
  [
    'no notification arrives',
    async (engine) => {
      const { database } = engine.platform.connection
      await administered(`
        create function public.pg_notify(text, text) returns void language sql as '';
        grant execute on function public.pg_notify to public;
        alter database "${database}" set search_path = public, pg_catalog`)(engine)
      await endSessions(engine)
      await engine.work()
    },
  ],
  [
    'every session is ended once',
    async (engine) => {
      await engine.work()
      await endSessions(engine)
    },
  ],
  [
    'one of two workers takes no pages',
    async (engine) => {
      await engine.work(['bulk'])
      await engine.work()
    },
  ],
  [
    'much of the lower lanes is late',
    async (engine) => {
      await administered(`
      insert into due_work (kind, lane, due_at, payload)
      select 'of-nobody', lane, mainstay_now() - interval '1 hour', '{}' from unnest(array[1, 2, 3, 4, 7, 8]) as lane`)(
        engine,
      )
      await engine.work()
    },
  ],
]

test.each(wedges)('%s', async (_name, failing, begin) => {
  const engine = await openWell()
  await engine.ask()
  await begin(engine)
  await engine.platform.clock.forward(31 * second)
  expect(await engine.readiness()).toEqual({ status: failing === 'nothing' ? 200 : 503, failing })
  await engine.platform.clock.forward(90 * second)
  expect(await engine.beat()).toBe(false)
  expect(engine.beats).toHaveLength(1)
})

test.each([
  ['mail', 'no worker takes them', mail],
  ['mail', 'all workers of theirs wait for what never comes', mail],
  ['chat', 'no worker takes them', chat],
  ['chat', 'all workers of theirs wait for what never comes', chat],
] as const)('pages by %s stand still while the others go: %s', async (lane, how, job) => {
  const engine = await openWell()
  const { platform } = engine
  await stuck(engine, job)
  const others = laneNames.filter((name) => name !== lane)
  await engine.work(how === 'no worker takes them' ? others : undefined, never())
  await platform.clock.forward(31 * second)
  expect(await engine.readiness()).toEqual({ status: 503, failing: 'paging' })
  expect(await engine.metrics()).toContain('mainstay_oldest_due_page_seconds 31')
  await platform.clock.forward(90 * second)
  await passes(engine)
  expect(await engine.beat()).toBe(false)
  expect(engine.beats).toHaveLength(1)
})

test.each(harmless)('no alarm: %s', async (_name, begin) => {
  const engine = await openWell()
  await begin(engine)
  for (const ms of [31 * second, 90 * second]) {
    await engine.platform.clock.forward(ms)
    await passes(engine)
    expect(await engine.readiness()).toEqual({ status: 200, failing: 'nothing' })
    expect(await engine.beat()).toBe(true)
  }
  expect(engine.beats).toHaveLength(3)
})

async function passes(engine: Engine): Promise<void> {
  const now = await engine.platform.clock.now()
  await engine.ask()
  await vi.waitFor(async () => expect((await readWatch(engine.database))?.passedAt).toBe(now), { timeout: 30_000 })
}

/** One whose first synthetic page came through, and that says so. */
async function openWell(): Promise<Well> {
  const platform = await openPlatform('wedges', { maxConnections: connections, statementTimeoutMs: 2_000 })
  const { database } = platform
  const beats: string[] = []
  const watch = { registry: new Registry(), beat: async () => `beat ${beats.push('beat')}` }
  const health = fastify()
  onTestFinished(() => health.close())
  let isOpen = true
  const always = { isOpen: () => isOpen, migrations: () => 0, rooms: [], lifeboat: () => null }
  healthRoutes(health, { database, metrics: createMetrics(), ...always })
  const well: Well = {
    platform,
    database,
    beats,
    work: async (lanes, handle) => {
      const worker = platform.worker({ jobs: jobsOf(database, handle), ...(lanes === undefined ? {} : { lanes }) })
      await worker.start()
      return worker
    },
    ask: () => database.transaction((tx) => addWork(tx, syntheticPage, {}, { key: 'watch' })),
    shut: () => {
      isOpen = false
    },
    beat: () => sendHeartbeat(needsOf(database), watch).catch(() => false),
    metrics: async () => (await health.inject('/metrics')).body,
    readiness: async () => {
      const reply = await health.inject('/readyz')
      const { checks } = reply.json<{ checks: readonly { name: string; ok: boolean }[] }>()
      return { status: reply.statusCode, failing: checks.find((check) => !check.ok)?.name ?? 'nothing' }
    },
  }
  await platform.clock.set(await platform.clock.now())
  await well.ask()
  await platform.worker({ jobs: jobsOf(database) }).drain()
  expect(await well.beat()).toBe(true)
  expect(await well.readiness()).toEqual({ status: 200, failing: 'nothing' })
  return well
}

const jobsOf = (database: Database, handle: () => Promise<void> = async () => undefined) => [
  bindJob(syntheticPage, (_payload, turn) => sendSyntheticPage(needsOf(database), turn)),
  bindJob(page, handle),
  bindJob(mail, handle),
  bindJob(chat, handle),
]

/** What the watch itself asks of the house. */
function needsOf(database: Database): Needs {
  const journal = { publish: async () => 0, publishAll: async () => undefined }
  return { database, journal, log: silentLog, newId, publicUrl: 'http://mainstay.example' }
}
