// The order in which messages leave. Each lane has its own workers, so a full lower lane cannot delay a higher one;
// within a lane this order decides.
import { type AlertSeverity, alertSeverities } from '../../../kernel/severity.ts'

/** A page; news about one (acknowledged, resolved, hand-over); status and chat edits; digests and exports. */
export const lanes = ['page', 'update', 'status', 'digest'] as const
export type Lane = (typeof lanes)[number]

export interface Queued {
  readonly lane: Lane
  readonly severity: AlertSeverity
  /** The first message of its page to this person. */
  readonly first: boolean
  readonly dueAt: number
  /** When the person was last sent anything; null when never. One loud service must not starve the others. */
  readonly lastContactedAt: number | null
}

/** Lane, then severity, then first messages before further ones, then who has waited longest for anything, then due time. */
export function compareQueued(a: Queued, b: Queued): number {
  return (
    lanes.indexOf(a.lane) - lanes.indexOf(b.lane) ||
    alertSeverities.indexOf(a.severity) - alertSeverities.indexOf(b.severity) ||
    Number(b.first) - Number(a.first) ||
    (a.lastContactedAt ?? Number.MIN_SAFE_INTEGER) - (b.lastContactedAt ?? Number.MIN_SAFE_INTEGER) ||
    a.dueAt - b.dueAt
  )
}
