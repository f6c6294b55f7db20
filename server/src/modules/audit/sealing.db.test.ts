import { randomInt } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql } from '../../platform/database/queries.ts'
import { sha256 } from '../../platform/secrets/index.ts'
import { plantRecurring } from '../../platform/work/due-work.store.ts'
import { sealJob } from './audit.contract.ts'
import { type JournalWorld, openJournalWorld } from './audit.fixture.ts'
import { entryBytes, leafHash, rangeRoot } from './core/index.ts'
import { endOfJournal, type Place, readAfter } from './journal.store.ts'
import { hasUnsealed, newestCheckpoint, readHead, readSealed } from './sealing.store.ts'
import { sealJournal } from './usecases/seal-journal.ts'
import { signCheckpoint } from './usecases/sign-checkpoint.ts'
import { verifyJournal } from './usecases/verify-journal.ts'
import { createSealWatch } from './usecases/watch-journal.ts'

let world: JournalWorld
beforeEach(async () => {
  world = await openJournalWorld('sealing')
})
afterEach(() => world.close())

const leaves = () =>
  world.database.many(sql<{ index: number; entryId: number }>`
    select leaf_index as index, entry_id as "entryId" from journal_leaves order by leaf_index`)

const rawInsert = `insert into journal (type, actor, subject_kind, subject_id, data)
  values ('alert.opened', '{"kind":"automation","id":"t","name":"t"}', 'alert', 'x', '{}') returning id`

test('an entry under way holds back what was committed after its transaction began, and is then sealed in order', async () => {
  const slow = await world.connect()
  await slow.query('begin')
  const { rows } = await slow.query<{ id: string }>(rawInsert)
  const late = await world.write('alert.acknowledged')
  expect(await sealJournal(world.database)).toBe(0)
  // It waits, so nobody rests.
  expect(await hasUnsealed(world.database)).toBe(true)
  await slow.query('commit')
  await world.sealTo(2)
  expect(await hasUnsealed(world.database)).toBe(false)
  expect(await leaves()).toEqual([
    { index: 0, entryId: Number(rows[0]?.id) },
    { index: 1, entryId: late },
  ])
})

test('a writer in another database of the cluster holds nothing back', async () => {
  const other = await openJournalWorld('sealing_other')
  try {
    const slow = await other.connect()
    await slow.query('begin')
    await slow.query(rawInsert)
    await world.write('alert.opened')
    await world.sealTo(1)
    await slow.query('rollback')
  } finally {
    await other.close()
  }
})

test('with writers, long transactions, rollbacks and two sequencers, every entry has one leaf and the tail sees each once', async () => {
  const start = await endOfJournal(world.database)
  const written: number[] = []
  const seen: number[] = []
  let writing = true
  const writers = Array.from({ length: 6 }, async () => {
    const client = await world.connect()
    for (let i = 0; i < 40; i += 1) {
      await client.query('begin')
      const ids: number[] = []
      for (let n = randomInt(1, 4); n > 0; n -= 1) {
        const { rows } = await client.query<{ id: string }>(rawInsert)
        ids.push(Number(rows[0]?.id))
        // Holds the transaction open while others commit past it.
        if (n === 2) await client.query('select pg_sleep(0.002)')
      }
      const kept = randomInt(10) > 0
      await client.query(kept ? 'commit' : 'rollback')
      if (kept) written.push(...ids)
    }
  })
  const sequencers = [0, 1].map(async () => {
    while (writing) await sealJournal(world.database)
  })
  const tail = (async () => {
    let place: Place = start
    for (;;) {
      const entries = await readAfter(world.database, place, 7)
      seen.push(...entries.map(({ entry }) => entry.id))
      place = entries.at(-1)?.place ?? place
      // An analyze or a sequencer may hold the horizon a moment longer than the last writer.
      if (!writing && entries.length === 0 && seen.length >= written.length) return
    }
  })()
  await Promise.all(writers)
  writing = false
  await Promise.all([...sequencers, tail])
  await world.sealTo(written.length)

  const sealed = await leaves()
  expect(sealed.map((leaf) => leaf.index)).toEqual(sealed.map((_, index) => index))
  expect(sealed.map((leaf) => leaf.entryId).sort((a, b) => a - b)).toEqual([...written].sort((a, b) => a - b))
  expect([...seen].sort((a, b) => a - b)).toEqual([...written].sort((a, b) => a - b))
  expect(seen).toEqual(sealed.map((leaf) => leaf.entryId))
  await signCheckpoint(world.needs, world.signingKey)
  expect(await verifyJournal(world.database, world.signingKey)).toMatchObject({ ok: true })
})

