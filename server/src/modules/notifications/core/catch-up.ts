// After an outage nothing is replayed: what came due meanwhile is told once, as it stands now.
import { minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'

/** Later than any retry of ours makes a first attempt: something stood still. */
export const lateMs = minute
/** As many single messages as a storm would bring. */
const mostSingles = 3

export interface LatePage {
  readonly key: string
  readonly pageId: string
  /** Place in the personal plan: a reminder has a higher one. */
  readonly order: number
  readonly dueAt: Instant
}

export interface CatchUp {
  /** Reminders of one page that came due together: only the last is told. */
  readonly superseded: readonly string[]
  /** Told as one message; empty when few enough to be told one by one. */
  readonly together: readonly string[]
}

export function isLate(dueAt: Instant, now: Instant): boolean {
  return now - dueAt > lateMs
}

/** `late` are first attempts to one contact of one person, all of them due for more than a minute. */
export function decideCatchUp(late: readonly LatePage[]): CatchUp {
  const last = new Map<string, LatePage>()
  for (const each of late) {
    const other = last.get(each.pageId)
    if (other === undefined || each.order > other.order) last.set(each.pageId, each)
  }
  const kept = new Set([...last.values()].map((each) => each.key))
  return {
    superseded: late.filter((each) => !kept.has(each.key)).map((each) => each.key),
    together: kept.size > mostSingles ? late.filter((each) => kept.has(each.key)).map((each) => each.key) : [],
  }
}
