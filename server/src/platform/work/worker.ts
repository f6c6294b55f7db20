// Runs due work: one loop for each lane, claims in batches, renews leases, retries, sets aside.
// A NOTIFY wakes the loops early; polling every second is the truth.
import { AppError } from '../../kernel/app-error.ts'
import type { Database } from '../database/database.ts'
import type { Log } from '../log/log.ts'
import {
  againFenced,
  claimDue,
  type DueRow,
  finishFenced,
  finishWork,
  nextDueIn,
  plantRecurring,
  releaseClaims,
  renewClaims,
  retryLater,
  setAside,
} from './due-work.store.ts'
import { type BoundJob, type Lane, lanes, type Recurring, type Turn } from './job.ts'
import { listenForWork } from './wake-up.ts'

export interface WorkerOptions {
  readonly database: Database
  readonly jobs: readonly BoundJob[]
  readonly recurring?: readonly Recurring[]
  readonly log: Log
  /** Unique for each process. */
  readonly owner: string
  readonly lanes?: readonly Lane[]
  readonly concurrency?: Partial<Record<Lane, number>>
  /** For tests: told of the end of each run. */
  readonly onRun?: (kind: string, outcome: 'done' | 'retry' | 'set-aside' | 'fenced') => void
}

export interface Worker {
  /** Claims and runs until nothing is due; used by tests with a moved clock. */
  drain(): Promise<void>
  start(): Promise<void>
  /** Finishes what runs (10 s at most), gives the rest back. */
  stop(): Promise<void>
}

const pollMs = 1_000
// After a kill -9 the row is free again after one lease: 5 s, plus one poll, stays under the promised 10 s.
const defaultLeaseMs = 5_000
const defaultRetryMs = [1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 120_000, 300_000, 300_000]
const defaultConcurrency: Record<Lane, number> = { page: 16, notify: 8, normal: 8, bulk: 2 }

export function createWorker(options: WorkerOptions): Worker {
  const { database, log, owner } = options
  const byKind = new Map(options.jobs.map((bound) => [bound.job.kind, bound]))
  const everyMs = new Map((options.recurring ?? []).map((each) => [each.job.kind, each.everyMs]))
  const running = new Map<number, { row: DueRow; ended: Promise<void>; leaseMs: number }>()
  const wake = new Set<() => void>()
  let stopping = false

  async function run(row: DueRow): Promise<void> {
    const bound = byKind.get(row.kind)
    if (bound === undefined) return
    let settled = false
    const turn: Turn = {
      id: row.id,
      attempt: row.attempts,
      dueAt: row.dueAt,
      finish: async (tx) => {
        await finishFenced(tx, row)
        settled = true
      },
      again: async (tx, dueAt) => {
        await againFenced(tx, row, dueAt)
        settled = true
      },
    }
    try {
      await bound.handle(row.payload, turn)
      const every = everyMs.get(row.kind)
      if (every !== undefined && !settled) {
        await retryLater(database, { ...row }, every, '')
      } else if (!settled) await finishWork(database, row)
      options.onRun?.(row.kind, 'done')
    } catch (error) {
      await handleFailure(row, bound, error)
    }
  }

  async function handleFailure(row: DueRow, bound: BoundJob, error: unknown): Promise<void> {
    const sentence = error instanceof Error ? error.message : String(error)
    if (error instanceof AppError && error.code === 'work.claim-lost') return options.onRun?.(row.kind, 'fenced')
    const every = everyMs.get(row.kind)
    const waits = bound.job.retryMs ?? defaultRetryMs
    const wait = every ?? waits[row.attempts - 1]
    const canMend = every !== undefined || !(error instanceof AppError) || error.kind === 'unavailable'
    try {
      if (canMend && wait !== undefined) {
        log.warn('A job failed and will be tried again.', { job: row.kind, attempt: row.attempts, waitMs: wait, error })
        await retryLater(database, row, wait, sentence)
        options.onRun?.(row.kind, 'retry')
      } else {
        log.error('A job was set aside; it needs a person.', { job: row.kind, attempt: row.attempts, error })
        await setAside(database, row, sentence)
        options.onRun?.(row.kind, 'set-aside')
      }
    } catch (failure) {
      // The database is away: the lease runs out and some process claims the row again.
      log.warn('The end of a job could not be recorded; it will run again.', { job: row.kind, error: failure })
    }
  }

  async function claimInto(lane: Lane, free: number): Promise<number> {
    const kinds = options.jobs.filter((bound) => bound.job.lane === lane).map((bound) => bound.job.kind)
    if (kinds.length === 0) return 0
    const leaseMs = Math.max(
      defaultLeaseMs,
      ...options.jobs.filter((bound) => bound.job.lane === lane).map((bound) => bound.job.leaseMs ?? 0),
    )
    const rows = await claimDue(database, { lane: lanes[lane], kinds, limit: free, leaseMs, owner })
    for (const row of rows) {
      const ended = run(row).finally(() => running.delete(row.id))
      running.set(row.id, { row, ended, leaseMs })
    }
    return rows.length
  }

  const inLane = (lane: Lane) => [...running.values()].filter((each) => byKind.get(each.row.kind)?.job.lane === lane)

  async function laneLoop(lane: Lane): Promise<void> {
    const limit = options.concurrency?.[lane] ?? defaultConcurrency[lane]
    while (!stopping) {
      let waitMs = pollMs
      try {
        const busy = inLane(lane)
        if (busy.length >= limit) {
          await Promise.race(busy.map((each) => each.ended))
          continue
        }
        const claimed = await claimInto(lane, limit - busy.length)
        if (claimed > 0) continue
        waitMs = Math.min(pollMs, Math.max(5, (await nextDueIn(database, lanes[lane])) ?? pollMs))
      } catch (error) {
        log.warn('Work cannot be claimed; trying again.', { lane, error })
      }
      await pause(waitMs)
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        wake.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      wake.add(done)
    })
  }

  async function renewLoop(): Promise<void> {
    while (!stopping || running.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, defaultLeaseMs / 3))
      const held = [...running.values()]
      if (held.length === 0) continue
      try {
        await renewClaims(
          database,
          held.map((each) => each.row),
          Math.max(...held.map((each) => each.leaseMs)),
        )
      } catch (error) {
        log.warn('Leases could not be renewed.', { count: held.length, error })
      }
    }
  }

  const wakeAll = () => {
    for (const done of [...wake]) done()
  }
  let listener: { stop(): Promise<void> } | undefined
  let loops: Promise<void>[] = []

  return {
    start: async () => {
      for (const each of options.recurring ?? []) await plantRecurring(database, each.job)
      listener = listenForWork(database, log, wakeAll)
      const wanted = options.lanes ?? (Object.keys(lanes) as Lane[])
      loops = wanted.map(laneLoop)
      void renewLoop()
    },
    drain: async () => {
      for (;;) {
        let claimed = 0
        for (const lane of Object.keys(lanes) as Lane[]) claimed += await claimInto(lane, 100)
        await Promise.all([...running.values()].map((each) => each.ended))
        if (claimed === 0) return
      }
    },
    stop: async () => {
      stopping = true
      wakeAll()
      await listener?.stop()
      await Promise.race([
        Promise.all([...loops, ...[...running.values()].map((each) => each.ended)]),
        new Promise((resolve) => setTimeout(resolve, 8_000).unref()),
      ])
      await releaseClaims(database, owner).catch((error: unknown) =>
        log.warn('Claims were left to run out.', { error }),
      )
    },
  }
}
