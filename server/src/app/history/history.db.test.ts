// An older state of a database put in the place of a newer one: what a promoted standby that was behind looks like, and a
// backup that was put back.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { type JournalWorld, openJournalWorld } from '../../modules/audit/audit.fixture.ts'
import { listEntries, readHead } from '../../modules/audit/index.ts'
import { seenFile, seenMemoryIn } from './history-room.ts'
import { lookForLoss, type Seen, type SeenMemory } from './lost-history.ts'

let world: JournalWorld
let seen: Seen | null = null
const memory: SeenMemory = {
  read: () => seen,
  write: (newest) => {
    seen = newest
  },
}
const everybody = { all: true } as const
const look = () => lookForLoss(world.needs, memory, 'host-1')
const told = async () =>
  (await listEntries(world.database, everybody, { type: 'history.lost' }, null, 10)).map(({ data }) => data)

beforeEach(async () => {
  seen = null
  world = await openJournalWorld('history')
  for (let entry = 0; entry < 3; entry += 1) await world.write('alert.opened')
  await world.sealTo(3)
})
afterEach(() => world.close())

test('what is only added to is all there', async () => {
  expect(await look()).toBe(0)
  expect(seen).toMatchObject({ size: 3 })
  await world.write('alert.opened')
  await world.sealTo(4)
  expect(await look()).toBe(0)
  expect(seen).toMatchObject({ size: 4 })
  expect(await told()).toEqual([])
})

test('a shorter journal is told once, with how much is gone', async () => {
  await look()
  const { origin } = await readHead(world.database)
  seen = { origin, size: 10, mark: 'of an entry that is not here', at: instant(Date.UTC(2026, 10, 21)) }
  expect(await look()).toBe(7)
  expect(await told()).toEqual([
    expect.objectContaining({ host: 'host-1', seen: 10, found: 3, lost: 7, seenAt: '2026-11-21T00:00:00.000Z' }),
  ])
  expect(await look()).toBe(0)
  expect(await told()).toHaveLength(1)
})

test('one that has grown as long again is known by its entries', async () => {
  const { origin } = await readHead(world.database)
  seen = { origin, size: 2, mark: 'of another entry in this place', at: instant(0) }
  expect(await look()).toBe(1)
  expect(await told()).toHaveLength(1)
})

test('another installation has lost nothing of this one', async () => {
  seen = { origin: 'mainstay-journal/another', size: 900, mark: 'x', at: instant(0) }
  expect(await look()).toBe(0)
  expect(await told()).toEqual([])
})

test('what was seen outlives the process, and half a file is nothing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-seen-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await lookForLoss(world.needs, seenMemoryIn(folder), 'host-1')
  expect(seenMemoryIn(folder).read()).toMatchObject({ size: 3 })
  const file = path.join(folder, seenFile)
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 20))
  expect(seenMemoryIn(folder).read()).toBeNull()
})
