// One time a maintenance takes place. Once begun it is a fact: what is declared afterwards changes what is to come, and
// what was excluded, held or published stays as it was.
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { Announcement, Treatment } from './window.ts'

export interface Cover {
  readonly services: readonly string[]
  readonly budget: Treatment
}

/** A cover that held for a part of an occurrence, until it was declared otherwise. */
export interface EarlierCover extends Cover {
  readonly from: Instant
  readonly to: Instant
}

export interface Occurrence extends Cover {
  readonly id: string
  readonly window: string
  /** When the declaration has it begin: names it among the others of its window. */
  readonly plannedAt: Instant
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly title: string
  readonly reason: string
  readonly team: string | null
  readonly declaredBy: string
  readonly announce: Announcement | null
  /** From when the cover holds; its start unless it was changed under way. */
  readonly coverFrom: Instant
  readonly earlier: readonly EarlierCover[]
  readonly announcedAt: Instant | null
  readonly beganAt: Instant | null
  readonly overAt: Instant | null
  readonly cancelledAt: Instant | null
  /** Who last ended, extended or cancelled it, and why; null when nobody did. */
  readonly changedBy: string | null
  readonly changedBecause: string | null
  /** Somebody leads it in a room of incidents, which follows it. */
  readonly led: boolean
}

export const occurrenceStates = ['scheduled', 'in_progress', 'completed', 'cancelled'] as const
export type OccurrenceState = (typeof occurrenceStates)[number]

type Standing = Pick<Occurrence, 'startsAt' | 'endsAt' | 'cancelledAt'>

/** By the times alone: nobody waits for a job to note that it has begun. */
export function stateOf({ startsAt, endsAt, cancelledAt }: Standing, at: Instant): OccurrenceState {
  if (cancelledAt !== null) return 'cancelled'
  return at < startsAt ? 'scheduled' : at < endsAt ? 'in_progress' : 'completed'
}

export const longestMs = 31 * day

export type Order =
  | { readonly kind: 'begin' }
  | { readonly kind: 'move'; readonly startsAt: Instant; readonly endsAt: Instant }
  | { readonly kind: 'end' }
  | { readonly kind: 'extend'; readonly until: Instant }
  | { readonly kind: 'cancel' }

export type Decision =
  | { readonly ok: true; readonly occurrence: Occurrence }
  | { readonly ok: false; readonly pointer: string; readonly detail: string }

const no = (detail: string, pointer = '/id'): Decision => ({ ok: false, pointer, detail })

/** What a person may do to one that is to come or under way. */
export function decideOrder(
  occurrence: Occurrence,
  order: Order,
  by: { readonly name: string; readonly because: string; readonly now: Instant },
): Decision {
  const state = stateOf(occurrence, by.now)
  const said = { changedBy: by.name, changedBecause: by.because }
  if (state === 'completed' || state === 'cancelled') return no(`It is ${state} already.`)
  switch (order.kind) {
    case 'begin':
      return state === 'scheduled'
        ? { ok: true, occurrence: { ...occurrence, ...said, startsAt: by.now, coverFrom: by.now } }
        : no('It is under way already.')
    case 'move': {
      const { startsAt, endsAt } = order
      if (state !== 'scheduled') return no('It is under way. Extend or end it instead.')
      if (startsAt < by.now) return no('It cannot begin in the past.', '/startsAt')
      if (endsAt <= startsAt) return no('It ends before it begins.', '/endsAt')
      if (endsAt - startsAt > longestMs) return no('It may last 31 days at most.', '/endsAt')
      return { ok: true, occurrence: { ...occurrence, ...said, startsAt, endsAt, coverFrom: startsAt } }
    }
    case 'end':
      return state === 'in_progress'
        ? { ok: true, occurrence: { ...occurrence, ...said, endsAt: by.now } }
        : no('It has not begun. Cancel it instead.')
    case 'cancel':
      return state === 'scheduled'
        ? { ok: true, occurrence: { ...occurrence, ...said, cancelledAt: by.now } }
        : no('It is under way. End it instead.')
    case 'extend': {
      const { until } = order
      if (until <= occurrence.endsAt)
        return no(`It lasts until ${formatInstant(occurrence.endsAt)} already; name a later time.`, '/until')
      if (until - occurrence.startsAt > longestMs) return no('It may last 31 days at most.', '/until')
      return { ok: true, occurrence: { ...occurrence, ...said, endsAt: until } }
    }
  }
}

export interface CoverStretch extends Interval, Cover {}

/** What it covered when, in order; nothing of one that was cancelled. */
export function stretchesOf(occurrence: Occurrence): readonly CoverStretch[] {
  const { services, budget, coverFrom, endsAt, earlier, cancelledAt } = occurrence
  if (cancelledAt !== null) return []
  const before = earlier.map(({ from, to, ...cover }) => ({ ...cover, start: from, end: to }))
  return [...before, { services, budget, start: coverFrom, end: endsAt }].filter((each) => each.start < each.end)
}
