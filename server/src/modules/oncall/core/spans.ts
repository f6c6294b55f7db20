// Arithmetic on sorted, disjoint intervals (what `union` answers): each in one pass.
import { instant } from '../../../kernel/instant.ts'
import { type Interval, intersection } from '../../../kernel/interval.ts'

export const lengthOf = (spans: readonly Interval[]): number =>
  spans.reduce((sum, each) => sum + each.end - each.start, 0)

export function intersections(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  const found: Interval[] = []
  let from = 0
  for (const each of a) {
    for (let other = b[from]; other !== undefined && other.end <= each.start; other = b[from]) from += 1
    for (let index = from; ; index += 1) {
      const other = b[index]
      if (other === undefined || other.start >= each.end) break
      const both = intersection(each, other)
      if (both !== null) found.push(both)
    }
  }
  return found
}

/** What of `a` no interval of `b` covers. */
export function without(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  const found: Interval[] = []
  let from = 0
  for (const each of a) {
    for (let other = b[from]; other !== undefined && other.end <= each.start; other = b[from]) from += 1
    let at: number = each.start
    for (let index = from; at < each.end; index += 1) {
      const other = b[index]
      if (other === undefined || other.start >= each.end) break
      if (other.start > at) found.push({ start: instant(at), end: other.start })
      at = Math.max(at, other.end)
    }
    if (at < each.end) found.push({ start: instant(at), end: each.end })
  }
  return found
}

export const overlap = (a: readonly Interval[], b: readonly Interval[]): number => lengthOf(intersections(a, b))
