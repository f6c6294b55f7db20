// What a change of a schedule does to people: every stretch in which the set of people differs.
import type { Instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { Shift } from './schedule.ts'

export interface ShiftChange extends Interval {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Sorted, disjoint; neighbours with the same people on both sides are one. */
export function compareShifts(
  before: readonly Shift[],
  after: readonly Shift[],
  window: Interval,
): readonly ShiftChange[] {
  const edges = [...before, ...after].flatMap((each) => [each.start, each.end])
  const inside = edges.filter((at) => at > window.start && at < window.end)
  const cuts = [...new Set([window.start, ...inside])].sort((a, b) => a - b)
  const [old, fresh] = [peopleOver(before), peopleOver(after)]
  const found: ShiftChange[] = []
  for (const [index, start] of cuts.entries()) {
    const end = cuts[index + 1] ?? window.end
    const [was, will] = [old(start), fresh(start)]
    if (was.join() === will.join()) continue
    const last = found.at(-1)
    if (
      last !== undefined &&
      last.end === start &&
      last.before.join() === was.join() &&
      last.after.join() === will.join()
    )
      found[found.length - 1] = { ...last, end }
    else found.push({ start, end, before: was, after: will })
  }
  return found
}

/** Asked for ascending instants. */
function peopleOver(shifts: readonly Shift[]): (at: Instant) => readonly string[] {
  const waiting = [...shifts].sort((a, b) => a.start - b.start)
  let next = 0
  let open: readonly Shift[] = []
  return (at) => {
    const from = next
    for (let each = waiting[next]; each !== undefined && each.start <= at; each = waiting[next]) next += 1
    open = [...open, ...waiting.slice(from, next)].filter((each) => each.end > at)
    return [...new Set(open.map((each) => each.person))].sort()
  }
}
