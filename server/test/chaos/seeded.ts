// Chance that can be repeated: Park and Miller's generator, enough to choose what breaks next.
export interface Chance {
  /** From 0 up to and without 1. */
  next(): number
  below(limit: number): number
  between(from: number, to: number): number
  shuffle<T>(items: readonly T[]): T[]
}

export function chanceFrom(seed: number): Chance {
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return (state - 1) / 2_147_483_646
  }
  // The first numbers of neighbouring seeds are neighbours.
  for (let round = 0; round < 8; round += 1) next()
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (from, to) => from + next() * (to - from),
    shuffle: (items) => {
      const rest = [...items]
      return items.map(() => rest.splice(below(rest.length), 1)[0] as (typeof items)[number])
    },
  }
}
