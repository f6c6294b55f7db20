// Brings what is planned up to what is declared. What is over stays; what is under way is changed from now on; what
// people did to one occurrence holds against the rule it came from.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import { contains, type Interval } from '../../../kernel/interval.ts'
import { type Cover, type Occurrence, stateOf } from './occurrence.ts'
import { occurrencesWithin } from './recurrence.ts'
import type { MaintenanceWindow } from './window.ts'

/** As far ahead as occurrences stand in the calendar. */
export const horizonMs = 92 * day
/** Of an hourly one that is eight days. */
export const mostAhead = 200

export type NewOccurrence = Pick<Occurrence, 'plannedAt' | 'startsAt' | 'endsAt'>

export interface Plan {
  readonly add: readonly NewOccurrence[]
  readonly change: readonly Occurrence[]
  /** Never spoken of: gone without a trace. */
  readonly drop: readonly string[]
}

export interface PlanOrder {
  /** Null when it is not declared any more. */
  readonly window: MaintenanceWindow | null
  readonly covers: readonly string[]
  readonly declaredBy: string
  readonly existing: readonly Occurrence[]
  readonly now: Instant
}

export function planAhead(order: PlanOrder): Plan {
  const { window, existing, now } = order
  const within = { start: now, end: plus(now, horizonMs) }
  const wanted = window === null ? [] : occurrencesWithin(window.recurrence, within, mostAhead)
  const running = existing.filter((each) => stateOf(each, now) === 'in_progress')
  const waiting = existing.filter((each) => stateOf(each, now) === 'scheduled')
  // Cancelled or ended by a person: the rule does not bring it back.
  const settled = new Set(
    existing.filter((each) => each.changedBy !== null && !isOpen(each, now)).map((each) => each.plannedAt),
  )
  const change: Occurrence[] = []
  const drop: string[] = []
  const taken = new Set<Interval>()
  const take = (find: (each: Interval) => boolean): Interval | null => {
    const found = wanted.find((each) => !taken.has(each) && find(each)) ?? null
    if (found !== null) taken.add(found)
    return found
  }
  for (const each of running) {
    const same =
      take((next) => next.start === each.plannedAt) ?? take((next) => contains(next, now)) ?? declaredAs(window, each)
    if (window !== null && same !== null) push(change, each, continued(each, order, window, same))
    // What people are told of it comes from its end.
    else change.push({ ...each, endsAt: now })
  }
  const exact = new Map(waiting.map((each) => [each.id, take((next) => next.start === each.plannedAt)]))
  for (const each of waiting) {
    const same =
      exact.get(each.id) ??
      (isKnown(each) ? take((next) => isMoved(each, window, next)) : null) ??
      // Put off by a person beyond the time the rule has for it: it is still the one that is declared.
      (each.changedBy === null ? null : declaredAs(window, each))
    if (window !== null && same !== null) push(change, each, rewritten(each, order, window, same))
    else if (!isKnown(each)) drop.push(each.id)
    else change.push({ ...each, cancelledAt: now })
  }
  const add = wanted.flatMap((each): NewOccurrence[] => {
    if (taken.has(each) || settled.has(each.start)) return []
    // Declared while its time runs: it begins with the declaration, never before it.
    return [{ plannedAt: each.start, startsAt: each.start < now ? now : each.start, endsAt: each.end }]
  })
  return { add, change, drop }
}

/** A person made it longer than the rule has it: it is still the one that is declared. */
function declaredAs(window: MaintenanceWindow | null, { plannedAt }: Occurrence): Interval | null {
  if (window === null) return null
  const [found] = occurrencesWithin(window.recurrence, { start: plannedAt, end: plus(plannedAt, 1) }, 1)
  return found?.start === plannedAt ? found : null
}

// A rule that is shifted by hours moves each of its times; further away it is another one.
const sameWithinMs = day

/** Customers were told of it, or somebody leads it: it keeps its name. */
const isKnown = ({ announcedAt, led }: Occurrence): boolean => announcedAt !== null || led

/** They know of it: they are told of another time, not that one was cancelled and another made. */
function isMoved({ plannedAt }: Occurrence, window: MaintenanceWindow | null, next: Interval): boolean {
  return window?.recurrence.rule === null || Math.abs(next.start - plannedAt) <= sameWithinMs
}

const isOpen = (each: Occurrence, now: Instant): boolean => {
  const state = stateOf(each, now)
  return state === 'scheduled' || state === 'in_progress'
}

function push(change: Occurrence[], before: Occurrence, after: Occurrence): void {
  if (JSON.stringify(before) !== JSON.stringify(after)) change.push(after)
}

const wordsOf = ({ declaredBy }: PlanOrder, { title, reason, team, announce }: MaintenanceWindow) => ({
  title,
  reason,
  team,
  announce,
  declaredBy,
})

/** Under way: other words at once, another cover from now on. An end that a person chose stays. */
function continued(each: Occurrence, order: PlanOrder, window: MaintenanceWindow, same: Interval): Occurrence {
  const { now, covers } = order
  const declared = same.end < now ? now : same.end
  const endsAt = each.changedBy === null ? declared : each.endsAt
  const next = { ...each, ...wordsOf(order, window), plannedAt: same.start, endsAt }
  const cover: Cover = { services: covers, budget: window.budget }
  if (sameCover(each, cover)) return next
  const part = { from: each.coverFrom, to: now, services: each.services, budget: each.budget }
  return { ...next, ...cover, coverFrom: now, earlier: now > each.coverFrom ? [...each.earlier, part] : each.earlier }
}

function rewritten(each: Occurrence, order: PlanOrder, window: MaintenanceWindow, same: Interval): Occurrence {
  // Times that a person chose belong to the time they were chosen for.
  const chosen = each.changedBy !== null && same.start === each.plannedAt
  const startsAt = chosen ? each.startsAt : same.start < order.now ? order.now : same.start
  const endsAt = chosen ? each.endsAt : same.end
  const cover = { services: order.covers, budget: window.budget, coverFrom: startsAt }
  return { ...each, ...wordsOf(order, window), ...cover, plannedAt: same.start, startsAt, endsAt }
}

const sameCover = (a: Cover, b: Cover): boolean =>
  a.budget === b.budget &&
  a.services.length === b.services.length &&
  a.services.every((each) => b.services.includes(each))
