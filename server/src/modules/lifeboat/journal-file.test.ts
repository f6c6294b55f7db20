import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Disk, openJournalFile } from './journal-file.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mainstay-journal-'))
  file = path.join(folder, 'one.journal')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const maxBytes = 1_000_000
const failing = (code: string) => Object.assign(new Error(code), { code })

/** The real one, until it is told to fail. */
function breakable(): Disk & { writeFails: boolean; syncFails: boolean; syncs: number } {
  return {
    writeFails: false,
    syncFails: false,
    syncs: 0,
    async write(handle, bytes, at) {
      // A full disk takes what still fits.
      await handle.write(bytes, 0, this.writeFails ? Math.floor(bytes.length / 2) : bytes.length, at)
      if (this.writeFails) throw failing('ENOSPC')
    },
    async sync(handle) {
      this.syncs += 1
      if (this.syncFails) throw failing('EIO')
      await handle.datasync()
    },
  }
}

async function recordsIn(): Promise<readonly unknown[]> {
  const opened = await openJournalFile(file, { maxBytes })
  await opened.file.close()
  return opened.records
}

test('what was answered for is there in order, and records that come together share a sync', async () => {
  const disk = breakable()
  const { file: journal } = await openJournalFile(file, { maxBytes, disk })
  await Promise.all(Array.from({ length: 200 }, (_, index) => journal.append({ index, text: 'ü'.repeat(index) })))
  await journal.close()
  expect((await recordsIn()).map((record) => (record as { index: number }).index)).toEqual(
    Array.from({ length: 200 }, (_, index) => index),
  )
  expect(disk.syncs).toBeLessThan(20)
})

test('torn at every byte: whole records stay, the tail is cut, and the next record follows the last whole one', async () => {
  const { file: journal } = await openJournalFile(file, { maxBytes })
  const ends: number[] = []
  for (const name of ['a', 'b', 'c']) {
    await journal.append({ name })
    ends.push(journal.size)
  }
  await journal.close()
  const bytes = readFileSync(file)
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    writeFileSync(file, bytes.subarray(0, cut))
    const opened = await openJournalFile<{ name: string }>(file, { maxBytes })
    const whole = ends.filter((end) => end <= cut).length
    expect(opened.records.map((record) => record.name)).toEqual(['a', 'b', 'c'].slice(0, whole))
    await opened.file.append({ name: 'next' })
    await opened.file.close()
    expect((await recordsIn()).at(-1)).toEqual({ name: 'next' })
    expect((await recordsIn()).length).toBe(whole + 1)
  }
})

test('a full disk refuses with 503 and takes the next record when there is space again', async () => {
  const disk = breakable()
  const { file: journal } = await openJournalFile(file, { maxBytes, disk })
  await journal.append({ name: 'kept' })
  disk.writeFails = true
  await expect(journal.append({ name: 'refused' })).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'lifeboat.full',
  })
  disk.writeFails = false
  await journal.append({ name: 'later' })
  await journal.close()
  expect(await recordsIn()).toEqual([{ name: 'kept' }, { name: 'later' }])
})

test('after a sync that failed nothing more is taken: what the kernel could not write it may have forgotten', async () => {
  const disk = breakable()
  const { file: journal } = await openJournalFile(file, { maxBytes, disk })
  await journal.append({ name: 'kept' })
  disk.syncFails = true
  const refusal = { kind: 'unavailable', code: 'lifeboat.disk-failed' }
  await expect(journal.append({ name: 'lost' })).rejects.toMatchObject(refusal)
  disk.syncFails = false
  await expect(journal.append({ name: 'later' })).rejects.toMatchObject(refusal)
  await journal.close()
})

test('it is bounded: what does not fit is refused, also when many come at once', async () => {
  const { file: journal } = await openJournalFile(file, { maxBytes: 1_000 })
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => journal.append({ index, text: 'x'.repeat(80) })),
  )
  await journal.close()
  const taken = answers.filter((each) => each.status === 'fulfilled').length
  expect(taken).toBeGreaterThan(5)
  expect(taken).toBeLessThan(12)
  expect(readFileSync(file).length).toBeLessThanOrEqual(1_000)
  expect(await recordsIn()).toHaveLength(taken)
})
