// Workers on a real PostgreSQL: each row once, retries, lanes, takeovers, ends. The clock is the database's.
import { expect, onTestFinished, test } from 'vitest'
import { administer } from '../../../test/cluster.ts'
import { counter, gate, openPlatform } from '../../../test/platform.ts'
import { AppError } from '../../kernel/app-error.ts'
import { plus } from '../../kernel/instant.ts'
import { sql } from '../database/queries.ts'
import { silentLog } from '../log/log.ts'
import { addWork, hurry, laneStates, listSetAside, plantRecurring } from './due-work.store.ts'
import { bindJob, bindTogether, defineJob, type Lane, lanes } from './job.ts'
import { createWorker } from './worker.ts'

const job = defineJob<{ n: number }>({ kind: 'test.do', lane: 'normal' })
const forLane = (lane: Lane) => defineJob<{ n: number }>({ kind: `test.${lane}`, lane })

test('drain runs what is due, and what that makes due, and nothing that is not', async () => {
  const { clock, database, worker } = await openPlatform('drain')
  const now = await clock.forward(0)
  const seen: number[] = []
  const drained = worker({
    jobs: [
      bindJob(job, async ({ n }, turn) => {
        seen.push(n)
        if (n === 1)
          await database.transaction(async (tx) => {
            await turn.finish(tx)
            await addWork(tx, job, { n: 2 })
            await addWork(tx, job, { n: 3 }, { dueAt: plus(now, 1) })
          })
      }),
    ],
  })
  await database.transaction((tx) => addWork(tx, job, { n: 1 }))
  await drained.drain()
  expect(seen).toEqual([1, 2])
  await clock.forward(1)
  await drained.drain()
  expect(seen).toEqual([1, 2, 3])
  expect(await database.one(sql`select count(*) from due_work`)).toEqual({ count: 0 })
})

test('two workers side by side do each row once', async () => {
  const { database, worker } = await openPlatform('side by side')
  const times = new Map<number, number>()
  const all = counter()
  const jobs = [
    bindJob(job, async ({ n }) => {
      times.set(n, (times.get(n) ?? 0) + 1)
      all.add()
    }),
  ]
  await database.run(sql`
    insert into due_work (kind, lane, due_at, payload)
    select ${job.kind}, ${lanes.normal}, mainstay_now(), jsonb_build_object('n', n) from generate_series(1, 500) n`)
  await Promise.all([worker({ jobs }).start(), worker({ jobs }).start()])
  await all.reached(500)
  expect([...times.values()].every((count) => count === 1)).toBe(true)
  expect(times.size).toBe(500)
})

test('retries wait as the job says, tell the attempt, and end set aside with the last reason', async () => {
  const { clock, database, worker } = await openPlatform('retries')
  const started = await clock.forward(0)
  const stubborn = defineJob<{ n: number }>({ kind: 'test.stubborn', lane: 'normal', retryMs: [1_000, 5_000] })
  const attempts: { attempt: number; afterMs: number }[] = []
  const outcomes: string[] = []
  const drained = worker({
    jobs: [
      bindJob(stubborn, async (_payload, turn) => {
        attempts.push({ attempt: turn.attempt, afterMs: (await database.now()) - started })
        throw new AppError('unavailable', 'test.away', `No answer, time ${turn.attempt}.`)
      }),
    ],
    onRun: (_kind, outcome) => outcomes.push(outcome),
  })
  await database.transaction((tx) => addWork(tx, stubborn, { n: 1 }))
  for (const step of [0, 999, 1, 4_999, 1, 600_000]) {
    await clock.forward(step)
    await drained.drain()
  }
  expect(attempts).toEqual([
    { attempt: 1, afterMs: 0 },
    { attempt: 2, afterMs: 1_000 },
    { attempt: 3, afterMs: 6_000 },
  ])
  expect(outcomes).toEqual(['retry', 'retry', 'set-aside'])
  expect(await listSetAside(database, 10)).toMatchObject([{ attempts: 3, lastError: 'No answer, time 3.' }])
})

