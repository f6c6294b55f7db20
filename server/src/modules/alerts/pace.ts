// How many of something come in a second, the newest counting most: what tells a storm from single alerts.
import { monotonicMs } from '../../platform/monotonic.ts'

export interface Pace {
  add(count: number): void
  /** Of about the last second. */
  perSecond(): number
}

const fadesMs = 1_000

export function createPace(clock: () => number = monotonicMs): Pace {
  let at = clock()
  let count = 0
  const perSecond = (): number => {
    const now = clock()
    count *= Math.exp((at - now) / fadesMs)
    at = now
    return count
  }
  return {
    perSecond,
    add: (more) => {
      count = perSecond() + more
    },
  }
}
