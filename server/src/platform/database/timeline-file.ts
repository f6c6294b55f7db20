// The newest timeline this host has worked on, in the data folder: a restart must not forget that a primary is a former one.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Timeline, TimelineMemory } from './primary.ts'

export const timelineFile = 'database-timeline.json'

export function timelineMemoryIn(dataFolder: string): TimelineMemory {
  const file = path.join(dataFolder, timelineFile)
  return {
    read: () => {
      try {
        return timelineOf(JSON.parse(readFileSync(file, 'utf8')))
      } catch {
        // None yet, or half of one after a power cut: the servers are asked, and the newest of them is taken.
        return null
      }
    },
    write: (newest) => {
      mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
      const fresh = `${file}.new`
      writeFileSync(fresh, `${JSON.stringify(newest)}\n`, { mode: 0o600 })
      renameSync(fresh, file)
    },
  }
}

function timelineOf(value: unknown): Timeline | null {
  if (typeof value !== 'object' || value === null || !('system' in value) || !('timeline' in value)) return null
  const { system, timeline } = value
  return typeof system === 'string' && typeof timeline === 'number' ? { system, timeline } : null
}
