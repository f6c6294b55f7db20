// A short name for a series, made once for each point that comes in: some hundred characters in well under a microsecond. Not
// for anything an attacker may choose to collide in: two of ten thousand series of one sender meet once in 10^8 senders.
import type { Attributes } from '../selector.ts'

export interface Hash {
  readonly high: number
  readonly low: number
}

/** Order of attributes does not matter. */
export function hashAttributes(attributes: Attributes, without: string | null = null): Hash {
  let [high, low] = [0x9e3779b9, 0x85ebca6b]
  for (const [key, value] of attributes) {
    if (key === without) continue
    const each = hashText(value, hashText(key, start))
    high = (high + each.high) | 0
    low = (low + each.low) | 0
  }
  return { high, low }
}

const known = new Map<Attributes, Hash>()
const mostKnown = 100_000

/** Of attributes that are the same object with every request. */
export function hashRemembered(attributes: Attributes): Hash {
  const found = known.get(attributes)
  if (found !== undefined) return found
  const hash = hashAttributes(attributes)
  if (known.size >= mostKnown) known.clear()
  known.set(attributes, hash)
  return hash
}

const start: Hash = { high: 0xdeadbeef, low: 0x41c6ce57 }

export function hashText(text: string, from: Hash = start): Hash {
  let [high, low] = [from.high ^ text.length, from.low]
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  // Mixed at the end, or texts that differ in their last letter only would stay neighbours.
  const mixed = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  return { high: mixed, low: Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(mixed ^ (mixed >>> 13), 3266489909) }
}

export const joinHashes = (a: Hash, b: Hash): Hash => ({
  high: Math.imul(a.high, 31) ^ b.high,
  low: Math.imul(a.low, 37) ^ b.low,
})

export const hashName = ({ high, low }: Hash): string =>
  (high >>> 0).toString(36).padStart(7, '0') + (low >>> 0).toString(36)
