// The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1.1), grown leaf by leaf from its frontier.
import { concat, type Hash } from './bytes.ts'

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

export function leafHash(hash: Hash, data: Uint8Array): Uint8Array {
  return hash(concat(leafPrefix, data))
}

export function nodeHash(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash(concat(nodePrefix, left, right))
}

/** The roots of the perfect subtrees a tree of this size is made of, widest first: one for each 1 bit of `size`. */
export interface Frontier {
  readonly size: number
  readonly peaks: readonly Uint8Array[]
}

export const emptyFrontier: Frontier = { size: 0, peaks: [] }

/** O(log n) in the worst case, one node hash on average. */
export function append(hash: Hash, frontier: Frontier, leaf: Uint8Array): Frontier {
  const peaks = [...frontier.peaks]
  let node = leaf
  // As a binary counter: every trailing 1 of the size is a peak of the width now completed. Sizes exceed 32 bits: no shifts.
  for (let rest = frontier.size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = peaks.pop()
    if (left === undefined) throw new Error('Invariant broken: a frontier holds one peak for each 1 bit of its size')
    node = nodeHash(hash, left, node)
  }
  peaks.push(node)
  return { size: frontier.size + 1, peaks }
}

export function frontierRoot(hash: Hash, frontier: Frontier): Uint8Array {
  const narrowest = frontier.peaks.at(-1)
  if (narrowest === undefined) return hash(new Uint8Array(0))
  return frontier.peaks.slice(0, -1).reduceRight((right, left) => nodeHash(hash, left, right), narrowest)
}

/** True for a frontier read back from storage that can be one: the right number of peaks, each 32 bytes. */
export function isFrontier(frontier: Frontier): boolean {
  let ones = 0
  for (let rest = frontier.size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return (
    Number.isSafeInteger(frontier.size) &&
    frontier.size >= 0 &&
    frontier.peaks.length === ones &&
    frontier.peaks.every((peak) => peak.length === 32)
  )
}

/** The largest power of two smaller than `size`, which is at least 2. */
export function splitPoint(size: number): number {
  let k = 1
  while (k * 2 < size) k *= 2
  return k
}

/** The root over leaves [start, end), by the definition of the RFC. Oracle of the frontier and source of proofs. */
export function rangeRoot(hash: Hash, leafAt: (index: number) => Uint8Array, start: number, end: number): Uint8Array {
  if (end <= start) return hash(new Uint8Array(0))
  if (end - start === 1) return leafAt(start)
  const middle = start + splitPoint(end - start)
  return nodeHash(hash, rangeRoot(hash, leafAt, start, middle), rangeRoot(hash, leafAt, middle, end))
}
