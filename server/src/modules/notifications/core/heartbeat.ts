// When the watchdog outside is told that paging works.
import { minute, second } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'

export const syntheticEveryMs = minute
/** Two may be missed by a hair; more is a fault that somebody outside has to notice by our silence. */
export const freshMs = 120 * second

/** `passedAt` is when the last synthetic page came through. */
export function mayBeat(passedAt: Instant | null, now: Instant): boolean {
  return passedAt !== null && now - passedAt < freshMs
}
