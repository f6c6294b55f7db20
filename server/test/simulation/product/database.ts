// A model of PostgreSQL as far as the product leans on it: transactions that commit, abort or end in doubt, a clock of
// its own, an outage, a failover that may lose the last commits, a restore. A transaction is one instant: the product
// takes row locks before it decides, so what the model leaves out is waiting, not another order of effects.
import { type Instant, instant } from '../../../src/kernel/instant.ts'
import type { Rules } from '../rules.ts'
import { Table, type Undo } from '../table.ts'
import type { Timeline } from '../timeline.ts'
import type { Fact } from './facts.ts'
import type {
  AlertRow,
  BundleRow,
  DeliveryRow,
  EscalationRow,
  GroupRow,
  JournalRow,
  NoticeRow,
  PageRow,
  PersonRow,
  PolicyRow,
  ScheduleRow,
  ServiceRow,
  SilenceRow,
  TeamRow,
  TellingRow,
  WorkRow,
} from './rows.ts'

export interface Tables {
  readonly alerts: Table<AlertRow>
  readonly groups: Table<GroupRow>
  readonly tellings: Table<TellingRow>
  readonly silences: Table<SilenceRow>
  readonly escalations: Table<EscalationRow>
  readonly pages: Table<PageRow>
  readonly notices: Table<NoticeRow>
  readonly bundles: Table<BundleRow>
  readonly deliveries: Table<DeliveryRow>
  readonly work: Table<WorkRow>
  readonly journal: Table<JournalRow>
  readonly turns: Table<number>
  readonly services: Table<ServiceRow>
  readonly people: Table<PersonRow>
  readonly policies: Table<PolicyRow>
  readonly schedules: Table<ScheduleRow>
  readonly teams: Table<TeamRow>
  /** One row of counters: the head of the sealed journal. */
  readonly head: Table<number>
}

/** Nobody who asked knows whether it happened. */
export class DatabaseAway extends Error {}
// Made once: a month has hundreds of thousands, and each would note where it came from.
const away = new DatabaseAway('The database does not answer, or the end of the transaction is in doubt.')

/** What the product itself refuses: a conflict, an alert that ended. */
export class Refused extends Error {
  readonly code: string
  constructor(code: string, sentence: string) {
    super(sentence)
    this.code = code
  }
}

export interface Tx {
  readonly db: Tables
  readonly rules: Rules
  readonly now: Instant
  readonly newId: (kind: string) => string
  readonly newNumber: () => number
  /** Wakes the workers soon after the commit, unless the hint is lost. */
  readonly hint: (dueAt: Instant, lane: number) => void
  /** For the witness: told only when the transaction did commit. */
  readonly note: (fact: Fact) => void
}

/** `unknown-…`: the connection broke at the commit; what follows says whether it took place. */
export type Fate = 'commit' | 'abort' | 'unknown-done' | 'unknown-lost'

export interface DatabaseNeeds {
  readonly timeline: Timeline
  readonly rules: Rules
  readonly fate: () => Fate
  readonly committed: (facts: readonly Fact[], at: Instant) => void
  /** `lost`: the commit took place and nobody said so; the workers find it by looking. */
  readonly hinted: (dueAt: Instant, lane: number, lost: boolean) => void
}

interface Commit {
  readonly at: Instant
  readonly undo: readonly Undo[]
}

// More than any failover of ours loses.
const keptMs = 10_000

export type Backup = ReadonlyMap<keyof Tables, readonly (readonly [string, unknown])[]>

export class Database {
  readonly tables: Tables
  up = true
  private undo: Undo[] | null = null
  private commits: Commit[] = []
  private ids = 0
  private readonly needs: DatabaseNeeds

