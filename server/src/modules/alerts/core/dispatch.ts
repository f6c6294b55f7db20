// When the people of a route's group are told, as an Alertmanager times it: a first flush after `group_wait`, then one
// every `group_interval` until nothing is left, and on each flush the question whether anything is news.
import type { Instant } from '../../../kernel/instant.ts'
import { plus } from '../../../kernel/instant.ts'

export interface GroupTimers {
  readonly waitMs: number
  readonly intervalMs: number
  readonly repeatMs: number
}

/** What was said last, and which alerts fired then. Ends are said once, because who ended leaves its group. */
export interface LastTold {
  readonly at: Instant
  readonly firing: ReadonlySet<string>
}

/** In Alertmanager's own words, so that people find them there. */
export type FlushReason =
  | 'first notification'
  | 'new alerts added'
  | 'all alerts resolved'
  | 'some alerts resolved'
  | 'repeat interval elapsed'

export interface FlushVerdict {
  /** Null: nothing is news. */
  readonly reason: FlushReason | null
  /** Firing alerts of which this flush speaks for the first time. */
  readonly news: readonly string[]
  /** What was said last from now on; null while nothing ever was. */
  readonly last: LastTold | null
}

export interface Flush {
  readonly last: LastTold | null
  /** What fires and nothing mutes. */
  readonly firing: readonly string[]
  /** What ended since it was looked at last. */
  readonly resolved: readonly string[]
  readonly repeatMs: number
}

/**
 * One flush. Differs from Alertmanager in one point: the end of an alert that nobody heard of is no news. The repeat
 * interval counts as over at the flush on which it is, not one later.
 */
export function decideFlush({ last, firing, resolved, repeatMs }: Flush, now: Instant): FlushVerdict {
  const said = last?.firing ?? nobody
  const news = firing.filter((id) => !said.has(id))
  const told = (reason: FlushReason): FlushVerdict => ({
    reason,
    news,
    last: { at: now, firing: new Set(firing) },
  })
  const quiet: FlushVerdict = { reason: null, news: [], last }
  // Everything is muted: nobody is told, and what was said stands.
  if (firing.length === 0 && resolved.length === 0) return quiet
  if (last === null) return firing.length > 0 ? told('first notification') : quiet
  if (news.length > 0) return told(said.size > 0 ? 'new alerts added' : 'first notification')
  if (firing.length === 0) return said.size > 0 ? told('all alerts resolved') : quiet
  if (resolved.some((id) => said.has(id))) return told('some alerts resolved')
  return now >= plus(last.at, repeatMs) ? told('repeat interval elapsed') : quiet
}

const nobody: ReadonlySet<string> = new Set()

/** Of a group that was never flushed: what began longer ago than the wait is told at once. */
export function firstFlushAt(createdAt: Instant, startedAt: Instant, { waitMs }: GroupTimers, now: Instant): Instant {
  return plus(startedAt, waitMs) < now ? now : plus(createdAt, waitMs)
}

/** The flush after this one, on the beat that the first one began: a late flush puts no later one off. */
export function nextFlushAt(flushAt: Instant, { intervalMs }: GroupTimers, now: Instant): Instant {
  const beats = Math.max(1, Math.floor((now - flushAt) / intervalMs) + 1)
  return plus(flushAt, beats * intervalMs)
}
