// I4 and what belongs to it: how often a message left, under which keys, and what counts as perhaps arrived.
import { minute, second } from '../../../src/kernel/duration.ts'
import type { Sent, Written } from '../outside/providers.ts'
import type { DeliveryRow } from '../product/rows.ts'
import type { Timeline } from '../timeline.ts'
import { Violation } from './violation.ts'

interface Copies {
  readonly keys: Set<string>
  readonly at: number
  taken: number
  last: { readonly attempt: number; readonly at: number }
}

/** Whoever was away for less, from taking a message in hand until reading that it was taken, is not sent for again. */
const awayMs = 8 * second

const logicalOf = ({ pageId, step, person, order, contact, purpose }: DeliveryRow): string =>
  `${pageId}/${step}/${person}/${order}/${contact}/${purpose}`

export class CopyWatch {
  /** Second copies that providers have. */
  second = 0
  private readonly timeline: Timeline
  private readonly copies = new Map<string, Copies>()
  /** Of each message the attempts whose first byte may have left. */
  private readonly left = new Map<string, Set<number>>()
  private rewoundAt = Number.NEGATIVE_INFINITY

  constructor(timeline: Timeline) {
    this.timeline = timeline
  }

  mayLeave(key: string, attempt: number): void {
    this.left.set(key, (this.left.get(key) ?? new Set()).add(attempt))
  }

  sent({ row, key, attempt, taken }: Sent): void {
    const { now } = this.timeline
    const logical = logicalOf(row)
    const last = { attempt, at: now }
    const known = this.copies.get(logical) ?? { keys: new Set(), taken: 0, at: now, last }
    known.keys.add(key)
    // Of whom an older state was brought back, attempts are counted anew.
    if (attempt > known.last.attempt || this.rewoundAt >= known.last.at) known.last = last
    if (taken) known.taken += 1
    this.copies.set(logical, known)
    if (taken && known.taken > 1) this.second += 1
    if (known.keys.size > 1)
      throw new Violation('I4', `one message went out under ${[...known.keys].join(' and ')}`, [row.pageId, row.person])
    // A primary that takes its last commits with it may forget one attempt.
    if (known.taken > 2 + (this.rewoundAt >= known.at - minute ? 1 : 0))
      throw new Violation('I4', `${key} reached its provider ${known.taken} times`, [row.pageId, row.person])
  }

  /** Nobody counts as perhaps told of whom no byte left: the next contact would wait for nothing, or nobody would be told. */
  doubted(key: string, copies: number): void {
    const left = this.left.get(key)?.size ?? 0
    if (copies > left)
      throw new Violation('I1', `${key} counts ${copies} copies as perhaps arrived, and ${left} may have left`, [key])
  }

  /** Its sender reads that it was taken, soon enough: another copy that left meanwhile was one too many. */
  toldTaken({ row, key, attempt, claimedAt }: Written): void {
    const forMs = this.timeline.now - claimedAt
    const last = this.copies.get(logicalOf(row))?.last
    if (last === undefined || last.attempt <= attempt || last.at < claimedAt) return
    if (forMs >= awayMs || this.rewoundAt >= claimedAt) return
    throw new Violation('I4', `${key} left again although its sender was away for ${forMs} ms only`, [
      row.pageId,
      row.person,
    ])
  }

  /** What an older state of the database counts did leave, whatever was forgotten here meanwhile. */
  rewound(rows: Iterable<DeliveryRow>): void {
    this.rewoundAt = this.timeline.now
    for (const { key, delivery } of rows)
      for (let copy = 1; copy <= delivery.copies; copy += 1) this.mayLeave(key, -copy)
  }

  forget(key: string): void {
    this.left.delete(key)
  }

  trim(): void {
    if (this.copies.size > 20_000) this.copies.clear()
  }
}
