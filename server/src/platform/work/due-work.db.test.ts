// The due table as a store: keys, claims, fences. Every statement against a real PostgreSQL with a clock that is moved.
import { expect, test } from 'vitest'
import { openPlatform, type Platform } from '../../../test/platform.ts'
import { AppError } from '../../kernel/app-error.ts'
import { instant, plus } from '../../kernel/instant.ts'
import { sql } from '../database/queries.ts'
import {
  addWork,
  addWorkForEach,
  againFenced,
  cancelWork,
  claimDue,
  type DueRow,
  finishFenced,
  finishWork,
  laneStates,
  listSetAside,
  nextInLanes,
  nextTurns,
  plantRecurring,
  probeWrite,
  releaseClaims,
  renewClaims,
  retryLater,
  setAside,
  type WhenDue,
} from './due-work.store.ts'
import { defineJob, lanes } from './job.ts'

const remind = defineJob<{ text: string }>({ kind: 'test.remind', lane: 'normal' })
const other = defineJob<{ text: string }>({ kind: 'test.other', lane: 'normal' })

const add = (platform: Platform, text: string, when: WhenDue = {}) =>
  platform.database.transaction((tx) => addWork(tx, remind, { text }, when))

const claim = (platform: Platform, owner = 'one', limit = 10): Promise<readonly DueRow[]> =>
  look(platform, owner, limit).then(({ rows }) => rows)

const look = (platform: Platform, owner: string, limit: number) =>
  claimDue(platform.database, { lane: lanes.normal, kinds: [remind.kind], limit, leaseMs: 5_000, owner })

const nextDueIn = async (platform: Platform) => (await look(platform, 'nobody', 1)).nextMs

async function claimOne(platform: Platform, owner = 'one'): Promise<DueRow> {
  const [row, ...more] = await claim(platform, owner)
  if (row === undefined || more.length > 0)
    throw new Error(`Expected one row, got ${row === undefined ? 0 : 'several'}.`)
  return row
}

const stopped = async (name: string): Promise<Platform> => {
  const platform = await openPlatform(name)
  await platform.clock.forward(0)
  return platform
}

const rows = (platform: Platform) =>
  platform.database.many(
    sql<{ text: string; attempts: number; claimed: boolean; lastError: string | null }>`
      select payload->>'text' as text, attempts, claim is not null as claimed, last_error as "lastError" from due_work order by id`,
  )

test('a second add with the same key moves the first: one row, the later payload and time', async () => {
  const platform = await stopped('move')
  const now = await platform.clock.now()
  await add(platform, 'first', { key: 'k', dueAt: plus(now, 60_000) })
  await add(platform, 'second', { key: 'k', dueAt: plus(now, 30_000) })
  expect(await rows(platform)).toMatchObject([{ text: 'second' }])
  expect(await nextDueIn(platform)).toBe(30_000)
})

test('with `keep` the first stands', async () => {
  const platform = await stopped('keep')
  const now = await platform.clock.now()
  await add(platform, 'first', { key: 'k', dueAt: plus(now, 60_000) })
  await add(platform, 'second', { key: 'k', dueAt: now, onDuplicate: 'keep' })
  expect(await rows(platform)).toMatchObject([{ text: 'first' }])
  expect(await claim(platform)).toEqual([])
})

test('without a key every add is a row of its own', async () => {
  const platform = await stopped('no key')
  await add(platform, 'a')
  await add(platform, 'b')
  expect(await rows(platform)).toHaveLength(2)
})

test('the same key under another kind is another timer', async () => {
  const platform = await stopped('kinds')
  await platform.database.transaction(async (tx) => {
    await addWork(tx, remind, { text: 'mine' }, { key: 'k' })
    await addWork(tx, other, { text: 'other' }, { key: 'k' })
  })
  expect(await rows(platform)).toHaveLength(2)
})

test('cancel says whether there was something to cancel', async () => {
  const platform = await stopped('cancel')
  await add(platform, 'x', { key: 'k' })
  const cancel = () => platform.database.transaction((tx) => cancelWork(tx, remind, 'k'))
  expect(await cancel()).toBe(true)
  expect(await cancel()).toBe(false)
  expect(await rows(platform)).toEqual([])
})

