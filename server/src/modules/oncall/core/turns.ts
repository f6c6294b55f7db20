// The turns of one rotation in a window: what a schedule is composed of.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { type Interval, intersection } from '../../../kernel/interval.ts'
import { gridOf } from './grid.ts'
import { windowsIn } from './hours.ts'
import { type Holder, holdersAt, type Roster, rosterOf } from './membership.ts'
import type { Rotation } from './rotation.ts'

export interface ServedTurn extends Interval, Holder {
  readonly rotation: string
  readonly turn: number
}

/** Sorted, cut to the window and to the hours. Turns cost one zone conversion each in the window, none before it. */
export function turnsIn(rotation: Rotation, window: Interval): readonly ServedTurn[] {
  const start = rotation.since !== undefined && rotation.since > window.start ? rotation.since : window.start
  const end = rotation.until !== undefined && rotation.until < window.end ? rotation.until : window.end
  if (start >= end) return []
  const within = { start, end }
  const grid = gridOf(rotation, end)
  const roster = rosterOf(rotation, grid, end)
  const open = rotation.hours === undefined ? null : windowsIn(rotation.zone, rotation.hours, within)
  const served: ServedTurn[] = []
  let first = 0
  for (const slot of grid.slotsIn(within)) {
    const inside = intersection(slot, within)
    if (inside === null) continue
    if (open === null) {
      served.push(...pieces(roster, slot.index, inside))
      continue
    }
    // Slots ascend by their start: windows that ended before one begins are behind all later ones.
    for (let each = open[first]; each !== undefined && each.end <= inside.start; each = open[first]) first += 1
    for (let index = first; ; index += 1) {
      const each = open[index]
      if (each === undefined || each.start >= inside.end) break
      const piece = intersection(each, inside)
      if (piece !== null) served.push(...pieces(roster, slot.index, piece))
    }
  }
  return served
}

/** The same answer for one instant: a window of a millisecond. */
export function turnsServedAt(rotation: Rotation, at: Instant): readonly ServedTurn[] {
  return turnsIn(rotation, { start: at, end: instant(at + 1) })
}

function pieces(roster: Roster, turn: number, within: Interval): readonly ServedTurn[] {
  const cuts = roster.boundaries.filter((at) => at > within.start && at < within.end)
  const starts = [within.start, ...cuts]
  const found: ServedTurn[] = []
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? within.end
    for (const holder of holdersAt(roster, turn, start)) {
      const last = found.findLast((each) => each.person === holder.person && each.end === start)
      const before = last === undefined ? -1 : found.indexOf(last)
      if (last !== undefined) found[before] = { ...last, end }
      else found.push({ rotation: roster.rotation.name, turn, start, end, ...holder })
    }
  }
  return found
}
