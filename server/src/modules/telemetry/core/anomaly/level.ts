// A running middle and the usual distance from it. Old points fade with a half-life; a point far out moves them no
// more than one at the edge of the usual would, so an outlier cannot poison what is held to be usual.

export interface Level {
  readonly points: number
  readonly middle: number
  /** Mean distance from the middle, of points pulled in to the edge. */
  readonly spread: number
}

export const unknownLevel: Level = { points: 0, middle: 0, spread: 0 }

// Before so many points the spread is not known well enough to call anything far.
const pointsUntilEdge = 10

/** Learns as a plain average at first, then forgets half in `halfLife` points. `edge` is counted in spreads. */
export function learn(level: Level, value: number, halfLife: number, edge: number): Level {
  const points = level.points + 1
  if (points === 1) return { points, middle: value, spread: 0 }
  const rate = Math.max(rateOf(halfLife), 1 / points)
  const distance = value - level.middle
  const limit = level.points > pointsUntilEdge && level.spread > 0 ? edge * level.spread : Math.abs(distance)
  const taken = Math.max(-limit, Math.min(limit, distance))
  return {
    points,
    middle: level.middle + rate * taken,
    spread: level.spread + rate * (Math.abs(taken) - level.spread),
  }
}

export function rateOf(halfLife: number): number {
  return 1 - 0.5 ** (1 / halfLife)
}
