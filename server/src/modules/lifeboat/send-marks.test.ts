import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { createMarkFile, unsentIn } from './send-marks.ts'

function newFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-marks-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return path.join(folder, 'one.marks')
}

test('whatever is asked and handed on, in any order, and cut off at any byte: only what was asked and not handed on is told as unsent', () => {
  const sends = fc.uniqueArray(fc.record({ key: fc.integer({ min: 1, max: 9 }), left: fc.boolean() }), {
    selector: (each) => each.key,
    maxLength: 9,
  })
  fc.assert(
    fc.property(sends, fc.double({ min: 0, max: 1, noNaN: true }), (wanted, cut) => {
      const file = newFile()
      const marks = createMarkFile()
      marks.open(file)
      const asked = wanted.map((each) => ({ ...each, mark: marks.asking(`page:${each.key}`, 1) }))
      for (const each of asked) if (each.left) each.mark.leaving()
      const text = readFileSync(file, 'utf8')
      marks.close()
      const left = wanted.filter((each) => each.left).map((each) => `page:${each.key}`)
      expect(unsentIn(text)).toEqual(
        wanted.filter((each) => !each.left).map((each) => ({ key: `page:${each.key}`, attempt: 1 })),
      )
      // Of a text that ends in the middle of a line nothing is believed; whole lines are never more than what was written.
      const torn = text.slice(0, Math.floor(text.length * cut))
      if (!torn.endsWith('\n')) expect(unsentIn(torn)).toEqual([])
      else for (const { key } of unsentIn(torn)) expect(torn).not.toContain(`! 1 ${key}\n`)
      expect(unsentIn(text).some((each) => left.includes(each.key))).toBe(false)
    }),
    { numRuns: 300 },
  )
})

test('attempts of one message are told apart', () => {
  expect(unsentIn('? 1 page:a\n? 2 page:a\n! 2 page:a\n')).toEqual([{ key: 'page:a', attempt: 1 }])
})

test('what left once has left, whoever asks again for the same attempt', () => {
  expect(unsentIn('? 1 page:a\n! 1 page:a\n? 1 page:a\n')).toEqual([])
  expect(unsentIn('? 1 page:a\n? 1 page:a\n! 1 page:a\n')).toEqual([])
  expect(unsentIn('? 1 page:a\n? 1 page:a\n')).toEqual([{ key: 'page:a', attempt: 1 }])
})

test('an orderly end leaves nothing behind: what is under way then may leave without a mark', () => {
  const file = newFile()
  const marks = createMarkFile()
  marks.open(file)
  const mark = marks.asking('page:a', 1)
  marks.close()
  mark.leaving()
  expect(readFileSync(file, 'utf8')).toBe('')
})

test.each(['nonsense\n', '? x page:a\n', '? 1 page:a\n\n'])('a file with %j in it says nothing', (text) => {
  expect(unsentIn(`? 1 page:b\n${text}`)).toEqual([])
})

test('it stays small: what is over is forgotten when nothing is under way', () => {
  const file = newFile()
  const marks = createMarkFile()
  marks.open(file)
  const stays = marks.asking('page:stays', 1)
  for (let each = 0; each < 20_000; each += 1) {
    const mark = marks.asking(`page:${each}`, 1)
    mark.leaving()
    mark.over()
  }
  expect(unsentIn(readFileSync(file, 'utf8'))).toEqual([{ key: 'page:stays', attempt: 1 }])
  stays.over()
  stays.over()
  expect(statSync(file).size).toBe(0)
  marks.asking('page:next', 3)
  expect(unsentIn(readFileSync(file, 'utf8'))).toEqual([{ key: 'page:next', attempt: 3 }])
  marks.close()
  expect(() => marks.asking('page:late', 1).leaving()).not.toThrow()
})

test.runIf(process.platform === 'linux')(
  'a disk that is full keeps no message from leaving, and its marks are read by nobody',
  () => {
    const file = newFile()
    symlinkSync('/dev/full', file)
    const marks = createMarkFile()
    marks.open(file)
    const mark = marks.asking('page:a', 1)
    expect(() => {
      mark.leaving()
      mark.over()
      marks.close()
    }).not.toThrow()
    expect(existsSync(file)).toBe(false)
    expect(existsSync('/dev/full')).toBe(true)
  },
)