test('in the lane of pages nothing waits long after a trouble of minutes', async () => {
  const { clock, database, worker } = await openPlatform('page retries')
  const started = await clock.forward(0)
  const urgent = defineJob<{ n: number }>({ kind: 'test.urgent', lane: 'page' })
  const asked: number[] = []
  let isAway = true
  const drained = worker({
    jobs: [
      bindJob(urgent, async () => {
        asked.push((await database.now()) - started)
        if (isAway) throw new AppError('unavailable', 'test.away', 'No answer.')
      }),
    ],
  })
  await database.transaction((tx) => addWork(tx, urgent, { n: 1 }))
  await drained.drain()
  for (let seconds = 0; seconds < 120; seconds += 1) {
    await clock.forward(1_000)
    await drained.drain()
  }
  const before = asked.length
  expect(before).toBeGreaterThan(20)
  isAway = false
  await clock.forward(5_000)
  await drained.drain()
  expect(asked).toHaveLength(before + 1)
  expect(await database.one(sql`select count(*) from due_work`)).toEqual({ count: 0 })
})

test.each(['invalid', 'not-found', 'forbidden', 'conflict'] as const)(
  'a refusal of the kind %s will not mend by itself and is set aside at once',
  async (kind) => {
    const { database, worker } = await openPlatform('refused')
    const outcomes: string[] = []
    const drained = worker({
      jobs: [
        bindJob(job, async () => {
          throw new AppError(kind, 'test.refused', 'It cannot be done.')
        }),
      ],
      onRun: (_kind, outcome) => outcomes.push(outcome),
    })
    await database.transaction((tx) => addWork(tx, job, { n: 1 }))
    await drained.drain()
    expect(outcomes).toEqual(['set-aside'])
    expect(await listSetAside(database, 10)).toMatchObject([{ lastError: 'It cannot be done.' }])
  },
)

test('a bug in a handler is retried, because the next version may have mended it', async () => {
  const { database, worker } = await openPlatform('bug')
  const outcomes: string[] = []
  const drained = worker({
    jobs: [
      bindJob(job, async () => {
        throw new TypeError('cannot read')
      }),
    ],
    onRun: (_kind, outcome) => outcomes.push(outcome),
  })
  await database.transaction((tx) => addWork(tx, job, { n: 1 }))
  await drained.drain()
  expect(outcomes).toEqual(['retry'])
})

test('recurring work survives success and failure, for ever one row', async () => {
  const { clock, database, worker } = await openPlatform('recurring')
  await clock.forward(0)
  const tick = defineJob<Record<string, never>>({ kind: 'test.tick', lane: 'bulk' })
  const runs: number[] = []
  const bound = bindJob(tick, async (_payload, turn) => {
    runs.push(turn.attempt)
    if (runs.length % 3 === 0) throw new AppError('invalid', 'test.no', 'Not this time.')
  })
  const drained = worker({ jobs: [bound], recurring: [{ job: tick, everyMs: 10_000 }] })
  await plantRecurring(database, tick)
  for (let turn = 1; turn <= 8; turn += 1) {
    await drained.drain()
    await drained.drain()
    expect(runs).toHaveLength(turn)
    await clock.forward(10_000)
  }
  // A turn after a success starts afresh; only the one after a failure is a second attempt.
  expect(runs).toEqual([1, 1, 1, 2, 1, 1, 2, 1])
  expect(await database.many(sql`select kind from due_work`)).toEqual([{ kind: 'test.tick' }])
})