test('what is added in a transaction that fails was never added', async () => {
  const platform = await stopped('rollback')
  const failed = platform.database.transaction(async (tx) => {
    await addWork(tx, remind, { text: 'x' })
    throw new AppError('conflict', 'test.no', 'No.')
  })
  await expect(failed).rejects.toMatchObject({ code: 'test.no' })
  expect(await rows(platform)).toEqual([])
})

test('nothing is claimed a millisecond early, and the earliest comes first', async () => {
  const platform = await stopped('early')
  const now = await platform.clock.now()
  await add(platform, 'late', { dueAt: plus(now, 2_000) })
  await add(platform, 'early', { dueAt: plus(now, 1_000) })
  await platform.clock.forward(999)
  expect(await claim(platform)).toEqual([])
  await platform.clock.forward(1)
  expect((await claimOne(platform)).payload).toEqual({ text: 'early' })
  await platform.clock.forward(1_000)
  expect((await claimOne(platform)).payload).toEqual({ text: 'late' })
})

test('a claimed row is nobody else’s until its lease has run out', async () => {
  const platform = await stopped('lease')
  await add(platform, 'x')
  const first = await claimOne(platform, 'one')
  await platform.clock.forward(5_000)
  expect(await claim(platform, 'two')).toEqual([])
  await platform.clock.forward(1)
  const second = await claimOne(platform, 'two')
  expect(second).toMatchObject({ id: first.id, attempts: 2 })
  expect(second.claim).not.toBe(first.claim)
})

const endings: readonly { how: string; end: (platform: Platform, row: DueRow) => Promise<unknown> }[] = [
  {
    how: 'finish',
    end: (platform, row) =>
      platform.database.transaction(async (tx) => {
        await addWork(tx, other, { text: 'written beside' })
        await finishFenced(tx, row)
      }),
  },
  {
    how: 'come again',
    end: (platform, row) =>
      platform.database.transaction(async (tx) => {
        await addWork(tx, other, { text: 'written beside' })
        await againFenced(tx, row, await tx.now())
      }),
  },
]

test.each(endings)(
  'a worker that lost its claim cannot $how, and what it wrote beside is rolled back',
  async ({ end }) => {
    const platform = await stopped('fence')
    await add(platform, 'x')
    const lost = await claimOne(platform, 'one')
    await platform.clock.forward(5_001)
    const held = await claimOne(platform, 'two')
    await expect(end(platform, lost)).rejects.toMatchObject({ kind: 'conflict', code: 'work.claim-lost' })
    expect(await rows(platform)).toMatchObject([{ text: 'x', claimed: true }])
    expect(await finishWork(platform.database, lost)).toBe(false)
    expect(await finishWork(platform.database, held)).toBe(true)
  },
)

test('a lost claim can neither be renewed, retried nor set aside', async () => {
  const platform = await stopped('lost')
  await add(platform, 'x')
  const lost = await claimOne(platform, 'one')
  await platform.clock.forward(5_001)
  const held = await claimOne(platform, 'two')
  expect(await renewClaims(platform.database, [lost, held], 5_000)).toEqual([held.id])
  const twisted = { id: held.id, claim: lost.claim }
  await retryLater(platform.database, twisted, 0, 'late')
  await setAside(platform.database, twisted, 'late')
  expect(await rows(platform)).toEqual([{ text: 'x', attempts: 2, claimed: true, lastError: null }])
})

test('moving or cancelling a timer fences the run that is under way', async () => {
  const platform = await stopped('fence by key')
  const now = await platform.clock.now()
  await add(platform, 'x', { key: 'k' })
  const running = await claimOne(platform)
  await add(platform, 'y', { key: 'k', dueAt: plus(now, 9_000) })
  expect(await finishWork(platform.database, running)).toBe(false)
  expect(await rows(platform)).toEqual([{ text: 'y', attempts: 0, claimed: false, lastError: null }])
  await platform.clock.forward(9_000)
  const again = await claimOne(platform)
  await platform.database.transaction((tx) => cancelWork(tx, remind, 'k'))
  expect(await finishWork(platform.database, again)).toBe(false)
})

test('a renewed lease counts from now', async () => {
  const platform = await stopped('renew')
  await add(platform, 'x')
  const row = await claimOne(platform)
  await platform.clock.forward(4_000)
  expect(await renewClaims(platform.database, [row], 5_000)).toEqual([row.id])
  await platform.clock.forward(5_000)
  expect(await claim(platform, 'two')).toEqual([])
  await platform.clock.forward(1)
  expect(await claim(platform, 'two')).toHaveLength(1)
})

