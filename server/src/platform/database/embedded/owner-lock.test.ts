import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeHolder, type Holder, tryLock } from './owner-lock.ts'
import { pidRealm, startMark } from './processes.ts'

function lockFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return path.join(folder, 'owner.lock')
}

const token = 'a'.repeat(24)

async function deadHolder(): Promise<Holder> {
  const child = spawn('true', { stdio: 'ignore' })
  const mark = startMark(child.pid ?? 0)
  await once(child, 'exit')
  return { token, pid: child.pid ?? 0, startMark: mark, realm: pidRealm() }
}

async function attempt(file: string): Promise<'taken' | number> {
  const outcome = await tryLock(file)
  if ('holder' in outcome) return outcome.holder.pid
  onTestFinished(() => outcome.lock.release())
  return 'taken'
}

test('the living holder is named, and the next may have it after a release', async () => {
  const file = lockFile()
  const first = await tryLock(file)
  if ('holder' in first) throw new Error('The first attempt must succeed.')
  expect(await attempt(file)).toBe(process.pid)
  await first.lock.release()
  expect(await first.lock.isOurs()).toBe(false)
  expect(await attempt(file)).toBe('taken')
})

test.each([
  ['a holder that died', async () => JSON.stringify(await deadHolder())],
  [
    'a stranger with the pid of the holder',
    async () => JSON.stringify({ token, pid: process.pid, startMark: '1', realm: pidRealm() }),
  ],
  ['a file emptied by a power cut', async () => ''],
])('%s does not lock anyone out', async (_, content) => {
  const file = lockFile()
  writeFileSync(file, await content())
  expect(await attempt(file)).toBe('taken')
})

test('of many starters that find the same dead holder exactly one succeeds it', async () => {
  const dead = JSON.stringify(await deadHolder())
  for (let round = 0; round < 30; round += 1) {
    const file = lockFile()
    writeFileSync(file, dead)
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => attempt(file)))
    expect(outcomes.filter((each) => each === 'taken')).toHaveLength(1)
    expect(readdirSync(path.dirname(file))).toEqual(['owner.lock'])
  }
})

test('a successor that died half-way is succeeded in its turn', async () => {
  const file = lockFile()
  const dead = await deadHolder()
  writeFileSync(file, JSON.stringify(dead))
  writeFileSync(`${file}.${token}`, JSON.stringify({ ...dead, token: 'b'.repeat(24) }))
  expect(await attempt(file)).toBe('taken')
  expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(process.pid)
})

test('a holder in another container lives while it touches its file', async () => {
  const file = lockFile()
  const elsewhere: Holder = { token, pid: 1, startMark: '5', realm: 'another boot' }
  writeFileSync(file, JSON.stringify(elsewhere))
  let beats = 0
  const beat = setInterval(() => {
    beats += 1
    utimesSync(file, new Date(), new Date(Date.now() + beats))
  }, 200)
  onTestFinished(() => clearInterval(beat))
  expect(await attempt(file)).toBe(1)
  expect(describeHolder(elsewhere)).toContain('another container')

  clearInterval(beat)
  utimesSync(file, new Date(0), new Date(0))
  expect(await attempt(file)).toBe('taken')
})
