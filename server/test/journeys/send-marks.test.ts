// A process was killed right before the last bytes of a page, twice over, and the page was given up: whoever starts next on
// that disk finds the marks, and the page goes on. What a living process marks is its own.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { pidRealm } from '../../src/platform/database/embedded/processes.ts'
import { sql } from '../../src/platform/database/queries.ts'
import { openSea, signal } from './sea.fixture.ts'

test('marks that a killed process left are written down, and its page goes on', async () => {
  const { world, ask, boat, folder } = await openSea()
  await ask('POST /api/v1/signals', signal('disk'))
  await world.worker.drain()
  world.expectPage('ana', /disk/)
  const { key } = await world.database.one(sql<{ key: string }>`select key from deliveries`)
  const own = path.join(folder, 'boat-1', 'boat-1.marks')
  // What left is marked as left, by the process that is here.
  expect(readFileSync(own, 'utf8')).toBe(`? 1 ${key}\n! 1 ${key}\n`)

  // As the database knows it when two processes were killed at it: both copies may have left.
  await world.database.run(sql`
    update deliveries set phase = 'unknown', copies = 2, attempts = 2, receipt = null where key = ${key}`)
  await world.database.run(sql`
    update delivery_attempts set outcome = 'lost', written = true, because = 'The process that was sending it is gone.' where key = ${key}`)
  const gone = path.join(folder, 'boat-0')
  mkdirSync(gone)
  writeFileSync(path.join(gone, 'sign-of-life'), `4194305\nnone\n${pidRealm()}\n`)
  writeFileSync(path.join(gone, 'boat-0.marks'), `? 1 ${key}\n? 1 page:of:nobody:1:x\n`)
  await boat.stop()
  await boat.start()
  expect(existsSync(gone)).toBe(false)
  expect(readdirSync(path.join(folder, 'boat-1')).sort()).toEqual(['boat-1.marks', 'sign-of-life'])
  expect(await world.database.one(sql`select phase, copies from deliveries where key = ${key}`)).toEqual({
    phase: 'pending',
    copies: 1,
  })
  await world.worker.drain()
  expect(await world.database.one(sql`select phase from deliveries where key = ${key}`)).toEqual({ phase: 'sent' })
  expect(world.troubles).toEqual([])
})
