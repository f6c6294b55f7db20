// One look at the log for all who follow documents in this process; it looks only while somebody does.
import { plus } from '../../../kernel/instant.ts'
import type { Database } from '../../../platform/database/database.ts'
import type { Log } from '../../../platform/log/log.ts'
import type { PostmortemStatus } from '../core/index.ts'
import { listStatuses } from '../postmortems.store.ts'
import { findDocument, type HereRow, listHere, listNewUpdates, type UpdateRow } from '../together.store.ts'

/** Nothing was heard from a hand for so long: it is gone. A hand says every 10 s that it is there. */
export const silentMs = 30_000
const batch = 500
const mostHere = 100

export interface Follower {
  readonly updates: (rows: readonly UpdateRow[]) => void
  /** Something before `seq` is gone: the whole document is to be read. */
  readonly reset: (seq: number) => void
  readonly here: (writers: readonly HereRow[]) => void
  /** Null when the postmortem is gone. */
  readonly status: (status: PostmortemStatus | null) => void
}

export interface Following {
  /** Answers the place after which the follower hears everything; null when nobody has begun to write. */
  join(id: string, follower: Follower): Promise<number | null>
  leave(id: string, follower: Follower): void
  /** Something was written here: others need not wait for the next look. */
  wake(id: string): void
  stop(): Promise<void>
}

interface Followed {
  seq: number
  here: string
  status: PostmortemStatus | null
  readonly followers: Set<Follower>
}

/** `lookMs`: what another process wrote is seen this much later at most. */
export function followDocuments(database: Database, log: Log, lookMs = 250): Following {
  const open = new Map<string, Followed>()
  let loop: Promise<void> | null = null
  let ending: Promise<unknown> = Promise.resolve()
  let wake: (() => void) | null = null
  let awake = false

  const pause = () =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        wake = null
        resolve()
      }
      const timer = setTimeout(done, awake ? 0 : lookMs)
      awake = false
      wake = done
    })

  async function look(): Promise<void> {
    const watched = [...open].map(([id, { seq }]) => ({ id, seq }))
    const rows = await listNewUpdates(database, watched, batch)
    for (const [id, followed] of open) {
      const own = rows.filter((row) => row.postmortemId === id && row.seq > followed.seq)
      const last = own.at(-1)
      if (last === undefined) continue
      // Folded away while the database was not to be read, or the document was begun anew.
      const isWhole = own[0]?.seq === followed.seq + 1
      followed.seq = last.seq
      for (const follower of followed.followers)
        if (isWhole) follower.updates(own)
        else follower.reset(last.seq)
    }
    if (rows.length === batch) awake = true
  }

  async function lookAround(): Promise<void> {
    const ids = [...open.keys()]
    const here = await listHere(database, ids, plus(await database.now(), -silentMs), mostHere)
    const statuses = new Map((await listStatuses(database, ids)).map((row) => [row.id, row.status]))
    for (const [id, followed] of open) {
      const own = here.filter((row) => row.postmortemId === id)
      const text = JSON.stringify(own)
      if (text !== followed.here) for (const follower of followed.followers) follower.here(own)
      followed.here = text
      const status = statuses.get(id) ?? null
      if (status !== followed.status) for (const follower of followed.followers) follower.status(status)
      followed.status = status
    }
  }

  async function run(): Promise<void> {
    let failing = false
    for (let round = 0; open.size > 0; round += 1) {
      try {
        await look()
        if (round % 2 === 0) await lookAround()
        failing = false
      } catch (error) {
        // Said once, however long the database is away.
        if (!failing) log.warn('Shared documents cannot be read for those who follow them; trying again.', { error })
        failing = true
      }
      if (open.size > 0) await pause()
    }
    loop = null
  }

  return {
    join: async (id, follower) => {
      const known = open.get(id)
      if (known !== undefined) {
        known.followers.add(follower)
        // So that the newcomer hears who is here and what the status is.
        known.here = ''
        known.status = null
        return known.seq
      }
      const head = await findDocument(database, id)
      if (head === null) return null
      // Somebody else may have joined while this one asked.
      const followed = open.get(id) ?? { seq: head.seq, here: '', status: null, followers: new Set<Follower>() }
      open.set(id, followed)
      followed.followers.add(follower)
      if (loop === null) {
        loop = run()
        ending = Promise.all([ending, loop])
      }
      return followed.seq
    },
    leave: (id, follower) => {
      const followed = open.get(id)
      followed?.followers.delete(follower)
      if (followed?.followers.size === 0) open.delete(id)
      if (open.size === 0) wake?.()
    },
    wake: (id) => {
      if (!open.has(id)) return
      awake = true
      wake?.()
    },
    stop: async () => {
      open.clear()
      wake?.()
      await ending
    },
  }
}
