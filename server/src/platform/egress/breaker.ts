// One circuit breaker for each target: a dead receiver must cost nobody's time but its own. Pure, so that it can be
// tested without waiting; `now` is any clock in milliseconds that never goes back.

export interface Breaker {
  /** In a row, since the last success. */
  readonly failures: number
  /** While open: when a probe may go. Null when closed. */
  readonly probeAt: number | null
  /** A probe is under way; its answer decides. Given up at this time, should the answer never come. */
  readonly probingUntil: number | null
}

export const closedBreaker: Breaker = { failures: 0, probeAt: null, probingUntil: null }

export const failuresToOpen = 5
const firstPauseMs = 5_000
/** A recovered target is noticed at the latest after a minute. */
export const longestPauseMs = 60_000
/** Longer than any exchange may take. */
const probePatienceMs = 60_000

export type Passage =
  | { readonly passes: true; readonly breaker: Breaker }
  | { readonly passes: false; readonly retryAfterMs: number }

export function enter(breaker: Breaker, now: number): Passage {
  if (breaker.probeAt === null) return { passes: true, breaker }
  const opensAt = Math.max(breaker.probeAt, breaker.probingUntil ?? 0)
  if (now < opensAt) return { passes: false, retryAfterMs: opensAt - now }
  return { passes: true, breaker: { ...breaker, probingUntil: now + probePatienceMs } }
}

export function afterFailure(breaker: Breaker, now: number): Breaker {
  // Requests that were under way when it opened say nothing new, however many they are.
  if (breaker.probeAt !== null && breaker.probingUntil === null) return breaker
  const failures = breaker.failures + 1
  if (failures < failuresToOpen) return { failures, probeAt: null, probingUntil: null }
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - failuresToOpen, 10))
  return { failures, probeAt: now + pause, probingUntil: null }
}

/** The exchange ended without saying anything about the target: it was cancelled before it was answered. */
export function afterNothing(breaker: Breaker): Breaker {
  return { ...breaker, probingUntil: null }
}
