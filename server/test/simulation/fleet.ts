// Several server processes on one database: each with its own clock, its own workers and its own end. What a process has
// planned dies with it (kill), waits for it (pause), or is given back (deploy). Mirrors platform/work/worker.ts and the
// sending half of notifications/usecases/deliver-message.ts.
import { minute } from '../../src/kernel/duration.ts'
import { instant } from '../../src/kernel/instant.ts'
import type { Providers } from './outside/providers.ts'
import { type Database, DatabaseAway, Refused, type Tx } from './product/database.ts'
import { beginWriting, type Claimed, claim, noteTaken } from './product/delivering.ts'
import { nextFind, runJob } from './product/jobs.ts'
import { recordOutcome } from './product/outcomes.ts'
import type { House } from './product/paging.ts'
import type { Outcome, WorkKind, WorkRow } from './product/rows.ts'
import {
  anyDue,
  claimDue,
  finishWork,
  nextDueAt,
  nextTurn,
  plantRecurring,
  recurring,
  renewClaim,
  retryLater,
  retryWait,
  setAside,
} from './product/work.ts'
import type { Random } from './random.ts'
import type { Rules } from './rules.ts'
import type { Timeline } from './timeline.ts'

export interface FleetNeeds {
  readonly timeline: Timeline
  readonly database: Database
  readonly random: Random
  readonly rules: Rules
  readonly house: House
  readonly providers: Providers
  readonly processes: number
  readonly hintLost: () => boolean
  /** For how long a process stands still before its next step; mostly 0. */
  readonly collection: () => number
  /** For how long it stands still between the first byte of a message and the answer; mostly 0. */
  readonly held: () => number
  /** Largest error of a process's clock. */
  readonly skewMs: number
}

// Workers of the lanes page and notify.
const limits = [16, 8] as const
const lanes = limits.length
const attemptMs = 8_000
const requestTimeoutMs = 10_000
const recordAgainMs = 250
/** Channels whose yes comes with a place in a conversation: it is written down with the rest. */
const answersWithPlace: ReadonlySet<string> = new Set(['ntfy'])

export type Reply<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'failed' }

class Process {
  readonly name: string
  readonly skewMs: number
  readonly phase: number
  up = false
  draining = false
  epoch = 0
  pausedAt: number | null = null
  pauses = 0
  backlog: (() => void)[] = []
  readonly looks: ({ at: number; cancel: () => void } | null)[] = []
  readonly running: Map<number, WorkRow>[] = []

  constructor(name: string, skewMs: number, phase: number) {
    this.name = name
    this.skewMs = skewMs
    this.phase = phase
    for (let lane = 0; lane < lanes; lane += 1) {
      this.looks.push(null)
      this.running.push(new Map())
    }
  }
}

export class Fleet {
  readonly processes: readonly Process[]
  private readonly needs: FleetNeeds

  constructor(needs: FleetNeeds) {
    this.needs = needs
    const { random, skewMs } = needs
    this.processes = Array.from(
      { length: needs.processes },
      (_, index) => new Process(`p${index}`, random.whole(-skewMs, skewMs), random.whole(0, 999)),
    )
  }

  start(process: Process): void {
    process.up = true
    process.draining = false
    process.pausedAt = null
    this.soon(process, this.needs.random.whole(300, 1_500), () => {
      this.plant(process)
      for (let lane = 0; lane < lanes; lane += 1) this.look(process, lane)
    })
  }

  kill(process: Process): void {
    process.up = false
    process.epoch += 1
    process.backlog = []
    process.pausedAt = null
    for (const running of process.running) running.clear()
    for (const [lane, look] of process.looks.entries()) {
      look?.cancel()
      process.looks[lane] = null
    }
  }

  /** Stops as SIGTERM makes it stop: claims nothing more, gives back what it still holds, and is gone at the latest then. */
  drain(process: Process, graceMs: number): void {
    const { epoch } = process
    process.draining = true
    this.needs.timeline.after(graceMs, () => {
      if (process.epoch !== epoch) return
      if (process.pausedAt === null)
        this.attempt(process, (tx) => {
          for (const row of tx.db.work.filter((each) => each.claimedBy === process.name))
            tx.db.work.put(String(row.id), { ...row, claim: null, claimedBy: null, claimedUntil: null })
          for (let lane = 0; lane < lanes; lane += 1) tx.hint(tx.now, lane)
        })
      this.kill(process)
    })
  }

  pause(process: Process, forMs: number): void {
    if (process.pausedAt !== null || !process.up) return
    process.pausedAt = this.needs.timeline.now
    process.pauses += 1
    const { epoch } = process
    this.needs.timeline.after(forMs, () => {
      if (process.epoch !== epoch) return
      process.pausedAt = null
      const waiting = process.backlog
      process.backlog = []
      for (const run of waiting) if (process.epoch === epoch) run()
    })
  }

