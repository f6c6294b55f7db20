// Which alerts are open, however many, in few bytes: what is asked of it is only whether one that is repeated is known.

const bytesEach = 8

/** Whether the alert of this identity was open, as far as is known. */
export interface OpenSet {
  has(identity: string): boolean
  /** It ended since: when it fires again it is another episode. */
  end(identity: string): void
  readonly size: number
}

/**
 * `packed`: the first eight bytes of each identity (128 bits of SHA-256), in any order. That two of a hundred thousand share
 * them happens once in four billion installations.
 */
export function openSet(packed: Uint8Array): OpenSet {
  const count = Math.floor(packed.length / bytesEach)
  const view = new DataView(packed.buffer, packed.byteOffset, count * bytesEach)
  const sorted = BigUint64Array.from({ length: count }, (_, place) => view.getBigUint64(place * bytesEach)).sort()
  const ended = new Set<bigint>()
  return {
    size: count,
    has: (identity) => {
      const wanted = startOf(identity)
      return isIn(sorted, wanted) && !ended.has(wanted)
    },
    end: (identity) => void ended.add(startOf(identity)),
  }
}

/** Of 32 hexadecimal digits. */
const startOf = (identity: string): bigint => BigInt(`0x${identity.slice(0, 2 * bytesEach)}`)

function isIn(sorted: BigUint64Array, wanted: bigint): boolean {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? wanted) < wanted) from = middle + 1
    else to = middle
  }
  return sorted[from] === wanted
}
