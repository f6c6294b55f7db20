// One seeded source of chance. Streams are named, so that a draw added in one place does not move all the others.

export interface Random {
  /** In [0, 1). */
  next(): number
  /** Whole numbers from `least` to `most`, both included. */
  whole(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** With a long tail, as waiting times have; never more than twenty times the mean. */
  wait(meanMs: number): number
  shuffle<T>(list: readonly T[]): readonly T[]
}

/** FNV-1a, 32 bits: also the digest of a run. */
export function hash(text: string, seed = 0x811c9dc5): number {
  let value = seed
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index)
    value = Math.imul(value, 0x01000193)
  }
  return value >>> 0
}

/** sfc32, seeded by the name of the stream and the seed of the run. */
export function randomOf(seed: number, stream: string): Random {
  let [a, b, c, counter] = [hash(stream), seed >>> 0, hash(`${seed}/${stream}`), 1]
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let round = 0; round < 15; round += 1) next()
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const found = list[whole(0, list.length - 1)]
      if (found === undefined) throw new RangeError('Nothing to pick from.')
      return found
    },
    wait: (meanMs) => Math.round(meanMs * Math.min(20, -Math.log(1 - next()))),
    shuffle: (list) => {
      const left = [...list]
      return list.flatMap(() => left.splice(whole(0, left.length - 1), 1))
    },
  }
}
