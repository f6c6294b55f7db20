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

test('the last words are those of this start, without their stamps', () => {
  const file = logFile()
  writeFileSync(file, 'of an earlier start\n')
  const since = logSize(file)
  const stamp = '2026-11-21 04:41:19.954 UTC [136] '
  writeFileSync(file, `${stamp}LOG:  starting\n${stamp}LOG:  listening\n\n`, { flag: 'a' })
  expect(lastLines(file, since)).toEqual(['LOG:  starting', 'LOG:  listening'])
  expect(lastLines(file, since, 1)).toEqual(['LOG:  listening'])
  expect(lastLines(file, logSize(file))).toEqual([])
})

test('they end with what it died of', () => {
  const file = logFile()
  const lines = [
    'LOG:  invalid value',
    'FATAL:  the database system is starting up',
    'FATAL:  errors in the file',
    'LOG:  database system is shut down',
  ]
  writeFileSync(file, lines.join('\n'))
  expect(lastLines(file, 0)).toEqual(['LOG:  invalid value', 'FATAL:  errors in the file'])
})
