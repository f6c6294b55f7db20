// Seeded randomness: the same seed gives the same customers and the same payment latencies.

export interface Random {
  /** Evenly spread over [0, 1). */
  next(): number
}

/** Mulberry32: 32 bits of state are plenty for a shop. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
    },
  }
}

/** FNV-1a, so that each service draws from a sequence of its own. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash
}

export function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random.next() * choices.length)] ?? choices[0]
}

/** Log-normal, the usual shape of a service time: `spread` 0.35 puts the 99th percentile at 2.3 times the median. */
export function serviceTime(random: Random, medianMs: number, spread: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return medianMs * Math.exp(spread * radius * Math.cos(2 * Math.PI * random.next()))
}

/** Time until the next arrival of a Poisson process. */
export function arrivalGap(random: Random, perSecond: number): number {
  return (-Math.log(1 - random.next()) / perSecond) * 1_000
}