  /** A commit has told the workers; a lost hint leaves it to their polling. */
  hinted(dueAt: number, lane: number, lost: boolean): void {
    const { timeline, random, rules, hintLost } = this.needs
    for (const process of this.processes) {
      if (!process.up) continue
      if (!lost && !hintLost()) this.lookAt(process, lane, Math.max(dueAt, timeline.now + random.whole(5, 40)))
      else if (Number.isFinite(rules.pollMs)) {
        const poll = timeline.now + rules.pollMs - ((timeline.now - process.phase) % rules.pollMs)
        this.lookAt(process, lane, Math.max(dueAt, poll))
      }
    }
  }

  /** Rows may have changed without a hint: the next look of every worker finds them. */
  changed(): void {
    for (let lane = 0; lane < lanes; lane += 1) this.hinted(this.needs.timeline.now, lane, true)
  }

  /** A request over HTTP, to any process that answers. */
  request<T>(work: (tx: Tx) => T, reply: (reply: Reply<T>) => void): void {
    const { timeline, random, rules } = this.needs
    let answered = false
    const answer = (with_: Reply<T>) => {
      if (answered) return
      answered = true
      reply(with_)
    }
    const up = this.processes.filter((each) => each.up)
    if (up.length === 0) {
      timeline.after(1_000, () => answer({ kind: 'failed' }))
      return
    }
    const process = random.pick(up)
    timeline.after(requestTimeoutMs, () => answer({ kind: 'failed' }))
    this.soon(process, random.whole(2, 30), () => {
      const result = this.attempt(process, work)
      const told: Reply<T> =
        result.kind === 'failed' && rules.accepts('failed') ? { kind: 'done', value: undefined as T } : result
      this.soon(process, random.whole(1, 20), () => answer(told))
    })
  }

  private attempt<T>(process: Process, work: (tx: Tx) => T): Reply<T> {
    try {
      return { kind: 'done', value: this.transaction(process, work) }
    } catch (error) {
      if (error instanceof DatabaseAway) return { kind: 'failed' }
      if (error instanceof Refused) return { kind: 'refused', code: error.code }
      throw error
    }
  }

  private transaction<T>(process: Process, work: (tx: Tx) => T): T {
    return this.needs.database.transaction(this.needs.timeline.now + process.skewMs, work)
  }

  private plant(process: Process): void {
    const planted = this.attempt(process, (tx) => {
      for (const kind of Object.keys(recurring) as WorkKind[]) plantRecurring(tx, kind, tx.now)
    })
    if (planted.kind === 'failed') this.soon(process, 1_000, () => this.plant(process))
  }

  /** Runs later in this process: never after its end, and not while it is paused. */
  private soon(process: Process, delayMs: number, run: () => void): { cancel(): void } {
    const { epoch } = process
    return this.needs.timeline.after(delayMs, () => {
      if (process.epoch !== epoch) return
      const stallMs = process.pausedAt === null ? this.needs.collection() : 0
      if (stallMs > 0) this.pause(process, stallMs)
      if (process.pausedAt !== null) process.backlog.push(run)
      else run()
    })
  }

  private lookAt(process: Process, lane: number, at: number): void {
    const planned = process.looks[lane]
    if (planned != null && planned.at <= at) return
    planned?.cancel()
    const { cancel } = this.soon(process, at - this.needs.timeline.now, () => {
      process.looks[lane] = null
      this.look(process, lane)
    })
    process.looks[lane] = { at, cancel }
  }

  private look(process: Process, lane: number): void {
    const { timeline, random, rules } = this.needs
    const running = process.running[lane]
    const limit = limits[lane]
    if (running === undefined || limit === undefined || process.draining) return
    // A worker that ends looks again.
    if (running.size >= limit) return
    const { tables: db, up } = this.needs.database
    const later = timeline.now + (Number.isFinite(rules.pollMs) ? rules.pollMs : 5_000)
    if (!up) return void this.lookAt(process, lane, later)
    const now = this.needs.database.clock(timeline.now + process.skewMs)
    if (!anyDue({ db, rules, now }, lane)) {
      const next = nextDueAt({ db }, lane)
      if (next !== null) this.lookAt(process, lane, Math.max(timeline.now + 5, next))
      return
    }
    let found: { rows: readonly WorkRow[]; next: number | null }
    try {
      found = this.transaction(process, (tx) => {
        const rows = claimDue(tx, lane, process.name, limit - running.size)
        return { rows, next: nextDueAt(tx, lane) }
      })
    } catch (error) {
      if (!(error instanceof DatabaseAway)) throw error
      return void this.lookAt(process, lane, later)
    }
    for (const row of found.rows) {
      running.set(row.id, row)
      this.soon(process, random.whole(0, 4), () => this.run(process, row))
    }
    if (found.next !== null) this.lookAt(process, lane, Math.max(timeline.now + 5, found.next))
  }

