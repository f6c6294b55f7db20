// The leaf hashes of the journal in order, as the store keeps them and an export carries them: 32 bytes each.

export interface LeafIndex {
  readonly size: number
  /** The hash at a place in [0, size). */
  at(place: number): Uint8Array
}

/** Over one packed array (32 MB for a million entries). Null when the length is not a multiple of 32: it was cut. */
export function packedLeaves(bytes: Uint8Array): LeafIndex | null {
  if (bytes.length % 32 !== 0) return null
  return { size: bytes.length / 32, at: (place) => bytes.subarray(place * 32, place * 32 + 32) }
}

export function leavesOf(hashes: readonly Uint8Array[]): LeafIndex {
  return {
    size: hashes.length,
    at: (place) => {
      const leaf = hashes[place]
      if (leaf === undefined) throw new RangeError(`No leaf ${place} in an index of ${hashes.length}.`)
      return leaf
    },
  }
}

/** Six bytes of a hash as a number: a cheap key that a million leaves almost never share (1 pair in 560). */
function shortKey(hash: Uint8Array): number {
  let key = 0
  for (let i = 0; i < 6; i += 1) key = key * 256 + (hash[i] ?? 0)
  return key
}

/** Finds places by hash. Built only once a difference shows; about 50 MB for a million entries. */
export function placesByHash(leaves: LeafIndex, same: (a: Uint8Array, b: Uint8Array) => boolean) {
  const first = new Map<number, number>()
  const shared = new Map<number, number[]>()
  for (let place = 0; place < leaves.size; place += 1) {
    const key = shortKey(leaves.at(place))
    if (first.has(key)) shared.set(key, [...(shared.get(key) ?? []), place])
    else first.set(key, place)
  }
  return (hash: Uint8Array): number | null => {
    const key = shortKey(hash)
    const place = first.get(key)
    if (place === undefined) return null
    if (same(leaves.at(place), hash)) return place
    return shared.get(key)?.find((each) => same(leaves.at(each), hash)) ?? null
  }
}
