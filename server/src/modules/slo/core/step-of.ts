// In which steps objectives with slices of their own lengths are seen together.
import { hour } from '../../../kernel/duration.ts'

/** Longer steps would hide what happened within them. */
export const longestStepMs = hour

/** The shortest stretch that is whole slices of each; null when none of an hour or less is. */
export function stepOf(sliceLengths: readonly number[]): number | null {
  const common = sliceLengths.reduce((a, b) => (a / divisor(a, b)) * b, 1)
  return common <= longestStepMs ? common : null
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}
