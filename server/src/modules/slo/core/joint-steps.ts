// Time seen by several objectives at once: a step is bad for a journey when a part it needs was bad in it. Exact where
// failures coincide, which a product of shares is not.
import type { MissingPolicy } from './journey.ts'
import { type Steps, stepStates } from './member-tally.ts'

const { idle, good, bad, unknown, leftOut } = stepStates

/** All are needed. One bad part decides; what is not known of the others cannot make it good. */
export function serialSteps(parts: readonly Steps[], missing: MissingPolicy): Steps {
  return combine(parts, (seen) => {
    if (seen.bad > 0) return bad
    if (seen.unknown > 0) {
      if (missing === 'bad') return bad
      if (missing === 'unknown' || seen.good + seen.idle === 0) return unknown
    }
    return seen.good > 0 ? good : seen.idle > 0 ? idle : leftOut
  })
}

/** `need` of them are enough. */
export function anyOfSteps(parts: readonly Steps[], need: number): Steps {
  return combine(parts, (seen) => {
    if (seen.good + seen.idle >= need) return seen.good > 0 ? good : idle
    if (seen.good + seen.idle + seen.unknown + seen.leftOut < need) return bad
    return seen.unknown > 0 ? unknown : seen.bad > 0 ? bad : leftOut
  })
}

interface Seen {
  readonly idle: number
  readonly good: number
  readonly bad: number
  readonly unknown: number
  readonly leftOut: number
}

function combine(parts: readonly Steps[], judge: (seen: Seen) => number): Steps {
  const steps = new Uint8Array(parts.length === 0 ? 0 : Math.min(...parts.map((each) => each.length)))
  const counts = [0, 0, 0, 0, 0]
  for (let step = 0; step < steps.length; step += 1) {
    counts.fill(0)
    for (const part of parts) {
      const state = part[step] ?? unknown
      counts[state] = (counts[state] ?? 0) + 1
    }
    steps[step] = judge({
      idle: counts[idle] ?? 0,
      good: counts[good] ?? 0,
      bad: counts[bad] ?? 0,
      unknown: counts[unknown] ?? 0,
      leftOut: counts[leftOut] ?? 0,
    })
  }
  return steps
}

export interface StepCounts {
  readonly good: number
  readonly bad: number
  readonly unknown: number
  readonly idle: number
}

export function countSteps(steps: Steps): StepCounts {
  const counts = { good: 0, bad: 0, unknown: 0, idle: 0 }
  for (const state of steps) {
    if (state === good) counts.good += 1
    else if (state === bad) counts.bad += 1
    else if (state === unknown) counts.unknown += 1
    else if (state === idle) counts.idle += 1
  }
  return counts
}

/** Steps in which this part was bad, and those in which no other was: whom the journey has to thank for them. */
export function blameOf(part: Steps, others: readonly Steps[]): { readonly bad: number; readonly alone: number } {
  let [count, alone] = [0, 0]
  for (let step = 0; step < part.length; step += 1) {
    if (part[step] !== bad) continue
    count += 1
    if (others.every((other) => other[step] !== bad)) alone += 1
  }
  return { bad: count, alone }
}
