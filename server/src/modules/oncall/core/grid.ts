// When the turns or shifts of a rotation begin and end, and how far the order of its members has moved on at each.
import { day, minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { type Interval, overlaps } from '../../../kernel/interval.ts'
import { meetsWindow, weekdayOf } from './hours.ts'
import { occurrencesOf } from './recurrence.ts'
import {
  handoffAt,
  type Rotation,
  type ShiftRotation,
  type TurnRotation,
  turnAt,
  turnLength,
  wallHandoffAt,
} from './rotation.ts'
import { instantOf, wall, wallAt } from './wall-clock.ts'

export interface Slot extends Interval {
  readonly index: number
}

export interface Grid {
  /** Those that meet the window, whole, in ascending order. Turns are disjoint; shifts may overlap. */
  readonly slotsIn: (window: Interval) => readonly Slot[]
  /** The first one that begins at or after an instant. */
  readonly firstFrom: (at: Instant) => number
  /** How many places the order has moved on when slot `index` begins. */
  readonly position: (index: number) => number
  /** Turns run backwards for ever; before the first shift nobody had one. */
  readonly firstPosition: number
}

/** Shifts are counted from their start up to `horizon`; nothing may be asked beyond it. */
export function gridOf(rotation: Rotation, horizon: Instant): Grid {
  return rotation.shifts === undefined ? gridOfTurns(rotation) : gridOfShifts(rotation, horizon)
}

function gridOfTurns(rotation: TurnRotation): Grid {
  const rank = rankOf(rotation)
  const perMember = rotation.perMember ?? 1
  return {
    slotsIn: (window) => {
      const slots: Slot[] = []
      const first = turnAt(rotation, window.start)
      let start = handoffAt(rotation, first)
      for (let index = first; start < window.end; index += 1) {
        const end = handoffAt(rotation, index + 1)
        // A turn that lies in an hour the clock skips has no length.
        if (start < end) slots.push({ index, start, end })
        start = end
      }
      return slots
    },
    firstFrom: (at) => {
      const under = turnAt(rotation, at)
      return handoffAt(rotation, under) === at ? under : under + 1
    },
    position: (index) => Math.floor(rank(index) / perMember),
    firstPosition: Number.NEGATIVE_INFINITY,
  }
}

/**
 * The turns before `index` that count. The pattern of hours repeats: turns of a whole number of hours meet the week
 * again after 168 turns at most.
 */
function rankOf(rotation: TurnRotation): (index: number) => number {
  const { hours, advance } = rotation
  const { lengthMs } = turnLength(rotation.turn)
  const week = 7 * day
  if (hours === undefined || advance !== 'served' || lengthMs === 0 || lengthMs >= week) return (index) => index
  const period = week / divisor(lengthMs, week)
  const before = [0]
  for (let index = 0; index < period; index += 1) {
    const from = wallHandoffAt(rotation, index)
    const date = Math.floor(from / day)
    const offset = weekdayOf(date) * 1440 + (from - date * day) / minute
    before.push((before[index] ?? 0) + (meetsWindow(hours, offset, lengthMs / minute) ? 1 : 0))
  }
  const each = before[period] ?? 0
  return (index) => {
    const whole = Math.floor(index / period)
    return whole * each + (before[index - whole * period] ?? 0)
  }
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

function gridOfShifts(rotation: ShiftRotation, horizon: Instant): Grid {
  const end = wall(wallAt(rotation.zone, horizon) + day)
  const all = rotation.shifts
    .flatMap((each) => occurrencesOf(each, end))
    .sort((a, b) => a.start - b.start || a.end - b.end)
  const perMember = rotation.perMember ?? 1
  const longestMs = all.reduce((longest, each) => Math.max(longest, each.end - each.start), 0)
  /** The first occurrence whose wall time has reached `local`. */
  const search = (local: number): number => {
    let [low, high] = [0, all.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((all[middle]?.start ?? 0) < local) low = middle + 1
      else high = middle
    }
    return low
  }
  const slotAt = (index: number): Slot | null => {
    const each = all[index]
    if (each === undefined) return null
    return { index, start: instantOf(rotation.zone, each.start), end: instantOf(rotation.zone, each.end) }
  }
  return {
    slotsIn: (window) => {
      const slots: Slot[] = []
      // A day on each side: a zone may jump by one.
      const from = search(wallAt(rotation.zone, window.start) - longestMs - day)
      const to = search(wallAt(rotation.zone, window.end) + day)
      for (let index = from; index < to; index += 1) {
        const slot = slotAt(index)
        if (slot !== null && slot.start < slot.end && overlaps(slot, window)) slots.push(slot)
      }
      return slots
    },
    firstFrom: (at) => {
      let index = search(wallAt(rotation.zone, at) - day)
      for (let slot = slotAt(index); slot !== null && slot.start < at; slot = slotAt(index)) index += 1
      return index
    },
    position: (index) => Math.floor(index / perMember),
    firstPosition: 0,
  }
}