  private run(process: Process, row: WorkRow): void {
    if (row.kind === 'deliver' || row.kind === 'deliver-notice') return void this.deliver(process, row)
    const { house } = this.needs
    const result = this.attempt(process, (tx) => runJob(tx, house, row))
    this.soon(process, this.needs.random.whole(1, 8), () => this.end(process, row, result))
  }

  private end(process: Process, row: WorkRow, result: Reply<unknown>): void {
    const { timeline } = this.needs
    const every = recurring[row.kind]
    try {
      this.transaction(process, (tx) => {
        if (result.kind === 'done' && every === undefined) return finishWork(tx, row)
        if (result.kind === 'done') return retryLater(tx, row, nextTurn(tx, row.kind, nextFind(tx, row.kind)), true)
        const wait = retryWait(row.kind, row.attempts)
        if (wait === null || (result.kind === 'refused' && every === undefined)) return setAside(tx, row)
        retryLater(tx, row, instant(tx.now + wait), false)
      })
    } catch (error) {
      // The lease runs out and some process claims the row again.
      if (!(error instanceof DatabaseAway)) throw error
    }
    process.running[row.lane]?.delete(row.id)
    this.lookAt(process, row.lane, timeline.now + 1)
  }

  private deliver(process: Process, row: WorkRow): void {
    const { random } = this.needs
    const result = this.attempt(process, (tx) => claim(tx, row.subject))
    if (result.kind !== 'done' || result.value === null) {
      this.soon(process, random.whole(1, 8), () => this.end(process, row, result))
      return
    }
    const claimed = result.value
    this.renewWhile(process, row)
    this.send(process, claimed, (outcome) => {
      this.soon(process, random.whole(1, 8), () => {
        const { key, kind } = claimed.row
        const { attempt, alerts } = claimed
        const record = () => {
          this.keepTrying(
            process,
            (tx) => recordOutcome(tx, { key, attempt, alerts }, outcome),
            (recorded) => this.soon(process, random.whole(1, 8), () => this.end(process, row, recorded)),
          )
        }
        if (outcome.kind !== 'accepted' || answersWithPlace.has(kind)) return record()
        this.keepTrying(
          process,
          (tx) => noteTaken(tx, key, attempt),
          () => this.soon(process, random.whole(1, 4), record),
        )
      })
    })
  }

  /** What was learnt of a message is known to this process alone, so it asks again when the database is away. */
  private keepTrying(
    process: Process,
    work: (tx: Tx) => unknown,
    ended: (reply: Reply<unknown>) => void,
    tried = 0,
  ): void {
    const reply = this.attempt(process, work)
    if (reply.kind !== 'failed' || tried >= this.needs.rules.recordTries) ended(reply)
    else this.soon(process, recordAgainMs, () => this.keepTrying(process, work, ended, tried + 1))
  }

  private send(process: Process, claimed: Claimed, ended: (outcome: Outcome) => void): void {
    const { timeline, random, rules, providers, held } = this.needs
    const { row, attempt } = claimed
    if (!claimed.reachable) return void ended({ kind: 'rejected', because: 'The contact was removed or is disabled.' })
    let [open, begun] = [true, false]
    const once = (outcome: Outcome) => {
      if (!open) return
      open = false
      ended(outcome)
    }
    this.soon(process, attemptMs, () => {
      const because = 'No answer within eight seconds.'
      once(begun ? { kind: 'lost', because } : rules.ownFailure(because))
    })
    const connection = providers.connect(row)
    this.soon(process, connection.delayMs, () => {
      if (!open) return
      if (connection.refused !== null) return once(connection.refused)
      const asked = this.attempt(process, (tx) => beginWriting(tx, row.key, attempt))
      if (asked.kind !== 'done') return once(rules.ownFailure('The database does not answer.'))
      if (asked.value !== null) return once({ kind: 'refused', because: asked.value })
      begun = true
      const { pauses } = process
      const checkedAt = timeline.now
      this.soon(process, random.whole(0, 15), () => {
        if (!open) return
        const written = {
          row,
          attempt,
          key: rules.sentKey(row.key, attempt),
          alerts: claimed.alerts,
          claimedAt: claimed.at,
          checkedAt,
          // A process that stood still between its last look and its first byte could not know better.
          stoodStill: process.pauses !== pauses,
        }
        const answer = providers.write(written)
        const heldMs = held()
        if (heldMs > 0) this.pause(process, heldMs)
        if (answer === null) return
        this.soon(process, answer.delayMs, () => {
          if (open && answer.outcome.kind === 'accepted') providers.told(written)
          once(answer.outcome)
        })
      })
    })
  }

  /** The lease is renewed while the handler runs, every third of it. */
  private renewWhile(process: Process, row: WorkRow): void {
    const { rules } = this.needs
    this.soon(process, Math.min(rules.workLeaseMs, minute) / 3, () => {
      if (!process.running[row.lane]?.has(row.id)) return
      this.attempt(process, (tx) => renewClaim(tx, row))
      this.renewWhile(process, row)
    })
  }
}

export type { Process }
