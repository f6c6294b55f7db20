// The turns of one rotation in a window: what a schedule is composed of.
import type { Instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { type Holder, holderAt, type Roster, rosterOf } from './membership.ts'
import { handoffAt, type Rotation, turnAt } from './rotation.ts'

export interface ServedTurn extends Interval, Holder {
  readonly rotation: string
  readonly turn: number
}

/** Sorted, disjoint, cut to the window. Costs one zone conversion per turn in the window, none before it. */
export function turnsIn(rotation: Rotation, window: Interval): readonly ServedTurn[] {
  const roster = rosterOf(rotation)
  const start = later(window.start, rotation.since)
  const end = rotation.until === undefined || rotation.until > window.end ? window.end : rotation.until
  const served: ServedTurn[] = []
  if (start >= end) return served
  let turn = turnAt(rotation, start)
  let from = start
  while (from < end) {
    const next = handoffAt(rotation, turn + 1)
    const to = next < end ? next : end
    if (from < to) served.push(...pieces(roster, turn, { start: from, end: to }))
    from = to
    turn += 1
  }
  return served
}

/** The same answer for one instant, without walking. */
export function turnServedAt(rotation: Rotation, at: Instant): Omit<ServedTurn, 'start' | 'end'> | null {
  if (rotation.since !== undefined && at < rotation.since) return null
  if (rotation.until !== undefined && at >= rotation.until) return null
  const turn = turnAt(rotation, at)
  const holder = holderAt(rosterOf(rotation), turn, at)
  return holder === null ? null : { rotation: rotation.name, turn, ...holder }
}

function pieces(roster: Roster, turn: number, within: Interval): readonly ServedTurn[] {
  const cuts = roster.boundaries.filter((at) => at > within.start && at < within.end)
  const starts = [within.start, ...cuts]
  const found: ServedTurn[] = []
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? within.end
    const holder = holderAt(roster, turn, start)
    if (holder === null) continue
    const last = found.at(-1)
    if (last !== undefined && last.end === start && last.person === holder.person) {
      found[found.length - 1] = { ...last, end }
    } else found.push({ rotation: roster.rotation.name, turn, start, end, ...holder })
  }
  return found
}

function later(a: Instant, b: Instant | undefined): Instant {
  return b !== undefined && b > a ? b : a
}
