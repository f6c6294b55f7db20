// One reader of the journal's end for all streams of this process. It reads only while somebody listens.
import type { Database } from '../../../platform/database/database.ts'
import type { Log } from '../../../platform/log/log.ts'
import { listen } from '../../../platform/work/wake-up.ts'
import { endOfJournal, type Place, type PlacedEntry, readAfter } from '../journal.store.ts'

export type TailListener = (entries: readonly PlacedEntry[]) => void

export interface JournalTail {
  /** Answers the place after which the listener will hear everything. */
  join(listener: TailListener): Promise<Place>
  leave(listener: TailListener): void
  stop(): Promise<void>
}

const batch = 500
// A hint may come before its entry is readable, while an older transaction still runs. So a hint is followed by
// several looks, then by one each second: polling is the truth.
const looksMs = [0, 10, 20, 50, 100, 200, 400, 1_000]

export function createTail(database: Database, log: Log): JournalTail {
  const listeners = new Set<TailListener>()
  let place: Place | null = null
  let begin: Promise<Place> | null = null
  let loop: Promise<void> | null = null
  let ending: Promise<unknown> = Promise.resolve()
  let hints: { stop(): Promise<void> } | null = null
  let look = 0
  let wake: (() => void) | null = null

  const hinted = () => {
    look = 0
    wake?.()
  }

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        wake = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      wake = done
    })

  async function readOn(from: Place): Promise<Place> {
    const entries = await readAfter(database, from, batch)
    const last = entries.at(-1)
    if (last === undefined) return from
    for (const listener of listeners) listener(entries)
    look = 0
    return last.place
  }

  async function run(): Promise<void> {
    while (listeners.size > 0 && place !== null) {
      try {
        const before: Place = place
        place = await readOn(before)
        if (place !== before) continue
      } catch (error) {
        log.warn('The journal cannot be read for live streams; trying again.', { error })
      }
      const waitMs = looksMs[look] ?? 1_000
      look = Math.min(look + 1, looksMs.length - 1)
      await pause(waitMs)
    }
    // Let go of all at once: the next listener starts afresh while the old connection is still closing.
    const old = hints
    place = null
    begin = null
    loop = null
    hints = null
    await old?.stop()
  }

  return {
    join: async (listener) => {
      listeners.add(listener)
      try {
        if (place !== null) return place
        begin ??= endOfJournal(database)
        const end = await begin
        place ??= end
        hints ??= listen(database, log, 'mainstay_journal', hinted)
        if (loop === null) {
          const running = run()
          loop = running
          ending = Promise.all([ending, running])
        }
        return place
      } catch (error) {
        listeners.delete(listener)
        begin = null
        throw error
      }
    },
    leave: (listener) => {
      listeners.delete(listener)
      if (listeners.size === 0) wake?.()
    },
    stop: async () => {
      listeners.clear()
      wake?.()
      await ending
    },
  }
}