test('recurring work that has nothing to do rests as long as it says; who hurries it has it at once, and once more when it was under way', async () => {
  const { clock, database, worker } = await openPlatform('rest')
  await clock.forward(0)
  const tick = defineJob<Record<string, never>>({ kind: 'test.tick', lane: 'bulk' })
  const hurryIt = () => database.transaction((tx) => hurry(tx, tick))
  let [runs, hurriedMeanwhile] = [0, false]
  const bound = bindJob(tick, async (_payload, turn) => {
    runs += 1
    if (runs === 3) {
      hurriedMeanwhile = true
      await hurryIt()
    }
    turn.rest(60_001)
  })
  const outcomes: string[] = []
  const drained = worker({
    jobs: [bound],
    recurring: [{ job: tick, everyMs: 1_000 }],
    onRun: (_, outcome) => outcomes.push(outcome),
  })
  await plantRecurring(database, tick)
  const runsAfter = async (ms: number) => {
    await clock.forward(ms)
    await drained.drain()
    return runs
  }
  expect(await runsAfter(0)).toBe(1)
  expect(await runsAfter(60_000)).toBe(1)
  expect(await runsAfter(1)).toBe(2)
  await hurryIt()
  // The third turn is hurried while it is under way, and may have missed what is new: a fourth follows.
  expect(await runsAfter(0)).toBe(4)
  expect(hurriedMeanwhile).toBe(true)
  expect(outcomes).toEqual(['done', 'done', 'fenced', 'done'])
  expect(await runsAfter(60_000)).toBe(4)
  expect(await runsAfter(1)).toBe(5)
  expect(await database.many(sql`select kind from due_work`)).toEqual([{ kind: 'test.tick' }])
})

test('a worker whose lease ran out is fenced: its writes are rolled back and the new owner’s stand', async () => {
  const { connection, clock, database, worker } = await openPlatform('lost claim')
  await administer(connection, (client) => client.query('create table wrote (who text); grant all on wrote to public'))
  await clock.forward(0)
  const entered = gate()
  const release = gate()
  const outcomes: string[] = []
  const handler = (who: string, wait: Promise<void>) =>
    bindJob(job, async (_payload, turn) => {
      entered.open()
      await wait
      await database.transaction(async (tx) => {
        await tx.run(sql`insert into wrote values (${who})`)
        await turn.finish(tx)
      })
    })
  const slow = worker({
    jobs: [handler('slow', release.opened)],
    onRun: (_kind, outcome) => outcomes.push(`slow ${outcome}`),
  })
  const quick = worker({
    jobs: [handler('quick', Promise.resolve())],
    onRun: (_kind, outcome) => outcomes.push(`quick ${outcome}`),
  })
  await database.transaction((tx) => addWork(tx, job, { n: 1 }))
  const stuck = slow.drain()
  await entered.opened
  await quick.drain()
  expect(outcomes).toEqual([])
  await clock.forward(5_001)
  await quick.drain()
  release.open()
  await stuck
  expect(outcomes).toEqual(['quick done', 'slow fenced'])
  expect(await database.many(sql`select who from wrote`)).toEqual([{ who: 'quick' }])
})

test('a handler that ends without its claim is told as fenced, even when it never asked', async () => {
  const { clock, database, worker } = await openPlatform('silent fence')
  await clock.forward(0)
  const entered = gate()
  const release = gate()
  const outcomes: string[] = []
  const slow = worker({
    jobs: [
      bindJob(job, async () => {
        entered.open()
        await release.opened
      }),
    ],
    onRun: (_kind, outcome) => outcomes.push(outcome),
  })
  await database.transaction((tx) => addWork(tx, job, { n: 1 }, { key: 'k' }))
  const stuck = slow.drain()
  await entered.opened
  await database.transaction((tx) => addWork(tx, job, { n: 2 }, { key: 'k', delayMs: 60_000 }))
  release.open()
  await stuck
  expect(outcomes).toEqual(['fenced'])
  expect(await database.many(sql`select payload from due_work`)).toEqual([{ payload: { n: 2 } }])
})

