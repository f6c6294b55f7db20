// Work that the process which writes it down begins itself, the moment it is committed: it is born claimed, like what a lane has
// claimed, and nobody has to be woken or to ask. Should the process die, the claim runs out and another one takes it.
import type { Tx } from '../database/database.ts'
import type { DueRow, Job } from './job.ts'

/** A free place of a lane, kept until the transaction has ended. */
export interface Place {
  readonly owner: string
  readonly leaseMs: number
}

/** The worker of this process, while it runs. */
export interface Beginner {
  /** Null when it may not begin another one now: the lane is full, or the process is leaving. */
  reserve(kind: string): ReservedPlace | null
}

export interface ReservedPlace extends Place {
  begin(row: DueRow): void
  release(): void
}

const beginners = new WeakMap<object, Beginner>()

/** Answers how to withdraw it. */
export function offerToBegin(home: object, beginner: Beginner): () => void {
  beginners.set(home, beginner)
  return () => {
    if (beginners.get(home) === beginner) beginners.delete(home)
  }
}

/**
 * A place for work of this kind that the transaction writes as claimed; null leaves it to the lanes. `row` is asked after the commit for
 * what was written; null gives the place back.
 */
export function placeAtOnce(
  tx: Tx,
  { kind }: Pick<Job<never>, 'kind'>,
  row: () => Promise<DueRow | null>,
): Place | null {
  const place = beginners.get(tx.home)?.reserve(kind) ?? null
  if (place === null) return null
  tx.onEnd((isCommitted) => {
    if (!isCommitted) return place.release()
    // Without an answer its claim runs out.
    row().then(
      (written) => (written === null ? place.release() : place.begin(written)),
      () => place.release(),
    )
  })
  return place
}
