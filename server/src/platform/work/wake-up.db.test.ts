// Workers are called when there is work, on a real PostgreSQL: by commits, by notifications, and by their own polls.
import { expect, onTestFinished, test, vi } from 'vitest'
import { administer } from '../../../test/cluster.ts'
import { counter, gate, openPlatform } from '../../../test/platform.ts'
import { addWork } from './due-work.store.ts'
import { bindJob, defineJob, type Lane, lanes } from './job.ts'

const job = defineJob<{ n: number }>({ kind: 'test.do', lane: 'normal' })
const forLane = (lane: Lane) => defineJob<{ n: number }>({ kind: `test.${lane}`, lane })

test('a hint wakes the worker long before its poll; without hints polling finds the work', async () => {
  const { connection, database, worker } = await openPlatform('hints')
  const ran = counter()
  const told: number[] = []
  const started = worker({
    jobs: [
      bindJob(job, async ({ n }) => {
        told.push(n)
        ran.add()
      }),
    ],
  })
  await started.start()
  await database.transaction((tx) => addWork(tx, job, { n: 1 }))
  await ran.reached(1)
  // A row that nobody announces, as after a lost notification.
  await administer(connection, (client) =>
    client.query('insert into due_work (kind, lane, due_at, payload) values ($1, $2, mainstay_now(), \'{"n":2}\')', [
      job.kind,
      lanes.normal,
    ]),
  )
  await ran.reached(2)
  expect(told).toEqual([1, 2])
})

test('a hint that comes while a lane looks is not lost, although the look may have missed what it is about', async () => {
  const { database, worker } = await openPlatform('missed hints')
  const page = forLane('page')
  const ran = gate()
  let looks = 0
  const started = worker({
    database: {
      ...database,
      many: async (query) => {
        const rows = await database.many(query)
        looks += 1
        // It has looked, and before it knows what it found there is something.
        if (looks === 1) await database.transaction((tx) => addWork(tx, page, { n: 1 }))
        return rows
      },
    },
    lanes: ['page'],
    jobs: [bindJob(page, async () => ran.open())],
  })
  // No look but that of the hint: no poll, and no notification, which is sent by a timer, too.
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  await started.start()
  await ran.opened
})

test('the listener comes back after its connection was lost, and work goes on meanwhile', async () => {
  const { connection, database, worker } = await openPlatform('listener')
  const ran = counter()
  const started = worker({ jobs: [bindJob(job, async () => ran.add())] })
  await started.start()
  await database.transaction((tx) => addWork(tx, job, { n: 1 }))
  await ran.reached(1)
  const listening = () =>
    administer(connection, async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        "select pid from pg_stat_activity where datname = current_database() and query ilike 'listen %'",
      )
      return rows.map((row) => row.pid)
    })
  for (let round = 2; round <= 3; round += 1) {
    let before = await listening()
    while (before.length === 0) before = await listening()
    expect(before).toHaveLength(1)
    await administer(connection, (client) => client.query('select pg_terminate_backend($1)', [before[0]]))
    await database.transaction((tx) => addWork(tx, job, { n: round }))
    await ran.reached(round)
    let after = await listening()
    while (after.length === 0 || after[0] === before[0]) after = await listening()
    expect(after).toHaveLength(1)
  }
})
