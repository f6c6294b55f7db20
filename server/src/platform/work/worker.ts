// Runs due work: one loop for each lane, claims in batches, renews leases, retries, sets aside.
// A NOTIFY wakes the loops early; polling every two seconds is the truth.
import { AsyncLocalStorage } from 'node:async_hooks'
import { AppError } from '../../kernel/app-error.ts'
import type { Database } from '../database/database.ts'
import type { Log } from '../log/log.ts'
import { monotonicMs } from '../monotonic.ts'
import { offerToBegin, type ReservedPlace } from './at-once.ts'
import {
  adoptLanes,
  againFenced,
  claimDue,
  type DueRow,
  finishAll,
  finishFenced,
  finishWork,
  longestSleepMs,
  nextInLanes,
  nextTurns,
  plantRecurring,
  releaseClaims,
  renewClaims,
  retryLater,
  setAside,
} from './due-work.store.ts'
import { type BoundJob, type Lane, laneNames, lanes, pageLanes, type Recurring, type Turn } from './job.ts'
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
  /** False while this process must not claim anything: what it did without the database is not written down yet. */
  readonly mayClaim?: () => boolean
  /** For tests: told of the end of each run. */
  readonly onRun?: (kind: string, outcome: 'done' | 'retry' | 'set-aside' | 'fenced') => void
}

export interface Worker {
  /** Claims and runs until nothing is due; used by tests with a moved clock. */
  drain(): Promise<void>
  start(): Promise<void>
  /** Finishes what runs (8 s at most), gives the rest back. */
  stop(): Promise<void>
}

/** One look for all lanes that sleep: a notification may be lost, and a lease run out. */
const pollMs = longestSleepMs
/** A lane looks by itself so often where that look does not come back. */
const aloneMs = 5_000
const heldMs = 250
const lockedMs = 50
// Together below the 10 s in which a process must be gone after SIGTERM; a hung database is not waited for.
const stopWithinMs = 6_500
const giveBackWithinMs = 1_500
// After a kill -9 the row is free again after one lease: 5 s, plus one poll, stays under the promised 10 s.
const defaultLeaseMs = 5_000
const defaultRetryMs = [1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 120_000, 300_000, 300_000]
// A page that failed while the database had trouble does not wait for minutes after it; in all as long as the others.
const pageRetryMs = [1_000, 2_000, ...Array.from({ length: 160 }, () => 5_000)]
// Where nobody waits for one, what comes meanwhile is claimed together: each look costs as much as it may find.
const restMs: Partial<Record<Lane, number>> = { notify: 100, normal: 100, bulk: 100, letters: 100 }
// Nor does it begin beside the page that the same commit brings: that one goes first.
const giveWayMs = 25
/** So long a recurring turn that went well waits for others that began with it: their ends are one statement. */
const endTogetherMs = 20
const defaultConcurrency: Record<Lane, number> = {
  page: 16,
  notify: 8,
  normal: 8,
  bulk: 2,
  webhook: 8,
  mail: 16,
  chat: 16,
  outside: 8,
  letters: 4,
  hooks: 8,
}