test('a retry waits, keeps its count and says why', async () => {
  const platform = await stopped('retry')
  await add(platform, 'x')
  await retryLater(platform.database, await claimOne(platform), 2_000, 'no answer')
  expect(await rows(platform)).toEqual([{ text: 'x', attempts: 1, claimed: false, lastError: 'no answer' }])
  await platform.clock.forward(1_999)
  expect(await claim(platform)).toEqual([])
  await platform.clock.forward(1)
  expect((await claimOne(platform)).attempts).toBe(2)
})

test('what is set aside never runs by itself, is listed, and leaves its key free', async () => {
  const platform = await stopped('aside')
  await add(platform, 'x', { key: 'k' })
  await setAside(platform.database, await claimOne(platform), 'it cannot be')
  await platform.clock.forward(1_000_000)
  expect(await claim(platform)).toEqual([])
  expect(await listSetAside(platform.database, 10)).toMatchObject([
    { kind: 'test.remind', attempts: 1, lastError: 'it cannot be' },
  ])
  await add(platform, 'y', { key: 'k' })
  expect((await claimOne(platform)).payload).toEqual({ text: 'y' })
  expect(await laneStates(platform.database)).toEqual([
    { lane: lanes.normal, waiting: 1, overdueSeconds: 0, setAside: 1 },
  ])
})

test('claims given back are free at once and the attempt does not count; those of others stay', async () => {
  const platform = await stopped('give back')
  await add(platform, 'x')
  await claimOne(platform, 'one')
  await add(platform, 'y')
  const theirs = await claimOne(platform, 'two')
  await releaseClaims(platform.database, 'one')
  const again = await claimOne(platform, 'three')
  expect(again).toMatchObject({ payload: { text: 'x' }, attempts: 1 })
  expect(await finishWork(platform.database, theirs)).toBe(true)
})

test('a recurring job is planted once, however many processes start', async () => {
  const platform = await stopped('plant')
  await Promise.all(Array.from({ length: 5 }, () => plantRecurring(platform.database, remind)))
  expect(await rows(platform)).toHaveLength(1)
})

test('sleep is as long as the next row that this process can run asks for', async () => {
  const platform = await stopped('sleep')
  const now = await platform.clock.now()
  expect(await nextDueIn(platform)).toBeNull()
  await platform.database.transaction((tx) => addWork(tx, other, { text: 'of a newer version' }))
  // A row of a kind this process does not know is due for ever: looking for it again and again would be a busy loop.
  expect(await nextDueIn(platform)).toBeNull()
  await add(platform, 'x', { dueAt: plus(now, 700) })
  expect(await nextDueIn(platform)).toBe(700)
})

test('claims by many at once give each row to one', async () => {
  const platform = await stopped('many')
  await platform.database.run(sql`
    insert into due_work (kind, lane, due_at, payload)
    select ${remind.kind}, ${lanes.normal}, mainstay_now(), '{}' from generate_series(1, 200)`)
  const claimed = await Promise.all(Array.from({ length: 10 }, (_, index) => claim(platform, `w${index}`, 25)))
  const ids = claimed.flat().map((row) => row.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length + (await claim(platform, 'rest', 200)).length).toBe(200)
})

test('a lease lasts as its kind says, whatever else shares the lane', async () => {
  const platform = await stopped('leases')
  await platform.database.transaction(async (tx) => {
    await addWork(tx, remind, { text: 'short' })
    await addWork(tx, other, { text: 'long' })
  })
  const { rows: both } = await claimDue(platform.database, {
    lane: lanes.normal,
    kinds: [remind.kind, other.kind],
    leasesMs: { [other.kind]: 60_000 },
    limit: 10,
    leaseMs: 5_000,
    owner: 'one',
  })
  expect(both).toHaveLength(2)
  await platform.clock.forward(5_001)
  const { rows: taken } = await claimDue(platform.database, {
    lane: lanes.normal,
    kinds: [remind.kind, other.kind],
    limit: 10,
    leaseMs: 5_000,
    owner: 'two',
  })
  expect(taken.map((row) => row.kind)).toEqual([remind.kind])
})

