// The rows of the product's tables that decide who is told. Columns that only describe are left out.
import type { Instant } from '../../../src/kernel/instant.ts'
import type { AlertSeverity, Tier, Urgency } from '../../../src/kernel/severity.ts'
import type { Episode, PageGroup, Silence } from '../../../src/modules/alerts/core/index.ts'
import type {
  Contact,
  ContactKind,
  Delivery,
  PersonalRules,
  PlannedDelivery,
} from '../../../src/modules/notifications/core/index.ts'
import type { Escalation, EscalationPolicy, Schedule } from '../../../src/modules/oncall/core/index.ts'

export type AlertStatus = 'firing' | 'acknowledged' | 'snoozed' | 'resolved'

export interface AlertRow {
  readonly id: string
  readonly number: number
  readonly key: string
  readonly source: string
  readonly status: AlertStatus
  readonly worst: AlertSeverity
  readonly urgency: Urgency
  readonly service: string | null
  readonly team: string | null
  readonly tier: Tier | null
  readonly episode: Episode
  readonly silencedBy: string | null
  readonly answeredBy: string | null
  readonly answeredAt: Instant | null
  readonly snoozedUntil: Instant | null
  readonly pagedWith: string | null
  readonly pagedWithNumber: number | null
  readonly openedAt: Instant
}

export type GroupRow = Omit<PageGroup, 'standing'>

/** An alert that was taken in and whose people are still to be told of its beginning or its end. */
export interface TellingRow {
  readonly alertId: string
  readonly task: 'tell' | 'end'
  readonly rank: number
  readonly dueAt: Instant
}

export interface SilenceRow {
  readonly silence: Silence
}

export interface EscalationRow {
  readonly id: string
  readonly alertId: string
  readonly service: string | null
  readonly severity: AlertSeverity
  readonly state: Escalation
  readonly openedAt: Instant
}

export interface PageRow {
  readonly id: string
  readonly escalationId: string
  readonly alertId: string
  readonly step: number
  readonly person: string
  readonly at: Instant
}

export interface NoticeRow {
  readonly pageId: string
  readonly alertId: string
  readonly person: string
  readonly severity: AlertSeverity
  readonly bundleId: string | null
  readonly stopped: string | null
  readonly createdAt: Instant
}

export interface BundleRow {
  readonly id: string
  readonly person: string
  readonly urgency: Urgency
  readonly dueAt: Instant
  readonly closed: boolean
}

export type Purpose = 'page' | 'bundle' | 'ended'

export interface DeliveryRow {
  readonly key: string
  readonly purpose: Purpose
  readonly pageId: string
  readonly alertId: string | null
  readonly step: number
  readonly order: number
  readonly person: string
  readonly contact: string
  readonly kind: ContactKind
  readonly urgency: Urgency
  readonly severity: AlertSeverity
  readonly plan: readonly PlannedDelivery[]
  readonly delivery: Delivery
  /** The attempt of which the first byte may have left; 0 when there is none. */
  readonly written: number
  /** The attempt that its provider is known to have taken, noted by itself; 0 when there is none. */
  readonly taken: number
  readonly seen: boolean
  readonly createdAt: Instant
}

/** What an attempt came to. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly receipt: string | null }
  | { readonly kind: 'refused'; readonly because: string; readonly retryAfterMs?: number }
  | { readonly kind: 'rejected'; readonly because: string; readonly gone?: boolean }
  | { readonly kind: 'lost'; readonly because: string }
  /** Our own side failed before a byte left. */
  | { readonly kind: 'unsent'; readonly because: string }

export type WorkKind =
  | 'escalate'
  | 'page-unheard'
  | 'audit-escalations'
  | 'deliver'
  | 'deliver-notice'
  | 'check-seen'
  | 'audit-deliveries'
  | 'regroup'
  | 'tell'
  | 'sweep'
  | 'seal'
  | 'note-resumed'
  | 'remember-missed'

export interface WorkRow {
  readonly id: number
  readonly kind: WorkKind
  readonly key: string | null
  readonly lane: number
  readonly subject: string
  readonly dueAt: Instant
  readonly claim: string | null
  readonly claimedBy: string | null
  readonly claimedUntil: Instant | null
  readonly attempts: number
  readonly setAside: boolean
}

export interface JournalRow {
  readonly id: number
  readonly type: string
  readonly subject: string
  readonly at: Instant
}

/** Documents and settings: what people edit. */
export interface ServiceRow {
  readonly name: string
  readonly team: string
  readonly tier: Tier
  readonly policy: string | null
}

export interface PersonRow {
  readonly name: string
  readonly contacts: readonly Contact[]
  readonly rules: PersonalRules
}

export interface PolicyRow {
  readonly policy: EscalationPolicy
}

export interface TeamRow {
  readonly name: string
  readonly people: readonly string[]
}

export interface ScheduleRow {
  readonly schedule: Schedule
}