test('a full lower lane does not delay a page', async () => {
  const { database, worker } = await openPlatform('lanes')
  const bulk = forLane('bulk')
  const page = forLane('page')
  const busy = counter()
  const paged = gate()
  const release = gate()
  onTestFinished(() => release.open())
  const started = worker({
    jobs: [
      bindJob(bulk, async () => {
        busy.add()
        await release.opened
      }),
      bindJob(page, async () => paged.open()),
    ],
  })
  await database.transaction(async (tx) => {
    for (let n = 0; n < 50; n += 1) await addWork(tx, bulk, { n })
  })
  await started.start()
  await busy.reached(2)
  await database.transaction((tx) => addWork(tx, page, { n: 1 }))
  await paged.opened
  expect(busy.count).toBe(2)
  release.open()
})

test('every session of the product ended in the middle of work: all of it is done in the end', async () => {
  const { connection, database, worker } = await openPlatform('restart')
  await administer(connection, (client) =>
    client.query('create table did (n int primary key); grant all on did to public'),
  )
  const all = counter()
  const started = worker({
    jobs: [
      bindJob(
        defineJob<{ n: number }>({ ...job, retryMs: Array.from({ length: 20 }, () => 50) }),
        async ({ n }, turn) => {
          await database.transaction(async (tx) => {
            await tx.run(sql`insert into did values (${n})`)
            await turn.finish(tx)
          })
          all.add()
        },
      ),
    ],
  })
  await database.run(sql`
    insert into due_work (kind, lane, due_at, payload)
    select ${job.kind}, ${lanes.normal}, mainstay_now(), jsonb_build_object('n', n) from generate_series(1, 300) n`)
  await started.start()
  for (const at of [20, 60, 120]) {
    await all.reached(at)
    await administer(connection, (client) =>
      client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'mainstay'",
      ),
    )
  }
  const done = () =>
    administer(connection, async (client) => (await client.query('select count(*)::int as n from did')).rows[0]?.n)
  while ((await done()) !== 300) await new Promise((resolve) => setImmediate(resolve))
  const left = () =>
    administer(connection, async (client) => (await client.query('select count(*)::int as n from due_work')).rows[0]?.n)
  expect(await left()).toBe(0)
})

test('rows of a kind this process does not know are left alone and do not keep it busy', async () => {
  const { connection, database, worker } = await openPlatform('unknown kind')
  const ran = counter()
  const started = worker({ jobs: [bindJob(job, async () => ran.add())] })
  await database.transaction((tx) => addWork(tx, defineJob({ kind: 'newer.kind', lane: 'normal' }), {}))
  await started.start()
  const statements = () =>
    administer(connection, async (client) => {
      const { rows } = await client.query<{ n: number }>(
        'select (xact_commit + xact_rollback)::int as n from pg_stat_database where datname = current_database()',
      )
      return rows[0]?.n ?? 0
    })
  await database.transaction((tx) => addWork(tx, job, { n: 1 }))
  await ran.reached(1)
  const before = await statements()
  // Three of its own polls, seen from outside: each rowless second costs a few statements in each lane, not hundreds.
  await database.run(sql`select pg_sleep(3)`)
  expect((await statements()) - before).toBeLessThan(100)
  expect(await laneStates(database)).toMatchObject([{ lane: lanes.normal, waiting: 1 }])
})

test('rows of a kind that had another lane in another version are run all the same', async () => {
  const { database, worker } = await openPlatform('moved lane')
  const ran = counter()
  await database.transaction((tx) => addWork(tx, defineJob({ kind: job.kind, lane: 'bulk' }), { n: 1 }))
  const started = worker({ jobs: [bindJob(job, async () => ran.add())] })
  await started.start()
  await ran.reached(1)
})