test('the readiness probe writes and leaves nothing', async () => {
  const platform = await stopped('probe')
  await Promise.all([probeWrite(platform.database), probeWrite(platform.database)])
  expect(await platform.database.one(sql`select count(*) from idempotency_keys`)).toEqual({ count: 0 })
})

test('what may be done together is due at rounded times, never later than asked for', async () => {
  const platform = await stopped('together')
  await platform.clock.set(plus(instant(0), 86_400_300))
  const due = async (name: string, delayMs: number) => {
    await platform.database.transaction((tx) =>
      addWorkForEach(tx, remind, new Map([[name, { text: name }]]), { delayMs, togetherMs: 500 }),
    )
    return (await look(platform, 'nobody', 1)).nextMs
  }
  expect(await due('a', 2_000)).toBe(1_700)
  await platform.clock.forward(150)
  expect(await due('b', 2_000)).toBe(1_550)
  await platform.clock.forward(1_550)
  expect(await claim(platform)).toMatchObject([{ payload: { text: 'a' } }, { payload: { text: 'b' } }])
})

test('one look says of each lane when a row of known kinds may be claimed', async () => {
  const platform = await stopped('look')
  const now = await platform.clock.now()
  const look = async () =>
    new Map(
      (await nextInLanes(platform.database, [lanes.page, lanes.normal, lanes.bulk], [remind.kind])).map((each) => [
        each.lane,
        each.ms,
      ]),
    )
  expect(await look()).toEqual(new Map())
  await platform.database.transaction((tx) => addWork(tx, other, { text: 'of a newer version' }))
  expect(await look()).toEqual(new Map())
  await add(platform, 'later', { dueAt: plus(now, 700) })
  expect(await look()).toEqual(new Map([[lanes.normal, 700]]))
  await add(platform, 'now')
  expect(await look()).toEqual(new Map([[lanes.normal, 0]]))
  // Under way for five seconds: the later one comes first, then the end of the lease.
  expect(await claim(platform, 'one', 1)).toHaveLength(1)
  expect(await look()).toEqual(new Map([[lanes.normal, 700]]))
  await platform.clock.forward(700)
  expect(await claim(platform, 'one', 1)).toHaveLength(1)
  expect(await look()).toEqual(new Map([[lanes.normal, 4_300]]))
  await platform.clock.forward(4_301)
  expect(await look()).toEqual(new Map([[lanes.normal, 0]]))
  await platform.database.run(sql`update due_work set set_aside_at = mainstay_now()`)
  expect(await look()).toEqual(new Map())
})

test('recurring turns of whole seconds meet, never later than they were to come; others come to the millisecond', async () => {
  const platform = await stopped('meeting turns')
  const waits = [5_000, 30_000, 600_000, 1_000, 4_000, 1_234, 0, 250]
  const kinds = waits.map((waitMs) =>
    defineJob<Record<string, never>>({ kind: `test.every-${waitMs}`, lane: 'normal' }),
  )
  for (const kind of kinds) await plantRecurring(platform.database, kind)
  const { rows: claimed } = await claimDue(platform.database, {
    ...{ lane: lanes.normal, limit: 20, leaseMs: 5_000, owner: 'one' },
    kinds: kinds.map(({ kind }) => kind),
  })
  const lost = { id: claimed[0]?.id ?? 0, claim: '00000000-0000-4000-8000-000000000000', waitMs: 5_000 }
  const turns = claimed.map(({ id, claim, kind }) => ({ id, claim, waitMs: Number(kind.split('-')[1]) }))
  const now = await platform.database.now()
  expect([...(await nextTurns(platform.database, [lost]))]).toEqual([])
  expect([...(await nextTurns(platform.database, turns))].sort()).toEqual(claimed.map(({ id }) => id).sort())
  const due = await platform.database.many(
    sql<{
      kind: string
      at: number
    }>`select kind, extract(epoch from due_at)::float8 * 1000 as at from due_work where claim is null`,
  )
  expect(due).toHaveLength(waits.length)
  for (const { kind, at } of due) {
    const waitMs = Number(kind.split('-')[1])
    const step = waitMs >= 5_000 ? 5_000 : waitMs >= 1_000 && waitMs % 1_000 === 0 ? 1_000 : null
    expect(at, kind).toBe(step === null ? now + waitMs : Math.floor((now + waitMs) / step) * step)
  }
})
