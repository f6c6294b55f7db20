// About how many different series there are, in bounded memory. Up to `mostExact` hashes are kept and counted; beyond that
// HyperLogLog with 512 registers: off by 4.6 % in two of three cases. Both can be added up over batches, processes and days.
import type { Hash } from '../signals/series-hash.ts'

export const mostExact = 64
const bits = 9
const registers = 2 ** bits

export interface Distinct {
  /** While there are few: the hashes themselves. */
  readonly few: ReadonlySet<number> | null
  readonly many: Uint8Array | null
}

export const noneSeen: Distinct = { few: new Set(), many: null }

/** Changed in place: it is asked for every point. */
export class DistinctCounter {
  #few: Set<number> | null
  #many: Uint8Array | null

  constructor(from: Distinct = noneSeen) {
    this.#few = from.few === null ? null : new Set(from.few)
    this.#many = from.many === null ? null : from.many.slice()
  }

  add({ high, low }: Hash): void {
    const hash = (high ^ Math.imul(low, 0x9e3779b1)) >>> 0
    if (this.#few === null) {
      raise(this.#many ?? new Uint8Array(registers), hash)
      return
    }
    this.#few.add(hash)
    if (this.#few.size <= mostExact) return
    this.#many = registersOf(this.#few)
    this.#few = null
  }

  read(): Distinct {
    return { few: this.#few, many: this.#many }
  }
}

function raise(into: Uint8Array, hash: number): void {
  const index = hash >>> (32 - bits)
  const rank = Math.clz32(((hash << bits) | (1 << (bits - 1))) >>> 0) + 1
  if (rank > (into[index] ?? 0)) into[index] = rank
}

function registersOf(hashes: ReadonlySet<number>): Uint8Array {
  const many = new Uint8Array(registers)
  for (const hash of hashes) raise(many, hash)
  return many
}

export function mergeDistinct(a: Distinct, b: Distinct): Distinct {
  if (a.few !== null && b.few !== null) {
    const few = new Set([...a.few, ...b.few])
    return few.size <= mostExact ? { few, many: null } : { few: null, many: registersOf(few) }
  }
  const [left, right] = [a, b].map((each) => each.many ?? registersOf(each.few ?? new Set()))
  return {
    few: null,
    many: (left ?? new Uint8Array(registers)).map((rank, index) => Math.max(rank, right?.[index] ?? 0)),
  }
}

export function countDistinct({ few, many }: Distinct): number {
  if (few !== null) return few.size
  if (many === null) return 0
  const sum = many.reduce((all, rank) => all + 2 ** -rank, 0)
  const empty = many.reduce((all, rank) => all + (rank === 0 ? 1 : 0), 0)
  const estimate = ((0.7213 / (1 + 1.079 / registers)) * registers ** 2) / sum
  return Math.round(estimate <= 2.5 * registers && empty > 0 ? registers * Math.log(registers / empty) : estimate)
}

/** `f` and base 36, or `m` and one character for each register. */
export function writeDistinct({ few, many }: Distinct): string {
  if (few !== null) return `f${[...few].map((hash) => hash.toString(36)).join(',')}`
  return `m${[...(many ?? new Uint8Array(registers))].map((rank) => rank.toString(36)).join('')}`
}

export function readDistinct(text: string): Distinct {
  const [kind, rest] = [text[0], text.slice(1)]
  if (kind !== 'f' && (kind !== 'm' || rest.length !== registers)) return noneSeen
  if (kind === 'm') return { few: null, many: Uint8Array.from(rest, (each) => Number.parseInt(each, 36) || 0) }
  const hashes = rest === '' ? [] : rest.split(',').map((each) => Number.parseInt(each, 36))
  return { few: new Set(hashes.filter((hash) => Number.isSafeInteger(hash))), many: null }
}
