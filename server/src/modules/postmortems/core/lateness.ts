// When whoever owes something is reminded, and when those above hear of it, too.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import { addWorkingDays, isWorkingDay, nextWorkingTime, utcDays, type WorkDays } from './working-days.ts'

export interface EscalationRule {
  /** Working days late. */
  readonly afterDays: number
  /** People; nobody: the lead of its team. */
  readonly to: readonly string[]
}

const aheadMs = 5 * day

/** Early enough for the look that finds the working day before, whatever weekend lies between. */
export function firstLook(dueAt: Instant): Instant {
  return plus(dueAt, -aheadMs)
}

/** The same time of day on the last working day before. */
export function workingDayBefore(at: Instant, work: WorkDays = utcDays): Instant {
  for (let back = 1; back <= 31; back += 1) {
    const before = work.instantOf(work.localOf(at) - back * day)
    if (isWorkingDay(before, work)) return before
  }
  return plus(at, -day)
}

export type Look =
  /** Nothing to say yet. */
  | { readonly say: 'nothing'; readonly lookAt: Instant }
  | { readonly say: 'due-soon'; readonly lookAt: Instant }
  /** `escalated`: it is so late that those above hear of it. */
  | { readonly say: 'overdue'; readonly escalated: boolean; readonly lookAt: Instant }

/** Never said on a weekend or holiday; again after `everyDays`, on the first working day then. */
export function lookAtDue(
  of: { readonly dueAt: Instant; readonly now: Instant; readonly everyDays: number },
  rule: Pick<EscalationRule, 'afterDays'>,
  work: WorkDays = utcDays,
): Look {
  const { dueAt, now } = of
  if (now < dueAt) {
    const soon = workingDayBefore(dueAt, work)
    if (now < soon) return { say: 'nothing', lookAt: soon }
    // Due on a Saturday, it is asked after on Monday.
    return { say: 'due-soon', lookAt: nextWorkingTime(dueAt, work) }
  }
  if (!isWorkingDay(now, work)) return { say: 'nothing', lookAt: nextWorkingTime(now, work) }
  const escalated = now >= addWorkingDays(dueAt, rule.afterDays, work)
  return { say: 'overdue', escalated, lookAt: nextWorkingTime(plus(now, of.everyDays * day), work) }
}
