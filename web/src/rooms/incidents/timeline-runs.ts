// In a storm a machine writes a thousand lines of one kind in a moment: they are one line that opens.
import type { TimelineEntry } from '../../shell/api.ts'

/** So many of one kind, one after the other, are one line. */
const fewestInRun = 5

export interface TimelineRun {
  /** The one that is shown. */
  readonly first: TimelineEntry
  /** Those behind it, in the same order. */
  readonly rest: readonly TimelineEntry[]
}

export function isPeople(item: TimelineEntry): boolean {
  return item.actor.kind === 'person' || item.actor.kind === 'link'
}

/** What people did always stands alone. In the order given. */
export function foldRuns(items: readonly TimelineEntry[]): readonly TimelineRun[] {
  const runs: TimelineRun[] = []
  for (let from = 0; from < items.length; ) {
    const first = items[from]
    if (first === undefined) break
    let to = from + 1
    while (to < items.length && isAlike(first, items[to])) to += 1
    const own = items.slice(from, to)
    if (own.length >= fewestInRun) runs.push({ first, rest: own.slice(1) })
    else runs.push(...own.map((each) => ({ first: each, rest: [] })))
    from = to
  }
  return runs
}

function isAlike(first: TimelineEntry, other: TimelineEntry | undefined): boolean {
  return other !== undefined && other.type === first.type && !isPeople(first) && !isPeople(other)
}
