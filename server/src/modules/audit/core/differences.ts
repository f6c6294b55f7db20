// Names what was done to a sequence of entries, given where each of them stands in the leaf index.

export type Difference =
  | { readonly kind: 'edited' | 'deleted' | 'inserted' | 'repeated'; readonly at: number }
  /** The entry of place `from` stands at `at` in the list. */
  | { readonly kind: 'reordered'; readonly at: number; readonly from: number }
  /** Everything from `at` on is missing. */
  | { readonly kind: 'truncated'; readonly at: number; readonly missing: number }

/**
 * `places[k]` is the place in the index of the k-th entry after `start`, or null when no leaf has its hash; the
 * entries before `start` stand where they should. `size` is the number of leaves. At most `limit` differences.
 * The longest run that is still in order is taken for untouched; what lies between its members was done.
 */
export function nameDifferences(
  places: readonly (number | null)[],
  start: number,
  size: number,
  limit: number,
): readonly Difference[] {
  const found: Difference[] = []
  const seen = new Set<number>()
  const once = places.map((place) => {
    const repeated = place !== null && (place < start || seen.has(place))
    if (place !== null) seen.add(place)
    return repeated ? -1 : (place ?? Number.NaN)
  })
  const kept = longestOrdered(once)
  let nextPlace = start
  let strangers: number[] = []

  const closeGap = (until: number, atEnd: boolean): void => {
    const lost: number[] = []
    for (let place = nextPlace; place < until && lost.length <= limit; place += 1)
      if (!seen.has(place)) lost.push(place)
    const pairs = Math.min(lost.length, strangers.length)
    for (const place of lost.slice(0, pairs)) found.push({ kind: 'edited', at: place })
    for (const at of strangers.slice(pairs)) found.push({ kind: 'inserted', at })
    const rest = lost.slice(pairs)
    const [firstLost] = rest
    if (atEnd && firstLost !== undefined) {
      // Only a run that reaches the end is a cut; what was lost before it was deleted one by one.
      let cut = until
      while (cut > firstLost && !seen.has(cut - 1)) cut -= 1
      for (const place of rest) if (place < cut) found.push({ kind: 'deleted', at: place })
      found.push({ kind: 'truncated', at: cut, missing: until - cut })
    } else for (const place of rest) found.push({ kind: 'deleted', at: place })
    strangers = []
  }

  for (const [k, place] of once.entries()) {
    if (found.length >= limit) break
    if (kept.has(k)) {
      closeGap(place, false)
      nextPlace = place + 1
    } else if (Number.isNaN(place)) strangers.push(start + k)
    else if (place < 0) found.push({ kind: 'repeated', at: start + k })
    else found.push({ kind: 'reordered', at: Math.min(place, start + k), from: place })
  }
  if (found.length < limit) closeGap(size, true)
  return found.sort((a, b) => a.at - b.at).slice(0, limit)
}

/** Positions k of a longest increasing run of `values`; negative values and NaN take no part. O(n log n). */
function longestOrdered(values: readonly number[]): ReadonlySet<number> {
  const tails: number[] = []
  const previous = new Int32Array(values.length).fill(-1)
  for (const [k, value] of values.entries()) {
    if (!(value >= 0)) continue
    let [low, high] = [0, tails.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1
      else high = middle
    }
    const before = tails[low - 1]
    if (before !== undefined) previous[k] = before
    tails[low] = k
  }
  const kept = new Set<number>()
  for (let k = tails.at(-1) ?? -1; k >= 0; k = previous[k] ?? -1) kept.add(k)
  return kept
}
