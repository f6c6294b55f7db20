// Who hears of a page: where, of what, and what becomes of one that takes nothing any more.
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { MailVerdict } from './mail.ts'

export const channels = ['email', 'webhook'] as const
export type SubscriberChannel = (typeof channels)[number]

/** Null for all: what is chosen of all is all, and a page without the component has nothing to tell of it. */
export function chosenComponents(chosen: readonly string[], known: readonly string[]): readonly string[] | null {
  const kept = known.filter((name) => chosen.includes(name))
  return kept.length === 0 || kept.length === known.length ? null : kept
}

export const pauseAfterMs = 3 * day

export interface Failing {
  readonly failingSince: Instant | null
  readonly because: string | null
  readonly paused: boolean
}

/** What a delivery says of its receiver: one that took nothing for three days is paused; nothing is decided while it is tried. */
export function judgeReceiver(
  verdict: Pick<MailVerdict, 'state' | 'outcome'>,
  before: Instant | null,
  now: Instant,
): Failing | null {
  if (verdict.state === 'waiting') return null
  if (verdict.state === 'sent') return { failingSince: null, because: null, paused: false }
  const since = before ?? now
  return { failingSince: since, because: verdict.outcome, paused: now - since >= pauseAfterMs }
}