test('a sequencer killed between leaves and head leaves nothing half done', async () => {
  for (let i = 0; i < 30; i += 1) await world.write('alert.opened', { data: { count: i } })
  await world.sealTo(30)
  for (let i = 0; i < 30; i += 1) await world.write('alert.opened', { data: { count: i } })
  // The head's row is free for the lock and the leaves, but its update waits: the kill lands there.
  await world.owner.query(
    `create function stall() returns trigger language plpgsql as $$ begin perform pg_advisory_lock(77); return new; end $$`,
  )
  await world.owner.query('create trigger stall before update on journal_head for each row execute function stall()')
  const holder = await world.connect()
  await holder.query('select pg_advisory_lock(77)')
  const sealing = sealJournal(world.database).catch((error: unknown) => error)
  await expect
    .poll(
      async () =>
        (
          await world.owner.query(
            `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 77 and not granted`,
          )
        ).rowCount,
    )
    .toBe(1)
  expect(await sealing).toBeInstanceOf(Error)
  await world.owner.query('drop trigger stall on journal_head')
  expect((await readHead(world.database)).frontier.size).toBe(30)
  expect((await leaves()).length).toBe(30)

  await world.sealTo(60)
  expect((await leaves()).map((leaf) => leaf.index)).toEqual(Array.from({ length: 60 }, (_, index) => index))
})

test('the head is the root over all leaves, across batches, and a checkpoint is signed once for a size', async () => {
  await world.owner.query(
    `insert into journal (type, actor, subject_kind, subject_id, data)
     select 'alert.opened', '{"kind":"automation","id":"t","name":"t"}', 'alert', n::text, jsonb_build_object('n', n / 3.0) from generate_series(1, 1234) n`,
  )
  await world.sealTo(1234)
  const rows = await readSealed(world.database, -1, 2_000)
  const hashes = rows.map(({ entry, salt }) => leafHash(sha256, entryBytes(entry, salt)))
  const signed = await signCheckpoint(world.needs, world.signingKey)
  expect(Buffer.from(signed?.root ?? [])).toEqual(
    Buffer.from(rangeRoot(sha256, (at) => hashes[at] ?? new Uint8Array(0), 0, 1234)),
  )
  expect(await signCheckpoint(world.needs, world.signingKey)).toBeNull()
  await world.write('alert.opened')
  await world.sealTo(1235)
  expect(await signCheckpoint(world.needs, world.signingKey)).toMatchObject({ size: 1235 })
  expect((await newestCheckpoint(world.database))?.size).toBe(1235)
})

test('after dump and restore into a young cluster everything is still sealed, and only new entries are new', async () => {
  await world.write('alert.opened')
  await world.sealTo(1)
  // What a restore brings: rows and a head with transaction ids this cluster has not reached.
  await world.owner.query(`insert into journal (xid, type, actor, subject_kind, subject_id, data)
    select (90000000000 + n)::text::xid8, 'alert.opened', '{"kind":"automation","id":"t","name":"t"}', 'alert', n::text, '{}' from generate_series(1, 700) n`)
  await world.owner.query(`insert into journal_leaves (leaf_index, entry_id, hash)
    select 1, min(id), sha256('') from journal where xid > '80000000000'`)
  await world.owner.query(
    `update journal_head set xid = '90000000001', entry_id = (select min(id) from journal where xid > '80000000000'), size = 2`,
  )
  const start = await endOfJournal(world.database)
  const fresh = await world.write('alert.resolved')
  expect(await hasUnsealed(world.database)).toBe(true)
  await world.sealTo(702)
  expect(await hasUnsealed(world.database)).toBe(false)
  const sealed = await leaves()
  expect(sealed.length).toBe(702)
  expect(sealed.at(-1)?.entryId).toBe(fresh)
  expect((await readAfter(world.database, start, 1_000)).map(({ entry }) => entry.id)).toEqual([fresh])
  await world.write('alert.closed')
  expect(await hasUnsealed(world.database)).toBe(true)
  await world.sealTo(703)
})

test('sealing rests while nothing is written, and what is written then wakes it', async () => {
  await world.write('alert.opened')
  await plantRecurring(world.database, sealJob)
  const dueIn = () =>
    world.database.one(sql<{ ms: number }>`
      select (extract(epoch from due_at - mainstay_now()) * 1000)::float8 as ms from due_work where kind = ${sealJob.kind}`)
  const watch = createSealWatch(world.needs)
  watch.start()
  try {
    const rests: number[] = []
    const turn = () => watch.turn({ rest: (ms) => rests.push(ms) })
    await expect
      .poll(async () => {
        await turn()
        return rests.length
      })
      .toBeGreaterThan(0)
    expect(await leaves()).toHaveLength(1)
    // As the worker leaves a row whose turn rests.
    await world.database.run(
      sql`update due_work set due_at = mainstay_now() + interval '1 hour' where kind = ${sealJob.kind}`,
    )
    expect((await dueIn()).ms).toBeGreaterThan(3_000_000)
    await world.write('alert.resolved')
    await expect.poll(async () => (await dueIn()).ms).toBeLessThanOrEqual(0)
    await expect
      .poll(async () => {
        await turn()
        return (await leaves()).length
      })
      .toBe(2)
  } finally {
    await watch.stop()
  }
})
