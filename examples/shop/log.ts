// Structured logs: the last lines in memory, and in a file when a folder is named. Nothing on the console.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type Level = 'debug' | 'info' | 'warn' | 'error'

export interface Log {
  write(level: Level, message: string, facts?: Readonly<Record<string, unknown>>): void
  /** The newest lines, oldest first. */
  recent(): readonly string[]
}

const keptLines = 300
// Two files of 1 MiB for each service: a forgotten demo does not fill a disk.
const fileLimitBytes = 1_048_576

export function openLog(service: string, release: string, folder: string | null): Log {
  const lines: string[] = []
  const file = folder === null ? null : openFile(folder, service)
  return {
    write(level, message, facts = {}) {
      const line = JSON.stringify({
        time: new Date().toISOString(),
        level,
        service,
        version: release,
        message,
        ...facts,
      })
      lines.push(line)
      if (lines.length > keptLines) lines.shift()
      file?.append(`${line}\n`)
    },
    recent: () => [...lines],
  }
}

function openFile(folder: string, service: string): { append(text: string): void } {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${service}.log`)
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return {
    append(text) {
      if (size > fileLimitBytes) {
        renameSync(path, `${path}.1`)
        size = 0
      }
      appendFileSync(path, text)
      size += Buffer.byteLength(text)
    },
  }
}
