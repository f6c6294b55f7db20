// Two Prometheus servers that scrape the same targets send everything twice, each by its own clock. One of them is
// listened to; when it falls silent the other takes its place.
import { second } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'

export interface Leader {
  readonly replica: string
  readonly lastAt: Instant
}

/** Longer than a restart takes, shorter than a gap that would be seen: two scrapes of 15 s. */
export const failoverMs = 30 * second

export type Election =
  | { readonly verdict: 'accept'; readonly leader: Leader; readonly because: 'first' | 'leads' | 'took-over' }
  | { readonly verdict: 'drop'; readonly because: 'another-leads' }

export function electReplica(leader: Leader | null, replica: string, now: Instant): Election {
  const accept = (because: 'first' | 'leads' | 'took-over'): Election => ({
    verdict: 'accept',
    leader: { replica, lastAt: now },
    because,
  })
  if (leader === null) return accept('first')
  if (leader.replica === replica) return accept('leads')
  return now - leader.lastAt > failoverMs ? accept('took-over') : { verdict: 'drop', because: 'another-leads' }
}