test('stop waits for what runs, takes nothing new and leaves no claim', async () => {
  const { database } = await openPlatform('stop')
  const entered = gate()
  const release = gate()
  const finished: number[] = []
  const stopping = createWorker({
    database,
    log: silentLog,
    owner: 'stopping',
    jobs: [
      bindJob(job, async ({ n }) => {
        entered.open()
        await release.opened
        finished.push(n)
      }),
    ],
    concurrency: { normal: 1 },
  })
  await database.transaction(async (tx) => {
    await addWork(tx, job, { n: 1 })
    await addWork(tx, job, { n: 2 })
  })
  await stopping.start()
  await entered.opened
  const stopped = stopping.stop()
  release.open()
  await stopped
  expect(finished).toEqual([1])
  expect(await database.many(sql`select payload, claim, attempts from due_work`)).toEqual([
    { payload: { n: 2 }, claim: null, attempts: 0 },
  ])
})

test('a handler that does not end is not waited for: its row is given back within 10 s', async () => {
  const { database, worker } = await openPlatform('stubborn stop')
  const entered = gate()
  const never = gate()
  onTestFinished(() => never.open())
  const jobs = (wait: Promise<void>, told: { open(): void }) => [
    bindJob(job, async () => {
      told.open()
      await wait
    }),
  ]
  const stuck = createWorker({ database, log: silentLog, owner: 'stuck', jobs: jobs(never.opened, entered) })
  await database.transaction((tx) => addWork(tx, job, { n: 1 }))
  await stuck.start()
  await entered.opened
  const began = performance.now()
  await stuck.stop()
  expect(performance.now() - began).toBeLessThan(10_000)
  const taken = gate()
  const next = worker({ jobs: jobs(Promise.resolve(), taken) })
  await next.drain()
  await taken.opened
  expect(await database.one(sql`select count(*) from due_work`)).toEqual({ count: 0 })
})

test('what is due together is one run; one that fails among them holds up none of the others', async () => {
  const { database, clock, worker } = await openPlatform('together')
  const runs: (readonly number[])[] = []
  const outcomes: string[] = []
  const together = worker({
    jobs: [
      bindTogether(job, {
        atOnce: 8,
        handle: async (payloads) => {
          const numbers = payloads.map(({ n }) => n).sort((a, b) => a - b)
          runs.push(numbers)
          if (numbers.includes(13)) throw new Error('thirteen')
        },
      }),
    ],
    concurrency: { normal: 2 },
    onRun: (_, outcome) => outcomes.push(outcome),
  })
  const plant = (from: number, to: number) =>
    database.run(sql`
      insert into due_work (kind, lane, due_at, payload)
      select ${job.kind}, ${lanes.normal}, mainstay_now(), jsonb_build_object('n', n) from generate_series(${from}::int, ${to}::int) n`)
  await plant(1, 8)
  await together.drain()
  expect(runs).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]])
  expect(await database.one(sql`select count(*) from due_work`)).toEqual({ count: 0 })
  runs.length = 0
  await plant(11, 14)
  await clock.forward(0)
  await together.drain()
  expect(runs).toEqual([[11, 12, 13, 14], [11], [12], [13], [14]])
  expect(outcomes.filter((each) => each === 'done')).toHaveLength(11)
  expect(outcomes.filter((each) => each === 'retry')).toHaveLength(1)
  expect(await database.many(sql`select payload, attempts, last_error as error from due_work`)).toEqual([
    { payload: { n: 13 }, attempts: 1, error: 'thirteen' },
  ])
})

test('of many that are due a worker takes more than it may run at once when they are one run', async () => {
  const { database, worker } = await openPlatform('together more')
  const sizes: number[] = []
  const all = counter()
  const started = worker({
    jobs: [
      bindTogether(job, {
        atOnce: 40,
        handle: async (payloads) => {
          sizes.push(payloads.length)
          for (const _ of payloads) all.add()
        },
      }),
    ],
    concurrency: { normal: 2 },
  })
  await database.run(sql`
    insert into due_work (kind, lane, due_at, payload)
    select ${job.kind}, ${lanes.normal}, mainstay_now(), jsonb_build_object('n', n) from generate_series(1, 100) n`)
  await started.start()
  await all.reached(100)
  expect(sizes.reduce((sum, each) => sum + each, 0)).toBe(100)
  expect(Math.max(...sizes)).toBe(40)
})
