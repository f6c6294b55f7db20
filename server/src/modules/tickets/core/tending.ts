// When a ticket is looked at again, and how long a tracker that fails is left alone.
import { day, minute } from '../../../kernel/duration.ts'
import type { TicketState } from './ticket-state.ts'

/** Webhooks are the quick way; this is for trackers that cannot call us, and for calls that were lost. */
const lookEveryMs = 5 * minute
/** All tickets of one tracker together cost at most 1,200 requests an hour, a quarter of what GitHub allows. */
const shareMs = 3_000

export function lookAgainMs(state: TicketState, tickets: number): number {
  const often = Math.max(lookEveryMs, tickets * shareMs)
  return state === 'open' || state === 'doing' ? often : Math.max(day, often)
}

/** 5 s, doubling up to five minutes; as long as the tracker asks if it does, an hour at most. */
export function awayForMs(failures: number, askedMs: number | null): number {
  if (askedMs !== null) return Math.min(3_600_000, Math.max(1_000, askedMs))
  return Math.min(300_000, 5_000 * 2 ** Math.min(failures, 10))
}

/**
 * After a create whose answer was lost the ticket is looked for at these times. Jira's search takes a while to know what
 * was written; only when the last look finds nothing it is created again.
 */
export const lookForMs: readonly number[] = [15_000, 60_000, 3 * minute]
