import { afterEach, beforeEach, expect, test } from 'vitest'
import { type JournalWorld, openJournalWorld } from '../audit.fixture.ts'
import type { PlacedEntry } from '../journal.store.ts'
import { createTail, type JournalTail } from './journal-tail.ts'

let world: JournalWorld
let tail: JournalTail
beforeEach(async () => {
  world = await openJournalWorld('tail')
  tail = createTail(world.database, world.needs.log)
})
afterEach(async () => {
  await tail.stop()
  await world.close()
})

const collect = () => {
  const ids: number[] = []
  return { ids, listener: (entries: readonly PlacedEntry[]) => ids.push(...entries.map(({ entry }) => entry.id)) }
}

test('listeners hear all from their joining on, in commit order, also past a slow transaction', async () => {
  await world.write('alert.opened')
  const early = collect()
  await tail.join(early.listener)
  const slow = await world.connect()
  await slow.query('begin')
  const { rows } = await slow.query<{ id: string }>(
    `insert into journal (type, actor, subject_kind, subject_id, data) values ('alert.opened', '{"kind":"automation","id":"t","name":"t"}', 'alert', 'x', '{}') returning id`,
  )
  const behind = await world.write('alert.acknowledged')
  const late = collect()
  await tail.join(late.listener)
  await slow.query('commit')
  const expected = [Number(rows[0]?.id), behind]
  await expect.poll(() => early.ids).toEqual(expected)
  expect(late.ids).toEqual(expected)
})

test('it rests while nobody listens and starts afresh for the next', async () => {
  for (let round = 0; round < 3; round += 1) {
    const one = collect()
    await tail.join(one.listener)
    const heard = await world.write('alert.opened')
    // A tail that is just coming to rest may still hand over the entry before.
    await expect.poll(() => one.ids.at(-1)).toBe(heard)
    tail.leave(one.listener)
    await world.write('alert.closed')
    const two = collect()
    await tail.join(two.listener)
    tail.leave(two.listener)
  }
})
