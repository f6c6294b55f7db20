// When an objective must be looked at again, and until when it holds. Days are days in UTC, months those of the
// calendar: a review that is due on the 31st is due on the last of February, and on the 31st again after it.
import { Temporal } from 'temporal-polyfill'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'

/** As OpenSLO writes durations: M is months. */
export interface ReviewEvery {
  readonly count: number
  readonly unit: 'w' | 'M' | 'Q' | 'Y'
}

export interface ReviewOwner {
  readonly kind: 'team' | 'person'
  readonly name: string
}

export interface ReviewCycle {
  readonly every: ReviewEvery
  /** Reviews are due on this day and every interval after it; without it, an interval after the last one. */
  readonly from: string | null
}

export interface ReviewTerms {
  readonly cycle: ReviewCycle | null
  /** Null: the team of the service. */
  readonly owner: ReviewOwner | null
  /** From this instant on the promise does not hold any more. */
  readonly expiresAt: Instant | null
}

export type ReviewState = 'upcoming' | 'due' | 'overdue'
export type ExpiryState = 'holds' | 'expires-soon' | 'expired'

const months = { M: 1, Q: 3, Y: 12 } as const
// A cycle of more is none: whoever promised something is elsewhere by then.
const mostMonths = 60
const mostWeeks = 260

export function parseEvery(text: string): ReviewEvery | null {
  const [, digits = '', unit] = /^(\d{1,3})([wMQY])$/.exec(text.trim()) ?? []
  if (unit !== 'w' && unit !== 'M' && unit !== 'Q' && unit !== 'Y') return null
  const count = Number(digits)
  const most = unit === 'w' ? mostWeeks : mostMonths / months[unit]
  return count >= 1 && count <= most ? { count, unit } : null
}

const names = { w: 'week', M: 'month', Q: 'quarter', Y: 'year' } as const

/** `3 months` */
export function everyWords({ count, unit }: ReviewEvery): string {
  return count === 1 ? names[unit] : `${count} ${names[unit]}s`
}

export const everyText = ({ count, unit }: ReviewEvery): string => `${count}${unit}`

/** A day as `2026-03-31`; null when there is none of that name. */
export function parseDay(text: string): string | null {
  if (!/^2\d{3}-\d{2}-\d{2}$/.test(text)) return null
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch {
    return null
  }
}

/** The day an instant lies in. */
export const dayNameOf = (at: Instant): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC').toPlainDate().toString()

export const startOfDay = (name: string): Instant =>
  instant(Temporal.PlainDate.from(name).toZonedDateTime('UTC').epochMilliseconds)

function later(from: string, { count, unit }: ReviewEvery, times: number): string {
  const amount = unit === 'w' ? { weeks: count * times } : { months: count * times * months[unit] }
  return Temporal.PlainDate.from(from).add(amount).toString()
}

const nominalDays = ({ count, unit }: ReviewEvery): number => count * (unit === 'w' ? 7 : 30 * months[unit])

/** So many days before it is due people are asked for it; a review from then on answers for that day. */
export const leadDays = (every: ReviewEvery): number => Math.min(14, Math.floor(nominalDays(every) / 4))

/**
 * The day by which it must be looked at. Counted from the day a cycle was declared, or from the last review.
 * A review answers for a day of the cycle from the lead before it on; an earlier one is a review beside the cycle.
 */
export function dueOn(cycle: ReviewCycle, since: { readonly day: string; readonly isReview: boolean }): string {
  const { every, from } = cycle
  if (from === null) return later(since.day, every, 1)
  const answered = since.isReview
    ? Temporal.PlainDate.from(since.day)
        .add({ days: leadDays(every) })
        .toString()
    : Temporal.PlainDate.from(since.day).subtract({ days: 1 }).toString()
  // So many intervals at least have passed: none is longer than its nominal length and a twentieth of it.
  const passed = Math.floor((startOfDay(answered) - startOfDay(from)) / day)
  let number = Math.max(0, Math.floor(passed / (nominalDays(every) * 1.05)) - 1)
  while (later(from, every, number) <= answered) number += 1
  return later(from, every, number)
}

export interface DueTimes {
  /** Asked for from here on. */
  readonly soonAt: Instant
  /** The end of the day it is due. */
  readonly overdueAt: Instant
}

export function dueTimes(every: ReviewEvery, due: string): DueTimes {
  const start = startOfDay(due)
  return { soonAt: instant(start - leadDays(every) * day), overdueAt: instant(start + day) }
}

export function reviewState({ soonAt, overdueAt }: DueTimes, now: Instant): ReviewState {
  return now >= overdueAt ? 'overdue' : now >= soonAt ? 'due' : 'upcoming'
}

/** People are told so long before a promise ends, and once more a week before. */
export const expiryWarnedMs = [30 * day, 7 * day] as const

export function expiryState(expiresAt: Instant, now: Instant): ExpiryState {
  return now >= expiresAt ? 'expired' : now >= expiresAt - expiryWarnedMs[0] ? 'expires-soon' : 'holds'
}

export type ReviewDecision = 'keep' | 'change-target' | 'retire'

/** What people are told of, each once: the name says which day or end it is about. */
export function occasionsNow(
  of: { readonly due: (DueTimes & { readonly on: string }) | null; readonly expiresAt: Instant | null },
  now: Instant,
): readonly string[] {
  const { due, expiresAt } = of
  const found: string[] = []
  if (due !== null && now >= due.overdueAt) found.push(`overdue ${due.on}`)
  else if (due !== null && now >= due.soonAt) found.push(`due ${due.on}`)
  if (expiresAt === null) return found
  const on = formatInstant(expiresAt)
  if (now >= expiresAt) found.push(`expired ${on}`)
  else {
    const [first, last] = expiryWarnedMs
    if (now >= expiresAt - last) found.push(`expires-in-a-week ${on}`)
    else if (now >= expiresAt - first) found.push(`expires-soon ${on}`)
  }
  return found
}

/** An end that passed outranks what would look calm; what burns or is spent is worse and stays to be seen. */
export function shownState<State extends string>(
  state: State,
  expiresAt: Instant | null,
  now: Instant,
): State | 'expired' {
  const isWorse = state === 'burning' || state === 'exhausted'
  return expiresAt !== null && now >= expiresAt && !isWorse ? 'expired' : state
}
