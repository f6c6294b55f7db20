// What a tier means when nothing else is said: the defaults of objectives, escalation, readiness and recovery.
// Source: our own defaults, in line with the request classes of the SRE workbook (99.99, 99.9, 99.5, 99 %).
import { hour, minute } from '../../../kernel/duration.ts'
import type { Tier } from '../../../kernel/severity.ts'

export interface TierDefaults {
  readonly tier: Tier
  readonly meaning: string
  /** Share of good events over 30 days. */
  readonly availabilityTarget: number
  /** Unanswered pages move to the next level after this. */
  readonly escalateAfterMs: number
  /** Recovery time and point objectives. */
  readonly rtoMs: number
  readonly rpoMs: number
  /** What a change gate does when the budget is spent. */
  readonly gate: 'refuse' | 'approve' | 'warn'
}

export const tierDefaults: readonly TierDefaults[] = [
  {
    tier: 0,
    meaning: 'The business stops without it',
    availabilityTarget: 0.9999,
    escalateAfterMs: 5 * minute,
    rtoMs: 15 * minute,
    rpoMs: minute,
    gate: 'refuse',
  },
  {
    tier: 1,
    meaning: 'Customers notice at once',
    availabilityTarget: 0.999,
    escalateAfterMs: 10 * minute,
    rtoMs: hour,
    rpoMs: 5 * minute,
    gate: 'refuse',
  },
  {
    tier: 2,
    meaning: 'Customers notice after a while',
    availabilityTarget: 0.995,
    escalateAfterMs: 15 * minute,
    rtoMs: 4 * hour,
    rpoMs: hour,
    gate: 'approve',
  },
  {
    tier: 3,
    meaning: 'Only we notice',
    availabilityTarget: 0.99,
    escalateAfterMs: 30 * minute,
    rtoMs: 24 * hour,
    rpoMs: 24 * hour,
    gate: 'warn',
  },
]
