// Classic histograms of Prometheus come edge by edge, and remote write spreads the edges of one over several requests. They
// are put together here: a scrape of a histogram counts when all its edges have come.
import { type ExplicitHistogram, fromClassicBuckets } from '../histogram-model.ts'

/** Edges that came, by the time of their scrape. */
export type Waiting = Readonly<Record<string, Readonly<Record<string, number>>>>

export interface Assembled {
  readonly waiting: Waiting
  readonly whole: readonly { readonly at: number; readonly value: ExplicitHistogram }[]
}

/**
 * With edges known from before, a scrape is whole when it has them all; of a histogram never seen, when a later scrape has
 * begun to come. One that still misses an edge when two later ones are there has other edges now, and is taken as it is.
 */
export function assemble(waiting: Waiting, before: readonly number[] | null, afterAt: number): Assembled {
  let known = before
  const times = Object.keys(waiting)
    .map(Number)
    .filter((at) => at > afterAt)
    .sort((a, b) => a - b)
  const whole: { at: number; value: ExplicitHistogram }[] = []
  const left: Record<string, Readonly<Record<string, number>>> = {}
  for (const [index, at] of times.entries()) {
    const edges = waiting[at] ?? {}
    const later = times.length - 1 - index
    const value = fromClassicBuckets(Object.entries(edges).map(([le, count]) => ({ le, count })))
    if (typeof value !== 'string' && (later >= 2 || isWhole(value, known, later))) {
      whole.push({ at, value })
      known = value.bounds
    } else if (later < 2) left[at] = edges
  }
  return { waiting: left, whole }
}

function isWhole({ bounds }: ExplicitHistogram, known: readonly number[] | null, later: number): boolean {
  return known === null ? later >= 1 : known.every((bound) => bounds.includes(bound))
}
