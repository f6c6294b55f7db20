// While an input method composes a word, the text field must not be touched: what others write waits, and what was
// composed is then placed where its surroundings are by now.
import type { Splice } from '../../../../../server/src/modules/postmortems/core/index.ts'

/** One change of a text, as Yjs tells it: keep so many, insert this, delete so many. */
export type Delta = readonly {
  readonly retain?: number | undefined
  readonly insert?: unknown
  readonly delete?: number | undefined
}[]

/** What to do, one after the other, so that the splice of the text as it was then is made in the text as it is now. */
export function rebase(splice: Splice, missed: readonly Delta[]): readonly Splice[] {
  let gap = splice.index
  let removed: readonly number[] = Array.from({ length: splice.remove }, (_, at) => splice.index + at)
  for (const delta of missed) {
    gap = placeOfGap(gap, delta)
    removed = removed.flatMap((at) => placeOf(at, delta) ?? [])
  }
  const steps: Splice[] = []
  // From the end, so that a removal moves nothing that is still to be removed.
  for (const at of [...removed].reverse()) {
    const last = steps.at(-1)
    if (last?.index === at + 1) steps[steps.length - 1] = { index: at, remove: last.remove + 1, insert: '' }
    else steps.push({ index: at, remove: 1, insert: '' })
  }
  if (splice.insert === '') return steps
  const before = removed.filter((at) => at < gap).length
  return [...steps, { index: gap - before, remove: 0, insert: splice.insert }]
}

const lengthOf = (insert: unknown): number => (typeof insert === 'string' ? insert.length : 1)

/** Where a character is after the change; null when it was deleted. */
function placeOf(at: number, delta: Delta): number | null {
  let [old, now] = [0, 0]
  for (const { retain, insert, delete: gone } of delta) {
    if (insert !== undefined) now += lengthOf(insert)
    else if (gone !== undefined) {
      if (at < old + gone) return null
      old += gone
    } else if (retain !== undefined) {
      if (at < old + retain) return now + at - old
      old += retain
      now += retain
    }
  }
  return now + at - old
}

/** Where a place between two characters is after the change; what is inserted right there comes behind it. */
export function placeOfGap(at: number, delta: Delta): number {
  let [old, now] = [0, 0]
  for (const { retain, insert, delete: gone } of delta) {
    if (at <= old && insert !== undefined) return now
    if (insert !== undefined) now += lengthOf(insert)
    else if (gone !== undefined) {
      if (at <= old + gone) return now
      old += gone
    } else if (retain !== undefined) {
      if (at <= old + retain) return now + at - old
      old += retain
      now += retain
    }
  }
  return now + at - old
}