  constructor(needs: DatabaseNeeds) {
    this.needs = needs
    const written = (undo: Undo) => {
      if (this.undo === null) throw new Error('A write outside of any transaction.')
      this.undo.push(undo)
    }
    this.tables = {
      alerts: new Table<AlertRow>(written, {
        key: (row) => `${row.source}|${row.key}`,
        open: (row) => (row.status === 'resolved' ? null : 'open'),
        group: (row) => row.pagedWith,
      }),
      groups: new Table<GroupRow>(written),
      tellings: new Table<TellingRow>(written),
      silences: new Table<SilenceRow>(written),
      escalations: new Table<EscalationRow>(written, {
        alert: (row) => row.alertId,
        open: (row) => (row.state.phase.kind === 'resolved' ? null : 'open'),
      }),
      pages: new Table<PageRow>(written, { alert: (row) => row.alertId }),
      notices: new Table<NoticeRow>(written, {
        alert: (row) => row.alertId,
        bundle: (row) => row.bundleId,
        person: (row) => row.person,
      }),
      bundles: new Table<BundleRow>(written, { person: (row) => row.person }),
      deliveries: new Table<DeliveryRow>(written, {
        alert: (row) => row.alertId,
        page: (row) => row.pageId,
        open: (row) => (isOpen(row) ? 'open' : null),
      }),
      work: new Table<WorkRow>(written, {
        lane: (row) => String(row.lane),
        key: (row) => (row.key === null ? null : `${row.kind}|${row.key}`),
      }),
      journal: new Table<JournalRow>(written),
      turns: new Table<number>(written),
      services: new Table<ServiceRow>(written),
      people: new Table<PersonRow>(written),
      policies: new Table<PolicyRow>(written),
      schedules: new Table<ScheduleRow>(written),
      teams: new Table<TeamRow>(written),
      head: new Table<number>(written),
    }
  }

  /** The clock as a process reads it here. */
  clock(processClock: number): Instant {
    return instant(this.needs.rules.clock(this.needs.timeline.now, processClock))
  }

  /** Throws `DatabaseAway` when it is away or the end is in doubt, and whatever the work itself refuses. */
  transaction<T>(processClock: number, work: (tx: Tx) => T, sure = false): T {
    const { timeline, rules } = this.needs
    if (!this.up && !sure) throw away
    if (this.undo !== null) throw new Error('A transaction within a transaction.')
    const undo: Undo[] = []
    this.undo = undo
    const hints: { dueAt: Instant; lane: number }[] = []
    const facts: Fact[] = []
    const fate = sure ? 'commit' : this.needs.fate()
    try {
      const result = work({
        db: this.tables,
        rules,
        now: this.clock(processClock),
        newId: (kind) => `${kind}-${++this.ids}`,
        newNumber: () => ++this.ids,
        hint: (dueAt, lane) => hints.push({ dueAt, lane }),
        note: (fact) => facts.push(fact),
      })
      if (fate === 'abort' || fate === 'unknown-lost') throw away
      this.keep({ at: timeline.now, undo })
      this.undo = null
      this.needs.committed(facts, timeline.now)
      for (const each of hints) this.needs.hinted(each.dueAt, each.lane, fate === 'unknown-done')
      if (fate === 'unknown-done') throw away
      return result
    } catch (error) {
      if (this.undo !== null) {
        this.undo = null
        for (const each of undo.toReversed()) each.back()
      }
      throw error
    }
  }

  /** What was committed in the last milliseconds did not reach the standby; answers how many commits are gone. */
  lose(lastMs: number): number {
    const since = this.needs.timeline.now - lastMs
    const lost = this.commits.filter((each) => each.at >= since)
    this.commits = this.commits.filter((each) => each.at < since)
    for (const commit of lost.toReversed()) for (const each of commit.undo.toReversed()) each.back()
    return lost.length
  }

  backup(): Backup {
    const names = Object.keys(this.tables) as (keyof Tables)[]
    return new Map(names.map((name) => [name, this.tables[name].copy()]))
  }

  restore(backup: Backup): void {
    for (const [name, rows] of backup) (this.tables[name] as Table<unknown>).load(rows)
    this.commits = []
  }

  private keep(commit: Commit): void {
    if (commit.undo.length === 0) return
    this.commits.push(commit)
    const oldest = this.commits[0]
    if (oldest !== undefined && oldest.at < commit.at - 2 * keptMs)
      this.commits = this.commits.filter((each) => each.at >= commit.at - keptMs)
  }
}

export function isOpen(row: DeliveryRow): boolean {
  return row.delivery.phase.kind === 'pending' || row.delivery.phase.kind === 'sending'
}
