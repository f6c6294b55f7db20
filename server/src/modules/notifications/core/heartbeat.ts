// When the watchdog outside is told that paging works.
import { minute, second } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'

export const syntheticEveryMs = minute
/** Two may be missed by a hair; more is a fault that somebody outside has to notice by our silence. */
export const freshMs = 120 * second

/**
 * `passedAt` is when the last synthetic page came through, `oldestDueMs` how late the oldest page to a person is. A page that came
 * through in the future says that the clock was set back: it proves nothing of now.
 */
export function mayBeat(passedAt: Instant | null, now: Instant, oldestDueMs: number): boolean {
  return passedAt !== null && Math.abs(now - passedAt) < freshMs && oldestDueMs < freshMs
}