export function createWorker(options: WorkerOptions): Worker {
  const { database, log, owner } = options
  const byKind = new Map(options.jobs.map((bound) => [bound.job.kind, bound]))
  const everyMs = new Map((options.recurring ?? []).map((each) => [each.job.kind, each.everyMs]))
  // Rows of one run share its end.
  const running = new Map<number, { row: DueRow; ended: Promise<void> }>()
  const wake = new Map<Lane, () => void>()
  /** Called while they were about to look: what they find may be older than what they were called for. */
  const called = new Set<Lane>()
  /** Places of what transactions under way have written as claimed: they end with them. */
  const reserved = new Map<symbol, { readonly kind: string; readonly ended: Promise<void> }>()
  // What a commit begins is not done on behalf of whoever committed.
  const outside = AsyncLocalStorage.snapshot()
  let stopping = false

  async function run(row: DueRow): Promise<void> {
    const bound = byKind.get(row.kind)
    if (bound === undefined) return
    let settled = false
    let every = everyMs.get(row.kind)
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
      rest: (ms) => {
        if (every !== undefined) every = ms
      },
    }
    try {
      await bound.handle(row.payload, turn)
      const held = settled || (await (every === undefined ? finishWork(database, row) : comeAgain(row, every)))
      options.onRun?.(row.kind, held ? 'done' : 'fenced')
    } catch (error) {
      await handleFailure(row, bound, error)
    }
  }

  const ending: { readonly row: DueRow; readonly waitMs: number; readonly settle: (held: Promise<boolean>) => void }[] =
    []
  let endingSoon: NodeJS.Timeout | undefined
  function endTogether(): void {
    clearTimeout(endingSoon)
    endingSoon = undefined
    const turns = ending.splice(0)
    const moved = nextTurns(
      database,
      turns.map(({ row, waitMs }) => ({ id: row.id, claim: row.claim, waitMs })),
    )
    for (const { row, settle } of turns) settle(moved.then((held) => held.has(row.id)))
  }
  /** False when the claim is lost. */
  function comeAgain(row: DueRow, waitMs: number): Promise<boolean> {
    return new Promise((settle) => {
      ending.push({ row, waitMs, settle })
      // Nobody else runs: nothing to wait for.
      if (ending.length === running.size) endTogether()
      else endingSoon ??= setTimeout(endTogether, endTogetherMs)
    })
  }

  /** Of one kind. */
  async function runAll(rows: readonly DueRow[]): Promise<void> {
    const [first] = rows
    const together = first === undefined ? undefined : byKind.get(first.kind)?.together
    if (together === undefined || rows.length === 1) {
      await Promise.all(rows.map(run))
      return
    }
    try {
      await together.handle(rows.map((row) => row.payload))
      const held = await finishAll(database, rows)
      for (const row of rows) options.onRun?.(row.kind, held.has(row.id) ? 'done' : 'fenced')
    } catch (error) {
      log.warn('Work failed together; each is tried alone.', { job: first?.kind, rows: rows.length, error })
      for (const row of rows) await run(row)
    }
  }

  async function handleFailure(row: DueRow, bound: BoundJob, error: unknown): Promise<void> {
    const sentence = error instanceof Error ? error.message : String(error)
    if (error instanceof AppError && error.code === 'work.claim-lost') return options.onRun?.(row.kind, 'fenced')
    const every = everyMs.get(row.kind)
    const waits = bound.job.retryMs ?? (pageLanes.includes(bound.job.lane) ? pageRetryMs : defaultRetryMs)
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

  /** Of what is run together one run is under way at a time: much of it delays nothing else. */
  const kindsOf = (lane: Lane) =>
    options.jobs
      .filter(({ job, together }) => job.lane === lane && (together === undefined || !isUnderWay(job.kind)))
      .map(({ job }) => job.kind)
  const isUnderWay = (kind: string) =>
    [...running.values()].some(({ row }) => row.kind === kind) ||
    [...reserved.values()].some((place) => place.kind === kind)
  const allKinds = options.jobs.map(({ job }) => job.kind)
  const leaseOf = (kind: string) => byKind.get(kind)?.job.leaseMs ?? defaultLeaseMs
  /** Those that are not as usual. */
  const leasesMs = (kinds: readonly string[]) =>
    Object.fromEntries(
      kinds.flatMap((kind) => (leaseOf(kind) === defaultLeaseMs ? [] : [[kind, leaseOf(kind)] as const])),
    )

  async function claimInto(
    lane: Lane,
    free: number,
  ): Promise<{ readonly count: number; readonly nextMs: number | null }> {
    const kinds = kindsOf(lane)
    if (kinds.length === 0) return { count: 0, nextMs: null }
    const request = { lane: lanes[lane], leaseMs: defaultLeaseMs, leasesMs: leasesMs(kinds), owner }
    const { rows, nextMs } = await claimDue(database, { ...request, kinds, limit: free })
    const shared = new Map<string, DueRow[]>()
    for (const row of rows) {
      if (byKind.get(row.kind)?.together === undefined) begin([row])
      else shared.set(row.kind, [...(shared.get(row.kind) ?? []), row])
    }
    for (const [kind, some] of shared) {
      const atOnce = byKind.get(kind)?.together?.atOnce ?? 1
      // Where two are due there may be many.
      if (some.length >= 2 && some.length < atOnce) some.push(...(await moreOf(request, kind, atOnce - some.length)))
      for (let from = 0; from < some.length; from += atOnce) begin(some.slice(from, from + atOnce), lane)
    }
    return { count: rows.length, nextMs }
  }

  /** What was claimed before is begun whatever becomes of this. */
  async function moreOf(
    request: Omit<Parameters<typeof claimDue>[1], 'kinds' | 'limit'>,
    kind: string,
    limit: number,
  ): Promise<readonly DueRow[]> {
    try {
      return (await claimDue(database, { ...request, kinds: [kind], limit })).rows
    } catch (error) {
      log.warn('More of the same work cannot be claimed.', { job: kind, error })
      return []
    }
  }

  function begin(rows: readonly DueRow[], lane?: Lane): void {
    const ended = runAll(rows).finally(() => {
      for (const row of rows) running.delete(row.id)
      // More of it may be due by now.
      if (lane !== undefined) wakeLanes(new Set([lanes[lane]]))
    })
    for (const row of rows) running.set(row.id, { row, ended })
  }

  /** Ends of the runs of a lane; several rows may be one run. */
  const inLane = (lane: Lane) => [
    ...new Set(
      [...running.values()].filter((each) => byKind.get(each.row.kind)?.job.lane === lane).map((each) => each.ended),
    ),
  ]

  const limitOf = (lane: Lane) => options.concurrency?.[lane] ?? defaultConcurrency[lane]
  const placesIn = (lane: Lane) =>
    [...reserved.values()].filter(({ kind }) => byKind.get(kind)?.job.lane === lane).map(({ ended }) => ended)

  function reserve(kind: string): ReservedPlace | null {
    const bound = byKind.get(kind)
    if (bound === undefined || stopping || options.mayClaim?.() === false) return null
    const { lane } = bound.job
    if (options.lanes?.includes(lane) === false || (bound.together !== undefined && isUnderWay(kind))) return null
    if (inLane(lane).length + placesIn(lane).length >= limitOf(lane)) return null
    const place = Symbol(kind)
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    reserved.set(place, { kind, ended })
    const release = () => {
      reserved.delete(place)
      end()
      // More of it may have become due, and was left for this one.
      if (bound.together !== undefined) wakeLanes(new Set([lanes[lane]]))
    }
    return {
      ...{ owner, leaseMs: leaseOf(kind), release },
      begin: (row) => {
        outside(() => begin([row], bound.together === undefined ? undefined : lane))
        release()
      },
    }
  }

  async function laneLoop(lane: Lane): Promise<void> {
    const limit = limitOf(lane)
    let restUntil = 0
    while (!stopping) {
      let waitMs: number = pollMs
      const early = restUntil - monotonicMs()
      if (early > 0) {
        await pause(lane, early)
        continue
      }
      if (options.mayClaim?.() === false) {
        await pause(lane, heldMs)
        continue
      }
      called.delete(lane)
      try {
        const busy = [...inLane(lane), ...placesIn(lane)]
        if (busy.length >= limit) {
          await Promise.race(busy)
          continue
        }
        const free = limit - busy.length
        // Fewer than asked for is all there was.
        const { count, nextMs } = await claimInto(lane, free)
        if (count >= free) continue
        // What is due and cannot be claimed is locked by somebody who is just at it.
        waitMs = nextMs === 0 && count === 0 ? lockedMs : Math.min(aloneMs, Math.max(5, nextMs ?? aloneMs))
        restUntil = monotonicMs() + (restMs[lane] ?? 0)
      } catch (error) {
        log.warn('Work cannot be claimed; trying again.', { lane, error })
      }
      // Nothing will be due soon: while the look that all lanes share comes back, it says when that changes.
      const left = waitMs === aloneMs
      while (!(await pause(lane, waitMs)) && left && !stopping && monotonicMs() - lookedAt < 2 * pollMs);
    }
  }

  /** True when it was woken. */
  function pause(lane: Lane, ms: number): Promise<boolean> {
    if (called.delete(lane)) return Promise.resolve(true)
    return new Promise((resolve) => {
      const end = (woken: boolean) => {
        clearTimeout(timer)
        wake.delete(lane)
        resolve(woken)
      }
      const timer = setTimeout(end, ms, false)
      wake.set(lane, () => end(true))
    })
  }

  // Each row keeps the lease of its own kind: one slow bulk job must not make a dead process's pages wait for it.
  async function renew(): Promise<void> {
    const rows = [...running.values()].map((each) => each.row)
    for (const leaseMs of new Set(rows.map((row) => leaseOf(row.kind)))) {
      const held = rows.filter((row) => leaseOf(row.kind) === leaseMs)
      try {
        await renewClaims(database, held, leaseMs)
      } catch (error) {
        log.warn('Leases could not be renewed.', { count: held.length, error })
      }
    }
  }

  function renewEveryThird(): { stop(): void } {
    let renewing = false
    const timer = setInterval(async () => {
      if (renewing || running.size === 0) return
      renewing = true
      await renew()
      renewing = false
    }, defaultLeaseMs / 3)
    return { stop: () => clearInterval(timer) }
  }

  let isLooking = false
  /** When the last look that came back was asked. */
  let lookedAt = Number.NEGATIVE_INFINITY
  async function look(wanted: readonly Lane[]): Promise<void> {
    const asleep = wanted.filter((lane) => wake.has(lane))
    if (isLooking || asleep.length === 0 || options.mayClaim?.() === false) return
    isLooking = true
    const askedAt = monotonicMs()
    try {
      const numbers = asleep.map((lane) => lanes[lane])
      for (const { lane, ms } of await nextInLanes(database, numbers, allKinds)) {
        const wakeIt = () => wakeLanes(new Set([lane]))
        if (ms <= 0) wakeIt()
        else if (ms < pollMs) setTimeout(wakeIt, ms).unref()
      }
      lookedAt = askedAt
    } catch (error) {
      log.warn('What is due cannot be looked for; each lane looks by itself.', { error })
      wakeLanes(null)
    } finally {
      isLooking = false
    }
  }

  // A lane that has nothing new is left alone: each look of its own is a statement.
  const wakeLanes = (numbers: ReadonlySet<number> | null) => {
    for (const lane of laneNames) {
      if (numbers !== null && !numbers.has(lanes[lane])) continue
      const done = wake.get(lane)
      if (done === undefined) called.add(lane)
      else done()
    }
  }
  const givingWay = new Set<number>()
  const hear = (numbers: ReadonlySet<number> | null) => {
    const patient = laneNames.filter((lane) => restMs[lane] !== undefined && numbers?.has(lanes[lane]) === true)
    const later = patient.map((lane) => lanes[lane]).filter((lane) => !givingWay.has(lane))
    for (const lane of later) givingWay.add(lane)
    if (later.length > 0)
      setTimeout(() => {
        for (const lane of later) givingWay.delete(lane)
        wakeLanes(new Set(later))
      }, giveWayMs).unref()
    wakeLanes(numbers === null ? null : new Set([...numbers].filter((lane) => !givingWay.has(lane))))
  }
  let listener: { stop(): Promise<void> } | undefined
  let renewal: { stop(): void } | undefined
  let looks: NodeJS.Timeout | undefined
  let withdraw: (() => void) | undefined
  let loops: Promise<void>[] = []

  return {
    start: async () => {
      for (const each of options.recurring ?? []) await plantRecurring(database, each.job)
      await adoptLanes(
        database,
        options.jobs.map(({ job }) => job),
      ).catch((error: unknown) => log.warn('Rows of an earlier version stay in their lanes.', { error }))
      listener = listenForWork(database, log, hear)
      withdraw = offerToBegin(database.home, { reserve })
      const wanted = options.lanes ?? laneNames
      loops = wanted.map(laneLoop)
      looks = setInterval(() => void look(wanted), pollMs)
      renewal = renewEveryThird()
    },
    drain: async () => {
      for (;;) {
        let claimed = 0
        for (const lane of laneNames) claimed += (await claimInto(lane, 100)).count
        await Promise.all([...running.values()].map((each) => each.ended))
        if (claimed === 0) return
      }
    },
    stop: async () => {
      stopping = true
      withdraw?.()
      clearInterval(looks)
      wakeLanes(null)
      // The loops first: one of them may just be claiming, and what it claims must end or be given back too.
      const begun = [...reserved.values()].map((place) => place.ended)
      const ended = Promise.all([listener?.stop(), ...loops, ...begun]).then(() =>
        Promise.all([...running.values()].map((each) => each.ended)),
      )
      await within(stopWithinMs, ended)
      renewal?.stop()
      await within(
        giveBackWithinMs,
        releaseClaims(database, owner).catch((error: unknown) => log.warn('Claims were left to run out.', { error })),
      )
    },
  }
}

/** Resolves when the work ends, at the latest after so many milliseconds. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work.then(() => undefined), late])
  clearTimeout(timer)
}
