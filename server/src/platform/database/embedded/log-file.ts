// PostgreSQL's own log. It is an appended file and no pipe, because the server outlives a killed supervisor.
import { closeSync, copyFileSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs'

const capBytes = 10 * 1024 * 1024
const tailBytes = 4_096

export function openLog(file: string): number {
  return openSync(file, 'a', 0o600)
}

export function logSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Beyond the cap the log becomes `.1` and starts anew: with that the two never take more than twice the cap. */
export function rotateLog(file: string, limitBytes = capBytes): void {
  if (logSize(file) <= limitBytes) return
  // Copied and cut, not renamed: the server holds the file open, and appends wherever its end is.
  try {
    copyFileSync(file, `${file}.1`)
  } catch {
    // The disk is full: then the older half is what can be spared.
    rmSync(`${file}.1`, { force: true })
  }
  truncateSync(file)
}

// Sessions turned away while it started, our own look at it among them, explain nothing.
const turnedAway = /FATAL: {2}the database system is/

/** What was written last since the offset, without time stamps: up to what it died of when it says so. */
export function lastLines(file: string, since: number, count = 4): readonly string[] {
  const size = logSize(file)
  const from = Math.max(since <= size ? since : 0, size - tailBytes)
  if (size <= from) return []
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(size - from)
    const read = readSync(descriptor, buffer, 0, buffer.length, from)
    const lines = buffer
      .subarray(0, read)
      .toString('utf8')
      .split('\n')
      .map((line) => line.replace(/^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] /, '').trim())
      .filter((line) => line !== '' && !turnedAway.test(line))
    // What follows the fatal line only tells how everybody left; its cause often stands just before it.
    const fatal = lines.findLastIndex((line) => /^(FATAL|PANIC):/.test(line))
    return (fatal < 0 ? lines : lines.slice(0, fatal + 1)).slice(-count)
  } finally {
    closeSync(descriptor)
  }
}
