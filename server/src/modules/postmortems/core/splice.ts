// The one place in which two texts differ: what turns the first into the second by one removal and one insertion.

export interface Splice {
  readonly index: number
  readonly remove: number
  readonly insert: string
}

/**
 * `caret` is where the writer stands in the second text: among equal characters ("aa" → "aaa") it says which one is new.
 * Never between the two halves of a surrogate pair, which would tear the character for everybody.
 */
export function spliceBetween(before: string, after: string, caret: number | null = null): Splice | null {
  if (before === after) return null
  const shorter = Math.min(before.length, after.length)
  const rest = caret === null ? 0 : Math.max(0, after.length - caret)
  // What stands behind the caret was there before, as far as it agrees.
  let tail = 0
  while (tail < Math.min(rest, shorter) && sameFromEnd(before, after, tail)) tail += 1
  let head = 0
  while (head < shorter - tail && before[head] === after[head]) head += 1
  while (tail < shorter - head && sameFromEnd(before, after, tail)) tail += 1
  if (isTorn(before, head) || isTorn(after, head)) head -= 1
  if (isTorn(before, before.length - tail) || isTorn(after, after.length - tail)) tail -= 1
  return { index: head, remove: before.length - tail - head, insert: after.slice(head, after.length - tail) }
}

const sameFromEnd = (a: string, b: string, offset: number): boolean =>
  a[a.length - 1 - offset] === b[b.length - 1 - offset]

/** A cut at `index` would part a high surrogate from its low one. */
function isTorn(text: string, index: number): boolean {
  const [high, low] = [text.charCodeAt(index - 1), text.charCodeAt(index)]
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff
}
