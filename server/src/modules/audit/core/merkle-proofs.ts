// Inclusion and consistency proofs of RFC 9162, sections 2.1.3 and 2.1.4. A proof is described by the ranges whose
// roots it consists of, so that a store can answer from cached subtrees instead of reading every leaf.
import { type Hash, sameBytes } from './bytes.ts'
import { nodeHash, splitPoint } from './merkle-tree.ts'

/** Leaves [start, end): either a perfect subtree, or the ragged right edge of the tree. */
export interface LeafRange {
  readonly start: number
  readonly end: number
}

/** The ranges that prove leaf `index` lies in the tree of `size` leaves, nearest sibling first. */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`Leaf ${index} is outside a tree of ${size}.`)
  const path: LeafRange[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    if (index < middle) {
      path.push({ start: middle, end })
      end = middle
    } else {
      path.push({ start, end: middle })
      start = middle
    }
  }
  return path.reverse()
}

/** The ranges that prove the tree of `older` leaves is a prefix of the tree of `newer`. Empty when they are equal. */
export function consistencyRanges(older: number, newer: number): readonly LeafRange[] {
  if (!(older >= 1 && older <= newer)) throw new RangeError(`No consistency proof from ${older} to ${newer}.`)
  const path: LeafRange[] = []
  let [start, end] = [0, newer]
  // The old tree ends at `older`; while that edge runs on the left border its root is known to the verifier.
  while (end !== older) {
    const middle = start + splitPoint(end - start)
    if (older <= middle) {
      path.push({ start: middle, end })
      end = middle
    } else {
      path.push({ start, end: middle })
      start = middle
    }
  }
  if (start !== 0) path.push({ start, end })
  return path.reverse()
}

/** A proof from the roots of its ranges. */
export function proofOf(ranges: readonly LeafRange[], rootOf: (range: LeafRange) => Uint8Array): readonly Uint8Array[] {
  return ranges.map(rootOf)
}

export interface InclusionClaim {
  readonly leaf: Uint8Array
  readonly index: number
  readonly size: number
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** RFC 9162 section 2.1.3.2. */
export function verifyInclusion(hash: Hash, claim: InclusionClaim): boolean {
  const { leaf, index, size, proof, root } = claim
  if (!isCount(index) || !isCount(size) || index >= size) return false
  let [position, last, node] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      node = nodeHash(hash, sibling, node)
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)]
    } else node = nodeHash(hash, node, sibling)
    ;[position, last] = [half(position), half(last)]
  }
  return last === 0 && sameBytes(node, root)
}

export interface ConsistencyClaim {
  readonly older: { readonly size: number; readonly root: Uint8Array }
  readonly newer: { readonly size: number; readonly root: Uint8Array }
  readonly proof: readonly Uint8Array[]
}

/** RFC 9162 section 2.1.4.2. The empty tree is a prefix of every tree and needs an empty proof. */
export function verifyConsistency(hash: Hash, { older, newer, proof }: ConsistencyClaim): boolean {
  if (!isCount(older.size) || !isCount(newer.size) || older.size > newer.size) return false
  if (older.size === 0) return proof.length === 0 && sameBytes(older.root, hash(new Uint8Array(0)))
  if (older.size === newer.size) return proof.length === 0 && sameBytes(older.root, newer.root)
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof
  const [first, ...rest] = path
  if (first === undefined) return false
  let [position, last] = [older.size - 1, newer.size - 1]
  while (position % 2 === 1) [position, last] = [half(position), half(last)]
  let [oldNode, newNode] = [first, first]
  for (const step of rest) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      oldNode = nodeHash(hash, step, oldNode)
      newNode = nodeHash(hash, step, newNode)
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)]
    } else newNode = nodeHash(hash, newNode, step)
    ;[position, last] = [half(position), half(last)]
  }
  return last === 0 && sameBytes(oldNode, older.root) && sameBytes(newNode, newer.root)
}

const half = (value: number): number => Math.floor(value / 2)
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

function isPowerOfTwo(value: number): boolean {
  let rest = value
  while (rest % 2 === 0 && rest > 1) rest /= 2
  return rest === 1
}
