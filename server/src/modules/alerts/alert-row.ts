// The row of an alert, and what it is when it was just written.
import type { Instant } from '../../kernel/instant.ts'
import type { AlertSeverity, Tier, Urgency } from '../../kernel/severity.ts'
import type { AlertStatus } from './alerts.contract.ts'
import type { Ending, Episode, Hold, Signal } from './core/index.ts'

export interface AlertRow {
  readonly id: string
  readonly number: number
  readonly source: string
  readonly key: string
  readonly status: AlertStatus
  readonly severity: AlertSeverity
  readonly worst: AlertSeverity
  readonly urgency: Urgency
  readonly service: string | null
  readonly team: string | null
  readonly tier: Tier | null
  readonly title: string
  readonly signal: Signal
  readonly startedAt: Instant
  readonly openedAt: Instant
  readonly lastSeenAt: Instant
  readonly leaseUntil: Instant | null
  readonly leaseGiven: boolean | null
  readonly count: number
  readonly answeredBy: string | null
  readonly answeredAt: Instant | null
  readonly snoozedUntil: Instant | null
  readonly acknowledgedAt: Instant | null
  readonly endedAt: Instant | null
  readonly ended: Ending | null
  readonly incidentId: string | null
  readonly silencedBy: string | null
  /** The alert whose page it joined; null when it has a page of its own, or none. */
  readonly pagedWith: string | null
  readonly pagedWithNumber: number | null
  /** Why the routing file keeps it from people; null when it does not. */
  readonly heldBecause: Hold | null
  /** Whether it was worth it, as people say; null while nobody has said. */
  readonly useful: boolean | null
  /** It kept beginning and ending when it began. */
  readonly flapping: boolean
  readonly version: number
}

export interface NewAlert {
  readonly id: string
  readonly episode: Episode
  readonly urgency: Urgency
  readonly service: string | null
  readonly team: string | null
  readonly tier: Tier | null
  readonly silencedBy: string | null
  readonly heldBecause: Hold | null
}

/** What the database gave it. */
interface Given {
  readonly id: string
  readonly number: number
  readonly openedAt: Instant
}

// One literal: put together from parts a row costs a hundred times as much, and a storm makes thousands.
export function newRow(alert: NewAlert, { id, number, openedAt }: Given): AlertRow {
  const { episode, urgency, service, team, tier, silencedBy, heldBecause } = alert
  const { signal, startedAt, lastSeenAt, worst, lease } = episode
  return {
    id,
    number,
    source: signal.source,
    key: signal.key,
    status: 'firing',
    severity: signal.severity,
    worst,
    urgency,
    service,
    team,
    tier,
    title: signal.summary,
    signal,
    startedAt,
    openedAt,
    lastSeenAt,
    leaseUntil: lease?.until ?? null,
    leaseGiven: lease?.given ?? null,
    count: 1,
    answeredBy: null,
    answeredAt: null,
    snoozedUntil: null,
    acknowledgedAt: null,
    endedAt: null,
    ended: null,
    incidentId: null,
    silencedBy,
    pagedWith: null,
    pagedWithNumber: null,
    heldBecause,
    useful: null,
    flapping: false,
    version: 1,
  }
}
