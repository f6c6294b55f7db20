import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lastLines, logSize, openLog, rotateLog } from './log-file.ts'

function logFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return path.join(folder, 'postgres.log')
}

test('beyond its cap the log starts anew, and an open writer goes on at the new end', () => {
  const file = logFile()
  const writer = openLog(file)
  writeSync(writer, 'x'.repeat(100))
  rotateLog(file, 100)
  expect(logSize(file)).toBe(100)
  writeSync(writer, 'y')
  rotateLog(file, 100)
  writeSync(writer, 'z')
  expect(readFileSync(file, 'utf8')).toBe('z')
  expect(readFileSync(`${file}.1`, 'utf8')).toBe(`${'x'.repeat(100)}y`)
})

test('the last lines are those of this start, without their stamps', () => {
  const file = logFile()
  writeFileSync(file, 'of an earlier start\n')
  const since = logSize(file)
  writeFileSync(
    file,
    '2026-11-21 04:41:19.954 UTC [136] LOG:  starting\n2026-11-21 04:41:19.955 UTC [136] FATAL:  no room\n\n',
    { flag: 'a' },
  )
  expect(lastLines(file, since)).toEqual(['LOG:  starting', 'FATAL:  no room'])
  expect(lastLines(file, since, 1)).toEqual(['FATAL:  no room'])
  expect(lastLines(file, logSize(file))).toEqual([])
})
