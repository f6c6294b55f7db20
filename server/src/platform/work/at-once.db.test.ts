// Work that is begun by the commit that writes it, on a real PostgreSQL: claimed when it is committed, left to the lanes where it may
// not begin, and taken over from a process that died right after its commit.
import { expect, test } from 'vitest'
import { gate, openPlatform } from '../../../test/platform.ts'
import { second } from '../../kernel/duration.ts'
import { sql } from '../database/queries.ts'
import { offerToBegin, placeAtOnce } from './at-once.ts'
import { addWork, addWorkNow, claimKeyed, type DueRow } from './due-work.store.ts'
import { bindJob, bindTogether, defineJob } from './job.ts'

const page = defineJob<{ n: number }>({ kind: 'test.page', lane: 'page' })
const order = (n: number) => ({ job: page, payload: { n }, atOnce: true })
const rows = sql<{ n: number; claimed: boolean; attempts: number }>`
  select (payload ->> 'n')::int as n, claim is not null as claimed, attempts from due_work order by n`

test('what begins at once is committed as claimed, begins with the commit by what was written, and is gone at its end', async () => {
  const { database, worker } = await openPlatform('at once')
  const begun = gate<object>()
  const end = gate()
  const outcome = gate<string>()
  const jobs = [
    bindJob(page, async (payload) => {
      begun.open(payload)
      await end.opened
    }),
  ]
  await worker({ jobs, onRun: (_, how) => outcome.open(how) }).start()
  let isCommitted = false
  await database.transaction(async (tx) => {
    await addWorkNow(tx, [order(1)])
    expect(await tx.many(rows)).toEqual([{ n: 1, claimed: true, attempts: 1 }])
    tx.onEnd((how) => {
      isCommitted = how
    })
  })
  expect([await begun.opened, isCommitted]).toEqual([{ n: 1 }, true])
  expect(await database.many(rows)).toEqual([{ n: 1, claimed: true, attempts: 1 }])
  end.open()
  expect([await outcome.opened, await database.many(rows)]).toEqual(['done', []])
})

test('a rollback begins nothing and gives the place back; where no place is free the lanes have it', async () => {
  const { database, worker } = await openPlatform('no place')
  const seen: number[] = []
  const [first, third] = [gate(), gate()]
  const jobs = [
    bindJob(page, async ({ n }) => {
      seen.push(n)
      if (n === 2) await first.opened
      if (n === 3) third.open()
    }),
  ]
  await worker({ jobs, lanes: ['page'], concurrency: { page: 1 } }).start()
  await expect(
    database.transaction(async (tx) => {
      await addWorkNow(tx, [order(1)])
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  const claimedOf = async (n: number) =>
    database.transaction(async (tx) => {
      await addWorkNow(tx, [order(n)])
      return (await tx.many(rows)).find((row) => row.n === n)?.claimed
    })
  expect([await claimedOf(2), await claimedOf(3)]).toEqual([true, false])
  expect(seen).toEqual([2])
  first.open()
  await third.opened
  expect(seen).toEqual([2, 3])
})

test('of what is run together one run is under way: a second one of a moment is left to it', async () => {
  const { database, worker } = await openPlatform('one run')
  const end = gate()
  const both = gate()
  let runs = 0
  const handle = async () => {
    runs += 1
    if (runs === 2) both.open()
    await end.opened
  }
  await worker({ jobs: [bindTogether(page, { atOnce: 10, handle })] }).start()
  const claimed = await database.transaction(async (tx) => {
    await addWorkNow(tx, [order(1), order(2)])
    return tx.many(rows)
  })
  expect(claimed.map((row) => row.claimed)).toEqual([true, false])
  expect(runs).toBe(1)
  end.open()
  await both.opened
})

test('a process that dies right after its commit: its claim runs out, and another one does it', async () => {
  const { clock, database, worker } = await openPlatform('dead')
  await clock.forward(0)
  // It has reserved a place, and nothing of it comes any more after the commit.
  const withdraw = offerToBegin(database.home, {
    reserve: () => ({ owner: 'dead', leaseMs: 5 * second, begin: () => undefined, release: () => undefined }),
  })
  await database.transaction((tx) => addWorkNow(tx, [order(1)]))
  withdraw()
  const seen: number[] = []
  const other = worker({ jobs: [bindJob(page, async ({ n }) => void seen.push(n))] })
  await other.drain()
  expect(seen).toEqual([])
  await clock.forward(5 * second + 1)
  await other.drain()
  expect(seen).toEqual([1])
})

test('rows under a key are claimed by whoever wrote them, those of others are not', async () => {
  const { database } = await openPlatform('keyed')
  const begun: DueRow[] = []
  const reserve = () => ({
    ...{ owner: 'me', leaseMs: second, release: () => undefined },
    begin: (row: DueRow) => void begun.push(row),
  })
  offerToBegin(database.home, { reserve })
  await database.transaction((tx) => addWork(tx, page, { n: 1 }, { key: 'other' }))
  await database.run(
    sql`update due_work set claim = gen_random_uuid(), claimed_by = 'other', claimed_until = mainstay_now()`,
  )
  await database.transaction(async (tx) => {
    const claimed = gate<ReadonlyMap<string, DueRow>>()
    const places = ['other', 'mine'].map((key) => ({
      ...{ job: page, key },
      place: placeAtOnce(tx, page, async () => (await claimed.opened).get(key) ?? null),
    }))
    await addWork(tx, page, { n: 2 }, { key: 'mine', atOnce: true })
    claimed.open(
      await claimKeyed(
        tx,
        places.flatMap(({ place, ...each }) => (place === null ? [] : [{ ...each, place }])),
      ),
    )
  })
  await expect.poll(() => begun.map((row) => row.payload)).toEqual([{ n: 2 }])
})

test('a process that stops waits for what is being committed, and does it', async () => {
  const { database, worker } = await openPlatform('stopping')
  const seen: number[] = []
  const own = worker({ jobs: [bindJob(page, async ({ n }) => void seen.push(n))] })
  await own.start()
  const stopped = await database.transaction(async (tx) => {
    await addWorkNow(tx, [order(1)])
    return { stopping: own.stop() }
  })
  await stopped.stopping
  expect([seen, await database.many(rows)]).toEqual([[1], []])
})
