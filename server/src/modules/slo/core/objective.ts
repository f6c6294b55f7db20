// What a definition may say of its comparison and its slices.
import { minute } from '../../../kernel/duration.ts'

export const comparisons = ['lte', 'gte', 'lt', 'gt'] as const
export type Comparison = (typeof comparisons)[number]

/** Slices must be cut alike everywhere: whole divisors of a minute, or whole minutes. Null when they are. */
export function sliceFault(sliceMs: number): string | null {
  const fits = sliceMs >= 1_000 && (sliceMs <= minute ? minute % sliceMs === 0 : sliceMs % minute === 0)
  return fits ? null : 'A slice is a whole number of seconds that divides a minute, or a whole number of minutes.'
}
