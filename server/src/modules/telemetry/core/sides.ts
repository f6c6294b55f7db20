// An indicator is counted by two of three series: good, bad, total. They arrive apart and late, so a slice keeps the
// sides as they came and derives good and bad from them; a late side then yields an exact correction.
import type { Instant } from '../../../kernel/instant.ts'
import type { SliceDelta } from './slice.ts'

export const sides = ['good', 'bad', 'total'] as const
export type Side = (typeof sides)[number]

/** Which two sides an indicator is given by. */
export const sideForms = ['good-bad', 'good-total', 'bad-total'] as const
export type SideForm = (typeof sideForms)[number]

export interface SideCounts {
  readonly good: number
  readonly bad: number
  readonly total: number
}

export const noCounts: SideCounts = { good: 0, bad: 0, total: 0 }

export type SideFinding = 'good-over-total' | 'bad-over-total'

export interface Resolved {
  readonly good: number
  readonly bad: number
  /** A side claims more than the total: counted as the whole total, never a ratio above 1. */
  readonly finding: SideFinding | null
}

export function resolveSides(counts: SideCounts, form: SideForm): Resolved {
  const { good, bad, total } = counts
  if (form === 'good-bad') return { good, bad, finding: null }
  if (form === 'good-total')
    return good > total
      ? { good: total, bad: 0, finding: 'good-over-total' }
      : { good, bad: total - good, finding: null }
  return bad > total ? { good: 0, bad: total, finding: 'bad-over-total' } : { good: total - bad, bad, finding: null }
}

export interface SideStep {
  readonly counts: SideCounts
  /** What the addition changes in the derived good and bad; may be negative for one of them. */
  readonly delta: SliceDelta
  readonly finding: SideFinding | null
}

export function addSide(
  sliceStart: Instant,
  counts: SideCounts,
  added: { readonly side: Side; readonly count: number },
  form: SideForm,
): SideStep {
  const before = resolveSides(counts, form)
  const after = { ...counts, [added.side]: counts[added.side] + added.count }
  const resolved = resolveSides(after, form)
  const delta = { sliceStart, good: resolved.good - before.good, bad: resolved.bad - before.bad }
  return { counts: after, delta, finding: resolved.finding }
}
