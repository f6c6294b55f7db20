// Each host looks every other second whether the database still has what it has seen. It belongs to no room: what was lost
// may be of any.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { Gauge, type Registry } from 'prom-client'
import { instant } from '../../kernel/instant.ts'
import { isAwayRefusal } from '../../platform/database/away.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { historyLost } from './history.contract.ts'
import { lookForLoss, type Seen, type SeenMemory } from './lost-history.ts'

const everyMs = 2_000

/** It remembers beside the lifeboat's folder, in the data folder; without one (null) as long as the process lives. */
export function historyRoom(needs: Needs, lifeboat: string | null, registry: Registry): Room {
  const memory = lifeboat === null ? inMemory() : seenMemoryIn(path.dirname(lifeboat))
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | null = null
  new Gauge({
    name: 'mainstay_history_lost_entries',
    help: 'Journal entries this process has seen and the database no longer has, since it was started.',
    registers: [registry],
    collect() {
      this.set(lost)
    },
  })
  const look = async () => {
    try {
      lost += await lookForLoss(needs, memory, hostname())
    } catch (error) {
      // While the database is away there is nothing to compare; whatever it has lost is seen when it is back.
      if (!isAwayRefusal(error)) needs.log.warn('Whether history was lost cannot be said now.', { error })
    }
  }
  return {
    name: 'history',
    events: [historyLost],
    start: async () => {
      // What a backup lacks is said before anybody is paged from it.
      await look()
      timer = setInterval(() => {
        looking ??= look().finally(() => {
          looking = null
        })
      }, everyMs)
      timer.unref()
    },
    stop: async () => {
      clearInterval(timer)
      await looking
    },
  }
}

function inMemory(): SeenMemory {
  let known: Seen | null = null
  return {
    read: () => known,
    write: (seen) => {
      known = seen
    },
  }
}

export const seenFile = 'journal-seen.json'

/** Also a restart, and a backup that is put back meanwhile, must not forget. */
export function seenMemoryIn(folder: string): SeenMemory {
  const file = path.join(folder, seenFile)
  const memory = inMemory()
  let isRead = false
  return {
    read: () => {
      if (!isRead) {
        isRead = true
        const seen = load(file)
        if (seen !== null) memory.write(seen)
      }
      return memory.read()
    },
    write: (seen) => {
      isRead = true
      if (memory.read()?.mark === seen.mark) return
      memory.write(seen)
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeFileSync(`${file}.new`, `${JSON.stringify(seen)}\n`, { mode: 0o600 })
        renameSync(`${file}.new`, file)
      } catch {
        // A full disk: it is remembered as long as the process lives.
      }
    },
  }
}

function load(file: string): Seen | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null) return null
    if (!('origin' in value) || !('size' in value) || !('mark' in value) || !('at' in value)) return null
    const { origin, size, mark, at } = value
    if (typeof origin !== 'string' || typeof size !== 'number' || typeof mark !== 'string' || typeof at !== 'number')
      return null
    return { origin, size, mark, at: instant(at) }
  } catch {
    return null
  }
}
